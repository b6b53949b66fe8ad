"""The warehouse follows what the quality unit decides.

A tightening always takes effect; a release counts only with the signature that decided it.
Sources: URS-STA-002, URS-STA-003.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.envelope import Envelope
from contracts.model.instants import microseconds, read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.messages.lot_status import LotStatusChanged, SignatureManifest
from contracts.model.roles import Duty
from reference_impl.domain.holds import status_after
from reference_impl.domain.lot_status import (
    check_release,
    check_transition,
    check_two_signers,
    downgraded_flag,
    is_downgraded,
)
from reference_impl.holds import holds_of
from reference_impl.records.work import Work
from reference_impl.retest import retest_columns
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import lots, movements
from reference_impl.wms.allocation import drop_lot, serve_short
from reference_impl.wms.containers import container_decided

_MOVED = Statement(
    select(movements)
    .where(movements.c.lot_id == bindparam("lot_id"))
    .order_by(movements.c.at, movements.c.cause)
)


# implements FRS-STA-005
# implements FRS-EXP-008
def lot_status_changed(work: Work, envelope: Envelope[LotStatusChanged]) -> Refusal | None:
    """Follow a change; open picks of a lot that dropped out are allocated anew."""
    change = envelope.data
    if change.container is not None:
        return container_decided(work, change)
    lot = work.find(lots, change.lot_id)
    if lot is None:
        return Refusal(Code.UNKNOWN_LOT, "data.lotId", change.lot_id)
    refusal = check_transition(change.from_status, change.to_status, "data.toStatus")
    if refusal or _hold_stands(work, lot, change):
        return refusal
    refusal = _check_signatures(lot, change)
    if refusal:
        return refusal
    released = change.to_status is LotStatus.RELEASED
    released_at = microseconds(change.effective_at) if released else lot["released_at"]
    downgraded = downgraded_flag(
        LotStatus(lot["status"]), change.to_status, lot["downgraded"]
    )
    work.change(
        lots, change.lot_id, status=change.to_status.value, released_at=released_at,
        downgraded=downgraded, **retest_columns(work, change.retest_on),
    )
    if released:
        serve_short(work, lot["material_id"])
    else:
        _list_what_moved(work, change)
        drop_lot(work, change.lot_id, lot["material_id"])
    return None


# implements FRS-STA-012
def _hold_stands(work: Work, lot: Row, change: LotStatusChanged) -> bool:
    """Whether a hold that quality did not know of is stricter than what it decided; alarmed."""
    present = LotStatus(lot["status"])
    held = bool(holds_of(work.connection, change.lot_id))
    if status_after(present, change.from_status, change.to_status, held=held) is change.to_status:
        return False
    work.alarm("DECIDED_WITHOUT_HOLD", f"{change.change_id}: lot {change.lot_id} stays {present}")
    return True


# implements FRS-STA-007
def _list_what_moved(work: Work, change: LotStatusChanged) -> None:
    """List what left its place after the decision and before it arrived; the lot locks it."""
    for row in work.connection.rows(_MOVED, lot_id=change.lot_id):
        if read_timestamp(row["at"]) >= change.decided_at:
            work.alarm(
                "MOVED_BEFORE_HOLD_ARRIVED",
                f"lot {change.lot_id}: {row['quantity']} {row['unit']} in {row['to_sscc']} "
                f"to {row['to_location']} at {row['at']}",
            )


# implements FRS-STA-008
def _check_signatures(lot: Row, change: LotStatusChanged) -> Refusal | None:
    refusal = check_release(change.to_status, _duties(change.signature), "data.signature")
    if refusal:
        return refusal
    first, second = change.signature, change.second_signature
    signers = (first.person_id if first else None, second.person_id if second else None)
    downgraded = is_downgraded(LotStatus(lot["status"]), bool(lot["downgraded"]))
    path = "data.secondSignature"
    refusal = check_two_signers(change.to_status, downgraded, signers, path)
    if refusal or second is None:
        return refusal
    return check_release(change.to_status, _duties(second), path)


def _duties(signature: SignatureManifest | None) -> frozenset[Duty] | None:
    if signature is None:
        return None
    return frozenset(duty for duty in Duty if duty.value == signature.role)
