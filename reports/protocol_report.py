"""The report of one protocol: which sections it has, in which order, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from contracts.model.inspection_state import EXPORTS
from contracts.model.requirements import Protocol
from contracts.model.verdicts import State
from contracts.record.runs import Kind
from reports.cover import not_executed, protocol_cover
from reports.coverage import coverage
from reports.edition import Edition
from reports.plots import plots
from reports.sections import (
    Told,
    check_table,
    evidence,
    flattened,
    requirement_parts,
    script_lines,
    unclaimed_scenarios,
)
from reports.timeline import timeline
from reports.trace import OPEN, ProtocolTrace, in_states, planned_faults
from reports.wording import (
    NAMES,
    SIMULATION,
    TITLES,
    VERDICT_RULE,
    challenged_what,
    purpose,
    repeatable,
)

Entry = tuple[int, str, str, str]
"""Level, anchor, number or id, and text of a line in the table of contents."""

_TABLES = {
    Kind.INSTALLATION: "Installation checks",
    Kind.INVARIANT: "Invariants",
    Kind.FAULT: "Faults",
    Kind.CONTRACT: "Contract checks",
    Kind.CHALLENGE: "Challenge of the method",
}
_ABOUT = {
    Kind.INSTALLATION: "Each check looks at what is installed: the systems as they run, their "
                       "files and settings, or, where it says so, a copy of the reference "
                       "started as for production. The actual result is what it found.",
    Kind.INVARIANT: "An invariant is judged over the whole shift from the history, what the "
                    "systems show of themselves, and what physically happened.",
    Kind.FAULT: "A fault counts when it was fired and when a system noticed it. A fault that was "
                "planned and not felt makes its cell void, so its state is inconclusive.",
    Kind.CONTRACT: "Each operation is called with generated messages, valid and invalid ones. "
                   "Accepted and refused count the cases; findings are answers that the published "
                   "contract does not allow.",
    Kind.CHALLENGE: "A check that cannot fail proves nothing. Each row is the reference with one "
                    "defect built in on purpose, in a process of its own, and the check that "
                    "caught it. The checks knew only the name of the system.",
}


@dataclass(frozen=True)
class Section:
    """A numbered section: its template, and what the template needs."""

    number: int
    anchor: str
    title: str
    template: str
    data: dict[str, object] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()


def protocol_report(edition: Edition, protocol: Protocol) -> str:
    """The HTML of the report of one planned protocol. Raises: KeyError when there is none."""
    part = edition.trace.protocol(protocol)
    drafts = list(_drafts(edition, part))
    sections = tuple(
        Section(number, anchor, title, template, data, entries)
        for number, (anchor, title, template, data, entries) in enumerate(drafts, 1)
    )
    numbers = {section.anchor: section.number for section in sections}
    return edition.page(
        "report.html", TITLES[protocol],
        part=part, cover=protocol_cover(edition, part), sections=sections,
        contents=_contents(sections), open_section=numbers["open"],
        outside_section=numbers["outside"],
    )


def about(edition: Edition, kind: Kind) -> str:
    """What a reader has to know of a table of checks before it is read."""
    if kind is not Kind.CHALLENGE:
        return _ABOUT[kind]
    return f"{_ABOUT[kind]}{challenged_what(edition.header.environment)}"


def _contents(sections: tuple[Section, ...]) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    for section in sections:
        entries.append((1, section.anchor, str(section.number), section.title))
        entries += section.entries
    return tuple(entries)


_Draft = tuple[str, str, str, dict[str, object], tuple[Entry, ...]]


def _drafts(edition: Edition, part: ProtocolTrace) -> Iterator[_Draft]:
    yield "purpose", "Purpose and scope", "purpose.html", _purpose(edition, part), ()
    if part.protocol is Protocol.PQ:
        yield "shift", "The plant’s day, simulated", "shift.html", _shift(edition), ()
    if part.protocol is Protocol.IQ:
        yield "environment", "Environment", "environment.html", {}, ()
    yield from _requirements(edition, part)
    for kind, title in _TABLES.items():
        table = check_table(part, kind)
        if table.checks:
            yield kind.name.lower(), title, "checks.html", {
                "table": table, "about": about(edition, kind)
            }, ()
        if kind is Kind.FAULT:
            yield from _coverage(edition, part)
    yield from _closing(edition, part)


def _coverage(edition: Edition, part: ProtocolTrace) -> Iterator[_Draft]:
    planned = edition.trace.record.plan.protocol(part.protocol)
    grid = coverage(part.checks, planned.feasible)
    if grid:
        yield "coverage", "Coverage of faults by message", "coverage.html", {"coverage": grid}, ()


def _requirements(edition: Edition, part: ProtocolTrace) -> Iterator[_Draft]:
    requirements = requirement_parts(edition, part)
    unclaimed = unclaimed_scenarios(edition, part)
    if requirements:
        yield "requirements", "Requirements at a glance", "glance.html", {
            "requirements": requirements
        }, ()
    told = tuple(item for item in requirements if item.printed)
    if told or unclaimed:
        entries = tuple((2, item.anchor, item.trace.id, item.trace.requirement.title)
                        for item in told)
        yield "scenarios", "Requirements and their scenarios", "scenarios.html", {
            "requirements": told, "unclaimed": unclaimed, "evidence": evidence,
            "script": partial(script_lines, told=Told()), "state": tuple(EXPORTS.values()),
        }, entries


def _closing(edition: Edition, part: ProtocolTrace) -> Iterator[_Draft]:
    lines = in_states(part.checks, *OPEN, State.DEVIATION)
    yield "open", "What is open", "open.html", {"checks": lines}, ()
    yield "outside", "What was not tested", "outside.html", {
        "outside": part.outside,
        "not_applicable": in_states(part.checks, State.NOT_APPLICABLE),
    }, ()
    if part.protocol is Protocol.IQ:
        configuration = tuple(flattened(edition.trace.record.configuration))
        yield "configuration", "Configuration baseline", "configuration.html", {
            "configuration": configuration
        }, ()
        yield "digests", "Sealed records", "digests.html", {}, ()
    else:
        yield "environment", "Environment", "environment.html", {}, ()


def _purpose(edition: Edition, part: ProtocolTrace) -> dict[str, object]:
    kinds = {kind: len(part.of_kind(kind)) for kind in Kind}
    return {
        "name": NAMES[part.protocol],
        "purpose": purpose(part.protocol, part.planned, planned_faults(part.planned)),
        "scope": tuple((kind.value, count) for kind, count in kinds.items() if count),
        "rule": VERDICT_RULE,
        "simulation": SIMULATION if part.protocol is Protocol.PQ else "",
        "not_executed": "" if part.executed else not_executed(edition, part.protocol),
    }


def _shift(edition: Edition) -> dict[str, object]:
    return {
        "drawing": timeline(edition.history, edition.trace.record.configuration),
        "repeatable": repeatable(edition.header.environment),
        "plots": plots(edition.history, edition.trace.record.configuration),
    }
