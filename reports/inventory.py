"""Which files a folder holds, and whether their names mean the same on every machine.

A sealed name is a plain relative path: letters, digits, dot, dash, underscore and plus, no symlink
on the way, no two names that differ only in case, none that Windows keeps for itself.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.model.requirements import Protocol
from contracts.record.digests import file_digest
from reports.findings import Finding

BUNDLE = "bundle"
RESULTS = "results.dsse.json"
TEST_RESULT = "test-result.dsse.json"
BUNDLE_SEAL = "bundle.dsse.json"
SIGNER = "signer.pub"
SUMS = "SHA256SUMS"
VERIFIER = "verify.sh"
README = "README.txt"
REPORTS = {protocol: f"{protocol.lower()}-report.pdf" for protocol in Protocol}
PROTOCOLS = {protocol: f"{protocol.lower()}-protocol.pdf" for protocol in Protocol}
SUMMARY = "validation-summary.pdf"
MATRIX = "traceability-matrix"
RECORD = ("run.json", "plan.json", "config.json")
DEVIATIONS = "deviations"
DEVIATION_REPORT = "deviations.pdf"
WORKBOOK = f"{MATRIX}.xlsx"
JUNIT = "junit.xml"

PDFS = (*REPORTS.values(), DEVIATION_REPORT, f"{MATRIX}.pdf", SUMMARY)
"""Printed after execution; those before it are ``PROTOCOLS``."""
DOCUMENTS = (*PDFS, f"{MATRIX}.html", f"{MATRIX}.csv", WORKBOOK, JUNIT)

_LONGEST_FIRST = (Protocol.OQ, Protocol.PQ, Protocol.IQ)
_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,199}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Inventory:
    """The files of a folder by name, and what is wrong with their names or kinds."""

    files: dict[str, Path]
    findings: tuple[Finding, ...]


def take_inventory(root: Path, without: Iterable[str] = ()) -> Inventory:
    """Every regular file below ``root``; nothing is opened and no symlink is followed.

    ``without`` names entries of the root that are left out. Raises: OSError.
    """
    files: dict[str, Path] = {}
    findings: list[Finding] = []
    for name, entry in _walk(root, frozenset(without)):
        problem = _problem(name, entry)
        if problem:
            findings.append(Finding(name, problem))
        elif stat.S_ISREG(entry.lstat().st_mode):
            files[name] = entry
    findings += _case_clashes(files)
    return Inventory(dict(sorted(files.items())), tuple(findings))


def is_safe(name: str) -> bool:
    """Whether a name may be sealed: relative, plain, the same file on every system."""
    parts = name.split("/")
    return all(
        _SEGMENT.fullmatch(part) and not part.endswith(".") and not _DEVICE.fullmatch(part)
        for part in parts
    )


def names_of_documents(planned: Iterable[Protocol]) -> tuple[str, ...]:
    """The documents of a run with those protocols: those that take long first, the summary last."""
    there = set(planned)
    reports = [REPORTS[protocol] for protocol in _LONGEST_FIRST if protocol in there]
    return (
        *reports[:1], f"{MATRIX}.pdf", *reports[1:], DEVIATION_REPORT, f"{MATRIX}.html",
        f"{MATRIX}.csv", WORKBOOK, JUNIT, SUMMARY,
    )


def is_result(name: str) -> bool:
    """Whether a file belongs to the results: what the run recorded, before any document."""
    folders = ("records/", "wire/", f"{DEVIATIONS}/")
    return name in (*RECORD, "history.jsonl") or name.startswith(folders)


def digests(files: dict[str, Path]) -> dict[str, str]:
    """SHA-256 of each file. Raises: OSError."""
    return {name: file_digest(path) for name, path in files.items()}


def _walk(folder: Path, without: frozenset[str], above: str = "") -> Iterator[tuple[str, Path]]:
    with os.scandir(folder) as entries:
        found = sorted(entry.name for entry in entries if above or entry.name not in without)
    if above and not found:
        yield above.rstrip("/"), folder
    for entry in found:
        path = folder / entry
        if stat.S_ISDIR(path.lstat().st_mode):
            yield from _walk(path, without, f"{above}{entry}/")
        else:
            yield f"{above}{entry}", path


def _problem(name: str, path: Path) -> str | None:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "is a symbolic link; only plain files are evidence"
    if stat.S_ISDIR(mode):
        return "is an empty folder; a seal knows only files"
    if not stat.S_ISREG(mode):
        return "is not a plain file"
    if not is_safe(name):
        return "has a name that does not mean the same on every system"
    return None


def _case_clashes(files: Iterable[str]) -> list[Finding]:
    seen: dict[str, str] = {}
    clashes = []
    for name in sorted(files):
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            clashes.append(Finding(name, f"differs from {other} only in upper and lower case"))
    return clashes
