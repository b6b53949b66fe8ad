"""A shift, played and judged: what it had in it, what the oracles found, what the faults did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from contracts.model.messages import MESSAGES
from contracts.model.ports import Recorder
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.history import Event
from contracts.wire.system import Mode, SystemUnderTest
from simulator.evidence import Evidence, Recorded, journal_ends, read_recorded
from simulator.faults import FaultState
from simulator.invariants import Invariant, Judgement, invariants_for
from simulator.ledger import Moving
from simulator.namespace import Namespace
from simulator.plant_model import Plant
from simulator.relay import Fate
from simulator.shift import Played, Shift
from simulator.workload import missing_from, workload_of


@dataclass(frozen=True)
class Cell:
    """One cell of the coverage: a kind of fault on a message or command, and what came of it.

    ``planned`` counts faults, ``fired`` strikes, ``felt`` strikes that somebody noticed.
    """

    fault: str
    message: str
    planned: int
    fired: int
    felt: int

    def as_json(self) -> dict[str, str | int]:
        """The cell as a row of a document."""
        return {
            "fault": self.fault, "message": self.message, "planned": self.planned,
            "fired": self.fired, "felt": self.felt,
        }


@dataclass(frozen=True)
class Campaign:
    """The outcome of one shift."""

    mode: Mode
    seed: int
    events: tuple[Event, ...]
    history_sha256: str
    judgements: tuple[tuple[Invariant, Judgement], ...]
    faults: tuple[FaultState, ...]
    healed: bool
    counts: dict[str, int]
    workload: dict[str, int]

    @property
    def states(self) -> dict[str, State]:
        """The state of each invariant, and of each fault, by id."""
        found = {i.id: invariant_state(j, self.healed) for i, j in self.judgements}
        return found | {f.plan.id: fault_state(f) for f in self.faults}

    @property
    def workload_state(self) -> State:
        """Whether the day had each kind of case that a performance run must have."""
        return State.INCONCLUSIVE if missing_from(self.workload) else State.PASSED

    @property
    def coverage(self) -> list[Cell]:
        """Kinds of fault by message, what was planned and what was struck besides."""
        planned = Counter((f.plan.kind.value, f.plan.message) for f in self.faults)
        fired: Counter[tuple[str, str]] = Counter()
        felt: Counter[tuple[str, str]] = Counter()
        for fault in self.faults:
            fired.update({(fault.plan.kind.value, m): n for m, n in fault.hits.items()})
            felt.update({(fault.plan.kind.value, m): n for m, n in fault.noticed.items()})
        return [
            Cell(kind, message, planned[kind, message], fired[kind, message], felt[kind, message])
            for kind, message in sorted(planned | fired)
        ]


def run_shift(
    plant: Plant, sut: SystemUnderTest, seed: int, namespace: Namespace,
    recorder: Recorder | None = None,
) -> Campaign:
    """Play one shift, let it heal, judge it. Raises: NoAnswer, Unexpected from the systems."""
    return judged(*play(plant, sut, seed, namespace, recorder))


def play(
    plant: Plant, sut: SystemUnderTest, seed: int, namespace: Namespace,
    recorder: Recorder | None = None,
) -> tuple[Played, Evidence, Mode]:
    """Play one shift and read what was recorded of it; ``recorder`` sees the exports."""
    clients = [sut.client(role).as_recorded_by(recorder) for role in Role]
    before = journal_ends(clients)
    played = Shift(plant, sut, seed, namespace).play()
    orders = [order.id for order in plant.orders if order.product]
    recorded = {
        c.role: read_recorded(c, namespace, before.position[c.role], orders) for c in clients
    }
    return played, evidence_of(played, recorded), sut.mode


def judged(played: Played, evidence: Evidence, mode: Mode) -> Campaign:
    """Judge a shift by every invariant that its plant can be judged by."""
    return Campaign(
        mode=mode,
        seed=played.stage.seed,
        events=tuple(played.stage.historian.events),
        history_sha256=played.stage.historian.sha256,
        judgements=tuple((i, i.judge(evidence)) for i in invariants_for(evidence.plant)),
        faults=played.stage.faults.states,
        healed=played.healed_at is not None,
        counts=_counts(played),
        workload=workload_of(played.stage),
    )


def evidence_of(played: Played, recorded: dict[Role, Recorded]) -> Evidence:
    """What there is to judge: what happened, and what was recorded of it."""
    stage = played.stage
    return Evidence(
        stage.plant, stage.ledger, recorded, played.passages, played.healed_at, stage.decided,
        stage.held, stage.of_containers,
    )


def invariant_state(judgement: Judgement, healed: bool) -> State:
    """Failed with any violation; inconclusive where nothing was compared or nothing converged."""
    if judgement.violations:
        return State.FAILED
    return State.PASSED if judgement.checked and healed else State.INCONCLUSIVE


def fault_state(fault: FaultState) -> State:
    """A fault that did not fire, or that nobody felt, shows nothing."""
    return State.PASSED if fault.fired and fault.felt else State.INCONCLUSIVE


def _counts(played: Played) -> dict[str, int]:
    stage = played.stage
    fates = Counter(passage.fate for _, passage in played.passages)
    messages = {p.key for _, p in played.passages if p.message in MESSAGES}
    refused = sum(1 for e in stage.historian.events if e.detail.get("outcome") == "refused")
    return {
        "messages": len(messages),
        "attempts": len(played.passages),
        "questions": sum(p.message not in MESSAGES for _, p in played.passages),
        "requests lost": fates[Fate.REQUEST_LOST],
        "replies lost after commit": fates[Fate.REPLY_LOST],
        "messages delivered twice": fates[Fate.DUPLICATED],
        "printer jams": sum(
            f.fired for f in stage.faults.states if f.plan.kind.value.startswith("jam")
        ),
        "physical picks": sum(m.moving is Moving.PICKED for m in stage.ledger.moves),
        "refused scans": refused,
        "minutes of plant time allowed for healing": stage.plant.site.heal_min,
    }
