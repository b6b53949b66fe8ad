"""Transfers in process, and scrap in stock and in process."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import PackUnit, ScrapMaterial, TransferWip
from contracts.model.identifiers import Id, SerialNumber
from contracts.model.inspection_dispensing import Wip
from contracts.model.inspection_flows import ScrapRow, Scraps, WipTransfers
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.roles import Role
from contracts.model.scrap import Disposal, ScrapReason
from contracts.model.segregation import TemperatureClass
from contracts.model.stimulus import Load, Location, Material, Purpose
from features.bench import ITEM, STAGING, STORAGE, UNIT, Bench
from features.claims import equal, holds, the_only
from features.steps.dispensing import AtTheScale
from features.steps.epcis_told import place_uri, steps_told
from features.steps.labels import PackingOnBench
from features.steps.words import AMOUNT, LETTER, amount_of, quantity_of

_PLACES = {
    "the blending room": "BLEND-1", "the cold room": "COLD-1", "staging": STAGING,
    "the rack": STORAGE, "a place nobody knows": "NOWHERE",
}
_PLACE = "(?:" + "|".join(_PLACES) + ")"
_ONE_PIECE = PositiveQuantity(value=Decimal(1), unit=Unit.EACH)
_DISPENSED = "the dispensed container"
_REASON = "the liner was torn"


@given("lactose is kept at room temperature")
def kept_ambient(bench: Bench) -> None:
    """Its record says so before anything else is loaded."""
    names = bench.namespace
    bench.site.load(Load(materials=(Material(
        material_id=Id(names.id(ITEM)), description=ITEM.title(), gtin=names.gtin(ITEM),
        base_unit=UNIT, temperature_class=TemperatureClass.AMBIENT,
    ),)))


@given("a blending room and a cold room of production")
def rooms_of_production(bench: Bench) -> None:
    """Two more places where production works."""
    rooms = (("BLEND-1", TemperatureClass.AMBIENT), ("COLD-1", TemperatureClass.COLD))
    bench.site.load(Load(locations=tuple(
        Location(
            location_id=Id(bench.namespace.id(name)), purpose=Purpose.DISPENSING,
            description=name, temperature_class=temperature,
        )
        for name, temperature in rooms
    )))


@given("production has brought the dispensed container to the blending room")
def has_brought(bench: Bench) -> None:
    """A transfer that both systems know."""
    bench.prepare("production", "transfer-wip", _transfer(bench, _DISPENSED, "the blending room"))
    bench.deliver()


@when(parsers.re(
    rf"production brings (?P<what>the (?:dispensed|staged) container)"
    rf"(?P<nobody>, for an order nobody knows,)? to (?P<place>{_PLACE})"
))
def brings(bench: Bench, what: str, nobody: str | None, place: str) -> None:
    """Try to bring a container to a place."""
    body = _transfer(bench, what, place)
    if nobody:
        body = body.model_copy(update={"order_id": Id(bench.namespace.id("NO-ORDER"))})
    attempt = bench.command("production", "transfer-wip", body)
    bench.recorder.observe(f"{body.scan} to {body.to_location}: {attempt.answer}")


@then(parsers.re(
    rf"after delivery both systems show {AMOUNT} of lot {LETTER} brought from "
    rf"(?P<start>{_PLACE}) to (?P<end>{_PLACE})"
))
def both_show_transfer(bench: Bench, amount: str, letter: str, start: str, end: str) -> None:
    """The transfer in the views of both systems."""
    bench.deliver()
    wanted = (bench.lots[letter].lot_id, amount_of(amount), _place(bench, start),
              _place(bench, end))
    for role in Role:
        rows = bench.site.client(role).ask("wip-transfers", WipTransfers).rows
        row = the_only((r for r in rows if r.transfer_id == bench.last.event), "transfers")
        shown = (row.lot_id, row.quantity, row.from_location, row.to_location)
        bench.recorder.observe(f"{role.upper()}: {row.quantity} from {row.from_location} "
                               f"to {row.to_location}")
        equal(shown, wanted, f"the transfer in {role.upper()}")


@then(parsers.re(rf"both systems show the dispensed container in (?P<place>{_PLACE})"))
def both_show_place(bench: Bench, place: str) -> None:
    """Where the container stands now."""
    container = bench.part(AtTheScale).container
    for role in Role:
        rows = bench.site.client(role).ask("wip-transfers", WipTransfers).places
        shown = [row.location_id for row in rows if row.container == container]
        bench.recorder.observe(f"{role.upper()}: {container} at {', '.join(shown)}")
        equal(shown, [_place(bench, place)], f"place of the container in {role.upper()}")


@then(
    "the message about the transfer tells EPCIS of departing staging "
    "and arriving in the blending room"
)
def transfer_in_epcis(bench: Bench) -> None:
    """What the mapping of the contract makes of the message."""
    told = steps_told(bench, Role.WMS, "wip-transferred", bench.last.event)
    bench.recorder.observe("; ".join(" ".join(map(str, one)) for one in told))
    start, end = (place_uri(_place(bench, p)) for p in ("staging", "the blending room"))
    equal(told, [
        ("departing", "in_transit", start, None), ("arriving", "in_progress", end, end),
    ], "events of the transfer")


# --- scrap --------------------------------------------------------------------------------------


@given("the supervisor has scrapped the first unit of case 1")
def has_scrapped_unit(bench: Bench) -> None:
    """A serial number that both systems took out of use."""
    case = bench.part(PackingOnBench).cases["1"]
    body = _scrap(bench, f"]C100{case.sscc}", _ONE_PIECE).model_copy(
        update={"serials": (SerialNumber(case.serials[0]),)}
    )
    bench.prepare("the supervisor", "scrap", body)
    bench.deliver()


@when(parsers.re(
    rf"the supervisor scraps {AMOUNT} of (?P<what>lot [A-Z]|a container nobody knows)"
    r"(?: (?P<how>alone|with .+|for .+))?"
))
def supervisor_scraps(bench: Bench, amount: str, what: str, how: str | None) -> None:
    """Try to give up stock."""
    known = bench.lots.get(what.removeprefix("lot "))
    sscc = known.container if known else bench.namespace.sscc("NOBODY")
    body = _scrap(bench, f"]C100{sscc}", amount_of(amount))
    _try(bench, "the supervisor", body.model_copy(update=_second(bench, how or "alone")))


@when(parsers.re(rf"the dispenser scraps {AMOUNT} of the dispensed container"))
def dispenser_scraps(bench: Bench, amount: str) -> None:
    """Try to give up what is in process."""
    container = bench.part(AtTheScale).container
    _try(bench, "the dispenser", _scrap(bench, f"]C100{container}", amount_of(amount)))


@when("the packer closes that case with the first unit of case 1")
def packs_destroyed_unit(bench: Bench) -> None:
    """Try to pack a serial number that is out of use."""
    packed = bench.part(PackingOnBench)
    body = PackUnit(
        pack_id=Id(bench.new_id("PACKED")), label_id=Id(packed.label.label_id),
        serials=(SerialNumber(packed.cases["1"].serials[0]),),
    )
    attempt = bench.command("the packer", "pack-unit", body)
    bench.recorder.observe(f"closed with {body.serials[0]}: {attempt.answer}")


@then(parsers.re(
    rf"both systems show {AMOUNT} of lot {LETTER} scrapped (?P<where>out of stock|in process), "
    r"verified by (?P<who>nobody|quality)"
))
def both_show_scrap(bench: Bench, amount: str, letter: str, where: str, who: str) -> None:
    """The record of the scrap, in owner and mirror."""
    bench.deliver()
    verifier = None if who == "nobody" else bench.person_id(who)
    origin = "STOCK" if where == "out of stock" else "IN_PROCESS"
    wanted = (bench.lots[letter].lot_id, amount_of(amount), origin, "DAMAGED", _REASON, verifier)
    for role in Role:
        row = _scrap_row(bench, role)
        shown = (row.lot_id, row.quantity, row.origin.value, row.reason_code.value, row.reason,
                 row.verified_by)
        bench.recorder.observe(f"{role.upper()}: {row.quantity} {row.origin}, {row.verified_by}")
        equal(shown, wanted, f"the scrap in {role.upper()}")


@then(parsers.re(r"the message about the scrap tells EPCIS of (?P<step>[a-z]+)"))
def scrap_in_epcis(bench: Bench, step: str) -> None:
    """What the mapping of the contract makes of the message."""
    bench.deliver()
    told = steps_told(bench, Role.MES, "material-scrapped", bench.last.event)
    bench.recorder.observe("; ".join(" ".join(map(str, one[:2])) for one in told))
    equal([one[:2] for one in told], [(step, "destroyed")], "events of the scrap")


@then(parsers.re(
    rf"production shows {AMOUNT} of lot {LETTER} issued, of which "
    r"(?P<scrapped>[0-9.]+) kg is scrapped"
))
def production_shows_scrapped(bench: Bench, amount: str, letter: str, scrapped: str) -> None:
    """The work in process of the order."""
    rows = [
        row for row in bench.site.client(Role.MES).ask("wip", Wip).rows
        if (row.order_id, row.lot_id) == (bench.the_order.order_id, bench.lots[letter].lot_id)
    ]
    bench.recorder.observe(", ".join(f"{r.issued} issued, {r.scrapped} scrapped" for r in rows))
    wanted = [(amount_of(amount), quantity_of(scrapped))]
    equal([(row.issued, row.scrapped) for row in rows], wanted, "issued and scrapped")


def _transfer(bench: Bench, what: str, place: str) -> TransferWip:
    staged = bench.lots["A"].container
    sscc = bench.part(AtTheScale).container if what == _DISPENSED else staged
    return TransferWip(
        transfer_id=Id(bench.new_id("TRANSFER")), order_id=Id(bench.the_order.order_id),
        scan=f"]C100{sscc}", to_location=Id(_place(bench, place)),
    )


def _place(bench: Bench, words: str) -> str:
    return bench.namespace.id(_PLACES[words])


def _scrap(bench: Bench, scan: str, amount: PositiveQuantity) -> ScrapMaterial:
    return ScrapMaterial(
        scrap_id=Id(bench.new_id("SCRAP")), scan=scan, quantity=amount,
        disposal=Disposal.DESTROYED, reason_code=ScrapReason.DAMAGED, reason=_REASON,
    )


def _second(bench: Bench, how: str) -> dict[str, object]:
    """The members that the words about the second person and the reason change."""
    if how == "alone":
        return {}
    if how.startswith("for the reason"):
        return {"reason": how.split('"')[1]}
    wrong = how == "with a wrong password of quality"
    who = "quality" if wrong else how.removeprefix("with the signature of ")
    return {"verification": bench.signature(who, "Verified", wrong_password=wrong)}


def _try(bench: Bench, who: str, body: ScrapMaterial) -> None:
    attempt = bench.command(who, "scrap", body)
    bench.recorder.observe(f"scrap of {body.quantity}: {attempt.answer}")


def _scrap_row(bench: Bench, role: Role) -> ScrapRow:
    rows = bench.site.client(role).ask("scraps", Scraps).rows
    holds(bool(rows), f"{role.upper()} shows no scrap")
    return the_only((row for row in rows if row.scrap_id == bench.last.event), "scraps")
