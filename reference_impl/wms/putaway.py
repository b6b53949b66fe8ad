"""Put-away: a container goes where its material and status may stand; MES is told.

Source: URS-RCV-003.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import PutAway
from contracts.model.identifiers import Sscc
from contracts.model.master_data import MasterKind
from contracts.model.messages import MESSAGES
from contracts.model.messages.receipts import PutawayCompleted
from reference_impl.domain.places import (
    Place,
    check_classes,
    check_put_away,
    check_status_allowed,
)
from reference_impl.domain.scans import scanned_fields
from reference_impl.link.outbox import About, put
from reference_impl.master_data import check_equal
from reference_impl.places import needs_of, place_at
from reference_impl.records.work import Work
from reference_impl.stock import quantity, status_of
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import containers, lots, receipts
from reference_impl.wms.allocation import serve_short
from reference_impl.wms.movements import Movement, Spot, post_movement

COMPLETED = MESSAGES["putaway-completed"]
_RECEIPT = Statement(select(receipts).where(receipts.c.sscc == bindparam("sscc")))


# implements FRS-RCV-016
def put_away(work: Work, command: PutAway) -> Refusal | None:
    """A person brings a container to a place that fits it."""
    fields = scanned_fields(command.scan)
    if isinstance(fields, Refusal):
        return fields
    container = work.find(containers, fields["00"])
    lot = work.find(lots, container["lot_id"]) if container else None
    if container is None or lot is None:
        return Refusal(Code.UNKNOWN_CONTAINER, "scan", f"{fields['00']} is not known here")
    place = place_at(work, command.to_location)
    if place is None:
        return Refusal(Code.UNKNOWN_LOCATION, "toLocation", command.to_location)
    refusal = _check(work, container, lot, place)
    if refusal:
        return refusal
    _move(work, command, container)
    serve_short(work, lot["material_id"])
    return None


def _check(work: Work, container: Row, lot: Row, place: Place) -> Refusal | None:
    present = place_at(work, container["location_id"])
    status = status_of(container, lot["status"])
    return (
        check_put_away(status, present, place, "toLocation")
        or check_classes(needs_of(work, lot["material_id"]), place, "toLocation")
        or check_status_allowed(status, place, "toLocation")
        or check_equal(work, lot["material_id"], "scan")
        or check_equal(work, place.location_id, "toLocation", MasterKind.LOCATION)
    )


def _move(work: Work, command: PutAway, container: Row) -> None:
    sscc, before = Sscc(container["sscc"]), container["location_id"]
    work.change(containers, sscc, location_id=command.to_location)
    post_movement(work, Movement(
        f"put-away/{command.putaway_id}", container["lot_id"], quantity(container),
        Spot(sscc, before), Spot(sscc, command.to_location),
    ))
    fact = PutawayCompleted(
        putaway_id=command.putaway_id, container=sscc, lot_id=container["lot_id"],
        from_location=before, to_location=command.to_location, put_away_at=work.now,
        put_away_by=work.actor.account, station=work.actor.station,
    )
    receipt = work.connection.row(_RECEIPT, sscc=sscc)
    put(work, COMPLETED, fact, About(f"container/{sscc}", receipt["asn_id"] if receipt else sscc))
