"""Every row of a stored journal, damaged in the database itself: found, and the position named."""

import random
import sqlite3

import pytest

from contracts.model.inspection import Journal
from contracts.model.roles import Role
from contracts.model.wire_model import member_name
from features.journal_chain import Link, first_fault
from gxproof.in_process import InProcessPair
from simulator.campaign import play
from simulator.namespace import Namespace
from simulator.plant import EXAMPLE, read_plant


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """The journal of MES after a shift, as its table holds it."""
    folder = tmp_path_factory.mktemp("journal")
    pair = InProcessPair(1, folder)
    play(read_plant(EXAMPLE), pair, 1, Namespace("J"))
    pair.close()
    with sqlite3.connect(folder / "mes.sqlite") as raw:
        raw.row_factory = sqlite3.Row
        found = [dict(row) for row in raw.execute("SELECT * FROM journal ORDER BY position")]
    raw.close()
    return found


@pytest.fixture
def damaged(tmp_path):
    """A system on a journal that somebody with the database file has changed."""
    pair = InProcessPair(1, tmp_path)
    raw = pair._systems[Role.MES].database._raw
    raw.execute("DROP TRIGGER journal_no_update")
    raw.execute("DROP TRIGGER journal_no_delete")

    def put(rows):
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("DELETE FROM journal")
        for row in rows:
            marks = ", ".join("?" * len(row))
            names = ", ".join(f'"{name}"' for name in row)
            raw.execute(f"INSERT INTO journal ({names}) VALUES ({marks})", tuple(row.values()))
        raw.execute("COMMIT")
        return pair.client(Role.MES)

    put.raw = raw
    yield put
    pair.close()


def shown(client):
    return client.content("journal")


def fault_in(client, end):
    return first_fault(shown(client)["rows"], Link(), end)


def test_the_journal_is_whole_before_anything_is_done(rows, damaged):
    assert len(rows) > 100
    assert fault_in(damaged(rows), len(rows)) is None
    assert damaged(rows).ask("journal", Journal).last_position == len(rows)


def test_one_bit_of_any_column_of_any_row_is_found_where_it_is(rows, damaged):
    """Each row in a copy of its own; the column and its bit are drawn."""
    chance = random.Random(1)
    client = damaged(rows)
    raw_rows = shown(client)["rows"]
    for n, row in enumerate(raw_rows):
        name = chance.choice(sorted(n for n in row if n != "position" and row[n] != ""))
        copy = [*raw_rows[:n], {**row, name: _flipped(row[name], chance)}, *raw_rows[n + 1:]]
        found = first_fault(copy, Link(), len(rows))
        assert found is not None, (n, name)
        assert found.position == n + 1, (n, name, found)


@pytest.mark.parametrize("column", ["operation", "body", "hash"])
def test_a_row_that_was_changed_in_the_database_is_named(rows, damaged, column):
    chance = random.Random(column)
    for n in sorted(chance.sample(range(len(rows)), 3)):
        copy = [dict(row) for row in rows]
        copy[n][column] = _flipped(copy[n][column], chance)
        found = fault_in(damaged(copy), len(rows))
        assert found is not None, (n, column)
        assert found.position == n + 1, (n, column, found)


BEYOND_A_ROW = {
    "kind": "no kind", "direction": "sideways", "partner": "nobody", "at": "yesterday",
    "status": 7, "body_sha256": "short", "body": "text in place of bytes",
}


@pytest.mark.parametrize("column", BEYOND_A_ROW)
def test_a_row_that_holds_what_no_row_can_hold_is_named_and_hides_no_other(rows, damaged, column):
    copy = [dict(row) for row in rows]
    copy[40][column] = BEYOND_A_ROW[column]
    client = damaged(copy)
    found = client.ask("journal", Journal)
    assert [row.position for row in found.damaged] == [41]
    assert found.damaged[0].what.startswith(f"{member_name(column)}: ")
    assert len(found.rows) == len(rows) - 1
    assert fault_in(client, len(rows)).position == 41


def test_a_row_that_the_database_cannot_read_is_named_and_hides_no_other(rows, damaged):
    copy = [dict(row) for row in rows]
    client = damaged(copy)
    damaged.raw.execute(
        "UPDATE journal SET operation = CAST(x'FFFE41' AS TEXT) WHERE position = 41"
    )
    found = client.ask("journal", Journal)
    assert [(row.position, row.what) for row in found.damaged] == [
        (41, "the database cannot read it")
    ]
    assert len(found.rows) == len(rows) - 1
    assert fault_in(client, len(rows)).position == 41


@pytest.mark.parametrize("damage", ["deleted", "swapped", "cut"])
def test_rows_that_were_moved_in_the_database_are_named(rows, damaged, damage):
    chance = random.Random(damage)
    for n in sorted(chance.sample(range(len(rows) - 2), 3)):
        copy = [dict(row) for row in rows]
        if damage == "deleted":
            del copy[n]
        elif damage == "cut":
            copy = copy[:n]
        else:
            first, second = copy[n], copy[n + 1]
            first["position"], second["position"] = second["position"], first["position"]
        found = fault_in(damaged(copy), len(rows))
        assert found is not None, (n, damage)
        assert found.position == n + 1, (n, damage, found)


def _flipped(value, chance):
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(8))
    raw = value if isinstance(value, bytes) else value.encode()
    place = chance.randrange(len(raw))
    other = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1:]
    return other if isinstance(value, bytes) else other.decode()
