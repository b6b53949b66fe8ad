"""The stage of a shift: what everybody who acts in a plant shares.

Time, people at stations, matter, the history, and how word gets round. SimPy owns time, in integer
microseconds; the systems are told what time it is before each call.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import simpy

from contracts.model.codes import Code
from contracts.model.commands import Command, SignatureComponents
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Unit
from contracts.model.roles import Duty, Role
from contracts.model.verdicts import Outcome
from contracts.record.history import Lane
from contracts.wire.clients import Answer
from simulator.duration import MINUTE, SECOND, around, source
from simulator.faults import Cut, Faults
from simulator.historian import Historian
from simulator.label_customs import LabelCustoms
from simulator.ledger import PhysicalLedger
from simulator.namespace import Namespace
from simulator.parts import StationPart, Work
from simulator.plant_model import Plant
from simulator.site import Site

Process = Generator[simpy.Event, Any, None]
PATIENCE = 30 * SECOND
PATIENCE_MAX = 5 * MINUTE
ATTEMPTS_MAX = 1_000
# What a system has not heard of yet is tried later, when the link has caught up.
ANOTHER_LOOK = 10 * MINUTE
LOOKS = 12


class NeverAnswered(AssertionError):
    """Somebody at a station tried for days and no answer ever came."""


@dataclass(frozen=True)
class Post:
    """A person at a station of one system."""

    role: Role
    person: str
    station: str


@dataclass(frozen=True)
class Done:
    """What came of a command in the end, and when the system did it.

    ``at`` lies before the answer where the first answer was lost on its way.
    """

    answer: Answer
    at: datetime

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.answer.outcome is Outcome.OK


Doing = Generator[simpy.Event, Any, Done]


@dataclass
class Stage:
    """Everything that the processes of one shift share."""

    plant: Plant
    seed: int
    names: Namespace
    site: Site
    env: simpy.Environment = field(default_factory=lambda: simpy.Environment(initial_time=0))
    ledger: PhysicalLedger = field(default_factory=PhysicalLedger)
    decided: list[tuple[datetime, str, LotStatus]] = field(default_factory=list)
    faults: Faults = field(init=False)
    historian: Historian = field(init=False)

    dispensed: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    pallets: dict[str, list[str]] = field(default_factory=dict)
    customs: LabelCustoms = field(default_factory=LabelCustoms)
    loads: dict[str, list[str]] = field(default_factory=dict)
    """What else of an order goes onto its truck, beside the pallets that the line built."""
    packed: set[str] = field(default_factory=set)
    requests: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    """Orders whose last request for material the warehouse has refused."""
    held: list[tuple[datetime, str, LotStatus]] = field(default_factory=list)
    of_containers: list[tuple[datetime, str, LotStatus]] = field(default_factory=list)
    investigated: set[str] = field(default_factory=set)
    """Lots on hold that quality is going to release: people wait for them."""
    scans: int = 0
    busy: set[Role] = field(default_factory=set)
    """The systems that may have background work since it was last run."""

    def __post_init__(self) -> None:
        self.historian = Historian(lambda: self.now)
        self.faults = Faults(self.plant.faults, lambda: self.now)
        self._news: dict[str, simpy.Event] = {}

    # --- time -------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The plant's time, in the site's zone."""
        elapsed = timedelta(microseconds=self.env.now)
        return (self.plant.site.start + elapsed).astimezone(self.plant.site.zone_info)

    def at(self, instant: datetime) -> int:
        """An instant as SimPy counts it."""
        return (instant - self.plant.site.start) // timedelta(microseconds=1)

    def until(self, instant: datetime) -> simpy.Event:
        """An event at an instant; at once where it has passed."""
        return self.env.timeout(max(0, self.at(instant) - int(self.env.now)))

    def walk(self, location: str, randomness: Random) -> simpy.Event:
        """The way to a place."""
        return self.env.timeout(around(self.plant.location(location).walk_min, randomness))

    def randomness(self, entity: str, purpose: str) -> Random:
        """The random source of one entity for one purpose."""
        return source(self.seed, entity, purpose)

    # --- word gets round --------------------------------------------------------------------

    def news(self, topic: str) -> simpy.Event:
        """An event that fires when somebody tells of the topic the next time."""
        if topic not in self._news:
            self._news[topic] = self.env.event()
        return self._news[topic]

    def tell(self, topic: str) -> None:
        """Wake everybody who waits for news of the topic."""
        waiting = self._news.pop(topic, None)
        if waiting is not None:
            waiting.succeed()

    def note(self, lane: Lane, event: str, subject: str, **detail: object) -> None:
        """Write one event into the history."""
        self.historian.note(lane, event, subject, **detail)

    # --- people act -------------------------------------------------------------------------

    def person(self, duty: Duty) -> str:
        """The first person with a duty. Raises: LookupError."""
        return self.plant.person(duty).id

    def signed(self, person: str, meaning: str) -> SignatureComponents:
        """What a person of the plant signs with."""
        return SignatureComponents(
            user_id=self.names.id(person), password=self.site.password, meaning=meaning
        )

    def unit_of(self, lot: str) -> Unit:
        """The base unit of a lot's material. Raises: LookupError."""
        return self.plant.unit(self.plant.material_of(lot))

    @staticmethod
    def pieces(count: int) -> Decimal:
        """A number of pieces as an amount."""
        return Decimal(count)

    def act(
        self, post: Post, name: str, body: Command, subject: str, **detail: object
    ) -> Doing:
        """A person commands something and, as long as no answer comes, tries again.

        Each attempt carries the same key, so that what was done is not done again.
        """
        key = self.site.new_key()
        pause, done_at = PATIENCE, None
        for _ in range(ATTEMPTS_MAX):
            answer, heard = self._attempt(post, name, body, key)
            if answer is not None and answer.outcome is Outcome.OK:
                done_at = done_at or self.now
            self._told(post, name, subject, answer if heard else None, detail)
            if heard and answer is not None and answer.outcome is not Outcome.UNKNOWN:
                return Done(answer, done_at or self.now)
            yield self.env.timeout(pause)
            pause = min(2 * pause, PATIENCE_MAX)
        raise NeverAnswered(f"{name} at {post.station} was never answered")

    def keep_trying(
        self, post: Post, name: str, body: Command, subject: str, news: frozenset[Code],
        **detail: object,
    ) -> Doing:
        """The same, and again later where the answer is that the news has not come yet.

        ``news`` are the refusals that say so; each attempt is a command of its own.
        """
        done = yield from self.act(post, name, body, subject, **detail)
        for _ in range(LOOKS):
            refusal = done.answer.refusal
            if done.ok or refusal is None or refusal.code not in news:
                break
            yield self.env.timeout(ANOTHER_LOOK)
            done = yield from self.act(post, name, body, subject, **detail)
        return done

    def _attempt(
        self, post: Post, name: str, body: Command, key: str
    ) -> tuple[Answer | None, bool]:
        """One attempt over the station's conduit: the answer, and whether the station heard it."""
        business = {
            k: self.names.name(v) for k, v in body.to_json().items() if isinstance(v, str)
        }
        cut = self.faults.meet(post.station, name, business, key)
        if cut is Cut.BEFORE:
            return None, False
        self.site.set_clock(self.now)
        answer = self._call(post, name, body, key)
        if cut is Cut.TWICE:
            self.faults.doubled(key, noticed=self._call(post, name, body, key).replayed)
        self.busy.add(post.role)
        self.tell("work")
        return answer, cut is not Cut.AFTER

    def _call(self, post: Post, name: str, body: Command, key: str) -> Answer:
        return self.site.command_with_key(
            post.role, name, body, post.person, post.station, key
        )

    def _told(
        self, post: Post, name: str, subject: str, answer: Answer | None,
        detail: dict[str, object],
    ) -> None:
        lane = Lane(post.role.value)
        if answer is None:
            self.note(lane, name, subject, outcome="no answer", by=post.person, **detail)
            return
        code = answer.refusal.code if answer.refusal else None
        self.note(
            lane, name, subject, outcome=answer.outcome, code=code, by=post.person, **detail
        )


class Stations:
    """The stations of a plant, each taken by one job at a time."""

    def __init__(self, env: simpy.Environment, plant: Plant) -> None:
        self._free = {part.id: simpy.Resource(env) for part in plant.stations}
        self._of = {work: plant.stations_for(work) for work in Work}

    def at(self, work: Work, turn: int = 0) -> tuple[StationPart, simpy.Resource]:
        """A station for some work; jobs take turns. Raises: LookupError where there is none."""
        parts = self._of[work]
        if not parts:
            raise LookupError(f"no station is for {work}")
        part = parts[turn % len(parts)]
        return part, self._free[part.id]
