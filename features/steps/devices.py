"""Devices and zones: a plant day in which something fails, played and judged."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.packing import LabelState
from contracts.model.roles import Role
from contracts.model.verdicts import State
from features.bench import Bench
from features.claims import equal, holds
from simulator.campaign import Campaign, invariant_state, judged, play
from simulator.evidence import Evidence
from simulator.invariants import INVARIANTS
from simulator.ledger import Held
from simulator.namespace import Namespace
from simulator.parts import FaultKind, FaultPart
from simulator.plant import EXAMPLE, SHORT, read_plant
from simulator.plant_model import Plant
from simulator.workload import missing_from

NOTHING_WRONG = (
    "INV-NOTHING-LOST", "INV-NOTHING-DOUBLED", "INV-NO-ORPHANS", "INV-MASS-BALANCE",
    "INV-MES-EQUALS-WMS", "INV-CONVERGED",
)
# Per station: the message or command at which the network goes, and one whose reply is lost later.
LOSSES: dict[str, tuple[tuple[str, dict[str, str]], tuple[str, dict[str, str]]]] = {
    "the dock": (
        ("confirm-receipt", {"receiptId": "RCP-ASN-01-A"}),
        ("put-away", {"putawayId": "PUT-ASN-01-B"}),
    ),
    "the weigh booth": (
        ("dispense", {"dispenseId": "WGH-PO-1-10-1"}),
        ("dispense", {"dispenseId": "WGH-PO-1-20-1"}),
    ),
    "the print/apply station": (
        ("verify-label", {"labelId": "PO-1-C001"}), ("pack-unit", {"packId": "PCK-PO-1-C002"}),
    ),
    "the link from WMS to MES": (
        ("receipt-confirmed", {"receiptId": "RCP-ASN-01-A"}),
        ("pick-confirmed", {"orderId": "PO-1", "lineId": "20"}),
    ),
    "the link from MES to WMS": (
        ("pack-completed", {"packId": "PCK-PO-1-C001"}),
        ("material-issued", {"orderId": "PO-1", "lineId": "20"}),
    ),
}


@dataclass
class DayOnBench:
    """The day of a scenario: the plant, and what came of it."""

    plant: Plant = field(default_factory=lambda: read_plant(SHORT))
    campaign: Campaign | None = None
    evidence: Evidence | None = None

    @property
    def played(self) -> Campaign:
        """The judged day. Raises: AssertionError before it was played."""
        assert self.campaign is not None, "the day has not been played"
        return self.campaign


@given("the short day of the example plant")
def short_day(bench: Bench) -> None:
    """One of everything, and nothing that goes wrong yet."""
    _take(bench, read_plant(SHORT).model_copy(update={"faults": ()}))


@given("the example plant's shift of picking")
def shift_of_picking(bench: Bench) -> None:
    """Picks alone."""
    _take(bench, read_plant(EXAMPLE))


@given(parsers.re(
    r"the network at (?P<station>.+) is lost for (?P<minutes>[0-9]+) minutes, "
    r"and another time a reply after the commit"
))
def network_is_lost(bench: Bench, station: str, minutes: str) -> None:
    """Two faults, anchored to what people do at the station, or to messages on the link."""
    (first, first_where), (second, second_where) = LOSSES[station]
    _fail(
        bench,
        FaultPart(id="F-OUTAGE", kind=FaultKind.OUTAGE, message=first, where=first_where,
                  minutes=int(minutes)),
        FaultPart(id="F-REPLY", kind=FaultKind.REPLY_LOST, message=second, where=second_where),
    )


@given(parsers.re(r"the label printer jams (?P<moment>.+) at a case and at a pallet"))
def printer_jams(bench: Bench, moment: str) -> None:
    """Two jams at the same moment."""
    kind = FaultKind(f"jam {moment}")
    _fail(
        bench,
        *(
            FaultPart(id=f"F-JAM-{n}", kind=kind, message="print-label", where={"labelId": label})
            for n, label in enumerate(("PO-1-C002", "PO-1-P002"), start=1)
        ),
    )


@when("the day is played and has healed")
def day_is_played(bench: Bench) -> None:
    """Play it under names of its own, and read what both systems recorded."""
    day = bench.part(DayOnBench)
    names = Namespace(f"{bench.namespace.prefix}D")
    played, evidence, mode = play(day.plant, bench.sut, 1, names, bench.recorder)
    day.campaign, day.evidence = judged(played, evidence, mode), evidence
    counts = ", ".join(f"{count} {what}" for what, count in day.campaign.counts.items())
    bench.recorder.observe(f"{counts}; history {day.campaign.history_sha256}")


@then("both losses struck and were felt")
def losses_were_felt(bench: Bench) -> None:
    """Each fault fired, and whoever it hit tried again."""
    _all_felt(bench)


@then("both jams struck, and the label came from the second printer")
def second_printer_took_over(bench: Bench) -> None:
    """Every label that was printed again came from another printer than the first."""
    _all_felt(bench)
    day = bench.part(DayOnBench)
    again = [
        event for event in day.played.events
        if event.event == "print-label" and event.subject.endswith("-2")
    ]
    equal({e.detail["printer"] for e in again}, {"PRN-2"}, "the printer of what was printed again")
    equal(len(again), 2, "labels printed again")


@then("nothing is lost, nothing is doubled, and no lot or SSCC is an orphan")
def nothing_is_wrong(bench: Bench) -> None:
    """The invariants that a recovery has to keep."""
    _hold(bench, *NOTHING_WRONG)


@then("every label issued is applied, spoiled or void, on record as on paper")
def labels_reconcile(bench: Bench) -> None:
    """Paper and record agree, label by label."""
    _hold(bench, "INV-LABELS", "INV-AGGREGATION-TREE")


@then("each of these, put into a copy of the records, is reported")
def each_is_reported(bench: Bench, datatable: list[list[str]]) -> None:
    """The judges themselves are judged: on records that are wrong in one place."""
    evidence = bench.part(DayOnBench).evidence
    assert evidence is not None
    for record, invariant in datatable[1:]:
        spoiled = copy.deepcopy(evidence)
        SPOILED[record](spoiled)
        oracle = next(i for i in INVARIANTS if i.id == invariant)
        before, found = oracle.judge(evidence), oracle.judge(spoiled)
        equal(len(before.violations), 0, f"violations of {invariant} before")
        holds(bool(found.violations), f"{invariant} did not report {record}")
        bench.recorder.observe(f"{record}: {found.violations[0]}")


@then("its workload is counted")
def workload_is_counted(bench: Bench, datatable: list[list[str]]) -> None:
    """Each kind of case has the count that the day was made with."""
    workload = bench.part(DayOnBench).played.workload
    expected = {case: int(count) for case, count in datatable[1:]}
    equal({case: workload.get(case, 0) for case in expected}, expected, "workload")
    bench.recorder.observe(", ".join(f"{count} {case}" for case, count in workload.items()))


@then("the workload is complete")
def workload_is_complete(bench: Bench) -> None:
    """The run counts as one that had everything in it."""
    equal(bench.part(DayOnBench).played.workload_state, State.PASSED, "state of the workload")


@then("the workload is inconclusive, because the day had none of these")
def workload_is_inconclusive(bench: Bench, datatable: list[list[str]]) -> None:
    """What is missing is named, and the run does not pass."""
    campaign = bench.part(DayOnBench).played
    equal(campaign.workload_state, State.INCONCLUSIVE, "state of the workload")
    equal(set(missing_from(campaign.workload)), {row[0] for row in datatable[1:]}, "missing")
    bench.recorder.observe(f"missing: {', '.join(missing_from(campaign.workload))}")


def _take(bench: Bench, plant: Plant) -> None:
    bench.part(DayOnBench).plant = plant


def _fail(bench: Bench, *faults: FaultPart) -> None:
    day = bench.part(DayOnBench)
    day.plant = day.plant.model_copy(update={"faults": faults})


def _all_felt(bench: Bench) -> None:
    for fault in bench.part(DayOnBench).played.faults:
        holds(fault.fired > 0, f"{fault.plan.id} ({fault.plan.kind}) did not strike")
        holds(fault.felt, f"{fault.plan.id} ({fault.plan.kind}) struck and nobody felt it")
        bench.recorder.observe(f"{fault.plan.kind} at {fault.plan.message}: {fault.fired} times")


def _hold(bench: Bench, *invariants: str) -> None:
    campaign = bench.part(DayOnBench).played
    for invariant, judgement in campaign.judgements:
        if invariant.id not in invariants:
            continue
        first = f": {judgement.violations[0]}" if judgement.violations else ""
        state = invariant_state(judgement, campaign.healed)
        holds(state is State.PASSED, f"{invariant.id} is {state}{first}")
        bench.recorder.observe(f"{invariant.title}: {judgement.checked} compared")


def _never_posted(evidence: Evidence) -> None:
    evidence.recorded[Role.MES].received.pop()


def _posted_twice(evidence: Evidence) -> None:
    received = evidence.recorded[Role.MES].received
    received.append(replace(received[0], key="again", answers=(b"another acknowledgement",)))


def _unknown_to_mes(evidence: Evidence) -> None:
    del evidence.recorded[Role.MES].containers["ASN-01-A"]


def _lot_of_nobody(evidence: Evidence) -> None:
    wms = evidence.recorded[Role.WMS]
    wms.lots["LOT-X"] = replace(next(iter(wms.lots.values())), lot="LOT-X")
    wms.containers["X"] = Held("X", "LOT-X", Decimal(1), "RACK-A1")


def _spoiled_and_on_a_unit(evidence: Evidence) -> None:
    _say(evidence, "PO-1-C001", LabelState.SPOILED)


def _open_for_ever(evidence: Evidence) -> None:
    _say(evidence, "PO-1-C002", LabelState.ISSUED)


def _two_with_one_sscc(evidence: Evidence) -> None:
    labels = evidence.recorded[Role.MES].labels
    labels["PO-1-C003"] = replace(labels["PO-1-C003"], unit=labels["PO-1-C001"].unit)


def _say(evidence: Evidence, label: str, state: LabelState) -> None:
    labels = evidence.recorded[Role.MES].labels
    labels[label] = replace(labels[label], state=state)


SPOILED: dict[str, Callable[[Evidence], None]] = {
    "a message that its receiver never posted": _never_posted,
    "an event that was posted a second time": _posted_twice,
    "a received container that MES does not know": _unknown_to_mes,
    "a lot that nobody ever had": _lot_of_nobody,
    "a label on a unit that is on record spoiled": _spoiled_and_on_a_unit,
    "a label that nobody accounts for": _open_for_ever,
    "two applied labels with one SSCC": _two_with_one_sscc,
}
