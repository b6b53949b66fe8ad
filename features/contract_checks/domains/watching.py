"""Alarms that are acknowledged and sought: those that the dead letters of the world raised."""

from __future__ import annotations

from typing import Any

from contracts.model.inspection import Alarms
from features.contract_checks.domains.facts import Domain, Facts, member
from features.contract_checks.world import World

_REASON_MIN = 5


def _acknowledge_alarm(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("acknowledgementId", world.fresh("acknowledgement")),
        ("alarmId", _open_alarm(world)),
    ]
    if len("".join(str(member(body, "comment")).split())) < _REASON_MIN:
        facts.append(("comment", "seen by a contract check"))
    return facts


def _open_alarm(world: World) -> str:
    """An alarm that nobody has acknowledged; one that never was raised where none is left."""
    answer = world.attempt("the alarm log", lambda: world.harness[world.role].call("alarms"))
    shown = answer.value if answer else None
    rows = shown.rows if isinstance(shown, Alarms) else ()
    return next((row.alarm_id for row in rows if row.acknowledgement is None), "ALARM-0")


WATCHING = Domain(
    facts={"acknowledge-alarm": _acknowledge_alarm},
    queries={"alarm-search": lambda _: "DEAD_LETTER"},
)
