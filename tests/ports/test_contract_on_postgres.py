"""The contract of both roles where the records lie in PostgreSQL: a sample, and the whole."""

import pytest

from contracts.model.operations import operations_of
from contracts.model.roles import Role
from contracts.model.verdicts import State
from features.contract_checks import EXAMPLES, check_contract
from features.contract_checks.findings import GROUPS
from gxproof.over_https import HttpsPair
from gxproof.pair import Serving, serving_pair
from gxproof.target import read_target

PROCESSES = 3
# Of each group what differs most at the database: a chain that grows, numbers without gaps, an
# upsert, an aggregate, a page, one state of everything, and what refuses a conflict.
SAMPLE = {
    Role.MES: (
        "mes/pick-confirmed", "mes/receipt-confirmed", "mes/warehouse-hold-placed", "mes/state",
        "mes/journal", "mes/audit", "mes/genealogy", "mes/request-pick", "mes/change-lot-status",
    ),
    Role.WMS: (
        "wms/pick-requested", "wms/material-issued", "wms/unit-aggregated", "wms/state",
        "wms/outbox", "wms/stock-picture", "wms/confirm-receipt", "wms/record-count",
    ),
}


@pytest.mark.parametrize("role", list(Role))
def test_a_sample_of_operations_keeps_the_contract(on_postgres, role):
    found = check_contract(on_postgres, role, 20261123, examples=3, only=SAMPLE[role])
    assert {f.operation_id for f in found} == set(SAMPLE[role])
    assert {f.operation_id: f.reason for f in found if f.state is not State.PASSED} == {}


@pytest.mark.long
@pytest.mark.parametrize("processes", [1, PROCESSES])
def test_every_operation_keeps_the_contract_of_served_systems(postgres, tmp_path, processes):
    out = tmp_path / "target.toml"
    with serving_pair(out, Serving(database=postgres.url, processes=processes)):
        pair = HttpsPair(read_target(out))
        found = [f for role in Role for f in check_contract(pair, role, 20261123, EXAMPLES)]
        pair.close()
    assert len(found) == sum(len(operations_of(role, *GROUPS)) for role in Role)
    assert {f.operation_id: f.reason for f in found if f.state is not State.PASSED} == {}
