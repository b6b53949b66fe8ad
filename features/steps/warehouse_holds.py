"""Holds that the warehouse places, and their races with issues."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import HoldLot
from contracts.model.identifiers import Id
from contracts.model.inspection_dispensing import Weighings, Wip
from contracts.model.inspection_quality import HoldRow, Holds
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages.lot_status import WarehouseHoldPlaced
from contracts.model.roles import Role
from features.bench import ITEM, Bench
from features.claims import equal, holds, the_only
from features.steps.alarms import has_raised
from features.steps.lot_status import decision_about, signature_of
from features.steps.words import AMOUNT, LETTER

_REASON = "a drum was found open in the rack"
_STATUS = r"(?P<status>[A-Z]+)"


@given(parsers.re(rf"the supervisor has put lot {LETTER} on hold"))
def has_held(bench: Bench, letter: str) -> None:
    """The hold is known in both systems."""
    _place(bench, letter)
    bench.deliver()


@given(parsers.re(
    rf"the supervisor puts lot {LETTER} on hold while the message is still on its way"
))
def holds_undelivered(bench: Bench, letter: str) -> None:
    """The hold counts in the warehouse; MES does not know yet."""
    _place(bench, letter)


@given(parsers.re(
    rf"quality has released lot {LETTER} while the message is still on its way"
))
def released_undelivered(bench: Bench, letter: str) -> None:
    """Decided in MES; the warehouse does not know yet."""
    signature = signature_of(bench, "quality", "a signature")
    lot_id = bench.lots[letter].lot_id
    body = decision_about(bench, lot_id, LotStatus.RELEASED, signature)
    bench.prepare("quality", "change-lot-status", body)
    bench.recorder.observe(f"lot {letter} is RELEASED in MES")


@when(parsers.re(rf"the supervisor puts lot {LETTER} on hold as {_STATUS}"))
def tries_hold(bench: Bench, letter: str, status: str) -> None:
    """Try to place a hold."""
    _try(bench, hold_of(bench, bench.lots[letter].lot_id, LotStatus(status)))


@when("the supervisor puts a lot nobody knows on hold")
def holds_nothing(bench: Bench) -> None:
    """Try to hold what is not there."""
    _try(bench, hold_of(bench, bench.namespace.id("NOBODY"), LotStatus.BLOCKED))


@when(parsers.re(
    rf'the supervisor puts lot {LETTER} for the reason "(?P<reason>[^"]*)" on hold'
))
def holds_for(bench: Bench, letter: str, reason: str) -> None:
    """Try to hold for a reason that says nothing."""
    body = hold_of(bench, bench.lots[letter].lot_id, LotStatus.BLOCKED)
    _try(bench, body.model_copy(update={"reason": reason}))


@when(parsers.re(
    rf"the WMS counterpart sends a hold of lot {LETTER} from (?P<before>[A-Z]+) to {_STATUS}"
))
def counterpart_holds(bench: Bench, letter: str, before: str, status: str) -> None:
    """A message that no correct warehouse would send."""
    lot_id = bench.lots[letter].lot_id
    payload = WarehouseHoldPlaced(
        hold_id=Id(bench.new_id("HOLD")), lot_id=Id(lot_id),
        material_id=Id(bench.namespace.id(ITEM)), from_status=LotStatus(before),
        to_status=LotStatus(status), reason_code=StatusReason.INVESTIGATION, reason=_REASON,
        placed_by=bench.person_id("the supervisor"), placed_at=bench.now, station=Id("OFFICE-1"),
    )
    draft = bench.counterpart(Role.MES).draft(
        "warehouse-hold-placed", payload, f"lot/{lot_id}", bench.now
    )
    attempt = bench.send(Role.MES, draft, payload.hold_id)
    bench.recorder.observe(f"{before} → {status}: {attempt.answer}")


@then(parsers.re(
    rf"both systems show one hold of lot {LETTER} from (?P<before>[A-Z]+) to {_STATUS} "
    r"by the supervisor"
))
def both_show_hold(bench: Bench, letter: str, before: str, status: str) -> None:
    """Owner and mirror agree on the record."""
    for role in Role:
        row = _the_hold(bench, role, letter)
        bench.recorder.observe(f"{role.upper()}: {row.hold_id} by {row.placed_by}: {row.reason}")
        said = (row.from_status, row.to_status, row.placed_by, row.reason)
        supervisor = bench.person_id("the supervisor")
        told = (LotStatus(before), LotStatus(status), supervisor, _REASON)
        equal(said, told, f"hold in {role.upper()}")
        holds(row.recorded_at is not None, f"{role.upper()} does not say when MES entered it")


@then(parsers.re(rf"the warehouse has raised the alarm (?P<name>[A-Z_]+) about lot {LETTER}"))
def warehouse_alarm(bench: Bench, name: str, letter: str) -> None:
    """Exactly one alarm names the lot."""
    has_raised(bench, Role.WMS, name, bench.lots[letter].lot_id)


@then(parsers.re(
    rf"after delivery both systems record that {AMOUNT} of lot {LETTER} were issued, "
    r"(?P<when_>none of it after the hold was placed|all of it before MES had entered the hold)"
))
def recorded_as_issued(bench: Bench, amount: str, letter: str, when_: str) -> None:
    """One outcome, the same in both ledgers: the issue came before the hold."""
    bench.deliver()
    equal(_issued(bench, letter), Decimal(amount), "issued")
    issues = _issues(bench, letter)
    equal(len(issues), 1, "weighings of the lot")
    listed = tuple(issues) if when_.startswith("all") else ()
    shown = {role: _the_hold(bench, role, letter) for role in Role}
    for role, row in shown.items():
        bench.recorder.observe(
            f"{role.upper()}: placed {row.placed_at}, entered {row.recorded_at}, "
            f"issued before: {row.issued_before}"
        )
        equal(row.issued_before, listed, f"issues before the hold in {role.upper()}")
    equal(shown[Role.MES].recorded_at, shown[Role.WMS].recorded_at, "when MES entered it")


@then(parsers.re(
    rf"after delivery both systems record that nothing of lot {LETTER} was issued, and its hold"
))
def recorded_as_refused(bench: Bench, letter: str) -> None:
    """One outcome, the same in both ledgers: the issue was refused."""
    bench.deliver()
    equal((_issued(bench, letter), _issues(bench, letter)), (Decimal(0), []), "issued")
    for role in Role:
        row = _the_hold(bench, role, letter)
        bench.recorder.observe(f"{role.upper()}: issued before: {row.issued_before}")
        equal(row.issued_before, (), f"issues before the hold in {role.upper()}")


def _place(bench: Bench, letter: str) -> None:
    body = hold_of(bench, bench.lots[letter].lot_id, LotStatus.BLOCKED)
    bench.prepare("the supervisor", "hold-lot", body)
    bench.recorder.observe(f"hold {body.hold_id} of lot {letter}")


def hold_of(bench: Bench, lot_id: str, wanted: LotStatus) -> HoldLot:
    """A hold that a supervisor may place."""
    return HoldLot(
        hold_id=Id(bench.new_id("HOLD")), lot_id=Id(lot_id), to_status=wanted,
        reason_code=StatusReason.INVESTIGATION, reason=_REASON,
    )


def _try(bench: Bench, body: HoldLot) -> None:
    attempt = bench.command("the supervisor", "hold-lot", body)
    bench.recorder.observe(f"hold of {body.lot_id} as {body.to_status}: {attempt.answer}")


def _the_hold(bench: Bench, role: Role, letter: str) -> HoldRow:
    rows = bench.site.client(role).ask("holds", Holds).rows
    wanted = bench.lots[letter].lot_id
    return the_only((r for r in rows if r.lot_id == wanted), f"holds in {role.upper()}")


def _issues(bench: Bench, letter: str) -> list[str]:
    rows = bench.site.client(Role.MES).ask("weighings", Weighings).rows
    return [row.dispense_id for row in rows if row.lot_id == bench.lots[letter].lot_id]


def _issued(bench: Bench, letter: str) -> Decimal:
    rows = bench.site.client(Role.MES).ask("wip", Wip).rows
    wanted = bench.lots[letter].lot_id
    return sum((row.issued.value for row in rows if row.lot_id == wanted), Decimal(0))
