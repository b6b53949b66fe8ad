"""What the official EPCIS schema accepts and cannot be so: each such defect is found, no other is.

The verdicts of the official schema are third-party data and not part of this repository; without
them the comparison is skipped and says so. The defects themselves are made here.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.formats.epcis import read_epcis_json
from contracts.formats.epcis_lint import lint_epcis
from contracts.formats.epcis_semantics import check_events
from contracts.formats.findings import Severity

SHARED = Path(os.environ.get("GXPROOF_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
GAPS = SHARED / "mapping" / "schema-gaps.json"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Body = dict[str, Any]
LOT = "https://id.gs1.org/01/09521234543213/10/CRBN0001-L01"
ITEM = "https://id.gs1.org/01/09521234543220/21/SN001"
UNIT = "https://id.gs1.org/00/095212300000000017"
OBJECT: Body = {
    "type": "ObjectEvent", "eventTime": "2026-11-22T09:15:30.000+01:00",
    "eventTimeZoneOffset": "+01:00", "action": "OBSERVE", "bizStep": "receiving",
    "disposition": "in_progress", "epcList": [ITEM],
    "readPoint": {"id": "https://id.gs1.org/414/9521321000018/254/DOCK1"},
    "bizLocation": {"id": "https://id.gs1.org/414/9521321000018"},
}
LOTS: Body = {**OBJECT, "epcList": [UNIT],
              "quantityList": [{"epcClass": LOT, "quantity": 24.5, "uom": "KGM"}]}
PACKING: Body = {
    "type": "AggregationEvent", "eventTime": "2026-11-22T09:15:30.000+01:00",
    "eventTimeZoneOffset": "+01:00", "action": "ADD", "bizStep": "packing",
    "parentID": UNIT, "childEPCs": [ITEM],
}
MIXING: Body = {
    "type": "TransformationEvent", "eventTime": "2026-11-22T09:15:30.000+01:00",
    "eventTimeZoneOffset": "+01:00", "transformationID": "https://example.com/x/1",
    "inputQuantityList": [{"epcClass": LOT, "quantity": 0.41, "uom": "KGM"}],
}
BEGUN = {**OBJECT, "action": "ADD", "bizStep": "commissioning", "disposition": "active"}


def _with(base: Body, **changes: Any) -> Body:
    event = copy.deepcopy(base)
    for name, value in changes.items():
        if value is ...:
            event.pop(name, None)
        else:
            event[name] = value
    return event


def _amount(**changes: Any) -> Body:
    return _with(LOTS, quantityList=[_with(LOTS["quantityList"][0], **changes)])


# Name of the official verdict, the event, and the rule that finds it (None: no defect).
CASES: dict[str, tuple[Body, str | None]] = {
    "AggregationEvent ADD without parentID": (_with(PACKING, parentID=...), "parent-missing"),
    "AggregationEvent DELETE without parentID": (
        _with(PACKING, parentID=..., action="DELETE", bizStep="unpacking"), "parent-missing"),
    "AggregationEvent ADD with children = [parent]": (
        _with(PACKING, childEPCs=[UNIT]), "parent-is-child"),
    "AggregationEvent duplicate child EPC": (
        _with(PACKING, childEPCs=[ITEM, ITEM]), "identifier-twice"),
    "ObjectEvent with epcList []": (_with(OBJECT, epcList=[]), "object-missing"),
    "negative quantity": (_amount(quantity=-1), "quantity-negative"),
    "fractional quantity without uom": (_amount(uom=...), "quantity-fraction-of-pieces"),
    "uom KG (keg, deleted in Rec 20)": (_amount(uom="KG"), "unit-deleted"),
    "uom ZZ9 (not a code)": (_amount(uom="ZZ9"), "unit-unknown"),
    "uom kg lower case": (_amount(uom="kg"), "unit-malformed"),
    'quantity as string "24.4"': (_amount(quantity="24.4"), "type-wrong"),
    "uom without quantity": (_amount(quantity=...), "unit-without-quantity"),
    "eventTime offset != eventTimeZoneOffset": (_with(OBJECT, eventTimeZoneOffset="-06:00"), None),
    'eventTimeZoneOffset "Z"': (_with(OBJECT, eventTimeZoneOffset="Z"), "offset-malformed"),
    'eventTimeZoneOffset "+0100"': (_with(OBJECT, eventTimeZoneOffset="+0100"), "offset-malformed"),
    "eventTime without offset": (_with(OBJECT, eventTime="2026-11-22T09:15:30"), "time-malformed"),
    "eventTime in year 2099": (_with(OBJECT, eventTime="2099-01-01T00:00:00Z"), "time-in-future"),
    "bad check digit in Digital Link GTIN": (
        _with(OBJECT, epcList=["https://id.gs1.org/01/09521234543221/21/SN001"]), "check-digit-wrong"),
    "serial > 20 chars": (_with(OBJECT, epcList=[ITEM + "X" * 20]), "key-malformed"),
    "class-level id inside epcList": (_with(OBJECT, epcList=[LOT]), "class-among-instances"),
    "instance id as epcClass": (_amount(epcClass=ITEM), "instance-as-class"),
    "bizStep receiving + disposition destroyed": (
        _with(OBJECT, disposition="destroyed"), "disposition-contradicts-step"),
    "commissioning with action OBSERVE": (
        _with(BEGUN, action="OBSERVE"), "action-contradicts-step"),
    "decommissioning with action ADD": (
        _with(BEGUN, bizStep="decommissioning", disposition="inactive"), "action-contradicts-step"),
    "ObjectEvent no bizStep, no bizLocation, no readPoint": (
        _with(OBJECT, bizStep=..., bizLocation=..., readPoint=...), None),
    "ilmd on OBSERVE": (_with(OBJECT, ilmd={"https://example.com/x": "1"}), "ilmd-misplaced"),
    "persistentDisposition on AggregationEvent": (
        _with(PACKING, persistentDisposition={"set": ["recalled"]}), "beyond-json-schema"),
    "bizStep as CBV URN": (
        _with(OBJECT, bizStep="urn:epcglobal:cbv:bizstep:receiving"), "word-spelling"),
    "bizStep as ref.gs1.org URI": (
        _with(OBJECT, bizStep="https://ref.gs1.org/cbv/BizStep-receiving"), None),
    "bizStep own URI": (_with(OBJECT, bizStep="https://example.com/bizstep/own"), None),
    'bizStep typo "storring"': (_with(OBJECT, bizStep="storring"), "word-unknown"),
    "Transformation input only, no transformationID": (
        _with(MIXING, transformationID=...), "object-missing"),
    "Transformation with action": (_with(MIXING, action="ADD"), "member-unknown"),
    "unknown plain property": (_with(OBJECT, colour="red"), "member-unknown"),
    'relative URI epc "SN1"': (_with(OBJECT, epcList=["SN1"]), "uri-malformed"),
}
NO_DEFECT = {name for name, (_, rule) in CASES.items() if rule is None}


def _document(*events: Body) -> bytes:
    return json.dumps({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-11-22T10:00:00Z", "epcisBody": {"eventList": [*events]},
    }).encode()


@pytest.mark.parametrize("name", CASES)
def test_a_defect_is_found_by_its_rule_and_no_other_is(name: str) -> None:
    event, rule = CASES[name]
    found = lint_epcis(_document(event), now=NOW)
    assert [each.rule for each in found] == ([] if rule is None else [rule])


@pytest.mark.parametrize("base", [OBJECT, LOTS, PACKING, MIXING, BEGUN])
def test_what_the_defects_are_made_from_is_clean(base: Body) -> None:
    assert lint_epcis(_document(base), now=NOW) == []


@pytest.mark.skipif(not GAPS.exists(), reason=f"no verdicts at {GAPS}")
def test_what_the_official_schema_accepts_is_found_by_meaning_and_the_rest_by_form() -> None:
    rows = json.loads(GAPS.read_bytes())
    assert {row["case"] for row in rows} == set(CASES)
    accepted = {r["case"] for r in rows if r["official_schema_with_formats_accepts"]}
    found_by_meaning = {
        name for name in accepted
        if check_events(read_epcis_json(_document(CASES[name][0])).events, now=NOW)
    }
    assert accepted - found_by_meaning == NO_DEFECT
    assert len(found_by_meaning) == 18


def test_the_same_id_twice_is_found_and_a_declared_error_is_not() -> None:
    one = {**OBJECT, "eventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"}
    declared = {**one, "errorDeclaration": {"declarationTime": "2026-11-22T10:00:00Z"}}
    found = lint_epcis(_document(one, one), now=NOW)
    assert [(each.rule, each.place) for each in found] == [
        ("event-id-twice", "/epcisBody/eventList/1/eventID")]
    assert lint_epcis(_document(one, declared), now=NOW) == []
    assert lint_epcis(_document(one, OBJECT, OBJECT), now=NOW) == []


@pytest.mark.parametrize("what", ["quantityList", "sensorElementList"])
def test_an_empty_list_of_objects_is_right_beside_others(what: str) -> None:
    beside: dict[str, Any] = {
        "quantityList": LOTS["quantityList"],
        "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 4, "uom": "CEL"}]}],
    }
    assert lint_epcis(_document(_with(OBJECT, epcList=[], **{what: beside[what]})), now=NOW) == []


@pytest.mark.parametrize(("state", "step"), [
    ("destroyed", "storing"), ("active", "destroying"), ("inactive", "shipping"),
    ("destroyed", "commissioning"), ("retail_sold", "receiving"),
])
def test_other_contradictions_of_step_and_disposition(state: str, step: str) -> None:
    event = _with(OBJECT, bizStep=step, disposition=state,
                  action="ADD" if step == "commissioning" else "DELETE")
    rules = {each.rule for each in lint_epcis(_document(event), now=NOW)}
    assert rules == {"disposition-contradicts-step"}


@pytest.mark.parametrize(("step", "action"), [("packing", "DELETE"), ("unpacking", "ADD")])
def test_unpacking_does_not_put_in(step: str, action: str) -> None:
    found = lint_epcis(_document(_with(PACKING, bizStep=step, action=action)), now=NOW)
    assert [each.rule for each in found] == ["action-contradicts-step"]


def test_spellings_do_not_hide_a_defect() -> None:
    web: Callable[[str], str] = lambda word: f"https://ref.gs1.org/cbv/{word}"  # noqa: E731
    begun = _with(BEGUN, action="OBSERVE", bizStep=web("BizStep-commissioning"))
    own_child = _with(PACKING, childEPCs=["urn:epc:id:sscc:9521230.0000000001"])
    assert [e.rule for e in lint_epcis(_document(begun), now=NOW)] == ["action-contradicts-step"]
    assert [e.rule for e in lint_epcis(_document(own_child), now=NOW)] == ["parent-is-child"]


def test_an_asset_with_a_wrong_check_digit_is_a_notice() -> None:
    asset = "https://id.gs1.org/8003/030013450007718765"
    (found,) = lint_epcis(_document(_with(OBJECT, epcList=[asset])), now=NOW)
    assert (found.rule, found.severity) == ("check-digit-wrong", Severity.NOTICE)
