"""Picks: production asks, the picker scans and brings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.commands.command import Command, Reason, Scan
from contracts.model.identifiers import Id, Sscc
from contracts.model.instants import Timestamp
from contracts.model.lines import UNIQUE_LINE_IDS
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.model.wire_model import WireModel


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
    lines: Annotated[
        tuple[RequestedLine, ...], Field(min_length=1, max_length=50), UNIQUE_LINE_IDS
    ]

    @property
    def key(self) -> str:
        return self.request_id


class CancelPick(Command):
    """MES. Production needs what is still open of a pick request no more."""

    cancel_id: Id
    request_id: Id
    reason: Reason

    @property
    def key(self) -> str:
        return self.cancel_id


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


class OverrideAllocation(Command):
    """WMS. A supervisor sets another lot aside for a line than the one that expires first."""

    override_id: Id
    request_id: Id
    line_id: Id
    lot_id: Id
    reason: Reason

    @property
    def key(self) -> str:
        return self.override_id


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
