"""Comparing stock in MES: what is set apart, what differs, how a difference is closed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import CloseDifference, Reconciled, ReconcileStock
from contracts.model.counts import DeviationClass, DeviationState
from contracts.model.identifiers import Id, LotNumber, Sscc
from contracts.model.inspection import Alarms, Inventory
from contracts.model.inspection_adjustments import Deviations
from contracts.model.inspection_differences import DifferenceRow, DifferenceState, Reconciliations
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from contracts.model.stimulus import Container, Load, Loaded, Lot
from features.bench import ITEM, STAGING, STORAGE, Bench, LotOnBench
from features.claims import equal, holds, the_only
from features.steps.delivery import lead_to
from features.steps.material import add_base
from features.steps.words import LETTER, amount_of, day_of
from simulator.stub import Stub

_EXPIRES, _REASON = "2026-12-31", "found at the shelf and counted twice"
_DAY = timedelta(days=1)


@dataclass
class ComparedStock:
    """What the scenario has seeded, by lot, and how often each lot then differs."""

    wanted: Counter[str] = field(default_factory=Counter)
    untold: Container | None = None
    daily: int = 0


# --- what differs -------------------------------------------------------------------------------


@given(parsers.re(
    rf"lot {LETTER} in one container, (?P<mes>[0-9.]+) kg in MES and (?P<wms>[0-9.]+) kg in the "
    r"warehouse"
))
def one_container_differs(bench: Bench, letter: str, mes: str, wms: str) -> None:
    """The same container with two amounts."""
    _seed(bench, letter, {Role.MES: (mes, STORAGE), Role.WMS: (wms, STORAGE)})


@given("a container whose lot is BLOCKED in the warehouse and RELEASED in MES")
def status_differs(bench: Bench) -> None:
    """A decision that one of them lost."""
    _seed(bench, "S", dict.fromkeys(Role, ("4.000", STORAGE)), {Role.WMS: LotStatus.BLOCKED})


@given("containers that differ between the systems in every one of these ways")
def differ_in_every_way(bench: Bench, datatable: list[list[str]]) -> None:
    """A lot of its own for each way."""
    both = {Role.MES: ("4.000", STORAGE), Role.WMS: ("4.000", STORAGE)}
    ways = {
        "more in WMS": ({**both, Role.WMS: ("4.001", STORAGE)}, 1),
        "more in MES": ({**both, Role.MES: ("4.001", STORAGE)}, 1),
        "only in WMS": ({Role.WMS: both[Role.WMS]}, 1),
        "only in MES": ({Role.MES: both[Role.MES]}, 1),
        "in another place": ({**both, Role.WMS: ("4.000", STAGING)}, 2),
        "of another status": (both, 2),
    }
    kept = bench.part(ComparedStock)
    for number, (way,) in enumerate(datatable[1:]):
        where, differences = ways[way]
        blocked = {Role.WMS: LotStatus.BLOCKED} if way == "of another status" else {}
        kept.wanted[_seed(bench, f"W{number}", where, blocked)] = differences


@given("MES has come to know the 5.000 kg as well")
def mes_comes_to_know(bench: Bench) -> None:
    """The container that only the warehouse knew."""
    shown = bench.site.client(Role.WMS).ask("inventory", Inventory)
    holds(bool(shown.rows), "the warehouse shows nothing")
    lot = bench.lots["A"].lot_id
    untold = bench.namespace.sscc("UNTOLD-1")
    _load(bench, Role.MES, Load(containers=(Container(
        sscc=Sscc(untold), lot_id=Id(lot), location_id=Id(bench.namespace.id(STORAGE)),
        quantity=amount_of("5.000"),
    ),)))


@given("the link of MES leads nowhere")
def link_leads_nowhere(bench: Bench) -> None:
    """Whatever MES asks, nobody answers."""
    lead_to(bench, Role.MES, Stub())


# --- comparing ----------------------------------------------------------------------------------


@given("quality has had MES compare its stock with the warehouse")
def has_compared(bench: Bench) -> None:
    """Once more."""
    bench.prepare("quality", "reconcile-stock", _comparison(bench))


@when("quality has MES compare its stock with the warehouse")
def compares(bench: Bench) -> None:
    """Try to compare."""
    attempt = bench.command("quality", "reconcile-stock", _comparison(bench))
    bench.recorder.observe(f"compared: {attempt.answer}")


@when("a day passes at the site")
def a_day_passes(bench: Bench) -> None:
    """Work is done a second before the day is over, and again when it is."""
    kept, begun = bench.part(ComparedStock), len(_shown(bench).rows)
    start = bench.now
    bench.site.set_clock(start + _DAY - timedelta(seconds=1))
    bench.deliver()
    kept.daily = len(_shown(bench).rows) - begun
    bench.site.set_clock(start + _DAY)
    bench.deliver()


@then("MES has not compared a second before, and has then")
def compared_daily(bench: Bench) -> None:
    """By the times of its comparisons."""
    equal(bench.part(ComparedStock).daily, 0, "comparisons before the day was over")
    last = _shown(bench).rows[-1]
    bench.recorder.observe(f"{last.reconciliation_id} at {last.compared_at}, next {last.next_at}")
    equal((last.compared_at, last.answered), (bench.now, True), "the last comparison")
    equal(last.next_at, bench.now + _DAY, "the next one")


@then("the container of lot A is set apart, and no lot of the scenario differs")
def set_apart(bench: Bench) -> None:
    """The amounts differ while the message is on its way, and that is no difference."""
    done = bench.last.answer.as_(Reconciled)
    bench.recorder.observe(f"{done.places} places, {done.set_apart} containers set apart")
    holds(done.set_apart >= 1, "nothing was set apart")
    holds(done.places >= 1, "nothing was compared")
    shown = [_in_rack(bench, role, "A") for role in Role]
    holds(shown[0] != shown[1], "the stock does not differ, so nothing was shown")
    equal(_differing(bench), [], "differences")


@then("compared once more after delivery no lot of the scenario differs")
def none_differs_then(bench: Bench) -> None:
    """What was on its way was all there was."""
    bench.deliver()
    bench.prepare("quality", "reconcile-stock", _comparison(bench))
    still = [d for d in _differing(bench) if d.state is DifferenceState.OPEN]
    equal(still, [], "open differences")


@then(parsers.re(
    rf"lot {LETTER} differs, once, with (?P<mes>[0-9.]+) kg in MES and (?P<wms>[0-9.]+) kg in WMS"
))
def differs_once(bench: Bench, letter: str, mes: str, wms: str) -> None:
    """Both amounts, the deviation and the alarm."""
    row = the_only(iter(_differing(bench)), "differences")
    bench.recorder.observe(f"{row.difference_id}: MES {row.mes}, WMS {row.wms}")
    equal(row.lot_id, bench.lots[letter].lot_id, "lot")
    equal((str(row.mes.value), str(row.wms.value)), (mes, wms), "amounts")
    _has_deviation_and_alarm(bench, row)


@then(
    "each of them is reported with its deviation and an alarm, once, "
    "and nothing else of the scenario"
)
def each_difference_is_reported(bench: Bench) -> None:
    """As many differences of each lot as there are places at which it differs."""
    wanted, rows = bench.part(ComparedStock).wanted, _differing(bench)
    for row in rows:
        bench.recorder.observe(f"{row.lot_id} {row.status}: MES {row.mes}, WMS {row.wms}")
        _has_deviation_and_alarm(bench, row)
    holds(bool(wanted), "nothing was seeded")
    equal(Counter(str(row.lot_id) for row in rows), wanted, "differences by lot")


@then("compared once more after delivery the same differences stand open")
def the_same_stand(bench: Bench) -> None:
    """None is doubled, and none is gone."""
    before = _differing(bench)
    bench.deliver()
    bench.prepare("quality", "reconcile-stock", _comparison(bench))
    equal(_differing(bench), before, "differences")


# --- closing ------------------------------------------------------------------------------------


@given(parsers.re(rf"quality has closed the difference of lot {LETTER}"))
def has_closed_difference(bench: Bench, letter: str) -> None:
    """Signed, and adjusted."""
    bench.prepare("quality", "close-difference", _closing(bench, letter))


@given(parsers.re(rf"MES still shows the difference of lot {LETTER} as (?P<state>[A-Z]+)"))
def still_shown(bench: Bench, letter: str, state: str) -> None:
    """Nobody has signed."""
    row = _of(bench, letter)
    bench.recorder.observe(f"{row.difference_id}: {row.state}, MES {row.mes}, WMS {row.wms}")
    equal(row.state, DifferenceState(state), "state")
    equal(row.mes, row.wms, "what both show now")


@when(parsers.re(
    rf"quality closes the difference of lot {LETTER}(?: (?P<how>with a wrong password|"
    r"with the signature of another|for the reason \"ok\"|under another deviation|"
    r"under a number nobody knows))?"
))
def closes_difference(bench: Bench, letter: str, how: str | None) -> None:
    """Try to close it."""
    body = _closing(bench, letter)
    changes: dict[str | None, dict[str, object]] = {
        "with a wrong password": {
            "signature": bench.signature("quality", "Adjusted", wrong_password=True)},
        "with the signature of another": {
            "signature": bench.signature("another person", "Adjusted")},
        'for the reason "ok"': {"reason": "ok"},
        "under another deviation": {"deviation_id": Id("DEV-OF-SOMETHING-ELSE")},
        "under a number nobody knows": {"difference_id": Id("DIFF-NOBODY")},
    }
    attempt = bench.command(
        "quality", "close-difference", body.model_copy(update=changes.get(how, {}))
    )
    bench.recorder.observe(f"{body.difference_id}: {attempt.answer}")


@then("MES shows the difference closed, with adjustment, reason, signature and its deviation")
def shown_closed(bench: Bench) -> None:
    """Who signed, why, and what it is linked to."""
    row = _of(bench, "A")
    bench.recorder.observe(f"{row.state} by {row.closed_by}: {row.reason}, {row.signature_id}")
    said = (row.state, row.adjustment_id, row.reason, row.closed_by, row.closed_at)
    equal(said, (DifferenceState.CLOSED, bench.last.event, _REASON, bench.person_id("quality"),
                 bench.now), "the closing")
    holds(row.signature_id is not None, "nobody signed")
    _has_deviation_and_alarm(bench, row)


@then(parsers.re(rf"both systems show (?P<amount>[0-9.]+) kg of lot {LETTER} in the rack"))
def both_show_in_rack(bench: Bench, amount: str, letter: str) -> None:
    """The sum of its containers there."""
    for role in Role:
        shown = _in_rack(bench, role, letter)
        bench.recorder.observe(f"{role.upper()}: {shown}")
        equal(shown, Decimal(amount), f"kg in {role.upper()}")


def _has_deviation_and_alarm(bench: Bench, row: DifferenceRow) -> None:
    client = bench.site.client(Role.MES)
    opened = the_only(
        (d for d in client.ask("deviations", Deviations).rows
         if d.deviation_id == row.deviation_id), f"deviations {row.deviation_id}",
    )
    shown = (opened.deviation_class, opened.state, opened.source, opened.affected_lots)
    equal(shown, (DeviationClass.STOCK_DIFFERENCE, DeviationState.OPEN, row.difference_id,
                  (row.lot_id,)), "the deviation")
    alarms = [a for a in client.ask("alarms", Alarms).rows
              if a.name == "RECONCILIATION_DIFFERENCE" and row.difference_id in a.detail]
    equal(len(alarms), 1, f"alarms about {row.difference_id}")


def _comparison(bench: Bench) -> ReconcileStock:
    return ReconcileStock(reconciliation_id=Id(bench.new_id("COMPARISON")))


def _closing(bench: Bench, letter: str) -> CloseDifference:
    row = _of(bench, letter)
    return CloseDifference(
        adjustment_id=Id(bench.new_id("ADJUSTMENT")), difference_id=row.difference_id,
        deviation_id=row.deviation_id, reason=_REASON,
        signature=bench.signature("quality", "Adjusted"),
    )


def _shown(bench: Bench) -> Reconciliations:
    return bench.site.client(Role.MES).ask("reconciliations", Reconciliations)


def _differing(bench: Bench) -> list[DifferenceRow]:
    """The differences of this scenario, closed ones too."""
    owned = bench.namespace.owns
    return [row for row in _shown(bench).differences if owned(row.lot_id)]


def _of(bench: Bench, letter: str) -> DifferenceRow:
    """The last difference of a lot. Raises: AssertionError where there is none."""
    found = [d for d in _differing(bench) if d.lot_id == bench.lots[letter].lot_id]
    holds(bool(found), f"lot {letter} does not differ")
    return found[-1]


def _in_rack(bench: Bench, role: Role, letter: str) -> Decimal:
    rows = bench.site.client(role).ask("inventory", Inventory).rows
    of_lot = (r.quantity.value for r in rows if r.lot_id == bench.lots[letter].lot_id)
    return sum(of_lot, Decimal(0))


def _seed(
    bench: Bench, letter: str, where: dict[Role, tuple[str, str]],
    statuses: dict[Role, LotStatus] | None = None,
) -> str:
    """A lot that both know, whose container each shows as it is told. Returns: the lot's id."""
    add_base(bench)
    names = bench.namespace
    lot = LotOnBench(letter, names.id(f"LOT-{letter}"), names.lot_number(f"LOT-{letter}"),
                     Sscc(names.sscc(f"C-{letter}")), Decimal(0))
    bench.lots[letter] = lot
    for role in Role:
        containers: tuple[Container, ...] = ()
        if role in where:
            amount, place = where[role]
            containers = (Container(
                sscc=lot.container, lot_id=Id(lot.lot_id), location_id=Id(names.id(place)),
                quantity=amount_of(amount),
            ),)
        _load(bench, role, Load(containers=containers, lots=(Lot(
            lot_id=Id(lot.lot_id), material_id=Id(names.id(ITEM)), lot=LotNumber(lot.lot),
            expires_on=day_of(_EXPIRES),
            status=(statuses or {}).get(role, LotStatus.RELEASED),
        ),)))
    return lot.lot_id


def _load(bench: Bench, role: Role, document: Load) -> None:
    bench.site.client(role).call("stimulus/load", document).as_(Loaded)
