"""Outage and load: decisions about lots go on, and the warehouse hears of each once, in order."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import CommandAnswer, CommandStatus
from contracts.model.commands import ChangeLotStatus
from contracts.model.identifiers import Id, LotNumber
from contracts.model.inspection import Audit, AuditAction, Journal, Outbox
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.roles import Role
from contracts.model.stimulus import Load, Lot
from contracts.record.strict_json import read_json
from features.bench import ITEM, Bench
from features.claims import equal, holds
from features.steps.delivery import lead_to
from simulator.bad_line import Line
from simulator.evidence import BEYOND
from simulator.kpis.figures import nearest_rank
from simulator.stub import Stub

_TYPE = "lot-status-changed"
_LIMIT_S = 2.0
_ROUNDS_MAX = 400


@dataclass
class Traffic:
    """What was decided, in order, and where journal and audit trail of the warehouse stood.

    A decision is its lot with its number among those about the lot.
    """

    lots: list[str] = field(default_factory=list)
    decided: list[tuple[str, int]] = field(default_factory=list)
    status: dict[str, LotStatus] = field(default_factory=dict)
    answers: list[CommandStatus] = field(default_factory=list)
    journal_from: int = 0
    audit_from: int = 0
    line: Line | None = None
    posted: list[tuple[str, int]] = field(default_factory=list)
    latencies_s: list[float] = field(default_factory=list)


# --- what happens -------------------------------------------------------------------------------


@given(parsers.re(r"(?P<count>[0-9]+) lots about which quality decides again and again"))
def lots_to_decide(bench: Bench, count: str) -> None:
    """Lots without stock: nothing but their status has to be told."""
    traffic = bench.part(Traffic)
    traffic.lots = [bench.new_id("LOT-BUSY") for _ in range(int(count))]
    bench.site.load(Load(lots=tuple(
        Lot(lot_id=Id(lot_id), material_id=Id(bench.namespace.id(ITEM)),
            lot=LotNumber(bench.namespace.lot_number(lot_id)),
            expires_on=bench.now.date() + timedelta(days=300))
        for lot_id in traffic.lots
    )))
    warehouse = bench.site.client(Role.WMS)
    traffic.journal_from = warehouse.ask("journal", Journal, f"after={BEYOND}").last_position
    traffic.audit_from = warehouse.ask("audit", Audit, f"after={BEYOND}").last_sequence


def _decide(bench: Bench) -> None:
    """The next decision: a hold, or back into quarantine, about one lot after the other."""
    traffic = bench.part(Traffic)
    lot_id = traffic.lots[len(traffic.decided) % len(traffic.lots)]
    held = traffic.status.get(lot_id) is LotStatus.BLOCKED
    wanted = traffic.status[lot_id] = LotStatus.QUARANTINE if held else LotStatus.BLOCKED
    body = ChangeLotStatus(
        change_id=Id(bench.new_id("CHANGE")), lot_id=Id(lot_id), to_status=wanted,
        reason_code=StatusReason.INVESTIGATION, reason="as the investigation wants it",
    )
    answer = bench.prepare("quality", "change-lot-status", body).answer.as_(CommandAnswer)
    traffic.answers.append(answer.status)
    traffic.decided.append((lot_id, sum(lot == lot_id for lot, _ in traffic.decided) + 1))


@given(parsers.re(
    r"the warehouse is away for (?P<hours>[0-9]+) hours, "
    r"while quality decides (?P<times>[0-9]+) times an hour"
))
def away(bench: Bench, hours: str, times: str) -> None:
    """Nothing reaches it, and MES tries all the while."""
    lead_to(bench, Role.MES, Stub())
    for _ in range(int(hours) * int(times)):
        bench.site.set_clock(bench.now + timedelta(minutes=60 // int(times)))
        _decide(bench)
        bench.site.run_due(Role.MES, bench.now)
    waiting = len(_pending(bench))
    bench.recorder.observe(f"{hours} hours later {waiting} decisions wait")
    equal(waiting, len(bench.part(Traffic).decided), "decisions that wait")


@when("the warehouse is back and an hour has passed")
def back(bench: Bench) -> None:
    """MES sends whatever is due at the moment it is due."""
    bench.end()
    begun = bench.now
    _send_until(bench, begun + timedelta(hours=1))
    bench.recorder.observe(f"{len(_pending(bench))} decisions wait after an hour")


def _send_until(bench: Bench, end: datetime) -> None:
    due = bench.now
    for _ in range(_ROUNDS_MAX):
        later = bench.site.run_due(Role.MES, due).due_at
        if later is None or later > end:
            break
        due = max(later.astimezone(bench.zone), due + timedelta(milliseconds=1))
    bench.site.set_clock(end)


@given(parsers.re(
    r"the line to the warehouse loses (?P<lost>[0-9]+) messages, (?P<unanswered>[0-9]+) answers, "
    r"and brings (?P<twice>[0-9]+) messages twice"
))
def bad_line(bench: Bench, lost: str, unanswered: str, twice: str) -> None:
    """Spread over the hour, each at a message of its own."""
    cut = [
        frozenset(range(start, start + 20 * int(many), 20))
        for start, many in ((5, lost), (11, unanswered), (17, twice))
    ]
    line = Line(bench.sut.upstream(Role.WMS), _TYPE, cut[0], cut[1], cut[2])
    bench.part(Traffic).line = line
    hosted = bench.sut.host(line)
    bench.site.route(Role.MES, hosted.url)
    bench.endings.append(hosted.close)
    bench.endings.append(lambda: bench.site.route(Role.MES, None))


@when(parsers.re(
    r"quality decides (?P<times>[0-9]+) times within an hour, and MES sends what is due"
))
def decides_often(bench: Bench, times: str) -> None:
    """Each decision goes at once; what failed goes when it is due."""
    apart = timedelta(hours=1) / int(times)
    for _ in range(int(times)):
        _decide(bench)
        _send_until(bench, bench.now + apart)


# --- what came of it ----------------------------------------------------------------------------


@then("the line did all of that, and every retry was made")
def line_felt(bench: Bench) -> None:
    """A fault that never happened shows nothing."""
    line = bench.part(Traffic).line
    assert line is not None
    again = sum(count > 1 for count in line.seen.values())
    bench.recorder.observe(f"{dict(line.felt)}; {again} messages came again")
    wanted = {"lost": len(line.lost), "unanswered": len(line.unanswered), "twice": len(line.twice)}
    equal(dict(line.felt), wanted, "what the line did")
    # An answer that was lost is asked for; a message that was lost is sent again.
    holds(again >= len(line.lost), f"only {again} messages were sent again")


@then("every decision was done at once, and the warehouse has each of them once and in order")
def all_there(bench: Bench) -> None:
    """By the journal of the warehouse, by its audit trail, and by what MES still holds."""
    traffic = bench.part(Traffic)
    equal(set(traffic.answers), {CommandStatus.DONE}, "answers to the decisions")
    equal(_pending(bench), [], "decisions that wait in MES")
    wrong = wrong_deliveries(traffic.decided, _posted(bench))
    bench.recorder.observe(f"{len(traffic.decided)} decisions, {len(wrong)} of them wrong")
    holds(not wrong, "; ".join(wrong[:3]))
    equal(_changes(bench), len(traffic.decided), "changes of status in the warehouse")


@then("95 of 100 decisions arrived within 2 seconds")
def hardly_late(bench: Bench) -> None:
    """From what the message says of its time to its arrival, by the clock of the site."""
    _posted(bench)
    taken = bench.part(Traffic).latencies_s
    bench.recorder.observe(f"p95 of {len(taken)} is {p95(taken):.1f} s, the limit {_LIMIT_S} s")
    holds(p95(taken) <= _LIMIT_S, f"p95 is {p95(taken):.1f} s")


def _posted(bench: Bench) -> list[tuple[str, int]]:
    """What the warehouse acknowledged first, in the order of its journal."""
    traffic = bench.part(Traffic)
    rows = bench.site.client(Role.WMS).ask(
        "journal", Journal, f"after={traffic.journal_from}"
    ).rows
    found: list[tuple[str, int]] = []
    traffic.latencies_s = []
    known: set[str] = set()
    for row in rows:
        if row.kind != "message" or not row.operation.endswith(f"/{_TYPE}") or row.key in known:
            continue
        known.add(row.key)
        message = read_json(base64.b64decode(row.body))
        lot_id = message["data"]["lotId"]
        if lot_id in traffic.lots:
            found.append((lot_id, int(message["subjectsequence"])))
            told_at = datetime.fromisoformat(message["time"])
            traffic.latencies_s.append((row.at - told_at).total_seconds())
    return found


def _changes(bench: Bench) -> int:
    """How often the status of one of the lots changed in the warehouse."""
    traffic = bench.part(Traffic)
    rows = bench.site.client(Role.WMS).ask("audit", Audit, f"after={traffic.audit_from}").rows
    return sum(
        row.action is AuditAction.CHANGE and row.record_type == "lots" and row.field == "status"
        and row.record_id in traffic.lots
        for row in rows
    )


def _pending(bench: Bench) -> list[str]:
    rows = bench.site.client(Role.MES).ask("outbox", Outbox).pending
    mine = {f"lot/{lot_id}" for lot_id in bench.part(Traffic).lots}
    return [row.message_id for row in rows if row.subject in mine]


# --- judges, and what they must not let pass ----------------------------------------------------


def wrong_deliveries(
    decided: Sequence[tuple[str, int]], posted: Sequence[tuple[str, int]]
) -> list[str]:
    """What was lost, came twice, or came before its predecessor: (thing, number) each."""
    counts = Counter(posted)
    wrong = [f"{lot} {number} came {counts[lot, number]} times" for lot, number in decided
             if counts[lot, number] != 1]
    last: dict[str, int] = {}
    for lot, number in posted:
        if number < last.get(lot, 0):
            wrong.append(f"{lot} {number} came after {last[lot]}")
        last[lot] = number
    return wrong


def p95(taken_s: Sequence[float]) -> float:
    """The nearest rank. Raises: AssertionError where nothing was taken."""
    holds(bool(taken_s), "nothing arrived")
    return nearest_rank(sorted(int(taken * 1000) for taken in taken_s), 95) / 1000


@given(parsers.re(r"a backlog of 6 messages that arrived with (?P<what>.+)"))
def bad_backlog(bench: Bench, what: str) -> None:
    """Known-bad deliveries. Raises: KeyError for other words."""
    decided = [("A", n) for n in range(1, 7)]
    swapped = [*decided[:2], decided[3], decided[2], *decided[4:]]
    bench.part(Traffic).decided = decided
    bench.part(Traffic).posted = {
        "one that is missing": decided[:3] + decided[4:],
        "one that came twice": [*decided[:4], decided[3], *decided[4:]],
        "two that changed": swapped,
    }[what]


@then("that is found in the backlog")
def found_in_backlog(bench: Bench) -> None:
    """The judge of the other scenario, on what it must not let pass."""
    traffic = bench.part(Traffic)
    wrong = wrong_deliveries(traffic.decided, traffic.posted)
    bench.recorder.observe("; ".join(wrong) or "nothing")
    equal(len(wrong), 1, "what was found")
    equal(wrong_deliveries(traffic.decided, traffic.decided), [], "found in a good backlog")


@given("100 messages of which 6 took three seconds")
def slow_messages(bench: Bench) -> None:
    """Known-bad latencies."""
    bench.part(Traffic).latencies_s = [3.0] * 6 + [0.1] * 94


@then("they are found to be late")
def found_late(bench: Bench) -> None:
    """The judge of the other scenario, and that it lets five pass."""
    taken = bench.part(Traffic).latencies_s
    bench.recorder.observe(f"p95 is {p95(taken):.1f} s")
    holds(p95(taken) > _LIMIT_S, "six late messages of a hundred were not found")
    holds(p95([*taken[1:], 0.1]) <= _LIMIT_S, "five late messages of a hundred are allowed")
