"""Assays: recorded by quality, one version after the other, with what was weighed by them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import RecordAssay
from contracts.model.identifiers import Id
from contracts.model.inspection_units import AdjustedRow, Assays
from contracts.model.quantities import Quantity
from contracts.model.roles import Role
from contracts.model.units import PotencyBasis
from features.bench import Bench
from features.claims import equal, holds
from features.steps.alarms import has_raised
from features.steps.dispensing import AtTheScale
from features.steps.material import add_order
from features.steps.words import AMOUNT, LETTER, amount_of, quantity_of


@given(parsers.re(
    rf"a started order for at least (?P<low>[0-9.]+) kg, {AMOUNT} and at most "
    r"(?P<high>[0-9.]+) kg of lactose at (?P<basis>[0-9]+) % potency"
))
def a_wide_order_with_potency(bench: Bench, low: str, amount: str, high: str, basis: str) -> None:
    """An order with a tolerance on either side, whose quantity is stated for a potency."""
    target = amount_of(amount)
    add_order(bench, amount, line_members={
        "tolerance_low": target - quantity_of(low), "tolerance_high": quantity_of(high) - target,
        "potency_basis": Decimal(basis),
    })


@given(parsers.re(rf"quality has recorded an assay of (?P<potency>[0-9.]+) % of lot {LETTER}"))
def quality_has_recorded(bench: Bench, potency: str, letter: str) -> None:
    """An assay that was released before."""
    body = _assay(bench, bench.lots[letter].lot_id, potency)
    bench.prepare("quality", "record-assay", body)
    bench.recorder.observe(f"assay {body.assay_id}: {potency} %")


@when(parsers.re(rf"quality records an assay of (?P<potency>[0-9.]+) % of lot {LETTER}"))
def quality_records(bench: Bench, potency: str, letter: str) -> None:
    """Release an assay."""
    _record(bench, _assay(bench, bench.lots[letter].lot_id, potency))


@when(parsers.re(
    r"quality records an assay of (?P<what>lot A with a wrong password|"
    r"lot A for a reason of blanks|lot A on the dried basis|a lot nobody knows)"
))
def quality_records_wrongly(bench: Bench, what: str) -> None:
    """An assay with one thing wrong."""
    lot_id = bench.namespace.id("NOBODY") if "nobody" in what else bench.lots["A"].lot_id
    body = _assay(bench, lot_id, "99.250")
    wrong = bench.signature("quality", "Released", wrong_password=True)
    other: dict[str, dict[str, Any]] = {
        "lot A with a wrong password": {"signature": wrong},
        "lot A for a reason of blanks": {"reason": "       "},
        "lot A on the dried basis": {"basis": PotencyBasis.DRIED},
    }
    _record(bench, body.model_copy(update=other.get(what, {})))


@then(parsers.re(
    rf"MES shows the assays? (?P<first>[0-9.]+) %(?: and (?P<second>[0-9.]+) %)? of lot {LETTER}"
))
def shows_assays(bench: Bench, first: str, second: str | None, letter: str) -> None:
    """Every version, numbered from 1 without a gap."""
    rows = [row for row in _assays(bench).rows if row.lot_id == bench.lots[letter].lot_id]
    shown = [(row.version, row.potency) for row in rows]
    wanted = [Decimal(one) for one in (first, second) if one]
    bench.recorder.observe(", ".join(f"version {v}: {p} %" for v, p in shown) or "no assay")
    equal(shown, list(enumerate(wanted, 1)), "versions")


@then(parsers.re(
    r"MES shows the active quantit(?:y|ies) (?P<first>[0-9.]+ KGM)(?: and (?P<second>[0-9.]+ KGM))?"
    r" of the weighing,(?: each)? signed"
))
def shows_active(bench: Bench, first: str, second: str | None) -> None:
    """Every version of the weighing, each signed by itself and made of its own assay."""
    rows = _adjusted(bench)
    for row in rows:
        bench.recorder.observe(f"version {row.version}: {row.active} by {row.signature_id}")
    wanted = [Quantity.of(one) for one in (first, second) if one]
    versions = [(row.version, row.active) for row in rows]
    equal(versions, list(enumerate(wanted, 1)), "versions")
    equal(len({row.signature_id for row in rows}), len(rows), "different signatures")
    known = {(a.lot_id, a.version): a.potency for a in _assays(bench).rows}
    for row in rows:
        of_lot = known.get((row.lot_id, row.assay_version))
        equal(row.potency, of_lot, f"potency of version {row.version}")


@then(parsers.re(r"MES has raised the alarm (?P<name>[A-Z_]+) about the assay"))
def alarm_about_assay(bench: Bench, name: str) -> None:
    """Exactly one alarm names the assay."""
    has_raised(bench, Role.MES, name, f"{bench.last.event}:")


def _assay(bench: Bench, lot_id: str, potency: str) -> RecordAssay:
    return RecordAssay(
        assay_id=Id(bench.new_id("ASSAY")), lot_id=Id(lot_id), potency=Decimal(potency),
        basis=PotencyBasis.AS_IS, result_ref=Id(bench.new_id("RESULT")),
        reason="Result of the laboratory", signature=bench.signature("quality", "Released"),
    )


def _record(bench: Bench, body: RecordAssay) -> None:
    attempt = bench.command("quality", "record-assay", body)
    bench.recorder.observe(f"assay of {body.potency} % of {body.lot_id}: {attempt.answer}")


def _assays(bench: Bench) -> Assays:
    return bench.site.client(Role.MES).ask("assays", Assays)


def _adjusted(bench: Bench) -> list[AdjustedRow]:
    command = bench.part(AtTheScale).command
    holds(command is not None, "nothing was weighed")
    assert command is not None
    return [row for row in _assays(bench).adjusted if row.issue_id == command.dispense_id]
