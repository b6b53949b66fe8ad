"""Everything a system is started with: one frozen value, built at the root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from contracts.formats.epcis_site import Gln
from contracts.model.editions import Edition
from contracts.model.roles import Role
from contracts.wire.identity import Identity, KnownIdentity
from reference_impl.domain.breaker import BreakerLimits


@dataclass(frozen=True)
class PasswordCost:
    """Cost of argon2id. The default is for production; a simulation declares a cheap one."""

    time_cost: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


IDLE_MAX_S = 900
CHEAP = PasswordCost(time_cost=1, memory_kib=8, lanes=1)

# With a jitter of one and a half it is the hour of reference_impl.link.outbox.
_DELAY_LIMIT_S = 2400


@dataclass(frozen=True)
class Retry:
    """The declared retry curve: doubling from ``first_delay_s`` to ``delay_max_s``, no last try.

    Raises: ValueError where a pause with its jitter would last longer than the hour that parks a
    message at most: what is due later than that counts as due now.
    """

    first_delay_s: int = 2
    delay_max_s: int = 300

    def __post_init__(self) -> None:
        if not 0 < self.first_delay_s <= self.delay_max_s <= _DELAY_LIMIT_S:
            raise ValueError(f"pauses are 1 to {_DELAY_LIMIT_S} s, the first the shortest")


@dataclass(frozen=True)
class Budget:
    """How much is tried again within a minute: a share of the first attempts, a least number."""

    percent: int = 10
    at_least: int = 6


@dataclass(frozen=True)
class DeviationThreshold:
    """Above which difference of a count a deviation is opened: a share of the book, an amount.

    Either is enough. The amount is in the base unit of the material. Source: URS-ADJ-002.
    """

    percent: Decimal = Decimal("0.5")
    amount: Decimal = Decimal("1.000")


@dataclass(frozen=True)
class EventNaming:
    """How the site is named in events: its GLN, and where the URIs begin of what has no GS1 key.

    Both systems of a site name things alike, so that one event has one id.
    """

    site_gln: Gln = field(default_factory=lambda: Gln("9521321000018"))
    uri_root: str = "https://example.com/site"


@dataclass(frozen=True)
class Watch:
    """Beyond which values an alarm is raised. Source: URS-ALM-001, URS-ALM-003, URS-TIM-002."""

    every_s: int = 30
    latency_p95_max_ms: int = 2_000
    latency_samples_min: int = 20
    queue_age_max_s: int = 60
    backlog_max: int = 500
    clock_every_s: int = 60
    clock_warn_above_ms: int = 1_000
    clock_stop_above_ms: int = 5_000
    certificate_days_min: int = 30
    sign_in_failures_max: int = 5
    sign_in_window_s: int = 300
    notice_again_s: int = 10


@dataclass(frozen=True)
class Settings:
    """One system. ``database`` None keeps it in memory (simulations only).

    ``partners`` are the service accounts that may come in; messages go to ``partner_system`` at
    ``partner_url``.
    """

    role: Role
    identity: Identity
    partners: tuple[KnownIdentity, ...]
    partner_system: str
    partner_url: str
    database: Path | None = None
    database_url: str = ""
    """PostgreSQL, by the account of the application; empty: SQLite at ``database``."""
    site_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Zurich"))
    test_mode: bool = False
    password_cost: PasswordCost = PasswordCost()
    session_s: int = IDLE_MAX_S
    """After so long without use a session ends. Source: URS-IAM-009."""
    failures_to_lock: int = 5
    """After so many failed authentications in a row an account locks. Source: URS-IAM-006."""
    retry: Retry = Retry()
    breaker: BreakerLimits = field(default_factory=BreakerLimits)
    budget: Budget = Budget()
    failures_max: int = 10
    """After so many answers that speak against a message it becomes a dead letter."""
    backup_age_max_s: int = 3650 * 86_400
    """How old a backup may be that is restored: ten years, as long as records are kept."""
    backups: Path | None = None
    """Where backups of this system are kept, each in a folder; None: nobody watches their age."""
    backup_interval_max_s: int = 86_400
    """An older last backup raises an alarm. URS-BKP-005."""
    restore_test_age_max_s: int = 90 * 86_400
    """So long ago a restore may have been tried last. URS-BKP-005."""
    dead_letter_age_max_s: int = 1800
    """A dead letter that is open for longer calls for somebody. Source: URS-DLQ-004."""
    heartbeat_s: int = 300
    checkpoints: Path | None = None
    """Where checkpoints of the journal are kept: a folder that operators cannot write to."""
    checkpoint_s: int = 900
    """At most so long after a checkpoint the next one is kept. URS-JRN-002."""
    status_age_max_s: int = 900
    recall_max_s: int = 300
    """Within this time the partner has to confirm that it holds all of a recall."""
    deviation_above: DeviationThreshold = DeviationThreshold()
    scrap_verified_above: Decimal = Decimal("1.000")
    """More scrap than this, in the base unit, is signed by a second person. URS-ADJ-003."""
    naming: EventNaming = field(default_factory=EventNaming)
    event_time_ahead_max_s: int = 300
    """How far an event may lie ahead of its recording before somebody has to look at it."""

    editions: tuple[Edition, ...] = ()
    """Other major versions of the contract that are accepted beside the present one, while they
    are rolled out. Source: URS-SCH-003."""
    watch: Watch = Watch()
    security_contact: str | None = None
    """The address that takes notices of suspected misuse; None: they stay in the alarm log."""
    certificates: Mapping[str, Path] = field(default_factory=dict)
    """The certificate files that this system shows, by name; their ends are watched."""
    time_server: tuple[str, int] | None = None
    """Host and port of the NTP server; None: the clock is not measured."""
    # implements FRS-IAM-009
    def __post_init__(self) -> None:
        if not 0 < self.session_s <= IDLE_MAX_S:
            raise ValueError(f"an idle session ends within {IDLE_MAX_S} s, not {self.session_s}")
        # URS-SVC-001: an account has one certificate and one key, and nobody else has them. While
        # they rotate it has a second key, and nothing else about it differs (URS-SEC-003).
        accounts = {(one.source, one.name, one.account) for one in self.partners}
        for what, values in (
            ("source", [source for source, _, _ in accounts]),
            ("name", [name for _, name, _ in accounts]),
            ("key_id", [one.key_id for one in self.partners]),
        ):
            if len(set(values)) < len(values):
                raise ValueError(f"two service accounts have one {what}: {values}")

    @property
    def system(self) -> str:
        """The URN of this system."""
        return self.identity.source
