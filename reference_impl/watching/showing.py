"""What is watched, and the values that are measured, as exports. Source: URS-ALM-001."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from contracts.model.inspection_watching import (
    BackupReading,
    CertificateRow,
    ClockReading,
    ConditionRow,
    Metrics,
    Watching,
    WatchLimits,
)
from contracts.model.instants import from_microseconds, microseconds
from reference_impl.records.conditions import standing
from reference_impl.records.readings import read
from reference_impl.records.work import Cause, Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import alarms, audit, dead_letters, journal
from reference_impl.store.watch_tables import alarm_acknowledgements
from reference_impl.system import System
from reference_impl.watching.backups import last_backup, last_restore_test
from reference_impl.watching.causes import backlog, oldest_pending_s
from reference_impl.watching.certificates import certificates_of
from reference_impl.watching.clock import last_reading

_COUNTED = {
    "alarms_total": Statement(select(func.count().label("n")).select_from(alarms)),
    "alarms_acknowledged_total": Statement(
        select(func.count().label("n")).select_from(alarm_acknowledgements)
    ),
    "dead_letters_total": Statement(select(func.count().label("n")).select_from(dead_letters)),
    "journal_position": Statement(select(func.max(journal.c.position).label("n"))),
    "audit_sequence": Statement(select(func.max(audit.c.sequence).label("n"))),
}
_HELP = {
    "http_requests_total": ("counter", "Requests that reached the application of this process."),
    "alarms_total": ("counter", "Alarms raised."),
    "alarms_acknowledged_total": ("counter", "Alarms that somebody has acknowledged."),
    "dead_letters_total": ("counter", "Messages that ever were dead letters."),
    "journal_position": ("gauge", "Last position of the journal."),
    "audit_sequence": ("gauge", "Last entry of the audit trail."),
    "outbox_pending": ("gauge", "Messages that wait for their answer."),
    "outbox_oldest_seconds": ("gauge", "Age of the oldest of them."),
    "latency_p95_seconds": ("gauge", "From writing a message to its acknowledgement, last taken."),
    "clock_offset_seconds": ("gauge", "How far the clock is ahead of the reference."),
    "condition": ("gauge", "1 while something is beyond its limit."),
    "certificate_seconds_left": ("gauge", "Time until the certificate ends."),
}


def show_watching(system: System, connection: Connection) -> Watching:
    """The limits, the last readings, and what is beyond its limit now."""
    zone, own = system.settings.site_zone, system.settings.watch
    work = _work(system, connection)
    reading = last_reading(connection)
    return Watching(
        limits=WatchLimits(
            watch_every_s=own.every_s, latency_p95_max_ms=own.latency_p95_max_ms,
            latency_samples_min=own.latency_samples_min, queue_age_max_s=own.queue_age_max_s,
            backlog_max=own.backlog_max, clock_warn_above_ms=own.clock_warn_above_ms,
            clock_stop_above_ms=own.clock_stop_above_ms,
            certificate_days_min=own.certificate_days_min,
            sign_in_failures_max=own.sign_in_failures_max, sign_in_window_s=own.sign_in_window_s,
        ),
        clock=ClockReading(offset_ms=reading.offset_ms, measured_at=reading.at.astimezone(zone))
        if reading else None,
        backups=_backups(system.settings),
        certificates=tuple(
            CertificateRow(name=name, ends_at=end.astimezone(zone))
            for name, end in sorted(certificates_of(work).items())
        ),
        conditions=tuple(
            ConditionRow(
                name=row["name"], since=from_microseconds(row["since"], zone),
                alarm_id=row["alarm_id"], detail=row["detail"],
            )
            for row in standing(connection)
        ),
    )


def _backups(own: Settings) -> BackupReading | None:
    if own.backups is None:
        return None
    taken, tested = last_backup(own), last_restore_test(own)
    return BackupReading(
        interval_max_s=own.backup_interval_max_s,
        restore_test_age_max_s=own.restore_test_age_max_s,
        taken_at=taken and taken.astimezone(own.site_zone),
        restore_tested_at=tested and tested.astimezone(own.site_zone),
    )


def show_metrics(system: System, connection: Connection) -> Metrics:
    """All measured values, each with its help and type."""
    lines: list[str] = []
    named = ""
    for name, labels, value in _samples(system, connection):
        if name != named:
            kind, told = _HELP[name]
            lines += [f"# HELP gxproof_{name} {told}", f"# TYPE gxproof_{name} {kind}"]
            named = name
        lines.append(f"gxproof_{name}{labels} {value}")
    return Metrics(text="\n".join(lines) + "\n")


def _samples(system: System, connection: Connection) -> Iterator[tuple[str, str, str]]:
    work = _work(system, connection)
    yield "http_requests_total", "", str(system.requests)
    for name, counted in _COUNTED.items():
        row = connection.row(counted)
        yield name, "", str((row and row["n"]) or 0)
    yield "outbox_pending", "", str(backlog(work))
    yield "outbox_oldest_seconds", "", str(oldest_pending_s(work))
    latency = read(connection, "latency p95")
    if latency is not None:
        yield "latency_p95_seconds", "", str(int(latency) / 1000)
    reading = last_reading(connection)
    if reading is not None:
        yield "clock_offset_seconds", "", str(reading.offset_ms / 1000)
    for row in standing(connection):
        yield "condition", f'{{name="{row["name"]}"}}', "1"
    now = microseconds(work.now)
    for name, end in sorted(certificates_of(work).items()):
        left = (microseconds(end) - now) // 1_000_000
        yield "certificate_seconds_left", f'{{name="{name}"}}', str(left)


def _work(system: System, connection: Connection) -> Work:
    """A view of the system at its present instant; nothing is written through it."""
    return system.work_in(connection, system.itself(), Cause("inspection", "watching"))
