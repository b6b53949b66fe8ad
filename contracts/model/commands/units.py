"""Units and potency: what an amount comes to in another unit, and a new assay of a lot."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.answers import CommandAnswer
from contracts.model.commands.command import Command, Reason, SignatureComponents
from contracts.model.identifiers import Id
from contracts.model.quantities import ExactDecimal, Percent, PositiveQuantity, Quantity, Unit
from contracts.model.units import ExactAmount, PotencyBasis, WholeNumber


class ConvertQuantity(Command):
    """Both. What a quantity of a material comes to in another unit; nothing is posted.

    Between mass and volume the density of ``lot_id`` at ``at_celsius`` is used. With ``parts`` the
    whole is divided into that many equal parts.
    """

    conversion_id: Id
    material_id: Id
    lot_id: Id | None = None
    quantity: PositiveQuantity
    to_unit: Unit
    at_celsius: ExactDecimal | None = None
    parts: Annotated[int, Field(strict=True, ge=1, le=100_000)] = 1

    @property
    def key(self) -> str:
        return self.conversion_id


class QuantityConverted(CommandAnswer):
    """``parts`` times ``quantity`` plus ``residue`` is the given quantity times the ratio."""

    quantity: Quantity
    """Each part, rounded."""
    residue: ExactAmount
    """What rounding left of the whole."""
    numerator: WholeNumber
    denominator: WholeNumber


class RecordAssay(Command):
    """MES. The quality unit releases an assay of a lot: a new signed version, never another value.

    What was weighed by the assay before is calculated anew, as a new version signed by this one.
    """

    assay_id: Id
    lot_id: Id
    potency: Percent
    basis: PotencyBasis
    result_ref: Id
    """The laboratory's result that the assay rests on."""
    reason: Reason
    signature: SignatureComponents

    @property
    def key(self) -> str:
        return self.assay_id
