"""Golden messages about receipts and put-away: what MES must answer to what the warehouse tells."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.model.codes import Code
from contracts.model.identifiers import Id, SiteLotCode, Sscc
from contracts.model.lot_status import LotStatus
from contracts.model.messages.receipts import PutawayCompleted, ReceiptConfirmed
from contracts.model.quantities import PositiveQuantity
from contracts.model.receipts import AsnId, AsnState, Condition
from contracts.wire.golden import EXPIRES, NOW, Cast, Golden, Step, message
from contracts.wire.golden_steps import (
    Body,
    Row,
    accepted,
    changed,
    goldens_of,
    not_taken,
    taken,
    wrong_check_digit,
)

_FORM = Code.SCHEMA_VIOLATION


def golden_receipts() -> Iterator[Golden]:
    """All golden messages about receipts and put-away."""
    yield from goldens_of("receipt-confirmed", _RECEIVED, _received)
    yield from goldens_of("putaway-completed", _PUT_AWAY, _put_away)


def _received(cast: Cast) -> Body:
    asn = cast.id("ASN")
    payload = ReceiptConfirmed(
        receipt_id=cast.id("RECEIPT"), asn_id=AsnId(asn), line_id=Id("10"),
        material_id=cast.id("MATERIAL"), gtin=cast.gtin(), lot_id=Id(f"{asn}-L1"),
        supplier_lot=cast.lot_number(), expires_on=EXPIRES, container=cast.sscc("arrived"),
        quantity=PositiveQuantity.of("25.000 KGM"), location_id=cast.id("DOCK"),
        condition=Condition.INTACT, status=LotStatus.QUARANTINE, asn_state=AsnState.COMPLETE,
        received_at=NOW, received_by=Id("p.receiver"), station=Id("ST-3"),
    )
    return _about(cast, "receipt-confirmed", payload, cast.sscc("arrived"))


def _put_away(cast: Cast) -> Body:
    payload = PutawayCompleted(
        putaway_id=cast.id("PUTAWAY"), container=cast.sscc("full"), lot_id=cast.id("LOT"),
        from_location=cast.id("DOCK"), to_location=cast.id("RACK"), put_away_at=NOW,
        put_away_by=Id("p.receiver"), station=Id("ST-3"),
    )
    return _about(cast, "putaway-completed", payload, cast.sscc("full"))


def _about(
    cast: Cast, kind: str, payload: ReceiptConfirmed | PutawayCompleted, container: Sscc
) -> Body:
    body = message(cast, kind, payload, f"container/{container}")
    return dict(changed(body, "correlationid", cast.id("ASN")))


def _damaged(_: Cast, body: Body) -> tuple[Step, ...]:
    damaged = changed(body, "data.condition", "DAMAGED")
    damaged = changed(damaged, "data.discrepancy", "DAMAGED")
    return (accepted(changed(damaged, "data.asnState", "OPEN")),)


_RECEIVED: tuple[Row, ...] = (
    ("accepted-damaged", "A damaged container is taken over as blocked stock.", _damaged),
    ("accepted-called-released", "FRS-RCV-011: the lot is entered in quarantine all the same.",
     taken("data.status", "RELEASED")),
    ("accepted-without-line", "A container that no line announced arrived all the same.",
     taken("data.lineId", ...)),
    ("accepted-with-lot-code", "FRS-MDM-006: the site's code of the lot.",
     taken("data.lotCode", SiteLotCode.complete("S26000A1B"))),
    ("accepted-with-expiry-time", "FRS-EXP-005: the label names a time of day.",
     taken("data.expiresAt", "2026-12-31T09:30:00+01:00")),
    ("accepted-with-retest-date", "FRS-EXP-006: the supplier has announced a retest date.",
     taken("data.retestOn", "2026-06-30")),
    ("expiry-time-without-offset", "An instant carries its offset.",
     not_taken(_FORM, "data.expiresAt", "data.expiresAt", "2026-12-31T09:30:00")),
    ("lot-code-check-character", "FRS-MDM-006: a code with a wrong check character is none.",
     not_taken(_FORM, "data.lotCode", "data.lotCode", "S26000A1B5")),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.container", "data.container")),
    ("quantity-zero", "An amount that arrived is above zero.",
     not_taken(_FORM, "data.quantity.value", "data.quantity.value", "0.000")),
    ("unknown-discrepancy", "The reason codes are a closed list.",
     not_taken(_FORM, "data.discrepancy", "data.discrepancy", "LOOKS ODD")),
    ("expiry-with-time", "An expiry is a calendar day.",
     not_taken(_FORM, "data.expiresOn", "data.expiresOn", "2026-12-31T00:00:00Z")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.supplierLot", "data.supplierLot", ...)),
)
_PUT_AWAY: tuple[Row, ...] = (
    ("accepted-elsewhere", "Any place of the warehouse is the warehouse's to name.",
     taken("data.toLocation", "A-PLACE-THAT-MES-DOES-NOT-KNOW")),
    ("accepted-back", "A container may come back to where it stood.",
     taken("data.fromLocation", "RACK-9")),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.container", "data.container")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.toLocation", "data.toLocation", ...)),
    ("time-without-offset", "A time carries its offset.",
     not_taken(_FORM, "data.putAwayAt", "data.putAwayAt", "2026-03-31T08:00:00")),
)
