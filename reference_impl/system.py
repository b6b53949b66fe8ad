"""One running system: its settings, database, clock and the handlers of its role."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.model.codes import Code, Refusal
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.ports import AsyncTransport
from contracts.model.wire_model import WireModel
from reference_impl.identifiers import Ids
from reference_impl.link.client import LinkClient
from reference_impl.link.outbox import Sent
from reference_impl.records.accounts import Accounts
from reference_impl.records.asking import Answers
from reference_impl.records.checkpoints import CheckpointSink, FolderSink
from reference_impl.records.services import Services
from reference_impl.records.work import Actor, Cause, Work
from reference_impl.settings import Settings
from reference_impl.store.choosing import open_database
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import settings as settings_table

_KEEP = upsert(settings_table)
_SET = Statement(
    _KEEP.on_conflict_do_update(
        index_elements=["name"], set_={"value": _KEEP.excluded.value}
    )
)
_GET = Statement(
    select(settings_table.c.value).where(settings_table.c.name == bindparam("name"))
)
_UNSET = Statement(delete(settings_table).where(settings_table.c.name == bindparam("name")))

NO_ANSWERS: Answers = {}
CLOCK, ROUTE, RUNNER = "driven clock", "partner route", "runner"
RESTORED = "restored"
"""When the backup was taken that this database was restored from, until its partner was asked."""
SIGNED_FROM = "signed from"
"""From when on signatures count in a database that was restored, in seconds since 1970."""
CLOSED = "closed at restore"
"""Whom a restore has locked, until that is on record (a JSON list)."""

MessageHandler = Callable[[Work, Any], Refusal | None]
CommandHandler = Callable[[Work, Any], "Refusal | Ordered | Answered | None"]
RefusalHandler = Callable[[Work, Any, Refusal], None]
QuestionHandler = Callable[[Work, Any], WireModel]
DocumentHandler = Callable[[Work, bytes, str, str], "WireModel | Refusal"]
Show = Callable[[Connection, Settings, int], WireModel]
Select = Callable[[Connection, Settings, str], "WireModel | Refusal"]


@dataclass(frozen=True)
class Ordered:
    """A command that caused a message to the partner whose answer the operator waits for."""

    message_id: str


@dataclass(frozen=True)
class Answered:
    """A command that was done, with members of its answer beyond those that every answer has."""

    members: Mapping[str, Any]


@dataclass(frozen=True)
class Job:
    """Background work: ``run`` does what is due and counts it, ``next`` says when more will be.

    Instants are in microseconds since 1970; None when nothing waits.
    """

    run: Callable[[Work], int]
    next: Callable[[Connection], int | None]


@dataclass(frozen=True)
class Part:
    """What one domain adds to a role: per message, command, query, export, in the background.

    ``selects`` are exports about one thing, refused where that is not known. ``settled`` is told,
    by message name, that a message has its final answer. ``load`` takes over the part of a load
    document that belongs to the domain and counts the records. ``questions`` answer the partner;
    they change nothing and ask nobody. ``documents`` are taken over as they came, given who sent
    them and where the journal has them; on a refusal nothing of them stays. ``refused`` is told
    that a command was refused, when all that it had changed is taken back.
    """

    messages: Mapping[str, MessageHandler] = field(default_factory=dict)
    commands: Mapping[str, CommandHandler] = field(default_factory=dict)
    queries: Mapping[str, Callable[[Connection, Settings], WireModel]] = field(
        default_factory=dict
    )
    shows: Mapping[str, Show] = field(default_factory=dict)
    selects: Mapping[str, Select] = field(default_factory=dict)
    jobs: tuple[Job, ...] = ()
    settled: Mapping[str, Callable[[Work, bytes, Sent], None]] = field(default_factory=dict)
    load: Callable[[Work, Any], int] | None = None
    questions: Mapping[str, QuestionHandler] = field(default_factory=dict)
    documents: Mapping[str, DocumentHandler] = field(default_factory=dict)
    refused: Mapping[str, RefusalHandler] = field(default_factory=dict)


@dataclass(frozen=True)
class Handlers:
    """What a role does: the sum of its parts."""

    parts: tuple[Part, ...]
    messages: Mapping[str, MessageHandler] = field(init=False)
    commands: Mapping[str, CommandHandler] = field(init=False)
    queries: Mapping[str, Callable[[Connection, Settings], WireModel]] = field(init=False)
    shows: Mapping[str, Show] = field(init=False)
    selects: Mapping[str, Select] = field(init=False)
    settled: Mapping[str, Callable[[Work, bytes, Sent], None]] = field(init=False)
    questions: Mapping[str, QuestionHandler] = field(init=False)
    documents: Mapping[str, DocumentHandler] = field(init=False)
    refused: Mapping[str, RefusalHandler] = field(init=False)

    def __post_init__(self) -> None:
        for name in (
            "messages", "commands", "queries", "shows", "selects", "settled", "questions",
            "documents", "refused",
        ):
            object.__setattr__(self, name, _merged([getattr(part, name) for part in self.parts]))

    def load(self, work: Work, document: Any) -> int:
        """Take over a load document, each part its own share. Returns: records taken."""
        return sum(part.load(work, document) for part in self.parts if part.load)

    def run_jobs(self, work: Work) -> int:
        """Do the background work that is due. Returns: how many jobs were done."""
        return sum(job.run(work) for part in self.parts for job in part.jobs)

    def next_job(self, connection: Connection) -> int | None:
        """When background work is next due, in microseconds."""
        times = (job.next(connection) for part in self.parts for job in part.jobs)
        return min((at for at in times if at is not None), default=None)


def _merged(maps: list[Mapping[str, Any]]) -> dict[str, Any]:
    """One map of all. Raises: ValueError where two parts claim one name."""
    merged: dict[str, Any] = {}
    for one in maps:
        doubled = merged.keys() & one.keys()
        if doubled:
            raise ValueError(f"two parts handle {sorted(doubled)}")
        merged |= one
    return merged


@dataclass
class System:
    """A system in one process. ``connect`` gives the transport to an address.

    ``wall`` is the clock of the machine (signature freshness); the site clock may be driven.
    ``ending`` is done before the database is closed.
    """

    settings: Settings
    handlers: Handlers
    accounts: Accounts
    services: Services
    connect: Callable[[str], AsyncTransport]
    ids: Ids = field(default_factory=Ids)
    wall: Callable[[], float] = time.time
    nonce: Callable[[], str] = field(default=lambda: secrets.token_urlsafe(18))
    process_id: str | None = None
    requests: int = 0
    """Requests that reached the application of this process."""
    ending: Callable[[System], None] = field(default=lambda _: None)

    def __post_init__(self) -> None:
        self.database = open_database(self.settings)
        folder = self.settings.checkpoints
        self.sink: CheckpointSink | None = FolderSink(folder) if folder else None
        self.meet_partner()
        with self.database.transaction() as connection:
            self.services.meet(connection, self.now(connection))
            self._recovers = self.get(connection, RESTORED) is not None
            self.services.signed_from = int(self.get(connection, SIGNED_FROM) or 0)

    def meet_partner(self) -> None:
        """Call the partner under the identity, and know it by the keys, that count now."""
        settings = self.settings
        keys = tuple(key for key in settings.partners if key.source == settings.partner_system)
        self.client = LinkClient(settings.identity, self.wall, self.nonce, keys)

    @contextmanager
    def work(self, actor: Actor, cause: Cause, answers: Answers = NO_ANSWERS) -> Any:
        """A unit of work in a transaction of its own, at the site's present instant."""
        with self.database.transaction() as connection:
            yield self.work_in(connection, actor, cause, answers)

    def work_in(
        self, connection: Connection, actor: Actor, cause: Cause, answers: Answers = NO_ANSWERS
    ) -> Work:
        """A unit of work in a given transaction, with what the partner has answered so far."""
        now = self.now(connection)
        return Work(connection, self.settings, now, self.ids, actor, cause, answers=answers)

    def itself(self, station: str = "system") -> Actor:
        """The system acting by its own service account."""
        name = self.settings.system
        return Actor(name, name, str(self.settings.role), station)

    def now(self, connection: Connection) -> datetime:
        """The site clock in the site's zone: driven in test mode, else the machine's."""
        driven = self.get(connection, CLOCK)
        if driven is not None:
            return from_microseconds(int(driven), self.settings.site_zone)
        return datetime.fromtimestamp(self.wall(), UTC).astimezone(self.settings.site_zone)

    def drive(self, connection: Connection, now: datetime | None) -> None:
        """Set the site clock, or give it back to the machine."""
        if now is None:
            self.unset(connection, CLOCK)
        else:
            self.set(connection, CLOCK, str(microseconds(now)))

    def is_recovering(self, connection: Connection) -> bool:
        """Whether it was restored and does not know yet what it has lost."""
        if self._recovers:
            self._recovers = self.get(connection, RESTORED) is not None
        return self._recovers

    # implements FRS-BKP-004
    def check_recovered(self, connection: Connection) -> Refusal | None:
        """Refuse anything new while a restored system does not know what it has lost."""
        if not self.is_recovering(connection):
            return None
        return Refusal(Code.RECOVERING, "", "the partner has not told yet what was exchanged")

    def is_driven(self, connection: Connection) -> bool:
        """Whether the stimulus interface drives the clock; the runner then pauses."""
        return self.get(connection, CLOCK) is not None

    def get(self, connection: Connection, name: str) -> str | None:
        """A setting that is kept in the database."""
        row = connection.row(_GET, name=name)
        return row["value"] if row else None

    def set(self, connection: Connection, name: str, value: str) -> None:
        """Keep a setting in the database."""
        connection.run(_SET, name=name, value=value)

    def unset(self, connection: Connection, name: str) -> None:
        """Forget a setting that is kept in the database."""
        connection.run(_UNSET, name=name)

    def partner_transport(self) -> AsyncTransport:
        """The way to the partner: the configured address, or the one the harness routes to."""
        with self.database.reading() as connection:
            route = self.get(connection, ROUTE)
        return self.connect(route or self.settings.partner_url)

    def close(self) -> None:
        """Do what is to be done last, and close the database."""
        self.ending(self)
        self.database.close()
