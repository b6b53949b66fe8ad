"""Production: what it gives back, and what is computed when an order ends."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import CompleteOrder, ReturnMaterial, StartOrder
from contracts.model.identifiers import Id, Sscc
from contracts.model.inspection import Containers, Genealogy
from contracts.model.inspection_dispensing import Wip
from contracts.model.lot_status import LotStatus
from contracts.model.messages.dispensing import IssueMode
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.roles import Role
from contracts.model.stimulus import Load, Material, Risk, RiskRecord
from features.bench import STAGING, STORAGE, Bench
from features.claims import equal
from features.steps.dispensing import AtTheScale
from features.steps.material import add_base, add_lot, add_order
from features.steps.picks import confirm, scan_of
from features.steps.words import AMOUNT, DAY, LETTER, amount_of, day_of, quantity_of

STARCH = "STARCH"

# --- given --------------------------------------------------------------------------------------


@given(parsers.re(r"starch in backflush, decided by (?P<record>.+)"))
def starch_in_backflush(bench: Bench, record: str) -> None:
    """A material whose use is computed when the order ends."""
    add_base(bench)
    names = bench.namespace
    bench.site.load(Load(materials=(Material(
        material_id=Id(names.id(STARCH)), description="Starch", gtin=names.gtin(STARCH),
        base_unit=Unit.KILOGRAM, issue_mode=IssueMode.BACKFLUSH,
        risk_record=_risk_record(bench, record),
    ),)))
    bench.recorder.observe(f"starch is backflushed, decided by {record}")


@given(parsers.re(rf"lot {LETTER} of starch, {AMOUNT}, released, expiring on {DAY}"))
def a_lot_of_starch(bench: Bench, letter: str, amount: str, day: str) -> None:
    """A lot in one container in the rack."""
    add_lot(bench, letter, amount, LotStatus.RELEASED, day_of(day), item=STARCH)


@given(parsers.re(
    rf"a (?P<state>started|planned) order of (?P<size>[0-9]+) pieces with {AMOUNT} of starch"
    r"(?: and (?P<days>[0-9]+) days of minimum shelf life)?"
))
def an_order_with_starch(
    bench: Bench, state: str, size: str, amount: str, days: str | None
) -> None:
    """An order for pieces, by a bill of materials with starch."""
    line = {
        "material_id": bench.namespace.id(STARCH), "minimum_shelf_life_days": int(days or 0),
    }
    add_order(
        bench, amount, line_members=line,
        members={"size": _pieces(size)}, started=state == "started",
    )


@given(parsers.re(rf"the picker has brought all of lot {LETTER}"))
def picker_has_brought_all(bench: Bench, letter: str) -> None:
    """The whole container stands in staging in both systems."""
    lot = bench.lots[letter]
    confirm(bench, scan_of(lot.container), f"{lot.quantity:f}", None)
    bench.deliver()


@given(parsers.re(rf"production has returned {AMOUNT} of (?P<what>.+)"))
def production_has_returned(bench: Bench, amount: str, what: str) -> None:
    """Something came back before."""
    bench.prepare("production", "return-material", _return(bench, amount, what))


@given("everything is delivered")
def everything_is_delivered(bench: Bench) -> None:
    """Both systems know what the other one did."""
    bench.deliver()


# --- production acts ----------------------------------------------------------------------------


@when(parsers.re(rf"production returns {AMOUNT} of (?P<what>.+)"))
def production_returns(bench: Bench, amount: str, what: str) -> None:
    """Give material back to the rack."""
    body = _return(bench, amount, what)
    attempt = bench.command("production", "return-material", body)
    bench.recorder.observe(f"{amount} KGM out of {body.container}: {attempt.answer}")


@when("production starts the order")
def production_starts(bench: Bench) -> None:
    """Try to start."""
    body = StartOrder(order_id=Id(bench.the_order.order_id))
    attempt = bench.command("production", "start-order", body)
    bench.recorder.observe(f"start of {body.order_id}: {attempt.answer}")


@when(parsers.re(
    r"production completes the order with (?P<good>[0-9]+) good"
    r"(?: and (?P<scrap>[0-9]+) scrap)? pieces"
))
def production_completes(bench: Bench, good: str, scrap: str | None) -> None:
    """Good and scrap, in pieces."""
    _complete(bench, _pieces(good), _pieces(scrap) if scrap else None)


@when(parsers.re(rf"production completes the order with {AMOUNT}"))
def production_completes_mass(bench: Bench, amount: str) -> None:
    """Good alone, in kilograms."""
    _complete(bench, amount_of(amount), None)


# --- what came of it ----------------------------------------------------------------------------


@then(parsers.re(
    rf"after delivery both systems show {AMOUNT} of lot {LETTER} in quarantine in the rack"
))
def both_show_returned(bench: Bench, amount: str, letter: str) -> None:
    """Owner and mirror agree on the returned container."""
    bench.deliver()
    wanted = (bench.lots[letter].lot_id, bench.namespace.id(STORAGE), LotStatus.QUARANTINE)
    for role in Role:
        rows = bench.site.client(role).ask("containers", Containers).rows
        found = [r.quantity for r in rows if (r.lot_id, r.location_id, r.status) == wanted]
        bench.recorder.observe(f"{role.upper()}: {', '.join(map(str, found))} in quarantine")
        equal(found, [amount_of(amount)], f"returned in {role.upper()}")


@then("both systems show where the returned container came from")
def both_show_origin(bench: Bench) -> None:
    """From the returned container to the dispensed one, and on to the source."""
    body = bench.last.command
    assert body is not None
    assert isinstance(body[1], ReturnMaterial)
    back, dispensed = body[1].new_container, bench.part(AtTheScale).container
    wanted = {(back, dispensed), (dispensed, bench.lots["A"].container)}
    for role in Role:
        rows = bench.site.client(role).ask("genealogy", Genealogy).rows
        links = {(row.child, row.parent) for row in rows}
        bench.recorder.observe(f"{role.upper()}: {len(wanted & links)} of 2 links")
        equal(wanted - links, set(), f"links that {role.upper()} lacks")


@then(parsers.re(
    rf"production shows {AMOUNT} staged, (?P<consumed>[0-9.]+) kg consumed, "
    r"(?P<returned>[0-9.]+) kg returned and (?P<left>[0-9.]+) kg open"
))
def production_shows_backflush(
    bench: Bench, amount: str, consumed: str, returned: str, left: str
) -> None:
    """The line whose use was computed."""
    rows = [
        row for row in bench.site.client(Role.MES).ask("wip", Wip).backflushed
        if row.order_id == bench.the_order.order_id
    ]
    bench.recorder.observe(", ".join(
        f"{r.staged} staged, {r.consumed} consumed, {r.returned} returned, {r.open} open"
        for r in rows
    ))
    wanted = tuple(quantity_of(text) for text in (amount, consumed, returned, left))
    shown = [(row.staged, row.consumed, row.returned, row.open) for row in rows]
    equal(shown, [wanted], "staged, consumed, returned, open")


@then(parsers.re(rf"after delivery both systems show no lot {LETTER} in staging"))
def nothing_staged(bench: Bench, letter: str) -> None:
    """All of it was used up."""
    bench.deliver()
    place = bench.namespace.id(STAGING)
    for role in Role:
        rows = bench.site.client(role).ask("containers", Containers).rows
        held = sum(
            r.quantity.value for r in rows
            if (r.lot_id, r.location_id) == (bench.lots[letter].lot_id, place)
        )
        bench.recorder.observe(f"{role.upper()}: {held:f} KGM of lot {letter} in staging")
        equal(held, Decimal(0), f"lot {letter} in staging in {role.upper()}")


# --- the words of production --------------------------------------------------------------------


def _complete(
    bench: Bench, good: PositiveQuantity, scrap: PositiveQuantity | None
) -> None:
    body = CompleteOrder(
        order_id=Id(bench.the_order.order_id), good_quantity=good, scrap_quantity=scrap
    )
    attempt = bench.command("production", "complete-order", body)
    bench.recorder.observe(f"{good} good, {scrap or 'no'} scrap: {attempt.answer}")


def _return(bench: Bench, amount: str, what: str) -> ReturnMaterial:
    """``the dispensed container in a container of its own``; every difference has its words."""
    names = bench.namespace
    fresh: Sscc | None = names.sscc(bench.new_name("BACK"))
    if "under its own label" in what:
        fresh = None
    if what.endswith("in the container of lot A"):
        fresh = bench.lots["A"].container
    scan = scan_of(bench.lots["A"].container) if "scanning that of lot A" in what else None
    place = "NOWHERE" if what.endswith("to nowhere") else STORAGE
    return ReturnMaterial(
        return_id=Id(bench.new_id("RETURN")), order_id=Id(bench.the_order.order_id),
        container=_container(bench, what), scan=scan, quantity=amount_of(amount),
        new_container=fresh, to_location=Id(names.id(place)),
    )


def _container(bench: Bench, what: str) -> Sscc:
    if what.startswith("the dispensed container"):
        dispensed = bench.part(AtTheScale).container
        assert dispensed is not None
        return dispensed
    if what.startswith("the staged container"):
        letter = what.partition(" of lot ")[2][:1] or "A"
        return bench.lots[letter].container
    return bench.namespace.sscc("NOBODY")


def _pieces(text: str) -> PositiveQuantity:
    return PositiveQuantity(value=Decimal(text), unit=Unit.EACH)


def _risk_record(bench: Bench, words: str) -> RiskRecord | None:
    if words == "no record":
        return None
    signature = SignatureManifest(
        signature_id=Id(bench.new_id("SIG")),
        person_id=bench.person_id("quality"),
        printed_name="Example Quality", role=Id("quality"), meaning="Approved",
        signed_at=bench.now,
    )
    return RiskRecord(
        record_id=Id(bench.new_id("RISK")), is_active=words.endswith("an active"),
        risk=Risk.HIGH if words.endswith("high risk") else Risk.LOW,
        signature=None if words.startswith("an unsigned") else signature,
    )
