"""One shift of picking: people, matter and time in SimPy, two systems behind their interfaces.

SimPy owns time, in integer microseconds; the systems are told what time it is before each call.
Background work of the systems is run when it is due, a moment after the command that caused it.
When the shift is over the plant rests, and everything has to converge within ``HEAL``.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import simpy

from contracts.model.commands import (
    ChangeLotStatus,
    ConfirmPick,
    PickTask,
    RequestedLine,
    RequestPick,
    SignatureComponents,
    StartOrder,
)
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.quantities import PositiveQuantity
from contracts.model.roles import Duty, Role
from contracts.model.verdicts import Outcome
from contracts.record.history import Lane
from contracts.wire.clients import Answer
from contracts.wire.system import Hosted, SystemUnderTest
from simulator.duration import MINUTE, SECOND, around, source
from simulator.historian import Historian
from simulator.ledger import Held, Moved, PhysicalLedger
from simulator.namespace import Namespace
from simulator.opening import opening_load
from simulator.plant import DecisionPart, OrderPart, PickerPart, Plant
from simulator.relay import FaultState, Passage, Relay
from simulator.site import EXAMPLE_PASSWORD, Site

HEAL = timedelta(hours=2)
IDLE = 3 * MINUTE
PUT_BACK = 2 * MINUTE
Process = Generator[simpy.Event, Any, None]
_SUBJECT = {
    "pick-requested": "requestId",
    "lot-status-changed": "lotId",
    "pick-confirmed": "confirmationId",
    "validate": "lotId",
    "message-status": "messageId",
    "message-settled": "messageId",
    "link-heartbeat": "station",
    "pick-cancelled": "requestId",
}


@dataclass
class Played:
    """A shift that was played: what happened, what the link saw, what became of the faults."""

    plant: Plant
    seed: int
    namespace: Namespace
    ledger: PhysicalLedger
    historian: Historian
    passages: list[tuple[datetime, Passage]]
    faults: tuple[FaultState, ...]
    healed_at: datetime | None


class Shift:
    """Plays one shift of a plant against a pair of systems."""

    def __init__(
        self, plant: Plant, sut: SystemUnderTest, seed: int, namespace: Namespace
    ) -> None:
        self._plant = plant
        self._sut = sut
        self._seed = seed
        self._names = namespace
        self._env = simpy.Environment(initial_time=0)
        self._site = Site(sut, namespace)
        self._historian = Historian(self._now)
        self._ledger = PhysicalLedger()
        self._faults = tuple(FaultState(fault) for fault in plant.faults)
        self._passages: list[tuple[datetime, Passage]] = []
        self._wake = self._env.event()
        self._claimed: set[tuple[str, str, str]] = set()
        self._scans = 0
        self._misreads = {(m.order, m.line): m.scan for m in plant.misreads}

    def play(self) -> Played:
        """Play the shift and let it heal. Raises: NoAnswer, Unexpected from the systems."""
        self._open()
        relays = [self._relay(role) for role in Role]
        try:
            self._start_everybody()
            self._env.run(until=self._plant.site.hours * 60 * MINUTE)
            healed_at = self._heal()
        finally:
            for role in Role:
                self._site.route(role, None)
            for relay in relays:
                relay.close()
        return Played(
            self._plant, self._seed, self._names, self._ledger, self._historian,
            self._passages, self._faults, healed_at,
        )

    # --- before and after -------------------------------------------------------------------

    def _open(self) -> None:
        self._site.set_clock(self._plant.site.start)
        self._site.load(opening_load(self._plant, self._names))
        for part in self._plant.containers:
            self._ledger.put(Held(part.id, part.lot, part.quantity, part.location))
            self._note(
                Lane.PLANT, "stands", part.id, lot=part.lot, quantity=part.quantity,
                location=part.location,
            )

    def _relay(self, receiver: Role) -> Hosted:
        relay = Relay(
            self._sut.upstream(receiver), self._faults, self._names.name, self._passed
        )
        hosted = self._sut.host(relay)
        self._site.route(receiver.partner, hosted.url)
        return hosted

    def _start_everybody(self) -> None:
        self._env.process(self._background())
        for order in self._plant.orders:
            self._env.process(self._order(order))
        for number, decision in enumerate(self._plant.decisions, start=1):
            self._env.process(self._decide(number, decision))
        for lot in self._plant.lots:
            self._env.process(self._expiry(lot.id))
        for picker in self._plant.pickers:
            self._env.process(self._picker(picker))

    def _heal(self) -> datetime | None:
        """Run the systems until both are quiet. Returns: when; None when they did not converge."""
        now = self._now()
        last = now + HEAL
        while now <= last:
            due = self._site.settle(now)
            if due is None or due > last:
                self._note(Lane.PLANT, "healed", "site")
                return now
            now = due
            self._env.run(until=self._at(now))
        return None

    # --- the systems in the background --------------------------------------------------------

    def _background(self) -> Process:
        due: datetime | None = None
        while True:
            waits: list[simpy.Event] = [self._wake]
            if due is not None:
                waits.append(self._env.timeout(max(0, self._at(due) - self._env.now)))
            yield self._env.any_of(waits)
            if self._wake.triggered:
                self._wake = self._env.event()
                yield self._env.timeout(self._plant.runner.pause_s * SECOND)
            due = self._site.settle(self._now())

    def _poke(self) -> None:
        if not self._wake.triggered:
            self._wake.succeed()

    def _passed(self, passage: Passage) -> None:
        self._passages.append((self._now(), passage))
        subject = passage.business.get(_SUBJECT.get(passage.message, ""), "unknown")
        self._note(
            Lane.LINK, passage.message, subject, attempt=passage.attempt, fate=passage.fate,
            status=passage.status, replayed="yes" if passage.replayed else None,
        )
        if passage.fault:
            self._note(Lane.FAULT, passage.fate, passage.fault, message=passage.message)

    # --- production and quality ---------------------------------------------------------------

    def _order(self, order: OrderPart) -> Process:
        yield self._env.timeout(self._at(order.at))
        person = self._plant.person(Duty.PRODUCTION).id
        start = StartOrder(order_id=self._names.id(order.id))
        self._command(Role.MES, "start-order", start, person, "PLANNING-1", order.id)
        lines = tuple(
            RequestedLine(
                line_id=line.id,
                quantity=PositiveQuantity(
                    value=line.quantity, unit=self._plant.unit(line.material)
                ),
            )
            for line in order.lines
        )
        request_id = f"{order.id}-R1"
        request = RequestPick(
            request_id=self._names.id(request_id),
            order_id=self._names.id(order.id),
            to_location=self._names.id(order.to),
            needed_by=order.at + timedelta(hours=1), lines=lines,
        )
        self._command(Role.MES, "request-pick", request, person, "PLANNING-1", request_id)

    def _decide(self, number: int, decision: DecisionPart) -> Process:
        yield self._env.timeout(self._at(decision.at))
        person = self._plant.person(Duty.QUALITY).id
        signature = SignatureComponents(
            user_id=self._names.id(person),
            password=EXAMPLE_PASSWORD, meaning=f"I decide: {decision.to.lower()}",
        )
        body = ChangeLotStatus(
            change_id=self._names.id(f"DECISION-{number}"),
            lot_id=self._names.id(decision.lot),
            to_status=decision.to, reason_code=StatusReason.QUALITY_DECISION,
            reason=decision.reason,
            signature=signature if decision.to is LotStatus.RELEASED else None,
        )
        self._command(
            Role.MES, "change-lot-status", body, person, "QUALITY-1", decision.lot,
            to=decision.to,
        )

    def _expiry(self, lot: str) -> Process:
        at = expiry_of(self._plant, lot)
        if self._plant.site.start <= at < self._plant.site.end:
            yield self._env.timeout(self._at(at))
            self._note(Lane.PLANT, "expired", lot)
            self._poke()

    # --- pickers ------------------------------------------------------------------------------

    def _picker(self, picker: PickerPart) -> Process:
        randomness = source(self._seed, picker.person, "walking")
        while True:
            task = self._next_task(picker)
            if task is None:
                yield self._env.timeout(IDLE)
                continue
            claim = (task.request_id, task.line_id, str(task.container))
            self._claimed.add(claim)
            place = self._names.name(task.location_id)
            yield self._env.timeout(around(self._walk(place), randomness))
            brought = yield from self._fetch(picker, task)
            if brought:
                target = self._names.name(task.to_location)
                yield self._env.timeout(around(self._walk(target), randomness))
            else:
                yield self._env.timeout(PUT_BACK)
            self._claimed.discard(claim)

    def _next_task(self, picker: PickerPart) -> PickTask | None:
        self._site.set_clock(self._now())
        tasks = self._site.pick_tasks(picker.person, picker.station).tasks
        for task in tasks:
            claim = (task.request_id, task.line_id, str(task.container))
            if self._names.owns(task.request_id) and claim not in self._claimed:
                return task
        return None

    def _fetch(self, picker: PickerPart, task: PickTask) -> Generator[simpy.Event, Any, bool]:
        order = self._names.name(task.order_id)
        wrong = self._misreads.pop((order, task.line_id), None)
        if wrong is not None:
            self._scan(picker, task, wrong, "misread")
            yield self._env.timeout(20 * SECOND)
        scan = f"]C100{task.container}"
        container = self._names.name(task.container)
        answer, into = self._scan(picker, task, scan, container)
        if answer.outcome is not Outcome.OK:
            return False
        self._move(task, container, into)
        return True

    def _scan(
        self, picker: PickerPart, task: PickTask, scan: str, what: str
    ) -> tuple[Answer, str]:
        self._scans += 1
        held = self._ledger.content(self._names.name(task.container))
        whole = held.quantity == task.quantity.value
        into = held.container if whole else f"T-{self._scans:03d}"
        number = f"PICK-{self._scans:03d}"
        body = ConfirmPick(
            confirmation_id=self._names.id(number),
            request_id=task.request_id, line_id=task.line_id, scan=scan,
            quantity=PositiveQuantity(value=task.quantity.value, unit=task.quantity.unit),
            to_container=None if whole else self._names.sscc(into),
        )
        answer = self._command(
            Role.WMS, "confirm-pick", body, picker.person, picker.station, number,
            container=what, quantity=task.quantity.value,
        )
        return answer, into

    def _move(self, task: PickTask, container: str, into: str) -> None:
        held = self._ledger.content(container)
        moved = Moved(
            at=self._now(), order=self._names.name(task.order_id), line=task.line_id,
            lot=held.lot, source=container, container=into,
            quantity=Decimal(task.quantity.value), location=self._names.name(task.to_location),
        )
        self._ledger.move(moved)
        self._note(
            Lane.PLANT, "picked", into, source=container, lot=held.lot,
            quantity=moved.quantity, location=moved.location, order=moved.order,
        )

    # --- common to all ------------------------------------------------------------------------

    def _command(
        self, role: Role, name: str, body: Any, person: str, station: str, subject: str,
        **detail: object,
    ) -> Answer:
        self._site.set_clock(self._now())
        answer = self._site.command(role, name, body, person, station)
        refusal = answer.refusal
        self._note(
            Lane(role.value), name, subject, outcome=answer.outcome,
            code=refusal.code if refusal else None, by=person, **detail,
        )
        self._poke()
        return answer

    def _note(self, lane: Lane, event: str, subject: str, **detail: object) -> None:
        self._historian.note(lane, event, subject, **detail)

    def _walk(self, location: str) -> int:
        return next(part.walk_min for part in self._plant.locations if part.id == location)

    def _now(self) -> datetime:
        return (self._plant.site.start + timedelta(microseconds=self._env.now)).astimezone(
            self._plant.site.zone_info
        )

    def _at(self, instant: datetime) -> int:
        return (instant - self._plant.site.start) // timedelta(microseconds=1)


def expiry_of(plant: Plant, lot: str) -> datetime:
    """The first instant at which a lot is expired, by the plant's own reckoning.

    It is midnight after its last day, in the site's zone (URS-EXP-001).
    """
    last_day = next(part.expires_on for part in plant.lots if part.id == lot)
    following = last_day + timedelta(days=1)
    return datetime(
        following.year, following.month, following.day, tzinfo=plant.site.zone_info
    )
