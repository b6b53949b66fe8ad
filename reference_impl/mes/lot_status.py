"""Quality decides on lots here; what is decided goes to the warehouse as a message.

Sources: URS-STA-002, URS-STA-003, URS-EXP-001, URS-AUD-002.
"""

from __future__ import annotations

from sqlalchemy import bindparam, func, or_, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ChangeLotStatus, SignatureComponents
from contracts.model.identifiers import MessageId
from contracts.model.instants import microseconds
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages import MESSAGES
from contracts.model.messages.lot_status import LotStatusChanged, SignatureManifest
from contracts.model.roles import Duty
from reference_impl.domain.lot_status import (
    CAN_EXPIRE,
    check_release,
    check_transition,
    check_two_signers,
    downgraded_flag,
    is_downgraded,
)
from reference_impl.domain.reasons import check_reason
from reference_impl.link.outbox import About, put
from reference_impl.mes.laboratory import check_approver
from reference_impl.mes.release import check_obstacles
from reference_impl.mes.release_gate import release_obstacle
from reference_impl.records.accounts import Accounts
from reference_impl.records.counting import next_lasting_number
from reference_impl.records.work import Work
from reference_impl.retest import read_retest_day
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import lots

_CAN_EXPIRE = or_(*(lots.c.status == status.value for status in CAN_EXPIRE))
_EXPIRED = Statement(
    select(lots)
    .where(_CAN_EXPIRE, lots.c.expires_at <= bindparam("now"))
    .order_by(lots.c.expires_at, lots.c.lot_id)
)
_NEXT_EXPIRY = Statement(select(func.min(lots.c.expires_at).label("at")).where(_CAN_EXPIRE))


# implements FRS-STA-005
# implements FRS-EXP-008
def change_lot_status(work: Work, command: ChangeLotStatus, accounts: Accounts) -> Refusal | None:
    """A person decides on a lot."""
    lot = work.find(lots, command.lot_id)
    if lot is None:
        return Refusal(Code.UNKNOWN_LOT, "lotId", command.lot_id)
    refusal = check_reason(command.reason) or check_transition(
        LotStatus(lot["status"]), command.to_status, "toStatus"
    )
    if refusal is None and command.to_status is LotStatus.RELEASED:
        refusal = release_obstacle(work, lot) or check_obstacles(
            work.connection, work.settings, lot
        )
    if refusal:
        return refusal
    signed = _sign(work, command, accounts, command.signature) if command.signature else None
    if command.signature and signed is None:
        return Refusal(Code.SIGNATURE_REFUSED, "signature", "user id or password is not yours")
    manifest, duties = signed or (None, None)
    refusal = check_release(command.to_status, duties, "signature")
    if refusal:
        return refusal
    second = _second_signature(work, lot, command, accounts, manifest)
    if isinstance(second, Refusal):
        return second
    refusal = _check_approvers(work, command, (manifest, second))
    if refusal:
        return refusal
    decide(work, lot, _change(work, lot, command, (manifest, second)))
    return None


# implements FRS-SIG-007
def _check_approvers(
    work: Work, command: ChangeLotStatus, signed: tuple[SignatureManifest | None, ...]
) -> Refusal | None:
    """Refuse a release by who found or reviewed a result of the lot. Source: 11.10(g), (j)."""
    if command.to_status is not LotStatus.RELEASED:
        return None
    for manifest, path in zip(signed, ("signature.userId", "secondSignature.userId"), strict=True):
        refusal = manifest and check_approver(work, command.lot_id, manifest.person_id, path)
        if refusal:
            return refusal
    return None


# implements FRS-STA-008
def _second_signature(
    work: Work, lot: Row, command: ChangeLotStatus, accounts: Accounts,
    first: SignatureManifest | None,
) -> SignatureManifest | Refusal | None:
    """The signature of the second person, where one signed; its absence is refused if needed."""
    given = command.second_signature
    signers = (first.person_id if first else None, given.user_id if given else None)
    downgraded = is_downgraded(LotStatus(lot["status"]), bool(lot["downgraded"]))
    refusal = check_two_signers(command.to_status, downgraded, signers, "secondSignature")
    if refusal or given is None:
        return refusal
    signed = _sign(work, command, accounts, given)
    if signed is None or Duty.QUALITY not in signed[1]:
        return Refusal(
            Code.SIGNATURE_REFUSED, "secondSignature", "not of a person of the quality unit"
        )
    return signed[0]


def expire_lots(work: Work) -> int:
    """Set every lot that has reached its expiry instant to EXPIRED. Returns: how many."""
    expired = work.connection.rows(_EXPIRED, now=microseconds(work.now))
    for lot in expired:
        number = next_lasting_number(work.connection, "expiry")
        decide(work, lot, change_by_system(
            work, lot, f"{lot['lot_id']}-expiry-{number}", LotStatus.EXPIRED,
            (StatusReason.EXPIRY_REACHED, "the expiry instant was reached"),
        ))
    return len(expired)


def next_expiry(connection: Connection) -> int | None:
    """The next expiry instant, in microseconds."""
    row = connection.row(_NEXT_EXPIRY)
    return row["at"] if row else None


def back_to_quarantine(work: Work, lot: Row, change_id: str, why: str, cause: str) -> None:
    """Take a released lot back into quarantine, because of the message ``cause``."""
    change = change_by_system(
        work, lot, change_id, LotStatus.QUARANTINE, (StatusReason.INVESTIGATION, why)
    )
    decide(work, lot, change, cause)


def decide(
    work: Work, lot: Row, change: LotStatusChanged, cause: str | None = None
) -> MessageId:
    """Enter a change and tell the warehouse. Returns: the id of the message."""
    released = change.to_status is LotStatus.RELEASED
    work.change(
        lots, lot["lot_id"], status=change.to_status.value,
        released_at=microseconds(work.now) if released else lot["released_at"],
        downgraded=downgraded_flag(
            LotStatus(lot["status"]), change.to_status, lot["downgraded"]
        ),
    )
    about = About(f"lot/{lot['lot_id']}", lot["lot_id"], cause)
    told = change.model_copy(update={"retest_on": read_retest_day(lot["retest_on"])})
    return put(work, MESSAGES["lot-status-changed"], told, about)


def _sign(
    work: Work, command: ChangeLotStatus, accounts: Accounts, components: SignatureComponents
) -> tuple[SignatureManifest, frozenset[Duty]] | None:
    """Sign the decision: as the signed-in person, or as the second person who is asked for."""
    content = command.model_dump(mode="json", exclude={"signature", "second_signature"})
    is_second = components is command.second_signature
    signer = components.user_id if is_second else work.actor.account
    return accounts.sign(work, signer, components, ("lots", command.lot_id, content))


def _change(
    work: Work, lot: Row, command: ChangeLotStatus,
    manifests: tuple[SignatureManifest | None, SignatureManifest | None],
) -> LotStatusChanged:
    return LotStatusChanged(
        change_id=command.change_id, lot_id=command.lot_id, material_id=lot["material_id"],
        from_status=LotStatus(lot["status"]), to_status=command.to_status,
        reason_code=command.reason_code, reason=command.reason,
        decided_by=work.actor.account, decided_at=work.now, effective_at=work.now,
        station=work.actor.station, signature=manifests[0], second_signature=manifests[1],
    )


def change_by_system(
    work: Work, lot: Row, change_id: str, to: LotStatus, why: tuple[StatusReason, str]
) -> LotStatusChanged:
    """A change that nobody decided: by a date, or by what a message says. ``why``: code, words."""
    return LotStatusChanged(
        change_id=change_id, lot_id=lot["lot_id"], material_id=lot["material_id"],
        from_status=LotStatus(lot["status"]), to_status=to, reason_code=why[0], reason=why[1],
        decided_by=work.settings.system, decided_at=work.now, effective_at=work.now,
        station=work.actor.station,
    )
