"""MES equals WMS: both hold the same stock and the same statuses once everything has arrived.

The cut-off is the moment after healing, when neither has a message on its way; each mirror is then
complete. Serves URS-REC-002 and URS-STA-001.
"""

from __future__ import annotations

from contracts.model.roles import Role
from simulator.evidence import Evidence, Recorded
from simulator.invariants.violation import Judgement, Violation


def mes_equals_wms(evidence: Evidence) -> Judgement:
    """Judge every container and every lot that either of them knows."""
    judgement = Judgement()
    mes, wms = (evidence.recorded[role] for role in (Role.MES, Role.WMS))
    for name in sorted(mes.containers.keys() | wms.containers.keys()):
        stock = _stock(mes, name), _stock(wms, name)
        _judge(judgement, evidence, f"container {name}", name, stock)
    for name in sorted(mes.lots.keys() | wms.lots.keys()):
        _judge(judgement, evidence, f"lot {name}", name, (_lot(mes, name), _lot(wms, name)))
    return judgement


def _judge(
    judgement: Judgement, evidence: Evidence, subject: str, name: str, seen: tuple[str, str]
) -> None:
    mes, wms = seen
    judgement.compare(
        mes == wms,
        Violation(subject, f"in MES as in WMS: {wms}", mes, evidence.first_about(name)),
    )


def _stock(recorded: Recorded, name: str) -> str:
    held = recorded.containers.get(name)
    if held is None:
        return "nothing"
    status = recorded.statuses.get(name)
    return f"{held.quantity} of {held.lot} at {held.location}{f', {status}' if status else ''}"


def _lot(recorded: Recorded, name: str) -> str:
    seen = recorded.lots.get(name)
    return f"{seen.status}, expires {seen.expires_at}" if seen else "nothing"
