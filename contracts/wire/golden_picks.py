"""Golden messages about picks: what a warehouse must answer to a request, MES to a confirmation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from contracts.model.codes import Code
from contracts.model.identifiers import Id
from contracts.model.lot_status import LotStatus
from contracts.model.messages.picks import PickCancelled, PickConfirmed, PickLine, PickRequested
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.wire.golden import NOW, Cast, Golden, Step, message, world
from contracts.wire.golden_steps import (
    Body,
    Row,
    accepted,
    changed,
    form_of_every_message,
    golden_rows,
    goldens_of,
    not_taken,
    refused,
    taken,
    whole_container,
    wrong_check_digit,
)

_LINE = "data.lines.0"
_FORM = Code.SCHEMA_VIOLATION


def golden_picks() -> Iterator[Golden]:
    """All golden messages about picks."""
    quarantined = partial(world, status=LotStatus.QUARANTINE)
    yield from goldens_of("pick-requested", (*_REQUESTED, *_RULES), request_body)
    yield from golden_rows("pick-requested", _NOT_RELEASED, request_body, load=quarantined)
    yield from goldens_of("pick-confirmed", _CONFIRMED, _confirmation)
    cancelled = (*form_of_every_message("pick-cancelled"), *_CANCELLED)
    yield from golden_rows("pick-cancelled", map(_after_request, cancelled), _cancellation)


def _after_request(row: Row) -> Row:
    """The request that is cancelled goes before, under a subject of its own."""
    name, about, steps = row

    def both(cast: Cast, body: Body) -> tuple[Step, ...]:
        request = changed(request_body(cast), "id", cast.message_id("request"))
        request = changed(request, "subject", f"order/{cast.id('REQUEST')}")
        before = replace(accepted(request), operation="wms/pick-requested")
        return (before, *steps(cast, body))

    return name, about, both


def _cancellation(cast: Cast) -> Body:
    payload = PickCancelled(
        cancel_id=cast.id("CANCEL"), request_id=cast.id("REQUEST"), order_id=cast.id("ORDER"),
        reason="order was replanned", cancelled_by=Id("p.production"), station=Id("ST-1"),
    )
    return message(cast, "pick-cancelled", payload, f"order/{cast.id('ORDER')}")


def _cancelled_twice(cast: Cast, body: Body) -> tuple[Step, ...]:
    again = changed(body, "id", cast.message_id("other"))
    again = changed(again, "subjectsequence", "000000000002")
    again = changed(again, "data.cancelId", cast.id("CANCEL-2"))
    return accepted(body), refused(again, Code.NOTHING_TO_CANCEL, "data.requestId")


def request_body(cast: Cast) -> Body:
    """A good request for 10 kg of the lot in stock."""
    line = PickLine(
        line_id=Id("10"), material_id=cast.id("MATERIAL"), gtin=cast.gtin(),
        quantity=PositiveQuantity.of("10.000 KGM"), tolerance_high=Quantity.of("0.050 KGM"),
        minimum_shelf_life_days=30,
    )
    payload = PickRequested(
        request_id=cast.id("REQUEST"), order_id=cast.id("ORDER"), bom_id=cast.id("BOM"),
        bom_version=3, to_location=cast.id("STAGING"), needed_by=NOW,
        requested_by=Id("p.production"), station=Id("ST-1"), lines=(line,),
    )
    return message(cast, "pick-requested", payload, f"order/{cast.id('ORDER')}")


def _confirmation(cast: Cast) -> Body:
    payload = PickConfirmed(
        confirmation_id=cast.id("SCAN"), request_id=cast.id("REQUEST"), line_id=Id("10"),
        order_id=cast.id("ORDER"), material_id=cast.id("MATERIAL"), lot_id=cast.id("LOT"),
        lot=cast.lot_number(), source_container=cast.sscc("full"), container=cast.sscc("part"),
        quantity=PositiveQuantity.of("10.000 KGM"), from_location=cast.id("RACK"),
        to_location=cast.id("STAGING"), scanned_at=NOW, picked_by=Id("p.picker"),
        station=Id("ST-7"),
    )
    return message(cast, "pick-confirmed", payload, f"container/{cast.sscc('part')}")


def _in_grams(_: Cast, body: Body) -> tuple[Step, ...]:
    other = changed(body, f"{_LINE}.quantity.unit", "GRM")
    other = changed(other, f"{_LINE}.toleranceHigh.unit", "GRM")
    return (refused(other, Code.UNIT_NOT_BASE_UNIT, "data.lines[0].quantity.unit"),)


_REQUESTED: tuple[Row, ...] = (
    ("accepted-without-gtin", "An optional member is left out.", taken(f"{_LINE}.gtin", ...)),
    ("optional-member-null", "An optional member is absent, never null.",
     not_taken(_FORM, "data.lines[0].gtin", f"{_LINE}.gtin", None)),
    ("quantity-as-number", "A quantity is a decimal string: a JSON number is no exact decimal.",
     not_taken(_FORM, "data.lines[0].quantity.value", f"{_LINE}.quantity.value", 10)),
    ("quantity-seven-decimals", "A decimal has at most six digits after the point.",
     not_taken(_FORM, "data.lines[0].quantity.value", f"{_LINE}.quantity.value", "9.0000001")),
    ("unit-unknown", "KG is a keg in UN/ECE Rec 20; the kilogram is KGM.",
     not_taken(_FORM, "data.lines[0].quantity.unit", f"{_LINE}.quantity.unit", "KG")),
    ("tolerance-in-another-unit", "A rule between two members, which a schema cannot state.",
     not_taken(_FORM, "data.lines[0]", f"{_LINE}.toleranceHigh.unit", "GRM")),
    ("gtin-check-digit", "A GTIN with a wrong check digit is none.",
     wrong_check_digit("data.lines[0].gtin", f"{_LINE}.gtin")),
    ("snake-case-member", "Members go by their published names alone.",
     not_taken(_FORM, "data.request_id", "data.request_id", "R-1")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.neededBy", "data.neededBy", ...)),
    ("no-lines", "A request has at least one line.",
     not_taken(_FORM, "data.lines", "data.lines", [])),
    ("time-without-offset", "A time carries its offset.",
     not_taken(_FORM, "data.neededBy", "data.neededBy", "2026-03-31T08:00:00")),
    ("no-such-day", "The shape is right, the calendar has no such day.",
     not_taken(_FORM, "data.neededBy", "data.neededBy", "2026-02-30T08:00:00+01:00")),
    ("specversion-missing", "Without `specversion` it is no CloudEvent.",
     not_taken(_FORM, "specversion", "specversion", ...)),
)
_RULES: tuple[Row, ...] = (
    ("unknown-order", "The order was never loaded.",
     not_taken(Code.UNKNOWN_ORDER, "data.orderId", "data.orderId", "ORDER-NOBODY-KNOWS")),
    ("bom-not-approved", "FRS-PCK-001: another version than the approved one.",
     not_taken(Code.BOM_NOT_APPROVED, "data.bomVersion", "data.bomVersion", 2)),
    ("not-on-bom", "FRS-PCK-002: a material that the bill of materials does not hold.",
     not_taken(Code.NOT_ON_BOM, "data.lines[0].materialId", f"{_LINE}.materialId", "SUCROSE")),
    ("quantity-above-bom", "FRS-PCK-003: more than the bill of materials allows.",
     not_taken(Code.QUANTITY_NOT_ON_BOM, "data.lines[0].quantity", f"{_LINE}.quantity.value",
               "10.001")),
    ("unit-not-base-unit", "The base unit of the material is the kilogram.", _in_grams),
)
_NOT_RELEASED: tuple[Row, ...] = (
    ("no-eligible-stock", "FRS-PCK-004: nobody has released the lot.",
     lambda _, body: (refused(body, Code.NO_ELIGIBLE_STOCK, "data.lines[0].quantity"),)),
)
_CONFIRMED: tuple[Row, ...] = (
    ("accepted-whole", "A whole container arrived under its own label.", whole_container),
    ("accepted-unknown-request", "A fact is taken over also where it surprises.",
     taken("data.requestId", "REQUEST-NOBODY-MADE")),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.container", "data.container")),
    ("quantity-zero", "An amount that was brought is above zero.",
     not_taken(_FORM, "data.quantity.value", "data.quantity.value", "0.000")),
    ("lot-with-space", "A lot number has characters of GS1 character set 82 alone.",
     not_taken(_FORM, "data.lot", "data.lot", "LOT 1")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.lotId", "data.lotId", ...)),
    ("message-id-version-4", "The id of a message is a UUID of version 7.",
     not_taken(_FORM, "id", "id", "6f1e2c5a-9a4b-4c1d-8e2f-0123456789ab")),
)
_CANCELLED: tuple[Row, ...] = (
    ("unknown-request", "FRS-PCK-015: nobody made this request.",
     not_taken(Code.UNKNOWN_REQUEST, "data.requestId", "data.requestId", "REQUEST-NOBODY-MADE")),
    ("cancelled-twice", "FRS-PCK-016: what is open is cancelled once.", _cancelled_twice),
    ("reason-missing", "A cancellation says why.",
     not_taken(_FORM, "data.reason", "data.reason", ...)),
    ("reason-empty", "An empty reason is none.",
     not_taken(_FORM, "data.reason", "data.reason", "")),
)
