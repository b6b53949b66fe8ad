"""Kits are put together and opened."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.commands.command import Command, Reason
from contracts.model.identifiers import Id, ItemName, Sscc
from contracts.model.messages.custody import Breaking
from contracts.model.wire_model import WireModel


class ComponentPlace(WireModel):
    """A component, and the container that it comes out of or goes into."""

    unit: ItemName
    container: Sscc


Places = Annotated[tuple[ComponentPlace, ...], Field(min_length=1, max_length=100)]


class AssembleKit(Command):
    """MES. Put a kit together for an order whose product it is; each component is in stock."""

    assembly_id: Id
    order_id: Id
    kit: ItemName
    components: Places

    @property
    def key(self) -> str:
        return self.assembly_id


class OpenKit(Command):
    """Open a kit that lies in a container. All its components come out, each into a labelled
    container, new or of the same lot at the same place; the kit is no more.
    """

    opening_id: Id
    kit: ItemName
    components: Places
    location_id: Id
    purpose: Breaking
    reason: Reason

    @property
    def key(self) -> str:
        return self.opening_id
