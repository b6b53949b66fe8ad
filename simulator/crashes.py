"""Crashes in a plant's day: machines die at named places of their code and come up again.

The harness arms a place, and goes on as a plant does; whoever gets no answer tries again under the
same key. The next place is the one at which a system has died least often, so a campaign comes to
all of them. What the day came to is judged like any day: against physical truth.
Source: URS-IDM-005, URS-REL-002, URS-DEV-002.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace

from contracts.model.ports import AsyncTransport, HttpRequest, HttpResponse, NoAnswer, Transport
from contracts.model.roles import Role
from contracts.wire.asgi import App
from contracts.wire.clients import SystemClient
from contracts.wire.identity import Identity
from contracts.wire.signing import sign
from contracts.wire.system import CheckpointPlace, Hosted, Machines, Mode, StartedWith

REPEATS_MAX = 20
# Places that a request of the harness can reach in the system that gets it, and in its partner.
_IN_COMMANDED = ("command", "outbox.before-put", "outbox.after-put", "question.after", "reply")
_IN_EVERY_COMMAND = ("command.before-commit", "command.after-commit", "reply")
_IN_RUN = ("jobs", "outbox")
_IN_PARTNER = ("inbox", "question.before", "reply")
_SIGNATURE = ("signature", "signature-input")

Cell = tuple[Role, str]


@dataclass
class Strikes:
    """Where machines are to die, and where they died.

    Every operation is struck until somebody died of it, then a ``share`` of its requests.
    """

    cells: tuple[Cell, ...]
    chance: random.Random
    share: float = 0.7
    died: Counter[Cell] = field(default_factory=Counter)
    in_vain: Counter[tuple[Cell, str]] = field(default_factory=Counter)
    """How often a place was armed for an operation since somebody died there of that operation."""
    during: Counter[str] = field(default_factory=Counter)
    """What was asked for when somebody died, by the name of the operation."""

    def next_cell(self, called: Role, name: str, *, commanded: bool) -> Cell:
        """Of the places that a request may reach, the one with the fewest deaths.

        A place that few operations come to is tried with each, and less often with those by which
        it was armed in vain. A command that nobody has died of yet gets one that it is sure to
        reach.
        """
        own: tuple[str, ...] = _IN_COMMANDED if commanded else _IN_RUN
        partner: tuple[str, ...] = _IN_PARTNER
        if commanded and not self.during[name]:
            own, partner = _IN_EVERY_COMMAND, ()
        reached = [
            cell for cell in self.cells
            if cell[1].startswith(own if cell[0] is called else partner)
        ]
        return min(
            reached,
            key=lambda c: (self.died[c] + 3 * self.in_vain[c, name], self.chance.random()),
        )

    @property
    def missed(self) -> tuple[Cell, ...]:
        """The places at which no system has died."""
        return tuple(cell for cell in self.cells if not self.died[cell])


def cells_of(machines: Machines) -> tuple[Cell, ...]:
    """Every place of both systems."""
    return tuple((role, point) for role in Role for point in machines.points(role))


class CrashingPair:
    """Machines that die while they are used; otherwise what they are."""

    concurrent = False
    network = None

    def __init__(self, machines: Machines, strikes: Strikes) -> None:
        self.name = machines.name
        self.mode: Mode = machines.mode
        self.engine = machines.engine
        self.people = machines.people
        self._machines = machines
        self._strikes = strikes
        self._armed: dict[Role, Cell] = {}
        self._asked = ""
        self._deaths = dict(machines.deaths)
        machines.comes_back = True

    def client(self, role: Role) -> SystemClient:
        """A client of the harness whose requests may be a machine's last."""
        inner = self._machines.client(role)
        return replace(inner, transport=_Crashing(self, role, inner.transport, inner.identity))

    def counterpart(self, role: Role) -> SystemClient:
        return self._machines.counterpart(role)

    def ci(self, role: Role) -> SystemClient | None:
        return self._machines.ci(role)

    def checkpoints(self, role: Role) -> CheckpointPlace | None:
        return self._machines.checkpoints(role)

    def upstream(self, role: Role) -> AsyncTransport:
        return self._machines.upstream(role)

    def host(self, app: App) -> Hosted:
        return self._machines.host(app)

    def machines(self) -> Machines | None:
        return None

    def started_anew(self, started: StartedWith) -> None:
        return None

    def close(self) -> None:
        self._machines.close()

    def aim(self, called: Role, name: str, *, commanded: bool) -> None:
        """Arm a place before a request; after a death, and now and then, let one pass."""
        strikes = self._strikes
        died = self._counted()
        self._asked = name
        if strikes.during[name] and (died or strikes.chance.random() > strikes.share):
            return
        cell = strikes.next_cell(called, name, commanded=commanded)
        strikes.in_vain[cell, name] += 1
        self._armed[cell[0]] = cell
        self._machines.arm(*cell)

    def _counted(self) -> bool:
        """Count who died at the places that were armed. Returns: whether anybody did."""
        dead = [
            role for role in Role
            if not self._machines.is_up(role) or self._machines.deaths[role] > self._deaths[role]
        ]
        for role in dead:
            cell = self._armed.pop(role)
            self._strikes.died[cell] += 1
            self._strikes.during[self._asked] += 1
            self._strikes.in_vain[cell, self._asked] = 0
        self._deaths = dict(self._machines.deaths)
        return bool(dead)


class _Crashing:
    """Arms before what may change something, and repeats for the harness what has no answer."""

    def __init__(
        self, pair: CrashingPair, role: Role, inner: Transport, identity: Identity
    ) -> None:
        self._pair = pair
        self._role = role
        self._inner = inner
        self._identity = identity
        self._nonces = 0

    def send(self, request: HttpRequest) -> HttpResponse:
        """One exchange. Raises: NoAnswer for what a person commands; they try again."""
        keyed = "idempotency-key" in request.headers
        if keyed or request.path.endswith("/run-due"):
            self._pair.aim(self._role, request.path.rpartition("/")[2], commanded=keyed)
        for _ in range(REPEATS_MAX):
            try:
                return self._inner.send(request)
            except NoAnswer:
                if keyed:
                    raise
                request = self._signed_anew(request)
        raise NoAnswer(f"none to {REPEATS_MAX} requests for {request.path}")

    def _signed_anew(self, request: HttpRequest) -> HttpRequest:
        """The same request under a signature that nobody has seen."""
        if "signature" not in request.headers:
            return request
        headers = {k: v for k, v in request.headers.items() if k not in _SIGNATURE}
        created = int(request.headers["signature-input"].partition("created=")[2].partition(";")[0])
        self._nonces += 1
        nonce = f"again-{id(self):x}-{self._nonces}"
        return sign(replace(request, headers=headers), self._identity, created, nonce)
