"""Tables of reconciliation: comparisons of stock, and the differences that they found.

MES compares: it keeps the mirror of a stock that the warehouse owns. Conventions as in
:mod:`reference_impl.store.tables`.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from contracts.model.roles import Role
from reference_impl.store.tables import metadata

_MES = {"only": Role.MES}


def _text(name: str, *, key: bool = False, optional: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=optional)


def _int(name: str, *, optional: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=optional)


reconciliations = Table(
    "reconciliations", metadata, _text("reconciliation_id", key=True), _int("compared_at"),
    _text("compared_by"), _int("answered"), _int("places"), _int("set_apart"), _int("found"),
    _int("next_at"), _int("ordinal"), info=_MES,
)
# ``detail`` holds, as JSON, both systems' rows of each container that makes the difference.
stock_differences = Table(
    "stock_differences", metadata, _text("difference_id", key=True),
    _text("reconciliation_id"), _text("location_id"), _text("material_id"), _text("lot_id"),
    _text("status"), _text("unit"), _text("mes_quantity"), _text("wms_quantity"),
    _text("detail"), _text("deviation_id"), _text("state"), _int("found_at"),
    _text("adjustment_id", optional=True), _text("reason", optional=True),
    _text("closed_by", optional=True), _int("closed_at", optional=True),
    _text("signature_id", optional=True),
    Index("stock_differences_by_state", "state", "difference_id"), info=_MES,
)
