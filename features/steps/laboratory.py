"""The laboratory: samples are tested, results are reviewed, and a lot is released or not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import CommandAnswer
from contracts.model.commands import RecordResult
from contracts.model.identifiers import Id
from contracts.model.inspection_adjustments import Samples
from contracts.model.inspection_quality import LabResultRow, LabResults
from contracts.model.lot_status import LotStatus
from contracts.model.quality import PERCENT, ResultVerdict
from contracts.model.roles import Role
from contracts.model.stimulus import Load
from contracts.model.units import PotencyBasis
from features.bench import STAGING, STORAGE, UNIT, Bench
from features.claims import equal, the_only
from features.steps.lot_status import decision_about, signature_of
from features.steps.material import add_base, add_lot, add_order
from features.steps.samples import has_sampled
from features.steps.words import AMOUNT, LETTER, day_of

STARCH, ASSAY, DRYING = "STARCH", "ASSAY", "LOSS-ON-DRYING"
_TESTS = {"an assay": ASSAY, "a loss on drying": DRYING}
_FOUND = r"(?P<test>an assay|a loss on drying) of (?P<value>[0-9.]+) %"
_EACH = re.compile(_FOUND)


@dataclass
class InTheLaboratory:
    """What the scenario has sampled, by the lot's letter; the last sample counts."""

    samples: dict[str, str] = field(default_factory=dict)


@given(parsers.re(
    r"starch that needs an assay of (?P<low>[0-9.]+) to (?P<high>[0-9.]+) % and a loss on drying "
    r"of at most (?P<most>[0-9.]+) %"
))
def a_specification(bench: Bench, low: str, high: str, most: str) -> None:
    """A material with two required tests; the first gives the potency."""
    add_base(bench)
    names = bench.namespace
    assay = {
        "test": ASSAY, "method": "PH-EUR-2.2.29", "unit": PERCENT, "low": low, "high": high,
        "sets_potency": True,
    }
    drying = {"test": DRYING, "method": "PH-EUR-2.2.32", "unit": PERCENT, "high": most}
    bench.site.load(Load.model_validate({"materials": [{
        "material_id": names.id(STARCH), "description": "Starch", "gtin": names.gtin(STARCH),
        "base_unit": UNIT, "required_tests": [assay, drying], "potency_basis": PotencyBasis.AS_IS,
    }]}))
    bench.recorder.observe(f"assay {low} to {high} %, loss on drying at most {most} %")


@given(parsers.re(
    rf"sampled lot {LETTER} of starch, {AMOUNT}, in quarantine(?P<staged>, staged)?"
))
def a_sampled_lot(bench: Bench, letter: str, amount: str, staged: str | None) -> None:
    """A lot of which a sample has come to the laboratory."""
    place = STAGING if staged else STORAGE
    add_lot(
        bench, letter, amount, LotStatus.QUARANTINE, day_of("2026-12-31"), item=STARCH,
        place=place,
    )
    take_sample(bench, letter)


@given(parsers.re(
    rf"another sample of lot {LETTER}, in which the laboratory has found (?P<what>.+)"
))
def another_sample(bench: Bench, letter: str, what: str) -> None:
    """A second bottle, and its results."""
    take_sample(bench, letter)
    laboratory_has_found(bench, what, letter)


@given(parsers.re(rf"the laboratory has found (?P<what>.+) in lot {LETTER}"))
def laboratory_has_found(bench: Bench, what: str, letter: str) -> None:
    """Each result that the words name; nothing is none."""
    for test, value in _EACH.findall(what):
        has_found(bench, test, value, letter)


@given(parsers.re(rf"the analyst has found {_FOUND} in lot {LETTER}"))
def has_found(bench: Bench, test: str, value: str, letter: str) -> None:
    """A reviewed result."""
    bench.prepare("the analyst", "record-result", _result(bench, letter, _TESTS[test], value))
    bench.recorder.observe(f"{test} of {value} %")


@given(parsers.re(rf"quality has released lot {LETTER} of starch"))
def has_released(bench: Bench, letter: str) -> None:
    """The lot may be used."""
    _release(bench, letter)


@given(parsers.re(
    rf"a started order for exactly {AMOUNT} of starch at (?P<basis>[0-9]+) % potency"
))
def an_order_of_starch(bench: Bench, amount: str, basis: str) -> None:
    """An order whose quantity is stated for a potency, without a tolerance."""
    none = {"value": "0.000", "unit": UNIT}
    add_order(bench, amount, line_members={
        "material_id": bench.namespace.id(STARCH), "potency_basis": Decimal(basis),
        "tolerance_high": none, "tolerance_low": none,
    })


@when(parsers.re(rf"the analyst finds {_FOUND} in lot {LETTER}"))
def finds(bench: Bench, test: str, value: str, letter: str) -> None:
    """Try to record a result."""
    _try(bench, _result(bench, letter, _TESTS[test], value))


@when(parsers.re(rf"the analyst finds {_FOUND} in lot {LETTER}, reviewed by (?P<review>.+)"))
def finds_reviewed(bench: Bench, test: str, value: str, letter: str, review: str) -> None:
    """Try to record a result with another review."""
    who = review.removesuffix(" with a wrong password")
    signature = bench.signature(who, "Reviewed", wrong_password=who != review)
    body = _result(bench, letter, _TESTS[test], value)
    _try(bench, body.model_copy(update={"review": signature}))


@when(parsers.re(
    rf"the second analyst finds {_FOUND} in lot {LETTER}, reviewed by the analyst"
))
def second_finds(bench: Bench, test: str, value: str, letter: str) -> None:
    """The two of them in each other's part."""
    review = bench.signature("the analyst", "Reviewed")
    body = _result(bench, letter, _TESTS[test], value).model_copy(update={"review": review})
    attempt = bench.command("the second analyst", "record-result", body)
    bench.recorder.observe(f"{body.test} of {body.value} {body.unit}: {attempt.answer}")


@when(parsers.re(
    r"the analyst records (?P<what>an assay of a sample nobody took|a test that nobody specified|"
    r"an assay in milligrams|an assay of 100.0001 %|another loss on drying of the same sample)"
))
def records_wrongly(bench: Bench, what: str) -> None:
    """Try to record what no specification asks for."""
    others: dict[str, dict[str, object]] = {
        "an assay of a sample nobody took": {"sample_id": Id(bench.namespace.id("NOBODY"))},
        "a test that nobody specified": {"test": Id("COLOUR")},
        "an assay in milligrams": {"unit": "MGM"},
        "an assay of 100.0001 %": {"value": Decimal("100.0001")},
        "another loss on drying of the same sample": {"test": Id(DRYING)},
    }
    _try(bench, _result(bench, "A", ASSAY, "4.0").model_copy(update=others[what]))


@then(parsers.re(
    rf"MES shows the assay of lot {LETTER} as (?P<value>[0-9.]+) % by its method, "
    r"(?P<verdict>PASSED|FAILED), (?P<rest>with limits, analyst and reviewer|and no potency)"
))
def shows_assay(bench: Bench, letter: str, value: str, verdict: str, rest: str) -> None:
    """The whole record of the result."""
    row = _the_assay(bench, letter)
    bench.recorder.observe(
        f"{row.value} {row.unit} by {row.method}, {row.low} to {row.high}: {row.verdict}, "
        f"potency {row.potency}, {row.tested_by}, {row.reviewed_by}"
    )
    equal((row.value, row.verdict), (Decimal(value), ResultVerdict(verdict)), "value and verdict")
    equal((row.low, row.high), (Decimal("98.0"), Decimal("102.0")), "limits")
    equal(row.method, "PH-EUR-2.2.29", "method")
    people = tuple(bench.person_id(who) for who in ("the analyst", "the second analyst"))
    equal((row.tested_by, row.reviewed_by), people, "analyst and reviewer")
    equal(row.potency, None if rest == "and no potency" else Decimal(value), "potency")


@then(parsers.re(rf"quality can release lot {LETTER}"))
def can_release(bench: Bench, letter: str) -> None:
    """The release is done, in both systems."""
    _release(bench, letter)
    bench.attempts[-1].answer.as_(CommandAnswer)


def take_sample(bench: Bench, letter: str) -> None:
    """A sample of a lot comes to the laboratory."""
    before = _samples(bench)
    has_sampled(bench, "0.050", letter)
    bench.deliver()
    bench.part(InTheLaboratory).samples[letter] = the_only(
        _samples(bench) - before, "new samples in MES"
    )


def _samples(bench: Bench) -> set[str]:
    rows = bench.site.client(Role.MES).ask("samples", Samples).rows
    return {row.sample_id for row in rows}


def _result(bench: Bench, letter: str, test: str, value: str) -> RecordResult:
    return RecordResult(
        result_id=Id(bench.new_id("RESULT")),
        sample_id=Id(bench.part(InTheLaboratory).samples[letter]), test=Id(test),
        value=Decimal(value), unit=PERCENT,
        review=bench.signature("the second analyst", "Reviewed"),
    )


def _try(bench: Bench, body: RecordResult) -> None:
    attempt = bench.command("the analyst", "record-result", body)
    bench.recorder.observe(f"{body.test} of {body.value} {body.unit}: {attempt.answer}")


def _release(bench: Bench, letter: str) -> None:
    signature = signature_of(bench, "quality", "a signature")
    lot_id = bench.lots[letter].lot_id
    body = decision_about(bench, lot_id, LotStatus.RELEASED, signature)
    bench.prepare("quality", "change-lot-status", body)
    bench.deliver()


def _the_assay(bench: Bench, letter: str) -> LabResultRow:
    rows = bench.site.client(Role.MES).ask("lab-results", LabResults).rows
    wanted = bench.lots[letter].lot_id
    return the_only((r for r in rows if r.lot_id == wanted and r.test == ASSAY), "assays")
