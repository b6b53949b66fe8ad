"""Customer returns: what left comes back, or somebody says so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import DecideContainer, ReceiveReturn
from contracts.model.identifiers import Gtin14, Id, SerialNumber
from contracts.model.inspection import Containers, Inventory
from contracts.model.inspection_flows import CustomerReturns, Scraps
from contracts.model.inspection_packing import Aggregations
from contracts.model.lot_status import ContainerDecision, LotStatus
from contracts.model.messages.customer_returns import ReturnReceived
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.roles import Role
from contracts.model.stimulus import Load, Location, Purpose
from features.bench import Bench
from features.claims import equal, the_only
from features.steps.epcis_told import steps_told
from features.steps.labels import PACKING, PRODUCT, PackingOnBench
from features.steps.packing import unit_of
from features.steps.shipping import decide_on_lot, shipment_of
from features.steps.words import LETTER

_DOCK = "RETURNS-DOCK"
_REASON = "refused at delivery"


@dataclass
class ComingBack:
    """The shipment of the scenario."""

    shipment: str = ""
    customer: str = ""


@given(parsers.re(r"the shipper has shipped (?P<unit>the pallet|case [0-9]+)"))
def has_shipped(bench: Bench, unit: str) -> None:
    """It left; both systems know."""
    body = shipment_of(bench, unit, 0)
    bench.prepare("the shipper", "ship", body)
    bench.deliver()
    dock = Location(
        location_id=Id(bench.namespace.id(_DOCK)), purpose=Purpose.RECEIVING,
        description="Example returns dock",
    )
    bench.site.load(Load(locations=(dock,)))
    known = bench.part(ComingBack)
    known.shipment, known.customer = body.shipment_id, body.customer_id
    bench.recorder.observe(f"{unit} left with {body.shipment_id}")


@given(parsers.re(rf"quality has recalled lot {LETTER}"))
def has_recalled(bench: Bench, letter: str) -> None:
    """A recall that both systems know."""
    decide_on_lot(bench, letter, LotStatus.RECALLED)


@given("the receiver has taken back case 1")
def has_taken_back(bench: Bench) -> None:
    """All of it came back before."""
    bench.prepare("the receiver", "receive-return", _return(bench, 3))
    bench.deliver()


@when(parsers.re(r"the receiver takes back case 1 with its first (?P<count>[0-9]+) units"))
def takes_back(bench: Bench, count: str) -> None:
    """Try to take back a case with these units."""
    _take_back(bench, _return(bench, int(count)))


@when(parsers.re(
    r"the receiver takes back (?P<what>case 2, which never left|case 1 (?:with (?:a unit of case 2|"
    r"one unit scanned twice|2 units of which one is scanned|4 units)|in kilograms|"
    r"of a shipment nobody knows|by its digits as plain text|at a place nobody knows|"
    r"at the packing place|for the reason \"bad\"))"
))
def takes_back_wrongly(bench: Bench, what: str) -> None:
    """A return that is wrong in one place."""
    _take_back(bench, _return(bench, 2).model_copy(update=_wrong(bench, what)))


@when(parsers.re(r"the WMS counterpart sends the return of case 1 as (?P<status>[A-Z]+)"))
def counterpart_sends_return(bench: Bench, status: str) -> None:
    """A return whose message calls it usable."""
    names, known, lot = bench.namespace, bench.part(ComingBack), bench.lots["P"]
    serials = bench.part(PackingOnBench).cases["1"].serials
    payload = ReturnReceived(
        return_id=Id(bench.new_id("RETURN")), shipment_id=Id(known.shipment),
        customer_id=Id(known.customer), container=unit_of(bench, "case 1"),
        material_id=Id(names.id(PRODUCT)), gtin=Gtin14(names.gtin(PRODUCT)),
        lot_id=Id(lot.lot_id), lot=lot.lot,
        expires_on=bench.part(PackingOnBench).expiries["P"],
        quantity=_pieces(len(serials)), serials=tuple(map(SerialNumber, serials)),
        status=LotStatus(status), location_id=Id(names.id(_DOCK)), reason=_REASON,
        received_at=bench.now, received_by=bench.person_id("the receiver"), station=Id("DOCK-1"),
    )
    draft = bench.counterpart(Role.MES).draft(
        "return-received", payload, f"container/{payload.container}", bench.now
    )
    attempt = bench.send(Role.MES, draft, payload.return_id)
    bench.recorder.observe(f"return as {status}: {attempt.answer}")


@then(parsers.re(
    r"(?P<who>after delivery both systems show|MES shows) (?P<count>[0-9]+) units of case 1 "
    r"at the dock as (?P<status>[A-Z]+)"
))
def at_the_dock(bench: Bench, who: str, count: str, status: str) -> None:
    """Content and status of what came back."""
    bench.deliver() if who.startswith("after") else None
    sscc, dock = unit_of(bench, "case 1"), bench.namespace.id(_DOCK)
    for role in Role if who.startswith("after") else (Role.MES,):
        client = bench.site.client(role)
        held = the_only((c for c in client.ask("containers", Containers).rows if c.sscc == sscc),
                        f"containers {sscc} in {role.upper()}")
        equal((held.quantity.value, held.location_id), (Decimal(count), dock), "content and place")
        rows = [(row.quantity.value, row.status) for row in client.ask("inventory", Inventory).rows
                if row.location_id == dock]
        bench.recorder.observe(f"{role.upper()}: {held.quantity} at the dock, {rows}")
        equal(rows, [(Decimal(count), LotStatus(status))], f"stock at the dock in {role.upper()}")


@then("both systems show case 1 on no pallet, with its first 2 units")
def on_no_pallet(bench: Bench) -> None:
    """What is inside what, in owner and mirror."""
    case, gtin = bench.part(PackingOnBench).cases["1"], bench.namespace.gtin(PRODUCT)
    wanted = {f"(01){gtin}(21){serial}" for serial in case.serials[:2]}
    for role in Role:
        rows = bench.site.client(role).ask("aggregations", Aggregations).rows
        inside = {row.child for row in rows if row.parent == case.sscc}
        on = [row.parent for row in rows if row.child == f"(00){case.sscc}"]
        bench.recorder.observe(f"{role.upper()}: {len(inside)} units inside, on {on}")
        equal(inside, wanted, f"units of the case in {role.upper()}")
        equal(on, [], f"pallets of the case in {role.upper()}")


@then("both systems show its third unit as SHIPPED")
def third_unit_is_out(bench: Bench) -> None:
    """The customer kept it."""
    serial = bench.part(PackingOnBench).cases["1"].serials[2]
    unit = f"(01){bench.namespace.gtin(PRODUCT)}(21){serial}"
    for role in Role:
        rows = bench.site.client(role).ask("scraps", Scraps).serials
        shown = [(row.state.value, row.cause) for row in rows if row.unit == unit]
        bench.recorder.observe(f"{role.upper()}: {unit} {shown}")
        equal(shown, [("SHIPPED", bench.last.event)], f"the unit in {role.upper()}")


@then("both systems show the return with shipment, customer and serial numbers")
def both_show_return(bench: Bench) -> None:
    """The record of the return, in owner and mirror."""
    known, case = bench.part(ComingBack), bench.part(PackingOnBench).cases["1"]
    wanted = (known.shipment, known.customer, case.sscc, tuple(sorted(case.serials[:2])), _REASON)
    for role in Role:
        rows = bench.site.client(role).ask("customer-returns", CustomerReturns).rows
        row = the_only((r for r in rows if r.return_id == bench.last.event), "returns")
        shown = (row.shipment_id, row.customer_id, row.container, row.serials, row.reason)
        bench.recorder.observe(f"{role.upper()}: {shown}")
        equal(shown, wanted, f"the return in {role.upper()}")


@then(
    "the message about the return tells EPCIS of receiving returned and holding non_sellable_other"
)
def return_in_epcis(bench: Bench) -> None:
    """What the mapping of the contract makes of the message."""
    told = steps_told(bench, Role.MES, "return-received", bench.last.event)
    bench.recorder.observe("; ".join(" ".join(map(str, one[:2])) for one in told))
    equal([one[:2] for one in told], [
        ("receiving", "returned"), ("receiving", "returned"), ("holding", "non_sellable_other"),
    ], "business steps and dispositions")


@when(parsers.re(
    r"quality decides (?P<decision>[A-Z_]+) about "
    r"(?P<unit>case [0-9]+|a case that was labelled alone), signed by "
    r"(?P<one>quality|another person)(?: and (?P<two>quality|another person|production))?"
    r"(?: for the reason \"(?P<reason>[^\"]*)\")?"
))
def quality_decides_about(
    bench: Bench, decision: str, unit: str, one: str, two: str | None, reason: str | None
) -> None:
    """Try to decide about one container."""
    body = DecideContainer(
        decision_id=Id(bench.new_id("DECISION")), container=unit_of(bench, unit),
        decision=ContainerDecision(decision), reason=reason or "investigated, see the report",
        signature=bench.signature(one, "Decided"),
        second_signature=bench.signature(two, "Decided") if two else None,
    )
    attempt = bench.command("quality", "decide-container", body)
    bench.recorder.observe(f"{decision} about {body.container}: {attempt.answer}")


@then("the shipper can ship case 1 once more")
def ships_once_more(bench: Bench) -> None:
    """What quality released is used like any other."""
    attempt = bench.prepare("the shipper", "ship", shipment_of(bench, "case 1", 0))
    bench.recorder.observe(f"shipped: {attempt.answer}")


def _return(bench: Bench, count: int) -> ReceiveReturn:
    case = bench.part(PackingOnBench).cases["1"]
    return ReceiveReturn(
        return_id=Id(bench.new_id("RETURN")), shipment_id=Id(bench.part(ComingBack).shipment),
        rma_id=Id(bench.new_id("RMA")), scan=f"]C100{case.sscc}", quantity=_pieces(count),
        serials=tuple(SerialNumber(serial) for serial in case.serials[:count]),
        location_id=Id(bench.namespace.id(_DOCK)), reason=_REASON,
    )


def _wrong(bench: Bench, what: str) -> dict[str, Any]:
    cases, names = bench.part(PackingOnBench).cases, bench.namespace
    one, other = cases["1"].serials[0], cases["2"].serials[0]
    changes: dict[str, dict[str, Any]] = {
        "case 1 with a unit of case 2": {"serials": (one, other)},
        "case 1 with one unit scanned twice": {"serials": (one, one)},
        "case 1 with 2 units of which one is scanned": {"serials": (one,)},
        "case 1 with 4 units": {"quantity": _pieces(4)},
        "case 1 in kilograms": {
            "quantity": PositiveQuantity(value=Decimal("2.000"), unit=Unit.KILOGRAM)},
        "case 2, which never left": {"scan": f"]C100{cases['2'].sscc}"},
        "case 1 of a shipment nobody knows": {"shipment_id": names.id("NO-SHIPMENT")},
        "case 1 by its digits as plain text": {"scan": f"00{cases['1'].sscc}"},
        "case 1 at a place nobody knows": {"location_id": names.id("NOWHERE")},
        "case 1 at the packing place": {"location_id": names.id(PACKING)},
        'case 1 for the reason "bad"': {"reason": "bad"},
    }
    return changes[what]


def _take_back(bench: Bench, body: ReceiveReturn) -> None:
    attempt = bench.command("the receiver", "receive-return", body)
    bench.recorder.observe(f"return of {body.quantity} by {body.scan}: {attempt.answer}")


def _pieces(count: int) -> PositiveQuantity:
    return PositiveQuantity(value=Decimal(count), unit=Unit.EACH)
