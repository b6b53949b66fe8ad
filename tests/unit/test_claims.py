"""The claims of the steps: what they hold, and what they say otherwise."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from features.claims import equal, holds, the_only


def test_the_only_one_is_given_back() -> None:
    assert the_only((name for name in ("LOT-A", "LOT-B") if name.endswith("B")), "lots") == "LOT-B"


@pytest.mark.parametrize("found", [(), ("LOT-A", "LOT-A")], ids=["none", "two"])
def test_none_and_two_are_not_the_only_one(found: Iterable[str]) -> None:
    with pytest.raises(AssertionError, match=r"^lots in MES: expected 1, observed [02]$"):
        the_only(found, "lots in MES")


def test_a_claim_says_what_was_expected_and_what_is_so() -> None:
    with pytest.raises(AssertionError, match=r"^statuses: expected nothing, observed \(BLOCKED\)$"):
        equal(["BLOCKED"], [], "statuses")
    with pytest.raises(AssertionError, match=r"^nothing was repeated$"):
        holds(False, "nothing was repeated")
    equal([], [], "statuses")
    holds(True, "nothing was repeated")
