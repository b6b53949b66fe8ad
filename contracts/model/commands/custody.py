"""Breaking units and putting them together again, in both systems."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.commands.command import Command, Reason
from contracts.model.identifiers import Id, ItemName, Sscc, UnitName
from contracts.model.messages.custody import Breaking


class DisaggregateUnit(Command):
    """Take units out of the one that they stand in; ``children`` absent: all of them.

    Units of sale go ``into`` a labelled container, new or of the same lot at the same place; cases
    stand alone. ``location_id`` is where what was taken out is now. ``scan_run_id`` is the run in
    which parent and children were scanned, where the station's step wants it.
    """

    disaggregation_id: Id
    parent: Sscc
    children: Annotated[tuple[UnitName, ...], Field(max_length=1000)] = ()
    into: Sscc | None = None
    location_id: Id
    purpose: Breaking
    reason: Reason
    scan_run_id: Id | None = None

    @property
    def key(self) -> str:
        return self.disaggregation_id


class ReaggregateItems(Command):
    """Put units of sale, which lie in ``source`` since their unit was broken, into ``parent``."""

    aggregation_id: Id
    parent: Sscc
    source: Sscc
    children: Annotated[tuple[ItemName, ...], Field(min_length=1, max_length=1000)]

    @property
    def key(self) -> str:
        return self.aggregation_id
