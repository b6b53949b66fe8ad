"""Units that are broken and put together again."""

from __future__ import annotations

from typing import Any

from contracts.model.identifiers import Id, ItemName, LotNumber, Sscc, UnitName
from contracts.model.lot_status import LotStatus
from contracts.model.messages.custody import Breaking, TakenOut, UnitDisaggregated
from contracts.model.messages.packing import UnitAggregated
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Container, Load, Location, Lot, Material, Purpose
from features.contract_checks.domains.facts import Domain, Facts, member, message
from features.contract_checks.world import EXPIRES, NOW, World
from simulator.namespace import Namespace

_REASON = "because a contract check says so"


def _unit_disaggregated(world: World, _: Any) -> Facts:
    parent = world.label()
    return message(world, "unit-disaggregated", f"container/{parent}", (
        ("disaggregationId", world.fresh("breaking")),
        ("parent", parent),
        ("takenOut", [{"unit": world.label()}]),
        ("locationId", world.names.id("BENCH")),
    ))


def _disaggregate(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("disaggregationId", world.fresh("breaking")),
        ("parent", world.take("standing pallet")),
        ("children", ...),
        ("into", ...),
        ("scanRunId", ...),
        ("locationId", world.names.id("BENCH")),
    ]
    if len("".join(str(member(body, "reason")).split())) < 5:
        facts.append(("reason", _REASON))
    return facts


def _reaggregate(world: World, _: Any) -> Facts:
    case, tote, item = world.take("loose item").split(" ")
    return [
        ("aggregationId", world.fresh("back")), ("parent", case), ("source", tote),
        ("children", [item]),
    ]


def _open_custody(world: World) -> None:
    """Pallets that carry a case, and units of sale that lie in a tote: news from the partner."""
    world.opened |= {"standing pallet": [], "loose item": []}
    for number in range(world.supply):
        pallet, case = world.label(), world.names.sscc(f"CASE{number}")
        world.tell("unit-aggregated", UnitAggregated(
            aggregation_id=Id(world.fresh("standing")), parent=pallet, children=(UnitName(case),),
            aggregated_at=NOW, aggregated_by=Id(world.person(_duty(world))), station=Id("CONTRACT"),
        ), f"container/{pallet}")
        world.opened["standing pallet"].append(pallet)
        opened, tote = world.names.sscc(f"OPENED{number}"), world.label()
        item = ItemName.of(world.names.gtin("KNOWN"), f"S{number}")
        world.tell("unit-disaggregated", UnitDisaggregated(
            disaggregation_id=Id(world.fresh("opened")), parent=opened,
            taken_out=(TakenOut(unit=UnitName(item), into=tote, lot_id=Id(_lot(world.names))),),
            whole=False, purpose=Breaking.REWORK, reason=_REASON,
            location_id=Id(world.names.id("BENCH")), disaggregated_at=NOW,
            disaggregated_by=Id(world.person(_duty(world))), station=Id("CONTRACT"),
        ), f"container/{opened}")
        world.opened["loose item"].append(f"{opened} {tote} {item}")


def _duty(world: World) -> Duty:
    return Duty.SHIPPER if world.role is Role.MES else Duty.PACKER


def _lot(names: Namespace) -> str:
    return names.id("BROKEN")


def _load(names: Namespace, supply: int) -> Load:
    two = PositiveQuantity.of("2 C62")
    return Load(
        materials=(Material(material_id=Id(names.id("KNOWN")), description="example tablets",
                            gtin=names.gtin("KNOWN"), base_unit=Unit.EACH),),
        locations=(Location(location_id=Id(names.id("BENCH")), purpose=Purpose.PACKING,
                            description="example rework bench"),),
        lots=(Lot(lot_id=Id(_lot(names)), material_id=Id(names.id("KNOWN")),
                  lot=LotNumber(names.lot_number("BROKEN")), expires_on=EXPIRES,
                  status=LotStatus.RELEASED),),
        containers=tuple(
            Container(sscc=Sscc(names.sscc(f"{kind}{n}")), lot_id=Id(_lot(names)),
                      location_id=Id(names.id("BENCH")), quantity=two)
            for kind in ("CASE", "OPENED") for n in range(supply)
        ),
    )


CUSTODY = Domain(
    facts={
        "unit-disaggregated": _unit_disaggregated,
        "disaggregate": _disaggregate,
        "reaggregate": _reaggregate,
    },
    load=_load,
    open_work={Role.MES: _open_custody, Role.WMS: _open_custody},
)
