import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.verdicts import Exit, State, Verdict, exit_code, verdict_of, worst


def test_nothing_to_check_is_not_success():
    assert verdict_of([]) is Verdict.INCONCLUSIVE
    assert verdict_of([State.NOT_APPLICABLE]) is Verdict.INCONCLUSIVE
    assert worst([]) is State.INCONCLUSIVE


@given(st.lists(st.sampled_from(State), min_size=1))
def test_one_state_that_is_not_green_is_never_hidden(states):
    verdict = verdict_of(states)
    if verdict is Verdict.PASSED:
        assert set(states) <= {State.PASSED, State.NOT_APPLICABLE}
    if State.ERROR in states:
        assert verdict is Verdict.ERROR
    elif State.FAILED in states:
        assert verdict is Verdict.FAILED


@given(st.lists(st.sampled_from(State)), st.sampled_from(State))
def test_another_check_never_makes_a_verdict_better(states, more):
    if more in (State.PASSED, State.NOT_APPLICABLE):
        return
    order = list(Verdict)
    assert order.index(verdict_of([*states, more])) <= order.index(
        verdict_of([*states, State.PASSED])
    )


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict.PASSED, 0),
        (Verdict.PASSED_WITH_DEVIATIONS, 0),
        (Verdict.FAILED, 1),
        (Verdict.ERROR, 3),
        (Verdict.INCONCLUSIVE, 5),
    ],
)
def test_exit_codes(verdict, code):
    assert exit_code(verdict) == Exit(code)
