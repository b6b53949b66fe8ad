"""Master data that both systems keep: the content of a record, and how the partner's compares.

Source: URS-MDM-001.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import select

from contracts.model.codes import Code, Refusal
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Id
from contracts.model.inspection_reconciling import MasterData, MasterDataRow
from contracts.model.master_data import Comparison, MasterKind
from contracts.model.messages.master_data import MasterDataPublished
from contracts.record.digests import digest_of
from reference_impl.domain.master_data import differing_members
from reference_impl.records.counting import next_number
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import materials, partner_records

_MATERIALS = Statement(select(materials).order_by(materials.c.material_id))
_PARTNERS = Statement(select(partner_records))
# The published member of each column; an empty column is left out.
MEMBERS = {
    "description": "description", "gtin": "gtin", "base_unit": "baseUnit",
    "conversions": "conversions", "stock_scale": "stockScale", "potency_basis": "potencyBasis",
}


def content_of(material: Row) -> dict[str, str]:
    """The content of a material, as it is published and compared."""
    return {
        member: str(material[column])
        for column, member in MEMBERS.items()
        if material[column] is not None
    }


# implements FRS-MDM-001
def master_data_published(
    work: Work, envelope: Envelope[MasterDataPublished]
) -> Refusal | None:
    """The partner says what its record holds: ours is compared with it, and stays as it is."""
    fact = envelope.data
    if digest_of(fact.content) != fact.content_sha256:
        return Refusal(Code.CONTENT_HASH_DIFFERS, "data.contentSha256", "computed anew it differs")
    known = {
        "version": fact.version, "content": json.dumps(fact.content, sort_keys=True),
        "content_sha256": fact.content_sha256, "differs": "",
    }
    key = (fact.kind.value, str(fact.record_id))
    if work.find(partner_records, *key):
        work.change(partner_records, *key, **known)
    else:
        work.create(partner_records, kind=key[0], record_id=key[1], **known)
    compare(work, fact.record_id)
    return None


def compare(work: Work, material_id: str) -> None:
    """Compare our record with what the partner last published of it; a difference is alarmed."""
    key = (MasterKind.MATERIAL.value, material_id)
    partner = work.find(partner_records, *key)
    material = work.find(materials, material_id)
    if partner is None:
        return
    own = content_of(material) if material else {}
    differs = ",".join(differing_members(own, json.loads(partner["content"])))
    work.change(partner_records, *key, differs=differs)
    if differs:
        work.alarm("MASTER_DATA_DIFFERS", f"material {material_id}: {differs}")


def publication(work: Work, publication_id: str, material: Row) -> MasterDataPublished:
    """What a material holds now, with the next version number."""
    content = content_of(material)
    material_id = material["material_id"]
    return MasterDataPublished(
        publication_id=Id(publication_id), kind=MasterKind.MATERIAL, record_id=Id(material_id),
        version=next_number(work.connection, f"version of material {material_id}"),
        content=content, content_sha256=digest_of(content),
        published_by=Id(work.actor.account), published_at=work.now,
        station=Id(work.actor.station),
    )


# implements FRS-MDM-002
def check_equal(work: Work, material_id: str, path: str) -> Refusal | None:
    """Refuse a material whose record differs from the partner's, naming the members."""
    partner = work.find(partner_records, MasterKind.MATERIAL.value, material_id)
    if partner is None or not partner["differs"]:
        return None
    return Refusal(Code.MASTER_DATA_DIFFERS, path, f"{material_id}: {partner['differs']}")


def show_master_data(connection: Connection, _: Settings, __: int) -> MasterData:
    """All materials with their digest, and how the partner's record compares."""
    partners = {row["record_id"]: row for row in connection.rows(_PARTNERS)}
    return MasterData(
        rows=tuple(
            _row(row, partners.get(row["material_id"])) for row in connection.rows(_MATERIALS)
        )
    )


def _row(material: Row, partner: Row | None) -> MasterDataRow:
    content: Mapping[str, str] = content_of(material)
    own = {
        "kind": MasterKind.MATERIAL, "record_id": material["material_id"], "content": content,
        "content_sha256": digest_of(content),
    }
    if partner is None:
        return MasterDataRow(**own, comparison=Comparison.UNCOMPARED)
    differs = tuple(filter(None, partner["differs"].split(",")))
    return MasterDataRow(
        **own, comparison=Comparison.DIFFERS if differs else Comparison.EQUAL,
        partner_version=partner["version"], partner_sha256=partner["content_sha256"],
        differs=differs,
    )
