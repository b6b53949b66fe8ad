"""Tables of the quality unit, the laboratory, maintenance, and of holds that the warehouse placed.

Conventions as in :mod:`reference_impl.store.tables`.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from contracts.model.roles import Role
from reference_impl.store.tables import metadata

_MES = {"only": Role.MES}


def _text(name: str, *, key: bool = False, optional: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=optional)


def _int(name: str, *, optional: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=optional)


# The course of a deviation, in MES alone; the record itself is in ``deviations``.
deviation_occasions = Table(
    "deviation_occasions", metadata, _text("deviation_id", key=True), _text("occasion"),
    _text("opened_by"), info=_MES,
)
deviation_findings = Table(
    "deviation_findings", metadata, _text("finding_id", key=True), _text("deviation_id"),
    _int("ordinal"), _text("finding"), _text("found_by"), _int("found_at"),
    Index("findings_by_deviation", "deviation_id", "ordinal"), info=_MES,
)
deviation_closures = Table(
    "deviation_closures", metadata, _text("deviation_id", key=True), _text("conclusion"),
    _text("closed_by"), _int("closed_at"), _text("signature_id"), info=_MES,
)
capas = Table(
    "capas", metadata, _text("capa_id", key=True), _text("action"), _text("risk_item"),
    _text("state"), _text("opened_by"), _int("opened_at"), _text("evidence", optional=True),
    _text("closed_by", optional=True), _int("closed_at", optional=True),
    _text("signature_id", optional=True), info=_MES,
)
capa_links = Table(
    "capa_links", metadata, _text("capa_id"), _text("deviation_id"),
    PrimaryKeyConstraint("capa_id", "deviation_id"), info=_MES,
)

# What the lots of a material have to pass, in both roles as a migration brings it, and what the
# laboratory found.
specifications = Table(
    "specifications", metadata, _text("material_id"), _text("test"), _text("method"),
    _text("unit"), _text("low", optional=True), _text("high", optional=True),
    _int("sets_potency"), PrimaryKeyConstraint("material_id", "test"),
)
lab_results = Table(
    "lab_results", metadata, _text("sample_id"), _text("test"), _text("result_id"),
    _int("ordinal"), _text("lot_id"), _text("method"), _text("value"), _text("unit"),
    _text("low", optional=True), _text("high", optional=True), _text("verdict"),
    _text("potency", optional=True), _text("tested_by"), _text("reviewed_by"),
    _text("review_signature_id"), _int("recorded_at"), _text("retest_on", optional=True),
    PrimaryKeyConstraint("sample_id", "test"), Index("lab_results_by_lot", "lot_id", "test"),
    info=_MES,
)

equipment_events = Table(
    "equipment_events", metadata, _text("kind"), _text("event_id"), _int("ordinal"),
    _text("equipment_id"), _text("to_state"), _text("reason", optional=True),
    _text("certificate", optional=True), _text("valid_until", optional=True),
    _text("signature_id"), _text("recorded_by"), _int("recorded_at"),
    PrimaryKeyConstraint("kind", "event_id"),
    Index("events_by_equipment", "equipment_id", "ordinal"), info=_MES,
)

# In both systems: the warehouse owns its holds, MES keeps its mirror.
holds = Table(
    "holds", metadata, _text("hold_id", key=True), _text("lot_id"), _text("from_status"),
    _text("to_status"), _text("reason_code"), _text("reason"), _text("placed_by"),
    _int("placed_at"), _int("recorded_at", optional=True), Index("holds_by_lot", "lot_id"),
)
hold_issues = Table(
    "hold_issues", metadata, _text("hold_id"), _text("issue_id"), _int("ordinal"),
    PrimaryKeyConstraint("hold_id", "issue_id"),
)
