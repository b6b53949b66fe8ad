"""Receipts: a supplier announces, the receiver scans and puts away, a supervisor closes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pytest_bdd import given, parsers, when

from contracts.model.commands import (
    ChangeLotStatus,
    CloseAsn,
    ConfirmReceipt,
    PutAway,
    ReceiptAnswer,
    SignatureComponents,
)
from contracts.model.identifiers import Gtin14, Id, LotNumber, Sscc
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages.receipts import ReceiptConfirmed
from contracts.model.quantities import PositiveQuantity
from contracts.model.receipts import AsnId, AsnState, Condition
from contracts.model.roles import Role
from contracts.model.segregation import TemperatureClass
from contracts.model.stimulus import Asn, AsnLine, Load, Location, Material, Purpose
from features.bench import ITEM, OTHER_ITEM, PEOPLE, STAGING, STORAGE, UNIT, Attempt, Bench
from features.steps.material import add_base
from features.steps.words import AMOUNT, DAY, LETTER, amount_of, day_of
from simulator.site import EXAMPLE_PASSWORD

DOCK, DISCREPANCY = "DOCK-IN", "DISCREPANCY-1"
FNC1 = "\x1d"
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
    announce(bench, _line(bench, "10", (amount, letter, day_of(day)), container))


@given(parsers.re(rf"an ASN announces {AMOUNT} of lot {LETTER} of lactose, expiring on {DAY}"))
def asn_names_no_container(bench: Bench, amount: str, letter: str, day: str) -> None:
    """One line for as many containers as it takes."""
    announce(bench, _line(bench, "10", (amount, letter, day_of(day))))


@given(parsers.re(
    rf"two ASNs each announce {AMOUNT} of lot {LETTER} of lactose, expiring on {DAY}"
))
def two_asns(bench: Bench, amount: str, letter: str, day: str) -> None:
    """One supplier's lot in two shipments."""
    for _ in range(2):
        announce(bench, _line(bench, "10", (amount, letter, day_of(day))))


@given("an ASN announces 50.000 kg of lot A and 25.000 kg of lot B of lactose")
def asn_of_two_lots(bench: Bench) -> None:
    """Two lots in one shipment."""
    lines = (("10", "50.000", "A"), ("20", "25.000", "B"))
    announce(bench, *(_line(bench, n, (amount, lot, EXPIRES)) for n, amount, lot in lines))


@given("an ASN that was closed short")
def a_closed_asn(bench: Bench) -> None:
    """A second delivery, of which nothing came."""
    deliveries = bench.part(Deliveries)
    deliveries.closed = announce(bench, _line(bench, "10", ("25.000", "A", EXPIRES)))
    deliveries.asns.pop()
    bench.prepare("the supervisor", "close-asn", _closing(bench, deliveries.closed))


@given("a container of each kind of material was received")
def each_kind_received(bench: Bench) -> None:
    """One delivery with a line and a container for each kind."""
    add_places(bench)
    names = bench.namespace
    bench.site.load(Load(materials=tuple(
        Material.model_validate({
            "material_id": names.id(kind), "description": f"Example material {kind}",
            "gtin": names.gtin(kind), "base_unit": UNIT, **classes,
        })
        for kind, classes in KINDS.items()
    )))
    announce(bench, *(
        _line(bench, kind, ("25.000", kind, EXPIRES), kind, item=kind) for kind in KINDS
    ))
    for kind in KINDS:
        scan = label(bench, kind, item=kind, lot=kind)
        keep(bench, kind, bench.prepare("the receiver", "confirm-receipt", receipt(bench, scan)))


# --- the receiver -------------------------------------------------------------------------------


@when(parsers.re(rf"the receiver scans (?P<what>.+?),? with {AMOUNT}"))
def receiver_scans(bench: Bench, what: str, amount: str) -> None:
    """Try to receive what stands at the dock."""
    _scan(bench, what, amount, seen=True)


@given(parsers.re(rf"the receiver has (?:scanned|received) (?P<what>.+?),? with {AMOUNT}"))
def receiver_has_scanned(bench: Bench, what: str, amount: str) -> None:
    """What was received before."""
    _scan(bench, what.replace("found", "finds"), amount, seen=False)


@given("the receiver has received container C1 of the first and container C2 of the second")
def received_of_both(bench: Bench) -> None:
    """One container of each shipment, both of the same supplier's lot."""
    for number, container in enumerate(("C1", "C2")):
        body = receipt(bench, label(bench, container), asn=number)
        keep(bench, container, bench.prepare("the receiver", "confirm-receipt", body))


@when("the receiver receives two containers of lot A and one of lot B")
def receives_two_and_one(bench: Bench) -> None:
    """Three containers of one delivery."""
    for container, lot in (("C1", "A"), ("C2", "B"), ("C3", "A")):
        body = receipt(bench, label(bench, container, lot=lot))
        keep(bench, container, bench.prepare("the receiver", "confirm-receipt", body))


@when(parsers.re(r"the receiver tries (?P<attempt>.+)"))
def receiver_tries(bench: Bench, attempt: str) -> None:
    """A receipt that is wrong in one place."""
    good = receipt(bench, label(bench, "C1"))
    body = good.model_copy(update=_wrong(bench, attempt))
    tried = bench.command("the receiver", "confirm-receipt", body)
    bench.recorder.observe(f"receipt with {attempt}: {tried.answer}")


@given(parsers.re(r"the ASN is (?P<how>complete|closed by signature)"))
def asn_is_closed(bench: Bench, how: str) -> None:
    """The delivery is over."""
    if how == "complete":
        _scan(bench, "container C1", "25.000", seen=False)
    else:
        body = _closing(bench, bench.part(Deliveries).asns[0])
        bench.prepare("the supervisor", "close-asn", body)


@when(parsers.re(
    r"the supervisor closes the ASN with (?P<how>a signature|no signature|a wrong password|"
    r"the signature of the receiver|a reason of blanks)"
))
def supervisor_closes(bench: Bench, how: str) -> None:
    """Try to close a short delivery."""
    body = _closing(bench, bench.part(Deliveries).asns[0], how)
    attempt = bench.command("the supervisor", "close-asn", body)
    bench.recorder.observe(f"close with {how}: {attempt.answer}")


# --- put-away and release -----------------------------------------------------------------------


@when(parsers.re(r"the receiver puts (?P<container>[A-Z0-9]+) away to (?P<place>\S+)"))
def receiver_puts_away(bench: Bench, container: str, place: str) -> None:
    """Try to bring a container to a place."""
    bench.part(Deliveries).last = container
    attempt = bench.command("the receiver", "put-away", put_away_of(bench, container, place))
    bench.recorder.observe(f"{container} to {place}: {attempt.answer}")


@when("the receiver puts each of them away")
def puts_each_away(bench: Bench, datatable: list[list[str]]) -> None:
    """Every row of the scenario's table."""
    for container, place in datatable[1:]:
        body = put_away_of(bench, container, place)
        attempt = bench.command_unseen("the receiver", "put-away", body)
        bench.recorder.observe(f"{container} to {place}: {attempt.answer}")


@when(parsers.re(
    r"the receiver puts away (?P<what>a container nobody knows|"
    r"the digits of the label as plain text)"
))
def puts_away_wrongly(bench: Bench, what: str) -> None:
    """A scan that leads to nothing in stock."""
    plain = f"00{bench.namespace.sscc('PLAIN')}"
    scan = f"]C100{bench.namespace.sscc('NOBODY')}" if what.startswith("a container") else plain
    body = put_away_of(bench, "PLAIN", STORAGE).model_copy(update={"scan": scan})
    attempt = bench.command("the receiver", "put-away", body)
    bench.recorder.observe(f"scanned {scan!r}: {attempt.answer}")


@given(parsers.re(
    r"container (?P<container>C[0-9]) was put away(?P<released> and its lot released)?"
))
def was_put_away(bench: Bench, container: str, released: str | None) -> None:
    """It stands in the rack; its lot may be released already."""
    bench.prepare("the receiver", "put-away", put_away_of(bench, container, STORAGE))
    bench.deliver()
    if released:
        bench.prepare("quality", "change-lot-status", _release(bench, container))
        bench.deliver()


@given("both were put away and the lot of container C1 was released")
def both_put_away(bench: Bench) -> None:
    """Both stand in the rack, one of them released."""
    was_put_away(bench, "C2", None)
    was_put_away(bench, "C1", "released")


@when(parsers.re(r"quality releases the lot of container (?P<container>C[0-9])"))
def releases_lot_of(bench: Bench, container: str) -> None:
    """A signed release of a site lot."""
    bench.deliver()
    bench.command("quality", "change-lot-status", _release(bench, container))


@when("the WMS counterpart sends a receipt that calls its lot RELEASED")
def counterpart_calls_it_released(bench: Bench) -> None:
    """A message that no honest warehouse sends."""
    add_places(bench)
    names = bench.namespace
    fact = ReceiptConfirmed(
        receipt_id=Id(bench.new_id("RCPT")), asn_id=AsnId(bench.new_id("ASN")), line_id=Id("10"),
        material_id=Id(names.id(ITEM)), gtin=names.gtin(ITEM), lot_id=Id(names.id("ASN-1-L1")),
        supplier_lot=LotNumber(names.lot_number("LOT-A")), expires_on=EXPIRES,
        container=names.sscc("C1"), quantity=amount_of("25.000"), location_id=Id(names.id(DOCK)),
        condition=Condition.INTACT, status=LotStatus.RELEASED, asn_state=AsnState.COMPLETE,
        received_at=bench.now, received_by=Id(names.id("EX-RECV")), station=Id("DOCK-1"),
    )
    subject = f"container/{fact.container}"
    draft = bench.counterpart(Role.MES).draft("receipt-confirmed", fact, subject, bench.now)
    attempt = bench.send(Role.MES, draft, fact.receipt_id)
    bench.recorder.observe(f"receipt of {fact.lot_id} as RELEASED: {attempt.answer}")


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


def put_away_of(bench: Bench, container: str, place: str) -> PutAway:
    """A container to a place, by its SSCC label."""
    return PutAway(
        putaway_id=Id(bench.new_id("PUT")), scan=f"]C100{bench.namespace.sscc(container)}",
        to_location=Id(bench.namespace.id(place)),
    )


def _line(
    bench: Bench, line_id: str, what: tuple[str, str, date], container: str | None = None,
    item: str = ITEM,
) -> AsnLine:
    amount, lot, expires = what
    names = bench.namespace
    return AsnLine(
        line_id=Id(line_id), sscc=names.sscc(container) if container else None,
        material_id=Id(names.id(item)), gtin=names.gtin(item),
        supplier_lot=LotNumber(names.lot_number(f"LOT-{lot}")), expires_on=expires,
        quantity=amount_of(amount),
    )


def _scan(bench: Bench, what: str, amount: str, *, seen: bool) -> None:
    found = re.match(r"container (C[0-9])", what)
    container = found[1] if found else "STRANGER"
    condition = Condition.INTACT
    if "damaged" in what:
        condition = Condition.DAMAGED
    if "seal broken" in what:
        condition = Condition.SEAL_BROKEN
    scan = label(
        bench, container, item=OTHER_ITEM if "another item" in what else ITEM,
        lot="OTHER" if "another lot" in what else "A",
        expires=OTHER_EXPIRY if "another expiry" in what else EXPIRES,
    )
    body = receipt(bench, scan, amount, condition)
    do = bench.command if seen else bench.prepare
    attempt = do("the receiver", "confirm-receipt", body)
    keep(bench, container, attempt)
    bench.recorder.observe(f"scanned {scan!r}, {amount} {UNIT}, {condition}: {attempt.answer}")


def _wrong(bench: Bench, words: str) -> dict[str, Any]:
    names = bench.namespace
    deliveries = bench.part(Deliveries)
    good = label(bench, "C1")
    sscc, gtin = names.sscc("C1"), names.gtin(ITEM)
    stranger = Gtin14.complete("0952000000001")
    return {
        "an ASN that nobody announced": {"asn_id": AsnId(names.id("NO-ASN"))},
        "the ASN that was closed": {"asn_id": deliveries.closed},
        "a line that the ASN does not have": {"line_id": Id("99")},
        "an item that nobody knows": {
            "scan": label(bench, "C8").replace(f"02{gtin}", f"02{stranger}")
        },
        "the digits of the label as plain text": {"scan": good.removeprefix("]C1")},
        "a label without an SSCC": {"scan": good.replace(f"00{sscc}", "")},
        "a label without lot and expiry": {"scan": f"]C100{sscc}02{gtin}"},
        "a label without an item": {"scan": good.replace(f"02{gtin}", "")},
        "the rack as place of receipt": {"location": Id(names.id(STORAGE))},
        "the supply area as place of receipt": {"location": Id(names.id(STAGING))},
        "a place that nobody knows": {"location": Id(names.id("NOWHERE"))},
        "the quantity in grams": {"quantity": PositiveQuantity.of("25000 GRM")},
    }[words]


def _closing(bench: Bench, asn_id: AsnId, how: str = "a signature") -> CloseAsn:
    signer = "the receiver" if how == "the signature of the receiver" else "the supervisor"
    password = "not the password" if how == "a wrong password" else EXAMPLE_PASSWORD
    signature = SignatureComponents(
        user_id=Id(bench.namespace.id(PEOPLE[signer][0])), password=password,
        meaning="Closed short",
    )
    return CloseAsn(
        close_id=Id(bench.new_id("CLOSE")), asn_id=asn_id,
        reason="      " if how == "a reason of blanks" else "The supplier sends no more",
        signature=None if how == "no signature" else signature,
    )


def _release(bench: Bench, container: str) -> ChangeLotStatus:
    return ChangeLotStatus(
        change_id=Id(bench.new_id("CHANGE")),
        lot_id=bench.part(Deliveries).arrived[container].lot_id, to_status=LotStatus.RELEASED,
        reason_code=StatusReason.QUALITY_DECISION, reason="Tested and within its limits",
        signature=SignatureComponents(
            user_id=Id(bench.namespace.id(PEOPLE["quality"][0])), password=EXAMPLE_PASSWORD,
            meaning="Released for use",
        ),
    )


def sscc_of(bench: Bench, container: str) -> Sscc:
    """The label of a container of the scenario."""
    return bench.namespace.sscc(container)
