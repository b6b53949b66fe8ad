"""What a run writes: plan before, results during, header after. Reports print from it alone.

Each model is one JSON document or one JSON line of the run folder. The plan fixes the scope; a
verdict is taken over the plan, so that a planned check that never ran is seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from contracts.model.answers import Sha256
from contracts.model.instants import Timestamp
from contracts.model.requirements import Protocol, Requirement
from contracts.model.verdicts import State, Verdict, verdict_of
from contracts.model.wire_model import WireModel

RUN_FORMAT: Literal["gxproof-run/1"] = "gxproof-run/1"
NOT_APPROVED = "executed without an approved protocol"
DRIFTED = "executed on another configuration than the approved baseline"
EPHEMERAL_KEY = "signed with a key made for this run, which shows integrity and not who signed"
"""Why a run is informal, in the words that its header and its pages use."""
PART_ALONE = "this run was asked for the others alone"
"""Why requirements are outside of a run that was about some of them."""


class Kind(StrEnum):
    """What sort of check a result comes from."""

    INSTALLATION = "installation check"
    SCENARIO = "scenario"
    CONTRACT = "contract check"
    CHALLENGE = "challenge of the method"
    INVARIANT = "invariant"
    FAULT = "fault"


class PlannedStep(WireModel):
    """One step of a test script, as it will be done."""

    keyword: str
    text: str


class Planned(WireModel):
    """One check in the scope of a protocol. Ids are unique in a plan."""

    id: str
    kind: Kind
    title: str
    requirements: tuple[str, ...] = ()
    expects: str = ""
    """The acceptance criterion in words."""
    must_succeed: bool | None = None
    """For scenarios: True where the system must accept, False where it must refuse."""
    steps: tuple[PlannedStep, ...] = ()
    """The test script, for checks that have one."""


class Cell(WireModel):
    """A kind of fault and the message that it can strike."""

    fault: str
    message: str


class Outside(WireModel):
    """What a protocol leaves out, with the reason; listed on page one."""

    subject: str
    reason: str


class ProtocolPlan(WireModel):
    """The scope of one protocol."""

    protocol: Protocol
    scope: tuple[Planned, ...]
    outside: tuple[Outside, ...] = ()
    feasible: tuple[Cell, ...] = ()
    """The faults that could strike at all, so that coverage is measured against something."""


class RuleItem(WireModel):
    """A business rule of the register and the code that obeys it, where it is known."""

    id: str
    requirement: str
    text: str
    code: str
    sentence: str
    guards: tuple[str, ...]
    implemented_by: tuple[str, ...] = ()
    """``path:function sha256`` of each function that says it implements the rule."""


class Plan(WireModel):
    """Everything that a run sets out to do, fixed before it starts."""

    protocols: tuple[ProtocolPlan, ...]
    requirements: tuple[Requirement, ...]
    rules: tuple[RuleItem, ...]
    approved: bool = False
    """Whether a person has approved it, with the baseline that it is executed on. False: executed
    without an approved protocol, so every page says INFORMAL."""

    def protocol(self, protocol: Protocol) -> ProtocolPlan:
        """The scope of one protocol. Raises: KeyError when the plan has none."""
        for plan in self.protocols:
            if plan.protocol is protocol:
                return plan
        raise KeyError(protocol)


class Step(WireModel):
    """One step of a check: what was done and what was seen."""

    keyword: str
    text: str
    state: State
    observations: tuple[str, ...] = ()


class Result(WireModel):
    """What one planned check came to."""

    id: str
    protocol: Protocol
    kind: Kind
    state: State
    reason: str = ""
    """Why the state is not passed: observed against expected."""
    started_at: Timestamp
    finished_at: Timestamp
    steps: tuple[Step, ...] = ()
    facts: dict[str, str | int] = Field(default_factory=dict)
    """Named observations of the check as a whole, such as counts."""
    wire: str | None = None
    """The file under ``wire/`` that holds the exchanges of this check."""


class Peer(WireModel):
    """One system as it named itself, and the certificate that the handshake showed."""

    role: str
    system: str
    software: str
    address: str
    process_id: str | None = None
    runner_id: str | None = None
    certificate_serial: str | None = None
    tls: str | None = None


class Environment(WireModel):
    """How the run was done. ``mode`` is printed in the report in these words."""

    mode: Literal["in process", "separate processes", "vendor system"]
    target: str
    systems: tuple[Peer, ...]
    harness_process: str
    tool: str
    python: str
    platform: str


class RunHeader(WireModel):
    """The cover of a run: who, when, against what, with which verdicts."""

    record_format: Literal["gxproof-run/1"] = RUN_FORMAT
    run_id: str
    number: int
    command: str
    started_at: Timestamp
    finished_at: Timestamp | None = None
    environment: Environment
    seed: int
    history_sha256: Sha256 | None = None
    plan_sha256: Sha256
    verdicts: dict[Protocol, Verdict] = Field(default_factory=dict)
    signer: str
    """Key id of the key that signs "executed"."""
    ephemeral_key: bool
    informal: tuple[str, ...]
    """Why the run is informal; empty for a formal one."""


class RunRecord(WireModel):
    """A whole run, read back from its folder."""

    header: RunHeader
    plan: Plan
    configuration: dict[str, object]
    results: tuple[Result, ...]

    def results_of(self, protocol: Protocol) -> tuple[Result, ...]:
        """One result per planned check of a protocol; a check without one is not tested."""
        return complete(self.plan.protocol(protocol), self.results)

    def verdict(self, protocol: Protocol) -> Verdict:
        """The verdict of a protocol, taken anew over its plan."""
        return verdict_of(result.state for result in self.results_of(protocol))


def complete(plan: ProtocolPlan, results: Iterable[Result]) -> tuple[Result, ...]:
    """The results in the order of the plan; what was planned and not run is ``not tested``.

    Raises: ValueError where two results claim the same check, or a result was never planned.
    """
    found: dict[str, Result] = {}
    planned = {item.id for item in plan.scope}
    for result in results:
        if result.protocol is not plan.protocol:
            continue
        if result.id in found:
            raise ValueError(f"two results for {result.id}")
        if result.id not in planned:
            raise ValueError(f"{result.id} has a result and stands in no plan")
        found[result.id] = result
    return tuple(found.get(item.id) or _not_run(plan.protocol, item) for item in plan.scope)


def _not_run(protocol: Protocol, item: Planned) -> Result:
    never = datetime(1970, 1, 1, tzinfo=UTC)
    return Result(
        id=item.id, protocol=protocol, kind=item.kind, state=State.NOT_TESTED,
        reason="planned and not run", started_at=never, finished_at=never,
    )
