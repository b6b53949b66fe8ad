"""Lot codes that the site issues, and supplier lots beside them."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from contracts.model.identifiers import Id, LotNumber
from contracts.model.inspection import LotRow, Lots
from contracts.model.lot_status import LotStatus
from contracts.model.messages.receipts import ReceiptConfirmed
from contracts.model.receipts import AsnId, AsnState, Condition
from contracts.model.roles import Role
from contracts.model.stimulus import AsnLine
from features.bench import ITEM, Bench
from features.claims import equal, holds, the_only
from features.steps.deliveries import (
    DOCK,
    EXPIRES,
    Deliveries,
    add_places,
    announce,
    keep,
    label,
    receipt,
)
from features.steps.words import amount_of

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_LENGTH = 10


@given(parsers.re(r'an ASN announces 25.000 kg of the supplier\'s lot "(?P<lot>[^"]+)"'))
def asn_of_odd_lot(bench: Bench, lot: str) -> None:
    """A supplier numbers lots as it likes."""
    add_places(bench)
    names = bench.namespace
    announce(bench, AsnLine(
        line_id=Id("10"), material_id=Id(names.id(ITEM)), gtin=names.gtin(ITEM),
        supplier_lot=LotNumber(lot), expires_on=EXPIRES, quantity=amount_of("25.000"),
    ))


@when(parsers.re(r'the receiver scans a container with the supplier\'s lot "(?P<lot>[^"]+)"'))
def receiver_scans_odd_lot(bench: Bench, lot: str) -> None:
    """The label says the lot as the ASN does."""
    names = bench.namespace
    scan = f"]C100{names.sscc('C1')}02{names.gtin(ITEM)}17{EXPIRES:%y%m%d}10{lot}"
    attempt = bench.command("the receiver", "confirm-receipt", receipt(bench, scan))
    bench.recorder.observe(f"supplier's lot {lot}: {attempt.answer}")
    keep(bench, "C1", attempt)


@when("the receiver scans a container of lot B with 25.000 kg")
def receiver_scans_lot_b(bench: Bench) -> None:
    """The second lot of the delivery."""
    scan = label(bench, "C2", lot="B")
    attempt = bench.command("the receiver", "confirm-receipt", receipt(bench, scan))
    bench.recorder.observe(f"container of lot B: {attempt.answer}")
    keep(bench, "C2", attempt)


@when(parsers.re(r"the WMS counterpart sends a receipt with the lot code (?P<code>\S+)"))
def counterpart_sends_code(bench: Bench, code: str) -> None:
    """A receipt whose lot code was keyed, copied or made up."""
    add_places(bench)
    names = bench.namespace
    fact = ReceiptConfirmed(
        receipt_id=Id(bench.new_id("RCPT")), asn_id=AsnId(bench.new_id("ASN")), line_id=Id("10"),
        material_id=Id(names.id(ITEM)), gtin=names.gtin(ITEM), lot_id=Id(names.id("CODED")),
        supplier_lot=LotNumber(names.lot_number("LOT-A")), expires_on=EXPIRES,
        container=names.sscc("C1"), quantity=amount_of("25.000"), location_id=Id(names.id(DOCK)),
        condition=Condition.INTACT, status=LotStatus.QUARANTINE, asn_state=AsnState.COMPLETE,
        received_at=bench.now, received_by=Id(names.id("EX-RECV")), station=Id("DOCK-1"),
    )
    subject = f"container/{fact.container}"
    draft = bench.counterpart(Role.MES).draft("receipt-confirmed", fact, subject, bench.now)
    attempt = bench.send(Role.MES, draft.changed({"lotCode": code}), fact.receipt_id)
    bench.recorder.observe(f"lot code {code}: {attempt.answer}")


@then(
    "after delivery both systems show two lots of the delivery, each with a lot code of its own"
)
def two_lot_codes(bench: Bench) -> None:
    """Owner and mirror show the same codes."""
    bench.deliver()
    shown = {role: _codes(bench, role) for role in Role}
    for role, codes in shown.items():
        bench.recorder.observe(f"{role.upper()}: {', '.join(codes.values()) or 'none'}")
        equal(len(codes), 2, f"lots with a code in {role.upper()}")
        equal(len(set(codes.values())), 2, f"different codes in {role.upper()}")
    equal(shown[Role.MES], shown[Role.WMS], "codes by lot")


@then("each lot code follows the site's grammar, and its check character is that of ISO 7064")
def codes_are_right(bench: Bench) -> None:
    """Weights are powers of two from the right, and the sum is 1 modulo 37."""
    codes = _codes(bench, Role.WMS).values()
    holds(bool(codes), "there is no lot code")
    for code in codes:
        year = f"S{bench.now:%y}"
        holds(code.startswith(year) and len(code) == _LENGTH, f"{code} does not fit the grammar")
        weights = [2**place for place in range(len(code) - 1, -1, -1)]
        total = sum(w * _CHARACTERS.index(c) for w, c in zip(weights, code, strict=True))
        bench.recorder.observe(f"{code}: weighted sum {total}, modulo 37 it is {total % 37}")
        equal(total % 37, 1, f"weighted sum of {code} modulo 37")


@then(parsers.re(r'after delivery both systems show the supplier\'s lot "(?P<lot>[^"]+)"'))
def both_show_suppliers_lot(bench: Bench, lot: str) -> None:
    """Letter by letter."""
    bench.deliver()
    wanted = bench.part(Deliveries).arrived["C1"].lot_id
    for role in Role:
        row = the_only((r for r in _lots(bench, role) if r.lot_id == wanted), f"lots {wanted}")
        bench.recorder.observe(f"{role.upper()}: {row.lot}")
        equal(str(row.lot), lot, f"supplier's lot in {role.upper()}")


@then(parsers.re(r"MES shows the lot code (?P<code>\S+)"))
def mes_shows_code(bench: Bench, code: str) -> None:
    """The code of the lot that the receipt named."""
    wanted = bench.namespace.id("CODED")
    row = the_only((r for r in _lots(bench, Role.MES) if r.lot_id == wanted), f"lots {wanted}")
    bench.recorder.observe(f"MES: {row.lot_id} is {row.lot_code}")
    equal(str(row.lot_code), code, "lot code")


def _codes(bench: Bench, role: Role) -> dict[str, str]:
    """The codes of the lots that arrived in this scenario, by lot."""
    arrived = {str(answer.lot_id) for answer in bench.part(Deliveries).arrived.values()}
    return {
        str(row.lot_id): str(row.lot_code) for row in _lots(bench, role)
        if row.lot_id in arrived and row.lot_code
    }


def _lots(bench: Bench, role: Role) -> tuple[LotRow, ...]:
    return bench.site.client(role).ask("lots", Lots).rows
