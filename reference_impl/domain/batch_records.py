"""What a batch record holds, what it lacks, and what an entry has to say.

Sources: URS-BPR-001, URS-BPR-004; 21 CFR 211.188(a), (b)(1)-(12); 21 CFR 211.134.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal

from contracts.model.batch_records import Element, EntryKind, InProcessTest, MasterRecord
from contracts.model.codes import Code, Refusal
from contracts.model.commands import RecordBatchEntry
from contracts.model.inspection_batch import BatchRecord, EntryRow, MissingElement
from contracts.model.packing import LabelState, UnitKind
from contracts.model.quantities import Quantity

# Fifteen digits before the point and six after it, times a hundred, over the same: all fit.
_WIDE = Context(prec=60)
_PERCENT_STEP, _PERCENT_END = Decimal("0.01"), Decimal(10**6)
# What the master record names one by one, and what a person enters at least once.
_NAMED = (EntryKind.STEP, EntryKind.IN_PROCESS_RESULT)
_ONCE_AT_LEAST: dict[EntryKind, str] = {
    EntryKind.LINE_CLEARANCE: "line clearance before use",
    EntryKind.CONTAINER_CLOSURE: "containers and closures",
    EntryKind.SAMPLING: "sampling",
    EntryKind.EXAMINATION: "examination of the packaged product",
}


# What other records say, and what happens to a batch after its record is completed.
_NOT_SIGNED = ("missing", "obstacles", "completed", "releasedAt", "packed", "device")


# implements FRS-SIG-004
def signed_content(record: BatchRecord) -> dict[str, object]:
    """What a completion signs: all that belongs to the record, deviations by their ids."""
    said = record.to_json()
    for name in _NOT_SIGNED:
        said.pop(name, None)
    said["deviations"] = [deviation.deviation_id for deviation in record.deviations]
    said["labels"] = [
        label.to_json() for label in record.labels if label.kind is not UnitKind.PALLET
    ]
    return said


# implements FRS-BPR-005
# implements FRS-BPR-006
def check_entry(entry: RecordBatchEntry, master: MasterRecord) -> Refusal | None:
    """Refuse an entry that names no step or test of the master record, or lacks what it needs."""
    if entry.ended_at < entry.started_at:
        return Refusal(Code.ENTRY_INCOMPLETE, "endedAt", "it ends before it begins")
    needed = {
        EntryKind.STEP: ("item", "equipment_id"),
        EntryKind.IN_PROCESS_RESULT: ("item", "quantity"),
        EntryKind.CONTAINER_CLOSURE: ("lot_id", "quantity"),
    }.get(entry.kind, ())
    paths = {"equipment_id": "equipmentId", "lot_id": "lotId"}
    for name in needed:
        if getattr(entry, name) is None:
            return Refusal(Code.ENTRY_INCOMPLETE, paths.get(name, name), f"a {entry.kind} needs it")
    return _check_item(entry, master) if entry.kind in _NAMED else None


def _check_item(entry: RecordBatchEntry, master: MasterRecord) -> Refusal | None:
    steps = {step.step_id for step in master.steps}
    test = _test_of(master, entry.item)
    if entry.kind is EntryKind.STEP and entry.item not in steps:
        return Refusal(Code.NOT_ON_MASTER_RECORD, "item", f"there is no step {entry.item}")
    if entry.kind is EntryKind.IN_PROCESS_RESULT and test is None:
        return Refusal(Code.NOT_ON_MASTER_RECORD, "item", f"there is no test {entry.item}")
    if test and entry.quantity and entry.quantity.unit is not test.low.unit:
        return Refusal(Code.ENTRY_INCOMPLETE, "quantity.unit", f"it is {test.low.unit}")
    return None


def within_limits(
    kind: EntryKind, item: str | None, result: Quantity | None, master: MasterRecord | None
) -> bool | None:
    """Whether a result lies within the limits of its test, both included; None for no result."""
    test = _test_of(master, item) if master and kind is EntryKind.IN_PROCESS_RESULT else None
    return test.low <= result <= test.high if test and result else None


def percent_of(good: Quantity, theoretical: Quantity) -> Decimal | None:
    """Good of theoretical in percent, half to even at the second digit after the point.

    None where the two have different units, or one is a million percent of the other and more.
    Source: 21 CFR 211.103.
    """
    if good.unit is not theoretical.unit:
        return None
    share = _WIDE.divide(_WIDE.multiply(good.value, Decimal(100)), theoretical.value)
    if share >= _PERCENT_END:
        return None
    return share.quantize(_PERCENT_STEP, ROUND_HALF_EVEN, _WIDE)


# implements FRS-BPR-001
# implements FRS-BPR-015
def missing_of(record: BatchRecord, lines: dict[str, str]) -> Iterator[MissingElement]:
    """What a batch record lacks, in the order of 211.188; ``lines`` are materials by bill line."""
    master = record.master_record
    if master is None:
        return
    if master.signature is None:
        yield _lacks(Element.MASTER_RECORD, f"signature of {master.record_id} v{master.version}")
    yield from _missing_entries(record.entries, master)
    issued = {row.line_id for row in record.components if row.returned < row.quantity}
    for line_id, material in lines.items():
        if line_id not in issued:
            yield _lacks(Element.COMPONENT, f"lot and quantity of {material}, line {line_id}")
    yield from _missing_results(record)
    if record.device is not None:
        yield from _missing_of_device(record)


def _missing_entries(
    entries: tuple[EntryRow, ...], master: MasterRecord
) -> Iterator[MissingElement]:
    there = {(entry.kind, entry.item) for entry in entries}
    for step in master.steps:
        if (EntryKind.STEP, step.step_id) not in there:
            yield _lacks(Element.STEP, f"{step.step_id} {step.title}")
    for test in master.tests:
        if (EntryKind.IN_PROCESS_RESULT, test.test_id) not in there:
            yield _lacks(Element.IN_PROCESS_RESULT, f"{test.test_id} {test.title}")
    kinds = {entry.kind for entry in entries}
    for kind, words in _ONCE_AT_LEAST.items():
        if kind not in kinds:
            yield _lacks(Element(kind.value), words)


def _missing_results(record: BatchRecord) -> Iterator[MissingElement]:
    if record.yields is None or record.yields.percent is None:
        yield _lacks(Element.YIELD, "yield and percentage of theoretical yield")
    if not any(_is_specimen(label.state, label.verified_fields) for label in record.labels):
        yield _lacks(Element.LABEL_SPECIMEN, "a label that was read back and applied")
    if record.reconciliation is None:
        yield _lacks(Element.LABEL_RECONCILIATION, "reconciliation of the labels")


def _missing_of_device(record: BatchRecord) -> Iterator[MissingElement]:
    device = record.device
    assert device is not None
    if not device.acceptance:
        yield _lacks(Element.ACCEPTANCE, "acceptance record of the device")
    if not device.udi:
        yield _lacks(Element.UDI, "UDI of the units")
    if device.primary_label is None:
        yield _lacks(Element.LABEL_SPECIMEN, "primary label of the device")


def _is_specimen(state: LabelState, read_back: dict[str, str] | None) -> bool:
    return state is LabelState.APPLIED and bool(read_back)


def _lacks(element: Element, what: str) -> MissingElement:
    return MissingElement(element=element, what=what)


def _test_of(master: MasterRecord, item: str | None) -> InProcessTest | None:
    return next((test for test in master.tests if test.test_id == item), None)
