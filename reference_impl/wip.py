"""Transfers of work in process: how both systems keep and show them. Source: URS-WIP-001."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from contracts.model.inspection_flows import WipPlaceRow, WipTransferRow, WipTransfers
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.messages.wip import WipTransferred
from reference_impl.records.counting import next_number
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import quantity, text
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.flow_tables import wip_transfers

_ALL = Statement(select(wip_transfers).order_by(wip_transfers.c.ordinal))
_LAST = Statement(
    select(wip_transfers.c.to_location)
    .where(wip_transfers.c.container == bindparam("sscc"))
    .order_by(wip_transfers.c.ordinal.desc())
)


def place_in_process(connection: Connection, sscc: str) -> str | None:
    """Where the last transfer left a container; None where it was never transferred."""
    row = connection.row(_LAST, sscc=sscc)
    return row["to_location"] if row else None


def keep_transfer(work: Work, fact: WipTransferred) -> None:
    """Record a transfer."""
    work.create(
        wip_transfers, transfer_id=fact.transfer_id,
        ordinal=next_number(work.connection, "wip transfers"), order_id=fact.order_id,
        container=fact.container, lot_id=fact.lot_id, quantity=text(fact.quantity),
        unit=fact.quantity.unit.value, from_location=fact.from_location,
        to_location=fact.to_location, transferred_at=microseconds(fact.transferred_at),
        transferred_by=fact.transferred_by,
    )


def show_wip_transfers(connection: Connection, settings: Settings, _: int) -> WipTransfers:
    """All transfers, and where they left each container."""
    rows = connection.rows(_ALL)
    last: dict[str, Row] = {row["container"]: row for row in rows}
    return WipTransfers(
        rows=tuple(_row(row, settings) for row in rows),
        places=tuple(
            WipPlaceRow(
                container=sscc, lot_id=row["lot_id"], order_id=row["order_id"],
                location_id=row["to_location"], quantity=quantity(row),
            )
            for sscc, row in sorted(last.items())
        ),
    )


def _row(row: Row, settings: Settings) -> WipTransferRow:
    return WipTransferRow(
        transfer_id=row["transfer_id"], order_id=row["order_id"], container=row["container"],
        lot_id=row["lot_id"], quantity=quantity(row), from_location=row["from_location"],
        to_location=row["to_location"],
        transferred_at=from_microseconds(row["transferred_at"], settings.site_zone),
        transferred_by=row["transferred_by"],
    )
