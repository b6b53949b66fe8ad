"""The tables of assays, of what was adjusted by them, and of what was rounded.

All three are written once and never changed: a new version is a new row. Source: URS-UOM-004.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from reference_impl.store.tables import metadata


def _text(name: str, *, optional: bool = False) -> Column[str]:
    return Column(name, Text, nullable=optional)


def _int(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, autoincrement=False)


assays = Table(
    "assays", metadata, _text("lot_id"), _int("version"), _text("assay_id"), _text("potency"),
    _text("basis", optional=True), _text("result_ref", optional=True),
    _text("reason", optional=True), _int("recorded_at"), _text("recorded_by"),
    _text("signature_id", optional=True), PrimaryKeyConstraint("lot_id", "version"),
)
adjusted_quantities = Table(
    "adjusted_quantities", metadata, _text("issue_id"), _int("version"), _text("lot_id"),
    _int("assay_version"), _text("net"), _text("unit"), _text("potency"),
    _text("basis", optional=True), _text("active"), _text("residue_numerator"),
    _text("residue_denominator"), _text("signature_id"), _int("signed_at"),
    PrimaryKeyConstraint("issue_id", "version"), Index("adjusted_by_lot", "lot_id"),
)
roundings = Table(
    "roundings", metadata, _text("cause"), _text("quantity_type"), _text("lot_id"),
    _text("rounded"), _text("unit"), _text("residue_numerator"), _text("residue_denominator"),
    PrimaryKeyConstraint("cause"),
)

APPEND_ONLY = (assays, adjusted_quantities, roundings)
