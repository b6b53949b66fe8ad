"""The release of packed lots, and the batch record beside the movements of the warehouse."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import ApproveAdjustment, RecordCount
from contracts.model.counts import AdjustmentCause
from contracts.model.identifiers import Id, Sscc
from contracts.model.inspection import Lots
from contracts.model.inspection_adjustments import Deviations
from contracts.model.inspection_batch import BatchRecord, MovementRow, Movements
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import NonNegativeQuantity, Unit
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal, holds, the_only
from features.steps.batch_records import TEST, Recorded, has_completed, read_record
from features.steps.delivery import lead_to
from features.steps.labels import PACKING, PackingOnBench
from features.steps.packing import a_case
from features.steps.picks import scan_of
from features.steps.words import LETTER
from simulator.stub import Stub

# Where material is that production owns, in the ledger of the warehouse.
_IN_PROCESS = "WIP"
Line = tuple[str, str, str, str, Decimal]


@dataclass
class Compared:
    """What both sides tell of one batch, and what the release has to name."""

    recorded: Counter[Line] = field(default_factory=Counter)
    moved: Counter[Line] = field(default_factory=Counter)
    open_words: str = ""


# --- the release ----------------------------------------------------------------------------------


@given(parsers.re(rf"both systems show the packed lot {LETTER} as QUARANTINE"))
def packed_in_quarantine(bench: Bench, letter: str) -> None:
    """Nobody has released what was packed."""
    lot_id = bench.lots[letter].lot_id
    for role in Role:
        rows = bench.site.client(role).ask("lots", Lots).rows
        shown = [row.status for row in rows if row.lot_id == lot_id]
        bench.recorder.observe(f"{role.upper()}: {lot_id} is {', '.join(shown)}")
        equal(shown, [LotStatus.QUARANTINE], f"lot {letter} in {role.upper()}")


@given(parsers.re(rf"the record of lot {LETTER} is not completed"))
def not_completed(bench: Bench, letter: str) -> None:
    """Everything is entered, and nobody has reviewed it."""
    bench.part(Compared).open_words = "is not completed"
    equal(read_record(bench, letter).missing, (), "what the record lacks")


@given(parsers.re(r"the hardness came out as (?P<result>[0-9]+)"))
def hardness_came_out(bench: Bench, result: str) -> None:
    """The result that production will enter."""
    bench.part(Recorded).result = result
    bench.part(Compared).open_words = f"result of {TEST} is outside its limits"


@given(parsers.re(rf"the record of lot {LETTER} is completed with an open deviation"))
def with_deviation(bench: Bench, letter: str) -> None:
    """A piece of the packed case is missing, and the difference is under investigation."""
    count_one_less(bench)
    bench.deliver()
    has_completed(bench, letter)
    deviations = read_record(bench, letter).deviations
    equal(len(deviations), 1, "deviations in the record")
    bench.part(Compared).open_words = f"deviation {deviations[0].deviation_id} is open"


@given(parsers.re(
    rf"quality has completed the batch record of lot {LETTER}, with case (?P<name>[0-9]+) on its "
    r"way"
))
def completed_with_case_on_its_way(bench: Bench, letter: str, name: str) -> None:
    """The label of the case is applied, and the warehouse has not heard of it."""
    has_completed(bench, letter)
    case = bench.part(PackingOnBench).cases[name]
    bench.part(Compared).open_words = f"the warehouse has not acknowledged {case.sscc}"


@given(parsers.re(
    r"case (?P<name>[0-9]+) with (?P<count>[0-9]+) units of lot (?P<letter>[A-Z]), and "
    r"(?P<open_>nobody has looked into a piece that is missing|the warehouse has not heard of it)"
))
def packed_with_something_open(
    bench: Bench, name: str, count: str, letter: str, open_: str
) -> None:
    """A case of a lot whose batch record is on paper; one thing of it is not settled."""
    if open_.startswith("the warehouse"):
        lead_to(bench, Role.MES, Stub())
        a_case(bench, name, count, letter)
        case = bench.part(PackingOnBench).cases[name]
        bench.part(Compared).open_words = f"the warehouse has not acknowledged {case.sscc}"
        return
    a_case(bench, name, count, letter)
    count_one_less(bench)
    bench.deliver()
    lot_id = bench.lots[letter].lot_id
    rows = bench.site.client(Role.MES).ask("deviations", Deviations).rows
    deviation = the_only((row for row in rows if lot_id in row.affected_lots), "deviations")
    bench.part(Compared).open_words = f"deviation {deviation.deviation_id} is open"


@then("the refusal names what is open")
def names_what_is_open(bench: Bench) -> None:
    """In the words for the operator, and in the record."""
    words, detail = bench.part(Compared).open_words, bench.last.refusal.detail
    bench.recorder.observe(detail)
    equal(detail.count(";"), 0, "further obstacles that the refusal names")
    holds(words in detail, f"the refusal says {detail!r}, not {words!r}")
    obstacles = read_record(bench, "P").obstacles
    equal(obstacles, (detail,), "obstacles in the record")


# --- the record and the movements -----------------------------------------------------------------


@when(parsers.re(
    rf"the batch record of lot {LETTER} is compared with the movements of the warehouse"
))
def is_compared(bench: Bench, letter: str) -> None:
    """Line by line: identifiers, lots and exact quantities."""
    bench.deliver()
    compared, record = bench.part(Compared), read_record(bench, letter)
    moved = bench.site.client(Role.WMS).ask("movements", Movements).rows
    compared.recorded = Counter(_recorded(record))
    compared.moved = Counter(_moved(record, moved))


@then(parsers.re(
    r"they agree in (?P<issues>[0-9]+) issues, (?P<returns>[0-9]+) return and "
    r"(?P<packed>[0-9]+) packed unit"
))
def they_agree(bench: Bench, issues: str, returns: str, packed: str) -> None:
    """The same lines on both sides, and as many as were made."""
    compared = bench.part(Compared)
    bench.recorder.observe(f"{compared.recorded.total()} lines, {compared.moved.total()} movements")
    equal(compared.recorded, compared.moved, "lines of the record and movements")
    kinds = Counter(line[0] for line in compared.moved)
    wanted = {"issued": int(issues), "returned": int(returns), "packed": int(packed)}
    equal(dict(kinds), wanted, "lines by kind")


@then("the comparison reports that movement and nothing else")
def reports_foreign(bench: Bench) -> None:
    """The one line that the record does not have."""
    compared = bench.part(Compared)
    only_moved = compared.moved - compared.recorded
    bench.recorder.observe(", ".join(map(str, only_moved)))
    equal(compared.recorded - compared.moved, Counter(), "lines without a movement")
    event = next(a.event for a in bench.attempts if a.draft is not None)
    equal([line[1] for line in only_moved.elements()], [event], "movements without a line")


# --- how it is done -------------------------------------------------------------------------------


def _recorded(record: BatchRecord) -> list[Line]:
    """What a batch record tells: kind, cause or container, container, lot, quantity."""
    issued = [
        ("issued", row.issue_id, row.container or row.source_container, row.lot_id,
         row.quantity.value)
        for row in record.components
    ]
    returned = [
        ("returned", row.container or "", "", row.lot_id, row.returned.value)
        for row in record.components if row.returned.value
    ]
    packed = [
        ("packed", row.pack_id, row.sscc, row.lot_id, row.quantity.value) for row in record.packed
    ]
    return [*issued, *returned, *packed]


def _moved(record: BatchRecord, rows: tuple[MovementRow, ...]) -> list[Line]:
    """The movements of the record's lots to and from production, in the same form."""
    lots = {row.lot_id for row in record.components}
    lots |= {record.product.lot_id} if record.product else set()
    found: list[Line] = []
    for row in rows:
        if row.lot_id not in lots:
            continue
        amount = row.quantity.value
        if row.to_location == _IN_PROCESS:
            found.append(("issued", row.cause, row.to_container, row.lot_id, amount))
        elif row.from_location == _IN_PROCESS:
            found.append(("returned", row.from_container, "", row.lot_id, amount))
        elif row.from_location.startswith("order/"):
            found.append(("packed", row.cause, row.to_container, row.lot_id, amount))
    return found


def count_one_less(bench: Bench) -> None:
    """Two people count one piece, a third adjusts the book: more than half a percent is gone."""
    names, case = bench.namespace, bench.part(PackingOnBench).cases["1"]
    first = Id(bench.new_id("COUNT"))
    for who, count_id, of in (
        ("the counter", first, None), ("the second counter", Id(bench.new_id("RECOUNT")), first)
    ):
        bench.prepare(who, "record-count", RecordCount(
            count_id=count_id, location_id=Id(names.id(PACKING)), scan=scan_of(Sscc(case.sscc)),
            counted=NonNegativeQuantity(value=Decimal(1), unit=Unit.EACH), recount_of=of,
        ))
    bench.prepare("the supervisor", "approve-adjustment", ApproveAdjustment(
        adjustment_id=Id(bench.new_id("ADJUST")), count_id=first,
        reason="One piece is missing in the case", cause=AdjustmentCause.UNKNOWN,
        signature=bench.signature("the supervisor", "Approved"),
    ))
