"""Deviations in MES: opened by what happens, investigated, concluded, acted upon.

The warehouse shows that it opened one; its course is the quality unit's and stands here alone.
Source: URS-QMS-001.
"""

from __future__ import annotations

import json

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import CloseDeviation, InvestigateDeviation, OpenDeviation
from contracts.model.counts import DeviationClass, DeviationState
from contracts.model.identifiers import Id
from contracts.model.inspection_adjustments import Deviations
from contracts.model.instants import from_microseconds, microseconds
from reference_impl import adjustments
from reference_impl.domain.reasons import check_reason
from reference_impl.identifiers import derived_id
from reference_impl.records.accounts import Accounts
from reference_impl.records.counting import next_lasting_number, next_number
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.quality_tables import (
    capa_links,
    deviation_closures,
    deviation_findings,
    deviation_occasions,
)
from reference_impl.store.tables import deviations, lots, orders

_FINDINGS = Statement(select(deviation_findings).order_by(deviation_findings.c.ordinal))
_FOUND = Statement(
    select(deviation_findings.c.finding_id)
    .where(deviation_findings.c.deviation_id == bindparam("deviation_id"))
)
_OCCASIONS = Statement(select(deviation_occasions))
_CLOSURES = Statement(select(deviation_closures))
_LINKS = Statement(select(capa_links).order_by(capa_links.c.capa_id))
_ENDINGS = {
    DeviationClass.TOLERANCE_OVERRIDE: "WEIGHT-DEV",
    DeviationClass.RECONCILIATION_DIFFERENCE: "LABEL-DEV",
    DeviationClass.STOCK_DIFFERENCE: "STOCK-DEV",
    DeviationClass.HELD_MATERIAL_USED: "HOLD-DEV",
}


# implements FRS-QMS-001
def open_deviation(
    work: Work, of_class: DeviationClass, source: str, lots: tuple[str, ...],
    orders: tuple[str, ...],
) -> Id:
    """Open the deviation of an event, with the lots and orders that it affects. Returns: its id."""
    number = derived_id(source, _ENDINGS[of_class])
    while work.find(deviations, number):
        number = derived_id(f"{source}-{next_lasting_number(work.connection, 'deviations')}", "DEV")
    work.create(
        deviations, deviation_id=number, source=source, deviation_class=of_class.value,
        state=DeviationState.OPEN.value, affected_lots=json.dumps(lots),
        affected_orders=json.dumps(orders), opened_at=microseconds(work.now),
    )
    return number


# implements FRS-KPI-001
# implements FRS-QMS-005
# implements FRS-QMS-013
def open_deviation_seen(work: Work, command: OpenDeviation) -> Refusal | None:
    """Open what a person has seen, or what a key figure shows."""
    if work.find(deviations, command.deviation_id):
        return Refusal(Code.ALREADY_EXISTS, "deviationId", command.deviation_id)
    refusal = check_reason(command.occasion, "occasion") or _check_affected(work, command)
    if refusal:
        return refusal
    work.create(
        deviations, deviation_id=command.deviation_id, source=command.source,
        deviation_class=command.deviation_class.value, state=DeviationState.OPEN.value,
        affected_lots=json.dumps(command.affected_lots),
        affected_orders=json.dumps(command.affected_orders), opened_at=microseconds(work.now),
    )
    work.create(
        deviation_occasions, deviation_id=command.deviation_id, occasion=command.occasion,
        opened_by=work.actor.account,
    )
    return None


# implements FRS-QMS-005
def investigate_deviation(work: Work, command: InvestigateDeviation) -> Refusal | None:
    """Add what an investigation found."""
    refusal = _check_open(work, command.deviation_id) or check_reason(command.finding, "finding")
    if refusal:
        return refusal
    work.create(
        deviation_findings, finding_id=command.finding_id, deviation_id=command.deviation_id,
        ordinal=next_number(work.connection, "findings"), finding=command.finding,
        found_by=work.actor.account, found_at=microseconds(work.now),
    )
    return None


# implements FRS-QMS-004
# implements FRS-QMS-006
def close_deviation(work: Work, command: CloseDeviation, accounts: Accounts) -> Refusal | None:
    """The quality unit concludes, and signs."""
    refusal = _check_open(work, command.deviation_id) or check_reason(
        command.conclusion, "conclusion"
    )
    if refusal:
        return refusal
    if not work.connection.rows(_FOUND, deviation_id=command.deviation_id):
        return Refusal(Code.NOT_INVESTIGATED, "deviationId", command.deviation_id)
    signed = accounts.sign_command(
        work, command, command.signature, ("deviations", command.deviation_id), of_quality=True
    )
    if isinstance(signed, Refusal):
        return signed
    work.change(deviations, command.deviation_id, state=DeviationState.CLOSED.value)
    work.create(
        deviation_closures, deviation_id=command.deviation_id, conclusion=command.conclusion,
        closed_by=work.actor.account, closed_at=microseconds(work.now),
        signature_id=signed.signature_id,
    )
    return None


# implements FRS-QMS-002
def check_known(work: Work, deviation_id: str, path: str) -> Row | Refusal:
    """The deviation of an id, or why there is none."""
    row = work.find(deviations, deviation_id)
    return row or Refusal(Code.UNKNOWN_DEVIATION, path, deviation_id)


# implements FRS-QMS-007
def show_deviations(connection: Connection, settings: Settings, after: int) -> Deviations:
    """All deviations with findings, actions and conclusions."""
    found: dict[str, list[str]] = {}
    for row in connection.rows(_FINDINGS):
        found.setdefault(row["deviation_id"], []).append(row["finding"])
    linked: dict[str, list[str]] = {}
    for row in connection.rows(_LINKS):
        linked.setdefault(row["deviation_id"], []).append(row["capa_id"])
    closed = {row["deviation_id"]: row for row in connection.rows(_CLOSURES)}
    seen = {row["deviation_id"]: row["occasion"] for row in connection.rows(_OCCASIONS)}
    opened = adjustments.show_deviations(connection, settings, after)
    return Deviations(
        rows=tuple(
            row.model_copy(update={
                "occasion": seen.get(row.deviation_id),
                "findings": tuple(found.get(row.deviation_id, ())),
                "capa_ids": tuple(linked.get(row.deviation_id, ())),
                **_closure(closed.get(row.deviation_id), settings),
            })
            for row in opened.rows
        )
    )


# implements FRS-QMS-014
# implements FRS-QMS-015
def _check_affected(work: Work, command: OpenDeviation) -> Refusal | None:
    for index, lot_id in enumerate(command.affected_lots):
        if work.find(lots, lot_id) is None:
            return Refusal(Code.UNKNOWN_LOT, f"affectedLots[{index}]", lot_id)
    for index, order_id in enumerate(command.affected_orders):
        if work.find(orders, order_id) is None:
            return Refusal(Code.UNKNOWN_ORDER, f"affectedOrders[{index}]", order_id)
    return None


# implements FRS-QMS-003
def _check_open(work: Work, deviation_id: str) -> Refusal | None:
    row = check_known(work, deviation_id, "deviationId")
    if isinstance(row, Refusal):
        return row
    if row["state"] == DeviationState.CLOSED:
        return Refusal(Code.DEVIATION_CLOSED, "deviationId", deviation_id)
    return None


def _closure(row: Row | None, settings: Settings) -> dict[str, object]:
    if row is None:
        return {}
    return {
        "conclusion": row["conclusion"], "closed_by": row["closed_by"],
        "closed_at": from_microseconds(row["closed_at"], settings.site_zone),
        "signature_id": row["signature_id"],
    }
