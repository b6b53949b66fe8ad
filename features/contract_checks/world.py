"""The small world that generated cases refer to: loaded before, so that operations really accept.

Everything in it carries the prefix of the run, and whatever a case uses up (a planned order, a lot
in quarantine, a label) is handed out once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from contracts.model.commands import Command, OpenSession, Session
from contracts.model.envelope import Payload, sequence_number
from contracts.model.identifiers import Id, MessageId, Sscc, SystemUri
from contracts.model.inspection import Lots
from contracts.model.instants import microseconds, read_timestamp
from contracts.model.messages import MESSAGES
from contracts.model.ports import NoAnswer
from contracts.model.quantities import Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Load, Person, SetClock
from contracts.record.digests import sha256
from contracts.wire.clients import Answer, ContractBroken, Unexpected
from contracts.wire.system import SystemUnderTest
from simulator.authenticator import Authenticators, SigningCodes
from simulator.namespace import Namespace
from simulator.site import EXAMPLE_SIGNING

if TYPE_CHECKING:
    from features.contract_checks.domains.facts import Domain

T = TypeVar("T")
NOW = read_timestamp("2026-06-01T08:00:00+02:00")
EXPIRES = date(2027, 12, 31)
PASSWORD = "a password of nobody"  # noqa: S105 - of example people in a test system
LINE = "10"
_STATION = "CONTRACT"
# Small and odd, so that sums stay exact and nothing looks canned.
_AMOUNTS = ("0.001", "1", "12.5", "0.000001", "3.250", "7.1")
_DUTIES: dict[Role, tuple[Duty, ...]] = {
    Role.MES: (
        Duty.PRODUCTION, Duty.QUALITY, Duty.DISPENSER, Duty.PACKER, Duty.ANALYST,
        Duty.TECHNICIAN, Duty.SUPPORT, Duty.ADMINISTRATOR,
    ),
    Role.WMS: (
        Duty.PICKER, Duty.RECEIVER, Duty.COUNTER, Duty.SAMPLER, Duty.SHIPPER, Duty.SUPERVISOR,
        Duty.SUPPORT, Duty.ADMINISTRATOR,
    ),
}


@dataclass
class World:
    """What is loaded, and what of it is still unused. ``trouble`` says what could not be set up.

    ``instead`` holds, by operation, the session of who acts where the usual person may not.
    ``counters`` hold how much of a domain's supply was handed out, by a name of its choice.
    ``opened`` is what the domains have a system make before, to be handed out once each.
    """

    sut: SystemUnderTest
    role: Role
    supply: int
    trouble: list[str] = field(default_factory=list)
    tokens: dict[Duty, str] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    opened: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.harness = {role: self.sut.client(role) for role in Role}
        self.counterpart = self.sut.counterpart(self.role)
        self.names = Namespace("")
        self.source = SystemUri(self.counterpart.identity.source)
        self._numbers = count(1)
        self._orders = count()
        self._lots = count()
        self._amounts = count()
        self._sequence = count(1)
        self._turns: Counter[str] = Counter()
        self.authenticators = Authenticators(self.sut.people)
        self.codes = SigningCodes(self.authenticators, PASSWORD)

    def set_up(self, stem: str, domains: Sequence[Domain]) -> None:
        """Set both clocks, load both systems, open sessions, start what the domains need open.

        ``stem`` begins every name, with a number after it where an earlier run has taken it.
        """
        self.names = Namespace(self._unused(stem))
        document = _people(self.names)
        for domain in domains:
            document = joined(document, domain.load(self.names, self.supply))
        document = self.authenticators.given_to(document)
        for role, harness in self.harness.items():
            self._try(f"clock of {role}", lambda c=harness: c.call("stimulus/clock", _CLOCK))
            self._try(f"load of {role}", lambda c=harness: c.call("stimulus/load", document))
        for duty in _DUTIES[self.role]:
            self._open_session(duty)
        for domain in domains:
            if self.role in domain.open_work:
                self.attempt("what has to be open", partial(domain.open_work[self.role], self))

    def person(self, duty: Duty) -> str:
        """The loaded person with a duty."""
        return self.names.id(f"p.{duty}")

    def fresh(self, kind: str) -> str:
        """A number that was never used: of a request, a scan, a change, a command."""
        return self.names.id(f"{kind}{next(self._numbers)}")

    def message_id(self) -> MessageId:
        """The id of a new message."""
        label = f"{self.names.prefix}/{self.role}/{next(self._numbers)}"
        randomness = int(sha256(label.encode()), 16)
        return MessageId.made_at(microseconds(NOW) // 1000, randomness)

    def sequence(self) -> str:
        """The number of the counterpart's next message."""
        return sequence_number(next(self._sequence))

    def planned_order(self) -> str:
        """A planned order that no case has used; after the last one the first comes again."""
        return self.names.id(f"PLAN{next(self._orders) % self.supply}")

    def lot_in_quarantine(self) -> str:
        """A lot that no case has decided on; after the last one the first comes again."""
        return self.names.id(f"HOLD{next(self._lots) % self.supply}")

    def turn(self, kind: str) -> int:
        """Which of the loaded things of a kind comes next; after the last one the first again."""
        self._turns[kind] += 1
        return (self._turns[kind] - 1) % self.supply

    def label(self) -> Sscc:
        """An SSCC label that was never used."""
        return self.names.sscc(self.fresh("label"))

    def take(self, kind: str) -> str:
        """Something that was opened, each once; after the last one the first comes again."""
        waiting = self.opened.get(kind) or [self.names.id("NONE")]
        waiting.append(waiting.pop(0))
        return waiting[-1]

    def amount(self) -> dict[str, str]:
        """A small quantity, another one each time."""
        value = _AMOUNTS[next(self._amounts) % len(_AMOUNTS)]
        return {"value": value, "unit": Unit.KILOGRAM.value}

    def _unused(self, stem: str) -> str:
        lots = self._try("list of lots", lambda: self.harness[self.role].call("lots"))
        rows = lots.value.rows if lots is not None and isinstance(lots.value, Lots) else ()
        taken = {row.lot_id.partition("-")[0] for row in rows}
        return next(name for n in count(1) if (name := f"{stem}.{n}") not in taken)

    def _open_session(self, duty: Duty) -> None:
        token = self.sign_in(self.person(duty))
        if token is not None:
            self.tokens[duty] = token

    def sign_in(self, person: str) -> str | None:
        """A session of a loaded person."""
        code = self.authenticators.next_code(self.role, person, NOW)
        body = OpenSession(
            user_id=Id(person), password=PASSWORD, code=code, station=Id(_STATION)
        )
        answer = self._try(
            f"session for {person}", lambda: self.harness[self.role].call("sessions", body)
        )
        if answer is None or not isinstance(answer.value, Session):
            return None
        return answer.value.token

    def command(
        self, name: str, body: Command, duty: Duty, session: str | None = None
    ) -> Answer | None:
        """A person does what later cases need; what goes wrong is entered into the trouble."""
        own = (self.person(duty), session or self.tokens.get(duty, ""))
        body = self.codes.signed(body, self.role, (own, _STATION), NOW)
        return self._try(f"{name} of {body.key}", lambda: self.harness[self.role].call(
            name, body, key=self.fresh(name), session=session or self.tokens.get(duty),
        ))

    def tell(self, kind: str, payload: Payload, subject: str) -> None:
        """The counterpart sends the first message about ``subject``, which later cases need."""
        message = MESSAGES[kind]
        body = message.envelope(
            id=self.message_id(), source=self.source, type=message.type, subject=subject,
            time=NOW, dataschema=message.dataschema, sequence=self.sequence(),
            subjectsequence=sequence_number(1), correlationid=Id(subject.partition("/")[2]),
            data=payload,
        )
        self._try(f"{kind} of {subject}", lambda: self.counterpart.call(kind, body, key=body.id))

    def with_codes(self, body: Any, owner: Duty) -> Any:
        """A generated body with a code in each signature; ``owner`` of the session sends it."""
        if isinstance(body, list):
            return [self.with_codes(part, owner) for part in body]
        if not isinstance(body, dict):
            return body
        coded = {name: self.with_codes(part, owner) for name, part in body.items()}
        if coded.get("password") == PASSWORD and "meaning" in coded:
            signer = str(coded.get("userId"))
            place = self.tokens[owner] if signer == self.person(owner) else _STATION
            coded["code"] = self.codes.code(self.role, place, signer, NOW)
        return coded

    def _try(self, what: str, call: Any) -> Answer | None:
        answer: Answer | None = self.attempt(what, call)
        if answer is not None and answer.value is None:
            self.trouble.append(f"{what}: {answer}")
        return answer

    def attempt(self, what: str, call: Callable[[], T]) -> T | None:
        """What a call gives; None, and an entry into the trouble, where it goes wrong."""
        try:
            return call()
        except (ContractBroken, Unexpected, NoAnswer) as exc:
            self.trouble.append(f"{what}: {exc}")
        except Exception as exc:  # a system in this process lets its defects through
            self.trouble.append(f"{what}: the system raised {type(exc).__name__}: {exc}")
        return None


_CLOCK = SetClock(now=NOW)


def joined(one: Load, other: Load) -> Load:
    """Both documents in one."""
    names = type(one).model_fields
    return Load(**{name: getattr(one, name) + getattr(other, name) for name in names})


def _people(names: Namespace) -> Load:
    duties = sorted({duty for of_role in _DUTIES.values() for duty in of_role})
    return Load(
        people=tuple(
            Person(person_id=Id(names.id(f"p.{duty}")), printed_name=f"Example {duty}",
                   duties=(duty,), password=PASSWORD, signing=EXAMPLE_SIGNING)
            for duty in duties
        )
    )
