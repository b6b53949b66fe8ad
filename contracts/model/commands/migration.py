"""Migration of master data: nothing is lost, added or changed on the way, or nothing happens."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool

from contracts.model.answers import CommandAnswer
from contracts.model.commands.command import Command, Reason, SignatureComponents
from contracts.model.identifiers import Id
from contracts.model.messages.lot_status import Text
from contracts.model.migration import Total
from contracts.model.stimulus import Container, Location, Lot, Material

Totals = Annotated[tuple[Total, ...], Field(min_length=1, max_length=4)]


class MigrateMasterData(Command):
    """Both. Take over records of another system, with the totals that were computed there.

    ``declared`` has one total for each kind that is migrated. A dry run does and compares all, and
    leaves nothing behind; it needs no approval. ``approval`` is of the quality unit.
    """

    migration_id: Id
    source: Text
    """The system and the extract that the records come from."""
    materials: Annotated[tuple[Material, ...], Field(max_length=5000)] = ()
    locations: Annotated[tuple[Location, ...], Field(max_length=5000)] = ()
    lots: Annotated[tuple[Lot, ...], Field(max_length=5000)] = ()
    containers: Annotated[tuple[Container, ...], Field(max_length=5000)] = ()
    declared: Totals
    dry_run: StrictBool
    reason: Reason
    approval: SignatureComponents | None = None

    @property
    def key(self) -> str:
        return self.migration_id


class Migrated(CommandAnswer):
    """What was compared: the records taken over, and all records before and after."""

    dry_run: StrictBool
    migrated: tuple[Total, ...]
    before: tuple[Total, ...]
    after: tuple[Total, ...]
