"""Counts, adjustments and samples."""

from __future__ import annotations

from typing import Any

from contracts.model.commands import RecordCount
from contracts.model.identifiers import Id, LotNumber
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import NonNegativeQuantity, PositiveQuantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Container, Load, Lot, Material, Person
from features.contract_checks.domains.facts import Domain, Facts, member, message
from features.contract_checks.world import EXPIRES, LINE, PASSWORD, World
from simulator.namespace import Namespace
from simulator.site import EXAMPLE_SIGNING

_REASON_MIN = 5
_REASON = "because a contract check says so"
_BOOK, _FOUND, _DIFFERENCE = "25.000", "24.500", "-0.500"


def _count_completed(world: World, _: Any) -> Facts:
    return message(world, "count-completed", f"container/{world.label()}", (
        ("countId", world.fresh("count")),
        ("recountOf", ...),
        ("container", world.names.sscc("STOCK")),
        ("book", _kg(_BOOK)),
        ("counted", _kg(_FOUND)),
        ("difference", _kg(_DIFFERENCE)),
    ))


def _inventory_adjusted(world: World, _: Any) -> Facts:
    return message(world, "inventory-adjusted", f"container/{world.label()}", (
        ("adjustmentId", world.fresh("adjustment")),
        ("investigationId", world.fresh("investigation")),
        ("deviationId", world.fresh("deviation")),
        ("container", world.names.sscc("STOCK")),
        ("before", _kg(_BOOK)),
        ("after", _kg(_FOUND)),
        ("delta", _kg(_DIFFERENCE)),
    ))


def _sample_taken(world: World, _: Any) -> Facts:
    return message(world, "sample-taken", f"container/{world.label()}", (
        ("sampleId", world.fresh("sample")),
        ("sourceContainer", world.names.sscc("SAMPLED")),
        ("sampleContainer", world.label()),
        ("quantity", world.amount()),
    ))


def _record_count(world: World, _: Any) -> Facts:
    return [
        ("countId", world.fresh("count")),
        ("recountOf", ...),
        ("locationId", world.names.id("RACK")),
        ("scan", f"]C100{world.names.sscc('SAMPLED')}"),
        ("counted", world.amount()),
    ]


def _approve_adjustment(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("adjustmentId", world.fresh("adjustment")),
        ("countId", world.names.id(f"COUNT{world.turn('approval')}")),
        ("signature.userId", world.person(Duty.SUPERVISOR)),
        ("signature.password", PASSWORD),
    ]
    return facts + _reason(body)


def _take_sample(world: World, _: Any) -> Facts:
    return [
        ("sampleId", world.fresh("sample")),
        ("scan", f"]C100{world.names.sscc('SAMPLED')}"),
        ("quantity", world.amount()),
        ("sampleContainer", world.label()),
    ]


def _override_allocation(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("overrideId", world.fresh("override")),
        ("requestId", world.names.id("SCAN-REQUEST")),
        ("lineId", LINE),
        ("lotId", world.names.id("SCAN")),
    ]
    return facts + _reason(body)


def _reason(body: Any) -> Facts:
    is_short = len("".join(str(member(body, "reason")).split())) < _REASON_MIN
    return [("reason", _REASON)] if is_short else []


def _kg(value: str) -> dict[str, str]:
    return {"value": value, "unit": Unit.KILOGRAM.value}


# --- what is loaded and opened ------------------------------------------------------------------


def _count_all(world: World) -> None:
    """A difference for each approval: counted by one person, recounted by another."""
    recounter = world.sign_in(world.names.id("p.recounter"))
    for number in range(world.supply):
        count_id = world.names.id(f"COUNT{number}")
        world.command("record-count", _count(world, number, count_id, None), Duty.COUNTER)
        again = _count(world, number, f"{count_id}-again", count_id)
        world.command("record-count", again, Duty.COUNTER, session=recounter)


def _count(world: World, number: int, count_id: str, of: str | None) -> RecordCount:
    return RecordCount(
        count_id=Id(count_id), location_id=Id(world.names.id("RACK")),
        scan=f"]C100{world.names.sscc(f'COUNTED{number}')}",
        counted=NonNegativeQuantity.of(f"{_FOUND} KGM"), recount_of=Id(of) if of else None,
    )


def _load(names: Namespace, supply: int) -> Load:
    containers = [_container(names, f"COUNTED{n}", f"{_BOOK} KGM") for n in range(supply)]
    return Load(
        people=(Person(person_id=Id(names.id("p.recounter")), printed_name="Example recounter",
                       duties=(Duty.COUNTER,), password=PASSWORD, signing=EXAMPLE_SIGNING),),
        materials=(Material(material_id=Id(names.id("COUNTED")), base_unit=Unit.KILOGRAM,
                            description="example material COUNTED", gtin=names.gtin("COUNTED")),),
        lots=(Lot(lot_id=Id(names.id("COUNTED")), material_id=Id(names.id("COUNTED")),
                  lot=LotNumber(names.lot_number("COUNTED")), expires_on=EXPIRES,
                  status=LotStatus.RELEASED),),
        containers=(*containers, _container(names, "SAMPLED", "1000000 KGM")),
    )


def _container(names: Namespace, name: str, amount: str) -> Container:
    return Container(
        sscc=names.sscc(name), lot_id=Id(names.id("COUNTED")), location_id=Id(names.id("RACK")),
        quantity=PositiveQuantity.of(amount),
    )


ADJUSTMENTS = Domain(
    facts={
        "count-completed": _count_completed,
        "inventory-adjusted": _inventory_adjusted,
        "sample-taken": _sample_taken,
        "record-count": _record_count,
        "approve-adjustment": _approve_adjustment,
        "take-sample": _take_sample,
        "override-allocation": _override_allocation,
    },
    load=_load,
    open_work={Role.WMS: _count_all},
)
