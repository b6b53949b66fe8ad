"""Golden messages about counts, adjustments and samples: what a receiver must answer to a fact."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contracts.model.codes import Code
from contracts.model.counts import AdjustmentCause
from contracts.model.identifiers import Id
from contracts.model.messages.adjustments import CountCompleted, InventoryAdjusted
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.messages.samples import SampleTaken
from contracts.model.quantities import NonNegativeQuantity, PositiveQuantity, Quantity
from contracts.model.roles import Role
from contracts.wire.golden import NOW, Cast, Golden, Step, message
from contracts.wire.golden_steps import (
    Body,
    Row,
    accepted,
    changed,
    goldens_of,
    not_taken,
    refused,
    taken,
    wrong_check_digit,
)

_FORM = Code.SCHEMA_VIOLATION
_kg = NonNegativeQuantity.of


def golden_adjustments() -> Iterator[Golden]:
    """All golden messages about counts, adjustments and samples."""
    yield from goldens_of("count-completed", _COUNTED, _count)
    yield from goldens_of("inventory-adjusted", _ADJUSTED, _adjustment)
    for to in (Role.MES, Role.WMS):
        yield from goldens_of("sample-taken", _SAMPLED, partial(_sample, to), to=to)


def _count(cast: Cast) -> Body:
    payload = CountCompleted(
        count_id=cast.id("COUNT"), location_id=cast.id("RACK"), container=cast.sscc("full"),
        material_id=cast.id("MATERIAL"), lot_id=cast.id("LOT"), book=_kg("25.000 KGM"),
        counted=_kg("24.000 KGM"), difference=Quantity.of("-1.000 KGM"),
        counted_by=Id("p.counter"), counted_at=NOW, station=Id("ST-3"),
    )
    return message(cast, "count-completed", payload, f"container/{cast.sscc('full')}")


def _adjustment(cast: Cast) -> Body:
    signature = SignatureManifest(
        signature_id=cast.id("SIGNATURE"), person_id=Id("p.supervisor"),
        printed_name="Example Supervisor", role=Id("supervisor"), meaning="approved",
        signed_at=NOW,
    )
    payload = InventoryAdjusted(
        adjustment_id=cast.id("ADJUST"), count_id=cast.id("COUNT"), recount_id=cast.id("RECOUNT"),
        location_id=cast.id("RACK"), container=cast.sscc("full"), material_id=cast.id("MATERIAL"),
        lot_id=cast.id("LOT"), before=_kg("25.000 KGM"), after=_kg("24.000 KGM"),
        delta=Quantity.of("-1.000 KGM"), cause=AdjustmentCause.SPILLAGE,
        reason="a bag was torn at the rack", investigation_id=cast.id("ADJUST-INV"),
        deviation_id=cast.id("ADJUST-DEV"), affected_lots=(cast.id("LOT"),),
        affected_orders=(cast.id("ORDER"),), counted_by=Id("p.counter"),
        recounted_by=Id("p.counter2"), approved_by=Id("p.supervisor"), adjusted_at=NOW,
        station=Id("ST-4"), signature=signature,
    )
    return message(cast, "inventory-adjusted", payload, f"container/{cast.sscc('full')}")


def _sample(to: Role, cast: Cast) -> Body:
    payload = SampleTaken(
        sample_id=cast.id("SAMPLE"), material_id=cast.id("MATERIAL"), lot_id=cast.id("LOT"),
        source_container=cast.sscc("full"), sample_container=cast.sscc("sample"),
        quantity=PositiveQuantity.of("0.050 KGM"), location_id=cast.id("RACK"),
        sampled_at=NOW, sampled_by=Id("p.sampler"), station=Id("ST-5"),
    )
    return message(cast, "sample-taken", payload, f"container/{cast.sscc('full')}", to)


def _equal(_: Cast, body: Body) -> tuple[Step, ...]:
    same = changed(body, "data.counted.value", "25.000")
    return (accepted(changed(same, "data.difference.value", "0.000")),)


def _nothing_left(_: Cast, body: Body) -> tuple[Step, ...]:
    gone = changed(body, "data.counted.value", "0")
    return (accepted(changed(gone, "data.difference.value", "-25.000")),)


def _small(_: Cast, body: Body) -> tuple[Step, ...]:
    small = changed(changed(body, "data.deviationId", ...), "data.delta.value", "0.001")
    return (accepted(changed(small, "data.after.value", "25.001")),)


def _investigation_again(cast: Cast, body: Body) -> tuple[Step, ...]:
    other = changed(body, "id", cast.message_id("other"))
    other = changed(other, "subjectsequence", "000000000002")
    other = changed(other, "data.adjustmentId", cast.id("ANOTHER"))
    return accepted(body), refused(other, Code.ALREADY_EXISTS, "data.investigationId")


_COUNTED: tuple[Row, ...] = (
    ("accepted-equal", "A difference of zero is told as well.", _equal),
    ("accepted-nothing-left", "The container is empty: zero was counted.", _nothing_left),
    ("accepted-unknown-container", "A fact is taken over also where it surprises.",
     taken("data.lotId", "LOT-NOBODY-KNOWS")),
    ("difference-wrong", "A rule between members, which a schema cannot state.",
     not_taken(_FORM, "data", "data.difference.value", "-0.999")),
    ("counted-negative", "Nobody counts less than nothing.",
     not_taken(_FORM, "data.counted.value", "data.counted.value", "-1.000")),
    ("unit-unknown", "KG is a keg in UN/ECE Rec 20; the kilogram is KGM.",
     not_taken(_FORM, "data.counted.unit", "data.counted.unit", "KG")),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.container", "data.container")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.countedBy", "data.countedBy", ...)),
    ("recount-null", "An optional member is absent, never null.",
     not_taken(_FORM, "data.recountOf", "data.recountOf", None)),
)
_ADJUSTED: tuple[Row, ...] = (
    ("accepted-below-threshold", "A small difference opens no deviation.", _small),
    ("accepted-approved-by-counter", "A fact is posted also where it breaks a rule, with an alarm.",
     taken("data.approvedBy", "p.counter")),
    ("delta-wrong", "A rule between members, which a schema cannot state.",
     not_taken(_FORM, "data", "data.delta.value", "1.000")),
    ("cause-unknown", "Causes are a closed list.",
     not_taken(_FORM, "data.cause", "data.cause", "BAD LUCK")),
    ("signature-missing", "An adjustment carries the signature that approved it.",
     not_taken(_FORM, "data.signature", "data.signature", ...)),
    ("no-affected-lot", "The lot of the container is affected at least.",
     not_taken(_FORM, "data.affectedLots", "data.affectedLots", [])),
    ("after-negative", "No book goes below zero.",
     not_taken(_FORM, "data.after.value", "data.after.value", "-1.000")),
    ("reason-empty", "A reason says something.",
     not_taken(_FORM, "data.reason", "data.reason", "")),
    ("investigation-number-used", "FRS-ADJ-016: each adjustment has its own investigation.",
     _investigation_again),
)
_SAMPLED: tuple[Row, ...] = (
    ("accepted-unknown-lot", "A fact is taken over also where it surprises.",
     taken("data.lotId", "LOT-NOBODY-KNOWS")),
    ("accepted-more-than-there-is", "So is one that takes more than the book holds.",
     taken("data.quantity.value", "26.000")),
    ("quantity-zero", "A sample is more than nothing.",
     not_taken(_FORM, "data.quantity.value", "data.quantity.value", "0.000")),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.sampleContainer", "data.sampleContainer")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.sampledBy", "data.sampledBy", ...)),
    ("time-without-offset", "A time carries its offset.",
     not_taken(_FORM, "data.sampledAt", "data.sampledAt", "2026-03-31T08:00:00")),
)
