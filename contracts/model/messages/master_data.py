"""Master data: one system says what its record holds, the other compares it with its own.

ISA-95: SyncMaterialDefinition. EPCIS: master data of the class, no event.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.answers import Sha256
from contracts.model.envelope import Payload
from contracts.model.identifiers import Id
from contracts.model.instants import Timestamp
from contracts.model.master_data import Content, MasterKind


class MasterDataPublished(Payload):
    """WMS ↔ MES. This is what my record holds; where yours differs, it must not be used.

    ``contentSha256`` is SHA-256 over the canonical JSON (RFC 8785) of ``content``.
    """

    publication_id: Id
    kind: MasterKind
    record_id: Id
    version: Annotated[int, Field(strict=True, ge=1, le=999_999)]
    content: Content
    content_sha256: Sha256
    published_by: Id
    published_at: Timestamp
    station: Id

    @property
    def business_key(self) -> str:
        return self.publication_id
