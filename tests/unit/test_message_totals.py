"""Totals of messages: what counts as one, and a control total that every reader keeps whole."""

import json
from datetime import UTC, datetime

import pytest

from contracts.model.inspection import Direction
from contracts.model.inspection_differences import CONTROL_TOTAL_END
from reference_impl.domain.reconciling import letter_in
from reference_impl.stock_picture import _total

WRITTEN = "2026-03-30T09:00:00+02:00"
HOUR = datetime(2026, 3, 30, 7, tzinfo=UTC)
LARGEST = 10**12 - 1


def body(sequence="000000000001", **others):
    content = {"id": "M-1", "time": WRITTEN, "sequence": sequence, "data": {}, **others}
    return json.dumps({name: value for name, value in content.items() if value is not ...}).encode()


@pytest.mark.parametrize(("sequence", "number"), [("000000000001", 1), ("999999999999", LARGEST)])
def test_a_message_is_counted_with_its_number(sequence, number):
    assert letter_in(body(sequence)).sequence == number


@pytest.mark.parametrize("sequence", [
    "000000000000", "1", "0000000000001", "11563326632405124", "-00000000001", "00000000_001",
    "00000000001\n", "\u0661" * 12, 1, 10**12, 1.5, True, None, [], {},
])
def test_what_has_no_number_of_the_contract_is_not_counted(sequence):
    # It was refused for its form and stands in the journal all the same.
    assert letter_in(body(sequence)) is None


@pytest.mark.parametrize("others", [
    {"id": ...}, {"id": 7}, {"id": None}, {"id": []}, {"time": ...}, {"time": 7}, {"time": "today"},
    {"time": None}, {"sequence": ...}, {"data": ...}, {"data": []}, {"data": None},
])
def test_what_lacks_a_part_of_a_message_is_not_counted(others):
    assert letter_in(body(**others)) is None


@pytest.mark.parametrize("raw", [b"", b"[]", b"7", b"null", b"\xff", b"{", b"[" * 100_000])
def test_what_is_no_object_is_not_counted(raw):
    assert letter_in(raw) is None


def test_a_control_total_keeps_to_fifteen_digits():
    found = {f"M-{n}": LARGEST for n in range(1_002)}
    row = _total(("link-heartbeat", Direction.RECEIVED, HOUR), found, {})
    assert (row.messages, row.control_total) == (1_002, 1_002 * LARGEST - CONTROL_TOTAL_END)
