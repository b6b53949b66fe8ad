"""Golden messages about dispensing: what a warehouse must answer to issues and returns."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from contracts.model.codes import Code
from contracts.model.identifiers import Id
from contracts.model.lot_status import LotStatus
from contracts.model.messages.dispensing import (
    IssueMode,
    MaterialIssued,
    MaterialReturned,
    ReturnOrigin,
    Weighing,
)
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.wire.golden import EXPIRES, NOW, Cast, Golden, Step, message
from contracts.wire.golden_steps import (
    Body,
    Row,
    Steps,
    accepted,
    changed,
    goldens_of,
    not_taken,
    refused,
    taken,
    whole_container,
    wrong_check_digit,
)

_FORM = Code.SCHEMA_VIOLATION


def golden_dispensing() -> Iterator[Golden]:
    """All golden messages about dispensing."""
    yield from goldens_of("material-issued", _ISSUED, _issue)
    yield from goldens_of("material-returned", _RETURNED, _return)


def _issue(cast: Cast) -> Body:
    payload = MaterialIssued(
        issue_id=cast.id("ISSUE"), mode=IssueMode.REAL_TIME, order_id=cast.id("ORDER"),
        line_id=Id("10"), material_id=cast.id("MATERIAL"), lot_id=cast.id("LOT"),
        lot=cast.lot_number(), source_container=cast.sscc("full"),
        to_container=cast.sscc("dispensed"), quantity=PositiveQuantity.of("10.000 KGM"),
        potency=Decimal("99.500"),
        weighing=Weighing(
            gross=PositiveQuantity.of("10.450 KGM"), tare=Quantity.of("0.450 KGM"),
            scale_id=Id("SCALE-1"), calibration_due=EXPIRES,
        ),
        verification=SignatureManifest(
            signature_id=cast.id("SIG"), person_id=Id("p.dispenser-2"),
            printed_name="Example Second Dispenser", role=Id("dispenser"), meaning="Verified",
            signed_at=NOW,
        ),
        issued_at=NOW, issued_by=Id("p.dispenser"), station=Id("BOOTH-1"),
    )
    return message(cast, "material-issued", payload, f"container/{cast.sscc('full')}")


def _return(cast: Cast) -> Body:
    payload = MaterialReturned(
        return_id=cast.id("RETURN"), origin=ReturnOrigin.STAGED, order_id=cast.id("ORDER"),
        line_id=Id("10"), material_id=cast.id("MATERIAL"), lot_id=cast.id("LOT"),
        lot=cast.lot_number(), from_container=cast.sscc("full"), container=cast.sscc("part"),
        quantity=PositiveQuantity.of("2.500 KGM"), status=LotStatus.QUARANTINE,
        to_location=cast.id("RACK"), returned_at=NOW, returned_by=Id("p.dispenser"),
        station=Id("BOOTH-1"),
    )
    return message(cast, "material-returned", payload, f"container/{cast.sscc('part')}")


def _backflush(_: Cast, body: Body) -> tuple[Step, ...]:
    computed = changed(body, "data.mode", "BACKFLUSH")
    for member in ("toContainer", "weighing", "verification"):
        computed = changed(computed, f"data.{member}", ...)
    return (accepted(computed),)


def _in_grams(_: Cast, body: Body) -> tuple[Step, ...]:
    """10,000.5 g on the scale, of a material that is kept in whole grams."""
    weighing = {
        **body["data"]["weighing"], "gross": {"value": "10450.5", "unit": "GRM"},
        "tare": {"value": "450.0", "unit": "GRM"},
    }
    residue = {"numerator": "1", "denominator": "2000", "unit": "KGM"}
    conversion = {"numerator": "1", "denominator": "1000", "residue": residue}
    weighed = changed(body, "data.weighing", weighing)
    return (accepted(changed(weighed, "data.conversion", conversion)),)


def _ratio_of_nothing(_: Cast, body: Body) -> tuple[Step, ...]:
    residue = {"numerator": "0", "denominator": "1", "unit": "KGM"}
    conversion = {"numerator": "1", "denominator": "0", "residue": residue}
    wrong = changed(body, "data.conversion", conversion)
    return (refused(wrong, _FORM, "data.conversion.denominator"),)


def _from_nobody_knows_where(cast: Cast, body: Body) -> tuple[Step, ...]:
    return (accepted(changed(body, "data.sourceContainer", cast.sscc("nobody"))),)


def _one_signer(_: Cast, body: Body) -> tuple[Step, ...]:
    override = {"reason": "Approved by quality", "signatures": [body["data"]["verification"]]}
    wrong = changed(body, "data.override", override)
    return (refused(wrong, _FORM, "data.override.signatures"),)


def _without(member: str) -> Steps:
    return not_taken(_FORM, "data", f"data.{member}", ...)


_ISSUED: tuple[Row, ...] = (
    ("accepted-backflush", "Computed when the order was completed: no weighing.", _backflush),
    ("accepted-unknown-container", "A fact is taken over also where it surprises.",
     _from_nobody_knows_where),
    ("accepted-without-potency", "An optional member is left out.", taken("data.potency", ...)),
    ("accepted-in-grams", "FRS-UOM-004: a converted weight carries its ratio and what rounding "
     "left.", _in_grams),
    ("ratio-of-nothing", "FRS-UOM-002: a ratio has whole numbers above zero.", _ratio_of_nothing),
    ("quantity-as-a-number", "FRS-UOM-001: a decimal is a string.",
     not_taken(_FORM, "data.quantity.value", "data.quantity.value", 10)),
    ("weighing-missing", "FRS-DSP-008: in real time there is a weighing.", _without("weighing")),
    ("verification-missing", "FRS-DSP-024: in real time a second person signed.",
     _without("verification")),
    ("override-with-one-signer", "FRS-DSP-002: an override has two signatures.", _one_signer),
    ("potency-above-thousand", "A potency has at most three digits before the point.",
     not_taken(_FORM, "data.potency", "data.potency", "1000.000")),
    ("mode-unknown", "The modes are a closed list.",
     not_taken(_FORM, "data.mode", "data.mode", "LATER")),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.toContainer", "data.toContainer")),
)
_RETURNED: tuple[Row, ...] = (
    ("accepted-own-label", "A whole staged container came back under its own label.",
     whole_container),
    ("accepted-issued", "What had been issued comes back; the issue itself is not known here.",
     taken("data.origin", "ISSUED")),
    ("accepted-unknown-location", "A fact is taken over also where it surprises.",
     taken("data.toLocation", "NOWHERE")),
    ("quantity-zero", "An amount that came back is above zero.",
     not_taken(_FORM, "data.quantity.value", "data.quantity.value", "0")),
    ("status-unknown", "The statuses are a closed list.",
     not_taken(_FORM, "data.status", "data.status", "RETURNED")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.fromContainer", "data.fromContainer", ...)),
)
