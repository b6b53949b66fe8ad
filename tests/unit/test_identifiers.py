import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.identifiers import Gtin14, LotNumber, MessageId, Sscc, gs1_check_digit

# Keys from GS1's own examples: the published check digits are 2 and 5.
GTIN_EXAMPLE = "00614141123452"
SSCC_EXAMPLE = "106141412345678908"


def test_published_examples_are_accepted():
    assert Gtin14(GTIN_EXAMPLE) == GTIN_EXAMPLE
    assert Sscc(SSCC_EXAMPLE) == SSCC_EXAMPLE


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 17), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(digits, place, shift):
    label = Sscc.complete(digits)
    wrong = str((int(label[place]) + shift) % 10)
    with pytest.raises(ValueError, match="check digit"):
        Sscc(label[:place] + wrong + label[place + 1 :])


@pytest.mark.parametrize("value", ["", "1234", "12345678901234567X", "１23456789012345675"])
def test_other_shapes_are_no_sscc(value):
    with pytest.raises(ValueError, match="18 digits"):
        Sscc(value)


def test_check_digit_of_zeros_is_zero():
    assert gs1_check_digit("0" * 13) == "0"


@pytest.mark.parametrize("value", ["", "x" * 21, "with space", "ümlaut", "line\n"])
def test_what_is_no_lot_number(value):
    with pytest.raises(ValueError, match="character set 82"):
        LotNumber(value)


def test_only_version_seven_is_a_message_id():
    with pytest.raises(ValueError, match="version 7"):
        MessageId("019d427a-3b00-435f-bfa7-801bcf324820")
