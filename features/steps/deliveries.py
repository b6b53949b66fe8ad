"""Deliveries: what a supplier announced, how its labels read, and where the site puts things."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pytest_bdd import given, parsers

from contracts.model.commands import (
    CloseAsn,
    ConfirmReceipt,
    ReceiptAnswer,
)
from contracts.model.identifiers import Id, LotNumber, Sscc
from contracts.model.lot_status import LotStatus
from contracts.model.receipts import AsnId, Condition
from contracts.model.segregation import TemperatureClass
from contracts.model.stimulus import Asn, AsnLine, Load, Location, Material, Purpose
from features.bench import ITEM, UNIT, Attempt, Bench
from features.steps.material import add_base
from features.steps.words import AMOUNT, DAY, LETTER, amount_of, day_of

DOCK, DISCREPANCY = "DOCK-IN", "DISCREPANCY-1"
EXPIRES, OTHER_EXPIRY = date(2026, 12, 31), date(2027, 1, 31)
# Each kind of material, and what it is kept apart by.
KINDS: dict[str, dict[str, Any]] = {
    "PLAIN": {},
    "COLD": {"temperature_class": TemperatureClass.COLD},
    "FROZEN": {"temperature_class": TemperatureClass.FROZEN},
    "FLAMMABLE": {"hazard_classes": ("FLAMMABLE",)},
    "MILK": {"allergens": ("MILK",)},
}
PLACES: dict[str, dict[str, Any]] = {
    DOCK: {"purpose": Purpose.RECEIVING},
    DISCREPANCY: {"purpose": Purpose.DISCREPANCY},
    "COLD-ROOM": {"temperature_class": TemperatureClass.COLD},
    "HAZARD-STORE": {"hazard_classes": ("FLAMMABLE",)},
    "ALLERGEN-STORE": {"allergens": ("MILK",)},
    "QUARANTINE-RACK": {"allowed_statuses": (LotStatus.QUARANTINE,)},
    "RELEASED-RACK": {"allowed_statuses": (LotStatus.RELEASED,)},
}


@dataclass
class Deliveries:
    """The deliveries of the scenario. ``arrived`` holds the answer for each received container."""

    asns: list[AsnId] = field(default_factory=list)
    closed: AsnId | None = None
    last: str = ""
    arrived: dict[str, ReceiptAnswer] = field(default_factory=dict)


# --- what is announced --------------------------------------------------------------------------


@given(parsers.re(
    rf"an ASN announces {AMOUNT} of lot {LETTER} of lactose in container (?P<container>C[0-9]), "
    rf"expiring on {DAY}"
))
def asn_names_container(
    bench: Bench, amount: str, letter: str, container: str, day: str
) -> None:
    """One line, whose container the supplier named."""
    announce(bench, line_of(bench, "10", (amount, letter, day_of(day)), container))


@given(parsers.re(rf"an ASN announces {AMOUNT} of lot {LETTER} of lactose, expiring on {DAY}"))
def asn_names_no_container(bench: Bench, amount: str, letter: str, day: str) -> None:
    """One line for as many containers as it takes."""
    announce(bench, line_of(bench, "10", (amount, letter, day_of(day))))


@given(parsers.re(
    rf"two ASNs each announce {AMOUNT} of lot {LETTER} of lactose, expiring on {DAY}"
))
def two_asns(bench: Bench, amount: str, letter: str, day: str) -> None:
    """One supplier's lot in two shipments."""
    for _ in range(2):
        announce(bench, line_of(bench, "10", (amount, letter, day_of(day))))


@given("an ASN announces 50.000 kg of lot A and 25.000 kg of lot B of lactose")
def asn_of_two_lots(bench: Bench) -> None:
    """Two lots in one shipment."""
    lines = (("10", "50.000", "A"), ("20", "25.000", "B"))
    announce(bench, *(line_of(bench, n, (amount, lot, EXPIRES)) for n, amount, lot in lines))


@given("an ASN that was closed short")
def a_closed_asn(bench: Bench) -> None:
    """A second delivery, of which nothing came."""
    deliveries = bench.part(Deliveries)
    deliveries.closed = announce(bench, line_of(bench, "10", ("25.000", "A", EXPIRES)))
    deliveries.asns.pop()
    bench.prepare("the supervisor", "close-asn", closing(bench, deliveries.closed))


@given("a container of each kind of material was received")
def each_kind_received(bench: Bench) -> None:
    """One delivery with a line and a container for each kind."""
    add_kinds(bench)
    announce(bench, *(
        line_of(bench, kind, ("25.000", kind, EXPIRES), kind, item=kind) for kind in KINDS
    ))
    for kind in KINDS:
        scan = label(bench, kind, item=kind, lot=kind)
        keep(bench, kind, bench.prepare("the receiver", "confirm-receipt", receipt(bench, scan)))


# --- what the steps are made of -----------------------------------------------------------------


def announce(bench: Bench, *lines: AsnLine) -> AsnId:
    """Load an ASN with these lines."""
    add_places(bench)
    asn_id = AsnId(bench.new_id("ASN"))
    bench.site.load(Load(asns=(Asn(asn_id=asn_id, supplier="Example Supplier", lines=lines),)))
    bench.part(Deliveries).asns.append(asn_id)
    shown = ", ".join(f"{line.quantity} of {line.supplier_lot}" for line in lines)
    bench.recorder.observe(f"{asn_id} announces {shown}")
    return asn_id


def add_kinds(bench: Bench) -> None:
    """A material of each kind, and the places of the site."""
    add_places(bench)
    names = bench.namespace
    bench.site.load(Load(materials=tuple(
        Material.model_validate({
            "material_id": names.id(kind), "description": f"Example material {kind}",
            "gtin": names.gtin(kind), "base_unit": UNIT, **classes,
        })
        for kind, classes in KINDS.items()
    )))


def add_places(bench: Bench) -> None:
    """The dock, the discrepancy place and the stores."""
    add_base(bench)
    names = bench.namespace
    extra = {DOCK: {"discrepancy_location": names.id(DISCREPANCY)}}
    bench.site.load(Load(locations=tuple(
        Location.model_validate({
            "location_id": names.id(place), "description": place, **what, **extra.get(place, {}),
        })
        for place, what in PLACES.items()
    )))


def label(
    bench: Bench, container: str, *, item: str = ITEM, lot: str = "A", expires: date = EXPIRES
) -> str:
    """What a scanner sends for the GS1-128 label of a delivered container."""
    names = bench.namespace
    return (
        f"]C100{names.sscc(container)}02{names.gtin(item)}17{expires:%y%m%d}"
        f"10{names.lot_number(f'LOT-{lot}')}"
    )


def receipt(
    bench: Bench, scan: str, amount: str = "25.000", condition: Condition = Condition.INTACT,
    asn: int = 0,
) -> ConfirmReceipt:
    """The receipt of a scan against one of the scenario's ASNs."""
    return ConfirmReceipt(
        receipt_id=Id(bench.new_id("RCPT")), asn_id=bench.part(Deliveries).asns[asn], scan=scan,
        quantity=amount_of(amount), condition=condition, location=Id(bench.namespace.id(DOCK)),
    )


def keep(bench: Bench, container: str, attempt: Attempt) -> None:
    """Keep the answer for a container, where it was received."""
    deliveries = bench.part(Deliveries)
    deliveries.last = container
    if attempt.answer.refusal is None:
        deliveries.arrived[container] = attempt.answer.as_(ReceiptAnswer)


def line_of(
    bench: Bench, line_id: str, what: tuple[str, str, date], container: str | None = None,
    item: str = ITEM,
) -> AsnLine:
    """A line of an ASN: amount, lot and expiry, in a named container or not."""
    amount, lot, expires = what
    names = bench.namespace
    return AsnLine(
        line_id=Id(line_id), sscc=names.sscc(container) if container else None,
        material_id=Id(names.id(item)), gtin=names.gtin(item),
        supplier_lot=LotNumber(names.lot_number(f"LOT-{lot}")), expires_on=expires,
        quantity=amount_of(amount),
    )


def closing(bench: Bench, asn_id: AsnId, how: str = "a signature") -> CloseAsn:
    """A supervisor closes an ASN, with or without what is needed for it."""
    signer = "the receiver" if how == "the signature of the receiver" else "the supervisor"
    wrong = how == "a wrong password"
    signature = bench.signature(signer, "Closed short", wrong_password=wrong)
    return CloseAsn(
        close_id=Id(bench.new_id("CLOSE")), asn_id=asn_id,
        reason="      " if how == "a reason of blanks" else "The supplier sends no more",
        signature=None if how == "no signature" else signature,
    )


def sscc_of(bench: Bench, container: str) -> Sscc:
    """The label of a container of the scenario."""
    return bench.namespace.sscc(container)
