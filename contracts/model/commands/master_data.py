"""Master data: MES owns the material master, changes it with a reason and publishes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from contracts.model.commands.command import Command, Reason
from contracts.model.identifiers import Gtin14, Id
from contracts.model.master_data import MasterKind
from contracts.model.wire_model import WireModel


class MaterialChange(WireModel):
    """What becomes of a material; a member that is left out stays as it is."""

    description: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    gtin: Gtin14 | None = None
    reason: Reason


class PublishMasterData(Command):
    """MES. Publish a material, changed first where ``change`` says so."""

    publication_id: Id
    material_id: Id
    change: MaterialChange | None = None

    @property
    def key(self) -> str:
        return self.publication_id


class PublishMasterRecord(Command):
    """MES. Publish a record of any master as it is; ``recordId`` is the one of its kind."""

    publication_id: Id
    kind: MasterKind
    record_id: Id

    @property
    def key(self) -> str:
        return self.publication_id


class AdoptMasterData(Command):
    """WMS. Take over what MES published of a material, so that both hold the same again."""

    adoption_id: Id
    material_id: Id
    reason: Reason

    @property
    def key(self) -> str:
        return self.adoption_id
