"""What a system shows of units: assays and what was adjusted by them, roundings, its columns."""

from __future__ import annotations

from contracts.model.identifiers import Id
from contracts.model.inspection import Count, Position
from contracts.model.instants import Timestamp
from contracts.model.quantities import Percent, Quantity
from contracts.model.units import ExactAmount, PotencyBasis, QuantityType
from contracts.model.wire_model import WireModel


class AssayRow(WireModel):
    """One version of the assay of a lot. The highest version counts; none is ever changed."""

    lot_id: Id
    version: Position
    assay_id: Id
    potency: Percent
    basis: PotencyBasis | None = None
    result_ref: Id | None = None
    reason: str | None = None
    recorded_at: Timestamp
    recorded_by: Id
    signature_id: Id | None = None
    """Absent where the assay came with opening stock."""


class AdjustedRow(WireModel):
    """One version of the active quantity of a dispensed container: net times potency.

    ``assay_version`` is the version of the lot's assay that it was calculated from.
    """

    issue_id: Id
    version: Position
    lot_id: Id
    assay_version: Position
    net: Quantity
    potency: Percent
    basis: PotencyBasis | None = None
    active: Quantity
    residue: ExactAmount
    signature_id: Id
    signed_at: Timestamp


class Assays(WireModel):
    """All versions of all assays, and of all quantities that were adjusted by them."""

    rows: tuple[AssayRow, ...]
    adjusted: tuple[AdjustedRow, ...]


class RoundingRow(WireModel):
    """A quantity that was converted and rounded when it was posted; ``residue`` is what it lost.

    ``cause`` is the business event: of a weighing its dispense id.
    """

    cause: Id
    quantity_type: QuantityType
    lot_id: Id
    rounded: Quantity
    residue: ExactAmount


class Roundings(WireModel):
    """All posted roundings. Rounded plus residue is what was weighed, exactly."""

    rows: tuple[RoundingRow, ...]


class ColumnRow(WireModel):
    """A column of the database. ``float_values``: how many binary floats it holds."""

    table: str
    column: str
    type: str
    float_values: Count


class Columns(WireModel):
    """All columns of all tables, as the database itself describes them. Source: URS-UOM-001."""

    rows: tuple[ColumnRow, ...]
