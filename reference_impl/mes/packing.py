"""Packing: a label is printed and read back, a unit is closed under it, units go onto pallets.

Sources: URS-PAK-001, URS-PAK-002, URS-PAK-003, URS-AGG-001, URS-LBL-003.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, select

from contracts.formats.element_strings import read_scan
from contracts.model.codes import Code, Refusal
from contracts.model.commands import PackUnit, PalletizeUnits, PrintLabel, SpoilLabel, VerifyLabel
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Sscc, UnitName
from contracts.model.instants import write_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES
from contracts.model.messages.packing import PackCompleted, UnitAggregated
from contracts.model.messages.shipping import ShipmentConfirmed
from contracts.model.packing import LabelState, UnitKind
from contracts.model.quantities import Pieces, Quantity, Unit
from contracts.model.scans import GuardedStep
from contracts.model.stimulus import EquipmentKind, Load
from reference_impl.custody import act_of, put_into
from reference_impl.disaggregation import followed_by
from reference_impl.domain import packing as rules
from reference_impl.domain.label_texts import LabelWords, check_printable, texts_of
from reference_impl.domain.reasons import check_reason
from reference_impl.kits import kit_of
from reference_impl.labels import draw_label
from reference_impl.link.outbox import About, put
from reference_impl.master_data import check_item_equal
from reference_impl.mes.equipment import check_device, check_scanner
from reference_impl.places import check_stands
from reference_impl.records.counting import next_lasting_number
from reference_impl.records.work import Work
from reference_impl.scanning import use_run
from reference_impl.serials import is_out
from reference_impl.stock import lot_in_use, quantity, text
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import (
    containers,
    equipment,
    label_reconciliations,
    labels,
    lots,
    materials,
    order_products,
    orders,
    packaging_lines,
)
from reference_impl.system import Answered
from reference_impl.units import (
    check_children,
    content_of,
    keep_shipment,
    parent_of,
)

_OF_SSCC = Statement(select(labels.c.label_id).where(labels.c.sscc == bindparam("sscc")))
_SAME_ON_REPRINT = ("order_id", "line_id", "kind", "lot_id", "quantity")


def load_packaging_lines(work: Work, body: Load) -> int:
    """Take over the packaging lines with their ranges. Returns: how many were new."""
    new = [line for line in body.packaging_lines if not work.find(packaging_lines, line.line_id)]
    for line in new:
        work.create(
            packaging_lines, line_id=line.line_id, location_id=line.location_id,
            sscc_prefix=line.sscc_prefix, scanner_id=line.scanner_id,
        )
    return len(new)


# implements FRS-PAK-002
def print_label(work: Work, command: PrintLabel) -> Refusal | Answered:
    """Print a label under a new SSCC, or once more under that of a print that it replaces."""
    refusal = _check_order(work, command) or _check_devices(work, command)
    if refusal:
        return refusal
    label = _label(work, command)
    texts = texts_of(command.locale, _words(work, command))
    refusal = check_printable(texts, command.encoding)
    if refusal:
        return refusal
    if command.reprint_of is not None:
        earlier = work.find(labels, command.reprint_of)
        refusal = _check_reprint(command.reprint_of, earlier, label)
        if refusal or earlier is None:
            return refusal or Refusal(Code.UNKNOWN_LABEL, "reprintOf", command.reprint_of)
        work.change(labels, command.reprint_of, state=LabelState.VOID.value)
        sscc: Sscc | None = Sscc(earlier["sscc"])
    else:
        sscc = _commission(work, command.packaging_line_id)
    if sscc is None:
        return Refusal(Code.RANGE_EXHAUSTED, "packagingLineId", command.packaging_line_id)
    work.create(labels, sscc=sscc, **label)
    drawn = draw_label(_fields(work, sscc, label), texts, command.encoding)
    return Answered({
        "sscc": sscc, "element_strings": drawn.element_strings, "texts": texts,
        "image": drawn.image, "zpl": drawn.zpl,
    })


def verify_label(work: Work, command: VerifyLabel) -> Refusal | None:
    """A scanner read the label: each field must be as the record has it."""
    label = work.find(labels, command.label_id)
    if label is None:
        return _unknown(command.label_id)
    refusal = check_scanner(work, label["line_id"]) or rules.check_open(
        LabelState(label["state"]), "labelId", wanted=(LabelState.ISSUED,)
    ) or rules.check_read_back(_fields(work, label["sscc"], dict(label)), command.scan)
    if refusal:
        return refusal
    work.change(
        labels, command.label_id, state=LabelState.VERIFIED.value,
        verified_fields=json.dumps(read_scan(command.scan)),
    )
    return None


# implements FRS-LBL-001
def spoil_label(work: Work, command: SpoilLabel) -> Refusal | None:
    """A label is lost: its SSCC is decommissioned, and the record says why."""
    label = work.find(labels, command.label_id)
    if label is None:
        return _unknown(command.label_id)
    refusal = rules.check_open(
        LabelState(label["state"]), "labelId", wanted=rules.OPEN
    ) or check_reason(command.reason)
    if refusal:
        return refusal
    work.change(
        labels, command.label_id, state=LabelState.SPOILED.value, reason=command.reason
    )
    return None


# implements FRS-PAK-006
# implements FRS-KIT-004
def pack_unit(work: Work, command: PackUnit) -> Refusal | None:
    """A unit is closed under its verified label: it is in stock, and the warehouse is told."""
    label = work.find(labels, command.label_id)
    if label is None:
        return _unknown(command.label_id)
    refusal = rules.check_verified(LabelState(label["state"]))
    if refusal:
        return refusal
    product = work.find(order_products, label["order_id"])
    if product is None or label["lot_id"] is None:
        return Refusal(Code.UNKNOWN_LOT, "labelId", "the label names no lot")
    refusal = _check_lot(work, label["lot_id"], "labelId")
    if refusal:
        return refusal
    units = [rules.unit_of_sale(product["gtin"], serial) for serial in command.serials]
    count = Quantity(value=Decimal(len(units)), unit=Unit.EACH)
    refusal = (
        check_item_equal(work, product["material_id"], "labelId")
        or rules.check_distinct(command.serials, "serials")
        or rules.check_declared_count(count, quantity(label), "serials")
        or rules.check_unpacked(
            [parent_of(work, unit) or kit_of(work, unit) for unit in units], "serials"
        )
        or rules.check_active([is_out(work, unit) for unit in units], "serials")
        or _check_place(work, label, product)
        or use_run(
            work, GuardedStep.PACK_UNIT, units, (command.scan_run_id, command.pack_id)
        )
    )
    if refusal:
        return refusal
    fact = _packed(work, command, label, product)
    _post(work, fact, units)
    about = About(f"container/{fact.sscc}", fact.order_id)
    put(work, MESSAGES["pack-completed"], fact, about)
    return None


def palletize_units(work: Work, command: PalletizeUnits) -> Refusal | None:
    """Packed units go onto a pallet, as many pieces as its verified label declares."""
    label = work.find(labels, command.label_id)
    if label is None:
        return _unknown(command.label_id)
    refusal = rules.check_verified(LabelState(label["state"])) or check_children(
        work, label["sscc"], command.children
    )
    if refusal:
        return refusal
    content = [row for child in command.children for row in content_of(work, child)]
    refusal = _check_content(label, content)
    if refusal:
        return refusal
    work.change(labels, command.label_id, state=LabelState.APPLIED.value)
    fact = UnitAggregated(
        aggregation_id=command.aggregation_id, parent=label["sscc"],
        children=tuple(UnitName(child) for child in command.children),
        follows=followed_by(work, command.children), aggregated_at=work.now,
        aggregated_by=work.actor.account, station=work.actor.station,
    )
    put_into(work, act_of(fact), [child.key for child in fact.children])
    about = About(f"container/{fact.parent}", label["order_id"])
    put(work, MESSAGES["unit-aggregated"], fact, about)
    return None


def shipment_confirmed(work: Work, envelope: Envelope[ShipmentConfirmed]) -> Refusal | None:
    """Units left the site: the mirror of the stock follows, and the consignee is kept."""
    fact = envelope.data
    keep_shipment(work, fact)
    for item in fact.content:
        held = work.find(containers, item.sscc)
        if held is None or quantity(held) != item.quantity:
            work.alarm("CONTENT_DIFFERS", f"shipment {fact.shipment_id}: {item.sscc}")
        if held is not None:
            work.change(containers, item.sscc, quantity="0")
    return None


# implements FRS-PCK-064
# implements FRS-PCK-065
# implements FRS-PCK-066
# implements FRS-STA-023
def _check_place(work: Work, label: Row, product: Row) -> Refusal | None:
    """Refuse to pack on a line where the product or its status may not stand."""
    line, lot = work.find(packaging_lines, label["line_id"]), work.find(lots, product["lot_id"])
    assert line is not None
    status = LotStatus(lot["status"]) if lot else LotStatus.QUARANTINE
    what = (product["material_id"], status)
    return check_stands(work, what, line["location_id"], "labelId")


def _unknown(label_id: str) -> Refusal:
    return Refusal(Code.UNKNOWN_LABEL, "labelId", label_id)


# implements FRS-LBL-004
# implements FRS-PAK-004
# implements FRS-PAK-005
# implements FRS-PAK-006
def _check_order(work: Work, command: PrintLabel) -> Refusal | None:
    order = work.find(orders, command.order_id)
    if order is None:
        return Refusal(Code.UNKNOWN_ORDER, "orderId", command.order_id)
    if work.find(label_reconciliations, command.order_id):
        return Refusal(Code.LABELS_RECONCILED, "orderId", command.order_id)
    if order["state"] != "STARTED":
        return Refusal(Code.ORDER_NOT_STARTED, "orderId", f"it is {order['state']}")
    if command.lot_id is None and command.kind is UnitKind.PALLET:
        return None
    product = work.find(order_products, command.order_id)
    if product is None or product["lot_id"] != command.lot_id:
        made = product["lot_id"] if product else "nothing"
        return Refusal(Code.UNKNOWN_LOT, "lotId", f"the order makes {made}")
    return _check_lot(work, product["lot_id"], "lotId")


# implements FRS-PAK-016
# implements FRS-PAK-017
def _check_lot(work: Work, lot_id: str, path: str) -> Refusal | None:
    """Refuse a lot that may not be packed now. MES owns its status, so it asks nobody."""
    lot = lot_in_use(work.connection, lot_id)
    assert lot is not None  # it is taken over with the order that makes it
    return rules.check_packable(lot, work.now, path)


# implements FRS-PAK-003
# implements FRS-PAK-007
def _check_devices(work: Work, command: PrintLabel) -> Refusal | None:
    if work.find(packaging_lines, command.packaging_line_id) is None:
        return Refusal(
            Code.UNKNOWN_PACKAGING_LINE, "packagingLineId", command.packaging_line_id
        )
    printer = work.find(equipment, command.printer_id)
    if printer is None or printer["kind"] != EquipmentKind.PRINTER.value:
        return Refusal(Code.UNKNOWN_PRINTER, "printerId", command.printer_id)
    return check_device(work, printer, "printerId")


# implements FRS-PAK-008
# implements FRS-PAK-009
def _check_reprint(
    label_id: str, earlier: Row | None, label: dict[str, str | None]
) -> Refusal | None:
    if earlier is None:
        return Refusal(Code.UNKNOWN_LABEL, "reprintOf", label_id)
    refusal = rules.check_open(LabelState(earlier["state"]), "reprintOf", wanted=rules.OPEN)
    if refusal:
        return refusal
    other = [name for name in _SAME_ON_REPRINT if earlier[name] != label[name]]
    if other:
        return Refusal(Code.LABEL_MISMATCH, "reprintOf", f"another {', '.join(other)}")
    return None


# implements FRS-PAK-008
def _check_content(label: Row, content: list[Row]) -> Refusal | None:
    """A pallet holds what its label says: as many pieces, and of its lot where it names one."""
    foreign = [row["lot_id"] for row in content if row["lot_id"] != label["lot_id"]]
    if label["lot_id"] is not None and foreign:
        return Refusal(Code.LABEL_MISMATCH, "children", f"lot {foreign[0]} is not the label's")
    pieces = sum((Decimal(row["quantity"]) for row in content), Decimal(0))
    return rules.check_declared_count(
        Quantity(value=pieces, unit=Unit.EACH), quantity(label), "children"
    )


def _label(work: Work, command: PrintLabel) -> dict[str, str | None]:
    return {
        "label_id": command.label_id, "order_id": command.order_id,
        "line_id": command.packaging_line_id, "kind": command.kind.value,
        "lot_id": command.lot_id, "quantity": text(command.quantity),
        "unit": command.quantity.unit.value, "printer_id": command.printer_id,
        "state": LabelState.ISSUED.value, "reprint_of": command.reprint_of,
        "locale": command.locale.value, "encoding": command.encoding.value,
        "printed_at": write_timestamp(work.now), "printed_by": work.actor.account,
    }


def _words(work: Work, command: PrintLabel) -> LabelWords:
    """What a label says to people. A pallet of several lots names no item."""
    product = work.find(order_products, command.order_id) if command.lot_id else None
    if product is None:
        return LabelWords(command.quantity)
    material = work.find(materials, product["material_id"])
    return LabelWords(
        command.quantity, material["description"] if material else product["material_id"],
        product["lot"], date.fromisoformat(product["expires_on"]),
    )


# implements FRS-PAK-001
# implements FRS-PAK-002
def _commission(work: Work, line_id: str) -> Sscc | None:
    """The next SSCC of the line's range that nothing carries; None where the range has ended."""
    line = work.find(packaging_lines, line_id)
    assert line is not None
    while True:
        number = next_lasting_number(work.connection, f"sscc {line['sscc_prefix']}")
        sscc = rules.sscc_of_range(line["sscc_prefix"], number)
        if sscc is None or not _is_taken(work, sscc):
            return sscc


def _is_taken(work: Work, sscc: Sscc) -> bool:
    issued = work.connection.row(_OF_SSCC, sscc=sscc)
    return issued is not None or work.find(containers, sscc) is not None


def _fields(work: Work, sscc: str, label: dict[str, str | None]) -> dict[str, str]:
    if label["lot_id"] is None:
        return rules.label_fields(sscc, None)
    order_id = label["order_id"]
    assert order_id is not None
    product = work.find(order_products, order_id)
    assert product is not None
    named = rules.ProductOnLabel(
        product["gtin"], product["lot"], date.fromisoformat(product["expires_on"]),
        Quantity.of(f"{label['quantity']} {label['unit']}"),
    )
    return rules.label_fields(sscc, named)


def _packed(work: Work, command: PackUnit, label: Row, product: Row) -> PackCompleted:
    line = work.find(packaging_lines, label["line_id"])
    assert line is not None
    return PackCompleted(
        pack_id=command.pack_id, label_id=command.label_id, sscc=label["sscc"],
        kind=UnitKind(label["kind"]), order_id=label["order_id"],
        material_id=product["material_id"], gtin=product["gtin"], lot_id=product["lot_id"],
        lot=product["lot"], expires_on=date.fromisoformat(product["expires_on"]),
        quantity=Pieces(value=Decimal(label["quantity"]), unit=Unit.EACH),
        serials=command.serials, location_id=line["location_id"], packed_at=work.now,
        packed_by=work.actor.account, station=work.actor.station,
    )


def _post(work: Work, fact: PackCompleted, units: list[str]) -> None:
    work.change(labels, fact.label_id, state=LabelState.APPLIED.value)
    work.create(
        containers, sscc=fact.sscc, lot_id=fact.lot_id, location_id=fact.location_id,
        quantity=text(fact.quantity), unit=fact.quantity.unit.value,
    )
    put_into(work, act_of(fact), units)
