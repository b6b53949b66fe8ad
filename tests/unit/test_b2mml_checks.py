"""Every rule for foreign B2MML: a good exchange without findings, and a bad one that each catches."""

from __future__ import annotations

import contextlib
import random

import pytest

from contracts.formats.b2mml import NotB2mml, read_transaction
from contracts.formats.b2mml_checks import check_b2mml, is_b2mml
from contracts.formats.b2mml_messages import NotOurMessage, from_b2mml
from contracts.formats.b2mml_rules import BREAKS, NOTICES, Rule
from contracts.formats.findings import Severity

NS = "http://www.mesa.org/xml/B2MML"
OLD = "http://www.wbf.org/xml/B2MML-V0401"

ISSUE = f"""<?xml version="1.0" encoding="UTF-8"?>
<ProcessOperationsPerformance xmlns="{NS}" releaseID="V0701">
  <ApplicationArea>
    <Sender><LogicalID>MES</LogicalID><ConfirmationCode>Always</ConfirmationCode></Sender>
    <CreationDateTime>2026-03-31T08:00:00.123456+02:00</CreationDateTime>
    <BODID>M-1</BODID>
  </ApplicationArea>
  <DataArea>
    <Process acknowledgeCode="Always"/>
    <OperationsPerformance>
      <ID>P-1</ID>
      <OperationsType>Production</OperationsType>
      <OperationsResponse>
        <ID>R-1</ID>
        <SegmentResponse>
          <ID>S-1</ID>
          <ActualStartTime>2026-03-31T07:00:00Z</ActualStartTime>
          <ActualEndTime>2026-03-31T10:00:00+02:00</ActualEndTime>
          <SegmentData>
            <ID>difference</ID>
            <Value>
              <ValueString>-0.5</ValueString><DataType>decimal</DataType>
              <UnitOfMeasure>KGM</UnitOfMeasure>
            </Value>
          </SegmentData>
          <MaterialActual>
            <ID>A-1</ID>
            <MaterialDefinitionID>LACTOSE</MaterialDefinitionID>
            <MaterialLotID>LOT-1</MaterialLotID>
            <MaterialSubLotID>412345670000003212</MaterialSubLotID>
            <MaterialUse>Consumed</MaterialUse>
            <Quantity>
              <QuantityString>12.500</QuantityString><DataType>decimal</DataType>
              <UnitOfMeasure>KGM</UnitOfMeasure>
            </Quantity>
            <MaterialActualProperty>
              <ID>delta</ID>
              <Quantity>
                <QuantityString>-1</QuantityString><UnitOfMeasure>GRM</UnitOfMeasure>
              </Quantity>
            </MaterialActualProperty>
          </MaterialActual>
        </SegmentResponse>
      </OperationsResponse>
    </OperationsPerformance>
  </DataArea>
</ProcessOperationsPerformance>"""

CONFIRM = f"""<ConfirmBOD xmlns="{NS}">
  <ApplicationArea>
    <Sender><LogicalID>WMS</LogicalID></Sender>
    <CreationDateTime>2026-03-31T08:00:01Z</CreationDateTime>
    <BODID>C-1</BODID>
  </ApplicationArea>
  <DataArea>
    <Confirm>
      <OriginalApplicationArea>
        <CreationDateTime>2026-03-31T08:00:00.123456+02:00</CreationDateTime>
        <BODID>M-1</BODID>
      </OriginalApplicationArea>
    </Confirm>
    <BOD/>
  </DataArea>
</ConfirmBOD>"""

LOT = f"""<SyncMaterialLot xmlns="{NS}" releaseID="V0701">
  <ApplicationArea>
    <Sender><LogicalID>MES</LogicalID><ConfirmationCode>Always</ConfirmationCode></Sender>
    <CreationDateTime>2026-03-31T09:00:00Z</CreationDateTime>
    <BODID>L-1</BODID>
  </ApplicationArea>
  <DataArea>
    <Sync/>
    <MaterialLot>
      <ID>LOT-1</ID>
      <Status>Released</Status>
      <Disposition>UnRestricted</Disposition>
      <MaterialLotProperty>
        <ID>ExpiryDate</ID>
        <Value>
          <ValueString>2027-12-31</ValueString><DataType>date</DataType>
        </Value>
      </MaterialLotProperty>
    </MaterialLot>
  </DataArea>
</SyncMaterialLot>"""

SUBLOT = f"""<SyncMaterialSubLot xmlns="{NS}" releaseID="V0701">
  <ApplicationArea>
    <Sender><LogicalID>MES</LogicalID><ConfirmationCode>Always</ConfirmationCode></Sender>
    <CreationDateTime>2026-03-31T09:30:00Z</CreationDateTime>
    <BODID>L-2</BODID>
  </ApplicationArea>
  <DataArea>
    <Sync/>
    <MaterialSubLot>
      <ID>412345670000003212</ID>
      <Status>Released</Status>
      <MaterialLotID>LOT-1</MaterialLotID>
    </MaterialSubLot>
  </DataArea>
</SyncMaterialSubLot>"""


def confirming(bod, name="C"):
    return CONFIRM.replace("M-1", bod).replace("C-1", f"{name}-{bod}")


GOOD = {
    "issue": ISSUE,
    "lot": LOT,
    "sublot": SUBLOT,
    "c1": CONFIRM,
    "c2": confirming("L-1"),
    "c3": confirming("L-2"),
}


def check(**documents):
    return check_b2mml({name: text.encode() for name, text in documents.items()})


def rules(found):
    return {finding.rule for findings in found.values() for finding in findings}


def faults(found):
    """The rules, beside the notice that our objects do not hold an attribute or an element."""
    return rules(found) - {Rule.NOT_READ}


def changed(old, new, document="issue", count=1):
    """The good exchange with one document in which ``old`` became ``new``."""
    assert old in GOOD[document], old
    return {**GOOD, document: GOOD[document].replace(old, new, count)}


def sync(noun, content, at="2026-01-01T00:00:00Z", namespace=OLD):
    return (
        f'<Sync{noun} xmlns="{namespace}"><ApplicationArea><Sender><LogicalID>E</LogicalID></Sender>'
        f"<CreationDateTime>{at}</CreationDateTime></ApplicationArea>"
        f"<DataArea><Sync/>{content}</DataArea></Sync{noun}>"
    )


def lot(status, name="L", at="2026-01-01T00:00:00Z", more=""):
    content = f"<MaterialLot><ID>{name}</ID><Status>{status}</Status>{more}</MaterialLot>"
    return sync("MaterialLot", content, at)


def sublot(status, name="S", of="L", at="2026-01-01T00:00:00Z"):
    content = (
        f"<MaterialLot><ID>{of}</ID><MaterialSubLot><ID>{name}</ID><Status>{status}</Status>"
        "</MaterialSubLot></MaterialLot>"
    )
    return sync("MaterialLot", content, at)


BAD = {
    Rule.XML_UNREADABLE: changed("<DataArea>", "<DataArea"),
    Rule.VERSION_UNKNOWN: {"a": ISSUE.replace(NS, "http://www.mesa.org/xml/B2MML-V0600")},
    Rule.NAMESPACE_WRONG: {"a": lot("Valid").replace(OLD, "")},
    Rule.NAMESPACES_MIXED: changed("<SegmentResponse>", f'<SegmentResponse xmlns="{OLD}">'),
    Rule.VERSIONS_MIXED: {**GOOD, "old": lot("Released", "OTHER")},
    Rule.NO_TRANSACTION: {"a": f'<MaterialLot xmlns="{NS}"><ID>L</ID></MaterialLot>'},
    Rule.APPLICATION_AREA_MISSING: {
        "a": f'<SyncMaterialLot xmlns="{NS}"><DataArea><Sync/><MaterialLot><ID>L</ID></MaterialLot>'
        "</DataArea></SyncMaterialLot>"
    },
    Rule.DATA_AREA_MISSING: {"a": sync("MaterialLot", "").replace("<Sync/>", "")},
    Rule.VERB_DIFFERS: changed("<Sync/>", "<Cancel/>", "lot"),
    Rule.NOUN_MISSING: {"a": sync("MaterialLot", "<MaterialDefinition><ID>M</ID></MaterialDefinition>")},
    Rule.SENDER_MISSING: changed("<LogicalID>MES</LogicalID>", ""),
    Rule.MESSAGE_ID_MISSING: changed("<BODID>M-1</BODID>", ""),
    Rule.CREATION_TIME_MISSING: changed(
        "<CreationDateTime>2026-03-31T08:00:00.123456+02:00</CreationDateTime>", ""
    ),
    Rule.MESSAGE_REPEATED: {**GOOD, "again": ISSUE},
    Rule.MESSAGE_ID_REUSED: {**GOOD, "other": ISSUE.replace("12.500", "12.501")},
    Rule.RESPONSE_REPEATED: {**GOOD, "other": ISSUE.replace("M-1", "M-2")},
    Rule.NOTHING_ACKNOWLEDGED: {"a": lot("Valid"), "b": lot("Valid", "M")},
    Rule.ACKNOWLEDGEMENT_MISSING: {k: v for k, v in GOOD.items() if k != "c1"},
    Rule.CONFIRMATION_NOT_ASKED: {"a": lot("Valid")},
    Rule.ORIGINAL_MISSING: changed("OriginalApplicationArea", "Original", "c1", 2),
    Rule.ID_MISSING: changed("<ID>LOT-1</ID>", "", "lot"),
    Rule.ID_REPEATED: changed(
        "</MaterialLot>\n", "</MaterialLot><MaterialLot><ID>LOT-1</ID></MaterialLot>\n", "lot"
    ),
    Rule.ID_WITH_SPACES: changed("<ID>LOT-1</ID>", "<ID>LOT-1 </ID>", "lot"),
    Rule.MATERIAL_UNNAMED: changed("MaterialDefinitionID", "X", count=2)
    | {"issue": ISSUE.replace("MaterialDefinitionID", "X").replace("MaterialLotID", "X").replace("MaterialSubLotID", "X")},
    Rule.LOT_UNNAMED: {"issue": ISSUE.replace("MaterialLotID", "X").replace("MaterialSubLotID", "X")},
    Rule.LOT_SUBLOT_STATUS: {"a": lot("Valid"), "b": sublot("NotValid")},
    Rule.SUBLOT_LOOSER_THAN_LOT: {"a": lot("Blocked"), "b": sublot("Valid")},
    Rule.STATUS_CONTRADICTS: {"a": lot("Valid"), "b": lot("Blocked")},
    Rule.SUBLOT_OF_TWO_LOTS: {"a": sublot("Valid"), "b": sublot("Valid", of="OTHER")},
    Rule.UNIT_UNKNOWN: changed("<UnitOfMeasure>KGM", "<UnitOfMeasure>kilo"),
    Rule.UNIT_DELETED: changed("<UnitOfMeasure>KGM", "<UnitOfMeasure>KG"),
    Rule.UNIT_DEPRECATED: changed("<UnitOfMeasure>KGM", "<UnitOfMeasure>OZ"),
    Rule.UNIT_MISSING: changed("<UnitOfMeasure>GRM</UnitOfMeasure>", "<UnitOfMeasure/>"),
    Rule.QUANTITY_NOT_A_NUMBER: changed("12.500", "12,500"),
    Rule.QUANTITY_NEGATIVE: changed("12.500", "-12.500"),
    Rule.QUANTITY_BINARY: changed(
        "12.500</QuantityString><DataType>decimal", "1.25e1</QuantityString><DataType>double"
    ),
    Rule.QUANTITY_TOO_LONG: changed("12.500", "12.5000001"),
    Rule.VALUE_NOT_OF_ITS_TYPE: changed("-0.5", "half"),
    Rule.CODE_UNKNOWN: changed("UnRestricted", "Quarantine", "lot"),
    Rule.SSCC_CHECK_DIGIT: changed("412345670000003212", "412345670000003213"),
    Rule.GTIN_CHECK_DIGIT: changed("LACTOSE", "09521234543214"),
    Rule.GLN_CHECK_DIGIT: changed("<ID>R-1</ID>", '<ID schemeName="GLN">9521234543214</ID>'),
    Rule.GS1_KEY_SHAPE: changed("<ID>R-1</ID>", '<ID schemeID="SSCC">12345</ID>'),
    Rule.TIME_INVALID: changed("2026-03-31T07:00:00Z", "2026-02-30T07:00:00Z"),
    Rule.TIME_FRACTION_TOO_LONG: changed("T08:00:00.123456+", "T08:00:00.1234567+"),
    Rule.TIME_WITHOUT_OFFSET: changed("2026-03-31T07:00:00Z", "2026-03-31T07:00:00"),
    Rule.TIME_OUT_OF_RANGE: changed("2026-03-31T07:00:00Z", "0001-01-01T00:00:00Z"),
    Rule.PERIOD_REVERSED: changed("2026-03-31T07:00:00Z", "2026-03-31T08:00:01Z"),
    Rule.NOT_READ: changed("<SegmentData>", "<HierarchyScope><EquipmentID>E</EquipmentID></HierarchyScope><SegmentData>"),
    Rule.WANTED_BY_V0701: {"a": sync("ProductionSchedule", "<ProductionSchedule/>")},
}


def test_each_further_version_is_told_once():
    new = lot("Released", "new").replace(OLD, NS)
    found = check(new=new, x=lot("Released", "x"), y=lot("Released", "y"))
    said = [(n, f.what) for n, each in found.items() for f in each if f.rule == Rule.VERSIONS_MIXED]
    assert said == [("x", f"namespace {OLD} (2 of 3 documents); new has {NS}")]


def test_a_good_exchange_has_no_finding():
    found = check(**GOOD)
    assert {name: [str(f) for f in findings] for name, findings in found.items()} == {name: [] for name in GOOD}


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_catches_its_bad_exchange(rule):
    found = check(**BAD[rule])
    assert rule in rules(found)
    finding = next(f for findings in found.values() for f in findings if f.rule is rule)
    assert finding.breaks == BREAKS[rule]
    assert finding.what
    assert finding.place.startswith("/")


@pytest.mark.parametrize("rule", [rule for rule in Rule if {"issue", "lot", "c1"} <= set(BAD[rule])])
def test_a_change_of_the_good_exchange_breaks_little_else(rule):
    """One change is not called by five names: at most what follows from it is found as well."""
    follows = {
        Rule.XML_UNREADABLE: set(),
        Rule.NAMESPACES_MIXED: set(),
        Rule.VERSIONS_MIXED: {Rule.CONFIRMATION_NOT_ASKED, Rule.MESSAGE_ID_MISSING},
        Rule.VERB_DIFFERS: {Rule.NOUN_MISSING},
        Rule.MESSAGE_ID_MISSING: {Rule.ACKNOWLEDGEMENT_MISSING},
        Rule.MESSAGE_ID_REUSED: {Rule.RESPONSE_REPEATED},
        Rule.RESPONSE_REPEATED: {Rule.ACKNOWLEDGEMENT_MISSING},
        Rule.CREATION_TIME_MISSING: set(),
        Rule.ORIGINAL_MISSING: {Rule.ACKNOWLEDGEMENT_MISSING},
        Rule.ID_MISSING: set(),
        Rule.MATERIAL_UNNAMED: set(),
    }
    assert faults(check(**BAD[rule])) - {rule} <= follows.get(rule, set())


def test_every_rule_has_a_sentence_and_a_severity():
    assert set(BREAKS) == set(Rule)
    assert set(Rule) >= NOTICES


@pytest.mark.parametrize(
    ("lot_status", "sublot_status"),
    [("Valid", "NotValid"), ("Released", "Quarantine"), ("Gut", "Schlecht")],
)
def test_a_stricter_or_unknown_sublot_is_a_notice_alone(lot_status, sublot_status):
    found = check(a=lot(lot_status), b=sublot(sublot_status))
    status = [f for f in found["b"] if f.rule == Rule.LOT_SUBLOT_STATUS]
    assert [f.severity for f in status] == [Severity.NOTICE]
    assert "a at /SyncMaterialLot/DataArea/MaterialLot (line 1)" in status[0].what


def test_a_use_that_is_part_of_the_name_counts():
    text = sync(
        "ProductionPerformance",
        "<ProductionPerformance><ProductionResponse><ID>1</ID><SegmentResponse><MaterialConsumedActual>"
        "<MaterialDefinitionID>M</MaterialDefinitionID></MaterialConsumedActual></SegmentResponse>"
        "</ProductionResponse></ProductionPerformance>",
    )
    assert Rule.LOT_UNNAMED in rules(check(a=text))
    assert Rule.LOT_UNNAMED not in rules(check(a=text.replace("Consumed", "Produced")))


def test_two_words_for_usable_are_no_difference():
    assert Rule.LOT_SUBLOT_STATUS not in rules(check(a=lot("Released"), b=sublot("UnRestricted")))
    assert Rule.LOT_SUBLOT_STATUS in rules(check(a=lot("Blocked"), b=sublot("Rejected")))


def test_an_empty_object_is_missing_its_id_unless_it_is_asked_for():
    text = sync("MaterialLot", "<MaterialLot/>")
    assert Rule.ID_MISSING in rules(check(a=text))
    assert Rule.ID_MISSING not in rules(check(a=text.replace("Sync", "Get")))


def test_the_last_word_on_a_lot_counts_and_an_old_sublot_is_not_looser():
    first, last = "2026-01-01T00:00:00Z", "2026-01-01T02:00:00+01:00"
    found = check(new=lot("Blocked", at=last), old=lot("Valid", at=first), part=sublot("Valid", at=first))
    assert Rule.LOT_SUBLOT_STATUS in rules(found)
    assert Rule.SUBLOT_LOOSER_THAN_LOT not in rules(found)
    agreed = check(old=lot("Blocked", at=first), new=lot("Valid", at=last), part=sublot("Valid", at=first))
    assert not {Rule.LOT_SUBLOT_STATUS, Rule.SUBLOT_LOOSER_THAN_LOT} & rules(agreed)


def test_lots_of_two_materials_with_one_number_are_two_lots():
    def of(material, status):
        more = f"<MaterialDefinitionID>{material}</MaterialDefinitionID>"
        return sync("MaterialLot", f"<MaterialLot><ID>1</ID>{more}<Status>{status}</Status></MaterialLot>")

    assert Rule.STATUS_CONTRADICTS not in rules(check(a=of("A", "Valid"), b=of("B", "Blocked")))


def test_a_unit_in_a_property_is_judged_as_one():
    def definition(unit, name):
        value = f"<Value><ValueString>{unit}</ValueString><DataType>Text</DataType></Value>"
        return sync(
            "MaterialDefinition",
            f"<MaterialDefinition><ID>M</ID><MaterialDefinitionProperty><ID>{name}</ID>{value}"
            "</MaterialDefinitionProperty></MaterialDefinition>",
        )

    assert Rule.UNIT_DELETED in rules(check(a=definition("KG", "BaseUnitOfMeasure")))
    assert Rule.UNIT_DELETED in rules(check(a=definition("KG", "base_uom")))
    assert Rule.UNIT_DELETED not in rules(check(a=definition("KG", "Hazard")))
    assert Rule.UNIT_DELETED not in rules(check(a=definition("KGM", "BaseUnitOfMeasure")))


@pytest.mark.parametrize(
    ("attribute", "severity"),
    [
        ('listID="UCUM"', Severity.NOTICE), ('listName="SAP units"', Severity.NOTICE),
        ('listID="UN/ECE rec 20"', Severity.ERROR), ('listName="Rec20"', Severity.ERROR), ("", Severity.ERROR),
    ],
)
def test_a_unit_of_another_list_is_a_notice(attribute, severity):
    found = check(**changed("<UnitOfMeasure>KGM", f"<UnitOfMeasure {attribute}>kg"))["issue"]
    unit, *beside = [(f.rule, f.severity) for f in found]
    assert unit == (Rule.UNIT_UNKNOWN, severity)
    assert beside == ([(Rule.NOT_READ, Severity.NOTICE)] if attribute else [])


def test_a_user_area_holds_what_it_likes():
    area = '<UserArea><mine xmlns="">1</mine></UserArea>'
    assert rules(check(**changed("</BODID>", f"</BODID>{area}"))) == {Rule.NOT_READ}
    assert Rule.NAMESPACES_MIXED in rules(check(**changed("</BODID>", '</BODID><mine xmlns="">1</mine>')))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("about five", Rule.QUANTITY_NOT_A_NUMBER), ("", Rule.QUANTITY_NOT_A_NUMBER),
        ("NaN", Rule.QUANTITY_NOT_A_NUMBER), ("INF", Rule.QUANTITY_NOT_A_NUMBER),
        ("1e3", Rule.QUANTITY_NOT_A_NUMBER), ("٣", Rule.QUANTITY_NOT_A_NUMBER),
        ("1 000", Rule.QUANTITY_NOT_A_NUMBER), ("-0.001", Rule.QUANTITY_NEGATIVE),
        ("1234567890123456", Rule.QUANTITY_TOO_LONG),
    ],
)
def test_amounts_that_are_wrong(text, rule):
    assert rule in rules(check(**changed("12.500", text)))


@pytest.mark.parametrize("text", ["0", "-0", "+5", ".5", "5.", "0012.500", "12.5000000", "1" * 15, " 12.500\n"])
def test_amounts_that_are_right(text):
    assert rules(check(**changed("12.500", text))) == set()


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-31T08:00:00Z", "2026-03-31T00:00:00-12:00", "2024-02-29T23:59:59.999999+14:00",
        "2026-03-30T24:00:00Z",
    ],
)
def test_times_that_are_right(text):
    assert rules(check(**changed("2026-03-31T07:00:00Z", text))) <= {Rule.PERIOD_REVERSED}


@pytest.mark.parametrize(
    "text",
    [
        "31.03.2026", "2026-03-31", "2026-03-31 07:00:00Z", "2026-13-01T00:00:00Z", "now",
        "2026-03-31T25:00:00Z", "2026-03-31T07:60:00Z", "2026-03-31T07:00:60Z", "20260331T070000Z",
        "2026-03-31T07:00:00+15:00", "2026-03-31T24:00:01Z", "2025-02-29T07:00:00Z",
    ],
)
def test_times_that_are_none(text):
    assert Rule.TIME_INVALID in rules(check(**changed("2026-03-31T07:00:00Z", text)))


def test_the_fraction_of_a_property_is_read_too():
    bad = "2027-12-31T00:00:00.1234567Z</ValueString><DataType>DateTime"
    found = check(**changed("2027-12-31</ValueString><DataType>date", bad, "lot"))
    assert Rule.TIME_FRACTION_TOO_LONG in rules(found)


@pytest.mark.parametrize(
    "key",
    ["412345670000003212", "00412345670000003212", "(00)412345670000003212",
     "https://id.gs1.org/00/412345670000003212", "urn:epc:id:sscc:4123456.1000000321"],
)
def test_an_sscc_is_read_in_each_of_its_forms(key):
    carrier = f'<ID schemeID="SSCC">{key}</ID>'
    assert faults(check(**changed("<ID>R-1</ID>", carrier))) == set()
    if not key.startswith("urn"):
        wrong = carrier.replace("3212<", "3213<")
        assert faults(check(**changed("<ID>R-1</ID>", wrong))) == {Rule.SSCC_CHECK_DIGIT}


def test_a_container_number_that_is_no_sscc_is_the_senders_own():
    assert rules(check(**changed("412345670000003212", "DRUM-17"))) == set()
    assert rules(check(**changed("412345670000003212", "12345"))) == set()
    assert rules(check(**changed("412345670000003212", "00000000001000000123"))) == set()


def test_what_stands_alone_may_be_answered_elsewhere():
    found = check(issue=ISSUE)["issue"]
    assert [(f.rule, f.severity) for f in found] == [(Rule.ACKNOWLEDGEMENT_MISSING, Severity.NOTICE)]
    both = check(issue=ISSUE, lot=LOT)
    assert {f.severity for f in both["issue"]} == {Severity.ERROR}


def test_confirmation_on_error_only_is_none():
    text = ISSUE.replace("Always", "OnError")
    assert rules(check(issue=text)) == {Rule.CONFIRMATION_NOT_ASKED}


@pytest.mark.parametrize("answer", ["Acknowledge", "Respond", "Show"])
def test_each_answering_verb_answers(answer):
    text = CONFIRM.replace("ConfirmBOD", f"{answer}OperationsPerformance").replace("Confirm>", f"{answer}>")
    text = text.replace("<BOD/>", "<OperationsPerformance><ID>P-1</ID></OperationsPerformance>")
    assert rules(check(issue=ISSUE, answer=text)) == set()


def test_an_answer_without_ids_is_known_by_sender_and_time():
    original = "<Sender><LogicalID>MES</LogicalID></Sender>"
    answer = CONFIRM.replace("<OriginalApplicationArea>", f"<OriginalApplicationArea>{original}").replace("<BODID>M-1</BODID>", "")
    issue = ISSUE.replace("<BODID>M-1</BODID>", "")
    assert rules(check(issue=issue, answer=answer)) == {Rule.MESSAGE_ID_MISSING}
    other = answer.replace("08:00:00.123456", "08:00:00.123457")
    assert Rule.ACKNOWLEDGEMENT_MISSING in rules(check(issue=issue, answer=other))


def test_nothing_acknowledged_is_said_once_for_all():
    found = check(a=lot("Valid"), b=lot("Valid", "M"), c=lot("Valid", "N"))
    said = [f for findings in found.values() for f in findings if f.rule == Rule.NOTHING_ACKNOWLEDGED]
    assert [f.severity for f in said] == [Severity.ERROR]
    assert "none of 3 messages (3 SyncMaterialLot)" in said[0].what


def test_the_place_leads_to_the_spot():
    many = ISSUE.replace("<SegmentData>", "<SegmentData><ID>x</ID></SegmentData><SegmentData>")
    found = check(**{**GOOD, "issue": many.replace("-0.5", "half")})["issue"]
    place = "/ProcessOperationsPerformance/DataArea/OperationsPerformance/OperationsResponse/SegmentResponse"
    assert found[0].place == f"{place}/SegmentData[2]/Value/ValueString (line 22)"


def test_a_process_segment_is_no_verb():
    found = check(a=f'<ProcessSegment xmlns="{NS}"><ID>weighing</ID></ProcessSegment>')
    assert rules(found) == {Rule.NO_TRANSACTION}


HOSTILE = {
    "empty": b"",
    "binary": bytes(range(256)),
    "entities": b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]>'
    + ISSUE.replace("12.500", "&c;").partition("\n")[2].encode(),
    "external entity": b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + LOT.encode(),
    "deep": f'<SyncMaterialLot xmlns="{NS}">'.encode() + b"<a>" * 5000,
    "bad utf-8": LOT.encode().replace(b"Released", b"\xff\xfe\xfd"),
    "attribute twice": LOT.replace("<Sync/>", '<Sync a="1" a="2"/>').encode(),
    "prefix unbound": LOT.replace("<Sync/>", "<x:Sync/>").encode(),
    "control character": LOT.replace("Released", "Rele\x01ased").encode(),
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?>' + LOT.encode(),
    "cut off": ISSUE.encode()[:900],
    "two roots": (LOT + SUBLOT).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_one_finding_and_hides_no_other(name):
    found = check_b2mml({"bad": HOSTILE[name], "good": ISSUE.encode(), "answer": CONFIRM.encode()})
    assert [f.rule for f in found["bad"]] == [Rule.XML_UNREADABLE]
    assert found["good"] == []


def test_too_many_elements_are_refused():
    text = sync("MaterialLot", "<MaterialLot><ID>1</ID></MaterialLot>" * 110_000)
    assert rules(check(a=text)) == {Rule.XML_UNREADABLE}


def test_a_broken_document_is_still_known_for_b2mml():
    assert is_b2mml(ISSUE.encode()[:900])
    assert is_b2mml(ISSUE.encode("utf-16").replace("UTF-8".encode("utf-16-le"), "UTF-16".encode("utf-16-le")))
    assert is_b2mml(b"<SyncMaterialLot/>")
    assert not is_b2mml(b"<a/>")
    assert not is_b2mml(b"{}")


def test_long_text_is_quoted_in_part():
    found = check(**changed("12.500", "9" * 100_000 + "x"))["issue"]
    assert [f.rule for f in found] == [Rule.QUANTITY_NOT_A_NUMBER]
    assert len(found[0].what) == 500


@pytest.mark.parametrize("seed", range(20))
def test_no_damage_to_the_bytes_crashes_a_reader(seed):
    drawn = random.Random(seed)
    for _ in range(20):
        data = bytearray((ISSUE, LOT, SUBLOT, CONFIRM)[drawn.randrange(4)].encode())
        for _ in range(drawn.randrange(1, 4)):
            at = drawn.randrange(len(data))
            data[at : at + drawn.randrange(4)] = drawn.choice(
                [b"", b"<", b">", b"&", b"-", b"\x00", b"9", b"\xff", b"</ID>", b"<ID/>", "é".encode()]
            )
        found = check_b2mml({"a": bytes(data), "b": ISSUE.encode()})
        assert set(found) == {"a", "b"}
        with contextlib.suppress(NotB2mml, NotOurMessage):
            from_b2mml(read_transaction(bytes(data)))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("<SegmentData>", "<HierarchyScope><EquipmentID>E</EquipmentID></HierarchyScope><SegmentData>",
         "element HierarchyScope"),
        ("<ID>R-1</ID>", '<ID schemeName="ours">R-1</ID>', "attribute schemeName='ours'"),
        ("<ID>R-1</ID>", "<ID>R-1</ID><ID>R-2</ID>", "element ID"),
        ("<ID>R-1</ID>", "<ID>R-1</ID>by hand", "text 'by hand'"),
        ("<ID>R-1</ID>", "<ID>R-1<b>R</b></ID>", "element b"),
        ("</BODID>", "</BODID><UserArea><x>1</x></UserArea>", "element UserArea"),
        ("<DataArea>", "<More>1</More><DataArea>", "element More"),
        ("</OperationsPerformance>", "</OperationsPerformance><WorkAlert><ID>1</ID></WorkAlert>",
         "element WorkAlert"),
        ('acknowledgeCode="Always"/>', 'acknowledgeCode="Always"><ActionCriteria><a>1</a></ActionCriteria></Process>',
         "element ActionCriteria"),
        ('releaseID="V0701"', 'releaseID="V0701" versionID="7"', "attribute versionID='7'"),
    ],
)
def test_what_our_objects_do_not_hold_is_named(old, new, what):
    found = [f for f in check(**changed(old, new))["issue"] if f.rule is Rule.NOT_READ]
    assert [(f.what, f.severity) for f in found] == [(what, Severity.NOTICE)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<SegmentData>", "<HierarchyScope><EquipmentID> </EquipmentID></HierarchyScope><SegmentData>"),
        ("<ID>R-1</ID>", '<ID>R-1</ID><Description languageID="de">Wiegen</Description>'),
        ("<MaterialUse>Consumed</MaterialUse>", '<MaterialUse OtherValue="Weighed">Other</MaterialUse>'),
        ('releaseID="V0701"', 'releaseID="V0701" xmlns:s="urn:s" s:schemaLocation="urn:x x.xsd"'),
    ],
)
def test_what_is_held_or_says_nothing_is_no_loss(old, new):
    assert rules(check(**changed(old, new))) == set()


def test_a_loss_is_told_once_with_its_count():
    scope = "<HierarchyScope><EquipmentID>E</EquipmentID></HierarchyScope>"
    twice = ISSUE.replace("<SegmentData>", f"{scope}{scope}<SegmentData>")
    (found,) = [f for f in check(**{**GOOD, "issue": twice})["issue"] if f.rule is Rule.NOT_READ]
    assert found.what == "element HierarchyScope (2 times)"
    assert found.place.startswith("/ProcessOperationsPerformance/DataArea/OperationsPerformance")
    assert "HierarchyScope[1]" in found.place


def test_a_message_about_other_things_is_not_read_at_all():
    found = check(a=sync("Personnel", "<Personnel><ID>P</ID></Personnel>"))["a"]
    assert [f.what for f in found if f.rule is Rule.NOT_READ] == [
        "nothing of it: the data area of Sync holds no object that we read"]


def test_what_the_new_version_wants_is_counted():
    text = sync(
        "ProductionSchedule",
        "<ProductionSchedule><ProductionRequest><ID>7</ID><SegmentRequirement><ProcessSegmentID>W"
        "</ProcessSegmentID><MaterialRequirement><MaterialDefinitionID>M</MaterialDefinitionID><Location>"
        "<EquipmentID>B</EquipmentID></Location></MaterialRequirement></SegmentRequirement>"
        "</ProductionRequest></ProductionSchedule>",
    )
    said = [f.what for f in check(a=text)["a"] if f.rule is Rule.WANTED_BY_V0701]
    assert said == [
        "1 of MaterialRequirement/ID, 1 of OperationsSchedule/ID, 1 of SegmentRequirement/ID, "
        "1 of SegmentRequirement/OperationsDefinitionID, 1 of SegmentRequirement/OperationsSegmentID, "
        "1 of StorageLocation/LocationType"]
    assert Rule.WANTED_BY_V0701 not in rules(check(**GOOD))
