"""Key figures: ranks, shares, limits, and input that is no journal."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.identifiers import ItemName, UnitName
from contracts.model.messages import MESSAGES
from contracts.model.messages.custody import Breaking
from contracts.model.messages.lot_status import LotStatusChanged
from contracts.model.roles import Role
from contracts.model.verdicts import Outcome
from contracts.record.canonical import canonical_bytes
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.link import outbox
from reference_impl.link.outbox import Sent, pending, put, settle
from reference_impl.records.work import Cause
from reference_impl.web.showing import _journal
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
from simulator.kpis.first_pass import first_pass_yield
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


GTIN, CASE, OTHER, PALLET, TOTE, LATER = "09521234543213", "C1", "C2", "P1", "T1", "C9"


def _told(name: str, **data: object) -> Exchanged:
    told = SimpleNamespace(data=SimpleNamespace(**data))
    return Exchanged(name, f"{name}-{id(told)}", Role.MES, posted=told)  # type: ignore[arg-type]


def _packed(case: str, serials: str, order: str = "PO-1", lot: str = "LOT-P") -> Exchanged:
    return _told("pack-completed", sscc=case, gtin=GTIN, serials=tuple(serials), order_id=order,
                 lot_id=lot, material_id="TABLETS")


def _item(serial: str) -> UnitName:
    return UnitName(ItemName.of(GTIN, serial))


def _out(parent: str, *units: str, into: str | None = None, purpose: Breaking) -> Exchanged:
    """Units of sale by their serials where they go into something, else logistic units."""
    taken = tuple(SimpleNamespace(unit=_item(u) if into else _Logistic(u), into=into) for u in units)
    return _told("unit-disaggregated", parent=parent, taken_out=taken, purpose=purpose)


class _Logistic(str):
    is_item = False


def _into(parent: str, *children: object, source: str | None = None) -> Exchanged:
    return _told("unit-aggregated", parent=parent, children=children, source=source)


def _issued(order: str, pieces: int, container: str, material: str = "TABLETS") -> Exchanged:
    return _told("material-issued", order_id=order, lot_id="LOT-P", material_id=material,
                 source_container=container, quantity=SimpleNamespace(value=Decimal(pieces)))


TWO_CASES = (_packed(CASE, "abcdefghij"), _packed(OTHER, "klmnopqrst"))
REWORK = Breaking.REWORK


@pytest.mark.parametrize(("happened", "good", "inspected"), [
    ((), 20, 20),
    # A part that was reworked is not good, also where it is back in its case.
    ((_out(CASE, "a", "b", into=TOTE, purpose=REWORK),), 18, 20),
    ((_out(CASE, "a", "b", into=TOTE, purpose=REWORK), _into(CASE, _item("a"), _item("b"), source=TOTE)),
     18, 20),
    # Nor is it counted twice where it is given up in the end, or reworked once more.
    ((_out(CASE, "a", "b", into=TOTE, purpose=REWORK),
      _told("material-scrapped", gtin=GTIN, serials=("a", "c"))), 17, 20),
    ((_out(CASE, "a", into=TOTE, purpose=REWORK), _into(CASE, _item("a"), source=TOTE),
      _out(CASE, "a", into=TOTE, purpose=REWORK)), 19, 20),
    # What is packed anew, or opened for a return, was not reworked.
    ((_out(CASE, "a", "b", into=TOTE, purpose=Breaking.REPACKING),), 20, 20),
    ((_out(CASE, "a", "b", into=TOTE, purpose=Breaking.RETURN),), 20, 20),
    # A case that was taken off for rework is reworked whole, unless it is opened for it in turn.
    ((_into(PALLET, CASE, OTHER), _out(PALLET, CASE, purpose=REWORK)), 10, 20),
    ((_into(PALLET, CASE, OTHER), _out(PALLET, CASE, purpose=REWORK),
      _out(CASE, "a", "b", into=TOTE, purpose=REWORK)), 18, 20),
    ((_into(PALLET, CASE, OTHER), _out(PALLET, CASE, purpose=Breaking.REPACKING)), 20, 20),
    # Repacked before its case was reworked, a unit is where it was put.
    ((_out(CASE, "a", into=TOTE, purpose=Breaking.REPACKING), _into(OTHER, _item("a"), source=TOTE),
      _into(PALLET, CASE), _out(PALLET, CASE, purpose=REWORK)), 11, 20),
    # An order that makes tablets of packed tablets reworks them: a whole case, or some of one.
    ((_issued("PO-2", 10, CASE), _packed(LATER, "uvwxyz", "PO-2", "LOT-R")), 10, 26),
    ((_issued("PO-2", 4, "STAGED"), _packed(LATER, "uvwxyz", "PO-2", "LOT-R")), 16, 26),
    # What is made of them is no rework where it is something else.
    ((_issued("PO-2", 10, CASE),), 20, 20),
])
def test_a_part_that_was_reworked_is_inspected_and_not_good(
    happened: tuple[Exchanged, ...], good: int, inspected: int
) -> None:
    """Golden numbers for GP / IP of ISO 22400-2, reckoned by hand."""
    figure = first_pass_yield(Exchange((*TWO_CASES, *happened), frozenset(Role)))
    expected = (str(good), str(inspected))
    assert (figure.measures["numerator"], figure.measures["denominator"]) == expected
    assert "without rework" in figure.about.formula


def test_what_was_not_taken_over_reworks_nothing() -> None:
    refused = _out(CASE, "a", into=TOTE, purpose=REWORK)
    refused.posted, refused.told = None, refused.posted
    figure = first_pass_yield(Exchange((*TWO_CASES, refused), frozenset(Role)))
    assert figure.measures["ratio"] == "1.000000"
    assert len(figure.events) == 2


def test_an_answer_to_a_message_of_an_earlier_part_is_left_to_that_part() -> None:
    made = build(settings_for(Role.MES, make_identities(), None), lambda url: None)
    with made.work(made.itself(), Cause("a test", "T-1")) as work:
        for lot in ("A", "B"):
            change = LotStatusChanged.model_validate({
                "change_id": f"{lot}-1", "lot_id": lot, "material_id": "M", "reason": "a test",
                "from_status": "RELEASED", "to_status": "BLOCKED", "decided_by": "P",
                "reason_code": "INVESTIGATION", "decided_at": work.now, "effective_at": work.now,
                "station": "S",
            })
            put(work, MESSAGES["lot-status-changed"], change, outbox.About(f"lot/{lot}", lot))
        for row in pending(work.connection):
            settle(work, row["message_id"], Sent(Outcome.UNKNOWN, 503, b"", "busy"))
        whole, cut = (
            canonical_bytes(_journal(made, work.connection, after).to_json())
            for after in (0, 1)
        )
    made.close()
    asked = {raw: read_journals([("a.json", raw)]).messages for raw in (whole, cut)}
    assert [len(message.answers) for message in asked[whole]] == [1, 1]
    assert [message.data.lot_id for message in asked[cut]] == ["B"]
