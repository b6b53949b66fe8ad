"""The electronic batch record of an order, put together from what was recorded when it happened.

Nothing of it is written twice: weights come from the scale's records, packed units from packing,
labels from printing. Sources: URS-BPR-001, URS-BPR-002, URS-BPR-004; 21 CFR 211.188.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Table, bindparam, select

from contracts.model.batch_records import EntryKind, MasterRecord
from contracts.model.identifiers import Gtin14, LotNumber, SerialNumber, Sscc
from contracts.model.inspection_adjustments import DeviationRow, SampleRow
from contracts.model.inspection_batch import (
    BatchEntries,
    BatchProduct,
    BatchRecord,
    CompletedRow,
    ComponentRow,
    DeviceHistory,
    EnteredRow,
    EntryRow,
    PackedRow,
    YieldRow,
)
from contracts.model.inspection_packing import LabelRow, ReconciliationRow
from contracts.model.instants import from_microseconds, read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.packing import LabelState
from contracts.model.quantities import Quantity, Unit
from reference_impl.adjustments import show_deviations
from reference_impl.domain.batch_records import (
    missing_of,
    percent_of,
    signed_content,
    within_limits,
)
from reference_impl.domain.custody import MoveKind
from reference_impl.link.outbox import Delivery
from reference_impl.mes.labels import label_row
from reference_impl.records.signing import signs
from reference_impl.samples import sample_row
from reference_impl.settings import Settings
from reference_impl.stock import quantity
from reference_impl.store.batch_tables import (
    batch_completions,
    batch_entries,
    devices,
    master_records,
)
from reference_impl.store.custody_tables import aggregation_moves
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import (
    bom_lines,
    completions,
    issues,
    label_reconciliations,
    labels,
    lots,
    order_products,
    orders,
    outbox,
    samples,
    weighings,
)

_UNIT_KEY = "(01)"


def _of_order(table: Table, *order_by: ColumnElement[str]) -> Statement:
    """The rows of a table that belong to an order."""
    chosen = select(table).where(table.c.order_id == bindparam("order_id"))
    return Statement(chosen.order_by(*order_by) if order_by else chosen)


_ORDER, _PRODUCT, _MASTER = map(_of_order, (orders, order_products, master_records))
_DEVICE, _YIELD, _COMPLETED = map(_of_order, (devices, completions, batch_completions))
_RECONCILED = _of_order(label_reconciliations)
_LINES = _of_order(bom_lines, bom_lines.c.line_id)
_ENTRIES = _of_order(batch_entries, batch_entries.c.recorded_at, batch_entries.c.entry_id)
_ALL_ENTRIES = Statement(select(batch_entries).order_by(batch_entries.c.entry_id))
_COMPLETIONS = Statement(select(batch_completions).order_by(batch_completions.c.order_id))
_LABELS = _of_order(labels, labels.c.label_id)
_COMPONENTS = Statement(
    select(
        issues, lots.c.lot, weighings.c.gross, weighings.c.tare, weighings.c.scale_id,
        weighings.c.verified_by,
    )
    .join(lots, lots.c.lot_id == issues.c.lot_id)
    .join(weighings, weighings.c.issue_id == issues.c.issue_id, isouter=True)
    .where(issues.c.order_id == bindparam("order_id"))
    .order_by(issues.c.line_id, issues.c.issued_at, issues.c.issue_id)
)
# What was ever put into a unit, the first act first: that one packed it.
_PUT_IN = Statement(
    select(aggregation_moves)
    .where(
        aggregation_moves.c.parent == bindparam("parent"),
        aggregation_moves.c.kind == MoveKind.IN.value,
    )
    .order_by(aggregation_moves.c.at, aggregation_moves.c.cause, aggregation_moves.c.child)
)
_ON_THE_WAY = Statement(
    select(outbox.c.message_id).where(
        outbox.c.subject == bindparam("subject"), outbox.c.state != Delivery.ACCEPTED.value
    )
)
_SAMPLES = Statement(
    select(samples).where(samples.c.lot_id == bindparam("lot_id")).order_by(samples.c.sample_id)
)
_LOT = Statement(select(lots).where(lots.c.lot_id == bindparam("lot_id")))


# implements FRS-BPR-013
def read_content(connection: Connection, settings: Settings, order_id: str) -> BatchRecord | None:
    """The record of an order with what it lacks; None where the order is not known."""
    order = connection.row(_ORDER, order_id=order_id)
    if order is None:
        return None
    product, master = _product(connection, order_id), master_record_of(connection, order_id)
    signed = connection.row(_COMPLETED, order_id=order_id)
    record = BatchRecord(
        order_id=order_id, bom_id=order["bom_id"], bom_version=order["bom_version"],
        product=product, master_record=master,
        entries=_entries(connection, order_id, master),
        components=_components(connection, settings, order_id),
        packed=_packed(connection, order_id),
        samples=_samples_of(connection, settings, product),
        yields=_yield(connection, order_id, master), labels=_labels_of(connection, order_id),
        reconciliation=_reconciliation(connection, order_id),
        deviations=_deviations_of(connection, settings, order_id, product),
        missing=(), obstacles=(), released_at=_released_at(connection, settings, product),
        completed=None,
    )
    if signed:
        record = record.model_copy(update={"completed": _completed(connection, record, signed)})
    if connection.row(_DEVICE, order_id=order_id):
        record = record.model_copy(update={"device": _device(record)})
    lines = {row["line_id"]: row["material_id"]
             for row in connection.rows(_LINES, order_id=order_id)}
    return record.model_copy(update={"missing": tuple(missing_of(record, lines))})


# implements FRS-SIG-003
# implements FRS-SIG-004
def _completed(
    connection: Connection, record: BatchRecord, signed: Row
) -> SignatureManifest | None:
    """The completion's signature, while it is of what the record says. Source: 21 CFR 11.70."""
    manifest = SignatureManifest.model_validate_json(signed["signature"])
    is_signed = signs(connection, manifest.signature_id, signed_content(record))
    return manifest if is_signed else None


def master_record_of(connection: Connection, order_id: str) -> MasterRecord | None:
    """The master record of an order; None where its batch record is on paper."""
    row = connection.row(_MASTER, order_id=order_id)
    return MasterRecord.model_validate_json(row["content"]) if row else None


def is_acknowledged(connection: Connection, sscc: str) -> bool:
    """Whether the warehouse has posted everything that it was told of a unit."""
    return connection.row(_ON_THE_WAY, subject=f"container/{sscc}") is None


def _product(connection: Connection, order_id: str) -> BatchProduct | None:
    row = connection.row(_PRODUCT, order_id=order_id)
    if row is None:
        return None
    return BatchProduct(
        material_id=row["material_id"], gtin=Gtin14(row["gtin"]), lot_id=row["lot_id"],
        lot=LotNumber(row["lot"]), expires_on=date.fromisoformat(row["expires_on"]),
    )


def show_batch_entries(connection: Connection, _: Settings, __: int) -> BatchEntries:
    """All entries in the order of their ids, and all completions."""
    masters: dict[str, MasterRecord | None] = {}
    rows = []
    for row in connection.rows(_ALL_ENTRIES):
        order_id = row["order_id"]
        if order_id not in masters:
            masters[order_id] = master_record_of(connection, order_id)
        entry = _entry(row, masters[order_id])
        rows.append(EnteredRow(order_id=order_id, **dict(entry)))
    completed = tuple(
        CompletedRow(
            order_id=row["order_id"],
            signature=SignatureManifest.model_validate_json(row["signature"]),
        )
        for row in connection.rows(_COMPLETIONS)
    )
    return BatchEntries(rows=tuple(rows), completed=completed)


def _entries(
    connection: Connection, order_id: str, master: MasterRecord | None
) -> tuple[EntryRow, ...]:
    return tuple(_entry(row, master) for row in connection.rows(_ENTRIES, order_id=order_id))


def _entry(row: Row, master: MasterRecord | None) -> EntryRow:
    kind, amount = EntryKind(row["kind"]), quantity(row) if row["quantity"] else None
    return EntryRow(
        entry_id=row["entry_id"], kind=kind, item=row["item"], text=row["text"],
        started_at=read_timestamp(row["started_at"]), ended_at=read_timestamp(row["ended_at"]),
        equipment_id=row["equipment_id"], lot_id=row["lot_id"], quantity=amount,
        within_limits=within_limits(kind, row["item"], amount, master),
        performed_by=row["performed_by"], checked_by=row["checked_by"],
        signature_id=row["signature_id"], recorded_at=read_timestamp(row["recorded_at"]),
    )


def _components(
    connection: Connection, settings: Settings, order_id: str
) -> tuple[ComponentRow, ...]:
    return tuple(
        ComponentRow(
            issue_id=row["issue_id"], line_id=row["line_id"], material_id=row["material_id"],
            lot_id=row["lot_id"], lot=LotNumber(row["lot"]),
            source_container=Sscc(row["source"]),
            container=Sscc(row["container"]) if row["container"] else None,
            gross=quantity(row, "gross") if row["gross"] else None,
            tare=quantity(row, "tare") if row["tare"] else None,
            quantity=quantity(row), returned=quantity(row, "returned"),
            potency=Decimal(row["potency"]) if row["potency"] else None,
            scale_id=row["scale_id"],
            issued_at=from_microseconds(row["issued_at"], settings.site_zone),
            performed_by=row["issued_by"], checked_by=row["verified_by"],
        )
        for row in connection.rows(_COMPONENTS, order_id=order_id)
    )


def _packed(connection: Connection, order_id: str) -> tuple[PackedRow, ...]:
    """The units that were packed with pieces of the order, as they were packed; pallets hold units
    and stand among the labels. What was taken out later, or came back, is told elsewhere.
    """
    found: list[PackedRow] = []
    for label in connection.rows(_LABELS, order_id=order_id):
        if label["state"] != LabelState.APPLIED.value or label["lot_id"] is None:
            continue
        put_in = connection.rows(_PUT_IN, parent=label["sscc"])
        packed = [row for row in put_in if row["cause"] == put_in[0]["cause"]]
        pieces = [row for row in packed if row["child"].startswith(_UNIT_KEY)]
        if pieces:
            found.append(PackedRow(
                pack_id=pieces[0]["cause"], sscc=Sscc(label["sscc"]), lot_id=label["lot_id"],
                quantity=quantity(label),
                serials=tuple(SerialNumber(r["child"].partition("(21)")[2]) for r in pieces),
                acknowledged=is_acknowledged(connection, label["sscc"]),
            ))
    return tuple(found)


def _samples_of(
    connection: Connection, settings: Settings, product: BatchProduct | None
) -> tuple[SampleRow, ...]:
    rows = connection.rows(_SAMPLES, lot_id=product.lot_id) if product else []
    return tuple(sample_row(row, settings) for row in rows)


def _yield(
    connection: Connection, order_id: str, master: MasterRecord | None
) -> YieldRow | None:
    row = connection.row(_YIELD, order_id=order_id)
    if row is None:
        return None
    good = quantity(row, "good")
    theoretical = master.theoretical_yield if master else None
    return YieldRow(
        good=good, scrap=quantity(row, "scrap"), theoretical=theoretical,
        percent=percent_of(good, theoretical) if theoretical else None,
        completed_at=read_timestamp(row["at"]), completed_by=row["by"],
    )


def _labels_of(connection: Connection, order_id: str) -> tuple[LabelRow, ...]:
    return tuple(label_row(row) for row in connection.rows(_LABELS, order_id=order_id))


def _reconciliation(connection: Connection, order_id: str) -> ReconciliationRow | None:
    row = connection.row(_RECONCILED, order_id=order_id)
    return ReconciliationRow(**dict(row)) if row else None


def _deviations_of(
    connection: Connection, settings: Settings, order_id: str, product: BatchProduct | None
) -> tuple[DeviationRow, ...]:
    """The deviations that name the order or the lot that it makes. Source: 211.188(b)(12)."""
    lot_id = product.lot_id if product else None
    return tuple(
        row for row in show_deviations(connection, settings, 0).rows
        if order_id in row.affected_orders or lot_id in row.affected_lots
    )


def _released_at(
    connection: Connection, settings: Settings, product: BatchProduct | None
) -> datetime | None:
    row = connection.row(_LOT, lot_id=product.lot_id) if product else None
    if row is None or row["status"] != LotStatus.RELEASED.value or row["released_at"] is None:
        return None
    return from_microseconds(row["released_at"], settings.site_zone)


# implements FRS-BPR-015
def _device(record: BatchRecord) -> DeviceHistory:
    """UDI, quantities, acceptance and primary label. Source: 21 CFR 820.35(c)."""
    product = record.product
    assert product is not None
    label = next((row for row in record.labels if row.verified_fields), None)
    packed = Quantity.zero(Unit.EACH)
    for unit in record.packed:
        packed = packed + unit.quantity
    fixed = f"(01){product.gtin}(17){product.expires_on:%y%m%d}(10){product.lot}"
    return DeviceHistory(
        udi=tuple(f"{fixed}(21){serial}" for unit in record.packed for serial in unit.serials),
        made=record.yields.good if record.yields else None,
        released=packed if record.released_at else None,
        acceptance=tuple(
            entry.entry_id for entry in record.entries if entry.kind is EntryKind.ACCEPTANCE
        ),
        primary_label=label.label_id if label else None,
    )
