"""Units and assays."""

from __future__ import annotations

from typing import Any

from contracts.model.identifiers import Id, LotNumber
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Unit
from contracts.model.roles import Duty
from contracts.model.stimulus import Load, Lot, Material
from contracts.model.units import Density, PotencyBasis, UnitFactor
from features.contract_checks.domains.facts import Domain, Facts, member
from features.contract_checks.world import EXPIRES, PASSWORD, World
from simulator.namespace import Namespace

_REASON_MIN = 5
_REASON = "because a contract check says so"
_CELSIUS = "20"


def _convert_quantity(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("conversionId", world.fresh("conversion")),
        ("materialId", world.names.id("SOLVENT")),
        ("quantity", world.amount()),
        ("toUnit", Unit.LITRE.value),
        ("atCelsius", _CELSIUS),
        ("lotId", world.names.id("SOLVENT-LOT")),
    ]
    if member(body, "lotId") is None:
        facts.append(("toUnit", Unit.GRAM.value))
        del facts[-2]
    return facts


def _record_assay(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("assayId", world.fresh("assay")),
        ("lotId", world.names.id("SOLVENT-LOT")),
        ("basis", PotencyBasis.AS_IS.value),
        ("signature.userId", world.person(Duty.QUALITY)),
        ("signature.password", PASSWORD),
    ]
    if len("".join(str(member(body, "reason")).split())) < _REASON_MIN:
        facts.append(("reason", _REASON))
    return facts


def _load(names: Namespace, _: int) -> Load:
    grams = UnitFactor(
        from_unit=Unit.GRAM, to_unit=Unit.KILOGRAM, numerator=1, denominator=1000
    )
    density = Density.model_validate({"value": "0.789", "unit": "B35", "at_celsius": _CELSIUS})
    return Load(
        materials=(Material(
            material_id=Id(names.id("SOLVENT")), description="example solvent",
            base_unit=Unit.LITRE, conversions=(grams,), potency_basis=PotencyBasis.AS_IS,
        ),),
        lots=(Lot(
            lot_id=Id(names.id("SOLVENT-LOT")), material_id=Id(names.id("SOLVENT")),
            lot=LotNumber(names.lot_number("SOLVENT")), expires_on=EXPIRES,
            status=LotStatus.RELEASED, densities=(density,),
        ),),
    )


UNITS = Domain(
    facts={"convert-quantity": _convert_quantity, "record-assay": _record_assay}, load=_load
)
