"""Batch records: filled by production, completed by quality, in front of every release."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.batch_records import EntryKind
from contracts.model.commands import (
    CompleteBatchRecord,
    CompleteOrder,
    ReconcileLabels,
    RecordBatchEntry,
)
from contracts.model.identifiers import Id, LotNumber
from contracts.model.inspection_batch import BatchRecord
from contracts.model.quantities import PositiveQuantity, Quantity, Unit
from contracts.model.roles import Role
from contracts.model.stimulus import Load, Lot, Material
from features.bench import Bench
from features.claims import equal, holds, the_only
from features.steps.dispensing import AtTheScale
from features.steps.genealogy import EXPIRY, make_order, weighed_for_product
from features.steps.labels import PRODUCT, PackingOnBench
from features.steps.packing import a_case
from features.steps.words import LETTER, day_of

STEP, TEST, CLOSURES = "MIX", "HARDNESS", "BOTTLES"
_MEANING = "Reviewed and complete"
_LEFT_OUT = {
    "line clearance": EntryKind.LINE_CLEARANCE, "in-process result": EntryKind.IN_PROCESS_RESULT,
    "acceptance": EntryKind.ACCEPTANCE,
}


@dataclass
class Recorded:
    """What the scenario leaves out of the record, and what it read of it."""

    without: str = ""
    result: str = "5"
    is_device: bool = False
    record: BatchRecord | None = None
    entered: list[str] = field(default_factory=list)


# --- what was done --------------------------------------------------------------------------------


@given(parsers.re(
    rf"lot {LETTER} of (?P<what>tablets|a device) was made out of (?P<amount>[0-9.]+) kg of lot "
    r"(?P<source>[A-Z]), and (?:everything|all but the (?P<without>[a-z -]+)) was recorded"
))
def was_made(
    bench: Bench, letter: str, what: str, amount: str, source: str, without: str | None
) -> None:
    """Weighed, made, packed into one case, balanced, and entered; quality has not looked yet."""
    kept = bench.part(Recorded)
    kept.without, kept.is_device = without or "", what == "a device"
    make_order(
        bench, letter, f"MAKE-{letter}", {"master_record": _master(bench, signed=True)},
        {"is_device": kept.is_device},
    )
    weighed_for_product(bench, amount, source)
    a_case(bench, "1", "2", letter)
    order = Id(bench.part(PackingOnBench).orders[letter])
    bench.prepare("production", "complete-order", CompleteOrder(
        order_id=order, good_quantity=_pieces(2),
    ))
    if kept.without != "label balance":
        bench.prepare("the packer", "reconcile-labels", ReconcileLabels(
            reconciliation_id=Id(bench.new_id("BALANCE")), order_id=order, applied=1, destroyed=0,
        ))
    bench.recorder.observe(f"{len(_enter_all(bench))} entries were made")


@given(parsers.re(rf"an order that makes lot {LETTER} of tablets by a master record that nobody "
                  r"signed"))
def made_by_unsigned(bench: Bench, letter: str) -> None:
    """A started order for which nothing was done."""
    make_order(bench, letter, f"MAKE-{letter}", {"master_record": _master(bench, signed=False)})


@given(parsers.re(rf"quality has completed the batch record of lot {LETTER}"))
def has_completed(bench: Bench, letter: str) -> None:
    """Reviewed and signed."""
    bench.prepare("quality", "complete-batch-record", _completion(bench, letter))


# --- what is tried --------------------------------------------------------------------------------


@when(parsers.re(rf"quality completes the batch record of lot {LETTER}"))
def completes(bench: Bench, letter: str) -> None:
    """Try to complete."""
    attempt = bench.command("quality", "complete-batch-record", _completion(bench, letter))
    bench.recorder.observe(f"completion: {attempt.answer}")
    bench.part(Recorded).record = read_record(bench, letter)


@when(parsers.re(rf"the batch record of lot {LETTER} is read"))
def is_read(bench: Bench, letter: str) -> None:
    """The export of one record."""
    bench.deliver()
    bench.part(Recorded).record = read_record(bench, letter)


@when(parsers.re(r"production enters (?P<what>a (?:step|test) .+)"))
def enters(bench: Bench, what: str) -> None:
    """Try to make an entry that is wrong in one way."""
    is_test = what.startswith("a test")
    good = entry_of(bench, EntryKind.IN_PROCESS_RESULT if is_test else EntryKind.STEP)
    changes: dict[str, dict[str, Any]] = {
        "that was checked by itself": {"verification": bench.signature("production", "Checked")},
        "with a wrong password": {
            "verification": bench.signature("the packer", "Checked", wrong_password=True)
        },
        "that the master record lacks": {"item": Id("POLISH")},
        "without equipment": {"equipment_id": None},
        "on equipment nobody knows": {"equipment_id": Id(bench.new_id("NOBODY"))},
        "that ends before it begins": {"ended_at": bench.now - timedelta(hours=2)},
        "without its result": {"quantity": None},
        "once more": {},
    }
    body = good.model_copy(update=changes[what.split(" ", 2)[2]])
    attempt = bench.command("production", "record-batch-entry", body)
    bench.recorder.observe(f"{what}: {attempt.answer}")


# --- what came of it ------------------------------------------------------------------------------


@then("the refusal and the record name each of these elements")
def names_each(bench: Bench, datatable: list[list[str]]) -> None:
    """In the words for the operator, and in the export."""
    _check_named(bench, [row[0] for row in datatable[1:]])


@then(parsers.re(r"the refusal and the record name (?P<element>[A-Z_]+) alone"))
def names_one(bench: Bench, element: str) -> None:
    """One element and no other."""
    _check_named(bench, [element])


@then("the record shows the master record's version with its signature, and quality's own")
def shows_master(bench: Bench) -> None:
    """Which version it was made by, who approved it, who reviewed the record."""
    record = _record(bench)
    master, review = record.master_record, record.completed
    assert master is not None
    assert review is not None
    assert master.signature is not None
    bench.recorder.observe(
        f"{master.record_id} v{master.version}, signed {master.signature.signature_id}; "
        f"reviewed by {review.person_id}: {review.meaning}"
    )
    equal((master.version, master.signature.person_id), (7, bench.person_id("quality")), "master")
    equal((review.person_id, review.meaning), (bench.person_id("quality"), _MEANING), "review")
    equal((record.missing, record.deviations), ((), ()), "what is missing, deviations")


@then("it shows each step and test with times, equipment, performer and checker")
def shows_entries(bench: Bench) -> None:
    """Every entry that was made, with both people."""
    record = _record(bench)
    equal(sorted(e.entry_id for e in record.entries), sorted(bench.part(Recorded).entered),
          "entries")
    people = {(entry.performed_by, entry.checked_by) for entry in record.entries}
    equal(people, {(bench.person_id("production"), bench.person_id("the packer"))}, "people")
    step = the_only((e for e in record.entries if e.kind is EntryKind.STEP), "steps")
    test = the_only((e for e in record.entries if e.item == TEST), "tests")
    bench.recorder.observe(f"{step.item} on {step.equipment_id}; {test.item}: {test.quantity}")
    took = step.ended_at - step.started_at
    equal((step.equipment_id, took), (bench.part(AtTheScale).scale, timedelta(hours=1)), "step")
    equal((test.quantity, test.within_limits), (Quantity.of("5 C62"), True), "test")


@then(parsers.re(
    rf"it shows (?P<amount>[0-9.]+) kg of lot {LETTER} with gross, tare, scale and both people"
))
def shows_component(bench: Bench, amount: str, letter: str) -> None:
    """The exact weights of the one component."""
    row = the_only(_record(bench).components, "components")
    command = bench.part(AtTheScale).command
    assert command is not None
    bench.recorder.observe(f"{row.gross} − {row.tare} = {row.quantity} of {row.lot_id}")
    shown = (row.lot_id, row.quantity.value, row.gross, row.tare, row.scale_id)
    wanted = (bench.lots[letter].lot_id, Decimal(amount), command.gross, command.tare,
              command.scale_id)
    equal(shown, wanted, "lot, net, gross, tare, scale")
    people = tuple(bench.person_id(who) for who in ("the dispenser", "the second dispenser"))
    equal((row.performed_by, row.checked_by), people, "weighed and checked by")


@then(parsers.re(
    r"it shows a yield of (?P<good>[0-9]+) pieces, (?P<percent>[0-9.]+) % of (?P<of>[0-9]+), "
    r"a label that was read back, and its balance"
))
def shows_yield(bench: Bench, good: str, percent: str, of: str) -> None:
    """What came out, and what became of the labels."""
    record = _record(bench)
    assert record.yields is not None
    assert record.yields.theoretical is not None
    shown = (record.yields.good.value, record.yields.percent, record.yields.theoretical.value)
    bench.recorder.observe(f"{shown[0]} of {shown[2]} pieces: {shown[1]} %")
    equal(shown, (Decimal(good), Decimal(percent), Decimal(of)), "good, percent, theoretical")
    label = the_only(record.labels, "labels")
    holds(bool(label.verified_fields), f"label {label.label_id} was not read back")
    balance = record.reconciliation
    assert balance is not None
    equal((balance.issued, balance.applied, balance.difference), (1, 1, 0), "label balance")


@then(parsers.re(
    r"it shows the UDI of (?P<count>[0-9]+) units, (?P<made>[0-9]+) made, "
    r"(?P<released>[0-9]+) released, its acceptance and its primary label"
))
def shows_device(bench: Bench, count: str, made: str, released: str) -> None:
    """Device and production identifiers, written out by the judge itself."""
    device, packed = _record(bench).device, bench.part(PackingOnBench)
    assert device is not None
    lot, case = bench.lots["P"], packed.cases["1"]
    wanted = [
        f"(01){bench.namespace.gtin(PRODUCT)}(17)261231(10){lot.lot}(21){serial}"
        for serial in case.serials
    ]
    bench.recorder.observe("; ".join(device.udi))
    equal((len(wanted), sorted(device.udi)), (int(count), sorted(wanted)), "UDI")
    assert device.made is not None
    assert device.released is not None
    amounts = (device.made.value, device.released.value)
    equal(amounts, (Decimal(made), Decimal(released)), "made and released")
    equal(len(device.acceptance), 1, "acceptance records")
    equal(device.primary_label, packed.labels[0].label_id, "primary label")


# --- how it is done -------------------------------------------------------------------------------


def read_record(bench: Bench, letter: str) -> BatchRecord:
    """The batch record of the order that makes a lot."""
    order = bench.part(PackingOnBench).orders[letter]
    return bench.site.client(Role.MES).ask("batch-record", BatchRecord, f"orderId={order}")


def entry_of(bench: Bench, kind: EntryKind) -> RecordBatchEntry:
    """A good entry of a kind, done by production, checked by the packer."""
    names, kept = bench.namespace, bench.part(Recorded)
    order = next(reversed(bench.part(PackingOnBench).orders.values()))
    quantity, item, equipment, lot = None, None, None, None
    if kind is EntryKind.STEP:
        item, equipment = Id(STEP), Id(bench.part(AtTheScale).scale)
    elif kind is EntryKind.IN_PROCESS_RESULT:
        item, quantity = Id(TEST), Quantity.of(f"{kept.result} C62")
    elif kind is EntryKind.CONTAINER_CLOSURE:
        lot, quantity = Id(names.id(CLOSURES)), Quantity.of("2 C62")
    return RecordBatchEntry(
        entry_id=Id(bench.new_id("ENTRY")), order_id=Id(order), kind=kind, item=item,
        text="Done as the master record says", started_at=bench.now - timedelta(hours=1),
        ended_at=bench.now, equipment_id=equipment, lot_id=lot, quantity=quantity,
        verification=bench.signature("the packer", "Checked"),
    )


def _enter_all(bench: Bench) -> list[str]:
    kept = bench.part(Recorded)
    _load_closures(bench)
    for kind in EntryKind:
        left_out = kind is _LEFT_OUT.get(kept.without)
        if left_out or (kind is EntryKind.ACCEPTANCE and not kept.is_device):
            continue
        body = entry_of(bench, kind)
        bench.prepare("production", "record-batch-entry", body)
        kept.entered.append(body.entry_id)
    return kept.entered


def _load_closures(bench: Bench) -> None:
    names = bench.namespace
    bench.site.load(Load(
        materials=(Material(
            material_id=Id(names.id(f"ITEM-{CLOSURES}")), description="Bottles",
            gtin=names.gtin(CLOSURES), base_unit=Unit.EACH,
        ),),
        lots=(Lot(
            lot_id=Id(names.id(CLOSURES)), material_id=Id(names.id(f"ITEM-{CLOSURES}")),
            lot=LotNumber(names.lot_number(CLOSURES)), expires_on=day_of(EXPIRY.isoformat()),
        ),),
    ))


def _completion(bench: Bench, letter: str) -> CompleteBatchRecord:
    return CompleteBatchRecord(
        order_id=Id(bench.part(PackingOnBench).orders[letter]),
        completion_id=Id(bench.new_id("COMPLETION")),
        signature=bench.signature("quality", _MEANING),
    )


def _check_named(bench: Bench, elements: list[str]) -> None:
    """Claim what refusal and record say is missing. Raises: AssertionError in words."""
    detail = bench.last.refusal.detail
    named = sorted(part.partition(":")[0] for part in detail.split("; "))
    bench.recorder.observe(detail)
    equal(named, sorted(elements), "elements that the refusal names")
    shown = sorted(one.element.value for one in _record(bench).missing)
    equal(shown, sorted(elements), "elements that the record names")


def _record(bench: Bench) -> BatchRecord:
    record = bench.part(Recorded).record
    assert record is not None, "the scenario has not read the record"
    return record


def _pieces(count: int) -> PositiveQuantity:
    return PositiveQuantity(value=Decimal(count), unit=Unit.EACH)


def _master(bench: Bench, *, signed: bool) -> dict[str, object]:
    signature = {
        "signature_id": bench.new_id("SIG"), "person_id": bench.person_id("quality"),
        "printed_name": "Example Quality", "role": "quality", "meaning": "Approved",
        "signed_at": bench.now,
    }
    return {
        "record_id": bench.namespace.id("MASTER"), "version": 7,
        "theoretical_yield": {"value": "4", "unit": "C62"},
        "steps": [{"step_id": STEP, "title": "Mix for an hour"}],
        "tests": [{
            "test_id": TEST, "title": "Hardness", "low": {"value": "1", "unit": "C62"},
            "high": {"value": "5", "unit": "C62"},
        }],
        "signature": signature if signed else None,
    }
