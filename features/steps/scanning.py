"""Guided scanning: steps are declared and begun, labels are read in order by a device."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pytest_bdd import given, parsers, when

from contracts.formats.element_strings import write_element_string
from contracts.model.commands import (
    BeginScanStep,
    DisaggregateUnit,
    PackUnit,
    ReaggregateItems,
    ScanUnit,
)
from contracts.model.identifiers import Id, ItemName, SerialNumber, UnitName
from contracts.model.messages.custody import Breaking
from contracts.model.roles import Role
from contracts.model.scans import DeclaredScan, GuardedStep, ScanStep
from contracts.model.stimulus import Equipment, EquipmentKind, Load
from features.bench import ITEM, PEOPLE, Bench
from features.claims import holds
from features.steps.custody import BENCH, REASON, named
from features.steps.labels import PRINTER, PRODUCT, PackingOnBench, visible
from features.steps.packing import new_serials
from features.steps.words import DAY, day_of

OPERATOR = r"(?P<who>the line operator|the dock operator|the packer|the shipper)"
SCANNER = "SCANNER-1"
Fields = dict[str, str]
CASE, ITEM_FIELDS = ("00", "02", "17", "37", "10"), ("01", "17", "10", "21")
_STEPS: dict[str, tuple[str, GuardedStep, bool]] = {
    "LINE-OPEN": ("the line operator", GuardedStep.DISAGGREGATE, True),
    "DOCK-OPEN": ("the dock operator", GuardedStep.DISAGGREGATE, True),
    "LINE-PACK": ("the line operator", GuardedStep.PACK_UNIT, False),
}


@dataclass
class ScanningOnBench:
    """The run of the scenario, its units and what their labels say, and the device in use."""

    run_id: str = ""
    units: tuple[UnitName, ...] = ()
    labels: dict[str, Fields] = field(default_factory=dict)
    device: str = SCANNER
    scanned: list[str] = field(default_factory=list)


@given(parsers.re(
    rf"scanners whose calibration ends on {DAY}, and the steps of the line and the dock"
))
def scanners_and_steps(bench: Bench, day: str) -> None:
    """A device, and three steps with their order, at stations of their own."""
    _load_scanner(bench, SCANNER, day)
    declared = (_declared("case", CASE), _declared("unit", ITEM_FIELDS, repeats=True))
    bench.site.load(Load(scan_steps=tuple(
        ScanStep(
            step_id=Id(bench.namespace.id(name)), role=PEOPLE[who][2], station=Id(PEOPLE[who][3]),
            guards=guards, scans=declared if opens else declared[1:],
        )
        for name, (who, guards, opens) in _STEPS.items()
    )))


@given(parsers.re(rf"a scanner whose calibration (?:ends on {DAY}|is not needed)"))
def a_scanner(bench: Bench, day: str | None) -> None:
    """Another device is used from here on."""
    device = bench.new_name("SCANNER-X")
    _load_scanner(bench, device, day)
    bench.part(ScanningOnBench).device = device


@given(parsers.re(rf"{OPERATOR} has begun the step for case 1 and its units 1 and 2"))
def has_begun(bench: Bench, who: str) -> None:
    """The case first, then the units that are to come out."""
    case = bench.part(PackingOnBench).cases["1"]
    step = "LINE-OPEN" if PEOPLE[who][2] is Role.MES else "DOCK-OPEN"
    bench.part(ScanningOnBench).labels = _labels_of_case(bench)
    items = tuple(_item(bench, serial) for serial in case.serials[:2])
    _begin(bench, who, step, (UnitName(case.sscc), *map(UnitName, items)))


@given(parsers.re(rf"{OPERATOR} has begun the step for 2 new units of lot P"))
def has_begun_packing(bench: Bench, who: str) -> None:
    """Units that are in no record yet: what they have to say is what the order makes."""
    serials = new_serials(bench, 2)
    scanning = bench.part(ScanningOnBench)
    scanning.labels = {
        f"unit {n}": _item_label(bench, serial) for n, serial in enumerate(serials, 1)
    }
    order = Id(bench.part(PackingOnBench).orders["P"])
    _begin(bench, who, "LINE-PACK", _units(bench, serials), order)


@given(parsers.re(rf"{OPERATOR} has scanned (?P<what>.+)"))
def has_scanned(bench: Bench, who: str, what: str) -> None:
    """Each of them was accepted."""
    for unit in [] if what == "nothing" else re.split(r", | and ", what):
        label = bench.part(ScanningOnBench).labels[unit]
        bench.prepare(who, "scan-unit", reading(bench, symbol_of(label)))
        bench.part(ScanningOnBench).scanned.append(unit)
    bench.deliver()


@given(parsers.re(rf"{OPERATOR} has opened case 1 and put units 1 and 2 back"))
def has_opened_and_put_back(bench: Bench, who: str) -> None:
    """The run was used; case and units are as before."""
    body = _opening(bench, (0, 1), bench.part(ScanningOnBench).run_id)
    bench.prepare(who, "disaggregate", body)
    children = tuple(ItemName(unit) for unit in body.children)
    assert body.into is not None
    back = ReaggregateItems(
        aggregation_id=Id(bench.new_id("BACK")), parent=body.parent, source=body.into,
        children=children,
    )
    bench.prepare(who, "reaggregate", back)
    bench.deliver()


@when(parsers.re(rf"{OPERATOR} scans (?P<what>case 1|unit [0-9]|a pallet)"
                 r"(?P<no_step> for no step)?(?: with (?P<device>that scanner|a .+))?"))
def scans(bench: Bench, who: str, what: str, no_step: str | None, device: str | None) -> None:
    """Try to scan a label."""
    scanning = bench.part(ScanningOnBench)
    pallet: Fields = {"00": named(bench, "pallet 9")}
    label = pallet if what == "a pallet" else scanning.labels[what]
    update: dict[str, object] = {}
    if no_step:
        update["run_id"] = Id(bench.new_id("NO-RUN"))
    if device and device != "that scanner":
        scanning.device = PRINTER if device == "a printer" else "NO-SCANNER"
    body = reading(bench, symbol_of(label)).model_copy(update=update)
    attempt = bench.command(who, "scan-unit", body)
    scanning.scanned.append(what)
    bench.recorder.observe(f"{visible(body.scan)} by {body.device_id}: {attempt.answer}")


@when(parsers.re(
    rf"{OPERATOR} scans the label of unit 1 with every single difference that there can be"
))
def scans_every_difference(bench: Bench, who: str) -> None:
    """One field after the other: another value, left out; and each field that is one too many."""
    good = bench.part(ScanningOnBench).labels["unit 1"]
    bench.look(who)
    bench.attempts.clear()
    for what, label in _mutations(bench, good):
        holds(label != good, f"{what} is no difference")
        attempt = bench.command_unseen(who, "scan-unit", reading(bench, symbol_of(label)))
        bench.recorder.observe(f"{what}: {attempt.answer}")


@when(parsers.re(
    rf"{OPERATOR} opens case 1 and takes units (?P<one>[0-9]) and (?P<two>[0-9]) into tote 1 "
    r"on the strength of (?P<run>that|nothing)"
))
def opens(bench: Bench, who: str, one: str, two: str, run: str) -> None:
    """Try to do what the step guards."""
    run_id = bench.part(ScanningOnBench).run_id if run == "that" else None
    body = _opening(bench, (int(one) - 1, int(two) - 1), run_id)
    attempt = bench.command(who, "disaggregate", body)
    bench.recorder.observe(f"{', '.join(body.children)} out of {body.parent}: {attempt.answer}")


@when(parsers.re(rf"{OPERATOR} closes the case with these units on the strength of that"))
def closes(bench: Bench, who: str) -> None:
    """Try to close the case of the last label."""
    scanning = bench.part(ScanningOnBench)
    body = PackUnit(
        pack_id=Id(bench.new_id("PACKED")),
        label_id=Id(bench.part(PackingOnBench).label.label_id),
        serials=tuple(SerialNumber(ItemName(unit).serial) for unit in scanning.units),
        scan_run_id=Id(scanning.run_id),
    )
    attempt = bench.command(who, "pack-unit", body)
    bench.recorder.observe(f"closed on the strength of {scanning.run_id}: {attempt.answer}")


@when(parsers.re(rf"{OPERATOR} begins the step for 2 new units of lot P without their order"))
def begins_without_order(bench: Bench, who: str) -> None:
    """Nothing on record says what their labels have to say."""
    body = _beginning(bench, "LINE-PACK", _units(bench, new_serials(bench, 2)), None)
    bench.command(who, "begin-scan-step", body)


@when(parsers.re(
    rf"{OPERATOR} begins (?:a step that nobody declared|the step of the (?P<place>line|dock) for "
    r"case 1 (?P<what>and unit 1|alone))"
))
def begins_wrongly(bench: Bench, who: str, place: str | None, what: str | None) -> None:
    """Try to begin a step that is not for this."""
    case = bench.part(PackingOnBench).cases["1"]
    item = _units(bench, case.serials[:1])
    step = f"{place.upper()}-OPEN" if place else "NO-STEP"
    units = (UnitName(case.sscc), *(() if what == "alone" else item))
    attempt = bench.command(who, "begin-scan-step", _beginning(bench, step, units, None))
    bench.recorder.observe(f"{step} for {len(units)} units: {attempt.answer}")


# --- how it is done -------------------------------------------------------------------------------


def _mutations(bench: Bench, good: Fields) -> Iterator[tuple[str, Fields]]:
    names, last = bench.namespace, good["21"][-1]
    others: dict[str, list[str]] = {
        "01": [names.gtin(ITEM)],
        "17": ["270101", "261230", "261200"],
        "10": [good["10"].swapcase(), f"{good['10'][:-1]}!", names.lot_number("ANOTHER")],
        "21": [f"{good['21'][:-1]}{'0' if last != '0' else '1'}", good["21"].lower(),
               f"{good['21']}0"[-20:]],
    }
    for ai, values in others.items():
        for value in values:
            yield f"({ai}) {value}", {**good, ai: value}
        yield f"no ({ai})", {k: v for k, v in good.items() if k != ai}
    for ai, value in (("00", names.sscc("ANOTHER")), ("15", "261231"), ("37", "1")):
        yield f"({ai}) in addition", {**good, ai: value}


def _labels_of_case(bench: Bench) -> dict[str, Fields]:
    """What the labels of case 1 say, by the words of the scenario."""
    packed = bench.part(PackingOnBench)
    case = packed.cases["1"]
    label = {
        "00": case.sscc, "02": bench.namespace.gtin(PRODUCT),
        "17": f"{packed.expiries['P']:%y%m%d}", "37": str(len(case.serials)),
        "10": bench.lots["P"].lot,
    }
    units = {f"unit {n}": _item_label(bench, serial) for n, serial in enumerate(case.serials, 1)}
    return {"case 1": label, **units}


def _item_label(bench: Bench, serial: str) -> Fields:
    return {
        "01": bench.namespace.gtin(PRODUCT), "10": bench.lots["P"].lot,
        "17": f"{bench.part(PackingOnBench).expiries['P']:%y%m%d}", "21": serial,
    }


def symbol_of(label: Fields) -> str:
    """What a scanner sends for a label with these fields."""
    return f"]d2{write_element_string(label.items())}"


def _item(bench: Bench, serial: str) -> ItemName:
    return ItemName.of(bench.namespace.gtin(PRODUCT), serial)


def _units(bench: Bench, serials: tuple[str, ...]) -> tuple[UnitName, ...]:
    return tuple(UnitName(_item(bench, serial)) for serial in serials)


def _begin(
    bench: Bench, who: str, step: str, units: tuple[UnitName, ...], order: Id | None = None
) -> None:
    body = _beginning(bench, step, units, order)
    bench.prepare(who, "begin-scan-step", body)
    scanning = bench.part(ScanningOnBench)
    scanning.run_id, scanning.units = body.run_id, units


def _beginning(
    bench: Bench, step: str, units: tuple[UnitName, ...], order: Id | None
) -> BeginScanStep:
    return BeginScanStep(
        run_id=Id(bench.new_id("RUN")), step_id=Id(bench.namespace.id(step)), units=units,
        order_id=order,
    )


def reading(bench: Bench, scan: str) -> ScanUnit:
    """The device of the scenario has read something for its run."""
    scanning = bench.part(ScanningOnBench)
    return ScanUnit(
        scan_id=Id(bench.new_id("SCAN")), run_id=Id(scanning.run_id or bench.new_id("NO-RUN")),
        device_id=Id(bench.namespace.id(scanning.device)), scan=scan,
    )


def _opening(
    bench: Bench, numbers: tuple[int, int], run_id: str | None
) -> DisaggregateUnit:
    case = bench.part(PackingOnBench).cases["1"]
    return DisaggregateUnit(
        disaggregation_id=Id(bench.new_id("BREAK")), parent=named(bench, "case 1"),
        children=_units(bench, tuple(case.serials[n] for n in numbers)),
        into=named(bench, "tote 1"), location_id=Id(bench.namespace.id(BENCH)),
        purpose=Breaking.REWORK, reason=REASON, scan_run_id=Id(run_id) if run_id else None,
    )


def _load_scanner(bench: Bench, device: str, day: str | None) -> None:
    bench.site.load(Load(equipment=(Equipment(
        equipment_id=Id(bench.namespace.id(device)), kind=EquipmentKind.SCANNER,
        description="Example scanner", calibration_due=day_of(day) if day else None,
    ),)))


def _declared(name: str, identifiers: tuple[str, ...], *, repeats: bool = False) -> DeclaredScan:
    return DeclaredScan(name=Id(name), identifiers=identifiers, repeats=repeats)

