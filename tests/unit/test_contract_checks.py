"""The contract checks pass on the reference, count what they did, and need a witness to pass.

The cases are generated once, as many as a qualification takes. All go to systems in this process; a
sample of operations goes there again and to systems behind TLS, and in the long suite all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from contracts.model.operations import operations_of
from contracts.model.requirements import Protocol
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.runs import PART_ALONE, Kind, ProtocolPlan, complete
from features.contract_checks import (
    EXAMPLES,
    OperationFindings,
    check_contract,
    planned_checks,
    to_result,
)
from features.contract_checks.findings import GROUPS
from gxproof.in_process import InProcessPair
from gxproof.over_https import HttpsPair
from gxproof.planning import Scope, make_plan
from simulator.plant import SHORT, read_plant

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
SEED = 20261122
# Of each role a message, a command, what is shown whole, and what is shown in pages.
SAMPLE = {
    Role.MES: ("mes/pick-confirmed", "mes/request-pick", "mes/state", "mes/journal"),
    Role.WMS: ("wms/pick-requested", "wms/confirm-receipt", "wms/state", "wms/journal"),
}


@dataclass
class Checked:
    """The findings of one run of the checks, and the system that they were about."""

    pair: InProcessPair
    found: list[OperationFindings]
    said: list[str]


@pytest.fixture(scope="module")
def checked() -> Iterator[Callable[[Role], Checked]]:
    """The first run of the checks of a role, made when somebody first asks for it."""
    runs: dict[Role, Checked] = {}

    def of(role: Role) -> Checked:
        if role not in runs:
            pair, said = InProcessPair(seed=1), list[str]()
            runs[role] = Checked(pair, check_contract(pair, role, SEED, EXAMPLES, said.append), said)
        return runs[role]

    yield of
    for run in runs.values():
        run.pair.close()


FirstRun = Callable[[Role], Checked]
EACH_ROLE = pytest.mark.parametrize("role", Role, ids=str)


@EACH_ROLE
def test_every_operation_of_the_reference_passes(checked: FirstRun, role: Role) -> None:
    found = checked(role).found
    assert [(f.operation_id, f.findings) for f in found if f.state is not State.PASSED] == []


@EACH_ROLE
def test_every_operation_in_scope_has_one_entry(checked: FirstRun, role: Role) -> None:
    found, said = checked(role).found, checked(role).said
    assert [f.operation_id for f in found] == [o.id for o in operations_of(role, *GROUPS)]
    assert len(said) == len(found)


@EACH_ROLE
def test_what_can_be_wrong_was_accepted_and_refused(checked: FirstRun, role: Role) -> None:
    counts = {f.operation_id: f for f in checked(role).found}
    for operation in operations_of(role, *GROUPS):
        f = counts[operation.id]
        assert f.accepted > 0
        assert f.cases == f.accepted + f.refused
        if operation.body is not None or operation.paged:
            assert f.accepted >= EXAMPLES // 4
            assert f.refused >= EXAMPLES // 4


@EACH_ROLE
def test_results_fit_the_plan(checked: FirstRun, role: Role) -> None:
    plan = ProtocolPlan(protocol=Protocol.OQ, scope=planned_checks(role))
    results = complete(plan, [to_result(f, NOW, NOW) for f in checked(role).found])
    assert {result.state for result in results} == {State.PASSED}
    assert {result.kind for result in results} == {Kind.CONTRACT}


def test_the_same_seed_gives_the_same_counts(checked: FirstRun) -> None:
    pair = InProcessPair(seed=1)
    again = check_contract(pair, Role.MES, SEED, only=SAMPLE[Role.MES])
    first = {f.operation_id: f for f in checked(Role.MES).found}
    assert again == [first[f.operation_id] for f in again]
    assert {f.operation_id for f in again} == set(SAMPLE[Role.MES])
    pair.close()


@EACH_ROLE
def test_a_second_run_on_the_same_system_takes_other_names(checked: FirstRun, role: Role) -> None:
    found = check_contract(checked(role).pair, role, SEED, only=SAMPLE[role])
    assert {f.operation_id: f.state for f in found} == dict.fromkeys(SAMPLE[role], State.PASSED)


@EACH_ROLE
@pytest.mark.parametrize(
    "only", [pytest.param(SAMPLE, id="sample"), pytest.param({}, id="all", marks=pytest.mark.long)]
)
def test_the_contract_holds_over_tls(
    over_https: HttpsPair, role: Role, only: dict[Role, tuple[str, ...]]
) -> None:
    found = check_contract(over_https, role, SEED, only=only.get(role, ()))
    assert [(f.operation_id, f.findings) for f in found if f.state is not State.PASSED] == []
    assert len(found) == len(only.get(role) or operations_of(role, *GROUPS))


def test_a_generated_trade_item_number_is_put_right_in_a_change_of_master_data() -> None:
    # What a schema cannot say of a check digit is no form that a system has to take.
    pair, seed_that_generates_one = InProcessPair(seed=1), 20261123
    found = check_contract(
        pair, Role.MES, seed_that_generates_one, only=("mes/publish-master-data",)
    )
    assert [(f.state, f.findings) for f in found] == [(State.PASSED, ())]
    pair.close()


@pytest.mark.long
@EACH_ROLE
@pytest.mark.parametrize("seed", range(1, 11))
def test_the_reference_passes_whatever_the_seed(role: Role, seed: int) -> None:
    pair = InProcessPair(seed=1)
    found = check_contract(pair, role, seed, EXAMPLES)
    assert [(f.operation_id, f.findings) for f in found if f.state is not State.PASSED] == []
    pair.close()


def test_a_run_without_the_contract_says_that_it_leaves_it_out() -> None:
    plant = read_plant(SHORT)
    whole, without = (
        make_plan("in process", plant, Scope(contract=wanted)).protocol(Protocol.OQ)
        for wanted in (True, False)
    )
    contract = tuple(check for role in Role for check in planned_checks(role))
    assert [*without.scope] == [check for check in whole.scope if check not in contract]
    left_out = [part.reason for part in without.outside if part not in whole.outside]
    assert left_out == [PART_ALONE], "so that nothing is released on it"


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
