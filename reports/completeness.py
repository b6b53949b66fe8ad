"""Reads a printed document back and says what it fails to show of the record.

The text is taken from the finished PDF, glyph by glyph through the embedded fonts' own maps, so
that what is judged is what a reader will see. Blanks are left out of the comparison, because a
line may break anywhere. Source: URS-EVD-008.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import pikepdf

from contracts.model.requirements import Protocol
from contracts.model.verdicts import State, worst
from contracts.record.digests import sha256
from contracts.record.runs import Kind, Plan
from reports import inventory as names
from reports.coverage import coverage
from reports.matrix import requirement_gaps
from reports.sections import Told, script_lines
from reports.trace import OPEN, ProtocolTrace, Trace, in_states, serves
from reports.typeface import printable
from reports.wording import NAMES, PROTOCOL_TITLES, SUMMARY_TITLE, TITLES

_BLOCK = re.compile(r"beginbfchar(.*?)endbfchar", re.DOTALL)
_PAIR = re.compile(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>")
_BEGINNING = 60
"""So many characters of a step are looked for: a page may end within a longer one."""
_BLANKS = re.compile(r"\s+")


class DocumentIncomplete(ValueError):
    """A printed document that does not show the record; the message names what is missing."""


@dataclass(frozen=True)
class Printed:
    """A document as it was read back: text of each page without blanks, and attachments."""

    pages: tuple[str, ...]
    attachments: dict[str, bytes]

    @property
    def text(self) -> str:
        """The text of all pages."""
        return "".join(self.pages)


@lru_cache(maxsize=16)
def read_back(pdf: bytes) -> Printed:
    """Read a PDF of ours; the same bytes are read once.

    Raises: DocumentIncomplete where it is no readable PDF.
    """
    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            maps: dict[tuple[int, int], dict[int, str]] = {}
            pages = tuple(squeezed("".join(_page(page, maps))) for page in document.pages)
            attached = document.attachments
            files = {name: attached[name].get_file().read_bytes() for name in attached}
    except (pikepdf.PdfError, KeyError, ValueError, AttributeError) as exc:
        raise DocumentIncomplete(f"it cannot be read back: {exc}") from exc
    return Printed(pages, files)


def shortcomings(pdf: bytes, name: str, trace: Trace, results: bytes) -> tuple[str, ...]:
    """What the document ``name`` does not show and has to; empty when it is complete."""
    try:
        printed = read_back(pdf)
    except DocumentIncomplete as exc:
        return (str(exc),)
    return tuple(_missing(printed, name, trace, results))


def protocol_shortcomings(
    pdf: bytes, protocol: Protocol, plan: Plan, plan_sha256: str
) -> tuple[str, ...]:
    """What a protocol does not show of its plan; empty when it is complete."""
    try:
        printed = read_back(pdf)
    except DocumentIncomplete as exc:
        return (str(exc),)
    found = [
        f"page {number} does not show {what}"
        for number, page in enumerate(printed.pages, 1)
        for what, token in (("the plan digest", plan_sha256),
                            ("its number", squeezed(f"Page {number} of {len(printed.pages)}")))
        if token not in page
    ]
    told = dict(_in_protocol(protocol, plan))
    return (*found, *(f"does not show {w}" for w, t in told.items() if t not in printed.text))


def _in_protocol(protocol: Protocol, plan: Plan) -> Iterator[tuple[str, str]]:
    yield "its title", squeezed(f"{PROTOCOL_TITLES[protocol]}Protocol")
    for number, item in enumerate(plan.protocol(protocol).scope, 1):
        yield f"check {item.id}", squeezed(f"{number} {item.id} {item.title}")
        yield f"the acceptance criterion of {item.id}", squeezed(item.expects)
        for at, step in enumerate(item.steps, 1):
            told = f"{at} {step.keyword} {step.text}"
            if not (step.keyword == "Then" and step.text in item.expects):
                yield f"step {at} of {item.id}", squeezed(told)


def squeezed(text: str) -> str:
    """Text as it is compared: printable, without blanks."""
    return _BLANKS.sub("", printable(text))


def _missing(printed: Printed, name: str, trace: Trace, results: bytes) -> Iterator[str]:
    if printed.attachments.get(names.RESULTS) != results:
        yield f"does not carry the sealed {names.RESULTS}"
    for number, page in enumerate(printed.pages, 1):
        for what, token in _on_every_page(trace, results, number, len(printed.pages)):
            if token not in page:
                yield f"page {number} does not show {what}"
    text = printed.text
    for what, told in _expected(name, trace):
        if not _stands_in(text, squeezed(told)):
            yield f"does not show {what}"
    for protocol, report in names.REPORTS.items():
        if report == name:
            yield from _steps_unseen(trace, protocol, text)


def _stands_in(text: str, told: str) -> bool:
    """Whether something is told; "PASSED" begins "PASSED WITH DEVIATIONS" and is not the same."""
    at = text.find(told)
    while at >= 0 and text.startswith("WITHDEVIATIONS", at + len(told)):
        at = text.find(told, at + 1)
    return at >= 0


def _steps_unseen(trace: Trace, protocol: Protocol, text: str) -> Iterator[str]:
    """The steps of a report's scenarios whose beginning stands nowhere in it."""
    told = Told()
    for check in trace.protocol(protocol).of_kind(Kind.SCENARIO):
        for line in script_lines(check, told):
            if squeezed(line.text)[:_BEGINNING] not in text:
                yield f"does not show step “{line.text[:_BEGINNING]}” of {check.id}"


def _on_every_page(
    trace: Trace, results: bytes, number: int, pages: int
) -> Iterator[tuple[str, str]]:
    yield "the results digest", sha256(results)
    yield "its number", squeezed(f"Page {number} of {pages}")
    yield "the run number", f"Run{trace.record.header.number}"
    if trace.record.header.informal:
        yield "the word INFORMAL", "INFORMAL"


def _expected(name: str, trace: Trace) -> Iterator[tuple[str, str]]:
    if name == names.SUMMARY:
        yield from _in_summary(trace)
    elif name == names.DEVIATION_REPORT:
        yield from _in_deviations(trace)
    elif name == f"{names.MATRIX}.pdf":
        yield from _in_matrix(trace)
    else:
        protocol = next(p for p, report in names.REPORTS.items() if report == name)
        yield from _in_report(trace, protocol)


def _in_report(trace: Trace, protocol: Protocol) -> Iterator[tuple[str, str]]:
    part = trace.protocol(protocol)
    yield f"the verdict {part.verdict.value}", f"{TITLES[protocol]}{part.verdict.value}"
    for check in part.checks:
        told = f"{check.number}{check.id}{check.state.value}"
        yield f"check {check.id} as {check.state.value}", told
    for id_, state in requirement_states(trace, part).items():
        yield f"requirement {id_} as {state.value}", f"{id_}{state.value}"
    grid = coverage(part.checks, trace.record.plan.protocol(protocol).feasible)
    for cell in grid.void if grid else ():
        yield f"the void cell {cell}", cell


def _in_deviations(trace: Trace) -> Iterator[tuple[str, str]]:
    for item in trace.deviations:
        told = f"{item.number}{item.protocol}: {', '.join(item.results)}"
        yield f"deviation {item.number}", told
        for what in ("description", "impact", "disposition"):
            yield f"the {what} of {item.number}", f"{what.capitalize()}{getattr(item, what)}"
        yield f"who approved {item.number}", f"Approved by{item.approved_by}"
    for check in trace.checks:
        number = trace.draft_of(check)
        if number:
            told = f"{number}{check.result.protocol}: {check.id}{check.state.value}"
            yield f"draft {number} of {check.id}", told


def _in_matrix(trace: Trace) -> Iterator[tuple[str, str]]:
    for part in trace.protocols:
        told = f"{part.protocol}{part.verdict.value}"
        yield f"{part.protocol} as {part.verdict.value}", told
    for item in trace.requirements:
        yield f"requirement {item.id} as {item.state.value}", f"{item.id}{item.state.value}"
    for check in trace.checks:
        yield f"check {check.id} as {check.state.value}", f"{check.id}{check.state.value}"
    for gap in requirement_gaps(trace):
        yield f"the gap “{gap.kind}”", f"{gap.kind}{gap.found[0] if gap.found else 'none'}"


def _in_summary(trace: Trace) -> Iterator[tuple[str, str]]:
    yield f"the verdict {trace.verdict.value}", f"{SUMMARY_TITLE}{trace.verdict.value}"
    for part in trace.protocols:
        told = f"{NAMES[part.protocol]}{part.verdict.value}"
        yield f"{part.protocol} as {part.verdict.value}", told
    for gap in requirement_gaps(trace):
        if gap.found:
            yield f"the gap “{gap.kind}”", f"{gap.kind}{len(gap.found)}"
    for item in trace.deviations:
        yield f"deviation {item.number}", f"{item.number}{item.impact}{item.disposition}"
    for check in in_states(trace.checks, *OPEN, State.DEVIATION):
        yield f"check {check.id} as {check.state.value}", f"{check.id}{check.state.value}"


def requirement_states(trace: Trace, part: ProtocolTrace) -> dict[str, State]:
    """The state of each requirement that a protocol exercises, over its checks there."""
    held: dict[str, list[State]] = {}
    known = {item.id for item in trace.requirements}
    for check in part.checks:
        for id_ in serves(check):
            if id_ in known:
                held.setdefault(id_, []).append(check.state)
    return {id_: worst(states) for id_, states in held.items()}


def _page(page: pikepdf.Page, maps: dict[tuple[int, int], dict[int, str]]) -> Iterator[str]:
    glyphs: dict[int, str] = _Glyphs()
    for instruction in pikepdf.parse_content_stream(page, "Tf TJ Tj"):
        if not isinstance(instruction, pikepdf.ContentStreamInstruction):
            continue
        operands = instruction.operands
        if str(instruction.operator) == "Tf":
            font = page.resources["/Font"][str(operands[0])]
            if font.objgen not in maps:
                maps[font.objgen] = _characters(font)
            glyphs = maps[font.objgen]
            continue
        shown = operands[0] if str(instruction.operator) == "TJ" else operands
        for item in shown:
            if isinstance(item, pikepdf.String):
                yield _decoded(bytes(item), glyphs)


def _decoded(codes: bytes, glyphs: dict[int, str]) -> str:
    return codes.decode("utf-16-be", "surrogatepass").translate(glyphs)


class _Glyphs(dict[int, str]):
    """Which text each glyph stands for; one that stands for none shows as what it is."""

    def __missing__(self, code: int) -> str:
        return "\N{REPLACEMENT CHARACTER}"


def _characters(font: pikepdf.Object) -> dict[int, str]:
    """Which text each glyph of an embedded font stands for, from its ToUnicode map."""
    text = font.ToUnicode.read_bytes().decode("ascii")
    if "beginbfrange" in text:
        raise ValueError("a font map with ranges is not one of ours")
    return _Glyphs(
        (int(code, 16), bytes.fromhex(unicode).decode("utf-16-be"))
        for block in _BLOCK.findall(text)
        for code, unicode in _PAIR.findall(block)
    )
