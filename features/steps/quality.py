"""Deviations and actions: opened by what happens, closed by quality with proof and signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import (
    CloseCapa,
    CloseDeviation,
    Command,
    InvestigateDeviation,
    OpenCapa,
    OpenDeviation,
)
from contracts.model.counts import DeviationClass, DeviationState
from contracts.model.identifiers import Id
from contracts.model.inspection_adjustments import DeviationRow, Deviations
from contracts.model.inspection_quality import CapaRow, Capas
from contracts.model.quality import (
    CapaState,
    Effectiveness,
    EffectivenessCheck,
    RerunEvidence,
    RiskItem,
)
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal, the_only
from features.steps.adjustments import counterpart_has_adjusted_above
from features.steps.labels import PackingOnBench
from features.steps.words import LETTER

_RISK, _CHANGE, _RUN = "RISK-17", "CHANGE-2026-4", "RUN-9"
_DIGEST = "0f" * 32
_FINDING, _CONCLUSION = "the bag was torn by a fork", "no effect on other lots"
_ACTION = "fork tips are covered"


@dataclass
class QualityOnBench:
    """The deviation and the action that the scenario is about."""

    deviation_id: str = ""
    capa_id: str = ""


@given(parsers.re(rf"an open deviation about an adjustment of lot {LETTER}"))
def an_open_deviation(bench: Bench, letter: str) -> None:
    """The warehouse has adjusted above its threshold."""
    bench.part(QualityOnBench).deviation_id = counterpart_has_adjusted_above(bench, letter)
    equal(_the_deviation(bench).state, DeviationState.OPEN, "state")


@given("nobody has investigated it")
def nobody(bench: Bench) -> None:
    """No finding was entered."""
    equal(_the_deviation(bench).findings, (), "findings")


@given(parsers.re(r'quality has entered the finding "(?P<finding>[^"]*)"'))
def has_investigated(bench: Bench, finding: str) -> None:
    """The investigation found something."""
    body = _finding(bench, finding)
    bench.prepare("quality", "investigate-deviation", body)
    bench.recorder.observe(f"{body.deviation_id}: {finding}")


@given("quality has closed the deviation")
def has_closed(bench: Bench) -> None:
    """Investigated and concluded."""
    has_investigated(bench, _FINDING)
    bench.prepare("quality", "close-deviation", _closure(bench, _CONCLUSION))


@given("quality has opened an action for the deviation")
def has_opened(bench: Bench) -> None:
    """An action with its risk item, in version 1."""
    body = _action(bench, _ACTION)
    bench.prepare("quality", "open-capa", body)
    bench.part(QualityOnBench).capa_id = body.capa_id
    bench.recorder.observe(f"{body.capa_id} for {body.deviation_ids}")


@given("quality has closed the action")
def has_closed_action(bench: Bench) -> None:
    """With all of its evidence."""
    bench.prepare("quality", "close-capa", _proof(bench))


@when("quality opens the deviation once more")
def opens_once_more(bench: Bench) -> None:
    """Try to open what stands open."""
    _try(bench, "open-deviation", OpenDeviation(
        deviation_id=Id(bench.part(QualityOnBench).deviation_id), source=Id("shop-floor"),
        deviation_class=DeviationClass.INVENTORY_DIFFERENCE, occasion="a bag was torn",
    ))


@when(parsers.re(r'quality closes the deviation with the conclusion "(?P<conclusion>[^"]*)"'))
def closes_deviation(bench: Bench, conclusion: str) -> None:
    """Try to conclude."""
    _try(bench, "close-deviation", _closure(bench, conclusion))


@when(parsers.re(
    r"quality closes (?P<what>the deviation as it is|the deviation without a conclusion|"
    r"the deviation with a wrong password|the deviation with another's signature|"
    r"a deviation nobody knows)"
))
def closes_wrongly(bench: Bench, what: str) -> None:
    """Try to conclude what cannot be concluded so."""
    others: dict[str, dict[str, Any]] = {
        "the deviation as it is": {},
        "the deviation without a conclusion": {"conclusion": " n/a "},
        "the deviation with a wrong password": {
            "signature": bench.signature("quality", "Concluded", wrong_password=True)
        },
        "the deviation with another's signature": {
            "signature": bench.signature("another person", "Concluded")
        },
        "a deviation nobody knows": {"deviation_id": Id(bench.namespace.id("NOBODY"))},
    }
    closure = _closure(bench, _CONCLUSION)
    _try(bench, "close-deviation", closure.model_copy(update=others[what]))


@when("quality closes the deviation without a signature")
def closes_unsigned(bench: Bench) -> None:
    """The command lacks the signature altogether."""
    body = _closure(bench, _CONCLUSION)
    members = {name: getattr(body, name) for name in body.model_fields_set - {"signature"}}
    _try(bench, "close-deviation", CloseDeviation.model_construct(**members))


@when(parsers.re(
    r"quality enters (?P<what>a finding of a deviation nobody knows|a finding that says nothing|"
    r"an action for a deviation nobody knows|an action that says nothing)"
))
def enters_wrongly(bench: Bench, what: str) -> None:
    """Try to enter what leads nowhere."""
    nobody_knows = Id(bench.namespace.id("NOBODY"))
    finding, action = _finding(bench, _FINDING), _action(bench, _ACTION)
    ids = (*action.deviation_ids, nobody_knows)
    name, body = {
        "a finding of a deviation nobody knows": (
            "investigate-deviation", finding.model_copy(update={"deviation_id": nobody_knows})
        ),
        "a finding that says nothing": ("investigate-deviation", _finding(bench, "-   -")),
        "an action for a deviation nobody knows": (
            "open-capa", action.model_copy(update={"deviation_ids": ids})
        ),
        "an action that says nothing": ("open-capa", _action(bench, "none")),
    }[what]
    _try(bench, name, body)


@when("quality closes the action with all of its evidence")
def closes_action(bench: Bench) -> None:
    """Try to close an action."""
    _try(bench, "close-capa", _proof(bench))


@when("quality closes an action nobody knows")
def closes_no_action(bench: Bench) -> None:
    """Try to close what was never opened."""
    other = {"capa_id": Id(bench.namespace.id("NOBODY"))}
    _try(bench, "close-capa", _proof(bench).model_copy(update=other))


@when(parsers.re(
    r"quality closes the action (?P<what>without a change|without a risk item|without a run|"
    r"without a check of its effect|with a check of the day before it began|"
    r"with a check of tomorrow|with the risk item as it was|with another risk item|"
    r"although it had no effect|with a wrong password)"
))
def closes_unproven(bench: Bench, what: str) -> None:
    """Try to close an action whose proof has a gap."""
    proof = _proof(bench)
    check, today = proof.effectiveness, bench.now.date()
    assert check is not None
    day = timedelta(days=1)
    others: dict[str, dict[str, Any]] = {
        "without a change": {"change_id": None},
        "without a risk item": {"risk_item": None},
        "without a run": {"rerun": None},
        "without a check of its effect": {"effectiveness": None},
        "with a check of the day before it began": {
            "effectiveness": check.model_copy(update={"checked_on": today - day})
        },
        "with a check of tomorrow": {
            "effectiveness": check.model_copy(update={"checked_on": today + day})
        },
        "with the risk item as it was": {"risk_item": _risk(1)},
        "with another risk item": {"risk_item": RiskItem(risk_item_id=Id("RISK-18"), version=2)},
        "although it had no effect": {
            "effectiveness": check.model_copy(update={"verdict": Effectiveness.NOT_EFFECTIVE})
        },
        "with a wrong password": {
            "signature": bench.signature("quality", "Closed", wrong_password=True)
        },
    }
    _try(bench, "close-capa", proof.model_copy(update=others[what]))


@then(parsers.re(
    rf"MES shows one open deviation (?P<kind>[A-Z_]+) that names lot {LETTER} and "
    r"(?P<order>the order|its order)"
))
def shows_opened(bench: Bench, kind: str, letter: str, order: str) -> None:
    """Class, state, affected lots and batches."""
    packed = bench.part(PackingOnBench).orders
    order_id = packed[letter] if order == "its order" else bench.the_order.order_id
    wanted = bench.lots[letter].lot_id
    row = the_only((r for r in _deviations(bench) if wanted in r.affected_lots), "deviations")
    bench.recorder.observe(
        f"{row.deviation_id}: {row.deviation_class} {row.state}, {row.affected_lots}, "
        f"{row.affected_orders}"
    )
    said = (row.deviation_class, row.state, row.affected_lots, row.affected_orders)
    told = (DeviationClass(kind), DeviationState.OPEN, (wanted,), (order_id,))
    equal(said, told, "class, state, lots and orders")


@then("MES shows the deviation closed, with finding, conclusion, signature and its action")
def shows_closed(bench: Bench) -> None:
    """The whole course."""
    row = _the_deviation(bench)
    bench.recorder.observe(
        f"{row.state}: {row.findings}, {row.conclusion!r} by {row.closed_by} with "
        f"{row.signature_id}, {row.capa_ids}"
    )
    said = (row.state, row.findings, row.conclusion, row.closed_by, row.capa_ids)
    action = bench.part(QualityOnBench).capa_id
    quality = bench.person_id("quality")
    told = (DeviationState.CLOSED, (_FINDING,), _CONCLUSION, quality, (action,))
    equal(said, told, "state, findings, conclusion, person and actions")
    equal(bool(row.signature_id and row.closed_at), True, "signed at a time")


@then("MES shows the action closed, with its deviation, all evidence and the signature")
def shows_action_closed(bench: Bench) -> None:
    """The four pieces, and who signed."""
    row = _the_action(bench)
    bench.recorder.observe(
        f"{row.state} by {row.closed_by} with {row.signature_id}: {row.change_id}, "
        f"{row.updated_risk_item}, {row.rerun}, {row.effectiveness}"
    )
    proof = _proof(bench)
    said = (row.change_id, row.updated_risk_item, row.rerun, row.effectiveness)
    equal(said, (proof.change_id, proof.risk_item, proof.rerun, proof.effectiveness), "evidence")
    deviation = bench.part(QualityOnBench).deviation_id
    equal((row.state, row.deviation_ids), (CapaState.CLOSED, (deviation,)), "state and deviation")
    equal((row.closed_by, bool(row.signature_id)), (bench.person_id("quality"), True), "signed")


def _deviations(bench: Bench) -> tuple[DeviationRow, ...]:
    return bench.site.client(Role.MES).ask("deviations", Deviations).rows


def _the_deviation(bench: Bench) -> DeviationRow:
    wanted = bench.part(QualityOnBench).deviation_id
    return the_only((r for r in _deviations(bench) if r.deviation_id == wanted), "deviations")


def _the_action(bench: Bench) -> CapaRow:
    wanted = bench.part(QualityOnBench).capa_id
    rows = bench.site.client(Role.MES).ask("capas", Capas).rows
    return the_only((r for r in rows if r.capa_id == wanted), "actions")


def _finding(bench: Bench, finding: str) -> InvestigateDeviation:
    return InvestigateDeviation(
        finding_id=Id(bench.new_id("FINDING")), finding=finding,
        deviation_id=Id(bench.part(QualityOnBench).deviation_id),
    )


def _closure(bench: Bench, conclusion: str) -> CloseDeviation:
    return CloseDeviation(
        closure_id=Id(bench.new_id("CLOSURE")), conclusion=conclusion,
        deviation_id=Id(bench.part(QualityOnBench).deviation_id),
        signature=bench.signature("quality", "Concluded"),
    )


def _action(bench: Bench, action: str) -> OpenCapa:
    return OpenCapa(
        capa_id=Id(bench.new_id("CAPA")), action=action, risk_item=_risk(1),
        deviation_ids=(Id(bench.part(QualityOnBench).deviation_id),),
    )


def _proof(bench: Bench) -> CloseCapa:
    return CloseCapa(
        closure_id=Id(bench.new_id("CLOSURE")), capa_id=Id(bench.part(QualityOnBench).capa_id),
        change_id=Id(_CHANGE), risk_item=_risk(2),
        rerun=RerunEvidence(run_id=Id(_RUN), bundle_sha256=_DIGEST),
        effectiveness=EffectivenessCheck(
            checked_on=bench.now.date(), verdict=Effectiveness.EFFECTIVE,
            finding="no torn bag in four weeks",
        ),
        signature=bench.signature("quality", "Closed"),
    )


def _risk(version: int) -> RiskItem:
    return RiskItem(risk_item_id=Id(_RISK), version=version)


def _try(bench: Bench, name: str, body: Command) -> None:
    attempt = bench.command("quality", name, body)
    bench.recorder.observe(f"{name}: {attempt.answer}")
