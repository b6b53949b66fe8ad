"""The inspection group: what a system shows of itself, read-only, in the order of its keys."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from contracts.model.codes import Refusal
from contracts.model.inspection import (
    Audit,
    Configuration,
    Health,
    InboxCounts,
    Journal,
    Outbox,
    OutboxRow,
    Version,
)
from contracts.model.inspection_reconciling import AppliedRow, Cutoff
from contracts.model.inspection_state import EXPORTS, State
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.operations import OPERATIONS, Operation
from contracts.model.units import ROUNDING
from contracts.model.wire_model import WireModel
from contracts.wire.signing import AGE_MAX_S
from reference_impl.evidence import show_evidence_rights
from reference_impl.link import outbox, way
from reference_impl.link.deferral import held_count
from reference_impl.link.inbox import inbox_counts
from reference_impl.location_map import show_locations
from reference_impl.records.counting import last_number
from reference_impl.runner import runner_id
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import audit, journal, subjects
from reference_impl.system import RUNNER, System
from reference_impl.version import SOFTWARE
from reference_impl.watching.showing import show_metrics, show_watching
from reference_impl.web.audit_rows import audit_row
from reference_impl.web.journal_rows import read_rows
from reference_impl.web.narrowing import narrowed
from reference_impl.web.signatures import show_signatures
from reference_impl.web.stimulating import clock_state

_AUDIT = Statement(
    select(audit).where(audit.c.sequence > bindparam("after")).order_by(audit.c.sequence)
)
_JOURNAL_END = Statement(select(func.max(journal.c.position).label("n")))
_AUDIT_END = Statement(select(func.max(audit.c.sequence).label("n")))
# Messages about one subject are applied in order, so the last number of each counts them.
_APPLIED = Statement(
    select(subjects.c.source, func.sum(subjects.c.applied).label("messages"))
    .group_by(subjects.c.source)
    .order_by(subjects.c.source)
)


def show(system: System, operation: Operation, after: int) -> WireModel:
    """One export. ``after`` counts for journal and audit trail alone."""
    name = operation.name
    if name == "health":
        with system.database.reading() as connection:
            system.get(connection, "health")
        return Health(status="ok")
    if name == "clock":
        return clock_state(system)
    with system.database.reading() as connection:
        if name in _PAGED:
            return _PAGED[name](system, connection, after)
        return _whole(system, connection, name)


def show_selected(system: System, operation: Operation, key: str) -> WireModel | Refusal:
    """One export about the thing that its query names."""
    with system.database.reading() as connection:
        return system.handlers.selects[operation.name](connection, system.settings, key)


def show_narrowed(system: System, about: str) -> State:
    """The state, or of it what mentions ``about`` where that is not empty."""
    with system.database.reading() as connection:
        state = _state(system, connection)
    return narrowed(state, about) if about else state


def _whole(system: System, connection: Connection, name: str) -> WireModel:
    if name in _OF_THE_SYSTEM:
        return _OF_THE_SYSTEM[name](system, connection)
    return system.handlers.shows[name](connection, system.settings, 0)


# implements FRS-SCH-002
def _version(system: System, connection: Connection) -> Version:
    return Version(
        system=system.settings.system,
        role=system.settings.role,
        software=SOFTWARE,
        contract_versions=("1.0.0", *(e.version for e in system.settings.editions)),
        process_id=system.process_id,
        runner_id=runner_id(system, system.get(connection, RUNNER)),
    )


# implements FRS-CHG-002
def _configuration(system: System, connection: Connection) -> Configuration:
    own = system.settings
    engine = system.database.engine()
    return Configuration(
        system=own.system,
        role=own.role,
        test_mode=own.test_mode,
        access="closed system",
        site_zone=own.site_zone.key,
        database_engine=engine.name,
        database_version=engine.version,
        database_journal_mode=engine.journal_mode,
        database_synchronous=engine.synchronous,
        inbox_retention="as long as the journal",
        retry_first_delay_s=own.retry.first_delay_s,
        retry_delay_max_s=own.retry.delay_max_s,
        signature_age_max_s=AGE_MAX_S,
        heartbeat_s=own.heartbeat_s,
        status_age_max_s=own.status_age_max_s,
        recall_max_s=own.recall_max_s,
        deviation_above_percent=own.deviation_above.percent,
        deviation_above_amount=own.deviation_above.amount,
        scrap_verified_above_amount=own.scrap_verified_above,
        password_hash=system.accounts.scheme,
        partners=tuple(partner.source for partner in own.partners),
        rounding=ROUNDING,
        location_map_sha256=show_locations(connection, own, 0).sha256,
    )


def _outbox(system: System, connection: Connection) -> Outbox:
    now = microseconds(system.now(connection))
    free_at = way.free_at(connection, system.settings, now)
    # While the way is shut nothing is due before it may be tried again.
    earliest = free_at if free_at > now else 0
    rows = tuple(
        OutboxRow(
            message_id=row["message_id"], state=row["state"], type=row["type"],
            subject=row["subject"],
            attempts=row["attempts"],
            due_at=from_microseconds(max(row["due_at"], earliest), system.settings.site_zone),
        )
        for row in outbox.pending(connection)
    )
    settled, dead = outbox.counts(connection)
    return Outbox(pending=rows, settled=settled, dead=dead)


def _inbox(_: System, connection: Connection) -> InboxCounts:
    accepted, refused = inbox_counts(connection)
    deferred = held_count(connection)
    return InboxCounts(accepted=accepted - deferred, refused=refused, deferred=deferred)


def _state(system: System, connection: Connection) -> State:
    shown = {
        member: _whole(system, connection, name) for member, name in EXPORTS.items()
        if f"{system.settings.role}/{name}" in OPERATIONS
    }
    return State(
        **shown,
        journal_position=_last(connection, _JOURNAL_END),
        audit_sequence=_last(connection, _AUDIT_END),
    )


def _last(connection: Connection, end: Statement) -> int:
    row = connection.row(end)
    return (row and row["n"]) or 0


def _cutoff(_: System, connection: Connection) -> Cutoff:
    return Cutoff(
        journal_position=_last(connection, _JOURNAL_END),
        last_sequence=last_number(connection, "messages"),
        applied=tuple(
            AppliedRow(source=row["source"], messages=row["messages"])
            for row in connection.rows(_APPLIED)
        ),
    )


def _journal(_: System, connection: Connection, after: int) -> Journal:
    rows, damaged = read_rows(connection, after)
    return Journal(rows=rows, last_position=_last(connection, _JOURNAL_END), damaged=damaged)


def _audit(system: System, connection: Connection, after: int) -> Audit:
    zone = system.settings.site_zone
    rows = tuple(audit_row(row, zone) for row in connection.rows(_AUDIT, after=after))
    return Audit(rows=rows, last_sequence=_last(connection, _AUDIT_END))


_OF_THE_SYSTEM = {
    "version": _version,
    "configuration": _configuration,
    "outbox": _outbox,
    "inbox": _inbox,
    "watching": show_watching,
    "metrics": show_metrics,
    "cutoff": _cutoff,
    "evidence-rights": show_evidence_rights,
    "signatures": show_signatures,
}
_PAGED = {"journal": _journal, "audit": _audit}
