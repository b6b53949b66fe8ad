"""Putting loaded ids into generated cases, so that a case can be refused only for what is wrong.

A good case gets all of them, or all but one, so that what is well formed and not known is seen too.
A bad one gets those that leave it bad: its defect stays, and everything around it is right.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from contracts.model.operations import Access, Group, Operation
from contracts.model.roles import Duty
from contracts.wire.golden_steps import changed
from features.contract_checks.domains import FACTS, QUERIES, Facts
from features.contract_checks.generation import Described, copy_of, part_is_good
from features.contract_checks.sending import Case
from features.contract_checks.world import World

IsValid = Callable[[Any], bool]
_KEY = "Idempotency-Key"


@dataclass(frozen=True)
class Grounded:
    """A case to send. ``complete``: every member that names something names what is loaded."""

    case: Case
    complete: bool


class Grounding:
    """Puts what a world has loaded into the cases of one operation, one after the other."""

    def __init__(self, world: World, described: Described, seed: int) -> None:
        self._world = world
        self._described = described
        self._choice = random.Random(f"{seed}/{described.operation.id}")
        self._turns = count()

    def ground(self, case: Case) -> Grounded:
        """The case with loaded ids and a fresh key; its generated defects stay.

        Every second good query names what is loaded, the others what nobody knows.
        """
        operation = self._described.operation
        headers_are_good = part_is_good(case, "header")
        body, complete = case.body, True
        if operation.body is not None:
            body, complete = self._body(case.body, headers_are_good)
        headers = {}
        if operation.keyed and headers_are_good:
            headers[_KEY] = self._key(operation, body)
        grounded = copy_of(case, body, headers)
        if operation.selected_by and part_is_good(case, "query"):
            complete = next(self._turns) % 2 == 0
            if complete:
                grounded.query[operation.selected_by] = QUERIES[operation.name](self._world)
        return Grounded(grounded, complete)

    def _body(self, body: Any, headers_are_good: bool) -> tuple[Any, bool]:
        """The body, and whether all was put in; every second good case keeps one member."""
        is_valid = self._described.body_is_valid
        make_facts = FACTS.get(self._described.operation.name)
        if make_facts is None or not isinstance(body, dict):
            return _plain(body), True
        facts = make_facts(self._world, body)
        keeps_one = headers_are_good and is_valid(body) and next(self._turns) % 2 == 1
        if keeps_one:
            del facts[self._choice.randrange(len(facts))]
        return self._signed(_put(_plain(body), facts, is_valid), is_valid), not keeps_one

    def _signed(self, body: Any, is_valid: IsValid) -> Any:
        """The body with what the authenticators of its signers show; a defect in it stays."""
        operation = self._described.operation
        owners = [duty for duty in duties_of(operation) if duty in self._world.tokens]
        if operation.access is not Access.SESSION or not owners or not is_valid(body):
            return body
        return self._world.with_codes(body, owners[0])

    def _key(self, operation: Operation, body: Any) -> str:
        """The key of a case: the id of its message, where it has one, else a fresh one."""
        own = body.get("id") if isinstance(body, dict) else None
        if operation.group is Group.EXCHANGE:
            return own if isinstance(own, str) and own.isascii() else str(self._world.message_id())
        return self._world.fresh("key")


def duties_of(operation: Operation) -> list[Duty]:
    """The duties that may do it; quality first, for it may sign as well."""
    return sorted(operation.duties, key=lambda duty: duty is not Duty.QUALITY)


def _put(body: Any, facts: Facts, is_valid: IsValid) -> Any:
    """The body with these members in it; what was invalid stays invalid."""
    good = is_valid(body)
    for path, value in facts:
        known = _changed(body, path, value)
        if good or not is_valid(known):
            body = known
    return body


def _changed(body: Any, path: str, value: Any) -> Any:
    """The body with a member set; the body itself where a defect left no place for it."""
    try:
        return changed(body, path, _plain(value))
    except (KeyError, IndexError, TypeError, ValueError):
        return body


def _plain(value: Any) -> Any:
    """Plain JSON. Integers have no point: JSON Schema counts 1.0 among them, the contract not."""
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    if isinstance(value, str):
        return str(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
