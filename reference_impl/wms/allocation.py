"""Setting stock aside for pick lines, and setting it aside anew when a lot drops out.

A request is served from lots that MES confirms when asked. Anew it is allocated by what MES told
last: that happens on hearing from it, and the pick is confirmed before it is done.
Sources: URS-PCK-001, URS-EXP-001, URS-STA-004.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.inspection import PickState
from contracts.model.instants import from_microseconds
from contracts.model.quantities import Quantity
from contracts.model.questions import Use
from contracts.model.stimulus import Purpose
from reference_impl.domain.allocation import Candidate, Share, allocate
from reference_impl.link.heartbeat import is_fresh
from reference_impl.places import is_locked
from reference_impl.records.asking import Question
from reference_impl.records.work import Work
from reference_impl.stock import quantity, read_lot, text
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import allocations, containers, locations, lots, pick_lines
from reference_impl.validation import ask_partner

_STOCK = Statement(
    select(
        containers.c.sscc, containers.c.quantity, containers.c.unit, lots.c.lot_id,
        lots.c.status, lots.c.expires_at, lots.c.retest_at, lots.c.released_at,
        locations.c.allowed_statuses,
    )
    .join(lots, lots.c.lot_id == containers.c.lot_id)
    .join(locations, locations.c.location_id == containers.c.location_id)
    .where(
        lots.c.material_id == bindparam("material_id"),
        locations.c.purpose == Purpose.STORAGE.value,
        containers.c.status.is_(None),
    )
)
_SET_ASIDE = Statement(
    select(allocations)
    .where(allocations.c.sscc == bindparam("sscc"))
    .order_by(allocations.c.request_id, allocations.c.line_id)
)
_OF_LINE = Statement(
    select(allocations)
    .where(
        allocations.c.request_id == bindparam("request_id"),
        allocations.c.line_id == bindparam("line_id"),
    )
    .order_by(allocations.c.sscc)
)
_OF_LOT = Statement(
    select(allocations)
    .where(allocations.c.lot_id == bindparam("lot_id"))
    .order_by(allocations.c.request_id, allocations.c.line_id, allocations.c.sscc)
)
_SHORT = Statement(
    select(pick_lines)
    .where(
        pick_lines.c.state == PickState.SHORT.value,
        pick_lines.c.material_id == bindparam("material_id"),
    )
    .order_by(pick_lines.c.needed_by, pick_lines.c.request_id, pick_lines.c.line_id)
)


def free_of(connection: Connection, sscc: str, content: Quantity) -> Quantity:
    """What of a container no line has set aside."""
    for row in connection.rows(_SET_ASIDE, sscc=sscc):
        content = content - quantity(row)
    return content


def of_line(connection: Connection, request_id: str, line_id: str) -> list[Row]:
    """What is set aside for a line."""
    return connection.rows(_OF_LINE, request_id=request_id, line_id=line_id)


def set_aside(
    work: Work, line: tuple[str, str, str], wanted: Quantity, minimum_days: int
) -> tuple[Share, ...]:
    """Allocate for a line (request, line, material); nothing where the stock does not suffice."""
    shares = _proposal(work, line[2], wanted, minimum_days)
    _keep_shares(work, line[:2], shares)
    return shares


def set_aside_confirmed(
    work: Work, line: tuple[str, str, str], wanted: Quantity, minimum_days: int, path: str
) -> Refusal | None:
    """Allocate for a line from lots that their owner allows now, or refuse.

    A lot that the owner does not allow is left out, and the next one is proposed.
    """
    left_out: dict[str, Refusal] = {}
    while True:
        shares = _proposal(work, line[2], wanted, minimum_days, frozenset(left_out))
        if not shares:
            why = "; ".join(refusal.detail for refusal in left_out.values())
            detail = f"no stock for {wanted} in date{f': {why}' if why else ''}"
            return Refusal(Code.NO_ELIGIBLE_STOCK, path, detail)
        refused = _not_allowed(work, shares, path)
        unknown = [r for r in refused.values() if r.code is Code.STATUS_UNCONFIRMED]
        if unknown:
            return unknown[0]
        if not refused:
            _keep_shares(work, line[:2], shares)
            return None
        left_out |= refused


def _not_allowed(work: Work, shares: tuple[Share, ...], path: str) -> dict[str, Refusal]:
    """The refusals of the owner, by lot."""
    lot_ids = tuple(dict.fromkeys(share.lot_id for share in shares))
    work.ask_first(Question(lot_id, None, Use.ALLOCATION) for lot_id in lot_ids)
    answered = {
        lot_id: ask_partner(work, Use.ALLOCATION, path, lot_id=lot_id) for lot_id in lot_ids
    }
    return {lot_id: refusal for lot_id, refusal in answered.items() if refusal}


def _proposal(
    work: Work, material_id: str, wanted: Quantity, minimum_days: int,
    left_out: frozenset[str] = frozenset(),
) -> tuple[Share, ...]:
    found = _candidates(work.connection, material_id, wanted)
    candidates = [candidate for candidate in found if candidate.lot.lot_id not in left_out]
    return allocate(wanted, candidates, work.now, minimum_days)


def _keep_shares(work: Work, key: tuple[str, str], shares: tuple[Share, ...]) -> None:
    request_id, line_id = key
    for share in shares:
        held = work.find(allocations, request_id, line_id, share.sscc)
        if held is not None:
            more = quantity(held) + share.quantity
            work.change(allocations, request_id, line_id, share.sscc, quantity=text(more))
            continue
        work.create(
            allocations, request_id=request_id, line_id=line_id, sscc=share.sscc,
            lot_id=share.lot_id, quantity=text(share.quantity), unit=share.quantity.unit.value,
        )


def drop_lot(work: Work, lot_id: str, material_id: str) -> None:
    """Free what is set aside of a lot that may no longer be used, and allocate anew."""
    _free(work, work.connection.rows(_OF_LOT, lot_id=lot_id))
    serve_short(work, material_id)


def follow_content(work: Work, sscc: str, material_id: str) -> None:
    """Allocate anew where a container holds less than was set aside of it, or more than before."""
    container = work.find(containers, sscc)
    assert container is not None
    if free_of(work.connection, sscc, quantity(container)).value < 0:
        _free(work, work.connection.rows(_SET_ASIDE, sscc=sscc))
    serve_short(work, material_id)


def give_another(
    work: Work, line: Row, lot_id: str, missing: Quantity
) -> tuple[Share, ...]:
    """Set ``lot_id`` alone aside for the open part of a line, in place of what was proposed."""
    key = (line["request_id"], line["line_id"])
    for row in of_line(work.connection, *key):
        work.remove(allocations, *key, row["sscc"])
    candidates = [
        candidate for candidate in _candidates(work.connection, line["material_id"], missing)
        if candidate.lot.lot_id == lot_id
    ]
    shares = allocate(missing, candidates, work.now, line["minimum_shelf_life_days"])
    _keep_shares(work, key, shares)
    return shares


def _free(work: Work, rows: list[Row]) -> None:
    for row in rows:
        work.remove(allocations, row["request_id"], row["line_id"], row["sscc"])
        line = work.find(pick_lines, row["request_id"], row["line_id"])
        if line is not None and line["state"] == PickState.ALLOCATED:
            work.change(
                pick_lines, row["request_id"], row["line_id"], state=PickState.SHORT.value
            )


def serve_short(work: Work, material_id: str) -> None:
    """Allocate for lines that are short of a material, the most urgent first.

    Nothing is set aside by old news: the lines stay short until MES is heard again.
    """
    if not is_fresh(work):
        return
    for line in work.connection.rows(_SHORT, material_id=material_id):
        key = (line["request_id"], line["line_id"])
        missing = quantity(line, "requested") - quantity(line, "picked")
        for row in of_line(work.connection, *key):
            missing = missing - quantity(row)
        shares = set_aside(work, (*key, material_id), missing, line["minimum_shelf_life_days"])
        if shares:
            work.change(pick_lines, *key, state=PickState.ALLOCATED.value)


# implements FRS-STA-021
def _candidates(connection: Connection, material_id: str, wanted: Quantity) -> list[Candidate]:
    found: list[Candidate] = []
    for row in connection.rows(_STOCK, material_id=material_id):
        content = quantity(row)
        if content.unit is not wanted.unit or content.value == 0:
            continue
        if is_locked(row["allowed_statuses"], row["status"]):
            continue
        free = free_of(connection, row["sscc"], content)
        released_at = from_microseconds(row["released_at"] or 0)
        found.append(Candidate(row["sscc"], read_lot(row), released_at, free))
    return found
