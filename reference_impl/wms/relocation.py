"""Stock that stands where its status may not: locked there until it is moved.

Source: 21 CFR 211.42(c), 211.142(a); URS-STA-009.
"""

from __future__ import annotations

from sqlalchemy import select

from contracts.model.commands import RelocationTask, RelocationTasks
from contracts.model.identifiers import Sscc
from reference_impl.places import is_locked
from reference_impl.settings import Settings
from reference_impl.stock import quantity, status_of
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import containers, locations, lots

_CONSTRAINED = Statement(
    select(
        locations.c.location_id, locations.c.allowed_statuses, containers.c.sscc,
        containers.c.lot_id, containers.c.quantity, containers.c.unit, containers.c.status,
        lots.c.material_id, lots.c.status.label("lot_status"),
    )
    .join(containers, containers.c.location_id == locations.c.location_id)
    .join(lots, lots.c.lot_id == containers.c.lot_id)
    .where(locations.c.allowed_statuses.is_not(None))
    .order_by(containers.c.sscc)
)


# implements FRS-STA-022
def relocation_tasks(connection: Connection, _: Settings) -> RelocationTasks:
    """What has to be moved."""
    rows = connection.rows(_CONSTRAINED)
    return RelocationTasks(tasks=tuple(_task(row) for row in rows if _is_misplaced(row)))


def _is_misplaced(row: Row) -> bool:
    return quantity(row).value != 0 and is_locked(
        row["allowed_statuses"], status_of(row, row["lot_status"])
    )


def _task(row: Row) -> RelocationTask:
    return RelocationTask(
        container=Sscc(row["sscc"]), lot_id=row["lot_id"], material_id=row["material_id"],
        location_id=row["location_id"], status=status_of(row, row["lot_status"]),
        quantity=quantity(row),
    )
