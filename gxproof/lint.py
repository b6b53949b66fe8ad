"""The command ``lint``: foreign messages in files, each judged by what it is.

What a file is follows from its content, never from its name; only ``.jsonl`` means one document
per line. A file that nobody recognises is an error, not a pass.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich.console import Console

from contracts.formats.b2mml_checks import check_b2mml, is_b2mml
from contracts.formats.epcis_lint import lint_epcis
from contracts.formats.findings import Finding, Severity
from contracts.formats.gs1_checks import check_element_string
from contracts.formats.message_checks import check_golden, check_message, is_golden, is_message
from contracts.formats.separator_checks import MasterData, check_separators, unjudged_separators
from contracts.formats.separator_data import MasterDataUnusable, read_master_data
from contracts.model.verdicts import Exit
from gxproof.recognising import described, is_element_strings, is_epcis

BYTES_MAX = 32 * 1024 * 1024
_FIRST = '{\n  "gxproofLint": 1'
Documents = Mapping[str, bytes]
Findings = dict[str, list[Finding]]


class FileUnusable(ValueError):
    """A file that cannot be opened, or none at all: the call is wrong, not the message."""


@dataclass(frozen=True)
class Dialect:
    """One kind of document: how to recognise it, and who judges all documents of it together."""

    name: str
    recognises: Callable[[bytes], bool]
    judge: Callable[[Documents], Findings]


def one_by_one(check: Callable[[bytes], list[Finding]]) -> Callable[[Documents], Findings]:
    """A judge for documents that say nothing about each other."""
    return lambda documents: {name: check(data) for name, data in documents.items()}


def line_by_line(check: Callable[[str], list[Finding]]) -> Callable[[bytes], list[Finding]]:
    """A check of a text of which every line that is not empty is judged; the place has the line."""

    def check_lines(data: bytes) -> list[Finding]:
        # Not splitlines(): the separator of a scan (GS, 0x1D) would end a line there.
        lines = data.removeprefix(BOM_UTF8).decode("utf-8", "replace").split("\n")
        return [
            replace(finding, place=f"line {number}, {finding.place}")
            for number, line in enumerate(lines, 1)
            if line.rstrip("\r")
            for finding in check(line.rstrip("\r"))
        ]

    return check_lines


# The first that recognises a document judges it: what is named outermost stands first.
DIALECTS: tuple[Dialect, ...] = (
    Dialect("golden message of the contract", is_golden, one_by_one(check_golden)),
    Dialect("message of the contract", is_message, one_by_one(check_message)),
    Dialect("B2MML", is_b2mml, check_b2mml),
    Dialect("EPCIS", is_epcis, one_by_one(lint_epcis)),
    Dialect(
        "GS1 element strings", is_element_strings, one_by_one(line_by_line(check_element_string))
    ),
)


@dataclass(frozen=True)
class Judged:
    """One file or line: what it is (nothing, where nobody knows), and what was found."""

    name: str
    dialect: str | None
    findings: tuple[Finding, ...]


def lint(files: Iterable[Path], dialects: tuple[Dialect, ...] = DIALECTS) -> list[Judged]:
    """Judge files, in the order given; documents of one dialect are judged together.

    Raises: FileUnusable for a file that cannot be read, or no file at all.
    """
    documents: dict[str, bytes] = {}
    for path in files:
        documents |= _documents(path)
    if not documents:
        raise FileUnusable("there is nothing to judge: name files that hold messages")
    kinds = {name: _dialect(data, dialects) for name, data in documents.items()}
    findings: Findings = {
        name: [_not_recognised(data, dialects)] for name, data in documents.items()
    }
    for dialect in dialects:
        own = {name: data for name, data in documents.items() if kinds[name] is dialect}
        if own:
            findings |= dialect.judge(own)
    return [
        Judged(name, kind.name if kind else None, tuple(findings[name]))
        for name, kind in kinds.items()
    ]


def dialects_with(master_data: Path) -> tuple[Dialect, ...]:
    """The dialects, where the element strings are held against what a site knows as well.

    Raises: FileUnusable for a file that cannot be read, or is no master data.
    """
    data = _bytes_of(master_data)
    if len(data) > BYTES_MAX:
        raise FileUnusable(f"{master_data} has more than {BYTES_MAX} bytes")
    try:
        known = read_master_data(data)
    except MasterDataUnusable as exc:
        raise FileUnusable(_printable(f"{master_data} is no master data: {exc}")) from exc
    return tuple(
        replace(one, judge=one_by_one(line_by_line(_knowing(known))))
        if one.recognises is is_element_strings else one
        for one in DIALECTS
    )


def _knowing(known: MasterData) -> Callable[[str], list[Finding]]:
    """A check of an element string by all rules, and against what a site knows."""
    return lambda text: [
        *check_element_string(text), *check_separators(text, known),
        *unjudged_separators(text, known),
    ]


def show(judged: list[Judged], console: Console) -> Exit:
    """Print every finding, errors of a file first, and what came of it all."""
    counts: Counter[Severity] = Counter()
    for item in judged:
        for finding in sorted(item.findings, key=_errors_first):
            counts[finding.severity] += 1
            for line in (
                f"{item.name}: {finding.severity}: {finding.rule}",
                f"    at     {finding.place}",
                f"    found  {finding.what}",
                f"    breaks {finding.breaks}",
            ):
                console.print(_printable(line), markup=False)
    console.print(_summary(judged, counts), markup=False)
    return Exit.FAILED if counts[Severity.ERROR] else Exit.PASSED


def write_json(judged: list[Judged], path: Path) -> None:
    """Write the findings to ``path``, in place of older ones, but of nothing else.

    ``lint --json *.xml`` names a message as the file to write: it must not be lost.
    Raises: FileUnusable where another file stands there; OSError.
    """
    before = path.read_bytes() if path.is_file() else b""
    if before and not before.startswith(_FIRST.encode()):
        raise FileUnusable(f"{path} holds something else than findings and is not overwritten")
    path.write_text(as_json(judged), encoding="utf-8")


def as_json(judged: list[Judged]) -> str:
    """The findings for a machine: one object per document with its dialect and its findings.

    The members and their meaning are those of ``gxproof/README.md``.
    """
    files = [
        {
            "file": item.name,
            "dialect": item.dialect,
            "findings": [asdict(finding) for finding in item.findings],
        }
        for item in judged
    ]
    severities = Counter(f.severity for item in judged for f in item.findings)
    return json.dumps(
        {
            "gxproofLint": 1,
            "errors": severities[Severity.ERROR],
            "notices": severities[Severity.NOTICE],
            "files": files,
        },
        indent=2,
    ) + "\n"


def _documents(path: Path) -> dict[str, bytes]:
    """The documents of one file by name; a ``.jsonl`` file has one per line."""
    data = _bytes_of(path)
    if path.suffix != ".jsonl":
        return {str(path): data}
    return {
        f"{path}:{number}": line
        for number, line in enumerate(data.splitlines(), 1)
        if line.strip()
    }


def _bytes_of(path: Path) -> bytes:
    """What a file holds, cut behind the first byte that is too many."""
    try:
        if path.is_dir():
            raise FileUnusable(f"{path} is a folder; name files")
        with path.open("rb") as file:
            return file.read(BYTES_MAX + 1)
    except (OSError, ValueError) as exc:
        if isinstance(exc, FileUnusable):
            raise
        reason = exc.strerror if isinstance(exc, OSError) else None
        raise FileUnusable(f"{path} cannot be read: {reason or exc}") from exc


def _dialect(data: bytes, dialects: tuple[Dialect, ...]) -> Dialect | None:
    if len(data) > BYTES_MAX:
        return None
    return next((dialect for dialect in dialects if dialect.recognises(data)), None)


def _not_recognised(data: bytes, dialects: tuple[Dialect, ...]) -> Finding:
    what = f"more than {BYTES_MAX} bytes" if len(data) > BYTES_MAX else described(data)
    return Finding(
        "/", "not-recognised", Severity.ERROR, what,
        f"nobody can say whether it is right: it is none of {', '.join(d.name for d in dialects)}",
    )


def _printable(text: str) -> str:
    """Text of a stranger on a terminal: what is no visible character is shown by its code."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _errors_first(finding: Finding) -> bool:
    return finding.severity is not Severity.ERROR


def _summary(judged: list[Judged], counts: Mapping[Severity, int]) -> str:
    """One line: how many documents of which kind, and what was found in how many of them."""
    kinds = Counter(item.dialect or "not recognised" for item in judged)
    wrong = sum(any(f.severity is Severity.ERROR for f in item.findings) for item in judged)
    within = f" in {wrong} of them" if wrong and len(judged) > 1 else ""
    return (
        f"{_counted(len(judged), 'document')} "
        f"({', '.join(f'{kind}: {count}' for kind, count in kinds.items())}); "
        f"{_counted(counts[Severity.ERROR], 'error')}{within}, "
        f"{_counted(counts[Severity.NOTICE], 'notice')}"
    )


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
