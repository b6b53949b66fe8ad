"""Each rule on EPCIS documents has a known-bad document that it catches, and a good one that passes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.formats.epcis_lint import lint_epcis
from contracts.formats.epcis_rules import RULES
from contracts.formats.findings import Severity

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NOTICES = {
    "no-event", "beyond-json-schema", "unit-deprecated", "time-without-seconds",
    "identifier-twice-spelled",
}
UNIT = "urn:epc:id:sscc:4012345.0111111111"
LOT = "https://id.gs1.org/01/04012345111118/10/L1"
HEAD: dict[str, Any] = {"eventTime": "2026-01-01T00:00:00Z", "eventTimeZoneOffset": "+00:00"}
OBJECT = {"type": "ObjectEvent", **HEAD, "action": "OBSERVE", "epcList": [UNIT]}
PACKING = {"type": "AggregationEvent", **HEAD, "action": "ADD", "childEPCs": [UNIT],
           "parentID": "https://id.gs1.org/00/095212300000000017"}
XML = (
    "<eventTime>2026-01-01T00:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>{}"
    f"<epcList><epc>{UNIT}</epc></epcList><action>OBSERVE</action>"
)
QUERY = ('<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:2"><EPCISBody><q:Poll>{}'
         "<params/></q:Poll></EPCISBody></q:EPCISQueryDocument>")


def _document(*events: dict[str, Any], **around: Any) -> bytes:
    content = {
        "@context": "https://example.com/c", "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00Z", "epcisBody": {"eventList": list(events)}, **around,
    }
    return json.dumps({name: value for name, value in content.items() if value is not ...}).encode()


def _object(**changes: Any) -> bytes:
    changed = {**OBJECT, **changes}
    return _document({name: value for name, value in changed.items() if value is not ...})


def _packing(**changes: Any) -> bytes:
    changed = {**PACKING, **changes}
    return _document({name: value for name, value in changed.items() if value is not ...})


def _amount(**amount: Any) -> bytes:
    return _object(quantityList=[{"epcClass": LOT, **amount}])


def _xml(inside: str) -> bytes:
    return f"<ObjectEvent>{inside}</ObjectEvent>".encode()


SAME_ID = {**OBJECT, "eventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"}
CONTROLS: dict[str, bytes] = {
    "unreadable": b"{",
    "not-epcis": b'{"a": 1}',
    "wrapper-incomplete": _document(OBJECT, schemaVersion=...),
    "no-event": _document(),
    "event-type-unknown": _object(type="MadeUp"),
    "member-missing": _object(action=...),
    "member-unknown": _object(colour="red"),
    "member-twice": _xml(XML.format("") + "<action>ADD</action>"),
    "member-misplaced": _xml(XML.format("<recordTime>2026-01-01T00:00:00Z</recordTime>")),
    "type-wrong": _object(epcList="one"),
    "time-malformed": _object(eventTime="22-07-2026"),
    "time-without-seconds": _xml(XML.format(
        "<errorDeclaration><declarationTime>2026-01-01T00:00Z</declarationTime></errorDeclaration>")),
    "offset-malformed": _object(eventTimeZoneOffset="+15:00"),
    "uri-malformed": _object(epcList=["SN 1"]),
    "word-unknown": _object(bizStep="storring"),
    "word-spelling": _object(disposition="urn:epcglobal:cbv:disp:active"),
    "action-unknown": _object(action="OBSERV"),
    "ilmd-misplaced": _object(ilmd={"urn:x:y": "1"}),
    "object-missing": _object(epcList=...),
    "unit-malformed": _amount(quantity=1, uom="kg"),
    "beyond-json-schema": _packing(persistentDisposition={"set": ["recalled"]}),
    "query-parameter-unknown": b'{"EQ_bizStep": ["shipping"], "EQ_colour": ["red"]}',
    "query-value-malformed": b'{"GE_eventTime": "yesterday"}',
    "query-name-missing": QUERY.format("").encode(),
    "parent-missing": _packing(parentID=...),
    "parent-is-child": _packing(parentID=UNIT),
    "identifier-twice": _packing(childEPCs=[UNIT, UNIT]),
    "identifier-twice-spelled": _object(epcList=[UNIT, "https://id.gs1.org/00/040123451111111110"]),
    "quantity-negative": _amount(quantity=-1, uom="KGM"),
    "quantity-fraction-of-pieces": _amount(quantity=1.5),
    "unit-deleted": _amount(quantity=1, uom="KG"),
    "unit-deprecated": _amount(quantity=1, uom="A25"),
    "unit-unknown": _amount(quantity=1, uom="ZZ9"),
    "unit-without-quantity": _amount(uom="KGM"),
    "time-in-future": _object(eventTime="2099-01-01T00:00:00Z"),
    "key-malformed": _object(epcList=["https://id.gs1.org/01/04012345111118/21/" + "9" * 21]),
    "check-digit-wrong": _object(readPoint={"id": "https://id.gs1.org/414/4012345000253"}),
    "class-among-instances": _object(epcList=[LOT]),
    "instance-as-class": _object(quantityList=[{"epcClass": UNIT}]),
    "disposition-contradicts-step": _object(bizStep="receiving", disposition="destroyed"),
    "action-contradicts-step": _object(bizStep="destroying"),
    "event-id-twice": _document(SAME_ID, SAME_ID),
}


def test_every_rule_has_a_control() -> None:
    assert set(CONTROLS) == set(RULES)


@pytest.mark.parametrize("rule", CONTROLS)
def test_a_known_bad_document_is_caught_by_its_rule_alone(rule: str) -> None:
    found = lint_epcis(CONTROLS[rule], now=NOW)
    assert {each.rule for each in found} == {rule}
    expected = Severity.NOTICE if rule in NOTICES else Severity.ERROR
    assert {each.severity for each in found} == {expected}
    assert {each.breaks for each in found} == {RULES[rule]}


@pytest.mark.parametrize("raw", [
    _object(), _packing(), _amount(quantity=1.5, uom="KGM"), _xml(XML.format("")),
    _document({**SAME_ID, "errorDeclaration": {"declarationTime": "2026-01-02T00:00:00Z"}}, SAME_ID),
    QUERY.format("<queryName>SimpleEventQuery</queryName>").encode(),
    _object(eventTime="2026-01-01T00:00:00+05:00", bizStep="https://example.com/own"),
])
def test_what_the_controls_are_made_from_is_clean(raw: bytes) -> None:
    assert lint_epcis(raw, now=NOW) == []
