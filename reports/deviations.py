"""Approved deviations of a run: signed by a person, and only for the plan and target they name.

Each lies in the run folder as ``deviations/NUMBER.dsse.json`` beside the public key of the person.
Whoever verifies the bundle decides whether that key is the person's.
Source: EU GMP Annex 15 2.9; 21 CFR 11.70 (a signature cannot be moved to another record).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.model.verdicts import State
from contracts.record.deviations import EXCUSABLE, Deviation
from contracts.record.runs import Plan, RunRecord
from reports.dsse import key_id, read_public_key
from reports.findings import Finding
from reports.inventory import DEVIATIONS
from reports.signed_papers import Paper

DEVIATION_TYPE = "https://gxproof.example/deviation/v1"
_SEAL, _KEY = ".dsse.json", ".pub"


class DeviationRefused(ValueError):
    """A deviation that stands for nothing in this run; one sentence."""


_DEVIATION = Paper(
    DEVIATION_TYPE, Deviation, lambda deviation: {"plan.json": deviation.plan_sha256},
    DeviationRefused, "it is not a deviation", "it is signed over another plan than it names",
)


@dataclass(frozen=True)
class Approved:
    """A deviation whose signature fits, and the key that made it."""

    deviation: Deviation
    key: str

    @property
    def file(self) -> str:
        """Where it lies in a run folder."""
        return f"{DEVIATIONS}/{self.deviation.number}{_SEAL}"


def sign_deviation(deviation: Deviation, key: Ed25519PrivateKey) -> bytes:
    """The envelope that a person's key makes of a deviation; its subject is the plan."""
    return _DEVIATION.sign(deviation, key)


def open_deviation(raw: bytes, key: Ed25519PublicKey) -> Approved:
    """Open an envelope. Raises: DeviationRefused."""
    return Approved(_DEVIATION.open(raw, key), key_id(key))


def read_deviations(folder: Path) -> tuple[tuple[Approved, ...], tuple[Finding, ...]]:
    """The deviations of a run folder, and what is wrong with those that are none."""
    approved, findings = [], []
    for path in sorted((folder / DEVIATIONS).glob(f"*{_SEAL}")):
        name = f"{DEVIATIONS}/{path.name}"
        try:
            key = read_public_key(path.with_name(path.name.removesuffix(_SEAL) + _KEY))
            found = open_deviation(path.read_bytes(), key)
            if found.file != name:
                raise DeviationRefused(f"it is the deviation {found.deviation.number}")
            approved.append(found)
        except (DeviationRefused, OSError, ValueError) as exc:
            findings.append(Finding(name, str(exc)))
    return tuple(approved), tuple(findings)


def misfits(item: Approved, plan: Plan, plan_sha256: str, target: str, signer: str
            ) -> Iterator[str]:
    """Why a deviation does not stand for anything in a run of this plan."""
    deviation = item.deviation
    if deviation.plan_sha256 != plan_sha256:
        yield "is for another plan"
    if deviation.target != target:
        yield f"is for the target {deviation.target}, not for {target}"
    planned = {check.id for check in plan.protocol(deviation.protocol).scope}
    for check in deviation.results:
        if check not in planned:
            yield f"names {check}, which the plan of the {deviation.protocol} does not have"
    if item.key == signer:
        yield "is signed with the key that signs the execution; a person's own key has to approve"


def deviation_findings(record: RunRecord, approved: tuple[Approved, ...]) -> Iterator[Finding]:
    """What does not fit between the deviations of a run and its results."""
    header = record.header
    for item in approved:
        fit = misfits(
            item, record.plan, header.plan_sha256, header.environment.target, header.signer
        )
        yield from (Finding(item.file, problem) for problem in fit)
        if item.deviation.at > header.started_at:
            yield Finding(item.file, "was approved after the run had begun")
    covered = Counter(
        (a.deviation.protocol, check) for a in approved for check in a.deviation.results
    )
    for (protocol, check), times in covered.items():
        if times > 1:
            yield Finding(DEVIATIONS, f"{check} of the {protocol} is covered {times} times")
    yield from _unexcused(record, approved)


def _unexcused(record: RunRecord, approved: tuple[Approved, ...]) -> Iterator[Finding]:
    states = {state.value for state in EXCUSABLE}
    for result in record.results:
        if result.state is not State.DEVIATION:
            continue
        number = result.facts.get("deviation")
        stands = any(
            a.deviation.number == number and a.deviation.covers(result.protocol, result.id)
            for a in approved
        )
        file = f"records/{result.protocol.lower()}.jsonl"
        if not stands:
            yield Finding(file, f"{result.id} is a deviation, and no approved one stands for it")
        if result.facts.get("actual_state") not in states:
            yield Finding(file, f"{result.id} does not say what it came to by itself")
