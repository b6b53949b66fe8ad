"""Where stock may stand: status decisions and what has to move, materials and supply areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import (
    ChangeLotStatus,
    PutAway,
    RelocationTasks,
    RequestedLine,
    RequestPick,
    StartOrder,
)
from contracts.model.identifiers import Id, LotNumber
from contracts.model.inspection import Containers, Picks
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from contracts.model.segregation import TemperatureClass
from contracts.model.stimulus import BomLine, Container, Load, Location, Lot, Order, Purpose
from features.bench import Bench
from features.claims import equal
from features.steps.deliveries import EXPIRES, add_kinds, add_places
from features.steps.lot_status import decision_about
from features.steps.material import add_lot
from features.steps.words import AMOUNT, LETTER, amount_of, quantity_of

_STATUS = {"released": LotStatus.RELEASED, "in quarantine": LotStatus.QUARANTINE}
SUPPLY_AREAS: dict[str, dict[str, object]] = {
    "PSA-COLD": {"temperature_class": TemperatureClass.COLD},
    "PSA-HAZARD": {"hazard_classes": ("FLAMMABLE",)},
    "PSA-MILK": {"allergens": ("MILK",)},
}


@dataclass
class Supply:
    """The stock of a kind of material, and the order that is to use it."""

    order_id: str = ""
    container: str = ""


# --- stock that has to move ---------------------------------------------------------------------


@given(parsers.re(
    rf"lot {LETTER} of lactose, {AMOUNT}, (?P<status>released|in quarantine), "
    r"stands in (?P<place>\S+)"
))
def lot_stands_in(bench: Bench, letter: str, amount: str, status: str, place: str) -> None:
    """A lot in one container at a place that allows its status."""
    add_places(bench)
    add_lot(bench, letter, amount, _STATUS[status], EXPIRES, place=place)


@given(parsers.re(rf"quality has decided that lot {LETTER} is (?P<status>[A-Z]+)"))
def quality_has_decided(bench: Bench, letter: str, status: str) -> None:
    """A decision that the warehouse has heard of."""
    bench.prepare("quality", "change-lot-status", _decision(bench, letter, LotStatus(status)))
    bench.deliver()


@when(parsers.re(
    rf"quality decides that lot {LETTER} is (?P<status>[A-Z]+), and the warehouse has heard of it"
))
def quality_decides(bench: Bench, letter: str, status: str) -> None:
    """The decision that the scenario is about."""
    body = _decision(bench, letter, LotStatus(status))
    attempt = bench.command("quality", "change-lot-status", body)
    bench.recorder.observe(f"lot {letter} to {status}: {attempt.answer}")
    bench.deliver()


@when(parsers.re(rf"the receiver moves lot {LETTER} to (?P<place>\S+)"))
def receiver_moves(bench: Bench, letter: str, place: str) -> None:
    """Try to bring the container of a lot to a place."""
    body = PutAway(
        putaway_id=Id(bench.new_id("PUT")), scan=f"]C100{bench.lots[letter].container}",
        to_location=Id(bench.namespace.id(place)),
    )
    attempt = bench.command("the receiver", "put-away", body)
    bench.recorder.observe(f"lot {letter} to {place}: {attempt.answer}")


@then(parsers.re(
    rf"the receiver is told to move lot {LETTER} away from (?P<place>\S+), as (?P<status>[A-Z]+)"
))
def told_to_move(bench: Bench, letter: str, place: str, status: str) -> None:
    """One task, and it names container, place and status."""
    lot = bench.lots[letter]
    wanted = (lot.container, lot.lot_id, bench.namespace.id(place), LotStatus(status))
    equal(_tasks(bench), [wanted], "relocation tasks")


@then("the receiver is told to move nothing")
def told_to_move_nothing(bench: Bench) -> None:
    """No task is left for the scenario's stock."""
    equal(_tasks(bench), [], "relocation tasks")


@then(parsers.re(
    rf"after delivery both systems show {AMOUNT} of lot {LETTER} at (?P<place>\S+)"
))
def both_show_lot_at(bench: Bench, amount: str, letter: str, place: str) -> None:
    """Owner and mirror agree on the place."""
    bench.deliver()
    lot = bench.lots[letter]
    for role in Role:
        rows = bench.site.client(role).ask("containers", Containers).rows
        shown = [(str(r.location_id), r.quantity) for r in rows if r.sscc == lot.container]
        bench.recorder.observe(f"{role.upper()}: {', '.join(f'{q} at {p}' for p, q in shown)}")
        wanted = [(bench.namespace.id(place), amount_of(amount))]
        equal(shown, wanted, f"lot {letter} in {role.upper()}")


# --- supply areas -------------------------------------------------------------------------------


@given(parsers.re(
    rf"{AMOUNT} of (?P<kind>[A-Z]+) in stock, released, and a started order for it"
))
def kind_in_stock(bench: Bench, amount: str, kind: str) -> None:
    """One container of one kind of material; it stands in the rack, as opening stock may."""
    add_kinds(bench)
    names, supply = bench.namespace, bench.part(Supply)
    lot_id, material = Id(names.id(f"LOT-{kind}")), Id(names.id(kind))
    supply.order_id, supply.container = bench.new_id("ORDER"), names.sscc(kind)
    line = BomLine(line_id=Id("10"), material_id=material, quantity=amount_of(amount),
                   tolerance_high=quantity_of("0.000"))
    bench.site.load(Load(
        locations=tuple(
            Location.model_validate({
                "location_id": names.id(area), "purpose": Purpose.STAGING, "description": area,
                **what,
            })
            for area, what in SUPPLY_AREAS.items()
        ),
        lots=(Lot(lot_id=lot_id, material_id=material, status=LotStatus.RELEASED,
                  lot=LotNumber(names.lot_number(kind)), expires_on=EXPIRES),),
        containers=(Container(sscc=names.sscc(kind), lot_id=lot_id, quantity=amount_of(amount),
                              location_id=Id(names.id("RACK-1"))),),
        orders=(Order(order_id=Id(supply.order_id), bom_id=Id(names.id("BOM")), bom_version=1,
                      lines=(line,)),),
    ))
    bench.prepare("production", "start-order", StartOrder(order_id=Id(supply.order_id)))


@when(parsers.re(r"production requests all of it at (?P<place>\S+)"))
def requests_all_at(bench: Bench, place: str) -> None:
    """Try to have it staged at a supply area."""
    bench.request_id = bench.new_id("REQ")
    body = RequestPick(
        request_id=Id(bench.request_id), order_id=Id(bench.part(Supply).order_id),
        to_location=Id(bench.namespace.id(place)), needed_by=bench.now + timedelta(hours=1),
        lines=(RequestedLine(line_id=Id("10"), quantity=amount_of("25.000")),),
    )
    attempt = bench.command("production", "request-pick", body)
    bench.recorder.observe(f"request {bench.request_id} at {place}: {attempt.answer}")


@then("the warehouse has set aside all of it for the request")
def all_set_aside(bench: Bench) -> None:
    """Exactly this container, whole."""
    rows = [
        (str(a.container), a.quantity)
        for row in bench.site.client(Role.WMS).ask("picks", Picks).rows
        if row.request_id == bench.request_id
        for a in row.allocations
    ]
    bench.recorder.observe(f"set aside: {', '.join(f'{q} of {c}' for c, q in rows)}")
    equal(rows, [(bench.part(Supply).container, amount_of("25.000"))], "set aside")


def _tasks(bench: Bench) -> list[tuple[str, str, str, LotStatus]]:
    token = bench.session("the receiver")
    answer = bench.site.client(Role.WMS).call("relocation-tasks", session=token)
    rows = [
        (str(task.container), str(task.lot_id), str(task.location_id), task.status)
        for task in answer.as_(RelocationTasks).tasks
        if bench.namespace.owns(task.lot_id)
    ]
    bench.recorder.observe(f"relocation tasks: {rows or 'none'}")
    return rows


def _decision(bench: Bench, letter: str, wanted: LotStatus) -> ChangeLotStatus:
    signature = bench.signature("quality", "Decided on the bench")
    signed = signature if wanted is LotStatus.RELEASED else None
    return decision_about(bench, bench.lots[letter].lot_id, wanted, signed)
