"""Counts: what a container really holds, counted once and by another person again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import CountDifference, RecordCount
from contracts.model.identifiers import Id
from contracts.model.inspection_adjustments import Counts
from contracts.model.quantities import NonNegativeQuantity, Unit
from contracts.model.roles import Role
from features.bench import STAGING, STORAGE, UNIT, Bench
from features.claims import equal
from features.steps.picks import negative_scan, scan_of
from features.steps.words import AMOUNT, LETTER

_WHO = r"(?P<who>the (?:second )?counter|the supervisor)"


@dataclass
class CountsOnBench:
    """The counts of the scenario, and the adjustment that follows from them."""

    count_id: str = ""
    recount_id: str = ""
    adjustment_id: str = ""
    differences: tuple[CountDifference, ...] = ()


@given(parsers.re(rf"{_WHO} has counted {AMOUNT} of lot {LETTER}"))
def has_counted(bench: Bench, who: str, amount: str, letter: str) -> None:
    """The first count."""
    kept = bench.part(CountsOnBench)
    kept.count_id = bench.new_id("COUNT")
    bench.prepare(who, "record-count", _count(bench, kept.count_id, letter, amount))
    bench.recorder.observe(f"count {kept.count_id}: {amount} {UNIT}")

@given(parsers.re(
    rf"(?P<who>the (?:second )?counter|the supervisor|nobody) has recounted {AMOUNT} "
    rf"of lot {LETTER}"
))
def has_recounted(bench: Bench, who: str, amount: str, letter: str) -> None:
    """The recount, where anybody made one."""
    if who == "nobody":
        return
    kept = bench.part(CountsOnBench)
    kept.recount_id = bench.new_id("RECOUNT")
    body = _count(bench, kept.recount_id, letter, amount, of=kept.count_id)
    bench.prepare(who, "record-count", body)
    bench.recorder.observe(f"recount {kept.recount_id} of {kept.count_id}: {amount} {UNIT}")

@when(parsers.re(rf"the counter counts {AMOUNT} of lot {LETTER}"))
def counts(bench: Bench, amount: str, letter: str) -> None:
    """Try to count."""
    kept = bench.part(CountsOnBench)
    kept.count_id = bench.new_id("COUNT")
    _try(bench, _count(bench, kept.count_id, letter, amount))

@when(parsers.re(rf"the counter recounts {AMOUNT} of lot {LETTER}"))
def recounts(bench: Bench, amount: str, letter: str) -> None:
    """Try to recount."""
    of = bench.part(CountsOnBench).count_id
    _try(bench, _count(bench, bench.new_id("RECOUNT"), letter, amount, of=of))

@when(parsers.re(
    r"the counter counts with (?P<what>a container nobody knows|an EAN-13 of a retail pack|"
    r"the amount in grams|another place than the book's|a recount of a count that nobody made)"
))
def counts_wrongly(bench: Bench, what: str) -> None:
    """Try to count what cannot be counted."""
    body = _count(bench, bench.new_id("COUNT"), "A", "25.000")
    grams = NonNegativeQuantity(value=Decimal(25000), unit=Unit.GRAM)
    changes: dict[str, dict[str, Any]] = {
        "the amount in grams": {"counted": grams},
        "another place than the book's": {"location_id": Id(bench.namespace.id(STAGING))},
        "a recount of a count that nobody made": {"recount_of": Id(bench.new_id("NOBODY"))},
    }
    change = changes[what] if what in changes else {"scan": negative_scan(bench, what)}
    _try(bench, body.model_copy(update=change))

@then(parsers.re(
    r"after delivery both systems show a count of (?P<found>[0-9.]+) kg, "
    r"(?P<difference>-?[0-9.]+) kg from the book"
))
def both_show_count(bench: Bench, found: str, difference: str) -> None:
    """Owner and mirror hold the same count."""
    bench.deliver()
    count_id = bench.part(CountsOnBench).count_id
    for role in Role:
        rows = bench.site.client(role).ask("counts", Counts).rows
        shown = [(r.counted.value, r.difference.value) for r in rows if r.count_id == count_id]
        bench.recorder.observe(f"{role.upper()}: {shown}")
        equal(shown, [(Decimal(found), Decimal(difference))], f"count in {role.upper()}")

def _count(
    bench: Bench, count_id: str, letter: str, amount: str, of: str | None = None
) -> RecordCount:
    return RecordCount(
        count_id=Id(count_id), location_id=Id(bench.namespace.id(STORAGE)),
        scan=scan_of(bench.lots[letter].container),
        counted=NonNegativeQuantity(value=Decimal(amount), unit=UNIT),
        recount_of=Id(of) if of else None,
    )

def _try(bench: Bench, body: RecordCount) -> None:
    attempt = bench.command("the counter", "record-count", body)
    bench.recorder.observe(f"count {body.count_id} of {body.counted}: {attempt.answer}")
