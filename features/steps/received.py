"""What both systems show of a delivery: containers, lots, the ASN, the reason code."""

from __future__ import annotations

import base64
from decimal import Decimal

from pytest_bdd import parsers, then

from contracts.model.answers import CommandAnswer, CommandStatus
from contracts.model.inspection import ContainerRow, Containers, LotRow, Lots
from contracts.model.inspection_receipts import AsnRow, Asns, ReceiptRow
from contracts.model.lot_status import LotStatus
from contracts.model.messages.receipts import ReceiptConfirmed
from contracts.model.receipts import AsnState, Discrepancy
from contracts.model.roles import Role
from contracts.record.strict_json import read_json
from features.bench import STORAGE, Bench
from features.claims import equal, the_only
from features.snapshots import growth
from features.steps.alarms import has_raised
from features.steps.deliveries import DISCREPANCY, DOCK, Deliveries, sscc_of
from features.steps.words import AMOUNT


@then(parsers.re(
    rf"after delivery both systems show container (?P<container>\S+) with {AMOUNT} at "
    r"(?P<place>the dock, not blocked|\S+)"
))
def both_show_container(bench: Bench, container: str, amount: str, place: str) -> None:
    """Owner and mirror agree on content, place and block."""
    bench.deliver()
    _both_show(bench, container, (Decimal(amount), DOCK if " " in place else place, None))


@then(parsers.re(
    rf"after delivery both systems show it with {AMOUNT} at the discrepancy place, blocked"
))
def both_show_blocked(bench: Bench, amount: str) -> None:
    """Blocked stock, in both."""
    bench.deliver()
    wanted = (Decimal(amount), DISCREPANCY, LotStatus.BLOCKED)
    _both_show(bench, bench.part(Deliveries).last, wanted)


@then("after delivery both systems show each container at its place")
def each_at_its_place(bench: Bench) -> None:
    """The places of the scenario's table."""
    bench.deliver()
    places = {"PLAIN": STORAGE, "COLD": "COLD-ROOM", "FLAMMABLE": "HAZARD-STORE",
              "MILK": "ALLERGEN-STORE"}
    for container, place in places.items():
        _both_show(bench, container, (Decimal(25), place, None))


@then("each of them is done")
def each_of_them_is_done(bench: Bench) -> None:
    """Every put-away of the scenario's table."""
    tried = [a for a in bench.attempts if a.command is not None and a.command[0] == "put-away"]
    answers = [attempt.answer.as_(CommandAnswer).status for attempt in tried]
    bench.recorder.observe(f"{answers.count(CommandStatus.DONE)} of {len(answers)} are DONE")
    equal(answers, [CommandStatus.DONE] * 4, "answers")


@then(parsers.re(
    r"(?P<when>after delivery both systems show|both systems show|MES shows) the lot of container "
    r"(?P<container>C[0-9]) as (?P<status>[A-Z]+)"
))
def lot_has_status(bench: Bench, when: str, container: str, status: str) -> None:
    """The status of the lot that a container belongs to."""
    if when.startswith("after"):
        bench.deliver()
    for role in [Role.MES] if when == "MES shows" else list(Role):
        lot = _lot(bench, role, _container(bench, role, container).lot_id)
        bench.recorder.observe(f"{role.upper()}: {lot.lot_id} is {lot.status}")
        equal(lot.status, LotStatus(status), f"status of {lot.lot_id} in {role.upper()}")


@then(parsers.re(r"MES has raised the alarm (?P<name>[A-Z_]+) about it"))
def mes_raised_alarm(bench: Bench, name: str) -> None:
    """Exactly one alarm names the last receipt."""
    has_raised(bench, Role.MES, name, f"{receipt_of(bench).receipt_id}:")


@then("both systems show the same supplier's lot beside both site lots")
def same_supplier_lot(bench: Bench) -> None:
    """Two site lot ids, one supplier's lot."""
    wanted = bench.namespace.lot_number("LOT-A")
    for role in Role:
        lots = [_lot(bench, role, _container(bench, role, name).lot_id) for name in ("C1", "C2")]
        shown = ", ".join(f"{lot.lot_id} is {lot.lot}" for lot in lots)
        bench.recorder.observe(f"{role.upper()}: {shown}")
        equal(len({lot.lot_id for lot in lots}), 2, f"site lots in {role.upper()}")
        equal({str(lot.lot) for lot in lots}, {wanted}, f"supplier's lots in {role.upper()}")


@then("the lot ids are numbered by the ASN: two containers in the first, one in the second")
def lots_are_numbered(bench: Bench) -> None:
    """Ids are made from the ASN, so that the same deliveries get the same ids."""
    deliveries = bench.part(Deliveries)
    bench.deliver()
    asn = deliveries.asns[0]
    wanted = {"C1": f"{asn}-L1", "C2": f"{asn}-L2", "C3": f"{asn}-L1"}
    for role in Role:
        shown = {name: str(_container(bench, role, name).lot_id) for name in wanted}
        bench.recorder.observe(f"{role.upper()}: {shown}")
        equal(shown, wanted, f"site lots in {role.upper()}")


@then(parsers.re(r"the warehouse shows the ASN as (?P<state>[A-Z_]+)"))
def asn_has_state(bench: Bench, state: str) -> None:
    """Where the delivery stands."""
    row = _asn(bench)
    bench.recorder.observe(f"{row.asn_id} is {row.state}")
    equal(row.state, AsnState(state), "state of the ASN")


@then(parsers.re(
    r"the warehouse shows (?P<received>[0-9.]+) kg received of (?P<expected>[0-9.]+) kg"
))
def asn_has_received(bench: Bench, received: str, expected: str) -> None:
    """What matched, against what was announced."""
    line = _asn(bench).lines[0]
    bench.recorder.observe(f"line {line.line_id}: {line.received} of {line.expected}")
    shown = (line.received.value, line.expected.value)
    equal(shown, (Decimal(received), Decimal(expected)), "received and expected")


@then(parsers.re(
    r"the warehouse has recorded the reason code (?P<code>[A-Z_]+) for it, and so has the message"
))
def reason_code_recorded(bench: Bench, code: str) -> None:
    """In the export of the warehouse, and in the bytes that MES received."""
    found, told = receipt_of(bench), message_about(bench)
    bench.recorder.observe(
        f"{found.container}: recorded {found.discrepancy}, told {told.discrepancy}"
    )
    equal(found.discrepancy, Discrepancy(code), "reason code in the warehouse")
    equal(told.discrepancy, Discrepancy(code), "reason code in the message")


def receipt_of(bench: Bench) -> ReceiptRow:
    """The warehouse's record of the last receipt."""
    sscc = sscc_of(bench, bench.part(Deliveries).last)
    found = (row for row in _asn(bench).receipts if row.container == sscc)
    return the_only(found, f"receipts of {sscc} in the warehouse")


def message_about(bench: Bench) -> ReceiptConfirmed:
    """The last receipt in the bytes that MES received."""
    assert bench.before is not None
    sscc = sscc_of(bench, bench.part(Deliveries).last)
    rows = growth(bench.site, bench.before, Role.MES).journal
    bodies = [read_json(base64.b64decode(row.body))["data"] for row in rows
              if row.kind == "message"]
    found = (data for data in bodies if data.get("container") == sscc)
    told = the_only(found, f"messages about {sscc} that MES received")
    return ReceiptConfirmed.from_json(told)


def _both_show(
    bench: Bench, container: str, wanted: tuple[Decimal, str, LotStatus | None]
) -> None:
    amount, place, status = wanted
    for role in Role:
        row = _container(bench, role, container)
        bench.recorder.observe(
            f"{role.upper()}: {row.sscc} of {row.lot_id}, {row.quantity} at {row.location_id}, "
            f"{row.status or 'not blocked'}"
        )
        shown = (row.quantity.value, str(row.location_id), row.status)
        equal(shown, (amount, bench.namespace.id(place), status), f"{row.sscc} in {role.upper()}")


def _container(bench: Bench, role: Role, container: str) -> ContainerRow:
    sscc = sscc_of(bench, container)
    rows = bench.site.client(role).ask("containers", Containers).rows
    found = (row for row in rows if row.sscc == sscc)
    return the_only(found, f"containers {sscc} in {role.upper()}")


def _lot(bench: Bench, role: Role, lot_id: str) -> LotRow:
    rows = bench.site.client(role).ask("lots", Lots).rows
    found = (row for row in rows if row.lot_id == lot_id)
    return the_only(found, f"lots {lot_id} in {role.upper()}")


def _asn(bench: Bench) -> AsnRow:
    asn_id = bench.part(Deliveries).asns[0]
    rows = bench.site.client(Role.WMS).ask("asns", Asns).rows
    found = (row for row in rows if row.asn_id == asn_id)
    return the_only(found, f"ASNs {asn_id} in the warehouse")
