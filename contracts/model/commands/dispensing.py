"""Dispensing: weigh out with a second person, give back what is left, complete the order."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool

from contracts.model.answers import CommandAnswer
from contracts.model.commands.command import Command, Reason, Scan, SignatureComponents
from contracts.model.identifiers import Id, LotNumber, Sscc
from contracts.model.quantities import ExactDecimal, PositiveQuantity, Quantity
from contracts.model.wire_model import WireModel


class Override(WireModel):
    """Two different persons, one of the quality unit, let a weight outside the band be used."""

    reason: Reason
    approvals: Annotated[tuple[SignatureComponents, ...], Field(min_length=2, max_length=2)]


class Dispense(Command):
    """MES. A dispenser weighs material out of a staged container, a second one verifies it.

    ``scan`` is what the scanner sent for the source container. A line may be dispensed in parts;
    their sum stays within the upper tolerance, and the part marked ``final`` has to bring it up to
    the lower one. Weights in another unit than the base unit are converted as master data says.
    """

    dispense_id: Id
    order_id: Id
    line_id: Id
    scan: Scan
    gross: PositiveQuantity
    tare: Quantity
    net: PositiveQuantity | None = None
    """What the scale printed as net; it has to equal gross minus tare."""
    scale_id: Id
    at_celsius: ExactDecimal | None = None
    """The temperature of the material, where mass is weighed and volume is kept."""
    to_container: Sscc
    verification: SignatureComponents
    final: StrictBool = False
    override: Override | None = None

    @property
    def key(self) -> str:
        return self.dispense_id


class ContainerLabel(WireModel):
    """What the label of a dispensed container says. Source: 21 CFR 211.101(b); URS-DSP-007.

    ``receiving_number`` is the site's own lot id, one per lot of each shipment.
    """

    container: Sscc
    material_id: Id
    item: str
    receiving_number: Id
    lot: LotNumber
    weight: Quantity
    product: str
    strength: str
    batch: LotNumber


class Dispensed(CommandAnswer):
    """The answer to a dispense: the net weight that was booked, and the label to print."""

    net: Quantity
    label: ContainerLabel


class ReturnMaterial(Command):
    """MES. Production gives material back to the warehouse, in quarantine by default.

    ``container`` is a dispensed container of the order, or a staged one that was not used up;
    ``new_container`` takes a part and is absent where all that is left travels under its own label.
    """

    return_id: Id
    order_id: Id
    container: Sscc
    scan: Scan | None = None
    """What the scanner sent, where the container was scanned; it has to name ``container``."""
    quantity: PositiveQuantity
    new_container: Sscc | None = None
    to_location: Id

    @property
    def key(self) -> str:
        return self.return_id


class CompleteOrder(Command):
    """MES. Production ends an order and confirms what came out, good and scrap."""

    order_id: Id
    good_quantity: PositiveQuantity
    scrap_quantity: PositiveQuantity | None = None

    @property
    def key(self) -> str:
        return self.order_id
