"""What stands at the dock: read from its label, matched to the delivery, keyed where it must be.

Sources: URS-RCV-001, URS-RCV-004.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ConfirmReceipt, KeyedByHand
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.receipts import Discrepancy
from contracts.model.stimulus import Purpose
from reference_impl.domain import receipts as rules
from reference_impl.domain.scans import scanned_fields
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import containers, locations, materials
from reference_impl.wms.deliveries import Delivery

_BY_GTIN = Statement(
    select(materials)
    .where(materials.c.gtin == bindparam("gtin"))
    .order_by(materials.c.material_id)
)
_DISCREPANCY_PLACES = Statement(
    select(locations)
    .where(locations.c.purpose == Purpose.DISCREPANCY.value)
    .order_by(locations.c.location_id)
)


@dataclass(frozen=True)
class Arrival:
    """A container at the dock: what is known of it, what it belongs to, what is wrong with it."""

    label: rules.Label
    line: rules.AnnouncedLine | None
    material_id: str
    quantity: PositiveQuantity
    discrepancy: Discrepancy | None
    location_id: str


# implements FRS-RCV-006
# implements FRS-RCV-007
# implements FRS-RCV-008
def arrival_of(
    work: Work, command: ConfirmReceipt, announced: Delivery, dock: Row
) -> Arrival | Refusal:
    """What the receiver has before them, or the refusal of a scan that does not say it."""
    label = _label(work, command)
    if isinstance(label, Refusal):
        return label
    named = command.line_id
    line = announced.line(named) if named else rules.line_of(label, announced.lines)
    if named and line is None:
        return Refusal(Code.UNKNOWN_ASN_LINE, "lineId", named)
    refusal = rules.check_item(label, line)
    if refusal:
        return refusal
    material = _material(work, label, line)
    if material is None:
        return Refusal(Code.UNKNOWN_ITEM, "scan", f"no item has the GTIN {label.gtin}")
    unit = Unit(material["base_unit"])
    if command.quantity is not None and command.quantity.unit is not unit:
        return Refusal(Code.UNIT_NOT_BASE_UNIT, "quantity.unit", f"it is {unit}")
    counted = rules.with_quantity(label, command.quantity, unit)
    if isinstance(counted, Refusal):
        return counted
    label, amount = counted
    found = rules.discrepancy_of(label, line, amount, command.condition)
    return Arrival(
        label, line, material["material_id"],
        PositiveQuantity(value=amount.value, unit=amount.unit), found,
        _discrepancy_place(work, dock) if found else dock["location_id"],
    )


# implements FRS-RCV-025
def verified(
    work: Work, command: ConfirmReceipt, arrival: Arrival, accounts: Accounts
) -> Refusal | None:
    """Let a second person sign what was keyed by hand."""
    keyed, components = arrival.label.keyed, command.verification
    refusal = rules.check_keyed_values(
        keyed, work.actor.account, components.user_id if components else None
    )
    if refusal or not keyed or components is None:
        return refusal
    content = command.model_dump(mode="json", exclude={"verification"})
    record = ("receipts", command.receipt_id, content)
    signed = accounts.sign(work, components.user_id, components, record)
    return rules.check_verifier(signed[1] if signed else None)


# implements FRS-RCV-009
# implements FRS-RCV-017
def dock_of(work: Work, command: ConfirmReceipt) -> Row | Refusal:
    """The receiving place that a receipt names."""
    dock = work.find(locations, command.location)
    if dock is None:
        return Refusal(Code.UNKNOWN_LOCATION, "location", command.location)
    if dock["purpose"] != Purpose.RECEIVING:
        return Refusal(Code.WRONG_PURPOSE, "location", f"it is for {dock['purpose']}")
    return dock


# implements FRS-RCV-005
def _label(work: Work, command: ConfirmReceipt) -> rules.Label | Refusal:
    fields = scanned_fields(command.scan)
    if isinstance(fields, Refusal):
        return fields
    if work.find(containers, fields["00"]):
        return Refusal(Code.CONTAINER_KNOWN, "scan", f"{fields['00']} is in stock")
    return rules.read_label(fields, command.keyed or KeyedByHand())


def _material(work: Work, label: rules.Label, line: rules.AnnouncedLine | None) -> Row | None:
    """The item that arrived: that of the line, or another one where the label names it."""
    if line is not None and rules.is_of_item(label, line):
        return work.find(materials, line.material_id)
    named = work.connection.row(_BY_GTIN, gtin=label.gtin) if label.gtin else None
    if named is None and line is not None:
        return work.find(materials, line.material_id)
    return named


# implements FRS-RCV-010
def _discrepancy_place(work: Work, dock: Row) -> str:
    if dock["discrepancy_location"]:
        return str(dock["discrepancy_location"])
    first = work.connection.row(_DISCREPANCY_PLACES)
    if first is None:
        work.alarm("NO_DISCREPANCY_PLACE", f"blocked stock stays at {dock['location_id']}")
        return str(dock["location_id"])
    return str(first["location_id"])
