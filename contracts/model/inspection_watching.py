"""What a system watches of itself: its clock, its certificates, its queues, and their limits."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.inspection import Count
from contracts.model.instants import Timestamp
from contracts.model.wire_model import WireModel

Milliseconds = Annotated[int, Field(strict=True, ge=-(10**12), le=10**12)]


class WatchLimits(WireModel):
    """Beyond which values an alarm is raised. Source: URS-ALM-001, URS-TIM-002, URS-ALM-003."""

    watch_every_s: Count
    """How often everything is looked at; an alarm comes within this time of its cause."""
    latency_p95_max_ms: Count
    latency_samples_min: Count
    """Of so many delivered messages a 95th percentile is taken."""
    queue_age_max_s: Count
    backlog_max: Count
    clock_warn_above_ms: Count
    clock_stop_above_ms: Count
    certificate_days_min: Count
    sign_in_failures_max: Count
    """So many wrong passwords of one account within the next are suspected misuse."""
    sign_in_window_s: Count


class ClockReading(WireModel):
    """How far the machine's clock was ahead of the reference when it was measured last."""

    offset_ms: Milliseconds
    measured_at: Timestamp


class CertificateRow(WireModel):
    """A certificate that this system shows, and its end."""

    name: str
    ends_at: Timestamp


class BackupReading(WireModel):
    """How old backup and restore test may be, and when each was last. Source: URS-BKP-005.

    A time is absent where nothing counts: what the system has not signed itself does not.
    """

    interval_max_s: Count
    restore_test_age_max_s: Count
    taken_at: Timestamp | None = None
    restore_tested_at: Timestamp | None = None


class ConditionRow(WireModel):
    """What is beyond its limit now, and the alarm that was raised about it."""

    name: str
    since: Timestamp
    alarm_id: str
    detail: str


class Watching(WireModel):
    """What this system watches of itself. ``clock`` is absent where nothing was measured.

    ``backups`` is absent where nobody told the system where they are kept.
    """

    limits: WatchLimits
    clock: ClockReading | None = None
    backups: BackupReading | None = None
    certificates: tuple[CertificateRow, ...] = ()
    conditions: tuple[ConditionRow, ...] = ()


class Metrics(WireModel):
    """Measured values in the text format of Prometheus, version 0.0.4."""

    text: str
