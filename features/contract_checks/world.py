"""The small world that generated cases refer to: loaded before, so that operations really accept.

Everything in it carries the prefix of the run, and whatever a case uses up (a planned order, a lot
in quarantine, a label) is handed out once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from contracts.model.commands import OpenSession, Session, StartOrder
from contracts.model.envelope import sequence_number
from contracts.model.identifiers import Id, LotNumber, MessageId, Sscc, SystemUri
from contracts.model.inspection import Lots
from contracts.model.instants import microseconds, read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES
from contracts.model.messages.picks import PickLine, PickRequested
from contracts.model.ports import NoAnswer
from contracts.model.quantities import PositiveQuantity, Quantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import (
    BomLine,
    Container,
    Load,
    Location,
    Lot,
    Material,
    Order,
    Person,
    Purpose,
    SetClock,
)
from contracts.record.digests import sha256
from contracts.wire.clients import Answer, ContractBroken, Unexpected
from contracts.wire.system import SystemUnderTest
from simulator.namespace import Namespace

NOW = read_timestamp("2026-06-01T08:00:00+02:00")
EXPIRES = date(2027, 12, 31)
PASSWORD = "a password of nobody"  # noqa: S105 - of example people in a test system
LINE = "10"
# Small and odd, so that sums stay exact and nothing looks canned.
_AMOUNTS = ("0.001", "1", "12.5", "0.000001", "3.250", "7.1")
_DUTIES: dict[Role, tuple[Duty, ...]] = {
    Role.MES: (Duty.PRODUCTION, Duty.QUALITY),
    Role.WMS: (Duty.PICKER,),
}


@dataclass
class World:
    """What is loaded, and what of it is still unused. ``trouble`` says what could not be set up."""

    sut: SystemUnderTest
    role: Role
    supply: int
    trouble: list[str] = field(default_factory=list)
    tokens: dict[Duty, str] = field(default_factory=dict)

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

    def set_up(self, stem: str) -> None:
        """Set both clocks, load both systems, open sessions, start what has to be open.

        ``stem`` begins every name, with a number after it where an earlier run has taken it.
        """
        self.names = Namespace(self._unused(stem))
        document = _document(self.names, self.supply)
        for role, harness in self.harness.items():
            self._try(f"clock of {role}", lambda c=harness: c.call("stimulus/clock", _CLOCK))
            self._try(f"load of {role}", lambda c=harness: c.call("stimulus/load", document))
        for duty in _DUTIES[self.role]:
            self._open_session(duty)
        self._open_work()

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

    def label(self) -> Sscc:
        """An SSCC label that was never used."""
        return self.names.sscc(self.fresh("label"))

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
        body = OpenSession(
            user_id=Id(self.person(duty)), password=PASSWORD, station=Id("CONTRACT")
        )
        answer = self._try(
            f"session for {duty}", lambda: self.harness[self.role].call("sessions", body)
        )
        if answer is not None and isinstance(answer.value, Session):
            self.tokens[duty] = answer.value.token

    def _open_work(self) -> None:
        if self.role is Role.MES:
            order = StartOrder(order_id=Id(self.names.id("ORDER")))
            self._try("start of an order", lambda: self.harness[self.role].call(
                "start-order", order, key=self.fresh("start"),
                session=self.tokens.get(Duty.PRODUCTION),
            ))
            return
        body = self._request()
        self._try("request to pick from", lambda: self.counterpart.call(
            "pick-requested", body, key=body.id
        ))

    def _request(self) -> Any:
        """The request whose line is confirmed bit by bit."""
        message = MESSAGES["pick-requested"]
        line = PickLine(
            line_id=Id(LINE), material_id=Id(self.names.id("SCANNED")),
            quantity=PositiveQuantity.of("10000 KGM"), tolerance_high=Quantity.of("0 KGM"),
        )
        order = Id(self.names.id("SCAN-ORDER"))
        payload = PickRequested(
            request_id=Id(self.names.id("SCAN-REQUEST")), order_id=order,
            bom_id=Id(self.names.id("BOM")), bom_version=1,
            to_location=Id(self.names.id("STAGING")), needed_by=NOW,
            requested_by=Id(self.person(Duty.PRODUCTION)), station=Id("CONTRACT"), lines=(line,),
        )
        return message.envelope(
            id=self.message_id(), source=self.source, type=message.type,
            subject=f"order/{order}", time=NOW, dataschema=message.dataschema,
            sequence=self.sequence(), subjectsequence=sequence_number(1), correlationid=order,
            data=payload,
        )

    def _try(self, what: str, call: Any) -> Answer | None:
        try:
            answer: Answer = call()
        except (ContractBroken, Unexpected, NoAnswer) as exc:
            self.trouble.append(f"{what}: {exc}")
            return None
        except Exception as exc:  # a system in this process lets its defects through
            self.trouble.append(f"{what}: the system raised {type(exc).__name__}: {exc}")
            return None
        if answer.value is None:
            self.trouble.append(f"{what}: {answer}")
        return answer


_CLOCK = SetClock(now=NOW)


def _document(names: Namespace, supply: int) -> Load:
    lots = [("STOCK", "LACTOSE", LotStatus.RELEASED), ("SCAN", "SCANNED", LotStatus.RELEASED)]
    lots += [(f"HOLD{n}", "HELD", LotStatus.QUARANTINE) for n in range(supply)]
    orders = [("ORDER", "LACTOSE"), ("SCAN-ORDER", "SCANNED")]
    orders += [(f"PLAN{n}", "LACTOSE") for n in range(supply)]
    return Load(
        people=tuple(
            Person(person_id=Id(names.id(f"p.{duty}")), printed_name=f"Example {duty}",
                   duties=(duty,), password=PASSWORD)
            for duty in (Duty.PRODUCTION, Duty.QUALITY, Duty.PICKER)
        ),
        materials=tuple(
            Material(material_id=Id(names.id(name)), description=f"example material {name}",
                     gtin=names.gtin(name), base_unit=Unit.KILOGRAM)
            for name in ("LACTOSE", "SCANNED", "HELD")
        ),
        locations=(
            Location(location_id=Id(names.id("RACK")), description="example rack"),
            Location(location_id=Id(names.id("STAGING")), purpose=Purpose.STAGING,
                     description="example supply area"),
        ),
        lots=tuple(_lot(names, *lot) for lot in lots),
        containers=tuple(_container(names, lot) for lot in ("STOCK", "SCAN")),
        orders=tuple(_order(names, *order) for order in orders),
    )


def _lot(names: Namespace, lot: str, material: str, status: LotStatus) -> Lot:
    return Lot(
        lot_id=Id(names.id(lot)), material_id=Id(names.id(material)),
        lot=LotNumber(names.lot_number(lot)), expires_on=EXPIRES,
        status=status,
    )


def _container(names: Namespace, lot: str) -> Container:
    return Container(
        sscc=names.sscc(lot), lot_id=Id(names.id(lot)), location_id=Id(names.id("RACK")),
        quantity=PositiveQuantity.of("1000000 KGM"),
    )


def _order(names: Namespace, order: str, material: str) -> Order:
    line = BomLine(
        line_id=Id(LINE), material_id=Id(names.id(material)),
        quantity=PositiveQuantity.of("100000 KGM"), tolerance_high=Quantity.of("0.050 KGM"),
    )
    return Order(
        order_id=Id(names.id(order)), bom_id=Id(names.id("BOM")), bom_version=1, lines=(line,)
    )
