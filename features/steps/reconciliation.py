"""Reconciliation: both systems as of one cut-off, compared by the judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.identifiers import Id
from contracts.model.inspection import Inventory, Outbox, Version
from contracts.model.inspection_reconciling import Cutoff
from contracts.model.roles import Role
from contracts.model.stimulus import Container, Load, Loaded
from features.bench import STORAGE, Bench
from features.claims import equal, holds
from features.steps.words import AMOUNT, LETTER, amount_of

Place = tuple[str, str, str]
"""Lot, location, status."""


@dataclass
class Reconciled:
    """What a reconciliation came to. Differences are told only where nothing is in flight."""

    in_flight: dict[Role, int] = field(default_factory=dict)
    before: dict[Role, tuple[int, frozenset[str]]] = field(default_factory=dict)
    """Of each sender what was in flight when the scenario began, and which of it waited there."""
    differences: dict[Place, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """Per place what WMS shows and what MES shows."""


@given("how far the exchange between both systems has come is known")
def exchange_is_known(bench: Bench) -> None:
    """What others have left in flight: dead letters, and what a stub has taken in a system's place.
    """
    bench.deliver()
    result = bench.part(Reconciled)
    result.before = {role: (_unapplied(bench, role), _waiting(bench, role)) for role in Role}
    bench.recorder.observe(
        ", ".join(f"{n} of {role.upper()} in flight" for role, (n, _) in result.before.items())
    )


@given("everything has been delivered")
def everything_delivered(bench: Bench) -> None:
    """Both systems have done what is due."""
    bench.deliver()


@given(parsers.re(rf"{AMOUNT} more of lot {LETTER} that only the warehouse knows"))
def only_warehouse_knows(bench: Bench, amount: str, letter: str) -> None:
    """A seeded difference."""
    container = Container(
        sscc=bench.namespace.sscc(bench.new_name("UNTOLD")),
        lot_id=Id(bench.lots[letter].lot_id), location_id=Id(bench.namespace.id(STORAGE)),
        quantity=amount_of(amount),
    )
    client = bench.site.client(Role.WMS)
    client.call("stimulus/load", Load(containers=(container,))).as_(Loaded)
    bench.recorder.observe(f"{container.sscc} with {amount} KGM was loaded into WMS alone")


@when("MES and WMS are reconciled")
def reconcile(bench: Bench) -> None:
    """Compare stock, where both stand at one cut-off; else say what is on its way."""
    result = bench.part(Reconciled)
    result.in_flight = {role: _in_flight(bench, role) for role in Role}
    result.differences = {} if any(result.in_flight.values()) else _differences(bench)
    bench.recorder.observe(
        ", ".join(f"{n} of {role.upper()} in flight" for role, n in result.in_flight.items())
        + f"; {len(result.differences)} differences"
    )


@then("both stand at one cut-off")
def at_one_cutoff(bench: Bench) -> None:
    """What each has sent the other has applied."""
    in_flight = bench.part(Reconciled).in_flight
    for role in Role:
        shown = bench.site.client(role).ask("cutoff", Cutoff)
        bench.recorder.observe(
            f"{role.upper()}: journal position {shown.journal_position}, "
            f"{shown.last_sequence} sent"
        )
    equal(in_flight, dict.fromkeys(Role, 0), "messages in flight")


@then(parsers.re(r"(?P<count>[0-9]+) message of the WMS is on its way, and none of MES"))
def on_its_way(bench: Bench, count: str) -> None:
    """Counted from both sides' exports."""
    equal(bench.part(Reconciled).in_flight, {Role.MES: 0, Role.WMS: int(count)}, "in flight")
    holds(bool(_differences(bench)), "the stock does not differ, so nothing was shown")


@then("no difference is reported")
def no_difference(bench: Bench) -> None:
    """Nothing to be explained."""
    equal(bench.part(Reconciled).differences, {}, "differences")


@then("after delivery both stand at one cut-off and no difference is reported")
def none_after_delivery(bench: Bench) -> None:
    """What was on its way was all there was."""
    bench.deliver()
    reconcile(bench)
    at_one_cutoff(bench)
    no_difference(bench)


@then(parsers.re(
    rf"exactly one difference is reported: lot {LETTER} in the rack, (?P<wms>[0-9.]+) kg in WMS "
    r"and (?P<mes>[0-9.]+) kg in MES"
))
def one_difference(bench: Bench, letter: str, wms: str, mes: str) -> None:
    """The finding names place and both amounts."""
    place = (bench.lots[letter].lot_id, bench.namespace.id(STORAGE), "RELEASED")
    found = bench.part(Reconciled).differences
    for key, amounts in found.items():
        bench.recorder.observe(f"{', '.join(key)}: WMS {amounts[0]:f}, MES {amounts[1]:f}")
    equal(found, {place: (Decimal(wms), Decimal(mes))}, "differences")


def _in_flight(bench: Bench, sender: Role) -> int:
    """What ``sender`` has in flight since the scenario began.

    What waited before and has arrived since is not counted against it.
    """
    unapplied, waited = bench.part(Reconciled).before[sender]
    arrived = waited - _waiting(bench, sender)
    return _unapplied(bench, sender) - (unapplied - len(arrived))


def _waiting(bench: Bench, sender: Role) -> frozenset[str]:
    pending = bench.site.client(sender).ask("outbox", Outbox).pending
    return frozenset(row.message_id for row in pending)


def _unapplied(bench: Bench, sender: Role) -> int:
    """What ``sender`` has written for its partner and the partner has not applied."""
    client = bench.site.client(sender)
    source = client.ask("version", Version).system
    sent = client.ask("cutoff", Cutoff).last_sequence
    applied = bench.site.client(sender.partner).ask("cutoff", Cutoff).applied
    return sent - sum(row.messages for row in applied if row.source == source)


def _differences(bench: Bench) -> dict[Place, tuple[Decimal, Decimal]]:
    wms, mes = _stock(bench, Role.WMS), _stock(bench, Role.MES)
    nothing = Decimal(0)
    return {
        place: (wms.get(place, nothing), mes.get(place, nothing))
        for place in sorted({*wms, *mes})
        if wms.get(place, nothing) != mes.get(place, nothing)
    }


def _stock(bench: Bench, role: Role) -> dict[Place, Decimal]:
    """The stock of this scenario, as one system shows it."""
    rows = bench.site.client(role).ask("inventory", Inventory).rows
    return {
        (str(row.lot_id), str(row.location_id), row.status.value): row.quantity.value
        for row in rows
        if bench.namespace.owns(row.lot_id)
    }
