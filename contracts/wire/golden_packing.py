"""Golden messages about packing and shipping: cases, pallets, what left the site."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contracts.model.codes import Code
from contracts.model.identifiers import Id, LotNumber, SerialNumber
from contracts.model.messages import MESSAGES
from contracts.model.messages.packing import PackCompleted, UnitAggregated
from contracts.model.messages.shipping import ShipmentConfirmed, ShippedContent
from contracts.model.packing import UnitKind
from contracts.model.quantities import Pieces, PositiveQuantity
from contracts.model.roles import Role
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


def golden_packing() -> Iterator[Golden]:
    """All golden messages about packing and shipping."""
    yield from goldens_of("pack-completed", _PACKED, _pack)
    for to in MESSAGES["unit-aggregated"].receivers:
        yield from goldens_of("unit-aggregated", _AGGREGATED, partial(_aggregation, to), to=to)
    yield from goldens_of("shipment-confirmed", _SHIPPED, _shipment)


def _pack(cast: Cast) -> Body:
    payload = PackCompleted(
        pack_id=cast.id("PACK"), label_id=cast.id("LABEL"), sscc=cast.sscc("case"),
        kind=UnitKind.CASE, order_id=cast.id("ORDER"), material_id=cast.id("MATERIAL"),
        gtin=cast.gtin(), lot_id=cast.id("MADE"), lot=LotNumber(f"P{cast.suffix}"),
        expires_on=EXPIRES, quantity=Pieces.of("2 C62"),
        serials=tuple(SerialNumber(f"{cast.suffix}-{n}") for n in (1, 2)),
        location_id=cast.id("STAGING"), packed_at=NOW, packed_by=Id("p.packer"),
        station=Id("ST-1"),
    )
    return message(cast, "pack-completed", payload, f"container/{payload.sscc}")


def _aggregation(to: Role, cast: Cast) -> Body:
    payload = UnitAggregated(
        aggregation_id=cast.id("AGGREGATION"), parent=cast.sscc("pallet"),
        children=(cast.sscc("full"),), aggregated_at=NOW, aggregated_by=Id("p.packer"),
        station=Id("ST-1"),
    )
    return message(cast, "unit-aggregated", payload, f"container/{payload.parent}", to)


def _shipment(cast: Cast) -> Body:
    content = ShippedContent(
        unit=cast.sscc("full"), sscc=cast.sscc("full"), material_id=cast.id("MATERIAL"),
        lot_id=cast.id("LOT"), lot=cast.lot_number(), expires_on=EXPIRES,
        quantity=PositiveQuantity.of("25.000 KGM"),
    )
    payload = ShipmentConfirmed(
        shipment_id=cast.id("SHIPMENT"), customer_id=cast.id("CUSTOMER"),
        consignee="Example Wholesale", content=(content,), shipped_at=NOW,
        shipped_by=Id("p.shipper"), station=Id("ST-1"),
    )
    return message(cast, "shipment-confirmed", payload, f"shipment/{payload.shipment_id}")


def _of_a_known_lot(cast: Cast, body: Body) -> tuple[Step, ...]:
    body = changed(body, "data.lotId", cast.id("LOT"))
    return (accepted(changed(body, "data.lot", cast.lot_number())),)


def _its_own_child(cast: Cast, body: Body) -> tuple[Step, ...]:
    parent = cast.sscc("pallet")
    return not_taken(_FORM, "data", "data.children", [parent])(cast, body)


def _twice(cast: Cast, body: Body) -> tuple[Step, ...]:
    content = body["data"]["content"]
    return not_taken(_FORM, "data", "data.content", [*content, *content])(cast, body)


def _on_a_pallet(cast: Cast, body: Body) -> tuple[Step, ...]:
    return (accepted(changed(body, "data.content.0.unit", cast.sscc("pallet"))),)


_PACKED: tuple[Row, ...] = (
    ("accepted-known-lot", "The receiver knows the lot already.", _of_a_known_lot),
    ("fewer-serials", "A unit holds as many serials as it declares.",
     not_taken(_FORM, "data", "data.quantity.value", "3")),
    ("serial-twice", "A serial number stands once.",
     not_taken(_FORM, "data", "data.serials", ["S-1", "S-1"])),
    ("pieces-with-fraction", "Pieces are whole.",
     not_taken(_FORM, "data.quantity.value", "data.quantity.value", "2.0")),
    ("in-kilograms", "Units of sale are counted, never weighed.",
     not_taken(_FORM, "data.quantity.unit", "data.quantity.unit", "KGM")),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.sscc", "data.sscc")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.lotId", "data.lotId", ...)),
    ("no-such-day", "The shape is right, the calendar has no such day.",
     not_taken(_FORM, "data.expiresOn", "data.expiresOn", "2026-02-30")),
)
_AGGREGATED: tuple[Row, ...] = (
    ("accepted-unknown-child", "The news of a child may still be on its way.",
     lambda cast, body: taken("data.children", [cast.sscc("elsewhere")])(cast, body)),
    ("own-child", "A unit is not inside itself.", _its_own_child),
    ("no-children", "An aggregation names at least one child.",
     not_taken(_FORM, "data.children", "data.children", [])),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.parent", "data.parent")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.parent", "data.parent", ...)),
)
_SHIPPED: tuple[Row, ...] = (
    ("accepted-pallet", "The container left on a pallet.", _on_a_pallet),
    ("accepted-unknown-customer", "A fact is taken over also where it surprises.",
     taken("data.customerId", "NOBODY")),
    ("without-content", "A shipment holds something.",
     not_taken(_FORM, "data.content", "data.content", [])),
    ("container-twice", "A container leaves once.", _twice),
    ("quantity-zero", "An amount that left is above zero.",
     not_taken(_FORM, "data.content[0].quantity.value", "data.content.0.quantity.value", "0")),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.content[0].sscc", "data.content.0.sscc")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.consignee", "data.consignee", ...)),
)
