"""Receipts: the receiver scans what stands at the dock, a supervisor closes what stays short."""

from __future__ import annotations

import re
from typing import Any

from pytest_bdd import given, parsers, when

from contracts.model.identifiers import Gtin14, Id, LotNumber
from contracts.model.lot_status import LotStatus
from contracts.model.messages.receipts import ReceiptConfirmed
from contracts.model.quantities import PositiveQuantity
from contracts.model.receipts import AsnId, AsnState, Condition
from contracts.model.roles import Role
from features.bench import ITEM, OTHER_ITEM, STORAGE, UNIT, Bench
from features.steps.deliveries import (
    DOCK,
    EXPIRES,
    OTHER_EXPIRY,
    Deliveries,
    add_places,
    closing,
    keep,
    label,
    receipt,
)
from features.steps.words import AMOUNT, amount_of

# --- at the dock -------------------------------------------------------------------------------


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
        body = closing(bench, bench.part(Deliveries).asns[0])
        bench.prepare("the supervisor", "close-asn", body)


@when(parsers.re(
    r"the supervisor closes the ASN with (?P<how>a signature|no signature|a wrong password|"
    r"the signature of the receiver|a reason of blanks)"
))
def supervisor_closes(bench: Bench, how: str) -> None:
    """Try to close a short delivery."""
    body = closing(bench, bench.part(Deliveries).asns[0], how)
    attempt = bench.command("the supervisor", "close-asn", body)
    bench.recorder.observe(f"close with {how}: {attempt.answer}")


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


def _scan(bench: Bench, what: str, amount: str, *, seen: bool) -> None:
    found = re.match(r"container (C[0-9])", what)
    container = found[1] if found else "STRANGER"
    condition = Condition.INTACT
    if "damaged" in what:
        condition = Condition.DAMAGED
    if "seal broken" in what:
        condition = Condition.SEAL_BROKEN
    item = OTHER_ITEM if "another item" in what else ITEM
    scan = label(
        bench, container, item="NOBODY-KNOWS" if "nobody knows" in what else item,
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
    wrong: dict[str, dict[str, Any]] = {
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
        "a place that nobody knows": {"location": Id(names.id("NOWHERE"))},
        "the quantity in grams": {"quantity": PositiveQuantity.of("25000 GRM")},
    }
    return wrong[words]
