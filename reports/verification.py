"""Verifies a bundle, offline and strictly, and says in plain words what is wrong with which file.

A bundle is accepted only when its seal was made by the given key, its files are exactly the sealed
ones, the records give the verdicts that the run states, and the printed documents show the same.
Source: URS-EVD-002, URS-EVD-004, URS-EVD-006, URS-EVD-007, URS-EVD-008.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contracts.model.requirements import Protocol
from contracts.model.verdicts import Verdict
from reports import inventory as names
from reports.baselines import APPROVAL, read_approval
from reports.completeness import protocol_shortcomings, shortcomings
from reports.consistency import contradictions, read_trace
from reports.deviations import read_deviations
from reports.dsse import EnvelopeRefused, key_id, open_envelope, public_pem, read_public_key
from reports.findings import Finding
from reports.inventory import digests, is_result, take_inventory
from reports.statements import (
    QUALIFICATION_RUN,
    ROLE,
    TEST_RESULT_TYPE,
    Statement,
    StatementRefused,
    peer_predicate,
    read_statement,
    run_predicate,
)
from reports.trace import Trace
from reports.workbook import workbook_shortcomings

_REQUIRED = (
    *names.RECORD, names.RESULTS, names.TEST_RESULT, names.SIGNER, names.VERIFIER, names.README,
    names.SUMS, *names.PROTOCOLS.values(), *names.DOCUMENTS,
)
_INNER = {names.RESULTS: QUALIFICATION_RUN, names.TEST_RESULT: TEST_RESULT_TYPE}


@dataclass(frozen=True)
class Verification:
    """What came out. Run, verdicts and roles are given only as far as the seal vouches for them."""

    findings: tuple[Finding, ...]
    files: int = 0
    signer: str = ""
    """Key id of the key that was given."""
    run_id: str = ""
    number: int = 0
    verdicts: Mapping[Protocol, Verdict] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    informal: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """What the reader of an accepted bundle still has to judge."""

    def __str__(self) -> str:
        """One line for a person: what was verified, or that it was refused."""
        if not self.ok:
            return f"refused for {len(self.findings)} reason(s)"
        verdicts = ", ".join(f"{p} {v.value}" for p, v in self.verdicts.items())
        informal = f"; INFORMAL: {', '.join(self.informal)}" if self.informal else ""
        return (
            f"run {self.number} ({self.run_id}): {verdicts}; {self.files} files; signed "
            f"{' and '.join(self.roles)!r} by key {self.signer}{informal}"
        )

    @property
    def ok(self) -> bool:
        """Whether the bundle may be relied on; a bundle without a single file never is."""
        return not self.findings and self.files > 0


def verify_bundle(
    bundle: Path, public_key: Path, approvers: tuple[Path, ...] = ()
) -> Verification:
    """Verify the folder ``bundle`` with the key in the file ``public_key``, its deviations with the
    keys of those who may approve them. Never raises for what it finds: an unreadable file is a
    finding too.
    """
    keys = []
    for path in (public_key, *approvers):
        try:
            keys.append(read_public_key(path))
        except (OSError, ValueError) as exc:
            return Verification((Finding(str(path), _words(exc)),))
    key = keys[0]
    if not bundle.is_dir():
        return Verification((Finding(str(bundle), "is not a folder; there is no bundle here"),))
    try:
        return _verify(bundle, key, tuple(keys[1:]))
    except (OSError, ValueError) as exc:
        return Verification((Finding(str(bundle), _words(exc)),), signer=key_id(key))


def _verify(
    bundle: Path, key: Ed25519PublicKey, approvers: tuple[Ed25519PublicKey, ...]
) -> Verification:
    found = take_inventory(bundle)
    examination = _Examination(bundle, key, list(found.findings))
    seal = examination.open(names.BUNDLE_SEAL, QUALIFICATION_RUN)
    if seal is None:
        return Verification(tuple(examination.findings), signer=key_id(key))
    present = digests({n: p for n, p in found.files.items() if n != names.BUNDLE_SEAL})
    examination.findings += _file_set(seal.subjects, present)
    examination.other_statements(seal)
    trace = examination.record(seal)
    if trace is not None and not examination.findings:
        examination.documents(trace)
    remarks = examination.approvals(approvers) if trace is not None else ()
    findings = tuple(dict.fromkeys(examination.findings))
    return replace(_outcome(findings, len(found.files), key, trace), remarks=remarks)


@dataclass
class _Examination:
    """One bundle under the lamp. A file with a finding is not looked at any further."""

    bundle: Path
    key: Ed25519PublicKey
    findings: list[Finding]
    opened: dict[str, Statement] = field(default_factory=dict)

    def open(self, name: str, predicate_type: str) -> Statement | None:
        """Open a sealed statement; None, with a finding, where it is not as it has to be."""
        path = self.bundle / name
        try:
            if path.is_symlink() or not path.is_file():
                raise EnvelopeRefused("is missing or is not a plain file")
            statement = read_statement(open_envelope(path.read_bytes(), self.key))
            if statement.predicate_type != predicate_type:
                raise StatementRefused(f"its predicate type is not {predicate_type}")
        except (EnvelopeRefused, StatementRefused, OSError) as exc:
            self.findings.append(Finding(name, _words(exc)))
            return None
        self.opened[name] = statement
        return statement

    def intact(self, name: str) -> bool:
        """Whether nothing was found about a file so far."""
        return all(finding.file != name for finding in self.findings)

    def other_statements(self, seal: Statement) -> None:
        """The seals inside the bundle, and what only repeats the outer one."""
        results = {name: digest for name, digest in seal.subjects.items() if is_result(name)}
        for name, kind in _INNER.items():
            statement = self.open(name, kind) if self.intact(name) else None
            if statement is not None and dict(statement.subjects) != results:
                self.findings.append(Finding(name, "does not seal the same results as the bundle"))
        if seal.predicate.get("resultsSha256") != seal.subjects.get(names.RESULTS):
            problem = f"its results digest is not that of {names.RESULTS}"
            self.findings.append(Finding(names.BUNDLE_SEAL, problem))
        self._repeats(names.SIGNER, public_pem(self.key), "is not the key that you gave")
        self._repeats(names.SUMS, _sums(seal), "does not list the sealed files")

    def record(self, seal: Statement) -> Trace | None:
        """The record against itself and against what the statements say of it."""
        if any(is_result(finding.file) for finding in self.findings):
            return None
        try:
            trace = read_trace(self.bundle)
            self.findings += contradictions(trace, self.bundle, key_id(self.key))
        except (OSError, ValueError) as exc:
            self.findings.append(Finding("records", f"cannot be read: {_words(exc)}"))
            return None
        claims = {
            names.BUNDLE_SEAL: run_predicate(trace, seal.subjects.get(names.RESULTS)),
            names.RESULTS: run_predicate(trace),
            names.TEST_RESULT: peer_predicate(trace, seal.subjects),
        }
        for name, statement in self.opened.items():
            self.findings += _differences(name, statement.predicate, claims[name])
        return trace

    def documents(self, trace: Trace) -> None:
        """What the printed documents show, read back."""
        results = (self.bundle / names.RESULTS).read_bytes()
        for name in names.PDFS:
            pdf = (self.bundle / name).read_bytes()
            found = shortcomings(pdf, name, trace, results)
            self.findings += [Finding(name, problem) for problem in found]
        record = trace.record
        for protocol, name in names.PROTOCOLS.items():
            told = protocol_shortcomings(
                (self.bundle / name).read_bytes(), protocol, record.plan,
                record.header.plan_sha256,
            )
            self.findings += [Finding(name, problem) for problem in told]
        book = (self.bundle / names.WORKBOOK).read_bytes()
        self.findings += [
            Finding(names.WORKBOOK, problem)
            for problem in workbook_shortcomings(book, trace, results)
        ]

    def approvals(self, approvers: tuple[Ed25519PublicKey, ...]) -> tuple[str, ...]:
        """Deviations and the baseline against the keys of the people who may approve.

        Returns: remarks where no such key is given.
        """
        known = {key_id(key) for key in approvers}
        approved, _ = read_deviations(self.bundle)
        remarks = list(self._baseline(known))
        for item in approved:
            deviation = item.deviation
            if not known:
                remarks.append(
                    f"deviation {deviation.number} is signed as {deviation.approved_by} with the "
                    f"key {item.key}; name that person's key with --approver to have it checked"
                )
            elif item.key not in known:
                problem = f"is signed with the key {item.key}, which is none of the approvers'"
                self.findings.append(Finding(item.file, problem))
        return tuple(remarks)

    def _baseline(self, known: set[str]) -> Iterator[str]:
        approval, _ = read_approval(self.bundle)
        if approval is None:
            return
        change = approval.baseline.change_id
        if not known:
            yield (f"the baseline of {change} is signed as {approval.baseline.approved_by} with "
                   f"the key {approval.key}; name that person's key with --approver to have it "
                   "checked")
        elif approval.key not in known:
            problem = f"is signed with the key {approval.key}, which is none of the approvers'"
            self.findings.append(Finding(APPROVAL, problem))

    def _repeats(self, name: str, expected: bytes, problem: str) -> None:
        path = self.bundle / name
        if self.intact(name) and not (path.is_file() and path.read_bytes() == expected):
            self.findings.append(Finding(name, problem))


def _outcome(
    findings: tuple[Finding, ...], files: int, key: Ed25519PublicKey, trace: Trace | None
) -> Verification:
    if trace is None:
        return Verification(findings, files, key_id(key))
    header = trace.record.header
    return Verification(
        findings=findings,
        files=files,
        signer=key_id(key),
        run_id=header.run_id,
        number=header.number,
        verdicts={part.protocol: part.verdict for part in trace.protocols},
        roles=() if findings else (ROLE,),
        informal=header.informal,
    )


def _file_set(sealed: Mapping[str, str], present: Mapping[str, str]) -> Iterator[Finding]:
    for name in _REQUIRED:
        if name not in sealed:
            yield Finding(names.BUNDLE_SEAL, f"does not seal {name}, which belongs to every bundle")
    at = {digest: name for name, digest in sealed.items()}
    for name, digest in sealed.items():
        if name not in present:
            yield Finding(name, "is sealed and missing")
        elif present[name] != digest:
            source = at.get(present[name])
            known = f"; its content is that of {source}" if source else ""
            yield Finding(name, f"was changed after sealing{known}")
    for name, digest in present.items():
        if name not in sealed:
            source = at.get(digest)
            known = f"; its content is that of {source}" if source else ""
            yield Finding(name, f"was added after sealing{known}")


def _sums(seal: Statement) -> bytes:
    listed = [f"{d}  {n}\n" for n, d in sorted(seal.subjects.items()) if n != names.SUMS]
    return "".join(listed).encode()


def _differences(
    name: str, stated: Mapping[str, object], expected: Mapping[str, object]
) -> Iterator[Finding]:
    for member in sorted({*stated, *expected}):
        if stated.get(member) != expected.get(member):
            yield Finding(name, f"says another {member} than the records do")


def _words(exc: Exception) -> str:
    if isinstance(exc, FileNotFoundError):
        return "does not exist"
    if isinstance(exc, OSError):
        return f"cannot be read: {exc.strerror}"
    return " ".join(str(exc).split())[:400]
