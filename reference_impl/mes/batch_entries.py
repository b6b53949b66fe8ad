"""Filling a batch record: what people enter, and its completion by the quality unit.

Source: URS-BPR-001.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from contracts.model.batch_records import EntryKind, MasterRecord
from contracts.model.codes import Code, Refusal
from contracts.model.commands import CompleteBatchRecord, RecordBatchEntry
from contracts.model.instants import write_timestamp
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.roles import Duty
from contracts.model.stimulus import Load, Order
from reference_impl.domain.batch_records import check_entry, signed_content
from reference_impl.domain.dispensing import check_second_dispenser
from reference_impl.mes.batch_record import master_record_of, read_content
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.stock import text
from reference_impl.store.batch_tables import (
    batch_completions,
    batch_entries,
    devices,
    master_records,
)
from reference_impl.store.database import Statement
from reference_impl.store.tables import equipment, lots, orders

_ONCE = (EntryKind.STEP, EntryKind.IN_PROCESS_RESULT)
_SAME = Statement(
    select(batch_entries.c.entry_id).where(
        batch_entries.c.order_id == bindparam("order_id"),
        batch_entries.c.kind == bindparam("kind"), batch_entries.c.item == bindparam("item"),
    )
)


def load_master_records(work: Work, body: Load) -> int:
    """Take over the master records of orders, and which orders make devices. Returns: how many."""
    new = [
        order for order in body.orders
        if order.master_record and not work.find(master_records, order.order_id)
    ]
    for order in new:
        _take(work, order)
    return len(new)


# implements FRS-BPR-007
# implements FRS-BPR-008
# implements FRS-BPR-012
def record_batch_entry(
    work: Work, command: RecordBatchEntry, accounts: Accounts
) -> Refusal | None:
    """Enter what was done, by whom, checked by whom. Source: 21 CFR 211.188(b)(11)."""
    master = _open_record(work, command.order_id)
    if isinstance(master, Refusal):
        return master
    refusal = _check_started(work, command) or check_entry(command, master)
    if refusal:
        return refusal
    refusal = _check_named(work, command) or check_second_dispenser(
        work.actor.account, command.verification.user_id
    )
    if refusal:
        return refusal
    checked = _checked(work, command, accounts)
    if checked is None:
        return Refusal(Code.SIGNATURE_REFUSED, "verification", "user id or password is wrong")
    _enter(work, command, checked)
    return None


# implements FRS-BPR-001
# implements FRS-BPR-010
def complete_batch_record(
    work: Work, command: CompleteBatchRecord, accounts: Accounts
) -> Refusal | None:
    """Complete a record that lacks nothing, by signature of the quality unit. 21 CFR 211.192."""
    master = _open_record(work, command.order_id)
    if isinstance(master, Refusal):
        return master
    record = read_content(work.connection, work.settings, command.order_id)
    assert record is not None
    if record.missing:
        named = "; ".join(f"{one.element}: {one.what}" for one in record.missing)
        return Refusal(Code.BATCH_RECORD_INCOMPLETE, "orderId", named)
    content = signed_content(record)
    signed = accounts.sign(
        work, work.actor.account, command.signature, ("batch-record", command.order_id, content)
    )
    if signed is None or Duty.QUALITY not in signed[1]:
        return Refusal(Code.SIGNATURE_REFUSED, "signature", "user id or password is not yours")
    _keep(work, command.order_id, signed[0].model_dump_json())
    return None


def _keep(work: Work, order_id: str, signature: str) -> None:
    """The completion that counts: the first one, or one in place of what no longer holds."""
    if work.find(batch_completions, order_id):
        work.change(batch_completions, order_id, signature=signature)
    else:
        work.create(batch_completions, order_id=order_id, signature=signature)


# implements FRS-BPR-002
# implements FRS-BPR-003
# implements FRS-BPR-011
def _open_record(work: Work, order_id: str) -> MasterRecord | Refusal:
    """The master record of an order whose batch record is open."""
    if work.find(orders, order_id) is None:
        return Refusal(Code.UNKNOWN_ORDER, "orderId", order_id)
    master = master_record_of(work.connection, order_id)
    if master is None:
        return Refusal(Code.NO_MASTER_RECORD, "orderId", order_id)
    if _is_completed(work, order_id):
        return Refusal(Code.BATCH_RECORD_COMPLETED, "orderId", order_id)
    return master


def _is_completed(work: Work, order_id: str) -> bool:
    """Whether a completion was signed, and the record still says what was signed."""
    if work.find(batch_completions, order_id) is None:
        return False
    record = read_content(work.connection, work.settings, order_id)
    return record is not None and record.completed is not None


# implements FRS-BPR-004
def _check_started(work: Work, command: RecordBatchEntry) -> Refusal | None:
    order = work.find(orders, command.order_id)
    if order is not None and order["state"] == "PLANNED":
        return Refusal(Code.ORDER_NOT_STARTED, "orderId", "it is PLANNED")
    return None


def _check_named(work: Work, command: RecordBatchEntry) -> Refusal | None:
    """Refuse equipment and lots that are not known, and a step that was entered before."""
    if command.equipment_id and work.find(equipment, command.equipment_id) is None:
        return Refusal(Code.UNKNOWN_EQUIPMENT, "equipmentId", command.equipment_id)
    if command.lot_id and work.find(lots, command.lot_id) is None:
        return Refusal(Code.UNKNOWN_LOT, "lotId", command.lot_id)
    if command.kind not in _ONCE:
        return None
    same = work.connection.row(
        _SAME, order_id=command.order_id, kind=command.kind.value, item=command.item
    )
    if same is None:
        return None
    return Refusal(Code.ALREADY_EXISTS, "item", f"it was entered as {same['entry_id']}")


# implements FRS-BPR-009
# implements FRS-BPR-010
def _checked(
    work: Work, command: RecordBatchEntry, accounts: Accounts
) -> SignatureManifest | None:
    content = command.model_dump(mode="json", exclude={"verification"})
    record = ("batch-entries", command.entry_id, content)
    signer = command.verification.user_id
    signed = accounts.sign(work, signer, command.verification, record)
    return signed[0] if signed else None


def _enter(work: Work, command: RecordBatchEntry, checked: SignatureManifest) -> None:
    amount = command.quantity
    work.create(
        batch_entries, entry_id=command.entry_id, order_id=command.order_id,
        kind=command.kind.value, item=command.item, text=command.text,
        started_at=write_timestamp(command.started_at),
        ended_at=write_timestamp(command.ended_at), equipment_id=command.equipment_id,
        lot_id=command.lot_id, quantity=text(amount) if amount else None,
        unit=amount.unit.value if amount else None, performed_by=work.actor.account,
        checked_by=checked.person_id, signature_id=checked.signature_id,
        recorded_at=write_timestamp(work.now),
    )


def _take(work: Work, order: Order) -> None:
    assert order.master_record is not None
    work.create(
        master_records, order_id=order.order_id, content=order.master_record.model_dump_json()
    )
    if order.product is not None and order.product.is_device:
        work.create(devices, order_id=order.order_id, lot_id=order.product.lot_id)
