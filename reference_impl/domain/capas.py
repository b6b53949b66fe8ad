"""What a corrective and preventive action needs before it is closed. Source: URS-QMS-002."""

from __future__ import annotations

from datetime import date

from contracts.model.codes import Code, Refusal
from contracts.model.commands import CloseCapa
from contracts.model.quality import Effectiveness, RiskItem

_EVIDENCE = {
    "changeId": "change_id", "riskItem": "risk_item", "rerun": "rerun",
    "effectiveness": "effectiveness",
}


# implements FRS-QMS-010
def check_evidence(command: CloseCapa, opened: date, today: date) -> Refusal | None:
    """Refuse to close without all four, or with a check of another time than of the action."""
    for path, name in _EVIDENCE.items():
        if getattr(command, name) is None:
            return Refusal(Code.CAPA_INCOMPLETE, path, f"{path} is missing")
    assert command.effectiveness is not None
    checked = command.effectiveness.checked_on
    if not opened <= checked <= today:
        detail = f"{checked} is not between {opened} and {today}"
        return Refusal(Code.CAPA_INCOMPLETE, "effectiveness.checkedOn", detail)
    return None


# implements FRS-QMS-011
def check_risk_item(before: RiskItem, after: RiskItem) -> Refusal | None:
    """Refuse another risk item, and one that was not updated."""
    if after.risk_item_id == before.risk_item_id and after.version > before.version:
        return None
    detail = f"the action began with version {before.version} of {before.risk_item_id}"
    return Refusal(Code.RISK_ITEM_NOT_UPDATED, "riskItem", detail)


# implements FRS-QMS-012
def check_effect(verdict: Effectiveness) -> Refusal | None:
    """Refuse to close what had no effect."""
    if verdict is Effectiveness.EFFECTIVE:
        return None
    return Refusal(Code.CAPA_NOT_EFFECTIVE, "effectiveness.verdict", verdict)
