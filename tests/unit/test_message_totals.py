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


def body(sequence):
    return json.dumps({"id": "M-1", "time": WRITTEN, "sequence": sequence, "data": {}}).encode()


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


def test_a_control_total_keeps_to_fifteen_digits():
    found = {f"M-{n}": LARGEST for n in range(1_002)}
    row = _total(("link-heartbeat", Direction.RECEIVED, HOUR), found, {})
    assert (row.messages, row.control_total) == (1_002, 1_002 * LARGEST - CONTROL_TOTAL_END)
