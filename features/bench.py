"""The bench of one scenario: a site of its own names, what was tried, what it looked like before.

A scenario speaks of lot A and "the order"; the bench gives them identities that no other scenario
has, keeps what came back, and takes a picture of both systems before each attempt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from contracts.model.answers import CommandAnswer
from contracts.model.codes import Code, Refusal
from contracts.model.commands import Command, SignatureComponents
from contracts.model.identifiers import Id, Sscc
from contracts.model.inspection import Configuration, Version
from contracts.model.operations import Operation
from contracts.model.ports import HttpRequest
from contracts.model.quantities import Unit
from contracts.model.roles import Duty, Role
from contracts.wire.clients import Answer, SystemClient
from contracts.wire.refusals import ASKS_PARTNER
from contracts.wire.system import StartedWith, SystemUnderTest
from features.claims import NotTested
from features.recording import ScenarioRecorder
from features.snapshots import Picture, take_picture
from simulator.counterpart import Counterpart, Draft
from simulator.namespace import Namespace
from simulator.site import Site

T = TypeVar("T")
STORAGE, STAGING = "RACK-1", "PSA-1"
ITEM, OTHER_ITEM = "LACTOSE", "MANNITOL"
UNIT = Unit.KILOGRAM
PEOPLE: dict[str, tuple[str, Duty, Role, str]] = {
    "production": ("EX-PROD", Duty.PRODUCTION, Role.MES, "PLANNING-1"),
    "quality": ("EX-QUAL", Duty.QUALITY, Role.MES, "QUALITY-1"),
    "another person": ("EX-QUAL-2", Duty.QUALITY, Role.MES, "QUALITY-2"),
    "the picker": ("EX-PICK", Duty.PICKER, Role.WMS, "FORKLIFT-1"),
    "the receiver": ("EX-RECV", Duty.RECEIVER, Role.WMS, "DOCK-1"),
    "the counter": ("EX-COUNT", Duty.COUNTER, Role.WMS, "HANDHELD-1"),
    "the supervisor": ("EX-SUPER", Duty.SUPERVISOR, Role.WMS, "OFFICE-1"),
    "the second counter": ("EX-COUNT-2", Duty.COUNTER, Role.WMS, "HANDHELD-2"),
    "the second supervisor": ("EX-SUPER-2", Duty.SUPERVISOR, Role.WMS, "OFFICE-2"),
    "the sampler": ("EX-SAMPLE", Duty.SAMPLER, Role.WMS, "SAMPLING-1"),
    "the shipper": ("EX-SHIP", Duty.SHIPPER, Role.WMS, "DOCK-2"),
    "the dispenser": ("EX-DISP", Duty.DISPENSER, Role.MES, "BOOTH-1"),
    "the second dispenser": ("EX-DISP-2", Duty.DISPENSER, Role.MES, "BOOTH-1"),
    "the packer": ("EX-PACK", Duty.PACKER, Role.MES, "LINE-1"),
    "the second packer": ("EX-PACK-2", Duty.PACKER, Role.MES, "LINE-1"),
    "the analyst": ("EX-LAB", Duty.ANALYST, Role.MES, "LAB-1"),
    "the second analyst": ("EX-LAB-2", Duty.ANALYST, Role.MES, "LAB-2"),
    "the technician": ("EX-TECH", Duty.TECHNICIAN, Role.MES, "WORKSHOP-1"),
    "the line operator": ("EX-LINE", Duty.PACKER, Role.MES, "GUIDED-LINE-1"),
    "the dock operator": ("EX-DOCK", Duty.SHIPPER, Role.WMS, "GUIDED-DOCK-1"),
    "support": ("EX-SUPPORT", Duty.SUPPORT, Role.MES, "SUPPORT-1"),
    "the warehouse's support": ("EX-SUPPORT-2", Duty.SUPPORT, Role.WMS, "SUPPORT-2"),
    "the administrator": ("EX-ADMIN", Duty.ADMINISTRATOR, Role.MES, "IT-1"),
    "the second administrator": ("EX-ADMIN-3", Duty.ADMINISTRATOR, Role.MES, "IT-3"),
    "the warehouse's administrator": ("EX-ADMIN-2", Duty.ADMINISTRATOR, Role.WMS, "IT-2"),
}


@dataclass(frozen=True)
class LotOnBench:
    """A lot of the scenario, standing in one container."""

    letter: str
    lot_id: str
    lot: str
    container: Sscc
    quantity: Decimal


@dataclass(frozen=True)
class OrderOnBench:
    """The order of the scenario."""

    order_id: str
    bom_id: str
    version: int
    quantity: Decimal
    minimum_days: int


@dataclass(frozen=True)
class Attempt:
    """Something that was tried: by a person at a system, or by a counterpart's message.

    ``key`` is the idempotency key, ``event`` the identity of the business event; ``relayed`` says
    that a command reached the partner as a message. ``made`` is there where the scenario made the
    request itself; ``unheard`` says that it was not taken in as a message, because nobody was known
    to have sent it.
    """

    role: Role
    key: str
    event: str
    answer: Answer
    command: tuple[str, Command, str] | None = None
    draft: Draft | None = None
    relayed: bool = False
    made: tuple[SystemClient, Operation, HttpRequest] | None = None
    unheard: bool = False

    @property
    def operation(self) -> str:
        """The operation that decided: of a relayed command, the one of the message."""
        if self.relayed and self.command is not None:
            return ASKS_PARTNER[f"{self.role}/{self.command[0]}"]
        name = self.draft.message if self.draft else self.command[0] if self.command else ""
        return f"{self.role}/{name}"

    @property
    def refusal(self) -> Refusal:
        """The refusal that came back. Raises: AssertionError when none did."""
        assert self.answer.refusal is not None, f"expected a refusal, got {self.answer}"
        return self.answer.refusal


@dataclass
class Bench:
    """Everything that the steps of one scenario share."""

    sut: SystemUnderTest
    namespace: Namespace
    recorder: ScenarioRecorder
    site: Site = field(init=False)
    lots: dict[str, LotOnBench] = field(default_factory=dict)
    order: OrderOnBench | None = None
    request_id: str = ""
    attempts: list[Attempt] = field(default_factory=list)
    before: Picture | None = None
    new_container: Sscc | None = None
    has_base: bool = False
    repeats: list[Answer] = field(default_factory=list)
    endings: list[Callable[[], object]] = field(default_factory=list)
    """What puts the surroundings right again when the scenario is over, last one first."""
    _numbers: dict[str, int] = field(default_factory=dict)
    _zone: ZoneInfo | None = None
    _parts: dict[type, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.site = Site(self.sut, self.namespace)
        self.site.record_with(self.recorder)
        self._counterparts: dict[Role, Counterpart] = {}

    def move_to(self, sut: SystemUnderTest) -> None:
        """Go on with other systems, which know nothing yet; those from before are back at the end.
        """
        before, site = self.sut, self.site
        self.sut, self.has_base = sut, False
        self.site = Site(sut, self.namespace)
        self.site.record_with(self.recorder)
        self._counterparts.clear()

        def back() -> None:
            self.sut, self.site = before, site
            self._counterparts.clear()
            sut.close()

        self.endings.append(back)

    def started_anew(self, how: StartedWith) -> SystemUnderTest:
        """Systems of the same software, started in another way; ``close`` ends them.

        Raises: NotTested where nobody can start systems for us.
        """
        systems = self.sut.started_anew(how)
        if systems is None:
            raise NotTested("these systems cannot be started in another way here")
        return systems

    @property
    def now(self) -> datetime:
        """What the site clocks read. Raises: AssertionError before the first Given."""
        assert self.site.now is not None, "the scenario has not set the clock"
        return self.site.now

    @property
    def zone(self) -> ZoneInfo:
        """The site's zone, as the systems run with it."""
        if self._zone is None:
            shown = self.site.client(Role.MES).ask("configuration", Configuration)
            self._zone = ZoneInfo(shown.site_zone)
        return self._zone

    @property
    def last(self) -> Attempt:
        """The last attempt. Raises: AssertionError when nothing was tried."""
        assert self.attempts, "the scenario has not tried anything"
        return self.attempts[-1]

    @property
    def the_order(self) -> OrderOnBench:
        """The order. Raises: AssertionError when the scenario has none."""
        assert self.order is not None, "the scenario has no order"
        return self.order

    def part(self, kind: type[T]) -> T:
        """What the steps of one domain keep of the scenario: made empty when first asked for."""
        kept = self._parts.setdefault(kind, kind())
        assert isinstance(kept, kind)
        return kept

    def counterpart(self, role: Role) -> Counterpart:
        """The scripted counterpart that sends to ``role``."""
        if role not in self._counterparts:
            client = self.sut.counterpart(role).as_recorded_by(self.recorder)
            self._counterparts[role] = Counterpart(client)
        return self._counterparts[role]

    def person_id(self, who: str) -> Id:
        """The id of a person."""
        return Id(self.namespace.id(PEOPLE[who][0]))

    def signature(
        self, who: str, meaning: str, *, wrong_password: bool = False
    ) -> SignatureComponents:
        """Both components of a person's signature."""
        password = "not the password" if wrong_password else self.site.password
        return SignatureComponents(
            user_id=self.person_id(who), password=password, meaning=meaning
        )

    def session(self, who: str) -> str:
        """The token of a person at the usual station, signed in where that is needed."""
        person, _, role, station = PEOPLE[who]
        return self.site.sign_in(role, person, station)

    def new_name(self, kind: str) -> str:
        """A name that the scenario has not used, such as ``REQ-2``."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}-{self._numbers[kind]}"

    def new_id(self, kind: str) -> str:
        """An identifier that no run has used."""
        return self.namespace.id(self.new_name(kind))

    def picture(self) -> None:
        """Take the picture that later claims of "nothing has changed" are held against."""
        self.before = take_picture(self.site)

    def prepare(self, who: str, name: str, body: Command) -> Attempt:
        """A person does what the scenario builds on. Raises: AssertionError if it is refused."""
        attempt = self.command_unseen(who, name, body)
        attempt.answer.as_(CommandAnswer)
        return attempt

    def command(self, who: str, name: str, body: Command) -> Attempt:
        """A person tries what the scenario is about; a picture is taken first."""
        self.look(who)
        return self.command_unseen(who, name, body)

    def look(self, who: str) -> None:
        """Sign a person in, then take the picture: the sign-in is not part of what is tried."""
        self.session(who)
        self.picture()

    def command_unseen(
        self, who: str, name: str, body: Command, key: str | None = None
    ) -> Attempt:
        """The same without a picture: one of many, or something the scenario builds on."""
        person, _, role, station = PEOPLE[who]
        used = key or self.site.new_key()
        answer = self.site.command_with_key(role, name, body, person, station, used)
        relayed = f"{role}/{name}" in ASKS_PARTNER and _reached_partner(answer, role, self.site)
        attempt = Attempt(role, used, body.key, answer, (name, body, who), relayed=relayed)
        self.attempts.append(attempt)
        return attempt

    def command_without_key(self, who: str, name: str, body: Command) -> Attempt:
        """A person tries a command whose request carries no key."""
        role = PEOPLE[who][2]
        self.look(who)
        answer = self.site.client(role).call(name, body, session=self.session(who))
        attempt = Attempt(role, "", body.key, answer, (name, body, who))
        self.attempts.append(attempt)
        return attempt

    def send(self, role: Role, draft: Draft, event: str) -> Attempt:
        """A counterpart sends a message; a picture is taken first."""
        self.picture()
        return self.send_unseen(role, draft, event)

    def send_unseen(self, role: Role, draft: Draft, event: str) -> Attempt:
        """The same without a picture: one of many, or something the scenario builds on."""
        answer = self.counterpart(role).send(draft)
        attempt = Attempt(role, draft.key or "", event, answer, draft=draft)
        self.attempts.append(attempt)
        return attempt

    def carry(
        self, client: SystemClient, operation: Operation, request: HttpRequest,
        draft: Draft | None = None,
    ) -> Attempt:
        """A request that the scenario made itself, signature and all; a picture is taken first."""
        self.picture()
        return self.carry_unseen(client, operation, request, draft)

    def carry_unseen(
        self, client: SystemClient, operation: Operation, request: HttpRequest,
        draft: Draft | None = None,
    ) -> Attempt:
        """The same without a picture: one of many."""
        answer = client.carry(operation, request)
        attempt = Attempt(
            operation.role, request.headers.get("idempotency-key", ""), "", answer, draft=draft,
            made=(client, operation, request),
            unheard=answer.refusal is not None and answer.refusal.code in _NOBODY_KNOWN,
        )
        self.attempts.append(attempt)
        return attempt

    def repeat(self, attempt: Attempt) -> Answer:
        """Try the very same thing again, under the same key."""
        if attempt.made is not None:
            client, operation, request = attempt.made
            return client.carry(operation, request)
        if attempt.draft is not None:
            return self.counterpart(attempt.role).send(attempt.draft)
        assert attempt.command is not None
        name, body, who = attempt.command
        person, _, role, station = PEOPLE[who]
        if not attempt.key:
            return self.site.client(role).call(name, body, session=self.session(who))
        return self.site.command_with_key(role, name, body, person, station, attempt.key)

    def end(self) -> None:
        """Put the surroundings right again."""
        while self.endings:
            self.endings.pop()()

    def deliver(self) -> None:
        """Let both systems do the work that is due now."""
        self.site.settle(self.now)


_NOBODY_KNOWN = (Code.UNAUTHENTICATED, Code.NOT_PERMITTED)


def _reached_partner(answer: Answer, role: Role, site: Site) -> bool:
    """Whether a refused or done command came to the partner as a message."""
    if answer.refusal is None:
        return True
    refused_by = answer.refused_by
    own = site.client(role).ask("version", Version).system
    return refused_by is not None and refused_by != own
