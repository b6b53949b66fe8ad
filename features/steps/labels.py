"""Labels: printed for an order, read back by a scanner, spoiled, reprinted, balanced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.formats.element_strings import GS
from contracts.model.commands import (
    LabelPrinted,
    PrintLabel,
    SpoilLabel,
    StartOrder,
    VerifyLabel,
)
from contracts.model.identifiers import Id, gs1_check_digit
from contracts.model.inspection import Containers
from contracts.model.inspection_packing import Labels
from contracts.model.packing import UnitKind
from contracts.model.quantities import Pieces, Unit
from contracts.model.roles import Role
from contracts.model.stimulus import Load
from features.bench import ITEM, Bench, LotOnBench
from features.claims import equal, holds
from features.steps.material import add_base
from features.steps.words import DAY, LETTER, amount_of, day_of, quantity_of
from simulator.scanner import read_image

PRODUCT, LINE, PRINTER, PACKING = "TABLETS", "PACK-LINE-1", "PRINTER-1", "PACK-1"
SMALL_LINE = "PACK-LINE-2"
COUNT = r"(?P<count>[0-9]+)"


@dataclass(frozen=True)
class Printed:
    """A label that came out of the printer."""

    label_id: str
    letter: str
    count: int
    sscc: str
    image: str


@dataclass(frozen=True)
class Case:
    """A case that was closed, with the serial numbers inside."""

    sscc: str
    serials: tuple[str, ...]


@dataclass
class PackingOnBench:
    """What the scenario has packed so far. ``orders`` and ``expiries`` go by the lot's letter."""

    orders: dict[str, str] = field(default_factory=dict)
    expiries: dict[str, date] = field(default_factory=dict)
    labels: list[Printed] = field(default_factory=list)
    spoiled: list[Printed] = field(default_factory=list)
    cases: dict[str, Case] = field(default_factory=dict)
    pallets: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> Printed:
        """The last label that is not spoiled. Raises: IndexError when there is none."""
        return self.labels[-1]


# --- what is there --------------------------------------------------------------------------------


@given(parsers.re(
    rf"an order that packs lot {LETTER} of tablets, expiring on {DAY}"
    r"(?:, of which (?P<missing>[0-9]+) labels? may be missing)?"
))
def a_packing_order(bench: Bench, letter: str, day: str, missing: str | None) -> None:
    """A started order with its product lot, a packaging line and a printer."""
    add_base(bench)
    order = add_packing_order(bench, letter, day_of(day), int(missing or 0))
    bench.prepare("production", "start-order", StartOrder(order_id=Id(order)))
    bench.recorder.observe(f"order {order} is started: it makes lot {letter}, expiry {day}")


@given("a packaging line whose range has 9 numbers, and 9 labels printed on it")
def a_line_at_its_end(bench: Bench) -> None:
    """The last number of the range is on a label."""
    for _ in range(9):
        print_label(bench, label_for(bench, "P", 2, line=SMALL_LINE))
    bench.recorder.observe(f"the last of them is {bench.part(PackingOnBench).label.sscc}")


@given(parsers.re(
    rf"the packer has printed a label for a case of {COUNT} units of lot {LETTER}"
))
def has_printed(bench: Bench, count: str, letter: str) -> None:
    """A label that nobody has read back yet."""
    print_label(bench, label_for(bench, letter, int(count)))


@given(parsers.re(
    rf"the packer has printed a label for a case of {COUNT} units of lot {LETTER} "
    r"that came out smeared"
))
def has_printed_smeared(bench: Bench, count: str, letter: str) -> None:
    """A label of another case that no scanner could read."""
    packed = bench.part(PackingOnBench)
    print_label(bench, label_for(bench, letter, int(count)))
    packed.spoiled.append(packed.labels.pop())


@given(parsers.re(r'the packer has spoiled the label for the reason "(?P<reason>[^"]*)"'))
def has_spoiled(bench: Bench, reason: str) -> None:
    """The smeared label, or the last one that was printed."""
    packed = bench.part(PackingOnBench)
    if not packed.spoiled:
        packed.spoiled.append(packed.label)
    spoil(bench, packed.spoiled[-1], reason)


@given("the label was lost in a jam and printed once more under the same SSCC")
def has_reprinted(bench: Bench) -> None:
    """A reprint supersedes the first print."""
    first = bench.part(PackingOnBench).label
    body = label_for(bench, first.letter, first.count)
    again = print_label(bench, body.model_copy(update={"reprint_of": Id(first.label_id)}))
    equal(again.sscc, first.sscc, "SSCC of the reprint")


@given("a scanner has read the printed label, and MES has compared it")
def has_verified(bench: Bench) -> None:
    """The image of the label is decoded; what comes out goes to MES."""
    label = bench.part(PackingOnBench).label
    scan = read_image(label.image)[0]
    bench.prepare("the packer", "verify-label", verification(bench, scan))
    bench.recorder.observe(f"read from the image: {visible(scan)}")


@given(parsers.re(r"that label was (?P<gone>spoiled|replaced by a reprint)"))
def label_is_gone(bench: Bench, gone: str) -> None:
    """The label is in one of its final states; the scenario still holds it."""
    packed = bench.part(PackingOnBench)
    label = packed.label
    if gone == "spoiled":
        spoil(bench, label, "fell off the case")
        return
    body = label_for(bench, label.letter, label.count)
    print_label(bench, body.model_copy(update={"reprint_of": Id(label.label_id)}))
    packed.labels.pop()


# --- what is tried --------------------------------------------------------------------------------


@when(parsers.re(
    rf"the packer prints labels for {COUNT} cases of (?P<units>[0-9]+) units of lot P"
))
def prints_labels(bench: Bench, count: str, units: str) -> None:
    """One label after the other."""
    packed = bench.part(PackingOnBench)
    packed.labels = [label for label in packed.labels if label not in packed.spoiled]
    for _ in range(int(count)):
        print_label(bench, label_for(bench, "P", int(units)))


@when("the packer prints one more label on that line")
def prints_one_more(bench: Bench) -> None:
    """Try to print past the end of the range."""
    try_label(bench, label_for(bench, "P", 2, line=SMALL_LINE))


@when(parsers.re(
    r"the packer prints a label (?P<wrong>on a packaging line nobody knows|"
    r"on a printer nobody knows|for an order nobody knows|for an order that is not started|"
    r"for a lot that the order does not make)"
))
def prints_wrong_label(bench: Bench, wrong: str) -> None:
    """Try to print a label that belongs to nothing."""
    nobody = Id(bench.namespace.id("NOBODY"))
    planned = add_packing_order(bench, "Z", date(2026, 12, 31))
    label = label_for(bench, "P", 2)
    other = {
        "on a packaging line nobody knows": {"packaging_line_id": nobody},
        "on a printer nobody knows": {"printer_id": nobody},
        "for an order nobody knows": {"order_id": nobody},
        "for an order that is not started": {
            "order_id": Id(planned), "lot_id": Id(bench.lots["Z"].lot_id)
        },
        "for a lot that the order does not make": {"lot_id": Id(bench.lots["Z"].lot_id)},
    }[wrong]
    try_label(bench, label.model_copy(update=other))


# --- what came of it ------------------------------------------------------------------------------


@then(parsers.re(
    r"the (?P<count>[0-9]+) SSCCs are the (?P<which>first 3|second and the third) of the range "
    r"of the line.*"
))
def numbers_of_range(bench: Bench, count: str, which: str) -> None:
    """The range, counted by the judge itself."""
    prefix = bench.namespace.sscc_range(LINE)
    numbers = range(1, 4) if which == "first 3" else range(2, 4)
    bodies = [f"{prefix}{number:05d}" for number in numbers]
    expected = [body + gs1_check_digit(body) for body in bodies]
    shown = [label.sscc for label in bench.part(PackingOnBench).labels]
    bench.recorder.observe(f"range {prefix}…: {', '.join(shown)}")
    equal(len(shown), int(count), "labels printed")
    equal(shown, expected, "SSCCs")


@then("each number stands on one label alone")
def each_number_once(bench: Bench) -> None:
    """In the export of MES."""
    order = bench.part(PackingOnBench).orders["P"]
    shown = [r.sscc for r in shown_labels(bench).rows if r.order_id == order]
    bench.recorder.observe(f"{len(shown)} labels with {len(set(shown))} SSCCs")
    holds(bool(shown), "MES shows no label")
    equal(len(set(shown)), len(shown), "different SSCCs")


@then(parsers.re(
    r"the labels of the order are (?P<issued>[0-9]+) issued, (?P<applied>[0-9]+) applied, "
    r"(?P<spoiled>[0-9]+) spoiled, (?P<void>[0-9]+) void, (?P<open_>[0-9]+) open"
))
def label_balance(
    bench: Bench, issued: str, applied: str, spoiled: str, void: str, open_: str
) -> None:
    """The reconciliation that MES shows."""
    order = bench.part(PackingOnBench).orders["P"]
    shown = [
        (row.issued, row.applied, row.spoiled, row.void, row.open)
        for row in shown_labels(bench).balances if row.order_id == order
    ]
    bench.recorder.observe(f"issued, applied, spoiled, void, open: {shown}")
    equal(shown, [tuple(map(int, (issued, applied, spoiled, void, open_)))], "balance")


@then("neither system shows a container under the SSCC of the smeared label")
def no_container_of_smeared(bench: Bench) -> None:
    """A spoiled number stands on nothing."""
    sscc = bench.part(PackingOnBench).spoiled[-1].sscc
    for role in Role:
        rows = bench.site.client(role).ask("containers", Containers).rows
        bench.recorder.observe(f"{role.upper()}: {len(rows)} containers, none is {sscc}")
        holds(all(row.sscc != sscc for row in rows), f"{role.upper()} shows {sscc}")


# --- how it is done -------------------------------------------------------------------------------


def add_packing_order(
    bench: Bench, letter: str, expires_on: date, labels_missing: int = 0, *, name: str = "",
    members: Mapping[str, object] | None = None,
    product_members: Mapping[str, object] | None = None,
) -> str:
    """Load an order with its product lot, and the packaging lines. Returns: the order's id.

    ``members`` and ``product_members`` set other members of the order and of its product.
    """
    names, packed = bench.namespace, bench.part(PackingOnBench)
    order = names.id(name or f"PACK-{letter}")
    lot = LotOnBench(
        letter, names.id(f"LOT-{letter}"), names.lot_number(f"LOT-{letter}"),
        names.sscc(f"C-{letter}"), Decimal(0),
    )
    product = {
        "material_id": names.id(PRODUCT), "gtin": names.gtin(PRODUCT), "lot_id": lot.lot_id,
        "lot": lot.lot, "expires_on": expires_on, "label_difference_max": labels_missing,
        **(product_members or {}),
    }
    document = _packing_load(bench, order, product)
    document["orders"][0].update(members or {})
    bench.site.load(Load.model_validate(document))
    bench.lots[letter] = lot
    packed.orders[letter] = order
    packed.expiries[letter] = expires_on
    return order


def _packing_load(bench: Bench, order: str, product: dict[str, object]) -> dict[str, Any]:
    names = bench.namespace
    line = {
        "line_id": "10", "material_id": names.id(ITEM), "quantity": amount_of("1.000"),
        "tolerance_high": quantity_of("0.000"),
    }
    lines = ((LINE, names.sscc_range(LINE)), (SMALL_LINE, names.sscc_range(SMALL_LINE, 1)))
    return {
        "materials": [{
            "material_id": names.id(PRODUCT), "description": "Tablets",
            "gtin": names.gtin(PRODUCT), "base_unit": Unit.EACH,
        }],
        "locations": [{
            "location_id": names.id(PACKING), "purpose": "packing", "description": PACKING,
        }],
        "equipment": [{
            "equipment_id": names.id(PRINTER), "kind": "printer", "description": PRINTER,
        }],
        "packaging_lines": [
            {"line_id": names.id(one), "location_id": names.id(PACKING), "sscc_prefix": prefix}
            for one, prefix in lines
        ],
        "orders": [{
            "order_id": order, "bom_id": names.id("BOM"), "bom_version": 3, "lines": [line],
            "product": product,
        }],
    }


def label_for(bench: Bench, letter: str, count: int, *, line: str = LINE) -> PrintLabel:
    """The label of a case with so many units of a lot."""
    names = bench.namespace
    return PrintLabel(
        label_id=Id(bench.new_id("LABEL")),
        order_id=Id(bench.part(PackingOnBench).orders[letter]),
        packaging_line_id=Id(names.id(line)), kind=UnitKind.CASE,
        lot_id=Id(bench.lots[letter].lot_id), quantity=Pieces.of(f"{count} C62"),
        printer_id=Id(names.id(PRINTER)),
    )


def print_label(bench: Bench, body: PrintLabel) -> Printed:
    """Print a label. Raises: AssertionError if it is refused."""
    answer = bench.prepare("the packer", "print-label", body).answer.as_(LabelPrinted)
    letter = next((k for k, lot in bench.lots.items() if lot.lot_id == body.lot_id), "")
    count = int(body.quantity.value)
    printed = Printed(body.label_id, letter, count, answer.sscc, answer.image)
    bench.part(PackingOnBench).labels.append(printed)
    bench.recorder.observe(f"{body.label_id}: {', '.join(answer.element_strings)}")
    return printed


def try_label(bench: Bench, body: PrintLabel) -> None:
    """The packer tries to print a label."""
    attempt = bench.command("the packer", "print-label", body)
    bench.recorder.observe(f"label {body.label_id}: {attempt.answer}")


def spoil(bench: Bench, label: Printed, reason: str) -> None:
    """The packer accounts for a label that is lost."""
    body = SpoilLabel(
        spoil_id=Id(bench.new_id("SPOIL")), label_id=Id(label.label_id), reason=reason
    )
    bench.prepare("the packer", "spoil-label", body)


def verification(bench: Bench, scan: str) -> VerifyLabel:
    """What a scanner sent goes to MES, for the last label."""
    label = bench.part(PackingOnBench).label
    return VerifyLabel(
        verification_id=Id(bench.new_id("READ")), label_id=Id(label.label_id), scan=scan
    )


def shown_labels(bench: Bench) -> Labels:
    """What MES shows of its labels."""
    return bench.site.client(Role.MES).ask("labels", Labels)


def visible(scan: str) -> str:
    """A scan as people can read it."""
    return scan.replace(GS, "<FNC1>")
