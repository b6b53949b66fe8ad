"""Reconciliation: comparisons, and differences to close, each once."""

from __future__ import annotations

from typing import Any

from contracts.model.commands import ReconcileStock
from contracts.model.identifiers import Id, LotNumber, Sscc
from contracts.model.inspection_differences import Reconciliations
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Container, Load, Lot, Material
from features.contract_checks.domains.facts import Domain, Facts, member
from features.contract_checks.world import EXPIRES, PASSWORD, World
from simulator.namespace import Namespace

_REASON = "because a contract check says so"
_OPENED = "differences"


def _reconcile(world: World, _: Any) -> Facts:
    return [("reconciliationId", world.fresh("comparison"))]


def _close(world: World, body: Any) -> Facts:
    difference, _, deviation = world.take(_OPENED).partition(" ")
    facts: Facts = [
        ("adjustmentId", world.fresh("adjustment")),
        ("differenceId", difference),
        ("deviationId", deviation or world.names.id("NONE")),
        ("signature.userId", world.person(Duty.QUALITY)),
        ("signature.password", PASSWORD),
    ]
    is_short = len("".join(str(member(body, "reason")).split())) < 5
    return [*facts, ("reason", _REASON)] if is_short else facts


def _open_differences(world: World) -> None:
    """Containers that MES alone is told of, and a comparison that finds them."""
    names = world.names
    document = Load(containers=tuple(
        Container(
            sscc=Sscc(names.sscc(f"DIFFERS{number}")), lot_id=Id(names.id(f"DIFFERS{number}")),
            location_id=Id(names.id("RACK")), quantity=PositiveQuantity.of("1 KGM"),
        )
        for number in range(world.supply)
    ))
    client = world.harness[world.role]
    world.attempt("load of containers", lambda: client.call("stimulus/load", document))
    world.command("reconcile-stock", ReconcileStock(
        reconciliation_id=Id(world.fresh("comparison"))), Duty.QUALITY)
    shown = world.attempt("differences", lambda: client.ask("reconciliations", Reconciliations))
    own = {names.id(f"DIFFERS{number}") for number in range(world.supply)}
    world.opened[_OPENED] = [
        f"{row.difference_id} {row.deviation_id}"
        for row in (shown.differences if shown else ()) if row.lot_id in own
    ]


def _load(names: Namespace, supply: int) -> Load:
    return Load(
        materials=(Material(
            material_id=Id(names.id("DIFFERS")), base_unit=Unit.KILOGRAM,
            description="example material DIFFERS", gtin=names.gtin("DIFFERS"),
        ),),
        lots=tuple(
            Lot(lot_id=Id(names.id(f"DIFFERS{number}")), material_id=Id(names.id("DIFFERS")),
                lot=LotNumber(names.lot_number(f"DIFFERS{number}")), expires_on=EXPIRES,
                status=LotStatus.RELEASED)
            for number in range(supply)
        ),
    )


RECONCILING = Domain(
    facts={"reconcile-stock": _reconcile, "close-difference": _close},
    load=_load,
    open_work={Role.MES: _open_differences},
)
