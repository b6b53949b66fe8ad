"""Golden messages about lot status: what a warehouse must answer to a decision on a lot."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contracts.model.codes import Code
from contracts.model.identifiers import Id
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages.lot_status import (
    LotStatusChanged,
    SignatureManifest,
    WarehouseHoldPlaced,
)
from contracts.wire.golden import NOW, Cast, Golden, Step, message, world
from contracts.wire.golden_steps import (
    Body,
    Row,
    Steps,
    accepted,
    changed,
    doubled,
    golden_rows,
    goldens_of,
    not_taken,
    refused,
    taken,
)

_FORM = Code.SCHEMA_VIOLATION


def golden_lot_status() -> Iterator[Golden]:
    """All golden messages about lot status; the lot is in quarantine or blocked before."""
    quarantined = partial(world, status=LotStatus.QUARANTINE)
    blocked = partial(world, status=LotStatus.BLOCKED)
    yield from goldens_of("lot-status-changed", _DECIDED, _hold, load=quarantined)
    yield from golden_rows("lot-status-changed", _DOWNGRADED, _hold, load=blocked)
    yield from goldens_of("warehouse-hold-placed", _HELD, _placed)


def _hold(cast: Cast) -> Body:
    payload = LotStatusChanged(
        change_id=cast.id("CHANGE"), lot_id=cast.id("LOT"), material_id=cast.id("MATERIAL"),
        from_status=LotStatus.QUARANTINE, to_status=LotStatus.BLOCKED,
        reason_code=StatusReason.INVESTIGATION, reason="the seal of one drum was open",
        decided_by=Id("p.quality"), decided_at=NOW, effective_at=NOW, station=Id("QA-1"),
    )
    return message(cast, "lot-status-changed", payload, f"lot/{cast.id('LOT')}")


def _placed(cast: Cast) -> Body:
    payload = WarehouseHoldPlaced(
        hold_id=cast.id("HOLD"), lot_id=cast.id("LOT"), material_id=cast.id("MATERIAL"),
        from_status=LotStatus.RELEASED, to_status=LotStatus.BLOCKED,
        reason_code=StatusReason.INVESTIGATION, reason="a drum was found open in the rack",
        placed_by=Id("p.supervisor"), placed_at=NOW, station=Id("ST-4"),
    )
    return message(cast, "warehouse-hold-placed", payload, f"lot/{cast.id('LOT')}")


def _released(cast: Cast, body: Body, role: str) -> Body:
    manifest = SignatureManifest(
        signature_id=cast.id("SIGNATURE"), person_id=Id("p.quality"),
        printed_name="Example Quality", role=Id(role), meaning="released", signed_at=NOW,
    )
    body = changed(body, "data.toStatus", "RELEASED")
    body = changed(body, "data.reasonCode", "QUALITY_DECISION")
    return dict(changed(body, "data.signature", manifest.to_json()))


def _signed_release(cast: Cast, body: Body) -> tuple[Step, ...]:
    return (accepted(_released(cast, body, "quality")),)


def _released_after_hold(cast: Cast, body: Body, second: str | None) -> Body:
    release = changed(_released(cast, body, "quality"), "data.fromStatus", "BLOCKED")
    if second:
        manifest = {**release["data"]["signature"], "personId": second, "signatureId": "SIG-2"}
        release = changed(release, "data.secondSignature", manifest)
    return dict(release)


def _signed_by(second: str | None) -> Steps:
    def steps(cast: Cast, body: Body) -> tuple[Step, ...]:
        release = _released_after_hold(cast, body, second)
        if second == "p.quality2":
            return (accepted(release),)
        return (refused(release, Code.SECOND_SIGNATURE_REQUIRED, "data.secondSignature"),)

    return steps


def _signed_by_production(cast: Cast, body: Body) -> tuple[Step, ...]:
    release = _released(cast, body, "production")
    return (refused(release, Code.SIGNATURE_REFUSED, "data.signature"),)


def _container_rejected(cast: Cast, body: Body) -> tuple[Step, ...]:
    rejected = changed(_released(cast, body, "quality"), "data.toStatus", "REJECTED")
    return (accepted(changed(rejected, "data.container", cast.sscc("full"))),)


def _container_waits_for_nothing(cast: Cast, body: Body) -> tuple[Step, ...]:
    release = changed(_released(cast, body, "quality"), "data.container", cast.sscc("full"))
    return (refused(release, Code.NOTHING_TO_DECIDE, "data.container"),)


def _unknown_container(cast: Cast, body: Body) -> tuple[Step, ...]:
    release = changed(_released(cast, body, "quality"), "data.container", cast.sscc("none"))
    return (refused(release, Code.UNKNOWN_CONTAINER, "data.container"),)


_DECIDED: tuple[Row, ...] = (
    ("accepted-container-rejected", "One container alone is rejected.", _container_rejected),
    ("container-waits-for-nothing", "FRS-RCV-028: this container is as its lot.",
     _container_waits_for_nothing),
    ("container-unknown", "FRS-RCV-027: nobody knows this container.", _unknown_container),
    ("accepted-release", "A release with the signature of the quality unit.", _signed_release),
    ("release-without-signature", "FRS-STA-002: a release carries a signature.",
     not_taken(Code.SIGNATURE_REQUIRED, "data.signature", "data.toStatus", "RELEASED")),
    ("release-by-production", "FRS-STA-002: the signer has another role.", _signed_by_production),
    ("transition-not-allowed", "FRS-STA-001: from quarantine no lot is closed.",
     not_taken(Code.TRANSITION_NOT_ALLOWED, "data.toStatus", "data.toStatus", "CLOSED")),
    ("unknown-lot", "The lot was never loaded.",
     not_taken(Code.UNKNOWN_LOT, "data.lotId", "data.lotId", "LOT-NOBODY-KNOWS")),
    ("unknown-status", "Seven words are known; this is none of them.",
     not_taken(_FORM, "data.toStatus", "data.toStatus", "ON HOLD")),
    ("accepted-with-retest-date", "FRS-EXP-008: a retest date goes along with the decision.",
     taken("data.retestOn", "2026-06-30")),
    ("retest-date-with-time", "A retest date is a calendar day.",
     not_taken(_FORM, "data.retestOn", "data.retestOn", "2026-06-30T00:00:00Z")),
    ("reason-empty", "A reason says something.",
     not_taken(_FORM, "data.reason", "data.reason", "")),
    ("signature-null", "An optional member is absent, never null.",
     not_taken(_FORM, "data.signature", "data.signature", None)),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.decidedBy", "data.decidedBy", ...)),
    ("time-without-offset", "A time carries its offset.",
     not_taken(_FORM, "data.decidedAt", "data.decidedAt", "2026-03-31T08:00:00")),
    ("year-out-of-range", "Years are 1970 to 2199.",
     not_taken(_FORM, "data.effectiveAt", "data.effectiveAt", "0001-01-01T00:00:00Z")),
    ("two-statuses", "A member that stands twice leaves open which one counts.",
     doubled("toStatus")),
)
_DOWNGRADED: tuple[Row, ...] = (
    ("accepted-release-after-hold", "A blocked lot is released by two persons of quality.",
     _signed_by("p.quality2")),
    ("release-after-hold-signed-once", "FRS-STA-008: a blocked lot needs a second signature.",
     _signed_by(None)),
    ("release-after-hold-by-one-person", "FRS-STA-008: one person is not two.",
     _signed_by("p.quality")),
)
_HELD: tuple[Row, ...] = (
    ("accepted-quarantine", "A milder hold is one as well.", taken("data.toStatus", "QUARANTINE")),
    ("accepted-unknown-lot", "A fact is taken over also where it surprises.",
     taken("data.lotId", "LOT-NOBODY-KNOWS")),
    ("loosened", "FRS-STA-009: a release is the quality unit's.",
     not_taken(Code.ONLY_QUALITY_DECIDES, "data.toStatus", "data.toStatus", "RELEASED")),
    ("rejected", "FRS-STA-009: so is a rejection.",
     not_taken(Code.ONLY_QUALITY_DECIDES, "data.toStatus", "data.toStatus", "REJECTED")),
    ("loosened-by-its-own-words", "FRS-STA-009: from expired to blocked would be milder.",
     not_taken(Code.ONLY_QUALITY_DECIDES, "data.toStatus", "data.fromStatus", "EXPIRED")),
    ("reason-missing", "A hold says why.", not_taken(_FORM, "data.reason", "data.reason", ...)),
    ("reason-code-unknown", "Reasons are a closed list.",
     not_taken(_FORM, "data.reasonCode", "data.reasonCode", "BAD LUCK")),
    ("time-without-offset", "A time carries its offset.",
     not_taken(_FORM, "data.placedAt", "data.placedAt", "2026-03-31T08:00:00")),
)
