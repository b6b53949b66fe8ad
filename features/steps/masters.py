"""Records of every master: told by a counterpart with another member, published, unanswered."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import Acknowledgement
from contracts.model.commands import AdoptMasterData, PublishMasterRecord
from contracts.model.identifiers import Id
from contracts.model.inspection_reconciling import MasterData, MasterDataRow
from contracts.model.master_data import Comparison, MasterKind
from contracts.model.messages.master_data import MasterDataPublished
from contracts.model.roles import Role
from contracts.record.digests import digest_of
from features.bench import ITEM, STAGING, STORAGE, Bench
from features.claims import equal, the_only
from features.steps.alarms import has_raised
from features.steps.labels import PRODUCT
from features.steps.production import STARCH
from simulator.counterpart import Draft

_NOWHERE = "NOWHERE"
# What a member becomes, so that it is certainly another one, and one that can be read.
_OTHERS = {
    "temperatureClass": "COLD", "hazardClasses": '["CORROSIVE"]', "allergens": '["PEANUT"]',
    "issueMode": "BACKFLUSH", "shelfLifeDays": "730", "quarantine": "yes",
    "siteLotCode": "^L[0-9]{9}$",
    "line1": "10: ANOTHER-MATERIAL 1 KGM +0 -0; 0 days",
}
_RECORD = (
    r"(?P<record>lactose|tablets|starch|the lot format of lactose|the place RACK-1|"
    r"the bill of materials of the order)"
)


@dataclass(frozen=True)
class _Record:
    """Which record of which master."""

    kind: MasterKind
    id: str


# --- told and published -------------------------------------------------------------------------


@given(parsers.re(
    rf"(?P<sender>MES|the warehouse) has told (?:MES|the warehouse) of {_RECORD} "
    r"with (?:another (?P<field>[a-zA-Z0-9]+)|a temperatureClass that is none)"
))
def has_told(bench: Bench, sender: str, record: str, field: str | None) -> None:
    """The partner's record is the receiver's own, but for one member."""
    receiver = Role.WMS if sender == "MES" else Role.MES
    named = _named(bench, record)
    own = dict(_row(bench, receiver, named).content)
    member = field or "temperatureClass"
    told = {**own, member: _OTHERS[member] if field else "LUKEWARM"}
    assert told[member] != own.get(member), f"{member} is {own[member]} as it stands"
    draft = _telling(bench, receiver, named, told)
    answer = bench.counterpart(receiver).send(draft)
    answer.as_(Acknowledgement)
    bench.recorder.observe(f"{receiver.upper()} was told: {member} is {told[member]}")


@when("MES tells the warehouse of a place that it does not hold")
def tells_of_unknown(bench: Bench) -> None:
    """A record to which nothing here is equal."""
    record = _Record(MasterKind.LOCATION, bench.namespace.id(_NOWHERE))
    content = {"description": "somewhere else", "kind": "BIN", "purpose": "storage"}
    draft = _telling(bench, Role.WMS, record, content)
    attempt = bench.send(Role.WMS, draft, bench.new_id("TOLD"))
    bench.recorder.observe(f"{draft.message} {draft.key}: {attempt.answer}")


@given("quality has published the record of each master that the order uses")
def has_published_each(bench: Bench) -> None:
    """The place of supply, the bill of materials, the lot format."""
    for record in _used(bench):
        body = PublishMasterRecord(
            publication_id=Id(bench.new_id("PUBLISH")), kind=record.kind, record_id=Id(record.id)
        )
        bench.prepare("quality", "publish-master-record", body)
    bench.deliver()


@when("the supervisor takes over what was published of lactose")
def tries_to_adopt(bench: Bench) -> None:
    """Try to take over what was told last."""
    body = AdoptMasterData(
        adoption_id=Id(bench.new_id("ADOPT")), material_id=Id(bench.namespace.id(ITEM)),
        reason="aligned with what MES has published",
    )
    attempt = bench.command("the supervisor", "adopt-master-data", body)
    bench.recorder.observe(f"adoption: {attempt.answer}")


# --- compared -----------------------------------------------------------------------------------


@then("both systems show the record of each of these masters as EQUAL with one digest")
def both_show_each_equal(bench: Bench) -> None:
    """Both compare alike, and the judge compares their digests once more."""
    for record in _used(bench):
        rows = {role: _row(bench, role, record) for role in Role}
        for role, row in rows.items():
            about = f"{record.kind} {record.id} in {role.upper()}"
            bench.recorder.observe(f"{about}: {row.comparison}, {row.content_sha256[:16]}…")
            equal(row.comparison, Comparison.EQUAL, f"comparison of {about}")
            equal(digest_of(row.content), row.content_sha256, f"digest of {about}")
        equal(rows[Role.WMS].content, rows[Role.MES].content, f"contents of {record.kind}")


@then(parsers.re(
    r"(?P<system>MES|the warehouse) has raised the alarm MASTER_DATA_UNCOMPARED about "
    r"(?P<what>lactose|that place)"
))
def uncompared_alarm(bench: Bench, system: str, what: str) -> None:
    """Exactly one, and it names the record."""
    about = bench.namespace.id(ITEM if what == "lactose" else _NOWHERE)
    role = Role.MES if system == "MES" else Role.WMS
    has_raised(bench, role, "MASTER_DATA_UNCOMPARED", about)


@then("the warehouse shows lactose as EQUAL, with a shelf life of 730 days")
def shows_shelf_life(bench: Bench) -> None:
    """The member has the text that was published."""
    row = _row(bench, Role.WMS, _named(bench, "lactose"))
    bench.recorder.observe(f"{row.record_id}: {row.comparison}, {row.content}")
    equal(row.comparison, Comparison.EQUAL, "comparison")
    equal(row.content.get("shelfLifeDays"), "730", "shelf life in days")


def _used(bench: Bench) -> tuple[_Record, ...]:
    names = bench.namespace
    return (
        _Record(MasterKind.LOCATION, names.id(STAGING)),
        _Record(MasterKind.BOM, str(bench.the_order.order_id)),
        _Record(MasterKind.LOT_FORMAT, names.id(ITEM)),
    )


def _named(bench: Bench, record: str) -> _Record:
    names = bench.namespace
    match record:
        case "lactose":
            return _Record(MasterKind.MATERIAL, names.id(ITEM))
        case "tablets":
            return _Record(MasterKind.MATERIAL, names.id(PRODUCT))
        case "starch":
            return _Record(MasterKind.MATERIAL, names.id(STARCH))
        case "the lot format of lactose":
            return _Record(MasterKind.LOT_FORMAT, names.id(ITEM))
        case "the place RACK-1":
            return _Record(MasterKind.LOCATION, names.id(STORAGE))
    return _Record(MasterKind.BOM, str(bench.the_order.order_id))


def _row(bench: Bench, role: Role, record: _Record) -> MasterDataRow:
    rows = bench.site.client(role).ask("master-data", MasterData).rows
    found = (row for row in rows if (row.kind, str(row.record_id)) == (record.kind, record.id))
    return the_only(found, f"records {record.kind} {record.id} in {role.upper()}")


def _telling(bench: Bench, to: Role, record: _Record, content: dict[str, str]) -> Draft:
    """The partner's record, as it would publish it."""
    who, station = ("quality", "QUALITY-1") if to is Role.WMS else ("the supervisor", "OFFICE-1")
    payload = MasterDataPublished(
        publication_id=Id(bench.new_id("PUBLISH")), kind=record.kind, record_id=Id(record.id),
        version=1, content=content, content_sha256=digest_of(content),
        published_by=bench.person_id(who), published_at=bench.now, station=Id(station),
    )
    return bench.counterpart(to).draft(
        "master-data-published", payload, f"master/{record.id}", bench.now
    )
