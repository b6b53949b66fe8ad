"""The tables of units that are broken and put together again, in both systems."""

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
)
# What left a unit, and what for. Where it is now follows from the tables of stock.
custody = Table(
    "custody", metadata, _text("disaggregation_id"), _text("child"), _text("parent"),
    Column("left_at", Integer, nullable=False), _text("left_by"), _text("station"),
    _text("purpose"), _text("reason"), _text("location_id"), _text("into", optional=True),
    PrimaryKeyConstraint("disaggregation_id", "child"), Index("custody_by_child", "child"),
)
