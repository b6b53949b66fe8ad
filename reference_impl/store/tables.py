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


# Without row ids a row stands in the index of its key, on SQLite: one page less for each row. The
# columns of the key come first there: SQLite 3.40 calls others NULL in its check of a whole file.
def _table(
    name: str, *parts: Column[str] | Column[int] | Column[bytes] | object,
    sqlite_with_rowid: bool = True,
) -> Table:
    return Table(
        name, metadata, *parts,  # type: ignore[arg-type]
        sqlite_with_rowid=sqlite_with_rowid,
    )


def _text(name: str, *, key: bool = False, optional: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=optional)


def _int(name: str, *, key: bool = False, optional: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=optional, autoincrement=False)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


# What a system is and counts.
settings = _table(
    "settings", _text("name", key=True), _text("value"), sqlite_with_rowid=False
)
sequences = _table(
    "sequences", _text("name", key=True), _int("value"), sqlite_with_rowid=False
)

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
    _text("record_id"), _int("record_version"), _text("record_sha256"), _text("binding"),
)
alarms = _table(
    "alarms", _text("alarm_id", key=True), _text("at"), _text("name"), _text("detail")
)

# What happened, as EPCIS tells it. ``declares`` is 1 where it declares the event of its id wrong.
events = _table(
    "events", _int("ordinal", key=True), _text("event_id"), _int("declares"), _text("event_type"),
    _text("biz_step"), _int("event_time"), _int("recorded_at"), _text("told_by"), _text("cause"),
    _text("body"), UniqueConstraint("event_id", "declares"),
    Index("events_by_time", "event_time"),
)

# Who may come in.
accounts = _table(
    "accounts", _text("person_id", key=True), _text("printed_name"), _text("duties"),
    _text("password_hash"), _text("qualified_until", optional=True),
    _text("totp_secret", optional=True), _int("used_step", optional=True),
    _int("failures", optional=True), _int("locked_at", optional=True),
    _int("deactivated_at", optional=True), _int("used_at", optional=True),
    _int("credentials_at", optional=True),
    # Who set the one and the other: an administrator, or the person (the password alone).
    _text("password_by", optional=True), _text("authenticator_by", optional=True),
)
sessions = _table(
    "sessions", _text("token_sha256", key=True), _text("person_id"), _text("station"),
    _int("expires_at"),
)
nonces = _table(
    "nonces", _text("key_id"), _text("nonce"), _int("forget_at"),
    PrimaryKeyConstraint("key_id", "nonce"), sqlite_with_rowid=False,
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
    sqlite_where=inbox.c.status == 200, postgresql_where=inbox.c.status == 200,
)
dead_letters = _table(
    "dead_letters", _text("message_id", key=True), _text("state"), _text("why"),
    _text("last_error"), _int("attempts"), _text("body_sha256"), _text("posted_by"),
    _int("dead_at"), _text("replayed_by", optional=True), _text("reason", optional=True),
    _int("call_at", optional=True),
)
links = _table(
    "links", _text("partner", key=True), _int("heard_at", optional=True),
    _int("told_at", optional=True), _int("position", optional=True),
    _text("record_hash", optional=True), _text("clock", optional=True),
    _int("ahead_ms", optional=True), _int("sequence", optional=True),
    _int("farthest", optional=True), sqlite_with_rowid=False,
)
deferred = _table(
    "deferred", _text("source"), _text("subject"), _int("subjectsequence"), _text("operation"),
    _text("message_id"), _bytes("body"), _int("position"), _text("record_hash"),
    PrimaryKeyConstraint("source", "subject", "subjectsequence"),
    Index("deferred_by_message", "source", "message_id"),
)
subjects = _table(
    "subjects", _text("source"), _text("subject"), _int("applied"),
    PrimaryKeyConstraint("source", "subject"), sqlite_with_rowid=False,
)
outbox = _table(
    "outbox", _int("ordinal", key=True), _text("message_id"), _text("type"), _text("operation"),
    _text("subject"), _bytes("body"), _text("state"), _int("attempts"), _int("due_at"),
    _int("failures"), _text("last_error"), _text("originator"), _int("unclear"),
    UniqueConstraint("message_id"), Index("outbox_due", "state", "due_at"),
    Index("outbox_subject", "state", "subject", "ordinal"),
)

# Master data and stock, in both systems: one owns a part, the other keeps its mirror.
materials = _table(
    "materials", _text("material_id", key=True), _text("description"),
    _text("gtin", optional=True), _text("base_unit"), _text("temperature_class", optional=True),
    _text("hazard_classes", optional=True), _text("allergens", optional=True),
    _text("issue_mode", optional=True),
    _text("risk_record", optional=True), _text("conversions", optional=True),
    _int("stock_scale", optional=True), _text("potency_basis", optional=True),
    _int("shelf_life_days", optional=True),
    sqlite_with_rowid=False,
)
locations = _table(
    "locations", _text("location_id", key=True), _text("purpose"), _text("description"),
    _text("temperature_class", optional=True), _text("hazard_classes", optional=True),
    _text("allergens", optional=True), _text("allowed_statuses", optional=True),
    _text("discrepancy_location", optional=True), _text("kind", optional=True),
    _text("parent", optional=True), _text("equipment_level", optional=True),
    _int("quarantine", optional=True),
)
lots = _table(
    "lots", _text("lot_id", key=True), _text("material_id"), _text("lot"), _text("expires_on"),
    _int("expires_at"), _text("status"), _int("released_at", optional=True),
    _text("lot_code", optional=True), _text("densities", optional=True),
    _int("downgraded", optional=True), _text("retest_on", optional=True),
    _int("retest_at", optional=True),
    Index("lots_by_expiry", "status", "expires_at"),
    Index("lots_by_retest", "status", "retest_at"), Index("lots_by_material", "material_id"),
    sqlite_with_rowid=False,
)
containers = _table(
    "containers", _text("sscc", key=True), _text("lot_id"), _text("location_id"),
    _text("quantity"), _text("unit"), _text("status", optional=True),
    Index("containers_by_lot", "lot_id"), sqlite_with_rowid=False,
)
genealogy = _table(
    "genealogy", _text("child"), _text("parent"), _text("cause"), _text("quantity"),
    _text("unit"), PrimaryKeyConstraint("child", "parent", "cause"),
    Index("genealogy_by_parent", "parent"), sqlite_with_rowid=False,
)
equipment = _table(
    "equipment", _text("equipment_id", key=True), _text("kind"), _text("description"),
    _text("calibration_due", optional=True), _text("state", optional=True),
    _text("location_id", optional=True),
)
orders = _table(
    "orders", _text("order_id", key=True), _text("bom_id"), _int("bom_version"),
    _int("approved"), _text("state"), _text("size", optional=True),
    _text("size_unit", optional=True), _text("label_product", optional=True),
    _text("label_strength", optional=True), _text("label_batch", optional=True),
)
bom_lines = _table(
    "bom_lines", _text("order_id"), _text("line_id"), _text("material_id"), _text("quantity"),
    _text("unit"), _text("tolerance_high"), _int("minimum_shelf_life_days"),
    _text("tolerance_low", optional=True), _text("potency_basis", optional=True),
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
    PrimaryKeyConstraint("cause"), Index("movements_by_lot", "lot_id"), sqlite_with_rowid=False,
)

# Counts, adjustments and samples, in both systems: the warehouse owns them, MES keeps its mirror.
counts = _table(
    "counts", _text("count_id", key=True), _int("ordinal"), _text("recount_of", optional=True),
    _text("container"), _text("lot_id"), _text("location_id"), _text("book"), _text("counted"),
    _text("unit"), _text("counted_by"), _int("counted_at"),
    Index("counts_by_first", "recount_of", "ordinal"),
)
adjustments = _table(
    "adjustments", _text("adjustment_id", key=True), _text("count_id"), _text("recount_id"),
    _text("container"), _text("lot_id"), _text("before"), _text("after"), _text("unit"),
    _text("counted_by"), _text("recounted_by"), _text("approved_by"), _text("signature_id"),
    _text("investigation_id"), _text("deviation_id", optional=True), _int("adjusted_at"),
    Index("adjustments_by_count", "count_id"),
)
investigations = _table(
    "investigations", _text("investigation_id", key=True), _text("source"), _text("cause"),
    _text("finding"), _int("opened_at"),
)
deviations = _table(
    "deviations", _text("deviation_id", key=True), _text("deviation_class"), _text("source"),
    _text("state"), _text("affected_lots"), _text("affected_orders"), _int("opened_at"),
)
samples = _table(
    "samples", _text("sample_id", key=True), _text("lot_id"), _text("source_container"),
    _text("sample_container"), _text("quantity"), _text("unit"), _text("sampled_by"),
    _int("sampled_at"), Index("samples_by_label", "sample_container"),
)
# Which orders' batches used a lot: what a deviation has to name.
lot_uses = _table(
    "lot_uses", _text("lot_id"), _text("order_id"), PrimaryKeyConstraint("lot_id", "order_id")
)
# Why an event was declared an error, and which ones were told in its place.
event_corrections = _table(
    "event_corrections", _text("correction_id", key=True), _text("event_id"), _text("reason"),
    _text("corrective_event_id", optional=True), _text("corrected_by"), _int("corrected_at"),
)
# What the partner last published of a record, and the members in which it differs from ours.
partner_records = _table(
    "partner_records", _text("kind"), _text("record_id"), _int("version"), _text("content"),
    _text("content_sha256"), _text("differs"), PrimaryKeyConstraint("kind", "record_id"),
)

# Deliveries, in the warehouse alone: what was announced, and what arrived.
asns = _table("asns", _text("asn_id", key=True), _text("supplier"), _text("state"))
asn_lines = _table(
    "asn_lines", _text("asn_id"), _text("line_id"), _text("sscc", optional=True),
    _text("material_id"), _text("gtin", optional=True), _text("supplier_lot"),
    _text("expires_on"), _text("quantity"), _text("unit"), _text("received"),
    _text("retest_on", optional=True),
    PrimaryKeyConstraint("asn_id", "line_id"),
)
receipts = _table(
    "receipts", _text("receipt_id", key=True), _text("asn_id"), _text("line_id", optional=True),
    _text("sscc"), _text("lot_id"), _text("quantity"), _text("unit"), _text("condition"),
    _text("discrepancy", optional=True), _int("received_at"), _text("received_by"),
    _text("manufactured_on", optional=True), _text("serial", optional=True),
    _text("keyed", optional=True), _text("verified_by", optional=True),
    UniqueConstraint("sscc"), Index("receipts_by_asn", "asn_id", "lot_id"),
)

# Packing and shipping, in both systems: what an order makes, what is inside what, what left.
order_products = _table(
    "order_products", _text("order_id", key=True), _text("material_id"), _text("gtin"),
    _text("lot_id"), _text("lot"), _text("expires_on"), _int("label_difference_max"),
    Index("order_products_by_lot", "lot_id"),
)
# The child is the key: it stands in one parent at most. Both are GS1 keys, see domain/packing.py.
aggregations = _table(
    "aggregations", _text("child", key=True), _text("parent"), _text("cause"),
    Index("aggregations_by_parent", "parent"),
)
shipments = _table(
    "shipments", _text("shipment_id"), _text("sscc"), _text("handling_unit"),
    _text("customer_id"), _text("consignee"), _text("lot_id"), _text("quantity"), _text("unit"),
    _text("shipped_at"), PrimaryKeyConstraint("shipment_id", "sscc"),
    Index("shipments_by_lot", "lot_id"),
)
# MES alone labels and packs, the warehouse alone ships.
packaging_lines = _table(
    "packaging_lines", _text("line_id", key=True), _text("location_id"), _text("sscc_prefix"),
    _text("scanner_id", optional=True),
)
labels = _table(
    "labels", _text("label_id", key=True), _text("sscc"), _text("order_id"), _text("line_id"),
    _text("kind"), _text("lot_id", optional=True), _text("quantity"), _text("unit"),
    _text("printer_id"), _text("state"), _text("reprint_of", optional=True), _text("printed_at"),
    _text("printed_by"), _text("verified_fields", optional=True), _text("reason", optional=True),
    _text("locale"), _text("encoding"),
    Index("labels_by_sscc", "sscc"), Index("labels_by_order", "order_id"),
)
label_reconciliations = _table(
    "label_reconciliations", _text("order_id", key=True), _text("reconciliation_id"),
    _int("issued"), _int("applied"), _int("destroyed"), _int("difference"),
    _text("reason", optional=True), _text("counted_by"), _text("counted_at"),
)
customers = _table(
    "customers", _text("customer_id", key=True), _text("name"), _int("minimum_shelf_life_days")
)

# Production alone: what was issued to orders, how it was weighed, what came back unused.
issues = _table(
    "issues", _text("issue_id", key=True), _text("mode"), _text("order_id"), _text("line_id"),
    _text("material_id"), _text("lot_id"), _text("source"), _text("container", optional=True),
    _text("quantity"), _text("returned"), _text("consumed"), _text("unit"),
    _text("scrapped", optional=True),
    _text("potency", optional=True), _int("issued_at"), _text("issued_by"),
    Index("issues_by_line", "order_id", "line_id"), Index("issues_by_container", "container"),
)
weighings = _table(
    "weighings", _text("issue_id", key=True), _text("gross"), _text("tare"), _text("unit"),
    _text("scale_id"), _text("calibration_due", optional=True), _text("verified_by"),
    _text("override_reason", optional=True),
)
staged_returns = _table(
    "staged_returns", _text("return_id", key=True), _text("order_id"), _text("line_id"),
    _text("quantity"), _text("unit"), Index("staged_returns_by_line", "order_id", "line_id"),
)
completions = _table(
    "completions", _text("order_id", key=True), _text("good"), _text("scrap"), _text("unit"),
    _text("at"), _text("by"),
)

APPEND_ONLY = (journal, audit, signatures, alarms, events)
_WAREHOUSE_ONLY = (allocations, movements, customers, asns, asn_lines, receipts)
_PRODUCTION_ONLY = (
    packaging_lines, labels, label_reconciliations, issues, weighings, staged_returns, completions,
)


# For the tables of other modules; a table of one role alone says so in its ``info``.
text_column, integer_column = _text, _int


def tables_of(role: Role) -> list[Table]:
    """The tables that a system of this role has."""
    left_out = _WAREHOUSE_ONLY if role is Role.MES else _PRODUCTION_ONLY
    return [
        table for table in metadata.sorted_tables
        if table not in left_out and table.info.get("only", role) is role
    ]
