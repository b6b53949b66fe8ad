"""Tables of genealogy, recalls and batch records."""

from __future__ import annotations

from sqlalchemy import Index, PrimaryKeyConstraint, Table

from contracts.model.roles import Role
from reference_impl.store.tables import integer_column as _int
from reference_impl.store.tables import metadata
from reference_impl.store.tables import text_column as _text

_MES = {"only": Role.MES}

# Which lots are in the batch of an order: the edges that traces follow, in both systems. ``used``
# is 0 where all that was issued came back.
batch_inputs = Table(
    "batch_inputs", metadata, _text("lot_id"), _text("order_id"), _text("issued"),
    _text("returned"), _text("unit"), _int("used"), PrimaryKeyConstraint("lot_id", "order_id"),
    Index("batch_inputs_onward", "lot_id", "used", "order_id"),
    Index("batch_inputs_back", "order_id", "used", "lot_id"), sqlite_with_rowid=False,
)
# Recalls, in production alone: it decides them, and hears when the warehouse holds them too.
# ``late_at`` is when the alarm is due; empty once it was raised.
recalls = Table(
    "recalls", metadata, _text("recall_id", key=True), _text("lot_id"), _text("reason"),
    _text("recalled_by"), _text("signature_id"), _int("recalled_at"),
    _int("late_at", optional=True), info=_MES,
)
recalled_lots = Table(
    "recalled_lots", metadata, _text("recall_id"), _text("lot_id"),
    _text("message_id", optional=True), _int("reached_at", optional=True),
    PrimaryKeyConstraint("recall_id", "lot_id"),
    Index("recalled_lots_by_message", "message_id"), info=_MES,
)
# Batch records, in production alone. ``content`` is the master record as JSON.
master_records = Table(
    "master_records", metadata, _text("order_id", key=True), _text("content"), info=_MES,
)
devices = Table("devices", metadata, _text("order_id", key=True), _text("lot_id"), info=_MES)
batch_entries = Table(
    "batch_entries", metadata, _text("entry_id", key=True), _text("order_id"), _text("kind"),
    _text("item", optional=True), _text("text"), _text("started_at"), _text("ended_at"),
    _text("equipment_id", optional=True), _text("lot_id", optional=True),
    _text("quantity", optional=True), _text("unit", optional=True), _text("performed_by"),
    _text("checked_by"), _text("signature_id"), _text("recorded_at"),
    Index("batch_entries_by_order", "order_id"), info=_MES,
)
batch_completions = Table(
    "batch_completions", metadata, _text("order_id", key=True), _text("signature"), info=_MES,
)
