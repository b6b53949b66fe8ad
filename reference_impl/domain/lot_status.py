"""When a lot may be used, and how its status may change.

Sources: URS-STA-002, URS-STA-003, URS-EXP-001.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.model.codes import Code, Refusal
from contracts.model.instants import start_of_day
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Duty

_Q, _R, _J = LotStatus.QUARANTINE, LotStatus.RELEASED, LotStatus.REJECTED
_B, _X, _C = LotStatus.BLOCKED, LotStatus.EXPIRED, LotStatus.CLOSED
_L = LotStatus.RECALLED

TRANSITIONS: dict[LotStatus, frozenset[LotStatus]] = {
    _Q: frozenset({_R, _J, _B, _X, _L}),
    _R: frozenset({_Q, _B, _J, _X, _L, _C}),
    _B: frozenset({_Q, _R, _J, _X, _L}),
    _X: frozenset({_J}),
    _L: frozenset({_J}),
    _J: frozenset({_C}),
    _C: frozenset(),
}
# The last day whose end can be shown in every zone.
_LAST_DAY = date(2199, 12, 30)
CAN_EXPIRE = tuple(status for status, ways in TRANSITIONS.items() if _X in ways)


@dataclass(frozen=True)
class LotInUse:
    """What has to be known of a lot to decide whether it may be used."""

    lot_id: str
    status: LotStatus
    expires_at: datetime
    retest_at: datetime | None = None
    """From when on it has to be tested again; None: never."""


# implements FRS-EXP-001
def expiry_instant(expires_on: date, zone: ZoneInfo) -> datetime:
    """The first instant at which a lot is expired: the end of its expiry day in the site's zone."""
    return start_of_day(min(expires_on, _LAST_DAY) + timedelta(days=1), zone)


# implements FRS-EXP-001
# implements FRS-EXP-005
def labelled_instant(expires_on: date, expires_at: datetime | None, zone: ZoneInfo) -> datetime:
    """The first instant at which a lot is expired whose label may name a time of day.

    ``expires_at`` is a time of the site without a zone. Where the clock is set back it happens
    twice, where it is set forward never; of all readings the earliest counts.
    """
    if expires_at is None:
        return expiry_instant(expires_on, zone)
    readings = (expires_at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return told_instant(expires_on, min(readings), zone)


# implements FRS-EXP-005
def told_instant(expires_on: date, expires_at: datetime | None, zone: ZoneInfo) -> datetime:
    """The first instant at which a lot is expired whose receiver told an instant, or none.

    It lies on the expiry day: no time makes a lot last longer, and none shortens it by days.
    """
    day_ends = expiry_instant(expires_on, zone)
    if expires_at is None:
        return day_ends
    return max(start_of_day(expires_on, zone), min(day_ends, expires_at))


# implements FRS-EXP-001
def is_expired(lot: LotInUse, now: datetime) -> bool:
    """Whether the lot is expired at ``now``; at the instant itself it is."""
    return now >= lot.expires_at


# implements FRS-STA-001
def check_transition(present: LotStatus, wanted: LotStatus, path: str) -> Refusal | None:
    """Refuse a change that the status model does not know."""
    if wanted in TRANSITIONS[present]:
        return None
    return Refusal(Code.TRANSITION_NOT_ALLOWED, path, f"from {present} to {wanted}")


# implements FRS-STA-002
def check_release(
    wanted: LotStatus, signer_duties: frozenset[Duty] | None, path: str
) -> Refusal | None:
    """Refuse a release without the signature of the quality role; None: nobody signed."""
    if wanted is not LotStatus.RELEASED:
        return None
    if signer_duties is None:
        return Refusal(Code.SIGNATURE_REQUIRED, path, "a release carries a signature")
    if Duty.QUALITY not in signer_duties:
        return Refusal(Code.SIGNATURE_REFUSED, path, "the signer has no quality role")
    return None


# implements FRS-EXP-006
def is_retest_due(lot: LotInUse, now: datetime) -> bool:
    """Whether the lot has to be tested again at ``now``; at the instant itself it has to."""
    return lot.retest_at is not None and now >= lot.retest_at


# implements FRS-EXP-006
# implements FRS-EXP-008
def check_retest(lot: LotInUse, now: datetime, path: str) -> Refusal | None:
    """Refuse a lot that has to be tested again."""
    if not is_retest_due(lot, now):
        return None
    return Refusal(Code.RETEST_DUE, path, f"lot {lot.lot_id} was due for retest at {lot.retest_at}")


# implements FRS-EXP-003
def check_shelf_life(
    lot: LotInUse, now: datetime, minimum_days: int, path: str
) -> Refusal | None:
    """Refuse a lot that expires before the minimum remaining shelf life has passed."""
    if has_shelf_life(lot, now, minimum_days):
        return None
    return Refusal(
        Code.SHELF_LIFE_TOO_SHORT, path, f"lot {lot.lot_id} expires at {lot.expires_at}"
    )


# implements FRS-EXP-003
def has_shelf_life(lot: LotInUse, now: datetime, minimum_days: int) -> bool:
    """Whether full ``minimum_days`` remain until the instant of expiry."""
    return lot.expires_at - now >= timedelta(days=minimum_days)


# implements FRS-STA-008
def is_downgraded(present: LotStatus, was_taken_from_use: bool) -> bool:
    """Whether a lot is blocked, or was blocked or taken from use since its last release."""
    return present is LotStatus.BLOCKED or was_taken_from_use


# implements FRS-STA-008
def stays_downgraded(present: LotStatus, wanted: LotStatus, before: bool) -> bool:
    """Whether a lot counts as downgraded after a change: until it is released anew."""
    if wanted is LotStatus.RELEASED:
        return False
    return before or LotStatus.RELEASED is present or LotStatus.BLOCKED in (present, wanted)


def downgraded_flag(present: LotStatus, wanted: LotStatus, before: int | None) -> int | None:
    """What a lot's record keeps of it after a change; a lot that never was one keeps nothing."""
    flag = stays_downgraded(present, wanted, bool(before))
    return int(flag) if flag or before is not None else None


# implements FRS-STA-008
def check_two_signers(
    wanted: LotStatus, downgraded: bool, signers: tuple[str | None, str | None], path: str
) -> Refusal | None:
    """Refuse the release of a downgraded lot that two different persons have not signed."""
    if wanted is not LotStatus.RELEASED or not downgraded:
        return None
    first, second = signers
    if second is None:
        return Refusal(Code.SECOND_SIGNATURE_REQUIRED, path, "the lot was blocked or in use before")
    if first == second:
        return Refusal(Code.SECOND_SIGNATURE_REQUIRED, path, f"{first} signed twice")
    return None


# implements FRS-STA-004
def check_usable(lot: LotInUse, now: datetime, path: str) -> Refusal | None:
    """Refuse a lot that is expired, due for retest or not released.

    Expiry is named first, it cannot be undone; then what has to be done before a release.
    """
    if is_expired(lot, now):
        return Refusal(Code.LOT_EXPIRED, path, f"lot {lot.lot_id} expired at {lot.expires_at}")
    refusal = check_retest(lot, now, path)
    if refusal:
        return refusal
    if lot.status is not LotStatus.RELEASED:
        return Refusal(Code.LOT_NOT_RELEASED, path, f"lot {lot.lot_id} is {lot.status}")
    return None


def is_usable(lot: LotInUse, now: datetime) -> bool:
    """Whether a lot may be used, where nobody is told why not."""
    return check_usable(lot, now, "") is None
