"""Golden messages about master data: what a receiver must answer to the partner's record."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contracts.model.codes import Code
from contracts.model.identifiers import Id
from contracts.model.master_data import MasterKind
from contracts.model.messages.master_data import MasterDataPublished
from contracts.model.roles import Role
from contracts.record.digests import digest_of
from contracts.wire.golden import NOW, Cast, Golden, Step, message
from contracts.wire.golden_steps import (
    Body,
    Row,
    accepted,
    changed,
    goldens_of,
    not_taken,
    taken,
)

_FORM = Code.SCHEMA_VIOLATION


def golden_master_data() -> Iterator[Golden]:
    """All golden messages about master data."""
    for to in (Role.WMS, Role.MES):
        make = partial(_publication, to)
        yield from goldens_of("master-data-published", _PUBLISHED, make, to=to)


def _publication(to: Role, cast: Cast) -> Body:
    content = {
        "description": "Lactose monohydrate", "gtin": str(cast.gtin()), "baseUnit": "KGM",
    }
    payload = MasterDataPublished(
        publication_id=cast.id("PUBLICATION"), kind=MasterKind.MATERIAL,
        record_id=cast.id("MATERIAL"), version=1, content=content,
        content_sha256=digest_of(content), published_by=Id("p.quality"), published_at=NOW,
        station=Id("QA-1"),
    )
    return message(
        cast, "master-data-published", payload, f"master/{cast.id('MATERIAL')}", to
    )


def _another_description(_: Cast, body: Body) -> tuple[Step, ...]:
    content = {**body["data"]["content"], "description": "Mannitol"}
    other = changed(body, "data.content", content)
    return (accepted(changed(other, "data.contentSha256", digest_of(content))),)


_PUBLISHED: tuple[Row, ...] = (
    ("accepted-different", "A difference is taken note of; what uses the record is refused.",
     _another_description),
    ("accepted-later-version", "A later version replaces an earlier one.",
     taken("data.version", 7)),
    ("accepted-of-a-place", "Places are published as items are, by their own id.",
     taken("data.kind", MasterKind.LOCATION.value)),
    ("accepted-of-an-order", "A bill of materials is published by the id of its order.",
     taken("data.kind", MasterKind.BOM.value)),
    ("accepted-lot-format", "How lots of an item are written is published by the item's id.",
     taken("data.kind", MasterKind.LOT_FORMAT.value)),
    ("digest-wrong", "FRS-MDM-001: the digest is that of the content.",
     not_taken(Code.CONTENT_HASH_DIFFERS, "data.contentSha256", "data.contentSha256", "0" * 64)),
    ("kind-unknown", "Kinds of master data are a closed list.",
     not_taken(_FORM, "data.kind", "data.kind", "RECIPE CARD")),
    ("content-empty", "A record has at least one member.",
     not_taken(_FORM, "data.content", "data.content", {})),
    ("version-zero", "Versions start at 1.",
     not_taken(_FORM, "data.version", "data.version", 0)),
    ("digest-upper-case", "A digest is written in lower-case hex.",
     not_taken(_FORM, "data.contentSha256", "data.contentSha256", "A" * 64)),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.publishedBy", "data.publishedBy", ...)),
)
