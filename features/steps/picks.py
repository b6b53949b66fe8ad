"""Picks: production requests, the warehouse sets aside, the picker scans and brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import Acknowledgement, CommandAnswer, CommandStatus
from contracts.model.commands import ConfirmPick, RequestedLine, RequestPick, StartOrder
from contracts.model.identifiers import Gtin14, Id, Sscc
from contracts.model.inspection import Containers, Genealogy, Picks, PickState
from contracts.model.instants import write_timestamp
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.roles import Role
from features.bench import OTHER_ITEM, STAGING, UNIT, Attempt, Bench
from features.claims import equal, holds
from features.snapshots import QUESTIONS, growth
from features.steps.words import AMOUNT, LETTER, amount_of

# --- production ---------------------------------------------------------------------------------


@given(parsers.re(rf"production has requested {AMOUNT} for the order"))
def production_has_requested(bench: Bench, amount: str) -> None:
    """A request that the warehouse has allocated for."""
    attempt = bench.prepare("production", "request-pick", request(bench, amount))
    answer = attempt.answer.as_(CommandAnswer)
    bench.recorder.observe(f"request {bench.request_id} for {amount} KGM: {answer.status}")
    equal(answer.status, CommandStatus.DONE, "the request")


@when(parsers.re(rf"production requests {AMOUNT} for the order"))
def production_requests(bench: Bench, amount: str) -> None:
    """Try to request."""
    attempt = bench.command("production", "request-pick", request(bench, amount))
    bench.recorder.observe(f"request {bench.request_id}: {attempt.answer}")


def start_the_order(bench: Bench) -> None:
    """Production starts the order."""
    body = StartOrder(order_id=Id(bench.the_order.order_id))
    bench.prepare("production", "start-order", body)


def request(bench: Bench, amount: str) -> RequestPick:
    """Production asks for material of the order's only line."""
    bench.request_id = bench.new_id("REQ")
    return RequestPick(
        request_id=Id(bench.request_id),
        order_id=Id(bench.the_order.order_id),
        to_location=Id(bench.namespace.id(STAGING)),
        needed_by=bench.now + timedelta(hours=1),
        lines=(RequestedLine(line_id=Id("10"), quantity=amount_of(amount)),),
    )


# --- the picker ---------------------------------------------------------------------------------


@when(parsers.re(rf"the picker scans the container of lot {LETTER} and brings {AMOUNT}"))
def picker_brings_whole(bench: Bench, letter: str, amount: str) -> None:
    """The whole container travels."""
    confirm(bench, scan_of(bench.lots[letter].container), amount, None)


@when(
    parsers.re(
        rf"the picker scans the container of lot {LETTER} and brings {AMOUNT} "
        r"in a container of its own"
    )
)
def picker_brings_part(bench: Bench, letter: str, amount: str) -> None:
    """A part travels in a new container."""
    bench.new_container = bench.namespace.sscc(bench.new_name("TOTE"))
    confirm(bench, scan_of(bench.lots[letter].container), amount, bench.new_container)


@when(parsers.re(
    rf"the picker scans the container of lot {LETTER} and brings {AMOUNT} "
    r"in the container of lot (?P<other>[A-Z])"
))
def picker_brings_into_used(bench: Bench, letter: str, amount: str, other: str) -> None:
    """A part travels in a container that holds something already."""
    confirm(bench, scan_of(bench.lots[letter].container), amount, bench.lots[other].container)


@when(parsers.re(
    rf"the picker scans the container of lot {LETTER} and brings (?P<amount>[0-9.]+) grams "
    r"in a container of its own"
))
def picker_brings_grams(bench: Bench, letter: str, amount: str) -> None:
    """A part whose quantity is told in another unit than the base unit."""
    into = bench.namespace.sscc(bench.new_name("TOTE"))
    confirm(bench, scan_of(bench.lots[letter].container), amount, into, Unit.GRAM)


@given(
    parsers.re(rf"the picker has brought {AMOUNT} of lot {LETTER} in a container of its own")
)
def picker_has_brought_part(bench: Bench, letter: str, amount: str) -> None:
    """A part was picked before."""
    picker_brings_part(bench, letter, amount)
    bench.last.answer.as_(CommandAnswer)


@when(parsers.re(
    rf"the picker scans (?P<scan>(?!the container of lot [A-Z] and).+) and brings {AMOUNT}"
))
def picker_scans_something(bench: Bench, scan: str, amount: str) -> None:
    """A scan from the list of negative scans."""
    confirm(bench, negative_scan(bench, scan), amount, None)


@when("the picker confirms lot A for a request that nobody made")
def picker_confirms_nothing(bench: Bench) -> None:
    """A confirmation without a request."""
    bench.request_id = bench.new_id("NOBODY")
    lot = bench.lots["A"]
    confirm(bench, scan_of(lot.container), f"{lot.quantity:f}", None)


@when(parsers.re(rf"the same scan is confirmed for {AMOUNT} under another key"))
def same_scan_again(bench: Bench, amount: str) -> None:
    """The scan id of the last pick, with another quantity."""
    last = bench.last.command
    assert last is not None
    assert isinstance(last[1], ConfirmPick)
    body = last[1].model_copy(update={"quantity": amount_of(amount)})
    attempt = bench.command("the picker", "confirm-pick", body)
    bench.recorder.observe(f"scan {body.confirmation_id} for {amount} KGM: {attempt.answer}")


def confirm(
    bench: Bench, scan: str, amount: str, into: Sscc | None, unit: Unit = UNIT
) -> Attempt:
    """The picker confirms a scan for the present request."""
    brought = PositiveQuantity(value=Decimal(amount), unit=unit)
    body = ConfirmPick(
        confirmation_id=Id(bench.new_id("SCAN")), request_id=Id(bench.request_id),
        line_id=Id("10"), scan=scan, quantity=brought, to_container=into,
    )
    attempt = bench.command("the picker", "confirm-pick", body)
    bench.recorder.observe(f"scanned {scan!r}: {attempt.answer}")
    return attempt


def scan_of(container: str, more: str = "") -> str:
    """What a scanner sends for a GS1-128 container label."""
    return f"]C100{container}{more}"


def negative_scan(bench: Bench, words: str) -> str:
    """What the scanner sends in each of the negative cases. Raises: KeyError for unknown words."""
    names = bench.namespace
    label = bench.lots["A"].container
    other = bench.lots.get("B", bench.lots["A"])
    last = str((int(label[-1]) + 1) % 10)
    return {
        "the container of lot B": scan_of(other.container),
        "the container of lot A with the lot of B": scan_of(label, f"10{other.lot}"),
        "the container of lot A with a longer lot": scan_of(label, f"10{bench.lots['A'].lot}X"),
        "the container of lot A with another item": scan_of(label, f"02{names.gtin(OTHER_ITEM)}"),
        "the container of lot A as another item": scan_of(label, f"01{names.gtin(OTHER_ITEM)}"),
        "a container nobody knows": scan_of(names.sscc("NOBODY")),
        "an SSCC with a wrong check digit": scan_of(label[:-1] + last),
        "a label without an SSCC": f"]C110{bench.lots['A'].lot}",
        "the digits of the label as plain text": f"00{label}",
        "the label in a plain Code 128": f"]C000{label}",
        "the label in a plain Data Matrix": f"]d100{label}",
        "the label in a plain QR code": f"]Q100{label}",
        "an EAN-13 of a retail pack": f"]E0{Gtin14.complete('0952000000001')[1:]}",
    }[words]


# --- what came of it ----------------------------------------------------------------------------


@then("the command is done")
def command_is_done(bench: Bench) -> None:
    """The answer says DONE."""
    answer = bench.last.answer.as_(CommandAnswer)
    at = write_timestamp(answer.recorded_at)
    bench.recorder.observe(f"the answer is {answer.status}, recorded at {at}")
    equal(answer.status, CommandStatus.DONE, "the command")


@then("it is acknowledged")
def it_is_acknowledged(bench: Bench) -> None:
    """The first attempt of the scenario was acknowledged."""
    _acknowledged(bench, bench.attempts[-1])


@then("both are acknowledged")
def both_are_acknowledged(bench: Bench) -> None:
    """The last two messages were acknowledged, each with its own journal position."""
    one, two = (_acknowledged(bench, attempt) for attempt in bench.attempts[-2:])
    holds(one.journal_position != two.journal_position, "both have the same journal position")


@then(
    parsers.re(
        rf"the warehouse has set aside {AMOUNT} of lot {LETTER} for the request, and nothing else"
    )
)
def set_aside_for_request(bench: Bench, amount: str, letter: str) -> None:
    """Exactly this allocation stands for the request."""
    rows = [
        (a.lot_id, a.quantity)
        for row in bench.site.client(Role.WMS).ask("picks", Picks).rows
        if row.request_id == bench.request_id
        for a in row.allocations
    ]
    bench.recorder.observe(f"set aside for {bench.request_id}: {_shown(rows)}")
    equal(rows, [(bench.lots[letter].lot_id, amount_of(amount))], "set aside")


@then("the warehouse has set aside nothing for the request")
def nothing_set_aside(bench: Bench) -> None:
    """No allocation stands for the request."""
    rows = bench.site.client(Role.WMS).ask("picks", Picks).rows
    states = [row.state for row in rows if row.request_id == bench.request_id]
    shares = [a for row in rows if row.request_id == bench.request_id for a in row.allocations]
    bench.recorder.observe(f"{bench.request_id} is {', '.join(states)}, with {len(shares)} shares")
    equal(states, [PickState.SHORT], "the request")
    equal(shares, [], "set aside")


@then(parsers.re(rf"the warehouse has set aside {AMOUNT} of lot {LETTER} for the order"))
def set_aside_for_order(bench: Bench, amount: str, letter: str) -> None:
    """All requests of the order together."""
    rows = [
        (a.lot_id, a.quantity)
        for row in bench.site.client(Role.WMS).ask("picks", Picks).rows
        if row.order_id == bench.the_order.order_id
        for a in row.allocations
    ]
    bench.recorder.observe(f"set aside for {bench.the_order.order_id}: {_shown(rows)}")
    equal({lot for lot, _ in rows}, {bench.lots[letter].lot_id}, "lots set aside")
    equal(sum(q.value for _, q in rows), amount_of(amount).value, "quantity set aside")


@then(parsers.re(rf"after delivery both systems show {AMOUNT} of lot {LETTER} in staging"))
def staged_after_delivery(bench: Bench, amount: str, letter: str) -> None:
    """Owner and mirror agree on what was brought."""
    bench.deliver()
    _both_show_staged(bench, {letter: Decimal(amount)})


@then(parsers.re(
    r"both systems show (?P<one>[0-9.]+) kg of lot A and (?P<two>[0-9.]+) kg of lot B in staging"
))
def both_staged(bench: Bench, one: str, two: str) -> None:
    """The same for two lots."""
    _both_show_staged(bench, {"A": Decimal(one), "B": Decimal(two)})


@then(parsers.re(rf"after delivery both systems show {AMOUNT} picked for the request"))
def picked_after_delivery(bench: Bench, amount: str) -> None:
    """Both systems count the same for the request."""
    bench.deliver()
    for role in Role:
        rows = bench.site.client(role).ask("picks", Picks).rows
        picked = [row.picked for row in rows if row.request_id == bench.request_id]
        bench.recorder.observe(f"{role.upper()}: picked {', '.join(map(str, picked))}")
        equal(picked, [amount_of(amount)], f"picked in {role.upper()}")


@then(parsers.re(
    rf"both systems show that the new container came out of the container of lot {LETTER}"
))
def genealogy_shows(bench: Bench, letter: str) -> None:
    """The link from part to whole stands in both genealogies."""
    wanted = (str(bench.new_container), str(bench.lots[letter].container))
    for role in Role:
        rows = bench.site.client(role).ask("genealogy", Genealogy).rows
        links = [row for row in rows if (str(row.child), str(row.parent)) == wanted]
        bench.recorder.observe(f"{role.upper()}: {len(links)} link from {wanted[0]} to {wanted[1]}")
        equal(len(links), 1, f"links in {role.upper()}")


@then("the message and its acknowledgement stand in both journals")
def in_both_journals(bench: Bench) -> None:
    """Sender and receiver keep the same bytes."""
    assert bench.before is not None
    bodies = {}
    for role in Role:
        grown = growth(bench.site, bench.before, role).journal
        rows = [row for row in grown if row.kind not in QUESTIONS]
        bench.recorder.observe(
            f"{role.upper()}: " + ", ".join(f"{r.position} {r.direction} {r.kind}" for r in rows)
        )
        equal([row.kind for row in rows], ["message", "answer"], f"journal of {role.upper()}")
        bodies[role] = [row.body_sha256 for row in rows]
    equal(bodies[Role.WMS], bodies[Role.MES], "digests of message and acknowledgement")


def _acknowledged(bench: Bench, attempt: Attempt) -> Acknowledgement:
    ack = attempt.answer.as_(Acknowledgement)
    bench.recorder.observe(
        f"{ack.status} at journal position {ack.journal_position}, hash {ack.record_hash[:16]}…"
    )
    equal(ack.message_id, attempt.key, "the acknowledged message")
    return ack


def _both_show_staged(bench: Bench, expected: dict[str, Decimal]) -> None:
    staging = bench.namespace.id(STAGING)
    for role in Role:
        rows = bench.site.client(role).ask("containers", Containers).rows
        staged: dict[str, Decimal] = {}
        for row in rows:
            if row.location_id == staging:
                staged[row.lot_id] = staged.get(row.lot_id, Decimal(0)) + row.quantity.value
        bench.recorder.observe(
            f"{role.upper()}: "
            + ", ".join(f"{q:f} KGM of {lot}" for lot, q in sorted(staged.items()))
        )
        wanted = {bench.lots[letter].lot_id: q for letter, q in expected.items()}
        equal(staged, wanted, f"staging in {role.upper()}")


def _shown(rows: Sequence[tuple[Id, object]]) -> str:
    return ", ".join(f"{quantity} of {lot}" for lot, quantity in rows) or "nothing"
