"""What is read from a label, and what is keyed by hand and verified by a second person."""

from __future__ import annotations

from datetime import date
from typing import Any

from pytest_bdd import parsers, then, when

from contracts.model.commands import ConfirmReceipt, KeyedByHand, SignatureComponents
from contracts.model.identifiers import Id, LotNumber
from contracts.model.inspection_receipts import ReceiptRow
from contracts.model.messages.receipts import ReceiptConfirmed
from contracts.model.receipts import KeyedValue
from features.bench import ITEM, OTHER_ITEM, Bench
from features.claims import equal
from features.steps.deliveries import EXPIRES, OTHER_EXPIRY, keep, receipt
from features.steps.received import message_about, receipt_of
from features.steps.words import amount_of

FNC1 = "\x1d"
MADE, SERIAL = date(2025, 12, 1), "DRUM-0042"
_KEYED = (
    r"the lot keyed|the expiry keyed|the item keyed|24\.000 kg where the label says 25\.000|"
    r"another lot than the label says|another expiry than the label says|"
    r"another item than the label says"
)
_VERIFIED = (
    r"verified by the supervisor|verified by nobody|verified by the receiver|"
    r"verified by the picker|verified with a wrong password"
)


@when("the receiver scans the full label of container C1 and keys nothing")
def scans_full_label(bench: Bench) -> None:
    """Not even the quantity is given."""
    body = receipt(bench, full_label(bench)).model_copy(update={"quantity": None})
    _receive(bench, body)


@when(parsers.re(
    rf"the receiver receives container C1 with (?P<keyed>{_KEYED}), (?P<verified>{_VERIFIED})"
))
def receives_with_keyed(bench: Bench, keyed: str, verified: str) -> None:
    """One value comes from a hand and not from the label."""
    scan, members = _by_hand(bench, keyed)
    body = receipt(bench, scan).model_copy(
        update={**members, "verification": _verification(bench, verified)}
    )
    _receive(bench, body)


@then("receipt and message hold every value of the label, and none as keyed")
def holds_every_value(bench: Bench) -> None:
    """Field by field, in the record of the warehouse and in the bytes that MES received."""
    names = bench.namespace
    recorded, told = receipt_of(bench), message_about(bench)
    label = (names.gtin(ITEM), names.lot_number("LOT-A"), EXPIRES)
    equal((told.gtin, told.supplier_lot, told.expires_on), label, "item, lot, expiry")
    for source in (recorded, told):
        what = type(source).__name__
        shown = (source.container, source.quantity, source.manufactured_on, source.serial)
        bench.recorder.observe(f"{what}: {', '.join(map(str, shown))}, keyed: {source.keyed}")
        wanted = (names.sscc("C1"), amount_of("25.000"), MADE, SERIAL)
        equal(shown, wanted, f"container, quantity, day of making and serial in {what}")
        equal(_marks(source), ((), None), f"keyed values in {what}")


@then(parsers.re(
    r"receipt and message mark (?P<mark>[A-Z]+) as keyed, verified by the supervisor"
))
def mark_as_keyed(bench: Bench, mark: str) -> None:
    """The mark and the second person stand in both."""
    wanted = ((KeyedValue(mark),), bench.person_id("the supervisor"))
    for source in (receipt_of(bench), message_about(bench)):
        what = type(source).__name__
        bench.recorder.observe(f"{what}: keyed {source.keyed}, verified by {source.verified_by}")
        equal(_marks(source), wanted, f"keyed values in {what}")


def full_label(bench: Bench, without: str = "") -> str:
    """A GS1-128 label with every field of a receipt, but the one named by its AI."""
    names = bench.namespace
    fields = {
        "00": names.sscc("C1"), "02": names.gtin(ITEM), "3103": "025000", "11": f"{MADE:%y%m%d}",
        "17": f"{EXPIRES:%y%m%d}", "21": f"{SERIAL}{FNC1}", "10": names.lot_number("LOT-A"),
    }
    return "]C1" + "".join(ai + value for ai, value in fields.items() if ai != without)


def _receive(bench: Bench, body: ConfirmReceipt) -> None:
    attempt = bench.command("the receiver", "confirm-receipt", body)
    keep(bench, "C1", attempt)
    bench.recorder.observe(f"scanned {body.scan!r}, keyed {body.keyed}: {attempt.answer}")
    if attempt.answer.refusal is None:
        bench.deliver()


def _by_hand(bench: Bench, words: str) -> tuple[str, dict[str, Any]]:
    """The label that is scanned, and the members that are keyed beside it."""
    names = bench.namespace
    lot, other_lot = (LotNumber(names.lot_number(name)) for name in ("LOT-A", "LOT-OTHER"))
    full = full_label(bench)
    keyed: dict[str, tuple[str, dict[str, Any]]] = {
        "the lot keyed": (full_label(bench, "10"), {"lot": lot}),
        "the expiry keyed": (full_label(bench, "17"), {"expires_on": EXPIRES}),
        "the item keyed": (full_label(bench, "02"), {"gtin": names.gtin(ITEM)}),
        "another lot than the label says": (full, {"lot": other_lot}),
        "another expiry than the label says": (full, {"expires_on": OTHER_EXPIRY}),
        "another item than the label says": (full, {"gtin": names.gtin(OTHER_ITEM)}),
    }
    if words not in keyed:
        return full, {"quantity": amount_of("24.000")}
    scan, members = keyed[words]
    return scan, {"keyed": KeyedByHand(**members)}


def _verification(bench: Bench, words: str) -> SignatureComponents | None:
    if words == "verified by nobody":
        return None
    wrong = words == "verified with a wrong password"
    who = "the supervisor" if wrong else words.removeprefix("verified by ")
    return bench.signature(who, "Verified what was keyed", wrong_password=wrong)


def _marks(source: ReceiptRow | ReceiptConfirmed) -> tuple[tuple[KeyedValue, ...], Id | None]:
    return source.keyed, source.verified_by
