"""A shift, played and judged: what it had in it, what the oracles found, what the faults did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from contracts.model.messages import MESSAGES
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.history import Event
from contracts.wire.system import Mode, SystemUnderTest
from simulator.evidence import Evidence, journal_ends, read_recorded
from simulator.invariants import INVARIANTS, Invariant, Judgement
from simulator.namespace import Namespace
from simulator.plant import Plant
from simulator.relay import Fate, FaultState
from simulator.shift import HEAL, Played, Shift


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

    @property
    def states(self) -> dict[str, State]:
        """The state of each invariant, and of each fault, by id."""
        found = {i.id: invariant_state(j, self.healed) for i, j in self.judgements}
        return found | {f.plan.id: fault_state(f) for f in self.faults}


def run_shift(
    plant: Plant, sut: SystemUnderTest, seed: int, namespace: Namespace
) -> Campaign:
    """Play one shift, let it heal, judge it. Raises: NoAnswer, Unexpected from the systems."""
    clients = [sut.client(role) for role in Role]
    before = journal_ends(clients)
    played = Shift(plant, sut, seed, namespace).play()
    evidence = Evidence(
        plant=plant,
        ledger=played.ledger,
        recorded={
            c.role: read_recorded(c, namespace, before.position[c.role]) for c in clients
        },
        passages=played.passages,
        healed_at=played.healed_at,
    )
    return Campaign(
        mode=sut.mode,
        seed=seed,
        events=tuple(played.historian.events),
        history_sha256=played.historian.sha256,
        judgements=tuple((i, i.judge(evidence)) for i in INVARIANTS),
        faults=played.faults,
        healed=played.healed_at is not None,
        counts=_counts(played),
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
    fates = Counter(passage.fate for _, passage in played.passages)
    messages = {p.key for _, p in played.passages if p.message in MESSAGES}
    refused = sum(1 for e in played.historian.events if e.detail.get("outcome") == "refused")
    return {
        "messages": len(messages),
        "attempts": len(played.passages),
        "requests lost": fates[Fate.REQUEST_LOST],
        "replies lost after commit": fates[Fate.REPLY_LOST],
        "physical picks": len(played.ledger.moves),
        "refused scans": refused,
        "plant hours to heal, at most": int(HEAL.total_seconds() // 3600),
    }
