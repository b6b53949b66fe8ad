"""The warehouse places a hold: it counts here at once, and MES is told.

Sources: URS-STA-005, URS-STA-007.
"""

from __future__ import annotations

from contracts.model.answers import Acknowledgement
from contracts.model.codes import Code, Refusal
from contracts.model.commands import HoldLot
from contracts.model.identifiers import Id
from contracts.model.instants import microseconds
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES
from contracts.model.messages.dispensing import MaterialIssued
from contracts.model.messages.lot_status import WarehouseHoldPlaced
from contracts.model.verdicts import Outcome
from contracts.record.strict_json import read_json
from reference_impl.domain.holds import check_hold
from reference_impl.domain.lot_status import downgraded_flag
from reference_impl.domain.reasons import check_reason
from reference_impl.holds import holds_of, keep_hold, list_issue
from reference_impl.link.outbox import About, Sent, put
from reference_impl.records.work import Work
from reference_impl.store.quality_tables import holds
from reference_impl.store.tables import lots
from reference_impl.wms.allocation import drop_lot

_PLACED = MESSAGES["warehouse-hold-placed"]


# implements FRS-STA-010
# implements FRS-STA-011
def hold_lot(work: Work, command: HoldLot) -> Refusal | None:
    """A supervisor holds a lot: it is used no more from now on; quality decides what follows."""
    lot = work.find(lots, command.lot_id)
    if lot is None:
        return Refusal(Code.UNKNOWN_LOT, "lotId", command.lot_id)
    present = LotStatus(lot["status"])
    refusal = check_hold(present, command.to_status, "toStatus") or check_reason(command.reason)
    if refusal:
        return refusal
    work.change(
        lots, command.lot_id, status=command.to_status.value,
        downgraded=downgraded_flag(present, command.to_status, lot["downgraded"]),
    )
    fact = WarehouseHoldPlaced(
        hold_id=command.hold_id, lot_id=command.lot_id, material_id=lot["material_id"],
        from_status=present, to_status=command.to_status, reason_code=command.reason_code,
        reason=command.reason, placed_by=Id(work.actor.account), placed_at=work.now,
        station=Id(work.actor.station),
    )
    keep_hold(work, fact, None)
    drop_lot(work, command.lot_id, lot["material_id"])
    put(work, _PLACED, fact, About(f"lot/{command.lot_id}", command.lot_id))
    return None


# implements FRS-STA-013
def note_issue_under_hold(work: Work, fact: MaterialIssued) -> None:
    """An issue became known: list it with the holds that it came before."""
    for hold in holds_of(work.connection, fact.lot_id):
        list_issue(work, hold, fact.issue_id, fact.issued_at)


def hold_settled(work: Work, body: bytes, sent: Sent) -> None:
    """MES has entered the hold: from that instant on it issues nothing of the lot."""
    fact = _PLACED.envelope.model_validate(read_json(body)).data
    assert isinstance(fact, WarehouseHoldPlaced)
    if sent.outcome is not Outcome.OK or sent.deferred:
        return
    recorded_at = work.now
    if sent.answer:
        recorded_at = Acknowledgement.from_json(read_json(sent.answer)).recorded_at
    work.change(holds, fact.hold_id, recorded_at=microseconds(recorded_at))
