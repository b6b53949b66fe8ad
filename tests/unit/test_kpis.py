"""Key figures: ranks, shares, limits, and input that is no journal."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from simulator.kpis import (
    JournalUnreadable,
    Limit,
    LimitsUnreadable,
    breaches_of,
    figures_of,
    read_journals,
    read_limits,
    report_bytes,
    report_of,
)
from simulator.kpis.exchange import exchange_figures
from simulator.kpis.figures import About, count, durations, nearest_rank, share
from simulator.kpis.journals import Exchange, Exchanged

ABOUT = About("x", "X", "x", "URS-KPI-001")


@given(st.lists(st.integers(0, 10**9), min_size=1), st.sampled_from((50, 95, 99)))
def test_a_percentile_is_a_value_that_enough_do_not_exceed(spans: list[int], percent: int) -> None:
    ordered = sorted(spans)
    found = nearest_rank(ordered, percent)
    assert found in ordered
    assert sum(span <= found for span in ordered) * 100 >= percent * len(ordered)
    assert sum(span < found for span in ordered) * 100 < percent * len(ordered)


def test_nothing_to_compute_from_is_neither_zero_nor_all() -> None:
    assert not durations(ABOUT, []).is_computable
    assert not share(ABOUT, 0, 0, []).is_computable
    assert count(ABOUT, 0, []).is_computable


def test_a_share_is_exact_and_rounded_half_to_even_for_reading() -> None:
    found = share(ABOUT, Decimal("0.0000005"), 1, [])
    assert found.measures == {"numerator": "0.0000005", "denominator": "1", "ratio": "0.000000"}


def test_durations_are_whole_microseconds() -> None:
    found = durations(ABOUT, [("a", timedelta(microseconds=3)), ("b", timedelta(seconds=1))])
    assert found.measures == {"p50": 3, "p95": 10**6, "p99": 10**6, "max": 10**6}


def _sent(key: str, *answers: int | None) -> Exchanged:
    return Exchanged("pick-requested", key, Role.MES, answers=list(answers))


def test_retries_and_dead_letters_are_counted_at_the_sender() -> None:
    messages = (_sent("a", 200), _sent("b", None, 503, 200), _sent("c", *[500] * 10))
    found = {f.about.id: f.measures for f in
             exchange_figures(Exchange(messages, frozenset({Role.MES})))}
    assert found["retry-rate"]["numerator"] == "11"
    assert found["dead-letter-rate"]["numerator"] == "1"
    assert found["reconciliation-differences"] == {}


def test_our_own_figures_bear_no_name_of_iso() -> None:
    figures = figures_of(Exchange((), frozenset(Role)))
    of_iso = [f.about.name for f in figures if f.about.family.value.startswith("ISO")]
    assert of_iso == ["First pass yield"]
    assert len({f.about.id for f in figures}) == len(figures)


def test_an_empty_exchange_reports_nothing_as_computed_but_differences() -> None:
    report = report_of(Exchange((), frozenset(Role)))
    assert report_bytes(report) == canonical_bytes(report) + b"\n"
    assert {f["id"] for f in report["figures"] if f["state"] == "computed"} == {
        "reconciliation-differences"}


@pytest.mark.parametrize("raw", [
    b"", b"[]", b"{}", b"\xff", b'{"rows":[],"lastPosition":0}', b'{"rows":[1],"lastPosition":1}',
    json.dumps({"rows": None, "lastPosition": 0}).encode(),
])
def test_what_is_no_journal_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(JournalUnreadable, match=r"a\.json"):
        read_journals([("a.json", raw)])


@pytest.mark.parametrize("text", [
    "", "limit = 1", "[[limit]]\nfigure = 'x'\nmeasure = 'p95'",
    "[[limit]]\nfigure = 'x'\nmeasure = 'mean'\natMost = '1'", "\x00",
])
def test_limits_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(LimitsUnreadable):
        read_limits(text.encode())


def test_a_limit_is_held_in_seconds_and_its_bound_is_allowed() -> None:
    text = b"[[limit]]\nfigure = 'x'\nmeasure = 'p95'\natMost = '1.5'\n"
    (limit,) = read_limits(text)
    at = durations(ABOUT, [("a", timedelta(seconds=1, microseconds=500_000))])
    above = durations(ABOUT, [("a", timedelta(seconds=1, microseconds=500_001))])
    assert breaches_of([at], [limit]) == ((), ())
    (breach,), _ = breaches_of([above], [limit])
    assert breach.sentence == "X (p95) is 1.500001 s, at most 1.5 s is allowed"


def test_a_limit_without_its_figure_is_no_pass() -> None:
    limit = Limit(figure="x", measure="p95", at_most=Decimal(1))
    assert breaches_of([durations(ABOUT, [])], [limit]) == ((), (limit,))
    with pytest.raises(LimitsUnreadable, match="no figure"):
        breaches_of([], [limit])
    with pytest.raises(LimitsUnreadable, match="has no p95"):
        breaches_of([count(ABOUT, 1, [])], [limit])
