"""Master data: published by MES, compared by the warehouse; and codes that nobody defined."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import Acknowledgement, CommandAnswer
from contracts.model.commands import AdoptMasterData, MaterialChange, PublishMasterData
from contracts.model.identifiers import Id
from contracts.model.inspection import Lots
from contracts.model.inspection_reconciling import MasterData, MasterDataRow
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.master_data import Comparison, MasterKind
from contracts.model.messages.lot_status import LotStatusChanged
from contracts.model.messages.master_data import MasterDataPublished
from contracts.model.messages.picks import PickLine, PickRequested
from contracts.model.quantities import Unit
from contracts.model.roles import Role
from contracts.model.segregation import TemperatureClass
from contracts.model.stimulus import Load, Material
from contracts.model.units import PotencyBasis, UnitFactor
from contracts.record.digests import digest_of
from features.bench import ITEM, OTHER_ITEM, STAGING, UNIT, Bench
from features.claims import equal, the_only
from features.steps.words import LETTER, quantity_of
from simulator.counterpart import Draft

_PIECES = UnitFactor(
    from_unit=Unit.EACH, to_unit=Unit.KILOGRAM, numerator=25, denominator=3
)
# Another value of each member than lactose has.
_OTHER = {"baseUnit": "LTR", "stockScale": "2", "potencyBasis": "ANHYDROUS"}
_REASON = "aligned with the supplier's specification"

# --- publishing and taking over -----------------------------------------------------------------


@given(parsers.re(
    r"quality has published lactose (?P<how>as it is|with another description|"
    r"with another gtin|with its first description)"
))
def has_published(bench: Bench, how: str) -> None:
    """Both systems know the publication."""
    names = bench.namespace
    changes = {
        "with another description": MaterialChange(
            description="Lactose, another grade", reason=_REASON
        ),
        "with its first description": MaterialChange(description=ITEM.title(), reason=_REASON),
        "with another gtin": MaterialChange(gtin=names.gtin(OTHER_ITEM), reason=_REASON),
    }
    body = PublishMasterData(
        publication_id=Id(bench.new_id("PUBLISH")), material_id=Id(names.id(ITEM)),
        change=changes.get(how),
    )
    bench.prepare("quality", "publish-master-data", body)
    bench.deliver()
    bench.recorder.observe(f"publication {body.publication_id}: {how}")


@given("the supervisor has taken over what was published of lactose")
def has_adopted(bench: Bench) -> None:
    """The warehouse's record is MES's again."""
    body = AdoptMasterData(
        adoption_id=Id(bench.new_id("ADOPT")), material_id=Id(bench.namespace.id(ITEM)),
        reason=_REASON,
    )
    attempt = bench.prepare("the supervisor", "adopt-master-data", body)
    bench.deliver()
    bench.recorder.observe(f"adoption: {attempt.answer.as_(CommandAnswer).status}")


@given(
    "lactose is kept cold for 730 days, is corrosive, has lupin in it, and may be given in pieces"
)
def lactose_with_classes(bench: Bench) -> None:
    """Loaded into both systems before the scenario's items, which are not loaded over it."""
    names = bench.namespace
    bench.site.load(Load(materials=(Material.model_validate({
        "material_id": names.id(ITEM), "description": ITEM.title(), "gtin": names.gtin(ITEM),
        "base_unit": UNIT, "potency_basis": PotencyBasis.AS_IS,
        "temperature_class": TemperatureClass.COLD, "hazard_classes": (Id("corrosive"),),
        "allergens": (Id("lupin"),), "conversions": (_PIECES,), "stock_scale": 3,
        "shelf_life_days": 730,
    }),)))
    bench.recorder.observe(f"{names.id(ITEM)} has classes and a conversion in both systems")


@given(parsers.re(
    r"the MES counterpart has published lactose (?P<how>with another|without its) "
    r"(?P<field>[a-zA-Z]+)"
))
def counterpart_has_published(bench: Bench, how: str, field: str) -> None:
    """All that the warehouse shows of it, but one member."""
    shown = _row(bench, Role.WMS).content
    equal(field in shown, True, f"the warehouse shows {field}")
    other = {**shown, field: _OTHER.get(field, "")}
    if how == "without its":
        del other[field]
    draft, publication = _publication(bench, other, None)
    attempt = bench.send_unseen(Role.WMS, draft, publication)
    attempt.answer.as_(Acknowledgement)
    bench.recorder.observe(f"{field} is {shown[field]}, published {other.get(field, 'none')}")


@when("the MES counterpart publishes lactose with the digest of something else")
def publishes_wrong_digest(bench: Bench) -> None:
    """A content that was changed on its way, or a digest that was never computed."""
    names = bench.namespace
    content = {"baseUnit": UNIT.value, "description": ITEM.title(), "gtin": str(names.gtin(ITEM))}
    draft, publication = _publication(bench, content, digest_of({"something": "else"}))
    _send(bench, draft, publication)


@then(parsers.re(r"both systems show lactose as (?P<state>[A-Z]+) with one digest"))
def both_show_one_digest(bench: Bench, state: str) -> None:
    """Both compare alike, and the judge compares their digests once more."""
    rows = {role: _row(bench, role) for role in Role}
    for role, row in rows.items():
        bench.recorder.observe(f"{role.upper()}: {row.comparison}, {row.content_sha256[:16]}…")
        equal(row.comparison, Comparison(state), f"comparison in {role.upper()}")
        equal(digest_of(row.content), row.content_sha256, "digest of the content shown")
    equal(rows[Role.WMS].content_sha256, rows[Role.MES].content_sha256, "digests")
    equal(rows[Role.WMS].content, rows[Role.MES].content, "contents")


@then(parsers.re(r"the refusal names the field (?P<field>[a-zA-Z0-9]+) and no other"))
def refusal_names(bench: Bench, field: str) -> None:
    """The detail says which member differs."""
    detail = bench.last.refusal.detail
    bench.recorder.observe(detail)
    equal(detail.rpartition(": ")[2].split(","), [field], "members named")


def _publication(
    bench: Bench, content: dict[str, str], digest: str | None
) -> tuple[Draft, str]:
    """A message about lactose with this content; its own digest where none is given."""
    names, publication = bench.namespace, bench.new_id("PUBLISH")
    payload = MasterDataPublished(
        publication_id=Id(publication), kind=MasterKind.MATERIAL, record_id=Id(names.id(ITEM)),
        version=1, content=content, content_sha256=digest or digest_of(content),
        published_by=bench.person_id("quality"), published_at=bench.now,
        station=Id("QUALITY-1"),
    )
    draft = bench.counterpart(Role.WMS).draft(
        "master-data-published", payload, f"master/{names.id(ITEM)}", bench.now
    )
    return draft, publication


def _row(bench: Bench, role: Role) -> MasterDataRow:
    wanted = bench.namespace.id(ITEM)
    rows = bench.site.client(role).ask("master-data", MasterData).rows
    found = (
        row for row in rows if (row.kind, row.record_id) == (MasterKind.MATERIAL, wanted)
    )
    return the_only(found, f"records of {wanted} in {role.upper()}")


# --- codes --------------------------------------------------------------------------------------


@when(parsers.re(
    rf"the MES counterpart sends a hold of lot {LETTER} with the (?P<member>status|reason) "
    r"(?P<code>\S+)"
))
def sends_hold_with(bench: Bench, letter: str, member: str, code: str) -> None:
    """A hold in the words of the dictionary, or in others."""
    names, change_id = bench.namespace, bench.new_id("CHANGE")
    lot_id = bench.lots[letter].lot_id
    payload = LotStatusChanged(
        change_id=Id(change_id), lot_id=Id(lot_id), material_id=Id(names.id(ITEM)),
        from_status=LotStatus.RELEASED, to_status=LotStatus.BLOCKED,
        reason_code=StatusReason.QUALITY_DECISION, reason="Decided on the bench",
        decided_by=bench.person_id("quality"), decided_at=bench.now,
        effective_at=bench.now, station=Id("QUALITY-1"),
    )
    draft = bench.counterpart(Role.WMS).draft(
        "lot-status-changed", payload, f"lot/{lot_id}", bench.now
    )
    name = {"status": "toStatus", "reason": "reasonCode"}[member]
    _send(bench, draft.changed({name: code}), change_id)


@when(parsers.re(r"the MES counterpart sends a pick request in the unit (?P<unit>\S+)"))
def sends_in_unit(bench: Bench, unit: str) -> None:
    """A request that is right in all but its unit."""
    order, names = bench.the_order, bench.namespace
    bench.request_id = bench.new_id("REQ")
    line = PickLine.model_validate({
        "line_id": "10", "material_id": names.id(ITEM),
        "quantity": {"value": f"{order.quantity:f}", "unit": UNIT},
        "tolerance_high": quantity_of("0.050"),
    })
    payload = PickRequested(
        request_id=Id(bench.request_id), order_id=Id(order.order_id), bom_id=Id(order.bom_id),
        bom_version=order.version, to_location=Id(names.id(STAGING)), needed_by=bench.now,
        requested_by=bench.person_id("production"), station=Id("PLANNING-1"),
        lines=(line,),
    )
    draft = bench.counterpart(Role.WMS).draft(
        "pick-requested", payload, f"order/{bench.request_id}", bench.now
    )
    shown = line.to_json()
    shown["quantity"] = {"value": f"{order.quantity:f}", "unit": unit}
    _send(bench, draft.changed({"lines": [shown]}), bench.request_id)


@then(parsers.re(rf"the warehouse shows lot {LETTER} as (?P<status>[A-Z]+)"))
def warehouse_shows(bench: Bench, letter: str, status: str) -> None:
    """What the message said, word for word."""
    rows = bench.site.client(Role.WMS).ask("lots", Lots).rows
    shown = [row.status for row in rows if row.lot_id == bench.lots[letter].lot_id]
    bench.recorder.observe(f"WMS: lot {letter} is {', '.join(shown)}")
    equal(shown, [LotStatus(status)], f"status of lot {letter}")


def _send(bench: Bench, draft: Draft, event: str) -> None:
    attempt = bench.send(Role.WMS, draft, event)
    bench.recorder.observe(f"{draft.message} {draft.key}: {attempt.answer}")
