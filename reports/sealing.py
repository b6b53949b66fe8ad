"""Seals a run: first its results, then, with the documents printed, everything in one bundle.

The results' digest stands at the foot of every page; the bundle is complete by itself. The key that
signs here says "executed" and nothing more: review and approval are a person's.
Source: URS-EVD-001, URS-EVD-006.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from string import Template

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.model.requirements import Protocol
from contracts.record.digests import file_digest, sha256
from contracts.record.folder import ABORTED, RunFolder
from reports import inventory as names
from reports.completeness import protocol_shortcomings, shortcomings
from reports.consistency import contradictions, read_trace
from reports.dsse import key_id, public_pem, sign
from reports.inventory import digests, is_result, take_inventory
from reports.statements import (
    QUALIFICATION_RUN,
    TEST_RESULT_TYPE,
    Statement,
    peer_predicate,
    run_predicate,
)
from reports.template_text import template_text
from reports.trace import Trace
from reports.workbook import workbook_shortcomings


class SealRefused(ValueError):
    """A run that contradicts itself or is incomplete; the message names each file."""


def seal_results(folder: Path, key: Ed25519PrivateKey) -> str:
    """Sign what the run recorded; the digest of ``results.dsse.json`` comes back.

    ``test-result.dsse.json`` says the same to peers. Sealing again writes the same bytes.
    Raises: SealRefused where the run contradicts itself, OSError, ValueError for a bad record.
    """
    trace = _checked(folder, key)
    subjects = _result_subjects(folder)
    results = _results_seal(trace, subjects, key)
    peers = Statement(subjects, TEST_RESULT_TYPE, peer_predicate(trace, subjects))
    run = RunFolder(folder)
    run.write(names.TEST_RESULT, sign(peers.payload(), key))
    run.write(names.RESULTS, results)
    return sha256(results)


def seal_bundle(
    folder: Path, key: Ed25519PrivateKey, read_back: Mapping[str, str] | None = None
) -> Path:
    """Make ``bundle/`` from the run folder, with everything that a stranger needs to verify it.

    ``read_back`` names documents that were held against the results when they were printed, and
    these results, each with its SHA-256. What is not among them or no longer the same is read
    again here.
    Raises: SealRefused where results or documents are missing or older than the records, OSError.
    """
    trace = _checked(folder, key)
    _refuse(_not_current(folder, trace, key, read_back or {}))
    RunFolder(folder).write(names.SIGNER, public_pem(key.public_key()))
    partial = folder / f".{names.BUNDLE}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    _fill(partial, folder, trace, key)
    bundle = folder / names.BUNDLE
    if bundle.exists():
        shutil.rmtree(bundle)
    partial.rename(bundle)
    _sync(folder)
    return bundle


def withdraw(folder: Path) -> None:
    """Take back everything that was printed and sealed: a run without an end has no document.

    What cannot be removed stays beside the mark ABORTED; nothing is raised.
    """
    for name in (*names.DOCUMENTS, names.RESULTS, names.TEST_RESULT, names.SIGNER):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)
    for bundle in (names.BUNDLE, f".{names.BUNDLE}.partial"):
        shutil.rmtree(folder / bundle, ignore_errors=True)


def _checked(folder: Path, key: Ed25519PrivateKey) -> Trace:
    trace = read_trace(folder)
    _refuse(str(item) for item in contradictions(trace, folder, key_id(key.public_key())))
    return trace


def _refuse(problems: Iterable[str]) -> None:
    found = list(problems)
    if found:
        raise SealRefused("; ".join(found))


def _result_subjects(folder: Path) -> dict[str, str]:
    files_of_run = {n: p for n, p in _inventory(folder).items() if is_result(n)}
    return digests(files_of_run)


def _inventory(folder: Path) -> dict[str, Path]:
    without = (names.BUNDLE, f".{names.BUNDLE}.partial", ABORTED)
    found = take_inventory(folder, without)
    # A step that never ran leaves its folder empty; that is no file and nothing to seal.
    empty = {name for name in ("records", "wire") if (folder / name).is_dir()}
    _refuse(str(item) for item in found.findings if item.file not in empty)
    return found.files


def _results_seal(trace: Trace, subjects: Mapping[str, str], key: Ed25519PrivateKey) -> bytes:
    return sign(Statement(subjects, QUALIFICATION_RUN, run_predicate(trace)).payload(), key)


def _not_current(
    folder: Path, trace: Trace, key: Ed25519PrivateKey, read_back: Mapping[str, str]
) -> list[str]:
    present = _inventory(folder)
    missing = [
        f"{name} is missing"
        for name in (names.RESULTS, names.TEST_RESULT, *names.PROTOCOLS.values(),
                     *names.DOCUMENTS)
        if name not in present
    ]
    if missing:
        return missing
    fresh = _results_seal(trace, _result_subjects(folder), key)
    if (folder / names.RESULTS).read_bytes() != fresh:
        return [f"{names.RESULTS} does not fit the records or the key; seal the results again"]
    known = read_back if read_back.get(names.RESULTS) == sha256(fresh) else {}
    unread = [
        name for name in (*names.PDFS, *names.PROTOCOLS.values())
        if name not in known or known[name] != file_digest(present[name])
    ]
    return [
        f"{name} {problem}; print it again"
        for name in names.PDFS if name in unread
        for problem in shortcomings(present[name].read_bytes(), name, trace, fresh)
    ] + [
        f"{name} {problem}; print it again"
        for protocol, name in names.PROTOCOLS.items() if name in unread
        for problem in _protocol(present[name], protocol, trace)
    ] + [
        f"{names.WORKBOOK} {problem}; print it again"
        for problem in workbook_shortcomings(present[names.WORKBOOK].read_bytes(), trace, fresh)
    ] + [
        f"{name} was printed from other results; print it again"
        for name in (f"{names.MATRIX}.html", "junit.xml")
        if sha256(fresh).encode() not in present[name].read_bytes()
    ]


def _protocol(path: Path, protocol: Protocol, trace: Trace) -> tuple[str, ...]:
    record = trace.record
    return protocol_shortcomings(
        path.read_bytes(), protocol, record.plan, record.header.plan_sha256
    )


def _fill(bundle: Path, folder: Path, trace: Trace, key: Ed25519PrivateKey) -> None:
    target = RunFolder(bundle)
    for name, path in _inventory(folder).items():
        target.write(name, path.read_bytes())
    target.write(names.VERIFIER, template_text(names.VERIFIER).encode())
    target.write(names.README, _readme(trace, key).encode())
    sums = digests(take_inventory(bundle).files)
    target.write(names.SUMS, "".join(f"{sums[n]}  {n}\n" for n in sorted(sums)).encode())
    subjects = digests(take_inventory(bundle).files)
    predicate = run_predicate(trace, results_sha256=file_digest(bundle / names.RESULTS))
    statement = Statement(subjects, QUALIFICATION_RUN, predicate)
    target.write(names.BUNDLE_SEAL, sign(statement.payload(), key))


def _readme(trace: Trace, key: Ed25519PrivateKey) -> str:
    header = trace.record.header
    return Template(template_text(names.README)).substitute(
        run_id=header.run_id, number=header.number, key_id=key_id(key.public_key())
    )


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
