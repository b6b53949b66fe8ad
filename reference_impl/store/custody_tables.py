"""The tables of units that are broken and put together again, and of guided scanning."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from reference_impl.store.tables import metadata


def _text(name: str, *, optional: bool = False) -> Column[str]:
    return Column(name, Text, nullable=optional)


# Every act of putting in and taking out, never changed: the periods follow from them alone.
# ``follows`` is a JSON list of disaggregations.
aggregation_moves = Table(
    "aggregation_moves", metadata, _text("child"), _text("cause"), _text("kind"),
    _text("parent"), Column("at", Integer, nullable=False), _text("by"),
    _text("follows", optional=True), PrimaryKeyConstraint("child", "cause", "kind"),
    Index("aggregation_moves_by_parent", "parent"),
)
# What left a unit, and what for. Where it is now follows from the tables of stock.
custody = Table(
    "custody", metadata, _text("disaggregation_id"), _text("child"), _text("parent"),
    Column("left_at", Integer, nullable=False), _text("left_by"), _text("station"),
    _text("purpose"), _text("reason"), _text("location_id"), _text("into", optional=True),
    PrimaryKeyConstraint("disaggregation_id", "child"), Index("custody_by_child", "child"),
)
# Guided scanning: what is declared, what was begun, every scan of both systems. Lists are JSON.
scan_steps = Table(
    "scan_steps", metadata, _text("step_id"), _text("role"), _text("station"),
    _text("guards", optional=True), _text("scans"), PrimaryKeyConstraint("step_id"),
)
scan_runs = Table(
    "scan_runs", metadata, _text("run_id"), _text("step_id"), _text("units"),
    _text("order_id", optional=True), Column("scanned", Integer, nullable=False),
    _text("used_by", optional=True), PrimaryKeyConstraint("run_id"),
)
scans = Table(
    "scans", metadata, _text("record_id"), _text("role"), _text("scan_id"), _text("run_id"),
    _text("step_id", optional=True), Column("position", Integer, nullable=True),
    _text("device_id"), _text("calibration"), _text("calibration_due", optional=True),
    _text("scan"), _text("outcome"), _text("code", optional=True), _text("path", optional=True),
    Column("scanned_at", Integer, nullable=False), _text("scanned_by"), _text("station"),
    PrimaryKeyConstraint("role", "record_id"),
)
# A row for each component of each kit; what is opened keeps its row.
kit_components = Table(
    "kit_components", metadata, _text("kit"), _text("component"), _text("lot_id"), _text("lot"),
    _text("assembly_id"), Column("assembled_at", Integer, nullable=False), _text("assembled_by"),
    _text("opened_by", optional=True), Column("opened_at", Integer, nullable=True),
    _text("into", optional=True), PrimaryKeyConstraint("kit", "component"),
    Index("kit_components_by_component", "component"),
)
