"""Corrections of events: nothing is changed or deleted, a wrong event is declared an error."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from contracts.model.commands.command import Command, Reason
from contracts.model.identifiers import Id
from contracts.model.instants import Timestamp
from contracts.model.quantities import NonNegativeQuantity


class CorrectEvent(Command):
    """MES and WMS. Quality declares an event of its own system an error.

    The event is told again with an error declaration; with a place, an amount or a time that is
    right, a corrective event is told as well. With none of them it never happened.
    Source: EPCIS 2.0, 7.4.1.4.
    """

    correction_id: Id
    event_id: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    reason: Reason
    location_id: Id | None = None
    """Where it was: read point and business location, as far as the event has them."""
    quantity: NonNegativeQuantity | None = None
    """How much it was. Only of an event that tells one amount."""
    event_time: Timestamp | None = None
    """When it was."""

    @property
    def key(self) -> str:
        return self.correction_id
