"""B2MML against what others made: the official schemas, real weighing messages, the code list.

The data is not part of this repository; without it these tests are skipped and say so.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from contracts.formats.b2mml import as_v0701, confirmation, read_transaction, write_transaction
from contracts.formats.b2mml_checks import check_b2mml
from contracts.formats.b2mml_messages import to_b2mml
from contracts.formats.b2mml_objects import ApplicationArea, Description, Sender, Version
from contracts.formats.b2mml_places import PLACES
from contracts.formats.b2mml_rules import Rule
from contracts.formats.findings import Severity
from contracts.formats.unit_codes import CodeStatus, status_of
from contracts.formats.xml_elements import read_xml
from contracts.formats.xml_instants import is_instant
from contracts.model.messages import MESSAGES
from contracts.model.quantities import Unit

GOLDEN = Path(__file__).parents[2] / "contracts" / "published" / "v1" / "golden"
XSD = "{http://www.w3.org/2001/XMLSchema}"


@pytest.fixture(scope="module")
def schemas(shared_data):
    folder = shared_data / "b2mml" / "Schema"
    if not folder.is_dir():
        pytest.skip(f"no B2MML schemas at {folder}")
    return folder


@pytest.fixture(scope="module")
def schema(schemas):
    return etree.XMLSchema(etree.parse(str(schemas / "AllSchemas.xsd")))


@pytest.fixture(scope="module")
def courbon(shared_data):
    folder = shared_data / "b2mml" / "Examples" / "Courbon_B2MML_v0401_Example_XML_Files"
    if not folder.is_dir():
        pytest.skip(f"no weighing messages at {folder}")
    return {path.name[:3]: path.read_bytes() for path in sorted(folder.glob("*.xml"))}


def messages():
    by_type = {message.type: message for message in MESSAGES.values()}
    for path in sorted(GOLDEN.glob("*-accepted*.json")):
        for step in json.loads(path.read_text())["steps"]:
            message = by_type[step["body"]["type"]]
            if message.name in PLACES:
                yield path.stem, message.envelope.from_json(step["body"])


def test_what_we_write_is_valid_against_the_official_schema(schema):
    written = [(name, write_transaction(to_b2mml(message))) for name, message in messages()]
    assert len(written) >= 50
    for name, raw in written:
        assert schema.validate(etree.fromstring(raw)), (name, schema.error_log)


def test_a_confirmation_is_valid_against_the_official_schema(schema):
    _, message = next(messages())
    area = ApplicationArea(Sender(logical_id="B"), "2026-01-01T00:00:00Z", "1")
    schema.assertValid(etree.fromstring(write_transaction(confirmation(to_b2mml(message), area))))


def test_the_schema_would_say_no(schema):
    """The control of the two tests above."""
    _, message = next(messages())
    raw = write_transaction(to_b2mml(message)).replace(b"Inventory<", b"Stock<")
    assert not schema.validate(etree.fromstring(raw))


def test_every_time_of_the_schemas_is_judged_as_one(schemas):
    names = {
        element.get("name")
        for path in schemas.glob("B2MML*.xsd")
        for element in etree.parse(str(path)).iter(XSD + "element")
        if element.get("type") == "DateTimeType" and element.get("name")
    }
    odd = {"OffsetTime", "TimeValue", "StartCondition"}  # may hold other things in older versions
    assert {name for name in names - odd if not is_instant(name)} == set()
    assert len(names) > 20


def test_the_messages_of_a_weighing_centre_are_read(courbon):
    read = {name: read_transaction(data) for name, data in courbon.items()}
    assert {t.version for t in read.values()} == {Version.V0401}
    part = read["INV"].nouns[0].material_lot[0].material_sub_lot[0]
    assert (part.id, part.status, part.quantity[0].quantity_string) == ("CRBN0001_LOT01_01", "NotValid", "24.910")
    schedule = read["PRO"].nouns[0].operations_request[0].segment_requirement[0]
    weighing = schedule.segment_requirement_child[0]
    assert weighing.process_segment_id == "Weighing"
    assert [r.storage_location.location for r in weighing.material_requirement] == ["BOX3", "BOX1", "BOX3", "BOX4"]


WEIGHING = ("INV", "LOT", "MAT", "PES", "PRO")


def said_in(data):
    """Every text and every attribute of the data area, as often as it stands there."""
    area = next(child for child in read_xml(data).children if child.name == "DataArea")
    texts = [one.text.strip() for one in area.every()]
    return Counter(text for text in texts if text) + Counter(
        value for one in area.every() for value in one.attributes.values())


@pytest.mark.parametrize("name", WEIGHING)
def test_a_message_of_a_weighing_centre_is_valid_in_the_new_version(courbon, schema, name):
    schema.assertValid(etree.fromstring(write_transaction(read_transaction(courbon[name]))))


@pytest.mark.parametrize("name", WEIGHING)
def test_a_message_of_a_weighing_centre_survives_being_written(courbon, name):
    read = read_transaction(courbon[name])
    again = read_transaction(write_transaction(read))
    assert again == as_v0701(read)
    assert write_transaction(again) == write_transaction(read)


@pytest.mark.parametrize("name", WEIGHING)
def test_nothing_that_a_weighing_centre_says_is_lost(courbon, name):
    data = courbon[name]
    assert said_in(data) - said_in(write_transaction(read_transaction(data))) == Counter()
    assert Rule.NOT_READ not in {f.rule for f in check_b2mml({name: data})[name]}


@pytest.mark.parametrize(
    ("name", "at", "lost"),
    [
        ("PRO", b"<ProcessSegmentID>Weighing", b"<Duration>PT5M</Duration>"),
        ("PES", b"<MaterialUse>", b"<SpatialDefinition><Value>7</Value></SpatialDefinition>"),
        ("MAT", b"<MaterialDefinitionProperty>\r\n        <ID>Hazard", b"<HierarchyScope><a>1</a></HierarchyScope>"),
        ("LOT", b"<Status>", b"<AssemblyLot><ID>OTHER</ID></AssemblyLot>"),
        ("INV", b"<Quantity>", b"<TestSpecificationID>T</TestSpecificationID>"),
    ],
)
def test_what_would_be_lost_is_told(courbon, name, at, lost):
    """The control of the test above: what our objects do not hold is gone, and the lint says so."""
    at = at if at in courbon[name] else at.replace(b"\r\n", b"\n")
    assert at in courbon[name]
    data = courbon[name].replace(at, lost + at, 1)
    gone = said_in(data) - said_in(write_transaction(read_transaction(data)))
    assert sum(gone.values()) == 1
    (told,) = [f for f in check_b2mml({name: data})[name] if f.rule is Rule.NOT_READ]
    assert told.severity is Severity.NOTICE
    assert lost.partition(b">")[0].decode()[1:] in told.what


def test_words_and_ids_of_a_weighing_centre_are_kept(courbon):
    made = read_transaction(write_transaction(read_transaction(courbon["MAT"]))).nouns[0]
    assert made.description == (Description("Product Courbon0001", "Z"),)
    schedule = read_transaction(write_transaction(read_transaction(courbon["PRO"]))).nouns[0]
    assert (schedule.id, schedule.operations_request[0].id) == ("258456", "258456")
    final = schedule.operations_request[0].segment_requirement[0]
    assert final.material_requirement[0].description == (Description("Final 1215", "F"),)
    weighing = final.segment_requirement_child[0]
    assert [p.id for p in weighing.segment_parameter] == ["Center"]
    assert [r.id for r in weighing.material_requirement] == ["1", "2", "3", "4"]
    performance = read_transaction(write_transaction(read_transaction(courbon["PES"]))).nouns[0]
    assert (performance.id, performance.operations_response[0].id) == ("53107", "53107")


def test_what_the_new_version_wants_of_a_weighing_centre_is_told(courbon):
    said = {
        name: f.what for name, each in check_b2mml(courbon).items()
        for f in each if f.rule is Rule.WANTED_BY_V0701
    }
    assert said == {
        "PES": "1 of MaterialActual/ID, 1 of OperationsPerformance/ID",
        "PRO": "7 of MaterialRequirement/ID, 1 of OperationsSchedule/ID, 2 of SegmentRequirement/ID, "
        "3 of SegmentRequirement/OperationsDefinitionID, 3 of SegmentRequirement/OperationsSegmentID, "
        "1 of SegmentRequirement/ProcessSegmentID",
    }


def findings(courbon):
    return {(name, f.rule): f for name, found in check_b2mml(courbon).items() for f in found}


def test_the_defects_of_a_weighing_centre_are_found(courbon):
    found = findings(courbon)
    assert {(n, r) for (n, r), f in found.items() if f.severity is Severity.ERROR} == {
        ("INV", Rule.NOTHING_ACKNOWLEDGED), ("INV", Rule.UNIT_DELETED), ("MAT", Rule.UNIT_DELETED),
        ("PES", Rule.UNIT_DELETED), ("PES", Rule.TIME_FRACTION_TOO_LONG),
        ("PRO", Rule.UNIT_DELETED), ("PRO", Rule.SSCC_CHECK_DIGIT),
    }
    assert "(keg)" in found["INV", Rule.UNIT_DELETED].what
    assert "412345670021003212: the check digit is 2, expected 5" in found["PRO", Rule.SSCC_CHECK_DIGIT].what
    assert "2012-11-29T11:58:25.3149559+01:00" in found["PES", Rule.TIME_FRACTION_TOO_LONG].what
    assert "none of 5 messages" in found["INV", Rule.NOTHING_ACKNOWLEDGED].what


def test_a_stricter_sublot_is_a_notice(courbon):
    finding = findings(courbon)["INV", Rule.LOT_SUBLOT_STATUS]
    assert finding.severity is Severity.NOTICE
    assert "'NotValid'" in finding.what
    assert "'Valid' in LOT" in finding.what


def test_a_mended_weighing_centre_has_notices_only(courbon):
    """Each defect mended by hand: nothing is called an error that is none."""
    mended = {
        name: data.replace(b">KG<", b">KGM<").replace(b"412345670021003212", b"412345670021003215")
        .replace(b"3149559", b"314955")
        for name, data in courbon.items()
    }
    for name, data in mended.items():
        assert {f.severity for f in check_b2mml({name: data})[name]} <= {Severity.NOTICE}


def test_our_code_list_is_that_of_the_recommendation(shared_data):
    path = shared_data / "uom" / "rec20-units-of-measure-datasets.csv"
    if not path.exists():
        pytest.skip(f"no code list at {path}")
    expected = {"X": CodeStatus.DELETED, "D": CodeStatus.DEPRECATED}
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) > 2000
    for row in rows:
        wanted = expected.get(row["Status"], CodeStatus.ACTIVE)
        assert status_of(row["CommonCode"]) is wanted, row
    assert {status_of(unit) for unit in Unit} == {CodeStatus.ACTIVE}
