"""The warehouse follows what the quality unit decides.

A tightening always takes effect; a release counts only with the signature that decided it.
Sources: URS-STA-002, URS-STA-003.
"""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from contracts.model.envelope import Envelope
from contracts.model.instants import microseconds
from contracts.model.lot_status import LotStatus
from contracts.model.messages.lot_status import LotStatusChanged
from contracts.model.roles import Duty
from reference_impl.domain.lot_status import check_release, check_transition
from reference_impl.records.work import Work
from reference_impl.store.tables import lots
from reference_impl.wms.allocation import drop_lot, serve_short


# implements FRS-STA-005
def lot_status_changed(work: Work, envelope: Envelope[LotStatusChanged]) -> Refusal | None:
    """Follow a change; open picks of a lot that dropped out are allocated anew."""
    change = envelope.data
    lot = work.find(lots, change.lot_id)
    if lot is None:
        return Refusal(Code.UNKNOWN_LOT, "data.lotId", change.lot_id)
    refusal = check_transition(
        change.from_status, change.to_status, "data.toStatus"
    ) or check_release(change.to_status, _signer_duties(change), "data.signature")
    if refusal:
        return refusal
    released = change.to_status is LotStatus.RELEASED
    released_at = microseconds(change.effective_at) if released else lot["released_at"]
    work.change(lots, change.lot_id, status=change.to_status.value, released_at=released_at)
    if released:
        serve_short(work, lot["material_id"])
    else:
        drop_lot(work, change.lot_id, lot["material_id"])
    return None


def _signer_duties(change: LotStatusChanged) -> frozenset[Duty] | None:
    if change.signature is None:
        return None
    return frozenset(duty for duty in Duty if duty.value == change.signature.role)
