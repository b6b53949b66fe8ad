"""The contract checks pass on the reference, count what they did, and need a witness to pass."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contracts.model.operations import operations_of
from contracts.model.requirements import Protocol
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.runs import Kind, ProtocolPlan, complete
from features.contract_checks import (
    EXAMPLES,
    OperationFindings,
    check_contract,
    planned_checks,
    to_result,
)
from features.contract_checks.findings import GROUPS
from gxproof.in_process import InProcessPair

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module", params=list(Role), ids=str)
def checked(request: pytest.FixtureRequest) -> tuple[Role, list[OperationFindings], list[str]]:
    said: list[str] = []
    pair = InProcessPair(seed=1)
    found = check_contract(pair, request.param, 20261122, EXAMPLES, said.append)
    pair.close()
    return request.param, found, said


Checked = tuple[Role, list[OperationFindings], list[str]]


def test_every_operation_of_the_reference_passes(checked: Checked) -> None:
    _, found, _ = checked
    assert [(f.operation_id, f.findings) for f in found if f.state is not State.PASSED] == []


def test_every_operation_in_scope_has_one_entry(checked: Checked) -> None:
    role, found, said = checked
    assert [f.operation_id for f in found] == [o.id for o in operations_of(role, *GROUPS)]
    assert len(said) == len(found)


def test_what_can_be_wrong_was_accepted_and_refused(checked: Checked) -> None:
    role, found, _ = checked
    counts = {f.operation_id: f for f in found}
    for operation in operations_of(role, *GROUPS):
        f = counts[operation.id]
        assert f.accepted > 0
        assert f.cases == f.accepted + f.refused
        if operation.body is not None or operation.paged:
            assert f.accepted >= EXAMPLES // 4
            assert f.refused >= EXAMPLES // 4


def test_results_fit_the_plan(checked: Checked) -> None:
    role, found, _ = checked
    plan = ProtocolPlan(protocol=Protocol.OQ, scope=planned_checks(role))
    results = complete(plan, [to_result(f, NOW, NOW) for f in found])
    assert {result.state for result in results} == {State.PASSED}
    assert {result.kind for result in results} == {Kind.CONTRACT}


def test_the_same_seed_gives_the_same_counts() -> None:
    runs = []
    for _ in range(2):
        pair = InProcessPair(seed=1)
        runs.append(check_contract(pair, Role.MES, 7, examples=3))
        pair.close()
    assert runs[0] == runs[1]


def test_a_second_run_on_the_same_system_takes_other_names() -> None:
    pair = InProcessPair(seed=1)
    for _ in range(2):
        found = check_contract(pair, Role.WMS, 7, examples=3)
        assert {f.state for f in found} == {State.PASSED}
    pair.close()


def _findings(accepted: int, findings: tuple[str, ...] = (), note: str = "") -> OperationFindings:
    return OperationFindings("wms/pick-requested", 20, accepted, 20 - accepted, 0, findings, note)


def test_nothing_accepted_is_inconclusive_and_says_why() -> None:
    result = to_result(_findings(0, note="load of wms: refused NOT_PERMITTED"), NOW, NOW)
    assert result.state is State.INCONCLUSIVE
    assert result.reason == (
        "none of 20 cases was accepted, so nothing is shown: load of wms: refused NOT_PERMITTED"
    )


def test_a_finding_fails_whatever_was_accepted() -> None:
    for accepted in (0, 20):
        result = to_result(_findings(accepted, ("first", "second")), NOW, NOW)
        assert (result.state, result.reason) == (State.FAILED, "first")


def test_a_passed_check_has_counts_and_no_reason() -> None:
    result = to_result(_findings(7), NOW, NOW)
    assert (result.id, result.state, result.reason) == ("CON-wms.pick-requested", State.PASSED, "")
    assert result.facts == {"cases": 20, "accepted": 7, "refused": 13}
