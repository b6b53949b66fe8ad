"""Where production works on stock: weighed out, given back and packed where it may be."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, when

from contracts.model.commands import ReturnMaterial, StartOrder
from contracts.model.identifiers import Id
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Unit
from contracts.model.stimulus import Load, Location, Material, Purpose
from features.bench import STAGING, Bench
from features.steps.deliveries import EXPIRES, KINDS, add_kinds
from features.steps.dispensing import load_scale
from features.steps.labels import (
    PACKING,
    PRODUCT,
    PackingOnBench,
    add_packing_order,
    has_verified,
    label_for,
    print_label,
)
from features.steps.material import add_base, add_lot, add_order
from features.steps.segregation import SUPPLY_AREAS
from features.steps.words import AMOUNT, amount_of

_AREAS: dict[str, dict[str, Any]] = {**SUPPLY_AREAS, "PSA-HOLD": {"quarantine": True}}
_LINES: dict[str, dict[str, Any]] = {
    "that may hold MILK": {"allergens": ("MILK",)},
    "that is kept cold": {"temperature_class": KINDS["COLD"]["temperature_class"]},
    "for everything": {},
    "for released stock alone": {"allowed_statuses": (LotStatus.RELEASED,)},
}


@given(parsers.re(
    rf"{AMOUNT} of (?P<kind>[A-Z]+) at (?P<place>\S+), released"
    r"(?:, and a started order for (?P<wanted>[0-9.]+) kg of it)?"
))
def kind_at_hand(
    bench: Bench, amount: str, kind: str, place: str, wanted: str | None
) -> None:
    """Lot A of one kind of material stands where production takes it from."""
    add_kinds(bench)
    names = bench.namespace
    bench.site.load(Load(locations=tuple(
        Location.model_validate({
            "location_id": names.id(area), "purpose": Purpose.STAGING, "description": area, **what,
        })
        for area, what in _AREAS.items()
    )))
    at = STAGING if place == "PSA-1" else place
    add_lot(bench, "A", amount, LotStatus.RELEASED, EXPIRES, item=kind, place=at)
    if wanted is not None:
        add_order(bench, wanted, line_members={"material_id": names.id(kind)})


@given(parsers.re(r"a scale that stands at (?P<place>\S+)"))
def scale_stands_at(bench: Bench, place: str) -> None:
    """A calibrated scale that belongs to a booth."""
    load_scale(bench, EXPIRES, location_id=bench.namespace.id(place))


@when(parsers.re(rf"production gives {AMOUNT} of lot A back to (?P<place>\S+)"))
def returns_unused(bench: Bench, amount: str, place: str) -> None:
    """The staged container goes back under its own label."""
    names = bench.namespace
    body = ReturnMaterial(
        return_id=Id(bench.new_id("RETURN")), order_id=Id(bench.the_order.order_id),
        container=bench.lots["A"].container, quantity=amount_of(amount),
        to_location=Id(names.id(place)),
    )
    attempt = bench.command("production", "return-material", body)
    bench.recorder.observe(f"{amount} KGM back to {place}: {attempt.answer}")


@given(parsers.re(
    r"a verified label for a case of 2 tablets of (?P<kind>[A-Z]+) on a line "
    rf"(?P<line>{'|'.join(_LINES)})"
))
def label_on_line(bench: Bench, kind: str, line: str) -> None:
    """A product of one kind, and a packaging line whose place is for something."""
    add_base(bench)
    names = bench.namespace
    bench.site.load(Load(
        materials=(Material.model_validate({
            "material_id": names.id(PRODUCT), "description": "Tablets",
            "gtin": names.gtin(PRODUCT), "base_unit": Unit.EACH, **KINDS[kind],
        }),),
        locations=(Location.model_validate({
            "location_id": names.id(PACKING), "purpose": Purpose.PACKING, "description": PACKING,
            **_LINES[line],
        }),),
    ))
    order = add_packing_order(bench, "P", EXPIRES)
    bench.prepare("production", "start-order", StartOrder(order_id=Id(order)))
    print_label(bench, label_for(bench, "P", 2))
    has_verified(bench)
    shown = bench.part(PackingOnBench).label.sscc
    bench.recorder.observe(f"{shown} is for tablets of {kind}, on a line {line}")
