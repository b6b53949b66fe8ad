"""Stock as one system has it at one moment, and what differs between the two.

Sources: URS-REC-001, URS-REC-003, URS-REC-004; EU GMP Annex 11 5; 21 CFR 211.184(c).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contracts.model.identifiers import Id, MessageId, Sscc
from contracts.model.inspection import Count, Direction
from contracts.model.instants import Timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity, Unit
from contracts.model.wire_model import WireModel

CONTROL_TOTAL_END = 10**15
"""Control totals are counted modulo this."""

class HeldRow(WireModel):
    """A container that holds something, and the status that counts for it."""

    sscc: Sscc
    material_id: Id
    lot_id: Id
    location_id: Id
    status: LotStatus
    quantity: Quantity


class UnderwayRow(WireModel):
    """A message that its receiver has not answered for good, and what it names.

    ``lots`` are there where it names no container: it is then about all of the lot.
    """

    message_id: MessageId
    containers: tuple[Sscc, ...]
    lots: tuple[Id, ...]


class StockPicture(WireModel):
    """Stock container by container and what is on its way from here, as of one state."""

    journal_position: Count
    rows: tuple[HeldRow, ...]
    underway: tuple[UnderwayRow, ...]


class DifferenceState(StrEnum):
    """Whether a difference was concluded upon."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class DifferenceRow(WireModel):
    """A place where MES and WMS show different stock. Its closing names the adjustment."""

    difference_id: Id
    reconciliation_id: Id
    location_id: Id
    material_id: Id
    lot_id: Id
    status: LotStatus
    unit: Unit
    mes: Quantity
    wms: Quantity
    deviation_id: Id
    state: DifferenceState
    found_at: Timestamp
    adjustment_id: Id | None = None
    reason: str | None = None
    closed_by: Id | None = None
    closed_at: Timestamp | None = None
    signature_id: Id | None = None


class ReconciliationRow(WireModel):
    """One comparison. ``answered`` is false where WMS did not tell its stock.

    ``places`` were compared; ``setApart`` containers were not, because messages on their way name
    them: they are compared the next time.
    """

    reconciliation_id: Id
    compared_at: Timestamp
    compared_by: Id
    answered: bool
    places: Count
    set_apart: Count
    found: Count
    next_at: Timestamp


class Reconciliations(WireModel):
    """All comparisons, and all differences that they found."""

    rows: tuple[ReconciliationRow, ...]
    differences: tuple[DifferenceRow, ...]


class MessageTotalRow(WireModel):
    """The messages of one interface in one hour, by the hour in which their sender wrote them.

    ``controlTotal`` are the last fifteen digits of the sum of their sequence numbers, so that every
    reader of JSON keeps it whole. ``openMessages`` are those of them that
    have no final answer yet, ``deadLetters`` those that were given up; a receiver has neither.
    """

    interface: Id
    direction: Direction
    hour: Timestamp
    messages: Annotated[int, Field(strict=True, ge=1)]
    control_total: Count
    open_messages: tuple[MessageId, ...]
    dead_letters: tuple[MessageId, ...]


class MessageTotals(WireModel):
    """All interfaces, hour by hour."""

    rows: tuple[MessageTotalRow, ...]
