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
from contracts.wire.system import Hosted, Machines, Mode

PATIENCE = 12
"""How many requests a place may go unreached before another one is armed."""
OCCURRENCE_MAX = 3
REPEATS_MAX = 20
_SIGNATURE = ("signature", "signature-input")

Cell = tuple[Role, str]


@dataclass
class Strikes:
    """Where machines are to die, and where they died."""

    cells: tuple[Cell, ...]
    chance: random.Random
    died: Counter[Cell] = field(default_factory=Counter)
    tried: Counter[Cell] = field(default_factory=Counter)

    def next_cell(self) -> Cell:
        """The place with the fewest deaths; of those the one tried least often, then any."""
        return min(
            self.cells,
            key=lambda c: (self.died[c] + self.tried[c] // 8, self.tried[c], self.chance.random()),
        )


def cells_of(machines: Machines) -> tuple[Cell, ...]:
    """Every place of both systems."""
    return tuple((role, point) for role in Role for point in machines.points(role))


class CrashingPair:
    """Machines that die while they are used; otherwise what they are."""

    concurrent = False

    def __init__(self, machines: Machines, strikes: Strikes) -> None:
        self.name = machines.name
        self.mode: Mode = machines.mode
        self._machines = machines
        self._strikes = strikes
        self._armed: Cell | None = None
        self._waited = 0
        self._deaths = machines.deaths
        machines.comes_back = True

    def client(self, role: Role) -> SystemClient:
        """A client of the harness whose requests may be a machine's last."""
        inner = self._machines.client(role)
        return replace(inner, transport=_Crashing(self, inner.transport, inner.identity))

    def counterpart(self, role: Role) -> SystemClient:
        return self._machines.counterpart(role)

    def upstream(self, role: Role) -> AsyncTransport:
        return self._machines.upstream(role)

    def host(self, app: App) -> Hosted:
        return self._machines.host(app)

    def machines(self) -> Machines | None:
        return None

    def close(self) -> None:
        self._machines.close()

    def aim(self) -> None:
        """Arm a place, where none is armed or the one that is was not reached for long."""
        self._count()
        self._waited += 1
        if self._armed is not None and self._waited <= PATIENCE:
            return
        role, point = self._armed = self._strikes.next_cell()
        self._strikes.tried[self._armed] += 1
        self._waited = 0
        self._machines.arm(role, point, self._strikes.chance.randint(1, OCCURRENCE_MAX))

    def _count(self) -> None:
        if self._armed is not None and not self._machines.is_up(self._armed[0]):
            self._armed_died()
        elif self._machines.deaths > self._deaths:
            self._armed_died()

    def _armed_died(self) -> None:
        assert self._armed is not None
        self._strikes.died[self._armed] += 1
        self._armed = None
        self._deaths = self._machines.deaths


class _Crashing:
    """Arms before what may change something, and repeats for the harness what has no answer."""

    def __init__(self, pair: CrashingPair, inner: Transport, identity: Identity) -> None:
        self._pair = pair
        self._inner = inner
        self._identity = identity
        self._nonces = 0

    def send(self, request: HttpRequest) -> HttpResponse:
        """One exchange. Raises: NoAnswer for what a person commands; they try again."""
        keyed = "idempotency-key" in request.headers
        if keyed or request.path.endswith("/run-due"):
            self._pair.aim()
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
