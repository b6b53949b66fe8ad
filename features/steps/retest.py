"""Lots that have to be tested again: when, what becomes of them, and how they are used anew."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import RecordResult
from contracts.model.identifiers import Id
from contracts.model.inspection import Lots
from contracts.model.lot_status import LotStatus
from contracts.model.quality import PERCENT
from contracts.model.roles import Role
from features.bench import ITEM, STAGING, STORAGE, Bench
from features.claims import equal
from features.steps.deliveries import EXPIRES, announce, line_of
from features.steps.laboratory import ASSAY, STARCH, InTheLaboratory, take_sample
from features.steps.lot_status import decision_about, signature_of
from features.steps.material import add_lot
from features.steps.words import AMOUNT, DAY, LETTER, day_of

_ITEMS = {"lactose": ITEM, "starch": STARCH}


@given(parsers.re(
    rf"lot {LETTER} of (?P<item>lactose|starch), {AMOUNT}, released, to be tested again after "
    rf"{DAY}(?P<where>, staged|, sampled)?"
))
def lot_with_retest(
    bench: Bench, letter: str, item: str, amount: str, day: str, where: str | None
) -> None:
    """A released lot in one container, with a retest date before its expiry."""
    lot = add_lot(
        bench, letter, amount, LotStatus.RELEASED, EXPIRES, item=_ITEMS[item],
        place=STAGING if where == ", staged" else STORAGE, retest_on=day_of(day),
    )
    bench.recorder.observe(f"lot {letter} is {lot.lot_id}, to be tested again after {day}")
    if where == ", sampled":
        take_sample(bench, letter)


@given(parsers.re(
    rf"an ASN announces {AMOUNT} of lot {LETTER} of lactose in container (?P<container>C[0-9]), "
    rf"expiring on (?P<day>[0-9-]{{10}}), to be tested again after (?P<retest>[0-9-]{{10}})"
))
def asn_with_retest(
    bench: Bench, amount: str, letter: str, container: str, day: str, retest: str
) -> None:
    """A line with the supplier's retest date."""
    line = line_of(bench, "10", (amount, letter, day_of(day)), container)
    announce(bench, line.model_copy(update={"retest_on": day_of(retest)}))


@given("what is due is done")
@when("what is due is done")
def due_is_done(bench: Bench) -> None:
    """Both systems run their background work."""
    bench.deliver()


@when(parsers.re(
    rf"the analyst finds an assay of (?P<value>[0-9.]+) % in lot {LETTER}, to be tested again "
    rf"after {DAY}"
))
def finds_with_retest(bench: Bench, value: str, letter: str, day: str) -> None:
    """A result that gives its lot the next retest date."""
    attempt = bench.command("the analyst", "record-result", _result(bench, value, letter, day))
    bench.recorder.observe(f"assay of {value} %, retest after {day}: {attempt.answer}")


@given(parsers.re(
    rf"the analyst has found an assay of (?P<value>[0-9.]+) % in lot {LETTER}, to be tested again "
    rf"after {DAY}"
))
def has_found_with_retest(bench: Bench, value: str, letter: str, day: str) -> None:
    """The result was recorded and reviewed."""
    bench.prepare("the analyst", "record-result", _result(bench, value, letter, day))


@when(parsers.re(rf"two persons of quality release lot {LETTER}"))
def two_release(bench: Bench, letter: str) -> None:
    """The release of a lot that was taken from use."""
    body = decision_about(
        bench, bench.lots[letter].lot_id, LotStatus.RELEASED,
        signature_of(bench, "quality", "a signature"),
    )
    second = signature_of(bench, "another person", "a signature")
    attempt = bench.command(
        "quality", "change-lot-status", body.model_copy(update={"second_signature": second})
    )
    bench.recorder.observe(f"release of lot {letter}: {attempt.answer}")


@then(parsers.re(
    rf"after delivery both systems show lot {LETTER}, (?P<status>[A-Z]+), to be tested again after "
    rf"{DAY}, from (?P<instant>\S+) on"
))
def both_show_retest(bench: Bench, letter: str, status: str, day: str, instant: str) -> None:
    """Owner and mirror agree on status, day and instant."""
    bench.deliver()
    lot_number = bench.namespace.lot_number(f"LOT-{letter}")
    for role in Role:
        rows = bench.site.client(role).ask("lots", Lots).rows
        shown = [
            (row.status, row.retest_on, row.to_json().get("retestAt"))
            for row in rows if row.lot == lot_number
        ]
        bench.recorder.observe(f"{role.upper()}: lot {letter} is {shown}")
        equal(shown, [(LotStatus(status), day_of(day), instant)], f"lot {letter} in {role.upper()}")


def _result(bench: Bench, value: str, letter: str, day: str) -> RecordResult:
    return RecordResult(
        result_id=Id(bench.new_id("RESULT")),
        sample_id=Id(bench.part(InTheLaboratory).samples[letter]), test=Id(ASSAY),
        value=Decimal(value), unit=PERCENT, retest_on=day_of(day),
        review=bench.signature("the second analyst", "Reviewed"),
    )
