"""The warehouse brings no more of a request that production took back. Source: URS-PCK-004."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.envelope import Envelope
from contracts.model.inspection import PickState
from contracts.model.messages.picks import PickCancelled
from reference_impl.domain.picks import OPEN, check_cancellable
from reference_impl.records.work import Work
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import allocations, pick_lines
from reference_impl.wms import allocation

_LINES = Statement(
    select(pick_lines)
    .where(pick_lines.c.request_id == bindparam("request_id"))
    .order_by(pick_lines.c.line_id)
)


# implements FRS-PCK-015
def pick_cancelled(work: Work, envelope: Envelope[PickCancelled]) -> Refusal | None:
    """Free what is set aside for a request; what was picked stays picked."""
    request_id = envelope.data.request_id
    lines = work.connection.rows(_LINES, request_id=request_id)
    if not lines:
        return Refusal(Code.UNKNOWN_REQUEST, "data.requestId", request_id)
    refusal = check_cancellable([PickState(line["state"]) for line in lines], "data.requestId")
    if refusal:
        return refusal
    for line in lines:
        if line["state"] in OPEN:
            _close(work, line)
    for material_id in sorted({line["material_id"] for line in lines}):
        allocation.serve_short(work, material_id)
    return None


# implements FRS-PCK-016
def _close(work: Work, line: Row) -> None:
    key = (line["request_id"], line["line_id"])
    for row in allocation.of_line(work.connection, *key):
        work.remove(allocations, *key, row["sscc"])
    work.change(pick_lines, *key, state=PickState.CANCELLED.value)
