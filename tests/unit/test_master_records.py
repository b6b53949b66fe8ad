"""Records of each master as the tables hold them: canonical text, comparison, what is adopted."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest

from contracts.model.codes import Code
from contracts.model.commands import AdoptMasterData, PublishMasterRecord
from contracts.model.identifiers import Id
from contracts.model.master_data import MEMBERS, MEMBERS_MAX, TEXT_MAX, Comparison, MasterKind
from contracts.model.roles import Role
from contracts.model.stimulus import Load
from contracts.record.digests import digest_of
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.loading import load
from reference_impl.master_data import check_equal, show_master_data, uncompared
from reference_impl.master_records import all_records, content_of
from reference_impl.mes.master_data import publish_master_record
from reference_impl.records.work import Cause
from reference_impl.store.tables import bom_lines, materials, partner_records
from reference_impl.wms.master_data import adopt_master_data

LINES = [
    {"lineId": f"{n}", "materialId": "M", "quantity": {"value": "10.500", "unit": "KGM"},
     "toleranceHigh": {"value": "0.050", "unit": "KGM"}, "minimumShelfLifeDays": 30}
    for n in (10, 20)
]
SITE = {
    "materials": [
        {"materialId": "M", "description": "Lactose", "gtin": "09521000000018", "baseUnit": "KGM",
         "temperatureClass": "COLD", "hazardClasses": ["B", "A"], "stockScale": 3,
         "conversions": [{"fromUnit": "GRM", "toUnit": "KGM", "numerator": 1, "denominator": 1000}]},
        {"materialId": "PLAIN", "description": "Plain", "baseUnit": "C62"},
    ],
    "locations": [
        {"locationId": "P", "description": "Rack", "quarantine": True, "allergens": ["MILK"]},
    ],
    "orders": [
        {"orderId": "O", "bomId": "BOM", "bomVersion": 3, "lines": LINES,
         "size": {"value": "1", "unit": "C62"}},
        {"orderId": "LONG", "bomId": "BOM", "bomVersion": 4,
         "lines": [{**LINES[0], "lineId": f"{n:03d}"} for n in range(31)]},
    ],
}


@contextmanager
def loaded(role, folder):
    made = build(settings_for(role, make_identities(), folder), lambda url: None)
    with made.work(made.itself(), Cause("a test", "T-1")) as work:
        load(work, Load.model_validate_json(json.dumps(SITE)), made.accounts)
    yield made
    made.close()


@pytest.fixture(params=list(Role))
def system(request, tmp_path):
    with loaded(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def mes(tmp_path):
    with loaded(Role.MES, tmp_path) as made:
        yield made


@pytest.fixture
def wms(tmp_path):
    with loaded(Role.WMS, tmp_path) as made:
        yield made


def work_on(system):
    return system.work(system.itself(), Cause("a test", "T-1"))


def records(system):
    with system.database.reading() as connection:
        return {(kind, name): content for kind, name, content in all_records(connection)}


def test_every_record_of_every_master_is_there_in_canonical_text(system):
    held = records(system)
    assert held[MasterKind.MATERIAL, "M"] == {
        "description": "Lactose", "gtin": "09521000000018", "baseUnit": "KGM",
        "conversions": "GRM=1/1000 KGM", "stockScale": "3", "temperatureClass": "COLD",
        "hazardClasses": '["A","B"]', "issueMode": "REAL_TIME",
    }
    assert held[MasterKind.MATERIAL, "PLAIN"] == {
        "description": "Plain", "baseUnit": "C62", "issueMode": "REAL_TIME"
    }
    place = held[MasterKind.LOCATION, "P"]
    assert (place["quarantine"], place["allergens"], place["kind"]) == ("yes", '["MILK"]', "BIN")
    assert "RELEASED" not in json.loads(place["allowedStatuses"])
    assert held[MasterKind.BOM, "O"] == {
        "bomId": "BOM", "bomVersion": "3", "approved": "yes",
        "line1": "10: M 10.5 KGM +0.05 -0; 30 days", "line2": "20: M 10.5 KGM +0.05 -0; 30 days",
    }
    assert held[MasterKind.LOT_FORMAT, "M"]["siteLotCode"] == "^S[0-9]{2}[0-9A-Z]{6}[0-9A-Z*]$"
    assert {kind for kind, _ in held} == set(MasterKind)


def test_one_record_is_what_the_list_of_all_says(system):
    with system.database.reading() as connection:
        for kind, name, content in all_records(connection):
            assert content_of(connection, kind, name) == content
            assert content_of(connection, kind, "NOBODY") is None
            known = {*MEMBERS[kind], "line2", "lines"}
            assert content.keys() <= known
            assert len(content) <= MEMBERS_MAX


def test_what_is_too_long_is_a_digest(system):
    assert records(system)[MasterKind.BOM, "LONG"]["lines"].startswith("sha256:")
    classes = json.dumps([f"{n:060d}" for n in range(20)])
    with work_on(system) as work:
        work.change(materials, "M", hazard_classes=classes)
    text = records(system)[MasterKind.MATERIAL, "M"]["hazardClasses"]
    assert text == f"sha256:{digest_of(classes.replace(', ', ','))}"
    assert len(text) <= TEXT_MAX


def test_a_changed_line_of_a_bill_is_a_difference_that_is_named(system):
    with work_on(system) as work:
        partner = {**content_of(work.connection, MasterKind.BOM, "O"), "line2": "20: M 11 KGM"}
        work.create(
            partner_records, kind="BOM", record_id="O", version=1, content=json.dumps(partner),
            content_sha256=digest_of(partner), differs="line2",
        )
        refusal = check_equal(work, "O", "orderId", MasterKind.BOM)
        assert (refusal.code, refusal.path) == (Code.MASTER_DATA_DIFFERS, "orderId")
        assert check_equal(work, "O", "orderId", MasterKind.LOCATION) is None
    with system.database.reading() as connection:
        rows = show_master_data(connection, system.settings, 0).rows
    shown = {(row.kind, row.record_id): row for row in rows}
    assert shown[MasterKind.BOM, "O"].differs == ("line2",)
    assert shown[MasterKind.BOM, "LONG"].comparison is Comparison.UNCOMPARED


@pytest.mark.parametrize("kind", list(MasterKind))
def test_what_is_published_waits_for_its_answer_and_what_is_not_known_is_refused(mes, kind):
    name = {MasterKind.LOCATION: "P", MasterKind.BOM: "O"}.get(kind, "M")
    body = PublishMasterRecord(publication_id=Id("X1"), kind=kind, record_id=Id("NOBODY"))
    with work_on(mes) as work:
        refusal = publish_master_record(work, body)
        assert (refusal.code, refusal.path) == (Code.UNKNOWN_MASTER_RECORD, "recordId")
        assert publish_master_record(work, body.model_copy(update={"record_id": Id(name)})) is None
        assert uncompared(work) == []
        work.now += timedelta(seconds=work.settings.watch.queue_age_max_s + 1)
        assert uncompared(work) == [f"{kind} {name}"]


@pytest.mark.parametrize(
    ("member", "text"),
    [
        ("temperatureClass", "LUKEWARM"), ("gtin", "09521000000019"), ("description", ""),
        ("description", "x" * 201), ("conversions", "GRM"), ("conversions", "GRM=1/0 KGM"),
        ("potencyBasis", "WET"), ("hazardClasses", "A"), ("hazardClasses", '{"A": 1}'),
        ("hazardClasses", "[1]"), ("allergens", '["a b"]'), ("allergens", "[" * 490),
        ("allergens", f"sha256:{'0' * 64}"), ("issueMode", "BY_HAND"),
    ],
)
def test_what_cannot_be_read_is_not_adopted(wms, member, text):
    body = AdoptMasterData(adoption_id=Id("A"), material_id=Id("M"), reason="as published")
    with work_on(wms) as work:
        before = content_of(work.connection, MasterKind.MATERIAL, "M")
        content = json.dumps({**before, member: text})
        work.create(
            partner_records, kind="MATERIAL", record_id="M", version=1, content=content,
            content_sha256="0" * 64, differs=member,
        )
        refusal = adopt_master_data(work, body)
        assert (refusal.code, refusal.detail) == (Code.MASTER_DATA_UNREADABLE, member)
        assert content_of(work.connection, MasterKind.MATERIAL, "M") == before


def test_every_member_that_can_be_read_is_adopted(wms):
    told = {
        "description": "Another", "gtin": "09521000000025", "baseUnit": "KGM", "stockScale": "3",
        "conversions": "GRM=1/1000 KGM; LTR=3/2 KGM", "potencyBasis": "AS_IS",
        "temperatureClass": "FROZEN", "hazardClasses": '["C"]', "allergens": '["MILK"]',
        "issueMode": "BACKFLUSH",
    }
    with work_on(wms) as work:
        work.create(
            partner_records, kind="MATERIAL", record_id="M", version=1, content=json.dumps(told),
            content_sha256=digest_of(told), differs="gtin",
        )
        body = AdoptMasterData(adoption_id=Id("A"), material_id=Id("M"), reason="as published")
        assert adopt_master_data(work, body) is None
        assert content_of(work.connection, MasterKind.MATERIAL, "M") == told
        assert check_equal(work, "M", "scan") is None


def test_lines_are_compared_in_the_order_of_their_ids(system):
    with work_on(system) as work:
        work.change(bom_lines, "O", "10", quantity="10.5")
        assert content_of(work.connection, MasterKind.BOM, "O")["line1"].startswith("10: M 10.5 ")
