"""What people and devices do at a system: the operator group, with sessions and e-signatures.

Every command that changes something carries a key of its own (a scan id, a request number), so
that a second press of the button does nothing. Source: URS-IDM-001, URS-IDM-008.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from contracts.model.identifiers import Id, Sscc
from contracts.model.instants import Timestamp
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.model.roles import Duty
from contracts.model.wire_model import WireModel

Secret = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Reason = Annotated[str, StringConstraints(max_length=500)]
Scan = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class OpenSession(WireModel):
    """Sign in at a station. Source: 21 CFR 11.10(d), 11.300."""

    user_id: Id
    password: Secret
    station: Id


class Session(WireModel):
    """A signed-in person. The token goes into ``Authorization: Bearer``; it never signs."""

    token: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
    person_id: Id
    printed_name: str
    duties: tuple[Duty, ...]
    expires_at: Timestamp


class Command(WireModel):
    """A command. ``key`` identifies it at the system that receives it."""

    @property
    def key(self) -> str:
        """The identity of the business event that the command records."""
        raise NotImplementedError


class StartOrder(Command):
    """MES. Production starts a planned order."""

    order_id: Id

    @property
    def key(self) -> str:
        return self.order_id


class RequestedLine(WireModel):
    """How much of one line of the order's bill of materials to bring now."""

    line_id: Id
    quantity: PositiveQuantity


class RequestPick(Command):
    """MES. Production asks the warehouse for material of a started order."""

    request_id: Id
    order_id: Id
    to_location: Id
    needed_by: Timestamp
    lines: Annotated[tuple[RequestedLine, ...], Field(min_length=1, max_length=50)]

    @field_validator("lines")
    @classmethod
    def _line_ids_are_unique(
        cls, lines: tuple[RequestedLine, ...]
    ) -> tuple[RequestedLine, ...]:
        if len({line.line_id for line in lines}) != len(lines):
            raise ValueError("two lines have the same lineId")
        return lines

    @property
    def key(self) -> str:
        return self.request_id


class SignatureComponents(WireModel):
    """Both components of an electronic signature and its meaning. Source: 21 CFR 11.200(a)."""

    user_id: Id
    password: Secret
    meaning: Annotated[str, StringConstraints(min_length=3, max_length=100)]


class ChangeLotStatus(Command):
    """MES. The quality unit decides on a lot: release, hold, reject, recall, close."""

    change_id: Id
    lot_id: Id
    to_status: LotStatus
    reason_code: StatusReason
    reason: Reason
    signature: SignatureComponents | None = None

    @property
    def key(self) -> str:
        return self.change_id


class ConfirmPick(Command):
    """WMS. A picker scanned a container and brings ``quantity`` of it.

    ``scan`` is what the scanner sent, symbology identifier first. ``to_container`` is the label of
    the container that takes a part; it is absent when the whole container travels.
    """

    confirmation_id: Id
    request_id: Id
    line_id: Id
    scan: Scan
    quantity: PositiveQuantity
    to_container: Sscc | None = None

    @property
    def key(self) -> str:
        return self.confirmation_id


class PickTask(WireModel):
    """One thing a picker has to fetch."""

    request_id: Id
    line_id: Id
    order_id: Id
    material_id: Id
    lot_id: Id
    container: Sscc
    location_id: Id
    quantity: Quantity
    to_location: Id
    needed_by: Timestamp


class PickTasks(WireModel):
    """The open tasks, most urgent first."""

    tasks: tuple[PickTask, ...]
