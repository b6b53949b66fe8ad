"""Every table of both systems. Quantities are decimal text, instants microseconds since 1970.

Each system has a database of its own and creates the tables that its role needs.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from contracts.model.roles import Role

metadata = MetaData()


def _table(name: str, *parts: Column[str] | Column[int] | Column[bytes] | object) -> Table:
    return Table(name, metadata, *parts)  # type: ignore[arg-type]


def _text(name: str, *, key: bool = False, optional: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=optional)


def _int(name: str, *, key: bool = False, optional: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=optional, autoincrement=False)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


# What a system is and counts.
settings = _table("settings", _text("name", key=True), _text("value"))
sequences = _table("sequences", _text("name", key=True), _int("value"))

# Evidence: written once, never changed (triggers refuse, see database.py).
journal = _table(
    "journal", _int("position", key=True), _text("at"), _text("direction"), _text("kind"),
    _text("operation"), _text("partner"), _text("key"), _int("status", optional=True),
    _text("body_sha256"), _text("previous_hash"), _text("hash"), _bytes("body"),
)
audit = _table(
    "audit", _int("sequence", key=True), _text("at"), _text("action"), _text("record_type"),
    _text("record_id"), _text("field"), _text("old_value", optional=True),
    _text("new_value", optional=True), _text("reason"), _text("account"), _text("originator"),
    _text("role"), _text("station"), _text("source_system"), _text("correlation_id"),
)
signatures = _table(
    "signatures", _text("signature_id", key=True), _text("person_id"), _text("printed_name"),
    _text("role"), _text("meaning"), _text("signed_at"), _text("record_type"),
    _text("record_id"), _text("record_sha256"),
)
alarms = _table(
    "alarms", _text("alarm_id", key=True), _text("at"), _text("name"), _text("detail")
)

# Who may come in.
accounts = _table(
    "accounts", _text("person_id", key=True), _text("printed_name"), _text("duties"),
    _text("password_hash"),
)
sessions = _table(
    "sessions", _text("token_sha256", key=True), _text("person_id"), _text("station"),
    _int("expires_at"),
)
nonces = _table(
    "nonces", _text("key_id"), _text("nonce"), _int("forget_at"),
    PrimaryKeyConstraint("key_id", "nonce"), Index("nonces_by_age", "forget_at"),
)

# The link.
inbox = _table(
    "inbox", _text("scope"), _text("key"), _text("operation"), _text("business_key"),
    _text("body_sha256"), _text("data_sha256"), _int("status"), _bytes("answer"),
    PrimaryKeyConstraint("scope", "key"),
)
# A business event is posted at most once; one that was refused may be tried again.
Index(
    "inbox_business_event", inbox.c.operation, inbox.c.business_key, unique=True,
    sqlite_where=inbox.c.status == 200,
)
dead_letters = _table(
    "dead_letters", _text("message_id", key=True), _text("state"), _text("why"),
    _text("last_error"), _int("attempts"), _text("body_sha256"), _text("posted_by"),
    _int("dead_at"), _text("replayed_by", optional=True), _text("reason", optional=True),
)
links = _table(
    "links", _text("partner", key=True), _int("heard_at", optional=True),
    _int("told_at", optional=True), _int("position", optional=True),
    _text("record_hash", optional=True), _text("clock", optional=True),
    _int("ahead_ms", optional=True),
)
deferred = _table(
    "deferred", _text("source"), _text("subject"), _int("subjectsequence"), _text("operation"),
    _text("message_id"), _bytes("body"), _int("position"), _text("record_hash"),
    PrimaryKeyConstraint("source", "subject", "subjectsequence"),
    Index("deferred_by_message", "source", "message_id"),
)
subjects = _table(
    "subjects", _text("source"), _text("subject"), _int("applied"),
    PrimaryKeyConstraint("source", "subject"),
)
outbox = _table(
    "outbox", _int("ordinal", key=True), _text("message_id"), _text("type"), _text("operation"),
    _text("subject"), _bytes("body"), _text("state"), _int("attempts"), _int("due_at"),
    _int("failures"), _text("last_error"), _text("originator"),
    UniqueConstraint("message_id"), Index("outbox_due", "state", "due_at"),
    Index("outbox_subject", "state", "subject", "ordinal"),
)

# Master data and stock, in both systems: one owns a part, the other keeps its mirror.
materials = _table(
    "materials", _text("material_id", key=True), _text("description"),
    _text("gtin", optional=True), _text("base_unit"),
)
locations = _table(
    "locations", _text("location_id", key=True), _text("purpose"), _text("description")
)
lots = _table(
    "lots", _text("lot_id", key=True), _text("material_id"), _text("lot"), _text("expires_on"),
    _int("expires_at"), _text("status"), _int("released_at", optional=True),
    Index("lots_by_expiry", "status", "expires_at"), Index("lots_by_material", "material_id"),
)
containers = _table(
    "containers", _text("sscc", key=True), _text("lot_id"), _text("location_id"),
    _text("quantity"), _text("unit"), _text("status", optional=True),
    Index("containers_by_lot", "lot_id"),
)
genealogy = _table(
    "genealogy", _text("child"), _text("parent"), _text("quantity"), _text("unit"),
    _text("cause"), PrimaryKeyConstraint("child", "parent", "cause"),
)
equipment = _table(
    "equipment", _text("equipment_id", key=True), _text("kind"), _text("description"),
    _text("calibration_due", optional=True),
)
orders = _table(
    "orders", _text("order_id", key=True), _text("bom_id"), _int("bom_version"),
    _int("approved"), _text("state"),
)
bom_lines = _table(
    "bom_lines", _text("order_id"), _text("line_id"), _text("material_id"), _text("quantity"),
    _text("unit"), _text("tolerance_high"), _int("minimum_shelf_life_days"),
    PrimaryKeyConstraint("order_id", "line_id"),
)
pick_lines = _table(
    "pick_lines", _text("request_id"), _text("line_id"), _text("order_id"),
    _text("material_id"), _text("requested"), _text("picked"), _text("tolerance_high"),
    _text("unit"), _int("minimum_shelf_life_days"), _text("to_location"), _int("needed_by"),
    _text("message_id"), _text("state"), PrimaryKeyConstraint("request_id", "line_id"),
    Index("pick_lines_by_order", "order_id", "material_id"),
    Index("pick_lines_by_state", "state", "material_id"),
)

# The warehouse alone: what is set aside, and every movement as a double entry.
allocations = _table(
    "allocations", _text("request_id"), _text("line_id"), _text("sscc"), _text("lot_id"),
    _text("quantity"), _text("unit"), PrimaryKeyConstraint("request_id", "line_id", "sscc"),
    Index("allocations_by_lot", "lot_id"), Index("allocations_by_sscc", "sscc"),
)
movements = _table(
    "movements", _text("cause"), _text("lot_id"), _text("from_sscc"), _text("from_location"),
    _text("to_sscc"), _text("to_location"), _text("quantity"), _text("unit"), _text("at"),
    PrimaryKeyConstraint("cause"),
)

APPEND_ONLY = (journal, audit, signatures, alarms)
_WAREHOUSE_ONLY = (allocations, movements)


def tables_of(role: Role) -> list[Table]:
    """The tables that a system of this role has."""
    left_out = _WAREHOUSE_ONLY if role is Role.MES else ()
    return [table for table in metadata.sorted_tables if table not in left_out]
