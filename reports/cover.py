"""Page one, readable in half a minute: verdict, what was tested, what was not, what is open.

Source: evidence design, "the first page"; 21 CFR 11.50 (what an approval block has to show).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from contracts.model.requirements import Protocol
from contracts.model.verdicts import State, Verdict
from contracts.record.history import Lane
from contracts.record.runs import Outside
from reports.cover_sheet import Cover, OpenLine, fitted
from reports.edition import Edition
from reports.timeline import local_zone
from reports.trace import OPEN, Check, ProtocolTrace, in_states
from reports.wording import (
    NAMES,
    VERDICT_MEANING,
    challenged_what,
    clipped,
    counted,
    duration,
    moment,
    short_mode,
)

ALIKE = 3
"""More checks than this with the same state and reason become one line."""


def protocol_cover(edition: Edition, part: ProtocolTrace) -> Cover:
    """Page one of the report of one protocol."""
    return _cover(edition, (part,), part.verdict, protocol_sentence(edition, part))


def summary_cover(edition: Edition) -> Cover:
    """Page one of the validation summary."""
    trace = edition.trace
    return _cover(edition, trace.protocols, trace.verdict, VERDICT_MEANING[trace.verdict])


def protocol_sentence(edition: Edition, part: ProtocolTrace) -> str:
    """What the verdict of a protocol rests on, or why it was not executed."""
    happened = what_happened(edition, part)
    return f"{VERDICT_MEANING[part.verdict]} {happened}" if part.executed else happened


def what_happened(edition: Edition, part: ProtocolTrace) -> str:
    """The counts of a protocol in one sentence, or why there are none."""
    if not part.checks:
        return "The plan names no check for this protocol; an empty scope never passes."
    if not part.executed:
        return f"Not executed. {not_executed(edition, part.protocol)}"
    counts = part.counts
    told = [f"{counts[State.PASSED]} of {counted(len(part.checks), 'check')} passed"]
    told += [
        f"{count} {state.value}"
        for state, count in counts.items()
        if count and state is not State.PASSED
    ]
    return f"{', '.join(told)}."


def not_executed(edition: Edition, protocol: Protocol) -> str:
    """Why a protocol was not executed: how the one before it ended, and the recorded reason."""
    reason = edition.trace.protocol(protocol).why_not_executed
    told = f"Its checks say: {reason}." if reason else "The run recorded no reason."
    order = list(Protocol)
    for part in edition.trace.protocols:
        blocks = part.verdict in (Verdict.ERROR, Verdict.FAILED)
        if part.executed and blocks and order.index(part.protocol) < order.index(protocol):
            return f"{part.protocol} ended {part.verdict.value}. {told}"
    return told


def open_lines(checks: Iterable[Check]) -> tuple[OpenLine, ...]:
    """The open checks and standing deviations, worst first, those alike as one line."""
    grouped: dict[tuple[State, str], list[Check]] = defaultdict(list)
    for check in in_states(checks, *OPEN, State.DEVIATION):
        grouped[check.state, check.result.reason].append(check)
    lines = []
    for (state, reason), alike in grouped.items():
        told = reason or "no reason was recorded"
        if len(alike) > ALIKE:
            names = ", ".join(check.id for check in alike)
            lines.append(OpenLine(state, f"{len(alike)} checks", f"{told} ({names})"))
        else:
            lines += [OpenLine(state, check.id, told) for check in alike]
    return tuple(lines)


def _cover(
    edition: Edition, parts: tuple[ProtocolTrace, ...], verdict: Verdict, sentence: str
) -> Cover:
    checks = tuple(check for part in parts for check in part.checks)
    cover = Cover(
        verdict=verdict,
        sentence=sentence,
        verdicts=_verdicts(edition, parts) if len(parts) > 1 else (),
        counts=tuple((state, sum(part.counts[state] for part in parts)) for state in State),
        heading="What was tested" if any(part.executed for part in parts)
        else "What was to be tested",
        facts=(*_facts(edition), *_simulated(edition, parts)),
        open=open_lines(checks),
        outside=tuple(_outside(parts, checks)),
        challenged=_challenged(edition),
        informal=clipped("; ".join(edition.header.informal), 200),
    )
    return fitted(cover)


def _verdicts(
    edition: Edition, parts: Iterable[ProtocolTrace]
) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (NAMES[part.protocol], part.verdict.value, what_happened(edition, part)) for part in parts
    )


def _outside(
    parts: Iterable[ProtocolTrace], checks: Iterable[Check]
) -> Iterable[tuple[str, str]]:
    items: list[Outside] = [item for part in parts for item in part.outside]
    yield from ((item.subject, f"outside the plan: {item.reason}") for item in items)
    for check in in_states(checks, State.NOT_APPLICABLE):
        yield f"{check.id} {check.planned.title}", f"not applicable: {check.result.reason}"


def _simulated(
    edition: Edition, parts: Iterable[ProtocolTrace]
) -> Iterable[tuple[str, tuple[str, ...]]]:
    history = edition.history
    if not history or all(part.protocol is not Protocol.PQ for part in parts):
        return
    strikes = sum(event.lane is Lane.FAULT for event in history)
    place, zone_name = local_zone(edition.trace.record.configuration, history[0].at)
    begin, end = (event.at.astimezone(place) for event in (history[0], history[-1]))
    yield "Simulated", (
        f"{begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}, {zone_name}, "
        f"{counted(len(history), 'event')}, of which {counted(strikes, 'strike')} of faults",
    )


def _challenged(edition: Edition) -> str:
    trace = edition.trace
    total = len(trace.requirements)
    return (
        f"{trace.challenged} of {counted(total, 'requirement')} challenged, that is: a check of it "
        "caught a defect that was built into the reference on purpose."
        f"{challenged_what(edition.header.environment)}"
    )


def _facts(edition: Edition) -> tuple[tuple[str, tuple[str, ...]], ...]:
    header = edition.header
    environment = header.environment
    systems = tuple(
        clipped(f"{peer.role.upper()}: {peer.system}, {peer.software}, {peer.address}", 110)
        for peer in environment.systems[:3]
    )
    started = moment(header.started_at)
    if header.finished_at:
        seconds = (header.finished_at - header.started_at).total_seconds()
        when = f"{started} to {moment(header.finished_at)}, {duration(seconds)}"
    else:
        when = f"started {started}; it did not finish"
    return (
        ("Systems", systems or ("none named itself",)),
        ("Mode", (f"{short_mode(environment)}; see Environment",)),
        ("When", (when,)),
        ("Tool", (clipped(f"{environment.tool}, {environment.python}, {environment.platform}; "
                          f"seed {header.seed}", 110),)),
        ("Plan", (f"{'approved' if edition.trace.record.plan.approved else 'not approved'}; "
                  f"SHA-256 {header.plan_sha256}",)),
    )
