"""Putting loaded ids into generated cases, so that a case can be refused only for what is wrong.

A good case gets all of them, or all but one, so that what is well formed and not known is seen too.
A bad one gets those that leave it bad: its defect stays, and everything around it is right.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from contracts.model.envelope import sequence_number
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES
from contracts.model.operations import Group, Operation
from contracts.model.roles import Duty
from contracts.wire.golden_steps import changed
from features.contract_checks.generation import Described, copy_of, part_is_good
from features.contract_checks.sending import Case
from features.contract_checks.world import LINE, PASSWORD, World

Facts = list[tuple[str, Any]]
IsValid = Callable[[Any], bool]
_KEY = "Idempotency-Key"
_FROM_QUARANTINE = ("RELEASED", "REJECTED", "BLOCKED", "EXPIRED", "RECALLED")
_SHELF_LIFE_MAX_DAYS = 300
_REASON_MIN = 5
_REASON = "because a contract check says so"


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
        """The case with loaded ids and a fresh key; its generated defects stay."""
        operation = self._described.operation
        headers_are_good = part_is_good(case, "header")
        body, complete = case.body, True
        if operation.body is not None:
            body, complete = self._body(case.body, headers_are_good)
        headers = {}
        if operation.keyed and headers_are_good:
            headers[_KEY] = self._key(operation, body)
        return Grounded(copy_of(case, body, headers), complete)

    def _body(self, body: Any, headers_are_good: bool) -> tuple[Any, bool]:
        """The body, and whether all was put in; every second good case keeps one member."""
        is_valid = self._described.body_is_valid
        make_facts = _FACTS.get(self._described.operation.name)
        if make_facts is None or not isinstance(body, dict):
            return _plain(body), True
        facts = make_facts(self._world, body)
        keeps_one = headers_are_good and is_valid(body) and next(self._turns) % 2 == 1
        if keeps_one:
            del facts[self._choice.randrange(len(facts))]
        return _put(_plain(body), facts, is_valid), not keeps_one

    def _key(self, operation: Operation, body: Any) -> str:
        """The key of a case: the id of its message, where it has one, else a fresh one."""
        own = body.get("id") if isinstance(body, dict) else None
        if operation.group is Group.EXCHANGE:
            return own if isinstance(own, str) and own.isascii() else str(self._world.message_id())
        return self._world.fresh("key")


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


def _member(body: Any, *names: str) -> Any:
    for name in names:
        body = body.get(name) if isinstance(body, dict) else None
    return body


def _message(world: World, kind: str, subject: str, data: Iterable[tuple[str, Any]]) -> Facts:
    message = MESSAGES[kind]
    return [
        ("specversion", "1.0"),
        ("id", world.message_id()),
        ("source", world.source),
        ("type", message.type),
        ("dataschema", message.dataschema),
        ("subject", subject),
        ("sequence", world.sequence()),
        ("subjectsequence", sequence_number(1)),
        *((f"data.{path}", value) for path, value in data),
    ]


def _pick_requested(world: World, body: Any) -> Facts:
    order = world.planned_order()
    line: dict[str, Any] = {
        "lineId": LINE,
        "materialId": world.names.id("LACTOSE"),
        "quantity": world.amount(),
        "toleranceHigh": {"value": "0.050", "unit": "KGM"},
        "minimumShelfLifeDays": _SHELF_LIFE_MAX_DAYS,
    }
    lines = _member(body, "data", "lines")
    if isinstance(lines, list) and lines and _member(lines[0], "gtin") is not None:
        line["gtin"] = world.names.gtin("LACTOSE")
    return _message(world, "pick-requested", f"order/{order}", (
        ("requestId", world.fresh("request")),
        ("orderId", order),
        ("bomId", world.names.id("BOM")),
        ("bomVersion", 1),
        ("toLocation", world.names.id("STAGING")),
        ("lines", [line]),
    ))


def _lot_status_changed(world: World, body: Any) -> Facts:
    lot = world.lot_in_quarantine()
    to_status = _decided(_member(body, "data", "toStatus"))
    facts: Facts = [
        ("changeId", world.fresh("change")),
        ("lotId", lot),
        ("materialId", world.names.id("HELD")),
        ("fromStatus", LotStatus.QUARANTINE.value),
        ("toStatus", to_status),
    ]
    if _member(body, "data", "signature") is not None:
        facts.append(("signature.role", Duty.QUALITY.value))
    elif to_status == LotStatus.RELEASED.value:
        facts[-1] = ("toStatus", LotStatus.BLOCKED.value)
    return _message(world, "lot-status-changed", f"lot/{lot}", facts)


def _pick_confirmed(world: World, _: Any) -> Facts:
    container = world.label()
    return _message(world, "pick-confirmed", f"container/{container}", (
        ("confirmationId", world.fresh("scan")),
        ("requestId", world.names.id("SCAN-REQUEST")),
        ("lineId", LINE),
        ("orderId", world.names.id("SCAN-ORDER")),
        ("materialId", world.names.id("SCANNED")),
        ("lotId", world.names.id("SCAN")),
        ("lot", world.names.lot_number("SCAN")),
        ("sourceContainer", world.names.sscc("SCAN")),
        ("container", container),
        ("quantity", world.amount()),
        ("fromLocation", world.names.id("RACK")),
        ("toLocation", world.names.id("STAGING")),
    ))


def _sessions(world: World, _: Any) -> Facts:
    duty = next(iter(world.tokens), Duty.PRODUCTION)
    return [("userId", world.person(duty)), ("password", PASSWORD)]


def _start_order(world: World, _: Any) -> Facts:
    return [("orderId", world.planned_order())]


def _request_pick(world: World, _: Any) -> Facts:
    return [
        ("requestId", world.fresh("request")),
        ("orderId", world.names.id("ORDER")),
        ("toLocation", world.names.id("STAGING")),
        ("lines", [{"lineId": LINE, "quantity": world.amount()}]),
    ]


def _change_lot_status(world: World, body: Any) -> Facts:
    to_status = _decided(_member(body, "toStatus"))
    facts: Facts = [
        ("changeId", world.fresh("change")),
        ("lotId", world.lot_in_quarantine()),
        ("toStatus", to_status),
    ]
    if len("".join(str(_member(body, "reason")).split())) < _REASON_MIN:
        facts.append(("reason", _REASON))
    if _member(body, "signature") is not None:
        facts += [("signature.userId", world.person(Duty.QUALITY)),
                  ("signature.password", PASSWORD)]
    elif to_status == LotStatus.RELEASED.value:
        facts.append(("toStatus", LotStatus.BLOCKED.value))
    return facts


def _confirm_pick(world: World, _: Any) -> Facts:
    return [
        ("confirmationId", world.fresh("scan")),
        ("requestId", world.names.id("SCAN-REQUEST")),
        ("lineId", LINE),
        ("scan", f"]C100{world.names.sscc('SCAN')}"),
        ("quantity", world.amount()),
        ("toContainer", world.label()),
    ]


def _decided(generated: Any) -> str:
    return generated if generated in _FROM_QUARANTINE else LotStatus.BLOCKED.value


_FACTS: dict[str, Callable[[World, Any], Facts]] = {
    "pick-requested": _pick_requested,
    "lot-status-changed": _lot_status_changed,
    "pick-confirmed": _pick_confirmed,
    "sessions": _sessions,
    "start-order": _start_order,
    "request-pick": _request_pick,
    "change-lot-status": _change_lot_status,
    "confirm-pick": _confirm_pick,
}
