"""The lines of pick requests, as both systems keep them."""

from __future__ import annotations

from contracts.model.inspection import PickState
from contracts.model.instants import microseconds
from contracts.model.messages.picks import PickLine, PickRequested
from reference_impl.records.work import Work
from reference_impl.stock import text
from reference_impl.store.tables import pick_lines


def create_pick_line(
    work: Work, request: PickRequested, line: PickLine, state: PickState, message_id: str
) -> None:
    """Keep a line of a request, of which nothing is picked yet."""
    work.create(
        pick_lines, request_id=request.request_id, line_id=line.line_id,
        order_id=request.order_id, material_id=line.material_id,
        requested=text(line.quantity), picked="0", tolerance_high=text(line.tolerance_high),
        unit=line.quantity.unit.value, minimum_shelf_life_days=line.minimum_shelf_life_days,
        to_location=request.to_location, needed_by=microseconds(request.needed_by),
        message_id=message_id, state=state.value,
    )
