"""What is hashed, value by value: exact numbers, instants in UTC, words and extensions."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest

from contracts.formats import epcis_hash
from contracts.formats.epcis import Event, event_hash, pre_hash, read_epcis
from contracts.formats.epcis_hash import canonical_time

EVENT: dict[str, Any] = {"eventTime": "2026-01-01T00:00:00Z", "eventTimeZoneOffset": "+00:00"}
HEAD = "eventType=ObjectEventeventTime=2026-01-01T00:00:00.000ZeventTimeZoneOffset=+00:00"


def _hashed(**members: Any) -> str:
    text = pre_hash(Event("ObjectEvent", {**EVENT, **members}))
    assert text.startswith(HEAD)
    return text.removeprefix(HEAD)


@pytest.mark.parametrize(("number", "text"), [
    ("1.0", "1"), ("0.3434000", "0.3434"), ("0.0000001", "0.0000001"), ("0", "0"), ("-0.0", "0"),
    ("12345678901234567.891", "12345678901234567.891"), ("1E+3", "1000"), ("1200", "1200"),
    ("-12.50", "-12.5"), ("1e999", "1E+999"),
])
def test_numbers_are_exact_and_without_trailing_zeros(number: str, text: str) -> None:
    quantity = [{"epcClass": "urn:x:y", "quantity": Decimal(number)}]
    assert _hashed(quantityList=quantity) == f"quantityListquantityElementepcClass=urn:x:yquantity={text}"


@pytest.mark.parametrize(("written", "hashed"), [
    ("2023-02-02T11:04:03.1415Z", "2023-02-02T11:04:03.142Z"),
    ("2023-02-02T11:04:03.14149999Z", "2023-02-02T11:04:03.141Z"),
    ("2023-12-31T23:59:59.9995Z", "2024-01-01T00:00:00.000Z"),
    ("2023-02-02T12:04:03+01:00", "2023-02-02T11:04:03.000Z"),
    ("2023-02-02t11:04:03z", "2023-02-02T11:04:03.000Z"),
    ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"), ("22-07-2026", "22-07-2026"),
])
def test_instants_are_in_utc_to_the_millisecond(written: str, hashed: str) -> None:
    assert canonical_time(written) == hashed


def test_id_record_time_error_and_comments_take_no_part() -> None:
    assert _hashed(
        eventID="urn:x:1", recordTime="2026-01-01T00:00:00Z", comment="x",
        errorDeclaration={"declarationTime": "2026-01-01T00:00:00Z"},
        **{"{http://www.w3.org/2000/01/rdf-schema#}comment": "y", "rdfs:comment": "z"},
    ) == ""


def test_lists_are_sorted_and_typed_entries_have_their_type_first() -> None:
    assert _hashed(epcList=["urn:x:b", "urn:x:a"], bizTransactionList=[
        {"bizTransaction": "urn:x:2", "type": "po"}, {"bizTransaction": "urn:x:1"},
    ]) == (
        "epcListepc=urn:x:aepc=urn:x:bbizTransactionListbizTransaction=urn:x:1"
        "type=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:x:2"
    )


def test_an_extension_closes_what_it_stands_in() -> None:
    ns = "{https://ns.ext1.de/epcis/}"
    report = {"type": "gs1:Angle", "component": "latitude", f"{ns}b": True, f"{ns}a": ["2", "10"]}
    assert _hashed(
        readPoint={"id": "urn:x:r", f"{ns}field": "t", f"{ns}field2": "t2"},
        sensorElementList=[{"sensorReport": [report], f"{ns}own": {f"{ns}deep": "v"}}],
        ilmd={f"{ns}lot": "L"},
    ) == (
        f"readPointid=urn:x:r{ns}field2=t2{ns}field=tsensorElementListsensorElementsensorReport"
        f"type=gs1:Anglecomponent=https://ref.gs1.org/cbv/Comp-latitude{ns}a=10{ns}a=2{ns}b=true"
        f"{ns}own{ns}deep=vilmd{ns}lot=L"
    )


def test_prefixes_are_expanded_where_they_are_declared() -> None:
    def hashed(context: list[Any]) -> str:
        event = {"type": "ObjectEvent", **EVENT, "ext:a": "gs1:x", "@context": context}
        return pre_hash(read_epcis(json.dumps(event).encode()).events[0]).removeprefix(HEAD)

    assert hashed([{"ext": "urn:ns:", "gs1": "https://gs1.org/voc/"}]) == (
        "{urn:ns:}a=https://gs1.org/voc/x")
    assert hashed(["https://example.com/c"]) == "ext:a=gs1:x"


def test_the_id_is_the_digest_of_what_is_hashed() -> None:
    event = Event("ObjectEvent", EVENT)
    assert event_hash(event) == (
        f"ni:///sha-256;{hashlib.sha256(HEAD.encode()).hexdigest()}?ver=CBV2.0")


def test_any_change_of_a_value_changes_the_hash() -> None:
    one = Event("ObjectEvent", {**EVENT, "epcList": ["urn:x:a"], "action": "ADD"})
    others = [
        Event("ObjectEvent", {**one.members, name: value})
        for name, value in (("action", "OBSERVE"), ("epcList", ["urn:x:b"]), ("bizStep", "packing"),
                            ("eventTime", "2026-01-01T00:00:00.001Z"), ("{urn:n}x", "1"))
    ]
    assert len({event_hash(event) for event in [one, *others]}) == 6


_AMOUNT = {"uom": "KGM", "epcClass": "https://id.gs1.org/01/09520000000028/10/A", "quantity": 5}
_UNIT = "https://id.gs1.org/00/095200000000000017"


@pytest.mark.parametrize("member", [
    {"epcList": [_UNIT, "urn:epc:id:sscc:0952000.0000000002"]}, {"epcList": []}, {"epcList": [""]},
    {"epcList": [_UNIT, 7]}, {"epcList": _UNIT}, {"epcList": ["x" * 200]},
    {"quantityList": [_AMOUNT]}, {"quantityList": [_AMOUNT, {"epcClass": "urn:x:a"}]},
    {"quantityList": []}, {"quantityList": [{}]}, {"quantityList": [{**_AMOUNT, "{urn:x}own": "1"}]},
    {"quantityList": [{**_AMOUNT, "quantity": True}]}, {"quantityList": [{**_AMOUNT, "uom": None}]},
    {"quantityList": ["KGM"]}, {"quantityList": [{**_AMOUNT, "quantity": " 05.0 "}]},
    {"readPoint": {"id": "https://id.gs1.org/414/9520000000004"}}, {"readPoint": {"id": ""}},
    {"readPoint": {"id": "urn:x:1", "{urn:x}own": "1"}}, {"readPoint": {}}, {"readPoint": {"id": 5}},
    {"bizStep": "packing"}, {"bizStep": " packing "}, {"bizStep": ""}, {"action": "ADD"},
    {"bizStep": ["packing"]}, {"disposition": "urn:epcglobal:cbv:disp:active"},
    {"bizTransactionList": [{"type": "prodorder", "bizTransaction": "urn:x:1"}, {"type": "po"}]},
    {"bizTransactionList": [{"type": "x" * 200, "bizTransaction": "urn:x:1"}]},
    {"persistentDisposition": {"set": ["recalled"]}}, {"sourceList": [{"source": "urn:x:1"}]},
], ids=repr)
def test_what_is_written_at_once_is_what_its_nodes_say(
    member: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = _hashed(**member, parentID=_UNIT)
    monkeypatch.setattr(epcis_hash, "_at_once", lambda name, value, values: None)
    assert at_once == _hashed(**member, parentID=_UNIT)
