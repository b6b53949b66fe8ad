"""Site lot codes: the published example of ISO 7064, and every mistake of one kind found out."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.identifiers import SiteLotCode, lot_code_check_character

CHARACTERS = string.digits + string.ascii_uppercase
codes = st.tuples(
    st.integers(0, 99), st.text(alphabet=CHARACTERS, min_size=6, max_size=6)
).map(lambda parts: SiteLotCode.complete(f"S{parts[0]:02d}{parts[1]}"))


def test_the_check_character_of_a_published_number():
    # A donation identification number of ISBT 128, as other implementations of MOD 37-2 show it.
    assert lot_code_check_character("G123489654321") == "Y"


@given(codes)
def test_weights_are_powers_of_two_and_the_sum_is_one(code):
    values = [(CHARACTERS + "*").index(character) for character in code]
    assert sum(v * 2**n for n, v in enumerate(reversed(values))) % 37 == 1


@given(codes)
def test_every_single_wrong_character_is_found_out(code):
    for place, right in enumerate(code):
        for wrong in CHARACTERS + "*":
            if wrong != right:
                assert SiteLotCode.fault(code[:place] + wrong + code[place + 1:])


@given(codes)
def test_every_exchange_of_neighbours_is_found_out(code):
    for place in range(len(code) - 1):
        one, other = code[place], code[place + 1]
        if one != other:
            assert SiteLotCode.fault(code[:place] + other + one + code[place + 2:])


@pytest.mark.parametrize("text", ["", "S26", "s26000A1B4", "S26000A1B4 ", "S26000A1B4\n", "S2600*A1B4"])
def test_what_is_no_code_is_no_code(text):
    assert SiteLotCode.fault(text) is not None
