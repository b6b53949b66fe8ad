"""Holds of the warehouse that arrive when material of their lot is in batches already."""

from __future__ import annotations

from pytest_bdd import given, parsers, then

from contracts.model.counts import DeviationClass, DeviationState
from contracts.model.inspection_adjustments import DeviationRow, Deviations
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal, the_only
from features.steps.batch_release import Compared
from features.steps.labels import PackingOnBench
from features.steps.quality import QualityOnBench
from features.steps.words import LETTER

_MADE = r"(?P<made>[A-Z])"


@given(parsers.re(
    rf"the late hold of lot {LETTER} has opened a deviation that names lot {_MADE} and its order"
))
def late_hold_has_opened(bench: Bench, letter: str, made: str) -> None:
    """The hold has arrived, and the scenario goes on with its deviation."""
    bench.deliver()
    row = _check_deviation(bench, letter, made)
    bench.part(QualityOnBench).deviation_id = row.deviation_id
    bench.part(Compared).open_words = f"deviation {row.deviation_id} is open"


@then(parsers.re(
    rf"the late hold of lot {LETTER} opened a deviation that names lot {_MADE} and its order"
))
def late_hold_opened(bench: Bench, letter: str, made: str) -> None:
    """One deviation, open, with the lots and the order that are affected."""
    _check_deviation(bench, letter, made)


@then(parsers.re(rf"MES shows no deviation about lot {LETTER}"))
def no_deviation(bench: Bench, letter: str) -> None:
    """Nothing was used, so nothing is to be investigated."""
    bench.deliver()
    found = _about(bench, letter)
    bench.recorder.observe(f"{len(found)} deviations name lot {letter}")
    equal(found, [], f"deviations about lot {letter}")


def _check_deviation(bench: Bench, letter: str, made: str) -> DeviationRow:
    row = the_only(_about(bench, letter), f"deviations about lot {letter}")
    bench.recorder.observe(
        f"{row.deviation_id}: {row.deviation_class} {row.state}, {row.affected_lots}, "
        f"{row.affected_orders}"
    )
    said = (row.deviation_class, row.state, set(row.affected_lots), row.affected_orders)
    lots = {bench.lots[letter].lot_id, bench.lots[made].lot_id}
    order = bench.part(PackingOnBench).orders[made]
    told = (DeviationClass.HELD_MATERIAL_USED, DeviationState.OPEN, lots, (order,))
    equal(said, told, "class, state, lots and orders")
    return row


def _about(bench: Bench, letter: str) -> list[DeviationRow]:
    rows = bench.site.client(Role.MES).ask("deviations", Deviations).rows
    return [row for row in rows if bench.lots[letter].lot_id in row.affected_lots]
