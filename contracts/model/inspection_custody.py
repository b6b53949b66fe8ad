"""What was inside what at any time, and where that is now which was taken out."""

from __future__ import annotations

from contracts.model.identifiers import Id, Sscc
from contracts.model.inspection_packing import UnitKey
from contracts.model.instants import Timestamp
from contracts.model.messages.custody import Breaking
from contracts.model.wire_model import WireModel


class AggregationPeriod(WireModel):
    """``child`` stood in ``parent`` from ``since`` until ``until``; absent: it does still.

    ``cause`` is the act that put it there, ``ended_by`` the one that took it out, ``follows`` the
    disaggregations that the act followed on. What was inside what at an instant are the periods
    with ``since`` at or before it and ``until`` after it. Source: URS-AGG-002.
    """

    child: UnitKey
    parent: Sscc
    since: Timestamp
    cause: Id
    by: Id
    follows: tuple[Id, ...] = ()
    until: Timestamp | None = None
    ended_by: Id | None = None


class AggregationHistory(WireModel):
    """Every aggregation that ever was, by child and time."""

    rows: tuple[AggregationPeriod, ...]


class CustodyRow(WireModel):
    """One thing that left its unit: what, when, by whom, why; and where it is now.

    ``now_in`` is the unit that it stands in now, absent: none; ``now_at`` its place, absent where
    it has left the site, and then ``with_customer`` has it. ``rejoined_by`` is the aggregation that
    followed, absent: none yet. Source: URS-RET-001.
    """

    disaggregation_id: Id
    child: UnitKey
    left: Sscc
    left_at: Timestamp
    left_by: Id
    station: Id
    purpose: Breaking
    reason: str
    put_at: Id
    put_into: Sscc | None = None
    now_in: Sscc | None = None
    now_at: Id | None = None
    with_customer: Id | None = None
    rejoined_by: Id | None = None


class Custody(WireModel):
    """All that was ever taken out of a unit."""

    rows: tuple[CustodyRow, ...]
