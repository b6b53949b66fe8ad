"""Packing: cases are closed, pallets put together, and where each unit is afterwards."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import AggregateUnits, PackUnit, PalletizeUnits
from contracts.model.identifiers import Id, SerialNumber, Sscc
from contracts.model.inspection import Containers
from contracts.model.inspection_packing import Aggregations
from contracts.model.packing import UnitKind
from contracts.model.quantities import Unit
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal
from features.steps.labels import (
    COUNT,
    PACKING,
    PRODUCT,
    Case,
    PackingOnBench,
    has_verified,
    label_for,
    print_label,
)
from features.steps.words import LETTER


@given(parsers.re(rf"case (?P<name>[0-9]+) with {COUNT} units of lot {LETTER}"))
def a_case(bench: Bench, name: str, count: str, letter: str) -> None:
    """A case that was labelled, verified and closed; the warehouse knows of it."""
    print_label(bench, label_for(bench, letter, int(count)))
    case = close_new_case(bench)
    bench.part(PackingOnBench).cases[name] = case
    bench.deliver()
    bench.recorder.observe(f"case {name} is {case.sscc} with {', '.join(case.serials)}")


@given("that label was applied to another case")
def label_is_applied(bench: Bench) -> None:
    """Another case was closed under it."""
    count = bench.part(PackingOnBench).label.count
    bench.prepare("the packer", "pack-unit", _closing(bench, new_serials(bench, count)))


@when(parsers.re(rf"the packer closes (?:the case with its|a case with) {COUNT} units.*"))
def closes_case(bench: Bench, count: str) -> None:
    """Try to close the case under the last label."""
    _close(bench, new_serials(bench, int(count)))


@when(parsers.re(r"the packer closes the case with (?P<units>one unit .+)"))
def closes_case_wrongly(bench: Bench, units: str) -> None:
    """Try to close it with other units than two new ones."""
    one, two, three = new_serials(bench, 3)
    case = bench.part(PackingOnBench).cases["1"]
    _close(bench, {
        "one unit of the two": (one,),
        "one unit more": (one, two, three),
        "one unit scanned twice": (one, one),
        "one unit that is in case 1": (case.serials[0], one),
    }[units])


@when(parsers.re(
    r"the packer puts cases? (?P<names>[0-9]+(?: and [0-9]+)?) onto a pallet labelled for "
    r"(?P<count>[0-9]+) units(?: of lot (?P<letter>[A-Z]))?"
))
def palletizes(bench: Bench, names: str, count: str, letter: str | None) -> None:
    """Try to put cases onto a pallet whose label is verified."""
    body = _palletizing(bench, names, int(count), letter)
    attempt = bench.command("the packer", "aggregate", body)
    bench.recorder.observe(f"pallet {bench.part(PackingOnBench).label.sscc}: {attempt.answer}")


@given(parsers.re(r"cases (?P<names>[0-9]+ and [0-9]+) stand on a pallet"))
def stand_on_pallet(bench: Bench, names: str) -> None:
    """A pallet of several lots, which names none on its label."""
    packed = bench.part(PackingOnBench)
    count = sum(len(packed.cases[name].serials) for name in names.split(" and "))
    bench.prepare("the packer", "aggregate", _palletizing(bench, names, count, None))
    bench.deliver()
    bench.recorder.observe(f"the pallet is {packed.pallets['the pallet']}")


@given(parsers.re(
    r"(?P<child>case [0-9]+|pallet [0-9]+) stands on (?P<parent>pallet [0-9]+) in the warehouse"
))
def stands_on(bench: Bench, child: str, parent: str) -> None:
    """The warehouse put it there."""
    bench.prepare("the shipper", "aggregate", _aggregation(bench, (child,), parent))


@when(parsers.re(r"the shipper puts cases 1 and 2 onto a pallet in the warehouse"))
def warehouse_palletizes(bench: Bench) -> None:
    """A pallet with a label that was never used."""
    _aggregate(bench, ("case 1", "case 2"), "the pallet")


@when(parsers.re(
    r"the shipper puts (?P<child>an unknown case|case [0-9]+|pallet [0-9]+)(?P<twice> twice)? "
    r"(?:on|in)to (?P<parent>pallet [0-9]+|case [0-9]+|a pallet in the warehouse)(?: again)?"
))
def warehouse_puts(bench: Bench, child: str, twice: str | None, parent: str) -> None:
    """Try to put one unit into another one."""
    children = (child, child) if twice else (child,)
    _aggregate(bench, children, "the pallet" if parent.startswith("a ") else parent)


# --- what came of it ------------------------------------------------------------------------------


@then(parsers.re(
    rf"after delivery both systems show one container of {COUNT} units of lot {LETTER} "
    r"under its SSCC"
))
def both_show_unit(bench: Bench, count: str, letter: str) -> None:
    """Owner and mirror agree on the packed case."""
    bench.deliver()
    label, lot = bench.part(PackingOnBench).label, bench.lots[letter].lot_id
    wanted = (lot, Decimal(count), Unit.EACH, bench.namespace.id(PACKING))
    for role in Role:
        rows = bench.site.client(role).ask("containers", Containers).rows
        shown = [
            (row.lot_id, row.quantity.value, row.quantity.unit, row.location_id)
            for row in rows if row.sscc == label.sscc
        ]
        bench.recorder.observe(f"{role.upper()}: {label.sscc} holds {shown}")
        equal(shown, [wanted], f"the container in {role.upper()}")


@then(parsers.re(
    rf"after delivery both systems show each of the {COUNT} serial numbers in its case "
    r"on the pallet"
))
def serials_reachable(bench: Bench, count: str) -> None:
    """From the serial number up to the pallet, in owner and mirror."""
    bench.deliver()
    packed = bench.part(PackingOnBench)
    gtin, pallet = bench.namespace.gtin(PRODUCT), packed.pallets["the pallet"]
    wanted = {
        f"(01){gtin}(21){serial}": (case.sscc, pallet)
        for case in packed.cases.values() for serial in case.serials
    }
    equal(len(wanted), int(count), "serial numbers packed")
    for role in Role:
        rows = bench.site.client(role).ask("aggregations", Aggregations).rows
        parents = {row.child: row.parent for row in rows}
        cases = {unit: parents.get(unit, "nothing") for unit in wanted}
        shown = {u: (case, parents.get(f"(00){case}", "nothing")) for u, case in cases.items()}
        bench.recorder.observe(
            f"{role.upper()}: " + "; ".join(f"{u} in {c} on {p}" for u, (c, p) in shown.items())
        )
        equal(shown, wanted, f"where {role.upper()} shows the units")


# --- how it is done -------------------------------------------------------------------------------


def close_new_case(bench: Bench) -> Case:
    """Read the last label back and close a case with new units under it."""
    label = bench.part(PackingOnBench).label
    has_verified(bench)
    serials = new_serials(bench, label.count)
    bench.prepare("the packer", "pack-unit", _closing(bench, serials))
    return Case(label.sscc, serials)


def new_serials(bench: Bench, count: int) -> tuple[str, ...]:
    """Serial numbers that the scenario has not used."""
    return tuple(bench.new_name("SN") for _ in range(count))


def _closing(bench: Bench, serials: tuple[str, ...]) -> PackUnit:
    return PackUnit(
        pack_id=Id(bench.new_id("PACKED")),
        label_id=Id(bench.part(PackingOnBench).label.label_id),
        serials=tuple(SerialNumber(serial) for serial in serials),
    )


def _close(bench: Bench, serials: tuple[str, ...]) -> None:
    attempt = bench.command("the packer", "pack-unit", _closing(bench, serials))
    bench.recorder.observe(f"closed with {', '.join(serials)}: {attempt.answer}")


def _palletizing(bench: Bench, names: str, count: int, letter: str | None) -> PalletizeUnits:
    packed = bench.part(PackingOnBench)
    cases = [packed.cases[name] for name in names.split(" and ")]
    body = label_for(bench, letter or "P", count)
    update = {"kind": UnitKind.PALLET, **({} if letter else {"lot_id": None})}
    label = print_label(bench, body.model_copy(update=update))
    has_verified(bench)
    packed.pallets["the pallet"] = label.sscc
    return PalletizeUnits(
        aggregation_id=Id(bench.new_id("PALLET")), label_id=Id(label.label_id),
        children=tuple(Sscc(case.sscc) for case in cases),
    )


def _aggregation(bench: Bench, children: tuple[str, ...], parent: str) -> AggregateUnits:
    return AggregateUnits(
        aggregation_id=Id(bench.new_id("PALLET")), parent=unit_of(bench, parent),
        children=tuple(unit_of(bench, child) for child in children),
    )


def _aggregate(bench: Bench, children: tuple[str, ...], parent: str) -> None:
    body = _aggregation(bench, children, parent)
    attempt = bench.command("the shipper", "aggregate", body)
    bench.recorder.observe(f"{', '.join(body.children)} into {body.parent}: {attempt.answer}")


def unit_of(bench: Bench, unit: str) -> Sscc:
    """The SSCC of a unit that the scenario speaks of; a new one for a pallet named first."""
    packed = bench.part(PackingOnBench)
    if unit == "a case that was labelled alone":
        return Sscc(print_label(bench, label_for(bench, "P", 1)).sscc)
    if unit.startswith("case "):
        return Sscc(packed.cases[unit.removeprefix("case ")].sscc)
    if unit not in packed.pallets:
        packed.pallets[unit] = bench.namespace.sscc(f"UNIT {unit}")
    return Sscc(packed.pallets[unit])
