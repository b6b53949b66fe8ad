"""A system that was restored into the past: what it has again, what it reports, when it begins."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import dataclass

from pytest_bdd import parsers, then, when

from contracts.model.codes import Code
from contracts.model.commands import ConfirmPick
from contracts.model.identifiers import Id
from contracts.model.inspection import Containers, Direction, Journal, JournalRow, PickRow, Picks
from contracts.model.recovery import GapKind, Recoveries, Recovery, RecoveryState
from contracts.model.roles import Role
from contracts.record.strict_json import read_json
from features.bench import Bench
from features.claims import equal, holds
from features.steps.picks import request, scan_of
from features.steps.recovery import OnMachines
from features.steps.words import AMOUNT, amount_of

_FINAL = (200, 422)


@dataclass
class AfterRestore:
    """What the scenario noted on the way."""

    containers: int = 0


@when("everything due is delivered")
def everything_delivered(bench: Bench) -> None:
    """Both systems do what is due."""
    bench.deliver()


@when("production requests more than the order has left")
def requests_too_much(bench: Bench) -> None:
    """The warehouse refuses it; the request of before stays the one that is picked for."""
    before = bench.request_id
    bench.command_unseen("production", "request-pick", request(bench, "3.000"))
    bench.request_id = before
    equal(bench.last.refusal.code, Code.QUANTITY_NOT_ON_BOM, "code")


@when("MES is down")
def mes_is_down(bench: Bench) -> None:
    """Its process is killed."""
    machines = bench.part(OnMachines).machines
    assert machines is not None, "the scenario has no machines"
    machines.kill(Role.MES)


@when("MES is up again and everything due is delivered")
def mes_is_up(bench: Bench) -> None:
    """It finds its files as they were."""
    machines = bench.part(OnMachines).machines
    assert machines is not None, "the scenario has no machines"
    machines.start(Role.MES)
    bench.deliver()


@when(parsers.re(rf"the picker tries to bring {AMOUNT} of lot A"))
def picker_tries(bench: Bench, amount: str) -> None:
    """A part of the container, without a look at MES, which may be down."""
    client = bench.site.client(Role.WMS)
    bench.part(AfterRestore).containers = len(client.ask("containers", Containers).rows)
    body = ConfirmPick(
        confirmation_id=Id(bench.new_id("SCAN")), request_id=Id(bench.request_id),
        line_id=Id("10"), scan=scan_of(bench.lots["A"].container), quantity=amount_of(amount),
        to_container=bench.namespace.sscc(bench.new_name("TOTE")),
    )
    attempt = bench.command_unseen("the picker", "confirm-pick", body)
    bench.recorder.observe(f"{amount} KGM: {attempt.answer}")


@then("it is told RECOVERING, that it can be tried again, and that nothing was done")
def told_recovering(bench: Bench) -> None:
    """The refusal has its code; no container came, and the recovery is open."""
    equal(bench.last.refusal.code, Code.RECOVERING, "code")
    raw = bench.last.answer.raw
    assert raw is not None
    equal(raw.status, 503, "status")
    holds("retry-after" in raw.headers, "it is not said when to try again")
    client = bench.site.client(Role.WMS)
    there = len(client.ask("containers", Containers).rows)
    equal(there, bench.part(AfterRestore).containers, "containers of the warehouse")


@then("each message of MES is on record in the warehouse, answered once")
def messages_are_there(bench: Bench) -> None:
    """What MES sent stands in the warehouse's journal, byte for byte, with one answer."""
    sent = _messages(bench, Role.MES, Direction.SENT)
    there = _messages(bench, Role.WMS, Direction.RECEIVED)
    missing = {key for key, row in sent.items() if _digest(there.get(key)) != row.body_sha256}
    bench.recorder.observe(f"MES sent {len(sent)}, the warehouse lacks {len(missing)}")
    holds(bool(sent), "MES sent nothing")
    equal(missing, set(), "messages that the warehouse lacks or has otherwise")
    answers = Counter(
        row.key for row in _journal(bench, Role.WMS)
        if (row.kind, row.direction) == ("answer", Direction.SENT) and row.status in _FINAL
    )
    equal({key for key in sent if answers[key] != 1}, set(), "messages not answered just once")


@then(
    "the gap list of the warehouse is complete: what it had received it has again, "
    "what it had sent is named"
)
def gap_list_is_complete(bench: Bench) -> None:
    """Held against both journals, by the judge's own reckoning."""
    recovery = _recovery(bench)
    known = _messages(bench, Role.WMS, Direction.SENT)
    arrived = _messages(bench, Role.MES, Direction.RECEIVED)
    named = _named(recovery, GapKind.SENT)
    equal(named, set(arrived) - set(known), "messages of the warehouse that it does not know")
    holds(any("/pick-confirmed" in arrived[key].operation for key in named), "no pick was lost")
    position = recovery.restored_to_position
    again = {
        row.key for row in _journal(bench, Role.WMS)
        if row.position > position and (row.kind, row.direction) == ("message", Direction.RECEIVED)
    }
    obtained = _named(recovery, GapKind.OBTAINED) | _named(recovery, GapKind.REFUSED)
    refused = _named(recovery, GapKind.REFUSED)
    equal(len(refused), 1, "requests that were refused before and stay refused")
    holds(obtained > refused, "nothing was had again but what is refused")
    holds(obtained <= again, f"had again, and not on record: {obtained - again}")
    equal(recovery.state, RecoveryState.DONE, "state of the recovery")
    wrong = [gap.detail for gap in recovery.gaps if gap.kind is GapKind.DIFFERS]
    equal(wrong, [], "what ended otherwise")
    bench.recorder.observe("; ".join(f"{g.kind} {g.type or ''} {g.detail}" for g in recovery.gaps))


@then(parsers.re(rf"MES has posted {AMOUNT} of the request, and nothing twice"))
def nothing_twice(bench: Bench, amount: str) -> None:
    """Its picks; and no two messages that it has of the warehouse bear one number."""
    first = bench.namespace.id("REQ-1")
    picked = [r.picked for r in _picks(bench, Role.MES) if r.request_id == first]
    equal(picked, [amount_of(amount)], "picked of the request in MES")
    bodies = [row.body for row in _messages(bench, Role.MES, Direction.RECEIVED).values()]
    numbers = Counter(read_json(base64.b64decode(body))["sequence"] for body in bodies)
    equal([n for n, times in numbers.items() if times > 1], [], "numbers that were used twice")


def _recovery(bench: Bench) -> Recovery:
    rows = bench.site.client(Role.WMS).ask("recoveries", Recoveries).rows
    equal(len(rows), 1, "recoveries")
    return rows[0]


def _named(recovery: Recovery, kind: GapKind) -> set[str]:
    return {str(gap.message_id) for gap in recovery.gaps if gap.kind is kind}


def _picks(bench: Bench, role: Role) -> tuple[PickRow, ...]:
    return bench.site.client(role).ask("picks", Picks).rows


def _journal(bench: Bench, role: Role) -> tuple[JournalRow, ...]:
    return bench.site.client(role).ask("journal", Journal).rows


def _messages(bench: Bench, role: Role, direction: Direction) -> dict[str, JournalRow]:
    return {
        row.key: row for row in _journal(bench, role)
        if (row.kind, row.direction) == ("message", direction)
    }


def _digest(row: JournalRow | None) -> str | None:
    return row.body_sha256 if row else None
