"""What stands in the way of a release: a list of functions, to which each domain adds its own.

Source: URS-BPR-003; 21 CFR 211.165(a), 211.192.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import bindparam, select

from contracts.model.batch_records import EntryKind
from contracts.model.codes import Code, Refusal
from contracts.model.counts import DeviationState
from contracts.model.inspection_batch import BatchRecord
from contracts.model.packing import LabelState
from reference_impl.mes.batch_record import is_acknowledged, read_content
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import order_products

# Which orders make a lot, whether its batch record is kept here or on paper.
_ORDERS = Statement(
    select(order_products.c.order_id)
    .where(order_products.c.lot_id == bindparam("lot_id"))
    .order_by(order_products.c.order_id)
)
# Looks at one batch record and names what is not settled, in words.
Obstacles = Callable[[Connection, BatchRecord], Iterator[str]]


# implements FRS-BPR-002
def show_batch_record(
    connection: Connection, settings: Settings, order_id: str
) -> BatchRecord | Refusal:
    """The batch record of an order, with what it lacks and what stands in the way of a release."""
    record = read_content(connection, settings, order_id)
    if record is None:
        return Refusal(Code.UNKNOWN_ORDER, "query:orderId", order_id)
    return record.model_copy(update={"obstacles": tuple(obstacles_in(connection, record))})


def release_obstacles(connection: Connection, settings: Settings, lot_id: str) -> list[str]:
    """What stands in the way of the release of a lot; nothing where no order makes it."""
    found: list[str] = []
    for order in connection.rows(_ORDERS, lot_id=lot_id):
        record = read_content(connection, settings, order["order_id"])
        if record is not None:
            found += obstacles_in(connection, record)
    return found


def obstacles_in(connection: Connection, record: BatchRecord) -> list[str]:
    """What of one batch record stands in the way, in the order of the list."""
    return [words for obstacles in OBSTACLES for words in obstacles(connection, record)]


# implements FRS-BPR-014
# implements FRS-BPR-016
def check_obstacles(connection: Connection, settings: Settings, lot: Row) -> Refusal | None:
    """Refuse the release of a lot while anything stands in its way."""
    found = release_obstacles(connection, settings, lot["lot_id"])
    return Refusal(Code.RELEASE_BLOCKED, "lotId", "; ".join(found)) if found else None


def _record_open(_: Connection, record: BatchRecord) -> Iterator[str]:
    """A record on paper is completed on paper; everything else stands here all the same."""
    if record.master_record is not None and record.completed is None:
        yield f"batch record of {record.order_id} is not completed"


def _results_outside(_: Connection, record: BatchRecord) -> Iterator[str]:
    for entry in record.entries:
        if entry.kind is EntryKind.IN_PROCESS_RESULT and not entry.within_limits:
            yield f"result of {entry.item} is outside its limits"


def _deviations_open(_: Connection, record: BatchRecord) -> Iterator[str]:
    for deviation in record.deviations:
        if deviation.state is DeviationState.OPEN:
            yield f"deviation {deviation.deviation_id} is open"


def _content_unacknowledged(connection: Connection, record: BatchRecord) -> Iterator[str]:
    for label in record.labels:
        applied = label.state is LabelState.APPLIED
        if applied and not is_acknowledged(connection, label.sscc):
            yield f"the warehouse has not acknowledged {label.sscc}"


OBSTACLES: tuple[Obstacles, ...] = (
    _record_open, _results_outside, _deviations_open, _content_unacknowledged,
)
