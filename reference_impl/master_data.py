"""Master data that both systems keep: the content of a record, and how the partner's compares.

Source: URS-MDM-001.
"""

from __future__ import annotations

import json
from functools import lru_cache

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Id
from contracts.model.inspection_reconciling import MasterData, MasterDataRow
from contracts.model.instants import microseconds
from contracts.model.master_data import Comparison, MasterKind
from contracts.model.messages.master_data import MasterDataPublished
from contracts.record.digests import digest_of
from reference_impl.domain.master_data import differing_members
from reference_impl.master_records import all_records, content_of
from reference_impl.records.counting import next_number
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Statement
from reference_impl.store.master_tables import publications
from reference_impl.store.remembering import KEPT_MAX
from reference_impl.store.tables import partner_records

_PARTNERS = Statement(select(partner_records))
_LATE = Statement(
    select(publications)
    .where(publications.c.answered.is_(None), publications.c.since <= bindparam("by"))
    .order_by(publications.c.kind, publications.c.record_id)
)


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
    _note_answer(work, fact)
    compare(work, fact.kind, fact.record_id)
    return None


# implements FRS-MDM-011
def compare(work: Work, kind: MasterKind, record_id: str) -> None:
    """Compare our record with what the partner last published of it.

    A difference is alarmed; so is a record that is not held here, for nothing is equal to it.
    """
    partner = work.find(partner_records, kind.value, record_id)
    if partner is None:
        return
    own = content_of(work.connection, kind, record_id)
    differs = ",".join(differing_members(own or {}, json.loads(partner["content"])))
    work.change(partner_records, kind.value, record_id, differs=differs)
    record = f"{_WORDS[kind]} {record_id}"
    if own is None:
        work.alarm("MASTER_DATA_UNCOMPARED", f"{record} is not held here")
    elif differs:
        work.alarm("MASTER_DATA_DIFFERS", f"{record}: {differs}")


def publication(
    work: Work, publication_id: str, kind: MasterKind, record_id: str
) -> MasterDataPublished | None:
    """What a record holds now, with the next version number; None where it is not held here."""
    content = content_of(work.connection, kind, record_id)
    if content is None:
        return None
    return MasterDataPublished(
        publication_id=Id(publication_id), kind=kind, record_id=Id(record_id),
        version=next_number(work.connection, f"version of {_WORDS[kind]} {record_id}"),
        content=content, content_sha256=digest_of(content),
        published_by=Id(work.actor.account), published_at=work.now,
        station=Id(work.actor.station),
    )


# implements FRS-MDM-011
def await_answer(work: Work, fact: MasterDataPublished) -> None:
    """Remember since when the partner owes us its own record of what was published."""
    key = (fact.kind.value, str(fact.record_id))
    waiting, now = work.find(publications, *key), microseconds(work.now)
    if waiting is None:
        work.create(publications, kind=key[0], record_id=key[1], since=now)
    elif waiting["answered"] is not None:
        work.change(publications, *key, since=now, answered=None)


# implements FRS-MDM-011
def uncompared(work: Work) -> list[str]:
    """What the partner has not answered in time, so that nobody knows whether both are equal."""
    by = microseconds(work.now) - work.settings.watch.queue_age_max_s * 1_000_000
    return [f"{row['kind']} {row['record_id']}" for row in work.connection.rows(_LATE, by=by)]


# implements FRS-MDM-002
# implements FRS-MDM-009
def check_equal(
    work: Work, record_id: str, path: str, kind: MasterKind = MasterKind.MATERIAL
) -> Refusal | None:
    """Refuse a record that differs from the partner's, naming the members."""
    partner = work.find(partner_records, kind.value, record_id)
    if partner is None or not partner["differs"]:
        return None
    return Refusal(Code.MASTER_DATA_DIFFERS, path, f"{record_id}: {partner['differs']}")


def check_item_equal(work: Work, material_id: str, path: str) -> Refusal | None:
    """Refuse an item of which the record or the lot format differs: its lots are being named."""
    return check_equal(work, material_id, path) or check_equal(
        work, material_id, path, MasterKind.LOT_FORMAT
    )


def show_master_data(connection: Connection, _: Settings, __: int) -> MasterData:
    """All records with their digest, and how the partner's compare."""
    partners = {
        (row["kind"], row["record_id"]): (row["version"], row["content_sha256"], row["differs"])
        for row in connection.rows(_PARTNERS)
    }
    return MasterData(rows=tuple(
        _row(kind, record_id, tuple(content.items()), partners.get((kind.value, record_id)))
        for kind, record_id, content in all_records(connection)
    ))


@lru_cache(KEPT_MAX)
def _row(
    kind: MasterKind, record_id: str, members: tuple[tuple[str, str], ...],
    partner: tuple[int, str, str] | None,
) -> MasterDataRow:
    """``partner`` is what it last published: version, digest, and the members that differ."""
    content = dict(members)
    own = {
        "kind": kind, "record_id": record_id, "content": content,
        "content_sha256": digest_of(content),
    }
    if partner is None:
        return MasterDataRow(**own, comparison=Comparison.UNCOMPARED)
    version, sha256, differing = partner
    differs = tuple(filter(None, differing.split(",")))
    return MasterDataRow(
        **own, comparison=Comparison.DIFFERS if differs else Comparison.EQUAL,
        partner_version=version, partner_sha256=sha256, differs=differs,
    )


def _note_answer(work: Work, fact: MasterDataPublished) -> None:
    key = (fact.kind.value, str(fact.record_id))
    waiting = work.find(publications, *key)
    if waiting is not None and waiting["answered"] is None:
        work.change(publications, *key, answered=microseconds(work.now))


_WORDS = {
    MasterKind.MATERIAL: "material", MasterKind.LOCATION: "location",
    MasterKind.BOM: "bill of materials of order", MasterKind.LOT_FORMAT: "lot format of material",
}
