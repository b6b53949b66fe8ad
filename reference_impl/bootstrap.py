"""Putting a system together: the handlers of its role, its database, its doors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from contracts.model.inspection import Picks
from contracts.model.roles import Role
from reference_impl.link import dead_letters, heartbeat, settling
from reference_impl.loading import load
from reference_impl.mes import cancelled_picks as mes_cancelled_picks
from reference_impl.mes import lot_status as mes_lot_status
from reference_impl.mes import picks as mes_picks
from reference_impl.records.accounts import Accounts
from reference_impl.settings import Settings
from reference_impl.stock import SHOWS, allocation_rows, show_picks
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import allocations
from reference_impl.system import Handlers, Job, Part, System
from reference_impl.validation import validate
from reference_impl.web.application import application
from reference_impl.wms import cancelled_picks as wms_cancelled_picks
from reference_impl.wms import lot_status as wms_lot_status
from reference_impl.wms import picks as wms_picks

_ALLOCATIONS = Statement(
    select(allocations).order_by(
        allocations.c.request_id, allocations.c.line_id, allocations.c.sscc
    )
)


def build(settings: Settings, connect: Callable[[str], Any], **sources: Any) -> System:
    """A system with its database open. ``sources``: ids, wall clock, nonces, process id."""
    accounts = Accounts(settings.password_cost, settings.session_s)
    handlers = (_mes if settings.role is Role.MES else _wms)(accounts)
    handlers = Handlers((*handlers.parts, _link(handlers)))
    return System(settings, handlers, accounts, connect, **sources)


def _link(of_role: Handlers) -> Part:
    """What both roles do about the link itself; what follows from an outcome is the role's."""
    return Part(
        messages={
            "message-settled": lambda work, envelope: settling.message_settled(
                work, envelope, of_role.settled
            ),
            "link-heartbeat": heartbeat.link_heartbeat,
        },
        commands={"replay-dead-letter": dead_letters.replay_dead_letter},
        shows={"link": heartbeat.show_link, "dead-letters": dead_letters.show_dead_letters},
        # Heartbeats go along with other work; they make none due by themselves.
        jobs=(Job(heartbeat.send_heartbeat, lambda _: None),),
        questions={"message-status": settling.message_status},
    )


def _mes(accounts: Accounts) -> Handlers:
    return Handlers((
        Part(
            shows=dict(SHOWS),
            load=lambda work, body: load(work, body, accounts),
        ),
        Part(questions={"validate": validate}),
        Part(
            messages={"pick-confirmed": mes_picks.pick_confirmed},
            commands={
                "start-order": mes_picks.start_order,
                "request-pick": mes_picks.request_pick,
            },
            shows={"picks": lambda connection, _, __: show_picks(connection, {})},
            settled={"pick-requested": mes_picks.request_settled},
        ),
        Part(
            commands={"cancel-pick": mes_cancelled_picks.cancel_pick},
            settled={"pick-cancelled": mes_cancelled_picks.cancel_settled},
        ),
        Part(
            commands={
                "change-lot-status": lambda work, body: mes_lot_status.change_lot_status(
                    work, body, accounts
                ),
            },
            jobs=(Job(mes_lot_status.expire_lots, mes_lot_status.next_expiry),),
        ),
    ))


def _wms(accounts: Accounts) -> Handlers:
    return Handlers((
        Part(
            shows=dict(SHOWS),
            load=lambda work, body: load(work, body, accounts),
        ),
        Part(questions={"validate": validate}),
        Part(
            messages={"pick-requested": wms_picks.pick_requested},
            commands={"confirm-pick": wms_picks.confirm_pick},
            queries={"pick-tasks": wms_picks.pick_tasks},
            shows={"picks": _warehouse_picks},
        ),
        Part(messages={"pick-cancelled": wms_cancelled_picks.pick_cancelled}),
        Part(messages={"lot-status-changed": wms_lot_status.lot_status_changed}),
    ))


def _warehouse_picks(connection: Connection, _: Settings, __: int) -> Picks:
    return show_picks(connection, allocation_rows(connection.rows(_ALLOCATIONS)))


__all__ = ["application", "build"]
