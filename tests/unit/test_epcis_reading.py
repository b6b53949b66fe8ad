"""Hostile and broken EPCIS: a finding or the reader's own exception, never a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.formats.epcis import Kind, NotEpcis, read_epcis
from contracts.formats.epcis_lint import lint_epcis
from contracts.formats.epcis_rules import RULES
from contracts.formats.findings import Severity
from contracts.formats.unit_codes import CodeStatus, status_of

OBJECT = (
    "<eventTime>2026-01-01T00:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>"
    "<epcList><epc>urn:epc:id:sscc:4012345.0111111111</epc></epcList><action>OBSERVE</action>"
)


def _xml(inside: str, *, root: str = "EPCISDocument", before: str = "") -> bytes:
    return (
        f'{before}<e:{root} xmlns:e="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0" '
        'creationDate="2026-01-01T00:00:00Z"><EPCISBody><EventList>'
        f"{inside}</EventList></EPCISBody></e:{root}>"
    ).encode()


def _event(inside: str = OBJECT, name: str = "ObjectEvent") -> bytes:
    return _xml(f"<{name}>{inside}</{name}>")


def _errors(raw: bytes) -> list[str]:
    return [found.rule for found in lint_epcis(raw) if found.severity is Severity.ERROR]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x SYSTEM "file:///etc/hostname" [<!ENTITY y SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("raw", [
    b"", b"\xff\xfe", b"{", b"[]", b"null", b'"x"', b"12", b"\x00", b"<", b"<a", b"<a/>", b"{\xff}",
    b'{"type":"ObjectEvent","type":"ObjectEvent"}', b'{"type":"ObjectEvent","eventTime":NaN}',
    b"[" * 100_000, b'{"a":' * 100_000, b'{"a":1e99999999999999999999}', b'{"a":' + b"9" * 5000 + b"}",
    b"<a>" * 300, b"<a>" * 100 + b"</a>" * 100,
    _xml("&b;", before=BOMB), _xml("&y;", before=OUTSIDE), _xml("&undefined;"),
    b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>',
])
def test_what_cannot_be_read_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(NotEpcis):
        read_epcis(raw)
    assert [found.rule for found in lint_epcis(raw)] == ["unreadable"]


def test_a_good_event_is_clean_in_both_syntaxes() -> None:
    assert lint_epcis(_event()) == []
    assert lint_epcis(b"\xef\xbb\xbf" + _event()) == []
    event = {"@context": "https://example.com/c", "type": "ObjectEvent",
             "eventTime": "2026-01-01T00:00:00Z", "eventTimeZoneOffset": "+00:00",
             "epcList": ["urn:epc:id:sscc:4012345.0111111111"], "action": "OBSERVE"}
    assert lint_epcis(json.dumps(event).encode()) == []


@pytest.mark.parametrize(("raw", "rule"), [
    (_event(OBJECT.replace("<action>OBSERVE</action>", "")), "member-missing"),
    (_event(OBJECT + "<action>ADD</action>"), "member-twice"),
    (_event("<action>ADD</action>" + OBJECT.replace("<action>OBSERVE</action>", "")),
     "member-misplaced"),
    (_event(OBJECT + "<made>x</made>"), "member-unknown"),
    (_event(OBJECT + "<bizStep>urn:epcglobal:cbv:bizstep:storring</bizStep>"), "word-unknown"),
    (_event(OBJECT.replace("+00:00", "Z")), "offset-malformed"),
    (_event(OBJECT.replace("2026-01-01T00:00:00Z", "2026-01-01T00:00:00")), "time-malformed"),
    (_event(OBJECT.replace("2026-01-01T", "2026-13-01T")), "time-malformed"),
    (_event(name="MadeUpEvent"), "event-type-unknown"),
    (_event(OBJECT + "<quantityList><quantityElement><epcClass>urn:x:y</epcClass>"
            "<quantity>twenty</quantity></quantityElement></quantityList>"), "type-wrong"),
    (_xml("<ObjectEvent/>", root="EPCISQueryDocument"), "wrapper-incomplete"),
    (_event().replace(b"</EventList>", b"</EventList><Stranger/>"), "member-unknown"),
    (_event().replace(b"<EPCISBody>", b"<Stranger/><EPCISBody>"), "member-unknown"),
    (_event().replace(b"<epc>", b"<epcs>").replace(b"</epc>", b"</epcs>"), "type-wrong"),
    (_event(OBJECT + "<quantityList><quantityElement><uom>KGM</uom><quantity>1</quantity>"
            "<epcClass>urn:x:y</epcClass></quantityElement></quantityList>"), "member-misplaced"),
    (_event(OBJECT + "<readPoint>urn:x:y</readPoint>"), "member-missing"),
    (_event(OBJECT + "<readPoint><place>urn:x:y</place></readPoint>"), "member-missing"),
    (_event().replace(b"e:EPCISDocument", b"EPCISDocument"), "wrapper-incomplete"),
    (_event().replace(b'creationDate="2026-01-01T00:00:00Z"', b""), "wrapper-incomplete"),
])
def test_a_broken_document_of_xml_is_refused_by_its_rule(raw: bytes, rule: str) -> None:
    assert rule in _errors(raw)


def test_an_empty_list_of_events_is_told() -> None:
    assert [found.rule for found in lint_epcis(_xml(""))] == ["no-event"]


def test_wrappers_of_version_1_2_are_taken_away() -> None:
    inside = OBJECT.replace("<epcList>", "<baseExtension><eventID>urn:x:1</eventID></baseExtension>"
                            "<epcList>")
    amount = ("<quantityElement><epcClass>urn:x:y</epcClass><quantity>1.50</quantity>"
              "<uom>KGM</uom></quantityElement>")
    (event,) = read_epcis(_event(f"{inside}<extension><quantityList>{amount}</quantityList>"
                                 "</extension>")).events
    assert event.event_id == "urn:x:1"
    assert [str(item["quantity"]) for item in event.members["quantityList"]] == ["1.50"]


@pytest.mark.parametrize(("body", "rules"), [
    ({}, ["not-epcis"]),
    ({"GE_eventTime": "2026-01-01T00:00:00Z", "EQ_bizStep": ["shipping"], "perPage": 5}, []),
    ({"GE_eventTime": "yesterday"}, ["query-value-malformed"]),
    ({"EQ_action": ["SHIPPED"], "GE_eventDate": "x"},
     ["query-value-malformed", "query-parameter-unknown"]),
    ({"EQ_https://example.com/ns#field": ["x"], "GE_quantity": 1, "EQ_value_KGM": 4}, []),
    ({"GE_quantity": "many", "EQ_bizTransaction_po": []},
     ["query-value-malformed", "query-value-malformed"]),
])
def test_a_query_is_checked_by_its_parameters(body: dict[str, Any], rules: list[str]) -> None:
    raw = json.dumps(body).encode()
    assert read_epcis(raw).kind is Kind.QUERY
    assert [found.rule for found in lint_epcis(raw)] == rules


def test_every_finding_is_by_a_rule_of_the_table() -> None:
    assert all(name == name.lower() and " " not in name for name in RULES)
    with pytest.raises(KeyError):
        RULES["no-such-rule"]


@pytest.mark.parametrize(("code", "standing"), [
    ("KGM", CodeStatus.ACTIVE), ("C62", CodeStatus.ACTIVE), ("KG", CodeStatus.DELETED),
    ("ZZ9", CodeStatus.UNKNOWN), ("kgm", CodeStatus.UNKNOWN), ("", CodeStatus.UNKNOWN),
])
def test_what_recommendation_20_says_of_a_code(code: str, standing: CodeStatus) -> None:
    assert status_of(code) is standing


def test_a_wrong_unit_is_explained() -> None:
    items = '[{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 1, "uom": "KG"}]'
    event = (
        '{"@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld", '
        '"type": "ObjectEvent", "eventTime": "2026-01-01T00:00:00Z", '
        f'"eventTimeZoneOffset": "+00:00", "action": "OBSERVE", "quantityList": {items}}}'
    )
    assert [(found.rule, found.what) for found in lint_epcis(event.encode())] == [
        ("unit-deleted", "unit 'KG' (keg) is deleted in UN/ECE Rec 20, perhaps KGM was meant"),
    ]


NAMES = st.sampled_from([
    "type", "eventTime", "eventTimeZoneOffset", "epcList", "quantityList", "sensorElementList", "ilmd",
    "action", "readPoint", "bizStep", "disposition", "parentID", "childEPCs", "errorDeclaration",
    "epcClass", "quantity", "uom", "sensorReport", "@context", "id", "ext:x", "bizTransactionList",
])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12) | st.sampled_from(["ObjectEvent", "ADD", "KGM", "https://id.gs1.org/01/0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(NAMES, ANYTHING, max_size=8), st.sampled_from(
    ["ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent"]
))
def test_any_event_of_json_is_judged_without_an_exception(members: dict[str, Any], kind: str) -> None:
    document = {"type": "EPCISDocument", "epcisBody": {"eventList": [{**members, "type": kind}]}}
    assert lint_epcis(json.dumps(document).encode())


WRAPPED = st.sampled_from(["type", "epcisBody", "eventList", "queryResults", "resultsBody", "@context",
                           "eventTime", "event", "schemaVersion", "epcisHeader", "EQ_action"])
DOCUMENT = st.recursive(
    ANYTHING | st.sampled_from(["EPCISDocument", "EPCISQueryDocument"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WRAPPED, inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(WRAPPED, DOCUMENT, max_size=6))
def test_any_document_of_json_is_judged_without_an_exception(document: dict[str, Any]) -> None:
    lint_epcis(json.dumps(document).encode())


ELEMENT = st.recursive(
    st.tuples(NAMES.filter(str.isidentifier), st.sampled_from(["", "x", "1e5", "2026-01-01T00:00:00Z"])),
    lambda inner: st.tuples(NAMES.filter(str.isidentifier) | st.just("epc") | st.just("extension")
                            | st.just("quantityElement") | st.just("sensorElement"),
                            st.lists(inner, max_size=3)),
    max_leaves=10,
)


def _element(tree: Any) -> str:
    name, inside = tree
    text = inside if isinstance(inside, str) else "".join(map(_element, inside))
    return f'<{name} type="a" xmlns:n="urn:n" n:b="1">{text}</{name}>'


@settings(max_examples=150, deadline=None)
@given(st.lists(ELEMENT, max_size=6))
def test_any_event_of_xml_is_judged_without_an_exception(parts: list[Any]) -> None:
    assert lint_epcis(_event("".join(map(_element, parts))))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_judged_without_an_exception(raw: bytes) -> None:
    assert lint_epcis(raw)
