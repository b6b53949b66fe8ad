"""Golden messages about customer returns, transfers in process and scrap."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contracts.model.codes import Code
from contracts.model.identifiers import Id
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES, MaterialScrapped, ReturnReceived, WipTransferred
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import PositiveQuantity
from contracts.model.roles import Role
from contracts.model.scrap import Disposal, ScrapOrigin, ScrapReason
from contracts.wire.golden import EXPIRES, NOW, Cast, Golden, Step, message
from contracts.wire.golden_steps import (
    KEY_OF,
    Body,
    Row,
    Steps,
    accepted,
    changed,
    goldens_of,
    not_taken,
    refused,
    taken,
    wrong_check_digit,
)

_FORM = Code.SCHEMA_VIOLATION


def golden_flows() -> Iterator[Golden]:
    """All golden messages about what comes back, goes on in process and is given up."""
    yield from goldens_of("return-received", _RETURNED, _return)
    yield from goldens_of("wip-transferred", _TRANSFERRED, _transfer)
    for to in MESSAGES["material-scrapped"].receivers:
        yield from goldens_of("material-scrapped", _SCRAPPED, partial(_scrap, to), to=to)


def _return(cast: Cast) -> Body:
    payload = ReturnReceived(
        return_id=cast.id("RETURN"), shipment_id=cast.id("SHIPMENT"),
        customer_id=cast.id("CUSTOMER"), rma_id=cast.id("RMA"), container=cast.sscc("full"),
        material_id=cast.id("MATERIAL"), gtin=cast.gtin(), lot_id=cast.id("LOT"),
        lot=cast.lot_number(), expires_on=EXPIRES, quantity=PositiveQuantity.of("25.000 KGM"),
        status=LotStatus.QUARANTINE, location_id=cast.id("RACK"), reason="refused at delivery",
        received_at=NOW, received_by=Id("p.receiver"), station=Id("ST-1"),
    )
    return message(cast, "return-received", payload, f"container/{payload.container}")


def _transfer(cast: Cast) -> Body:
    payload = WipTransferred(
        transfer_id=cast.id("TRANSFER"), order_id=cast.id("ORDER"), line_id=Id("10"),
        container=cast.sscc("weighed"), material_id=cast.id("MATERIAL"), lot_id=cast.id("LOT"),
        lot=cast.lot_number(), quantity=PositiveQuantity.of("10.000 KGM"),
        from_location=cast.id("BOOTH"), to_location=cast.id("STAGING"), transferred_at=NOW,
        transferred_by=Id("p.dispenser"), station=Id("ST-1"),
    )
    return message(cast, "wip-transferred", payload, f"container/{payload.container}")


def _scrap(to: Role, cast: Cast) -> Body:
    signature = SignatureManifest(
        signature_id=cast.id("SIGNATURE"), person_id=Id("p.supervisor"),
        printed_name="Example Supervisor", role=Id("supervisor"), meaning="verified",
        signed_at=NOW,
    )
    payload = MaterialScrapped(
        scrap_id=cast.id("SCRAP"), origin=ScrapOrigin.STOCK, container=cast.sscc("full"),
        material_id=cast.id("MATERIAL"), lot_id=cast.id("LOT"), lot=cast.lot_number(),
        quantity=PositiveQuantity.of("2.000 KGM"), disposal=Disposal.DESTROYED,
        reason_code=ScrapReason.CONTAMINATED, reason="the liner was torn",
        location_id=cast.id("RACK"), scrapped_at=NOW, scrapped_by=Id("p.counter"),
        station=Id("ST-1"), verification=signature,
    )
    return message(cast, "material-scrapped", payload, f"container/{payload.container}", to)


def _units(*serials: str) -> Steps:
    """Serialised pieces in place of kilograms."""

    def steps(cast: Cast, body: Body) -> tuple[Step, ...]:
        return (accepted(_serialised(cast, body, serials)),)

    return steps


def _serialised(cast: Cast, body: Body, serials: tuple[str, ...]) -> Body:
    body = changed(body, "data.serials", list(serials))
    body = changed(body, "data.gtin", cast.gtin())
    pieces: Body = changed(body, "data.quantity", {"value": str(len(serials)), "unit": "C62"})
    return pieces


def _badly(member: str, value: object) -> Steps:
    """Serialised pieces with one member of the message wrong."""

    def steps(cast: Cast, body: Body) -> tuple[Step, ...]:
        good = _serialised(cast, body, ("S-1", "S-2"))
        return (refused(changed(good, member, value), _FORM, "data"),)

    return steps


def _again(member: str) -> Steps:
    """A second event under the number of the first, by another business event of the receiver."""

    def steps(cast: Cast, body: Body) -> tuple[Step, ...]:
        other = changed(changed(body, "id", cast.message_id("other")), KEY_OF[body["type"]],
                        cast.id("OTHER"))
        other = changed(other, "subjectsequence", "000000000002")
        return accepted(body), accepted(changed(other, member, "ST-9"))

    return steps


def _out_of_an_order(cast: Cast, body: Body) -> tuple[Step, ...]:
    body = changed(body, "data.origin", ScrapOrigin.IN_PROCESS.value)
    return (accepted(changed(body, "data.orderId", cast.id("ORDER"))),)


_SERIALS: tuple[Row, ...] = (
    ("accepted-serialised", "Serialised units are named one by one.", _units("S-1", "S-2")),
    ("fewer-serials", "There are as many serial numbers as pieces.",
     _badly("data.quantity.value", "3")),
    ("serial-twice", "A serial number stands once.", _badly("data.serials", ["S-1", "S-1"])),
    ("serials-without-gtin", "Serial numbers count within their item.",
     _badly("data.gtin", ...)),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.container", "data.container")),
    ("quantity-zero", "An amount is above zero.",
     not_taken(_FORM, "data.quantity.value", "data.quantity.value", "0")),
    ("reason-empty", "A reason says something.",
     not_taken(_FORM, "data.reason", "data.reason", "")),
)
_RETURNED: tuple[Row, ...] = (
    *_SERIALS,
    ("accepted-as-released", "It enters in quarantine, whatever the message calls it.",
     taken("data.status", "RELEASED")),
    ("accepted-without-rma", "Not every return was announced.", taken("data.rmaId", ...)),
    ("accepted-unknown-lot", "A fact is taken over also where it surprises.",
     taken("data.lotId", "LOT-NOBODY-KNOWS")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.shipmentId", "data.shipmentId", ...)),
)
_TRANSFERRED: tuple[Row, ...] = (
    ("accepted-next", "It goes on to the next place, or comes back.", _again("data.station")),
    ("accepted-unknown-place", "A fact is taken over also where it surprises.",
     taken("data.toLocation", "NOWHERE")),
    ("to-where-it-is", "A transfer goes somewhere.",
     lambda cast, body: not_taken(_FORM, "data", "data.toLocation", cast.id("BOOTH"))(cast, body)),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.container", "data.container")),
    ("quantity-zero", "What is transferred is above zero.",
     not_taken(_FORM, "data.quantity.value", "data.quantity.value", "0")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.orderId", "data.orderId", ...)),
)
_SCRAPPED: tuple[Row, ...] = (
    *_SERIALS,
    ("accepted-in-process", "What an order was issued is given up.", _out_of_an_order),
    ("accepted-unsigned", "A fact is posted also where it breaks a rule, with an alarm.",
     taken("data.verification", ...)),
    ("accepted-decommissioned", "It is there, and its identity is never used again.",
     taken("data.disposal", "DECOMMISSIONED")),
    ("accepted-more-than-there-is", "So is one that takes more than the book holds.",
     taken("data.quantity.value", "26.000")),
    ("in-process-without-order", "What is scrapped in process was issued to an order.",
     not_taken(_FORM, "data", "data.origin", "IN_PROCESS")),
    ("stock-with-order", "Stock belongs to no order.",
     not_taken(_FORM, "data", "data.orderId", "ORDER-1")),
    ("cause-unknown", "Reasons are a closed list.",
     not_taken(_FORM, "data.reasonCode", "data.reasonCode", "LOST")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.disposal", "data.disposal", ...)),
)
