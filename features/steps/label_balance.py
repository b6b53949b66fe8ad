"""Label reconciliation: what was counted by hand, against what was printed."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import ReconcileLabels
from contracts.model.identifiers import Id
from features.bench import Bench
from features.claims import equal
from features.steps.labels import (
    PackingOnBench,
    has_printed,
    has_reprinted,
    label_for,
    print_label,
    shown_labels,
    spoil,
    try_label,
)
from features.steps.packing import close_new_case
from features.steps.words import LETTER

_COUNTS = (
    r"(?P<applied>[0-9]+) labels? applied and (?P<destroyed>[0-9]+) destroyed "
    rf"for the order of lot {LETTER}"
)


@given(parsers.re(
    rf"a label for lot {LETTER} that was spoiled, and one that was replaced by a reprint "
    r"and applied"
))
def used_labels(bench: Bench, letter: str) -> None:
    """Three more prints: one spoiled, one void, one applied."""
    spoil(bench, print_label(bench, label_for(bench, letter, 2)), "torn in the printer")
    has_printed(bench, "2", letter)
    has_reprinted(bench)
    close_new_case(bench)


@given(parsers.re(rf"the packer has counted {_COUNTS}"))
def has_counted_labels(bench: Bench, applied: str, destroyed: str, letter: str) -> None:
    """The labels of the order are closed."""
    body = _count(bench, letter, int(applied), int(destroyed), None)
    bench.prepare("the packer", "reconcile-labels", body)


@when(parsers.re(rf'the packer counts {_COUNTS}(?:, "(?P<reason>[^"]*)")?'))
def counts_labels(
    bench: Bench, applied: str, destroyed: str, letter: str, reason: str | None
) -> None:
    """Try to close the labels of the order with these counts."""
    body = _count(bench, letter, int(applied), int(destroyed), reason)
    attempt = bench.command("the packer", "reconcile-labels", body)
    bench.recorder.observe(f"{applied} applied, {destroyed} destroyed: {attempt.answer}")


@when(parsers.re(rf"the packer prints one more label for lot {LETTER}"))
def prints_after_count(bench: Bench, letter: str) -> None:
    """Try to print."""
    try_label(bench, label_for(bench, letter, 2))


@then(parsers.re(
    r"MES shows (?P<issued>[0-9]+) labels issued and a difference of (?P<difference>[0-9]+) "
    rf'for lot {LETTER}(?:, "(?P<reason>[^"]*)")?'
))
def shows_reconciliation(
    bench: Bench, issued: str, difference: str, letter: str, reason: str | None
) -> None:
    """What was counted stands in the record, with who justified what."""
    order = bench.part(PackingOnBench).orders[letter]
    shown = [
        (row.issued, row.difference, row.reason, row.counted_by)
        for row in shown_labels(bench).reconciliations if row.order_id == order
    ]
    bench.recorder.observe(f"issued, difference, reason, counted by: {shown}")
    counter = bench.namespace.id("EX-PACK")
    equal(shown, [(int(issued), int(difference), reason, counter)], "reconciliation")


def _count(
    bench: Bench, letter: str, applied: int, destroyed: int, reason: str | None
) -> ReconcileLabels:
    return ReconcileLabels(
        reconciliation_id=Id(bench.new_id("COUNTED")),
        order_id=Id(bench.part(PackingOnBench).orders[letter]),
        applied=applied, destroyed=destroyed, reason=reason,
    )
