"""Conversions in both systems: what people ask, what is posted of a weighing, what is shown.

Sources: URS-UOM-001 to URS-UOM-003, URS-UOM-005.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ConvertQuantity
from contracts.model.inspection_units import ColumnRow, Columns, RoundingRow, Roundings
from contracts.model.quantities import Quantity, Unit
from contracts.model.units import AppliedConversion, ExactAmount, QuantityType
from reference_impl.domain.rounding import Rounded, divided, posted
from reference_impl.domain.units import Missing, ratio
from reference_impl.factors import factors_of, stock_digits
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import quantity
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import lots, materials
from reference_impl.store.unit_tables import roundings
from reference_impl.system import Answered

_ROUNDINGS = Statement(select(roundings).order_by(roundings.c.cause))


# implements FRS-UOM-003
def convert_quantity(work: Work, command: ConvertQuantity) -> Refusal | Answered:
    """Tell what a quantity comes to in another unit."""
    material = work.find(materials, command.material_id)
    if material is None:
        return Refusal(Code.UNKNOWN_MATERIAL, "materialId", command.material_id)
    lot = _lot(work, command)
    if isinstance(lot, Refusal):
        return lot
    unit, to_unit = command.quantity.unit, command.to_unit
    factor = ratio(factors_of(material, lot, command.at_celsius), unit, to_unit)
    if factor is Missing.FACTOR:
        return Refusal(
            Code.CONVERSION_MISSING, "toUnit", f"no one factor from {unit} to {to_unit} is stated"
        )
    if factor is Missing.DENSITY:
        return _without_density(command.at_celsius)
    exact = Fraction(command.quantity.value) * factor
    try:
        part = divided(exact, command.to_unit, command.parts)
    except ValueError as exc:
        return Refusal(Code.QUANTITY_OUT_OF_RANGE, "quantity", str(exc))
    return Answered({
        "quantity": part.quantity, "residue": part.exact_residue,
        "numerator": str(factor.numerator), "denominator": str(factor.denominator),
    })


@dataclass(frozen=True)
class Weighed:
    """A net weight in the unit of a scale, with how warm the material was."""

    net: Quantity
    celsius: Decimal | None


@dataclass(frozen=True)
class InBaseUnit:
    """What a weight comes to in the base unit; ``applied`` where it was converted."""

    amount: Rounded
    applied: AppliedConversion | None


def to_base_unit(
    material: Row, lot: Row, weighed: Weighed, base: Unit
) -> InBaseUnit | Refusal:
    """A weight as the stock ledger takes it. The field of a refusal is that of a dispense."""
    net = weighed.net
    if net.unit is base:
        return InBaseUnit(Rounded(net, Fraction(0)), None)
    factors = factors_of(material, lot, weighed.celsius)
    factor = ratio(factors, net.unit, base)
    if factor is Missing.FACTOR:
        return Refusal(Code.UNIT_NOT_BASE_UNIT, "gross.unit", f"it is {base}")
    if factor is Missing.DENSITY:
        return _without_density(weighed.celsius)
    amount = posted(Fraction(net.value) * factor, base, stock_digits(material), "gross")
    if isinstance(amount, Refusal):
        return amount
    return InBaseUnit(amount, AppliedConversion(
        numerator=str(factor.numerator), denominator=str(factor.denominator),
        residue=amount.exact_residue, at_celsius=weighed.celsius,
    ))


# implements FRS-UOM-004
def post_rounding(
    work: Work, cause: str, lot_id: str, booked: Quantity, residue: ExactAmount
) -> None:
    """Post what rounding took from a quantity beside it, so that both together are the whole."""
    work.create(
        roundings, cause=cause, quantity_type=QuantityType.STOCK.value, lot_id=lot_id,
        rounded=f"{booked.value:f}", unit=booked.unit.value,
        residue_numerator=residue.numerator, residue_denominator=residue.denominator,
    )


def show_roundings(connection: Connection, _: Settings, __: int) -> Roundings:
    """All posted roundings."""
    return Roundings(
        rows=tuple(
            RoundingRow(
                cause=row["cause"], quantity_type=QuantityType(row["quantity_type"]),
                lot_id=row["lot_id"], rounded=quantity(row, "rounded"),
                residue=ExactAmount(
                    numerator=row["residue_numerator"], denominator=row["residue_denominator"],
                    unit=Unit(row["unit"]),
                ),
            )
            for row in connection.rows(_ROUNDINGS)
        )
    )


# implements FRS-UOM-001
def show_columns(connection: Connection, _: Settings, __: int) -> Columns:
    """All columns, as the database describes them, and how many floats stand in each."""
    return Columns(
        rows=tuple(
            ColumnRow(
                table=found.table, column=found.column, type=found.type, float_values=found.floats
            )
            for found in connection.declared()
        )
    )


# implements FRS-UOM-009
def _without_density(celsius: Decimal | None) -> Refusal:
    at = "a temperature that is not told" if celsius is None else f"{celsius:f} °C"
    return Refusal(Code.DENSITY_UNKNOWN, "atCelsius", f"the lot has no one density at {at}")


# implements FRS-UOM-011
def _lot(work: Work, command: ConvertQuantity) -> Row | Refusal | None:
    if command.lot_id is None:
        return None
    lot = work.find(lots, command.lot_id)
    if lot is None:
        return Refusal(Code.UNKNOWN_LOT, "lotId", command.lot_id)
    if lot["material_id"] != command.material_id:
        return Refusal(Code.WRONG_MATERIAL, "lotId", f"{command.lot_id} is {lot['material_id']}")
    return lot


CONVERSIONS = {"roundings": show_roundings, "columns": show_columns}
