"""Business events that scenarios about keys send: every message and command, with its twin.

The twin tells of the same event with other content. What another domain adds stands in a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.model.commands import Command, ConfirmPick, StartOrder
from contracts.model.identifiers import Id
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages.lot_status import LotStatusChanged
from contracts.model.messages.picks import PickConfirmed
from contracts.model.roles import Role
from features.bench import ITEM, STAGING, STORAGE, Bench
from features.steps.lot_status import decision_about
from features.steps.material import add_order
from features.steps.messages import pick_request
from features.steps.picks import production_has_requested, request, scan_of
from features.steps.words import amount_of
from simulator.counterpart import Draft


@dataclass(frozen=True)
class Event:
    """A message that is ready to be sent to ``receiver``; ``id`` identifies the business event."""

    receiver: Role
    draft: Draft
    id: str


@dataclass(frozen=True)
class Act:
    """A command that a person can give; ``twin`` has the same identity and other content.

    ``unlike`` is another command of the same kind, for a key that is used twice.
    """

    who: str
    name: str
    body: Command
    unlike: Command
    twin: Command | None


def _pick_request(bench: Bench) -> Event:
    draft = pick_request(bench, "4.000")
    return Event(Role.WMS, draft, bench.request_id)


def _pick_confirmation(bench: Bench) -> Event:
    """A part of lot A was brought, for a request that MES knows."""
    production_has_requested(bench, "10.000")
    lot, names = bench.lots["A"], bench.namespace
    bench.new_container = names.sscc(bench.new_name("TOTE"))
    payload = PickConfirmed(
        confirmation_id=Id(bench.new_id("SCAN")), request_id=Id(bench.request_id),
        line_id=Id("10"), order_id=Id(bench.the_order.order_id), material_id=Id(names.id(ITEM)),
        lot_id=Id(lot.lot_id), lot=lot.lot, source_container=lot.container,
        container=bench.new_container, quantity=amount_of("4.000"),
        from_location=Id(names.id(STORAGE)), to_location=Id(names.id(STAGING)),
        scanned_at=bench.now, picked_by=Id(names.id("EX-PICK")), station=Id("FORKLIFT-1"),
    )
    subject = f"container/{bench.new_container}"
    draft = bench.counterpart(Role.MES).draft("pick-confirmed", payload, subject, bench.now)
    return Event(Role.MES, draft, payload.confirmation_id)


def _lot_status_change(bench: Bench) -> Event:
    lot = bench.lots["A"]
    payload = LotStatusChanged(
        change_id=Id(bench.new_id("CHANGE")), lot_id=Id(lot.lot_id),
        material_id=Id(bench.namespace.id(ITEM)), from_status=LotStatus.RELEASED,
        to_status=LotStatus.BLOCKED, reason_code=StatusReason.QUALITY_DECISION,
        reason="Decided on the bench", decided_by=Id(bench.namespace.id("EX-QUAL")),
        decided_at=bench.now, effective_at=bench.now, station=Id("QUALITY-1"),
    )
    subject = f"lot/{lot.lot_id}"
    draft = bench.counterpart(Role.WMS).draft("lot-status-changed", payload, subject, bench.now)
    return Event(Role.WMS, draft, payload.change_id)


EVENTS: dict[str, Callable[[Bench], Event]] = {
    "a pick request": _pick_request,
    "a pick confirmation": _pick_confirmation,
    "a lot status change": _lot_status_change,
}
# What every message has and no rule looks at.
OTHER_CONTENT: Mapping[str, Any] = {"station": "ELSEWHERE"}


def _start_of_order(bench: Bench) -> Act:
    """Orders that are planned: what starts one can say nothing else of it, so it has no twin."""
    first, second = (add_order(bench, "1.000", started=False) for _ in range(2))
    return Act("production", "start-order", StartOrder(order_id=Id(first.order_id)),
               StartOrder(order_id=Id(second.order_id)), None)


def _request_for_material(bench: Bench) -> Act:
    body = request(bench, "4.000")
    elsewhere = Id(bench.namespace.id("ELSEWHERE"))
    return Act("production", "request-pick", body,
               body.model_copy(update={"request_id": Id(bench.new_id("REQ"))}),
               body.model_copy(update={"to_location": elsewhere}))


def _decision_about_lot(bench: Bench) -> Act:
    body = decision_about(bench, bench.lots["A"].lot_id, LotStatus.BLOCKED, None)
    return Act("quality", "change-lot-status", body,
               body.model_copy(update={"change_id": Id(bench.new_id("CHANGE"))}),
               body.model_copy(update={"reason": "Decided otherwise"}))


def _scanned_pick(bench: Bench) -> Act:
    production_has_requested(bench, "10.000")
    body = ConfirmPick(
        confirmation_id=Id(bench.new_id("SCAN")), request_id=Id(bench.request_id),
        line_id=Id("10"), scan=scan_of(bench.lots["A"].container), quantity=amount_of("4.000"),
        to_container=bench.namespace.sscc(bench.new_name("TOTE")),
    )
    into = bench.namespace.sscc(bench.new_name("TOTE"))
    other = {"confirmation_id": Id(bench.new_id("SCAN")), "to_container": into}
    return Act("the picker", "confirm-pick", body, body.model_copy(update=other),
               body.model_copy(update={"quantity": amount_of("5.000")}))


ACTS: dict[str, Callable[[Bench], Act]] = {
    "the start of an order": _start_of_order,
    "a request for material": _request_for_material,
    "a decision about a lot": _decision_about_lot,
    "a scanned pick": _scanned_pick,
}
