"""Our messages as B2MML and back; foreign B2MML of two versions as values; XML read strictly."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from contracts.formats.b2mml import (
    NotB2mml,
    as_v0701,
    confirmation,
    read_transaction,
    verb_of,
    write_transaction,
)
from contracts.formats.b2mml_checks import check_b2mml
from contracts.formats.b2mml_messages import NotOurMessage, from_b2mml, to_b2mml
from contracts.formats.b2mml_objects import (
    ApplicationArea,
    Description,
    MaterialActual,
    MaterialLot,
    OperationsPerformance,
    OperationsResponse,
    OperationsSchedule,
    Parameter,
    Property,
    Quantity,
    ResourceLocation,
    SegmentResponse,
    Sender,
    Transaction,
    Value,
    Verb,
    Version,
)
from contracts.formats.b2mml_older import completed
from contracts.formats.b2mml_places import LOT_STATUS, PLACES
from contracts.formats.xml_elements import XmlElement, XmlUnwritable, read_xml, write_xml
from contracts.model.identifiers import Id, Sscc
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES

GOLDEN = Path(__file__).parents[2] / "contracts" / "published" / "v1" / "golden"
LINK = {"link-heartbeat", "message-settled", "message-discarded", "scan-recorded"}
_BY_TYPE = {message.type: message for message in MESSAGES.values()}


def golden_messages():
    """Every accepted message of the published contract, by name and step."""
    for path in sorted(GOLDEN.glob("*-accepted*.json")):
        for number, step in enumerate(json.loads(path.read_text())["steps"]):
            body = step.get("body")
            if isinstance(body, dict):
                message = _BY_TYPE[body["type"]]
                yield pytest.param(message, body, id=f"{path.stem}-{number}")


def a_message(name):
    found = [p for p in golden_messages() if p.values[0].name == name]
    plain = [p for p in found if p.id == f"{name}-accepted-0"] or found
    message, body = plain[0].values
    return message.envelope.from_json(body)


IN_SCOPE = [p for p in golden_messages() if p.values[0].name not in LINK]


def test_every_message_has_a_mapping_or_is_about_the_link():
    assert set(PLACES) == set(MESSAGES) - LINK
    assert {p.values[0].name for p in IN_SCOPE} == set(PLACES)


@pytest.mark.parametrize(("message", "body"), IN_SCOPE)
def test_a_message_comes_back_without_loss(message, body):
    sent = message.envelope.from_json(body)
    raw = write_transaction(to_b2mml(sent))
    back = from_b2mml(read_transaction(raw))
    assert back == sent
    assert back.to_json() == sent.to_json()


@pytest.mark.parametrize(("message", "body"), IN_SCOPE)
def test_what_we_write_has_no_finding_but_that_its_answer_is_elsewhere(message, body):
    sent = to_b2mml(message.envelope.from_json(body))
    area = ApplicationArea(Sender(logical_id="urn:example:b"), "2026-03-31T08:00:01Z", "A-1")
    documents = {
        "message": write_transaction(sent), "answer": write_transaction(confirmation(sent, area)),
    }
    found = check_b2mml(documents)
    assert [str(f) for findings in found.values() for f in findings] == []


@pytest.mark.parametrize("name", sorted(LINK))
def test_what_is_about_the_link_is_no_transaction(name):
    with pytest.raises(NotOurMessage, match="no transaction"):
        to_b2mml(a_message(name))


def test_text_keeps_its_white_space_and_its_odd_letters():
    sent = a_message("lot-status-changed")
    reason = "  <two> & \"three\"\n\tlines\r\n ]]> é 批 '  "
    sent = sent.model_copy(update={"data": sent.data.model_copy(update={"reason": reason})})
    assert from_b2mml(read_transaction(write_transaction(to_b2mml(sent)))) == sent


def test_text_that_xml_cannot_carry_is_not_written():
    sent = a_message("lot-status-changed")
    sent = sent.model_copy(update={"data": sent.data.model_copy(update={"reason": "a\x00b"})})
    with pytest.raises(XmlUnwritable, match=r"U\+0000"):
        write_transaction(to_b2mml(sent))


def test_members_stand_where_isa_95_has_them():
    issued = to_b2mml(a_message("material-issued"))
    noun = issued.nouns[0]
    assert isinstance(noun, OperationsPerformance)
    segment = noun.operations_response[0].segment_response[0]
    assert issued.verb is Verb.PROCESS
    assert issued.reply_code == "Always"
    assert noun.operations_type == "Production"
    assert [(p.personnel_use, p.person_id) for p in segment.personnel_actual] == [
        ("performed", ("p.dispenser",)), ("verified", ("p.dispenser-2",)),
    ]
    assert ("scale", ("SCALE-1",)) in [(e.equipment_use, e.equipment_id) for e in segment.equipment_actual]
    data = {p.id: p.value[0] for p in segment.segment_data}
    assert (data["weighing/gross"].value_string, data["weighing/gross"].unit_of_measure) == ("10.450", "KGM")
    assert segment.material_actual[0].material_use == "Consumed"
    assert segment.material_actual[0].quantity == (Quantity("10.000", "decimal", "KGM"),)


def test_a_pick_moves_material_from_place_to_place():
    segment = to_b2mml(a_message("pick-confirmed")).nouns[0].operations_response[0].segment_response[0]
    uses = [(a.material_use, a.storage_location.location.split("-")[0]) for a in segment.material_actual]
    assert uses == [("Material Consumed", "RACK"), ("Material Produced", "STAGING")]


def test_a_request_is_a_schedule_and_its_cancellation_cancels_it():
    requested, cancelled = to_b2mml(a_message("pick-requested")), to_b2mml(a_message("pick-cancelled"))
    assert isinstance(requested.nouns[0], OperationsSchedule)
    assert requested.verb is Verb.PROCESS
    assert cancelled.verb is Verb.CANCEL
    assert requested.nouns[0].operations_type == "Inventory"


def test_an_aggregation_is_an_assembly():
    actual = (
        to_b2mml(a_message("unit-aggregated")).nouns[0].operations_response[0]
        .segment_response[0].material_actual[0]
    )
    assert (actual.assembly_type, actual.assembly_relationship) == ("Physical", "Transient")
    assert len(actual.assembly_actual) == 1


@pytest.mark.parametrize("status", LotStatus)
def test_each_status_of_a_lot_has_its_words(status):
    sent = a_message("lot-status-changed")
    sent = sent.model_copy(update={"data": sent.data.model_copy(update={"to_status": status})})
    noun = to_b2mml(sent).nouns[0]
    assert isinstance(noun, MaterialLot)
    assert (noun.status, noun.disposition) == LOT_STATUS[status]
    assert from_b2mml(to_b2mml(sent)).data.to_status is status


def with_segment(transaction, **changes):
    """The transaction with another segment."""
    noun = transaction.nouns[0]
    response = noun.operations_response[0]
    segment = replace(response.segment_response[0], **changes)
    response = replace(response, segment_response=(segment,))
    return replace(transaction, nouns=(replace(noun, operations_response=(response,)),))


def test_a_transaction_that_contradicts_itself_is_refused():
    sent = to_b2mml(a_message("pick-confirmed"))
    actuals = sent.nouns[0].operations_response[0].segment_response[0].material_actual
    other = replace(actuals[1], quantity=(Quantity("9.000", "decimal", "KGM"),))
    with pytest.raises(NotOurMessage, match=r"quantity is '10\.000' and '9\.000'"):
        from_b2mml(with_segment(sent, material_actual=(actuals[0], other)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: replace(t, nouns=()), "not the one"),
        (lambda t: replace(t, nouns=t.nouns * 2), "not the one"),
        (lambda t: replace(t, nouns=(MaterialLot(id="L"),)), "not the one"),
        (lambda t: replace(t, area=ApplicationArea()), "no message of the contract"),
        (lambda t: replace(t, area=replace(t.area, bodid=None)), "id"),
        (lambda t: with_segment(t, segment_data=()), "subject"),
        (lambda t: with_segment(t, material_actual=()), "Field required"),
        (lambda t: replace(t, nouns=(replace(t.nouns[0], operations_response=()),)), "0 parts"),
    ],
)
def test_a_transaction_that_is_not_ours_is_refused(change, reason):
    with pytest.raises(NotOurMessage, match=reason):
        from_b2mml(change(to_b2mml(a_message("pick-confirmed"))))


@pytest.mark.parametrize(
    "path", ["lot/x", "quantity/x/y", "a/b/c/d/e/f/g/h/i/j/k", "", "/", "envelope", "envelope/x", "0", "lot/0"]
)
def test_an_odd_property_is_refused_not_crashed(path):
    sent = to_b2mml(a_message("pick-confirmed"))
    data = sent.nouns[0].operations_response[0].segment_response[0].segment_data
    with pytest.raises(NotOurMessage):
        from_b2mml(with_segment(sent, segment_data=(*data, replace(data[0], id=path))))
    with pytest.raises(NotOurMessage):
        from_b2mml(with_segment(sent, segment_data=(replace(data[0], id=path), *data)))


def test_a_status_that_contradicts_its_disposition_is_refused():
    sent = to_b2mml(a_message("lot-status-changed"))
    noun = replace(sent.nouns[0], disposition="UnRestricted")
    with pytest.raises(NotOurMessage, match="disposition"):
        from_b2mml(replace(sent, nouns=(noun,)))


OLD = """<SyncProductionPerformance xmlns="http://www.wbf.org/xml/B2MML-V0401">
<ApplicationArea><CreationDateTime>2026-01-01T00:00:00Z</CreationDateTime></ApplicationArea>
<DataArea><Sync/><ProductionPerformance><ProductionResponse><ID>1</ID>
<ProductionRequestID>ORDER</ProductionRequestID>
<SegmentResponse><ID>outer</ID><SegmentResponse><ID>inner</ID>
<MaterialActual><MaterialDefinitionID>M</MaterialDefinitionID>
<Location><EquipmentID>BOX1</EquipmentID><EquipmentElementLevel>WorkCell</EquipmentElementLevel></Location>
<Quantity><QuantityString>1.5</QuantityString><UnitOfMeasure>KGM</UnitOfMeasure></Quantity>
</MaterialActual></SegmentResponse></SegmentResponse></ProductionResponse></ProductionPerformance>
</DataArea></SyncProductionPerformance>"""


def test_the_older_version_is_read_as_the_same_objects():
    read = read_transaction(OLD.encode())
    assert read.version is Version.V0401
    response = read.nouns[0].operations_response[0]
    assert response.operations_request_id == ("ORDER",)
    actual = response.segment_response[0].segment_response_child[0].material_actual[0]
    assert actual.storage_location == ResourceLocation("BOX1", "WorkCell")
    assert actual.quantity == (Quantity("1.5", None, "KGM"),)
    again = read_transaction(write_transaction(read))
    assert again == as_v0701(read)
    assert as_v0701(again) is again
    performance = again.nouns[0]
    assert (performance.id, performance.operations_response[0].id) == ("1", "1")
    inner = performance.operations_response[0].segment_response[0].segment_response_child[0]
    assert (inner.id, inner.material_actual[0].id) == ("inner", "1")
    assert replace(inner.material_actual[0], id=None) == actual


def test_an_id_that_nobody_gave_is_the_place_and_never_one_that_is_taken():
    given = (MaterialActual(), MaterialActual(id="1"), MaterialActual(), MaterialActual(id="6"))
    segment = SegmentResponse(id="S", material_actual=given)
    noun = OperationsPerformance(operations_response=(OperationsResponse(id="R-7", segment_response=(segment,)),))
    whole = completed(noun)
    assert whole.id == "R-7"
    made = whole.operations_response[0].segment_response[0].material_actual
    assert [one.id for one in made] == ["5", "1", "3", "6"]
    assert completed(whole) == whole


def test_a_message_of_the_new_version_is_not_completed():
    noun = OperationsPerformance(id="P", operations_response=(OperationsResponse(),))
    area = ApplicationArea(None, "2026-01-01T00:00:00Z")
    sent = Transaction(Verb.SYNC, area, (noun,))
    assert read_transaction(write_transaction(sent)) == sent


def test_a_description_keeps_its_words_and_its_language():
    words = (Description(" Träger <0.5 kg> ", "de"), Description("carrier"))
    noun = MaterialLot(id="L", description=words, material_lot_property=(Property("P", description=words),))
    sent = Transaction(Verb.SYNC, ApplicationArea(None, "2026-01-01T00:00:00Z"), (noun,))
    assert read_transaction(write_transaction(sent)) == sent


def test_a_code_beside_its_list_travels_as_another_value():
    place = ResourceLocation("BOX1", "WorkCell")
    noun = MaterialLot(id="L", storage_location=place)
    sent = Transaction(Verb.SYNC, ApplicationArea(None, "2026-01-01T00:00:00Z"), (noun,))
    raw = write_transaction(sent)
    assert b'<LocationType OtherValue="WorkCell">Other</LocationType>' in raw
    assert read_transaction(raw) == sent


def test_parameters_are_read_out_of_what_the_older_version_wraps_them_in():
    text = OLD.replace("ProductionPerformance", "ProductionSchedule").replace("Response", "Request")
    text = text.replace("SegmentRequest>", "SegmentRequirement>").replace(
        "<ID>outer</ID>",
        "<ID>outer</ID><ProductionParameter><Parameter><ID>Center</ID><Value><ValueString>3</ValueString>"
        "</Value></Parameter></ProductionParameter>",
    )
    segment = read_transaction(text.encode()).nouns[0].operations_request[0].segment_requirement[0]
    assert segment.segment_parameter == (Parameter("Center", (Value("3"),)),)


def test_a_place_may_be_plain_text():
    text = OLD.replace(OLD[OLD.index("<Location>"):OLD.index("<Quantity>")], "<StorageLocation>BIN</StorageLocation>")
    response = read_transaction(text.encode()).nouns[0].operations_response[0]
    actual = response.segment_response[0].segment_response_child[0].material_actual[0]
    assert actual.storage_location == ResourceLocation("BIN")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("B2MML-V0401", "B2MML-V9999", "namespace"),
        ("SyncProductionPerformance", "Production", "no message"),
        ("ApplicationArea", "Area", "no message"),
        ("DataArea", "Data", "no message"),
        ("<ProductionPerformance>", "<Other>", "mismatched tag"),
        ("ProductionPerformance>", "Other>", "no object"),
    ],
)
def test_what_is_no_message_is_named(old, new, reason):
    text = OLD.replace("SyncProductionPerformance", "Sync_") if old == "ProductionPerformance>" else OLD
    text = text.replace(old, new).replace("Sync_", "SyncProductionPerformance")
    with pytest.raises(NotB2mml, match=reason):
        read_transaction(text.encode())


def test_a_message_about_nothing_or_two_things_is_not_written():
    area = ApplicationArea(Sender(logical_id="A"), "2026-01-01T00:00:00Z", "1")
    for nouns in ((), (MaterialLot(id="L"), OperationsSchedule(id="S"))):
        with pytest.raises(NotB2mml, match="one kind"):
            write_transaction(Transaction(Verb.SYNC, area, nouns))


def test_a_confirmation_names_what_it_confirms():
    sent = to_b2mml(a_message("pick-requested"))
    area = ApplicationArea(Sender(logical_id="B"), "2026-01-01T00:00:00Z", "9")
    read = read_transaction(write_transaction(confirmation(sent, area)))
    assert read.verb is Verb.CONFIRM
    assert read.area == area
    assert read.original == sent.area


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("SyncMaterialLot", Verb.SYNC), ("ConfirmBOD", Verb.CONFIRM), ("ShowProcessSegment", Verb.SHOW),
        ("ProcessSegmentInformation", None), ("MaterialLot", None), ("Sync", None), ("Synchrotron", None),
    ],
)
def test_the_verb_of_a_name(name, verb):
    assert verb_of(name) is verb


def test_an_element_keeps_line_attributes_and_order():
    root = read_xml(b'<a xmlns="urn:x">\n<b c="1"/>t<b c="2">u</b></a>')
    assert [(child.attributes, child.text, child.line) for child in root.children] == [
        ({"c": "1"}, "", 2), ({"c": "2"}, "u", 2),
    ]
    assert (root.namespace, root.text.strip(), root.value("b"), root.first("z")) == ("urn:x", "t", "", None)


def test_what_is_written_is_read_again():
    text = "<&>\"'\t\n\r é 批"
    root = XmlElement("urn:x", "a", {"b": text}, children=[XmlElement("urn:x", "c", text=text)])
    back = read_xml(write_xml(copy.deepcopy(root)))
    assert back.attributes == root.attributes
    assert back.children[0].text == text


def test_lists_keep_their_order_beyond_ten():
    sent = a_message("pack-completed")
    serials = tuple(f"S-{number}" for number in range(25))
    pieces = sent.data.quantity.model_copy(update={"value": Decimal(25)})
    payload = sent.data.model_copy(update={"serials": serials, "quantity": pieces})
    sent = sent.model_copy(update={"data": payload})
    assert from_b2mml(read_transaction(write_transaction(to_b2mml(sent)))) == sent


def test_a_shipment_of_many_containers_keeps_each_with_its_own():
    sent = a_message("shipment-confirmed")
    first = sent.data.content[0]
    many = tuple(
        first.model_copy(update={"sscc": Sscc.complete(f"0952{number:013d}"), "lot_id": Id(f"L{number}")})
        for number in range(12)
    )
    sent = sent.model_copy(update={"data": sent.data.model_copy(update={"content": many})})
    transaction = to_b2mml(sent)
    actuals = transaction.nouns[0].operations_response[0].segment_response[0].material_actual
    assert [a.material_lot_id for a in actuals] == [(f"L{number}",) for number in range(12)]
    assert from_b2mml(read_transaction(write_transaction(transaction))) == sent


def test_master_data_keeps_empty_members_and_its_version_as_a_number():
    sent = a_message("master-data-published")
    content = {"description": "", "note": " ", "value": "1", "unit": "KGM"}
    payload = sent.data.model_copy(update={"content": content, "version": 12})
    sent = sent.model_copy(update={"data": payload})
    transaction = to_b2mml(sent)
    assert transaction.nouns[0].version == "12"
    assert from_b2mml(read_transaction(write_transaction(transaction))) == sent
