"""What the contract checks of one operation came to, and as which result it is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.model.operations import Group, operations_of
from contracts.model.requirements import Protocol
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.runs import Kind, Planned, Result

GROUPS = (Group.EXCHANGE, Group.INSPECTION, Group.OPERATOR)


@dataclass(frozen=True)
class OperationFindings:
    """The cases of one operation, counted, and what was wrong.

    ``accepted`` counts good cases that were accepted; ``refused`` cases that were refused, good or
    bad. ``note`` says why nothing could be accepted, where that is known before.
    """

    operation_id: str
    cases: int
    accepted: int
    refused: int
    server_errors: int
    findings: tuple[str, ...] = ()
    note: str = ""

    @property
    def state(self) -> State:
        """Failed with any finding; never passed without an accepted case."""
        if self.findings:
            return State.FAILED
        return State.PASSED if self.accepted else State.INCONCLUSIVE

    @property
    def reason(self) -> str:
        """Why the state is not passed; empty where it is."""
        if self.findings:
            return self.findings[0]
        if self.accepted:
            return ""
        because = f": {self.note}" if self.note else ""
        return f"none of {self.cases} cases was accepted, so nothing is shown{because}"


def planned_checks(role: Role) -> tuple[Planned, ...]:
    """The contract checks of a role, for the plan of a run."""
    return tuple(
        Planned(
            id=check_id(operation.id),
            kind=Kind.CONTRACT,
            title=f"{operation.id}: {operation.summary}",
            expects="at least one good case is accepted; bad ones are refused for their form; "
            "every answer is as published",
        )
        for operation in operations_of(role, *GROUPS)
    )


def check_id(operation_id: str) -> str:
    """The id of the check of an operation: ``CON-wms.pick-requested``."""
    return f"CON-{operation_id.replace('/', '.')}"


def to_result(findings: OperationFindings, started_at: datetime, finished_at: datetime) -> Result:
    """The result of one contract check, as it stands in the run record."""
    return Result(
        id=check_id(findings.operation_id),
        protocol=Protocol.OQ,
        kind=Kind.CONTRACT,
        state=findings.state,
        reason=findings.reason,
        started_at=started_at,
        finished_at=finished_at,
        facts={
            "cases": findings.cases,
            "accepted": findings.accepted,
            "refused": findings.refused,
        },
    )
