"""Golden messages: real ones with the answer that they must get, from any conforming receiver.

Each is played alone: load its master data into the receiver, then send its steps in order. All
identities in it are made from its name, so that any of them can be played on one system in any
order, and adding one changes no other.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts.model.answers import AckStatus
from contracts.model.codes import Code
from contracts.model.envelope import Payload, sequence_number
from contracts.model.identifiers import Gtin14, Id, LotNumber, MessageId, Sscc, SystemUri
from contracts.model.instants import read_timestamp, write_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES, MessageType
from contracts.model.quantities import PositiveQuantity, Quantity, Unit
from contracts.model.roles import Role
from contracts.model.stimulus import (
    BomLine,
    Container,
    Load,
    Location,
    Lot,
    Material,
    Order,
    Purpose,
)
from contracts.record.canonical import canonical_bytes

NOW = read_timestamp("2026-03-31T08:00:00+02:00")
EXPIRES = date(2026, 12, 31)
SOURCES: dict[Role, SystemUri] = {role: SystemUri(f"urn:example:{role}") for role in Role}
_BEGIN_MS = 1_774_936_800_000


@dataclass(frozen=True)
class Expected:
    """What the receiver must answer. No code: it acknowledges the message ``message_id``."""

    status: int
    message_id: str | None = None
    code: Code | None = None
    path: str | None = None
    replayed: bool = False
    deferred: bool = False

    def to_json(self) -> dict[str, Any]:
        """The members of the answer that are the same at every receiver."""
        if self.code is None:
            status = AckStatus.DEFERRED if self.deferred else AckStatus.ACCEPTED
            answer: dict[str, Any] = {"status": status.value, "messageId": self.message_id}
        else:
            answer = {"status": self.status, "code": self.code.value, "path": self.path}
        return {"status": self.status, "replayed": self.replayed, "answer": answer}


@dataclass(frozen=True)
class Step:
    """One message to send. ``body`` is JSON, sent as canonical bytes, or text sent as it is."""

    key: str | None
    body: dict[str, Any] | str
    expected: Expected
    operation: str | None = None
    """Where another operation than the golden message's own takes it."""

    @property
    def raw(self) -> bytes:
        """The bytes to send."""
        return self.body.encode() if isinstance(self.body, str) else canonical_bytes(self.body)

    def to_json(self) -> dict[str, Any]:
        """The step as it is published."""
        key = {} if self.key is None else {"idempotencyKey": self.key}
        name = "bodyText" if isinstance(self.body, str) else "body"
        elsewhere = {} if self.operation is None else {"operation": self.operation}
        return {**elsewhere, **key, name: self.body, "expected": self.expected.to_json()}


@dataclass(frozen=True)
class Golden:
    """One golden message with what goes before it. ``steps`` is never empty.

    ``to`` is who receives it, where a message that goes both ways leaves it open.
    """

    name: str
    about: str
    message: MessageType
    load: Load
    steps: tuple[Step, ...]
    to: Role | None = None

    @property
    def receiver(self) -> Role:
        """Who receives it."""
        return self.to or self.message.receiver

    @property
    def operation(self) -> str:
        """The id of the operation that all steps go to."""
        return f"{self.receiver}/{self.message.name}"

    @property
    def is_valid(self) -> bool:
        """Whether the last step is accepted."""
        return self.steps[-1].expected.code is None

    def to_json(self) -> dict[str, Any]:
        """The file as it is published."""
        return {
            "name": self.name,
            "about": self.about,
            "operation": self.operation,
            "valid": self.is_valid,
            "clock": write_timestamp(NOW),
            "load": self.load.to_json(),
            "steps": [step.to_json() for step in self.steps],
        }


@dataclass(frozen=True)
class Cast:
    """The identities of one golden message, all made from its name."""

    name: str
    suffix: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "suffix", self._digest("suffix").hexdigest()[:6].upper())

    def id(self, kind: str) -> Id:
        """An identifier of a kind: ``ORDER-3FA2C1``."""
        return Id(f"{kind}-{self.suffix}")

    def sscc(self, label: str) -> Sscc:
        """The SSCC of a labelled container, in the range that GS1 keeps for examples."""
        return Sscc.complete(f"0952{self._number(label, 13)}")

    def gtin(self) -> Gtin14:
        """The GTIN of the material."""
        return Gtin14.complete(f"0952{self._number('item', 9)}")

    def lot_number(self) -> LotNumber:
        """The supplier's lot number."""
        return LotNumber(f"LOT{self.suffix}")

    def message_id(self, label: str) -> MessageId:
        """The id of a labelled message: a UUID of version 7."""
        return MessageId.made_at(_BEGIN_MS, int(self._digest(label).hexdigest(), 16))

    def _number(self, label: str, digits: int) -> str:
        return f"{int(self._digest(label).hexdigest(), 16) % 10**digits:0{digits}d}"

    def _digest(self, label: str) -> hashlib._Hash:
        return hashlib.sha256(f"{self.name}/{label}".encode())


def world(cast: Cast, status: LotStatus = LotStatus.RELEASED) -> Load:
    """The master data of one golden message: 25 kg of one lot in storage, an order for 10 kg."""
    kilograms = PositiveQuantity.of
    return Load(
        materials=(Material(material_id=cast.id("MATERIAL"), description="Lactose monohydrate",
                            gtin=cast.gtin(), base_unit=Unit.KILOGRAM),),
        locations=(
            Location(location_id=cast.id("RACK"), description="High rack"),
            Location(location_id=cast.id("STAGING"), purpose=Purpose.STAGING,
                     description="Production supply area"),
        ),
        lots=(Lot(lot_id=cast.id("LOT"), material_id=cast.id("MATERIAL"), lot=cast.lot_number(),
                  expires_on=EXPIRES, status=status),),
        containers=(Container(sscc=cast.sscc("full"), lot_id=cast.id("LOT"),
                              location_id=cast.id("RACK"), quantity=kilograms("25.000 KGM")),),
        orders=(Order(order_id=cast.id("ORDER"), bom_id=cast.id("BOM"), bom_version=3,
                      lines=(BomLine(line_id=Id("10"), material_id=cast.id("MATERIAL"),
                                     quantity=kilograms("10.000 KGM"),
                                     tolerance_high=Quantity.of("0.050 KGM")),)),),
    )


def message(
    cast: Cast, kind: str, payload: Payload, subject: str, to: Role | None = None
) -> dict[str, Any]:
    """A whole message as JSON, the first about its subject; ``to`` where it goes both ways."""
    described = MESSAGES[kind]
    source = SOURCES[(to or described.receiver).partner]
    envelope = described.envelope(
        id=cast.message_id("message"), source=source, type=described.type,
        subject=subject, time=NOW, dataschema=described.dataschema,
        sequence=sequence_number(1), subjectsequence=sequence_number(1),
        correlationid=cast.id("ORDER"), data=payload,
    )
    return envelope.to_json()
