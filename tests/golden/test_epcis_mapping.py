"""Every golden message as EPCIS events: valid by the official schema, and free of findings of ours.

The official schema is not part of this repository; without it these tests are skipped and say so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from contracts.formats.epcis import Event, event_hash, read_epcis
from contracts.formats.epcis_correction import corrected, withdrawn
from contracts.formats.epcis_lint import lint_epcis
from contracts.formats.epcis_mapping import MAPPED, events_of
from contracts.formats.epcis_site import Gln, Site
from contracts.formats.epcis_writing import event_json, write_document, write_event
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Gtin14, LotNumber
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages import MESSAGES
from contracts.wire.golden import Golden
from contracts.wire.publication import golden_messages

SHARED = Path(os.environ.get("GXPROOF_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
SCHEMA = SHARED / "epcis" / "EPCIS-JSON-Schema.json"
needs_schema = pytest.mark.skipif(not SCHEMA.exists(), reason=f"no official schema at {SCHEMA}")
NO_EVENT = {
    "pick-requested", "pick-cancelled", "message-settled", "link-heartbeat", "master-data-published",
    "scan-recorded", "message-discarded",
}
NOW = datetime(2026, 4, 1, tzinfo=UTC)


@cache
def _official(definition: str) -> jsonschema_rs.Validator:
    schema = json.loads(SCHEMA.read_bytes())
    schema = {"$schema": schema["$schema"], "$ref": f"#/definitions/{definition}",
              "definitions": schema["definitions"]}
    return jsonschema_rs.validator_for(schema, validate_formats=True)


def _site(golden: Golden) -> Site:
    return Site(
        gln=Gln("9521321000018"), root="https://example.com/site",
        gtins={item.material_id: item.gtin for item in golden.load.materials if item.gtin},
        lots={lot.lot_id: lot.lot for lot in golden.load.lots},
    )


def _readable() -> Iterator[tuple[str, Envelope[Any], Site]]:
    """Each step of each golden message that reads as a message, whatever the receiver answers."""
    for golden in golden_messages():
        for number, step in enumerate(golden.steps):
            body = step.body if isinstance(step.body, dict) else {}
            described = next((m for m in MESSAGES.values() if m.type == body.get("type")), None)
            if described is None:
                continue
            try:
                message = described.envelope.from_json(body)
            except ValidationError:
                continue
            yield f"{golden.name}-{number}", message, _site(golden)


READABLE = {name: (message, site) for name, message, site in _readable()}


def _good(message_name: str) -> tuple[Envelope[Any], Site]:
    return next(pair for name, pair in READABLE.items()
                if name.startswith(message_name) and "-accepted-0" in name)


def test_every_message_has_its_place_in_the_table() -> None:
    assert set(MESSAGES) == MAPPED
    silent = {name for name in MESSAGES if not events_of(*_good(name))}
    assert silent == NO_EVENT


@needs_schema
@pytest.mark.parametrize("name", READABLE)
def test_each_event_is_valid_by_the_official_schema_and_clean_by_ours(name: str) -> None:
    events = events_of(*READABLE[name])
    for event in events:
        assert event.event_id == event_hash(event)
        written = json.loads(write_event(event))
        assert list(map(str, _official("EPCIS-Document-Event").iter_errors(written))) == []
    document = write_document(events, created=NOW)
    assert list(map(str, _official("EPCIS-Document").iter_errors(json.loads(document)))) == []
    assert [str(found) for found in lint_epcis(document, now=NOW) if found.rule != "no-event"] == []
    assert [event_hash(event) for event in read_epcis(document).events] == [
        event.event_id for event in events
    ]


@needs_schema
def test_the_schema_that_is_used_refuses_a_broken_event() -> None:
    event = event_json(events_of(*_good("count-completed"))[0])
    event["quantityList"] = "none"
    assert not _official("EPCIS-Document-Event").is_valid(event)


def _told(message_name: str, *names: str) -> list[tuple[Any, ...]]:
    events = events_of(*_good(message_name))
    return [(event.type, *(event.members.get(name) for name in names)) for event in events]


def test_a_receipt_tells_the_container_and_its_content_apart() -> None:
    told = _told("receipt-confirmed", "action", "bizStep", "disposition")
    assert told == [
        ("ObjectEvent", "OBSERVE", "receiving", "in_progress"),
        ("AggregationEvent", "OBSERVE", "receiving", "in_progress"),
        ("ObjectEvent", "OBSERVE", "holding", "non_sellable_other"),
    ]
    container, content, lot = events_of(*_good("receipt-confirmed"))
    assert "quantityList" not in container.members
    assert content.members["parentID"] == container.members["epcList"][0]
    assert [*lot.members["quantityList"][0]] == ["epcClass"]


def test_an_issue_is_no_dispensing_to_a_consumer() -> None:
    assert _told("material-issued", "action", "bizStep", "disposition") == [
        ("ObjectEvent", "ADD", "commissioning", "active"),
        ("AggregationEvent", "ADD", "packing", "in_progress"),
        ("TransformationEvent", None, "commissioning", "in_progress"),
    ]


def test_a_pack_is_an_output_of_the_order_that_consumed_the_inputs() -> None:
    assert _told("pack-completed", "action", "bizStep", "disposition") == [
        ("TransformationEvent", None, "creating_class_instance", "in_progress"),
        ("ObjectEvent", "ADD", "commissioning", "active"),
        ("ObjectEvent", "ADD", "commissioning", "active"),
        ("AggregationEvent", "ADD", "packing", "in_progress"),
    ]
    made = events_of(*_good("pack-completed"))
    issued, site = _good("material-issued")
    used = events_of(issued.model_copy(update={
        "data": issued.data.model_copy(update={"order_id": _good("pack-completed")[0].data.order_id}),
    }), site)
    assert made[0].members["transformationID"] == used[-1].members["transformationID"]


@pytest.mark.parametrize(("status", "told"), [
    ("QUARANTINE", ("holding", "non_sellable_other")), ("RELEASED", ("inspecting", "conformant")),
    ("REJECTED", ("inspecting", "non_conformant")), ("BLOCKED", ("holding", "unavailable")),
    ("EXPIRED", ("holding", "expired")), ("RECALLED", ("holding", "recalled")),
])
def test_a_lot_status_is_the_step_and_disposition_of_the_contract(
    status: str, told: tuple[str, str]
) -> None:
    message, site = _good("lot-status-changed")
    changed = message.model_copy(update={
        "data": message.data.model_copy(update={"to_status": LotStatus(status)})})
    (event,) = events_of(changed, site)
    assert (event.members["bizStep"], event.members["disposition"]) == told
    assert ("persistentDisposition" in event.members) is (status == "RECALLED")


def test_the_same_fact_has_the_same_id_and_another_act_another() -> None:
    message, site = _good("count-completed")
    other = message.model_copy(update={
        "data": message.data.model_copy(update={"count_id": "COUNT-OTHER"})})
    again = events_of(message, site)[0].event_id
    assert again == events_of(message.model_copy(update={"id": "other"}), site)[0].event_id
    assert again != events_of(other, site)[0].event_id


def test_a_quantity_stays_exact_to_the_last_digit() -> None:
    message, site = _good("count-completed")
    exact = message.data.counted.model_copy(update={"value": Decimal("123456789012345.678901")})
    counted = message.model_copy(update={"data": message.data.model_copy(update={"counted": exact})})
    (event,) = events_of(counted, site)
    assert b'"quantity":123456789012345.678901' in write_event(event)


def test_what_has_no_gs1_key_gets_a_uri_of_the_site() -> None:
    message, site = _good("count-completed")
    bare = Site(gln=site.gln, root="https://example.com/site/")
    (event,) = events_of(message, bare)
    assert event.members["quantityList"][0]["epcClass"] == (
        f"https://example.com/site/lot/{message.data.lot_id}")
    assert bare.place("A" * 21) == "https://example.com/site/place/" + "A" * 21
    assert bare.place("RACK-1") == "https://id.gs1.org/414/9521321000018/254/RACK-1"
    named = Site(gln=site.gln, root="x:", gtins={"M": Gtin14("09521234543213")},
                 lots={"L": LotNumber("A/1")})
    assert named.lot_class("M", "L") == "https://id.gs1.org/01/09521234543213/10/A%2F1"


def _wrong_and_right() -> tuple[list[Event], list[Event]]:
    message, site = _good("count-completed")
    right = message.data.counted.model_copy(update={"value": Decimal("23")})
    better = message.model_copy(update={"data": message.data.model_copy(update={"counted": right})})
    return events_of(message, site), events_of(better, site)


@needs_schema
def test_a_correction_declares_the_error_and_tells_what_is_right() -> None:
    wrong, right = _wrong_and_right()
    declared, told = corrected(wrong, right, at=NOW)
    assert declared.event_id == wrong[0].event_id == event_hash(declared)
    assert declared.members["errorDeclaration"] == {
        "declarationTime": "2026-04-01T00:00:00.000000Z", "reason": "incorrect_data",
        "correctiveEventIDs": [right[0].event_id],
    }
    assert told == right[0]
    document = write_document([*wrong, declared, told], created=NOW)
    assert _official("EPCIS-Document").is_valid(json.loads(document))
    assert lint_epcis(document, now=NOW) == []


def test_what_never_happened_is_withdrawn() -> None:
    wrong, _ = _wrong_and_right()
    (event,) = withdrawn(wrong, at=NOW)
    assert event.members["errorDeclaration"]["reason"] == "did_not_occur"


def test_a_correction_that_corrects_nothing_is_refused() -> None:
    wrong, _ = _wrong_and_right()
    with pytest.raises(ValueError, match="nothing to correct"):
        corrected(wrong, wrong, at=NOW)
    with pytest.raises(ValueError, match="without an id"):
        withdrawn([Event("ObjectEvent", {})], at=NOW)


def test_an_offset_beyond_the_standard_is_told_in_utc() -> None:
    message, site = _good("count-completed")
    far = message.data.counted_at.astimezone(timezone(timedelta(hours=15)))
    moved = message.model_copy(update={"data": message.data.model_copy(update={"counted_at": far})})
    (event,) = events_of(moved, site)
    assert event.members["eventTimeZoneOffset"] == "+00:00"
    assert event.event_id != events_of(message, site)[0].event_id


INDEX = SHARED / "mapping" / "transactions-index.json"


@pytest.mark.skipif(not INDEX.exists(), reason=f"no table of transactions at {INDEX}")
def test_every_transaction_of_the_table_is_told_by_a_message() -> None:
    told = {
        tuple(event.members.get(name) for name in ("action", "bizStep", "disposition"))
        for name, pair in READABLE.items() for message, site in (pair, *_other_statuses(name, pair))
        for event in events_of(message, site)
    }
    rows = json.loads(INDEX.read_bytes())
    missing = {row["name"] for row in rows
               if (row["action"], row["bizStep"], row["disposition"]) not in told}
    assert missing == set()


def _other_statuses(
    name: str, pair: tuple[Envelope[Any], Site]
) -> Iterator[tuple[Envelope[Any], Site]]:
    """A status message once for every status, and once more for a lot that was destroyed."""
    message, site = pair
    if name.startswith("lot-status-changed-accepted"):
        for status in LotStatus:
            yield message.model_copy(update={"data": message.data.model_copy(
                update={"to_status": status, "reason_code": StatusReason.DESTROYED})}), site
