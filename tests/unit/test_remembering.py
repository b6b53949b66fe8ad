"""What was made of a row is kept for as long as rows say the same, and no longer."""

import sqlite3

import pytest

from reference_impl.store import remembering
from reference_impl.store.remembering import Remembered, said_by


def sqlite_rows(*values):
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    rows = [connection.execute("SELECT ? AS name, ? AS amount", pair).fetchone() for pair in values]
    connection.close()
    return rows


def postgres_rows(*values):
    return [{"name": name, "amount": amount} for name, amount in values]


ROWS = pytest.mark.parametrize("rows", [sqlite_rows, postgres_rows])


@pytest.fixture
def made():
    """A remembered function, and what it was called with."""
    calls = []

    def make(row, *given):
        calls.append((row["name"], row["amount"], *given))
        return [row["name"], row["amount"]]

    return Remembered(make), calls


@ROWS
def test_a_row_that_says_the_same_is_made_once(rows, made):
    remembered, calls = made
    first, again = rows(("A", "1.0"), ("A", "1.0"))
    assert remembered(first) is remembered(again)
    assert len(calls) == 1


@ROWS
@pytest.mark.parametrize("other", [("B", "1.0"), ("A", "1.00"), ("A", None), (None, "1.0")])
def test_a_row_that_says_anything_else_is_made_anew(rows, made, other):
    remembered, calls = made
    row, differing = rows(("A", "1.0"), other)
    assert remembered(row) == ["A", "1.0"]
    assert remembered(differing) == [*other]
    assert len(calls) == 2


@ROWS
def test_what_else_is_given_counts_as_well(rows, made):
    remembered, calls = made
    (row,) = rows(("A", "1.0"))
    remembered(row, "Europe/Berlin")
    remembered(row, "America/New_York")
    remembered(row, "Europe/Berlin")
    assert [given for _, _, given in calls] == ["Europe/Berlin", "America/New_York"]


def test_no_more_is_kept_than_the_most(made, monkeypatch):
    monkeypatch.setattr(remembering, "KEPT_MAX", 3)
    remembered, calls = made
    for row in postgres_rows(*((f"R{n}", "1") for n in range(10))):
        remembered(row)
        assert len(remembered._kept) <= 3
    assert len(calls) == 10


@ROWS
def test_a_row_says_its_values_in_the_order_of_its_columns(rows):
    assert said_by(rows(("A", "1.0"))[0]) == ("A", "1.0")
