"""The assays of lots: every version is kept, the newest counts.

Source: URS-UOM-004.
"""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import bindparam, select

from contracts.model.instants import microseconds
from contracts.model.stimulus import Lot
from contracts.model.units import PotencyBasis
from reference_impl.domain.assays import Assay
from reference_impl.identifiers import derived_id
from reference_impl.records.work import Work
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.unit_tables import assays

_NEWEST = Statement(
    select(assays).where(assays.c.lot_id == bindparam("lot_id"))
    .order_by(assays.c.version.desc()).limit(1)
)


def current_assay(connection: Connection, lot_id: str) -> Assay | None:
    """The assay of a lot that counts now; None where it has none."""
    row = connection.row(_NEWEST, lot_id=lot_id)
    return read_assay(row) if row else None


def read_assay(row: Row) -> Assay:
    """The assay that a row holds."""
    basis = row["basis"]
    return Assay(row["version"], Decimal(row["potency"]), PotencyBasis(basis) if basis else None)


def keep_opening_assay(work: Work, lot: Lot) -> None:
    """Keep the assay that came with opening stock as the first version; MES adds the next ones."""
    if lot.potency is None:
        return
    work.create(
        assays, lot_id=lot.lot_id, version=1, assay_id=derived_id(lot.lot_id, "OPENING"),
        potency=f"{lot.potency:f}", basis=lot.potency_basis.value if lot.potency_basis else None,
        recorded_at=microseconds(work.now), recorded_by=work.actor.account,
    )
