"""Lot status."""

from __future__ import annotations

from typing import Any

from contracts.model.lot_status import LotStatus
from contracts.model.roles import Duty
from features.contract_checks.domains.facts import Domain, Facts, member, message
from features.contract_checks.world import EXPIRES, PASSWORD, World

_FROM_QUARANTINE = ("RELEASED", "REJECTED", "BLOCKED", "EXPIRED", "RECALLED")
_REASON_MIN = 5
_REASON = "because a contract check says so"


def _lot_status_changed(world: World, body: Any) -> Facts:
    lot = world.lot_in_quarantine()
    to_status = _decided(member(body, "data", "toStatus"))
    facts: Facts = [
        ("changeId", world.fresh("change")),
        ("lotId", lot),
        ("materialId", world.names.id("HELD")),
        ("fromStatus", LotStatus.QUARANTINE.value),
        ("secondSignature", ...),
        ("container", ...),
        ("toStatus", to_status),
    ]
    if member(body, "data", "retestOn") is not None:
        facts.append(("retestOn", EXPIRES.isoformat()))
    if member(body, "data", "signature") is not None:
        facts.append(("signature.role", Duty.QUALITY.value))
    elif to_status == LotStatus.RELEASED.value:
        facts.append(("toStatus", LotStatus.BLOCKED.value))
    return message(world, "lot-status-changed", f"lot/{lot}", facts)


def _change_lot_status(world: World, body: Any) -> Facts:
    to_status = _decided(member(body, "toStatus"))
    facts: Facts = [
        ("changeId", world.fresh("change")),
        ("lotId", world.lot_in_quarantine()),
        ("secondSignature", ...),
        ("toStatus", to_status),
    ]
    if len("".join(str(member(body, "reason")).split())) < _REASON_MIN:
        facts.append(("reason", _REASON))
    if member(body, "signature") is not None:
        facts += [("signature.userId", world.person(Duty.QUALITY)),
                  ("signature.password", PASSWORD)]
    elif to_status == LotStatus.RELEASED.value:
        facts.append(("toStatus", LotStatus.BLOCKED.value))
    return facts


def _decided(generated: Any) -> str:
    return generated if generated in _FROM_QUARANTINE else LotStatus.BLOCKED.value


LOT_STATUS = Domain(
    facts={
        "lot-status-changed": _lot_status_changed,
        "change-lot-status": _change_lot_status,
    }
)
