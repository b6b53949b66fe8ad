"""Receipts and put-away."""

from __future__ import annotations

from typing import Any

from contracts.model.identifiers import Id, LotNumber, SiteLotCode
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.receipts import AsnId
from contracts.model.roles import Duty
from contracts.model.stimulus import (
    Asn,
    AsnLine,
    Container,
    Load,
    Location,
    Lot,
    Material,
    Purpose,
)
from features.contract_checks.domains.facts import Domain, Facts, member, message
from features.contract_checks.world import EXPIRES, LINE, PASSWORD, World
from simulator.namespace import Namespace

_REASON = "because a contract check says so"


def _receipt_confirmed(world: World, body: Any) -> Facts:
    container = world.label()
    return message(world, "receipt-confirmed", f"container/{container}", (
        ("receiptId", world.fresh("receipt")),
        ("asnId", world.names.id("ASN")),
        ("materialId", world.names.id("DELIVERED")),
        ("gtin", world.names.gtin("DELIVERED")),
        ("lotId", world.names.id("ASN-L1")),
        ("lotCode", SiteLotCode.complete("S26000001")),
        ("supplierLot", world.names.lot_number("DELIVERED")),
        ("expiresOn", EXPIRES.isoformat()),
        ("container", container),
        ("quantity", world.amount()),
        ("locationId", world.names.id("DOCK")),
        *_dates(body),
    ))


def _dates(body: Any) -> Facts:
    """An instant on the expiry day and a retest date that every plant can show."""
    told = {"expiresAt": f"{EXPIRES.isoformat()}T09:30:00Z", "retestOn": EXPIRES.isoformat()}
    return [item for item in told.items() if member(body, "data", item[0]) is not None]


def _putaway_completed(world: World, _: Any) -> Facts:
    container = world.label()
    return message(world, "putaway-completed", f"container/{container}", (
        ("putawayId", world.fresh("putaway")),
        ("container", container),
        ("lotId", world.names.id("DELIVERED")),
        ("fromLocation", world.names.id("DOCK")),
        ("toLocation", world.names.id("SHELF")),
    ))


def _confirm_receipt(world: World, body: Any) -> Facts:
    names = world.names
    lot = names.lot_number("DELIVERED")
    keyed: Facts = []
    if member(body, "keyed") is not None:
        keyed.append(("keyed", {"lot": lot}))
    label = (
        f"]C100{world.label()}02{names.gtin('DELIVERED')}17{EXPIRES:%y%m%d}"
        f"10{lot}"
    )
    return [
        ("receiptId", world.fresh("receipt")),
        ("asnId", names.id("ASN")),
        ("lineId", LINE),
        ("scan", label),
        ("quantity", world.amount()),
        ("location", names.id("DOCK")),
        *keyed,
    ]


def _put_away(world: World, _: Any) -> Facts:
    return [
        ("putawayId", world.fresh("putaway")),
        ("scan", f"]C100{world.names.sscc('SHELVED')}"),
        ("toLocation", world.names.id("SHELF")),
    ]


def _close_asn(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("closeId", world.fresh("close")),
        ("asnId", world.names.id(f"SHORT{_number(world)}")),
        ("reason", _REASON),
    ]
    given = member(body, "signature") is not None
    signature = {"userId": world.person(Duty.SUPERVISOR), "password": PASSWORD}
    if given:
        return facts + [(f"signature.{name}", value) for name, value in signature.items()]
    return [*facts, ("signature", {**signature, "meaning": "Closed short"})]


def _number(world: World) -> int:
    """The next ASN to be closed; after the last one the first comes again."""
    numbers = world.counters
    numbers["short"] = numbers.get("short", -1) + 1
    return numbers["short"] % world.supply


# --- what is loaded -----------------------------------------------------------------------------


def _load(names: Namespace, supply: int) -> Load:
    material = Id(names.id("DELIVERED"))
    return Load(
        materials=(Material(material_id=material, description="example material DELIVERED",
                            gtin=names.gtin("DELIVERED"), base_unit=Unit.KILOGRAM),),
        locations=(
            Location(location_id=Id(names.id("DOCK")), purpose=Purpose.RECEIVING,
                     description="example dock", discrepancy_location=Id(names.id("ASIDE"))),
            Location(location_id=Id(names.id("ASIDE")), purpose=Purpose.DISCREPANCY,
                     description="example place for what differs"),
            Location(location_id=Id(names.id("SHELF")), description="example shelf"),
        ),
        lots=(Lot(lot_id=Id(names.id("SHELVED")), material_id=material,
                  lot=LotNumber(names.lot_number("SHELVED")), expires_on=EXPIRES,
                  status=LotStatus.QUARANTINE),),
        containers=(Container(sscc=names.sscc("SHELVED"), lot_id=Id(names.id("SHELVED")),
                              location_id=Id(names.id("SHELF")),
                              quantity=PositiveQuantity.of("25 KGM")),),
        asns=tuple(_asn(names, n) for n in ("ASN", *(f"SHORT{n}" for n in range(supply)))),
    )


def _asn(names: Namespace, asn: str) -> Asn:
    line = AsnLine(
        line_id=Id(LINE), material_id=Id(names.id("DELIVERED")), gtin=names.gtin("DELIVERED"),
        supplier_lot=LotNumber(names.lot_number("DELIVERED")), expires_on=EXPIRES,
        quantity=PositiveQuantity.of("1000000 KGM"),
    )
    return Asn(asn_id=AsnId(names.id(asn)), supplier="Example Supplier", lines=(line,))


RECEIPTS = Domain(
    facts={
        "receipt-confirmed": _receipt_confirmed,
        "putaway-completed": _putaway_completed,
        "confirm-receipt": _confirm_receipt,
        "put-away": _put_away,
        "close-asn": _close_asn,
    },
    load=_load,
)
