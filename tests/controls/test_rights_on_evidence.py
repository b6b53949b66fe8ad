"""IQ-16 finds a right too many, and never passes where there are no rights to look at."""

from __future__ import annotations

import psycopg
import pytest

from contracts.model.roles import Role
from contracts.model.verdicts import State
from gxproof.installation import CHECKS
from gxproof.installation.check import Context, run_check
from gxproof.planning import make_plan
from simulator.plant import EXAMPLE, read_plant

CHECK = next(check for check in CHECKS if check.id == "IQ-16")


def looked_at(pair):
    return run_check(CHECK, Context(pair))


def test_an_account_as_it_is_prepared_passes(on_postgres):
    result = looked_at(on_postgres)
    assert (result.state, result.reason) == (State.PASSED, "")
    assert "rights INSERT, SELECT" in " ".join(result.steps[0].observations)


@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE", "TRIGGER"])
@pytest.mark.parametrize("table", ["journal", "audit"])
def test_one_right_too_many_is_found_and_named(postgres, on_postgres, right, table):
    system = on_postgres._systems[Role.WMS]
    schema = system.database.setting("search_path")
    with psycopg.connect(postgres.url) as owner:
        owner.execute(f"GRANT {right} ON {schema}.{table} TO {schema}_app")
    result = looked_at(on_postgres)
    assert result.state is State.FAILED
    assert f"the WMS may {right} {table}" in result.reason


def test_sqlite_is_never_passed(in_process):
    result = looked_at(in_process)
    assert result.state is State.INCONCLUSIVE
    assert "SQLite has no roles" in result.reason


def test_the_check_is_planned_where_postgresql_is_declared_and_left_outside_elsewhere():
    plant = read_plant(EXAMPLE)
    for database in ("SQLite", "PostgreSQL"):
        plan = make_plan("separate processes", plant, database=database).protocols[0]
        inside = "IQ-16" in {item.id for item in plan.scope}
        outside = [item.subject for item in plan.outside if "URS-AUD-004" in item.subject]
        assert (inside, bool(outside)) == ((True, False) if database == "PostgreSQL" else (False, True))
