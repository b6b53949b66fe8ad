"""Corrective and preventive actions: opened for deviations, closed with all of their evidence.

Source: URS-QMS-002.
"""

from __future__ import annotations

import json

from sqlalchemy import select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import CloseCapa, OpenCapa
from contracts.model.inspection_quality import CapaRow, Capas
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.quality import CapaState, RiskItem
from reference_impl.domain import capas as rules
from reference_impl.domain.reasons import check_reason
from reference_impl.mes.deviations import check_known
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.quality_tables import capa_links, capas

_ALL = Statement(select(capas).order_by(capas.c.capa_id))
_LINKS = Statement(select(capa_links).order_by(capa_links.c.deviation_id))


# implements FRS-QMS-007
def open_capa(work: Work, command: OpenCapa) -> Refusal | None:
    """An action begins; its deviations are linked to it for good."""
    for number, deviation_id in enumerate(command.deviation_ids):
        known = check_known(work, deviation_id, f"deviationIds[{number}]")
        if isinstance(known, Refusal):
            return known
    refusal = check_reason(command.action, "action")
    if refusal:
        return refusal
    work.create(
        capas, capa_id=command.capa_id, action=command.action,
        risk_item=command.risk_item.model_dump_json(), state=CapaState.OPEN.value,
        opened_by=work.actor.account, opened_at=microseconds(work.now),
    )
    for deviation_id in dict.fromkeys(command.deviation_ids):
        work.create(capa_links, capa_id=command.capa_id, deviation_id=deviation_id)
    return None


# implements FRS-QMS-006
def close_capa(work: Work, command: CloseCapa, accounts: Accounts) -> Refusal | None:
    """An action is over: its evidence is whole, and signed for."""
    row = _open(work, command.capa_id)
    if isinstance(row, Refusal):
        return row
    refusal = _check(work, command, row)
    if refusal:
        return refusal
    signed = accounts.sign_command(
        work, command, command.signature, ("capas", command.capa_id), of_quality=True
    )
    if isinstance(signed, Refusal):
        return signed
    evidence = command.model_dump(
        mode="json", include={"change_id", "rerun", "effectiveness", "risk_item"}
    )
    evidence["updated_risk_item"] = evidence.pop("risk_item")
    work.change(
        capas, command.capa_id, state=CapaState.CLOSED.value,
        evidence=json.dumps(evidence),
        closed_by=work.actor.account, closed_at=microseconds(work.now),
        signature_id=signed.signature_id,
    )
    return None


def show_capas(connection: Connection, settings: Settings, _: int) -> Capas:
    """All actions with their deviations and evidence."""
    linked: dict[str, list[str]] = {}
    for row in connection.rows(_LINKS):
        linked.setdefault(row["capa_id"], []).append(row["deviation_id"])
    return Capas(
        rows=tuple(
            _row(row, tuple(linked[row["capa_id"]]), settings) for row in connection.rows(_ALL)
        )
    )


# implements FRS-QMS-008
# implements FRS-QMS-009
def _open(work: Work, capa_id: str) -> Row | Refusal:
    row = work.find(capas, capa_id)
    if row is None:
        return Refusal(Code.UNKNOWN_CAPA, "capaId", capa_id)
    if row["state"] == CapaState.CLOSED:
        return Refusal(Code.CAPA_CLOSED, "capaId", capa_id)
    return row


def _check(work: Work, command: CloseCapa, row: Row) -> Refusal | None:
    opened = from_microseconds(row["opened_at"], work.settings.site_zone)
    refusal = rules.check_evidence(command, opened.date(), work.now.date())
    if refusal:
        return refusal
    assert command.risk_item is not None
    assert command.effectiveness is not None
    before = RiskItem.model_validate_json(row["risk_item"])
    return rules.check_risk_item(before, command.risk_item) or rules.check_effect(
        command.effectiveness.verdict
    )


def _row(row: Row, deviations: tuple[str, ...], settings: Settings) -> CapaRow:
    closed_at = row["closed_at"]
    return CapaRow.model_validate({
        "capa_id": row["capa_id"], "deviation_ids": deviations, "action": row["action"],
        "risk_item": json.loads(row["risk_item"]), "state": row["state"],
        "opened_by": row["opened_by"],
        "opened_at": from_microseconds(row["opened_at"], settings.site_zone),
        **json.loads(row["evidence"] or "{}"),
        "closed_by": row["closed_by"], "signature_id": row["signature_id"],
        "closed_at": from_microseconds(closed_at, settings.site_zone) if closed_at else None,
    })
