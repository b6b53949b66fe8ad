"""Signing in: people who do nothing else, each with a code that was not shown before."""

from __future__ import annotations

from typing import Any

from contracts.model.identifiers import Id
from contracts.model.roles import Duty
from contracts.model.stimulus import Load, Person
from features.contract_checks.domains.facts import Domain, Facts
from features.contract_checks.world import NOW, PASSWORD, World
from simulator.namespace import Namespace


def _load(names: Namespace, supply: int) -> Load:
    return Load(people=tuple(
        Person(
            person_id=Id(_visitor(names, n)), printed_name=f"Example Visitor {n}",
            duties=(Duty.AUDITOR,), password=PASSWORD,
        )
        for n in range(supply)
    ))


def _sessions(world: World, _: Any) -> Facts:
    person = _visitor(world.names, world.turn("visitor"))
    code = world.authenticators.next_code(world.role, person, NOW)
    return [("userId", person), ("password", PASSWORD), ("code", code)]


def _visitor(names: Namespace, number: int) -> str:
    return names.id(f"p.visitor{number}")


SESSIONS = Domain(facts={"sessions": _sessions}, load=_load)
