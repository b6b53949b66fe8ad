"""The site's side of the interface: people sign in and act, the clock is driven, work is run.

Everything goes through the published operations; nothing here knows which system answers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TypeVar

from contracts.model.commands import Command, OpenSession, PickTasks, Session
from contracts.model.identifiers import Id
from contracts.model.inspection import ClockState, Outbox
from contracts.model.inspection_people import AccessReview
from contracts.model.instants import microseconds
from contracts.model.ports import NoAnswer, Recorder
from contracts.model.roles import Duty, Role
from contracts.model.signing import SigningRecords, TrainingRecord
from contracts.model.stimulus import (
    Load,
    Loaded,
    Person,
    RanDue,
    Routed,
    RoutePartner,
    RunDue,
    SetClock,
)
from contracts.model.wire_model import WireModel
from contracts.wire.clients import Answer, SystemClient
from contracts.wire.system import SystemUnderTest
from simulator.authenticator import EXAMPLE_PASSWORD, Authenticators, SigningCodes
from simulator.namespace import Namespace

__all__ = ["EXAMPLE_PASSWORD", "EXAMPLE_SIGNING", "Settled", "Site"]
M = TypeVar("M", bound=WireModel)
# What lets example people sign.
EXAMPLE_SIGNING = SigningRecords(
    identity_record=Id("HR-IDENTITY"), acknowledgement=Id("QA-ACKNOWLEDGED"),
    training=(TrainingRecord(record_id=Id("TRAINED-TO-SIGN")),),
)


@dataclass(frozen=True)
class Settled:
    """What background work came to; ``due`` says for each system when there will be more."""

    due: dict[Role, datetime | None]
    jobs: int

    @property
    def due_at(self) -> datetime | None:
        """When the first of them will have more to do."""
        return min((at for at in self.due.values() if at is not None), default=None)


class Site:
    """A pair of systems as the people of one run use it."""

    def __init__(self, sut: SystemUnderTest, namespace: Namespace) -> None:
        self.sut = sut
        self.namespace = namespace
        self.now: datetime | None = None
        self._clocks: dict[Role, datetime] = {}
        self._clients = {role: sut.client(role) for role in Role}
        self.authenticators = Authenticators(sut.people)
        self.codes = SigningCodes(self.authenticators, sut.people.password)
        self.shows_codes = True
        """Whether people who sign show what their authenticators show, as they are asked to."""
        self.led_elsewhere = False
        """Whether the messages of a system were ever led elsewhere."""
        self._sessions: dict[tuple[Role, str, str], Session] = {}
        self._keys = count(1)

    @property
    def password(self) -> str:
        """What the example people of the run sign in and sign with."""
        return self.sut.people.password

    def client(self, role: Role) -> SystemClient:
        """The harness's client of a system."""
        return self._clients[role]

    def record_with(self, recorder: Recorder) -> None:
        """Let a recorder see every exchange from now on."""
        self._clients = {
            role: client.as_recorded_by(recorder) for role, client in self._clients.items()
        }

    def set_clock(self, now: datetime) -> None:
        """Drive both site clocks to an instant. Raises: Unexpected, NoAnswer."""
        for role in Role:
            self._set_clock(role, now)
        self.now = now

    def run_due(self, role: Role, now: datetime) -> RanDue:
        """Let a system do the background work that is due by ``now``; it drives its clock there."""
        ran = self._done(role, "stimulus/run-due", RunDue(now=now), RanDue)
        self._clocks[role] = now
        return ran

    def settle(self, now: datetime, roles: Iterable[Role] = Role) -> Settled:
        """Run the background work of these systems until neither has any that is due.

        A system is run as well where its partner delivered something to it meanwhile.
        """
        waiting, ran = deque(roles), dict[Role, RanDue]()
        if waiting:  # running it sets its clock; its partner needs the time before it is called
            self._set_clock(waiting[0].partner, now)
        jobs = 0
        while waiting:
            role = waiting.popleft()
            ran[role] = self.run_due(role, now)
            jobs += ran[role].jobs
            if (ran[role].delivered or ran[role].jobs) and role.partner not in waiting:
                waiting.append(role.partner)
        self.set_clock(now)
        return Settled({role: each.due_at for role, each in ran.items()}, jobs)

    def is_quiet(self) -> bool:
        """Whether neither system has a message of this run on its way."""
        return not any(
            self.namespace.owns(row.subject.partition("/")[2])
            for role in Role
            for row in self._clients[role].ask("outbox", Outbox).pending
        )

    def load(self, document: Load) -> None:
        """Give both systems the same master data, stock and orders."""
        for role in Role:
            self._done(
                role, "stimulus/load", self.authenticators.given_to(document), Loaded
            )

    def add_person(self, name: str, printed_name: str, *duties: Duty) -> None:
        """An example person with an account on both systems."""
        person = Person(
            person_id=self.namespace.id(name),
            printed_name=printed_name, duties=duties, password=EXAMPLE_PASSWORD,
            signing=EXAMPLE_SIGNING,
        )
        self.load(Load(people=(person,)))

    def route(self, role: Role, url: str | None) -> str:
        """Lead the messages of a system for its partner elsewhere, or back (None)."""
        self.led_elsewhere = True
        return self._done(role, "stimulus/route-partner", RoutePartner(url=url), Routed).url

    def sign_in(self, role: Role, person: str, station: str) -> str:
        """A session token of a person at a station; signs in anew when the last one has ended."""
        held = self._sessions.get((role, person, station))
        if held and self.now and held.expires_at > self.now:
            return held.token
        session = self._done(role, "sessions", self.credentials(role, person, station), Session)
        self._sessions[(role, person, station)] = session
        return session.token

    def signed_out(self, role: Role) -> None:
        """All sessions at a system have ended, and the codes of until now are used up there."""
        self._sessions = {key: held for key, held in self._sessions.items() if key[0] is not role}
        self.authenticators.use_up(role, self._clock(role))

    def access_review(self, role: Role, token: str) -> AccessReview:
        """Every account, as a signed-in person who may see it is shown them."""
        return _answered(
            self._clients[role].call("access-review", session=token)
        ).as_(AccessReview)

    def credentials(self, role: Role, person: str, station: str) -> OpenSession:
        """Both factors of a person: the password, and a code that was not shown yet."""
        person_id = self.namespace.id(person)
        return OpenSession(
            user_id=person_id, password=self.password, station=station,
            code=self.authenticators.next_code(role, person_id, self._clock(role)),
        )

    def command(
        self, role: Role, name: str, body: Command, person: str, station: str
    ) -> Answer:
        """A person commands something, once, under a new key. Raises: NoAnswer."""
        return self.command_with_key(role, name, body, person, station, self.new_key())

    def command_with_key(
        self, role: Role, name: str, body: Command, person: str, station: str, key: str
    ) -> Answer:
        """The same under a key of the caller's choice."""
        token = self.sign_in(role, person, station)
        if self.shows_codes:
            own = (self.namespace.id(person), token)
            body = self.codes.signed(body, role, (own, station), self._clock(role))
        return self._clients[role].call(name, body, key=key, session=token)

    def pick_tasks(self, person: str, station: str) -> PickTasks:
        """What the warehouse wants fetched."""
        token = self.sign_in(Role.WMS, person, station)
        answer = self._clients[Role.WMS].call("pick-tasks", session=token)
        return _answered(answer).as_(PickTasks)

    def new_key(self) -> str:
        """A key that this run has not used."""
        return self.namespace.id(f"key-{next(self._keys)}")

    def _clock(self, role: Role) -> datetime:
        """What the clock of a system reads: as it was driven here, else as it is shown."""
        return self._clocks.get(role) or self._clients[role].ask("clock", ClockState).now

    def _set_clock(self, role: Role, now: datetime) -> None:
        known = self._clocks.get(role)
        # Compared as instants: both readings of the hour that comes twice are equal to Python.
        if known is None or microseconds(known) != microseconds(now):
            self._done(role, "stimulus/clock", SetClock(now=now), ClockState)
            self._clocks[role] = now

    def _done(self, role: Role, name: str, body: WireModel, model: type[M]) -> M:
        return _answered(self._clients[role].call(name, body)).as_(model)


def _answered(answer: Answer) -> Answer:
    if answer.raw is None:
        raise NoAnswer(answer.note)
    return answer
