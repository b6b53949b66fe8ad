"""The matrix as a workbook, for people who filter and sort: one sheet for each side of it.

Every cell is text, marked as such, so that no spreadsheet runs what begins like a formula. The
same run gives the same bytes. What it says is read back from the file before it is written.
Source: evidence design, "documents"; URS-EVD-011.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from xml.etree import ElementTree as Xml
from zipfile import BadZipFile, ZipFile

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from contracts.record.digests import sha256
from contracts.record.runs import Kind
from reports.edition import Edition
from reports.matrix import Matrix, Row, code_of
from reports.trace import Check, Trace
from reports.typeface import printable
from reports.wording import MATRIX_TITLE, PRODUCT

_LONGEST = 32_000
"""Characters of a cell; a spreadsheet takes 32,767 and silently drops a longer one."""
_WIDEST, _NARROWEST = 60, 9
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Sheet:
    """A table of the workbook."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def matrix_workbook(edition: Edition, matrix: Matrix) -> bytes:
    """The bytes of ``traceability-matrix.xlsx``. Raises: ValueError where it says less."""
    raw = BytesIO()
    sheets = tuple(_sheets(edition, matrix))
    with xlsxwriter.Workbook(raw, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }) as book:
        created = edition.dated.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": f"{MATRIX_TITLE}, run {edition.header.number}",
                             "author": PRODUCT, "created": created})
        head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"})
        text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        text.set_quote_prefix()
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, head, text)
    content = raw.getvalue()
    problems = workbook_shortcomings(content, edition.trace, edition.results)
    if problems:
        raise ValueError(f"the workbook {'; '.join(problems)}")
    return content


def workbook_shortcomings(content: bytes, trace: Trace, results: bytes) -> tuple[str, ...]:
    """What a workbook does not show of the record; empty when it is complete."""
    try:
        sheets = read_workbook(content)
    except (BadZipFile, KeyError, ValueError, IndexError, Xml.ParseError) as exc:
        return (f"cannot be read back: {exc}",)
    return tuple(_missing(sheets, trace, results))


def read_workbook(content: bytes) -> dict[str, list[list[str]]]:
    """The text of each sheet of a workbook of ours. Raises: ValueError for a cell that is a formula
    and for anything that is no such workbook (also BadZipFile, KeyError, ParseError).
    """
    with ZipFile(BytesIO(content)) as archive:
        def part(name: str) -> Xml.Element:
            return Xml.fromstring(archive.read(name))  # noqa: S314 - sealed, and without entities

        shared = [
            "".join(node.text or "" for node in item.iter(f"{_MAIN}t"))
            for item in part("xl/sharedStrings.xml").iter(f"{_MAIN}si")
        ]
        names = [str(node.get("name")) for node in part("xl/workbook.xml").iter(f"{_MAIN}sheet")]
        return {
            name: [
                [_cell(cell, shared) for cell in row.iter(f"{_MAIN}c")]
                for row in part(f"xl/worksheets/sheet{number}.xml").iter(f"{_MAIN}row")
            ]
            for number, name in enumerate(names, 1)
        }


def _cell(cell: Xml.Element, shared: list[str]) -> str:
    if cell.find(f"{_MAIN}f") is not None or cell.get("t", "s") != "s":
        raise ValueError(f"cell {cell.get('r')} is not text")
    value = cell.findtext(f"{_MAIN}v")
    return shared[int(value)] if value is not None else ""


def _missing(
    sheets: dict[str, list[list[str]]], trace: Trace, results: bytes
) -> Iterator[str]:
    header = trace.record.header
    told = {row[0]: row[1] for row in sheets.get("run", []) if len(row) > 1}
    for name, value in (
        ("Results SHA-256", sha256(results)), ("Run number", str(header.number)),
        ("Verdict", trace.verdict.value), ("Informal", _text("; ".join(header.informal) or "no")),
    ):
        if told.get(name) != value:
            yield f"does not show {name.lower()} as the record does"
    shown = {row[0]: row[1] for row in sheets.get("requirements", []) if len(row) > 1}
    for item in trace.requirements:
        if shown.get(item.id) != item.state.value:
            yield f"does not show requirement {item.id} as {item.state.value}"
    states = {(row[0], row[1]): row[2] for row in sheets.get("checks", []) if len(row) > 2}
    for check in trace.checks:
        if states.get((check.result.protocol.value, _text(check.id))) != check.state.value:
            yield f"does not show check {check.id} as {check.state.value}"


def _sheets(edition: Edition, matrix: Matrix) -> Iterator[Sheet]:
    trace, plan = edition.trace, edition.trace.record.plan
    yield Sheet("run", ("Item", "As recorded"), tuple(_run(edition)))
    yield Sheet(
        "requirements",
        ("Requirement", "State", "Title", "Statement", "Risk", "Level", "Method", "Clauses", "See",
         "Has to succeed", "Has to be refused, or control", "Challenged", "Rules",
         "Contract elements", "Evidence"),
        tuple(_requirement(row) for row in matrix.rows),
    )
    yield Sheet(
        "checks",
        ("Protocol", "Check", "State", "Kind", "Title", "Requirements", "Has to succeed",
         "Expected", "Reason", "Started", "Seconds", "Evidence", "Evidence SHA-256"),
        tuple(_check(edition, check) for check in trace.checks),
    )
    yield Sheet(
        "rules",
        ("Rule", "Requirement", "Text", "Code", "Sentence for the operator", "Guards", "Obeyed at"),
        tuple((r.id, r.requirement, r.text, r.code, r.sentence, _lines(r.guards),
               _lines(code_of(r)) or "no code known") for r in plan.rules),
    )
    yield Sheet(
        "challenges",
        ("Challenge", "State", "Requirements", "Defect", "What it does", "Caught by", "Reason"),
        tuple((c.id, c.state.value, _lines(c.planned.requirements), c.fact("defect"),
               c.fact("story") or c.planned.title, c.fact("caught_by"), c.result.reason)
              for c in trace.checks if c.planned.kind is Kind.CHALLENGE),
    )
    yield Sheet(
        "contract elements",
        ("Operation", "Rules", "Codes", "Requirements", "Scenarios", "Contract checks"),
        tuple((o.operation, _lines(rule.id for rule in o.rules),
               _lines(dict.fromkeys(rule.code for rule in o.rules)), _lines(o.requirements),
               _states(o.scenarios), _states(o.contract)) for o in matrix.operations),
    )
    yield Sheet("gaps", ("Sort of gap", "How many", "What falls into it"), tuple(
        (gap.kind, str(len(gap.found)), _lines(gap.found)) for gap in matrix.gaps
    ))


def _run(edition: Edition) -> Iterator[tuple[str, str]]:
    header, trace = edition.header, edition.trace
    yield from (
        ("Run number", str(header.number)), ("Run id", header.run_id),
        ("Verdict", trace.verdict.value),
        *((part.protocol.value, part.verdict.value) for part in trace.protocols),
        ("Informal", "; ".join(header.informal) or "no"),
        ("Results SHA-256", edition.results_sha256), ("Plan SHA-256", header.plan_sha256),
    )


def _requirement(row: Row) -> tuple[str, ...]:
    item, requirement = row.trace, row.trace.requirement
    return (
        item.id, item.state.value, requirement.title, requirement.statement,
        requirement.risk.value, requirement.level.value, requirement.method,
        _lines(requirement.clauses), _lines(requirement.see), _states(row.accepted),
        _states(row.refused), _states(item.challenges) if item.challenged else "no",
        _lines(rule.id for rule in item.rules),
        _lines(f"{e.operation}: {', '.join(e.codes)}" for e in row.elements),
        _lines(f"{name} {digest}" for name, digest in row.evidence),
    )


def _check(edition: Edition, check: Check) -> tuple[str, ...]:
    wanted = {True: "yes", False: "no, has to be refused", None: ""}[check.planned.must_succeed]
    return (
        check.result.protocol.value, check.id, check.state.value, check.planned.kind.value,
        check.planned.title, _lines(check.planned.requirements),
        "control" if check.control else wanted, check.planned.expects, check.result.reason,
        _moment(check.result.started_at) if check.ran else "not executed",
        f"{check.seconds:.3f}" if check.ran else "", check.wire or "",
        edition.digests.get(check.wire, "missing") if check.wire else "",
    )


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _lines(items: Iterable[str]) -> str:
    return "\n".join(items)


def _states(checks: Iterable[Check]) -> str:
    return _lines(f"{check.id} {check.state.value}" for check in checks)


def _write(page: Worksheet, sheet: Sheet, head: Format, text: Format) -> None:
    for column, heading in enumerate(sheet.headings):
        page.write_string(0, column, heading, head)
        cells = (_text(row[column]) for row in sheet.rows)
        longest = max((len(line) for cell in cells for line in cell.splitlines()), default=0)
        page.set_column(column, column, max(_NARROWEST, len(heading), min(longest, _WIDEST)) + 2)
    for number, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            page.write_string(number, column, _text(cell), text)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.headings) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)


def _text(text: str) -> str:
    """A cell: control characters as their code points, cut with a note where it is too long."""
    shown = "\n".join(printable(line) for line in text.split("\n"))
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}… (cut; see the record)"
