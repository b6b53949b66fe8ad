"""Kits: put together of components, packed, unpacked, opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import AssembleKit, ComponentPlace, OpenKit, PackUnit, StartOrder
from contracts.model.identifiers import Id, ItemName, SerialNumber
from contracts.model.inspection_kits import KitRow, Kits
from contracts.model.inspection_packing import Aggregations
from contracts.model.messages.custody import Breaking
from contracts.model.quantities import Unit
from contracts.model.roles import Role
from contracts.model.stimulus import Load
from features.bench import ITEM, Bench, LotOnBench
from features.claims import equal
from features.steps.custody import BENCH, REASON, named
from features.steps.labels import (
    PRODUCT,
    Case,
    PackingOnBench,
    has_verified,
    label_for,
    print_label,
)
from features.steps.packing import a_case
from features.steps.words import amount_of, quantity_of

KIT, SYRINGE = "KIT", "SYRINGE"
WHO = r"(?P<who>the packer|the shipper)"
_PARTS = r"unit (?P<one>[0-9]) of case (?P<from_one>[0-9]) and unit (?P<two>[0-9]) of case " \
         r"(?P<from_two>[0-9])"


@dataclass
class KitsOnBench:
    """The components of each kit of the scenario: where each stood, and its lot's letter."""

    components: dict[str, tuple[ComponentPlace, ...]] = field(default_factory=dict)


@given("case 3 with 2 syringes of lot S, and an order for kits of lot K")
def syringes_and_kits(bench: Bench) -> None:
    """Another item with a lot of its own, and an order whose product is a kit."""
    _add_order(bench, "S", SYRINGE)
    _add_order(bench, "K", KIT)
    a_case(bench, "3", "2", "S")


@given(parsers.re(
    rf"kit (?P<kit>[0-9]) was put together of {_PARTS}(?P<packed>, and packed into case 4)?"
))
def kit_was_put_together(
    bench: Bench, kit: str, one: str, from_one: str, two: str, from_two: str, packed: str | None
) -> None:
    """A kit that both systems know."""
    parts = _components(bench, (one, from_one), (two, from_two))
    bench.prepare("the packer", "assemble-kit", _assembly(bench, kit, parts))
    bench.part(KitsOnBench).components[kit] = parts
    if packed:
        _pack(bench, kit)
    bench.deliver()


@when(parsers.re(
    rf"the packer puts (?:kit (?P<kit>[0-9])|a syringe) together of {_PARTS}"
    r"(?P<no_order> for no order)?"
))
def puts_together(
    bench: Bench, kit: str | None, one: str, from_one: str, two: str, from_two: str,
    no_order: str | None,
) -> None:
    """Try to put a kit together."""
    parts = _components(bench, (one, from_one), (two, from_two))
    body = _assembly(bench, kit or "1", parts)
    update: dict[str, object] = {}
    if kit is None:
        update["kit"] = ItemName.of(bench.namespace.gtin(SYRINGE), "NEW-1")
    if no_order:
        update["order_id"] = Id(bench.namespace.id("NO-ORDER"))
    attempt = bench.command("the packer", "assemble-kit", body.model_copy(update=update))
    bench.part(KitsOnBench).components.setdefault(kit or "", parts)
    bench.recorder.observe(f"{body.kit} of {len(parts)} components: {attempt.answer}")


@when(parsers.re(
    rf"{WHO} opens kit (?P<kit>[0-9]) and puts its (?:components into (?P<one>tote [0-9]) and "
    r"(?P<two>tote [0-9])|first component alone into (?P<alone>tote [0-9]))"
    r"(?P<wrong>, for no reason|, nowhere)?"
))
def opens_kit(
    bench: Bench, who: str, kit: str, one: str | None, two: str | None, alone: str | None,
    wrong: str | None,
) -> None:
    """Try to open a kit."""
    totes = [tote for tote in (one, two, alone) if tote]
    parts = bench.part(KitsOnBench).components["1"]
    body = OpenKit(
        opening_id=Id(bench.new_id("OPEN")), kit=_kit(bench, kit),
        components=tuple(
            ComponentPlace(unit=part.unit, container=named(bench, tote))
            for part, tote in zip(parts, totes, strict=False)
        ),
        location_id=Id(bench.namespace.id("NOWHERE" if wrong == ", nowhere" else BENCH)),
        purpose=Breaking.RETURN, reason="-" if wrong == ", for no reason" else REASON,
    )
    attempt = bench.command(who, "open-kit", body)
    bench.recorder.observe(f"{body.kit} opened: {attempt.answer}")


@then(parsers.re(
    r"after delivery both systems show each component of kit 1 with item, lot and serial number, "
    r"in (?P<where>the kit|its tote)"
))
def components_shown(bench: Bench, where: str) -> None:
    """Item, lot and serial number as they were, in owner and mirror; and where each is now."""
    bench.deliver()
    parts = bench.part(KitsOnBench).components["1"]
    letters = {bench.namespace.gtin(PRODUCT): "P", bench.namespace.gtin(SYRINGE): "S"}
    for role in Role:
        client = bench.site.client(role)
        rows = [row for row in client.ask("kits", Kits).rows if row.kit == _kit(bench, "1")]
        said = {(r.gtin, r.lot, r.lot_id, r.serial) for r in rows}
        wanted = {
            (part.unit.gtin, lot.lot, lot.lot_id, part.unit.serial)
            for part in parts for lot in (bench.lots[letters[part.unit.gtin]],)
        }
        bench.recorder.observe(f"{role.upper()}: {', '.join(map(_told, rows))}")
        equal(said, wanted, f"components that {role.upper()} tells of")
        inside = {r.child: r.parent for r in client.ask("aggregations", Aggregations).rows}
        now = [inside.get(part.unit, "the kit") for part in parts]
        totes = [named(bench, "tote 2"), named(bench, "tote 3")]
        equal(now, ["the kit"] * 2 if where == "the kit" else totes, "where they are now")
        opened = {row.opened_by for row in rows}
        equal(opened, {None if where == "the kit" else bench.last.event}, "what opened the kit")


def _told(row: KitRow) -> str:
    return f"{row.component} of lot {row.lot}"


def _kit(bench: Bench, number: str) -> ItemName:
    return ItemName.of(bench.namespace.gtin(KIT), f"KIT-{number}")


def _components(bench: Bench, *places: tuple[str, str]) -> tuple[ComponentPlace, ...]:
    found = []
    for number, name in places:
        case = bench.part(PackingOnBench).cases[name]
        gtin = bench.namespace.gtin(SYRINGE if name == "3" else PRODUCT)
        unit = ItemName.of(gtin, case.serials[int(number) - 1])
        found.append(ComponentPlace(unit=unit, container=named(bench, f"case {name}")))
    return tuple(found)


def _assembly(bench: Bench, kit: str, parts: tuple[ComponentPlace, ...]) -> AssembleKit:
    return AssembleKit(
        assembly_id=Id(bench.new_id("KIT")), order_id=Id(bench.part(PackingOnBench).orders["K"]),
        kit=_kit(bench, kit), components=parts,
    )


def _pack(bench: Bench, kit: str) -> None:
    """The kit goes into a case of its own, under a label that was read back."""
    label = print_label(bench, label_for(bench, "K", 1))
    has_verified(bench)
    body = PackUnit(
        pack_id=Id(bench.new_id("PACKED")), label_id=Id(label.label_id),
        serials=(SerialNumber(_kit(bench, kit).serial),),
    )
    bench.prepare("the packer", "pack-unit", body)
    bench.part(PackingOnBench).cases["4"] = Case(label.sscc, body.serials)


def _add_order(bench: Bench, letter: str, item: str) -> None:
    """A started order that makes a lot of an item."""
    names, packed = bench.namespace, bench.part(PackingOnBench)
    order = names.id(f"PACK-{letter}")
    lot = LotOnBench(
        letter, names.id(f"LOT-{letter}"), names.lot_number(f"LOT-{letter}"),
        names.sscc(f"C-{letter}"), Decimal(0),
    )
    line = {
        "line_id": "10", "material_id": names.id(ITEM), "quantity": amount_of("1.000"),
        "tolerance_high": quantity_of("0.000"),
    }
    bench.site.load(Load.model_validate({
        "materials": [{
            "material_id": names.id(item), "description": item, "gtin": names.gtin(item),
            "base_unit": Unit.EACH,
        }],
        "orders": [{
            "order_id": order, "bom_id": names.id("BOM"), "bom_version": 3, "lines": [line],
            "product": {
                "material_id": names.id(item), "gtin": names.gtin(item), "lot_id": lot.lot_id,
                "lot": lot.lot, "expires_on": date(2026, 12, 31),
            },
        }],
    }))
    bench.lots[letter], packed.orders[letter] = lot, order
    packed.expiries[letter] = date(2026, 12, 31)
    bench.prepare("production", "start-order", StartOrder(order_id=Id(order)))
