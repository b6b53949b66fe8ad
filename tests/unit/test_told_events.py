"""The reference's reading of the table of transactions, and what its repository keeps."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from contracts.formats.epcis import Event, event_hash, read_epcis
from contracts.formats.epcis_mapping import MAPPED, events_of
from contracts.formats.epcis_writing import event_json
from contracts.model.epcis import SimpleEventQuery
from contracts.model.instants import microseconds, read_timestamp
from contracts.model.messages import MESSAGES
from contracts.model.roles import Role
from contracts.wire.identity import Account, Identity
from reference_impl.domain.told_events import TOLD_OF, events_told, local_time
from reference_impl.epcis.repository import Origin, event_of, find, keep
from reference_impl.epcis.seeking import results, seek
from reference_impl.settings import Settings
from reference_impl.store.database import Database
from tests.golden.test_epcis_mapping import NO_EVENT, READABLE

SETTINGS = Settings(
    role=Role.MES, partners=(), partner_system="urn:example:wms", partner_url="asgi://nobody",
    identity=Identity("urn:example:mes", Account.MES, "mes.test", Ed25519PrivateKey.generate()),
)
NAMES = {message.type: message.name for message in MESSAGES.values()}
NOW = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", READABLE)
def test_the_reference_and_the_judge_read_the_table_alike(name: str) -> None:
    message, site = READABLE[name]
    told = events_told(NAMES[message.type], message.data, site)
    assert [event_json(e) for e in told] == [event_json(e) for e in events_of(message, site)]


def test_every_message_that_moves_matter_is_told() -> None:
    assert set(TOLD_OF) == MAPPED - NO_EVENT


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2198, 1, 1)),
       st.integers(-23 * 60, 23 * 60))
def test_local_time_keeps_the_instant_and_its_offset(naive: datetime, minutes: int) -> None:
    at = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    told = local_time(at)
    shown = read_timestamp(told["eventTime"])
    sign = -1 if told["eventTimeZoneOffset"][0] == "-" else 1
    hours, rest = map(int, told["eventTimeZoneOffset"][1:].split(":"))
    assert shown == at
    assert shown.utcoffset() == sign * timedelta(hours=hours, minutes=rest)
    assert abs(minutes) > 14 * 60 or shown.utcoffset() == at.utcoffset()


def _sample() -> Event:
    name = next(name for name in READABLE if name.startswith("count-completed"))
    message, site = READABLE[name]
    return events_told("count-completed", message.data, site)[0]


def test_an_event_is_kept_once_and_reads_back_as_it_was() -> None:
    event, database = _sample(), Database(Role.MES, None)
    with database.transaction() as connection:
        assert keep(connection, event, Origin("wms", "one", NOW))
        assert not keep(connection, event, Origin("wms", "two", NOW))
        row = find(connection, event.event_id or "")
    assert row is not None
    assert event_json(event_of(row)) == event_json(event)
    assert row["cause"] == "one"


def test_a_captured_prefix_comes_back_with_its_event() -> None:
    raw = {
        "@context": [{"ex": "https://example.com/ns/"}], "type": "ObjectEvent",
        "eventTime": "2026-03-30T09:00:00+02:00", "eventTimeZoneOffset": "+02:00",
        "action": "OBSERVE", "epcList": ["https://id.gs1.org/00/095212300000000017"],
        "ex:note": "fragile", "recordTime": "2020-01-01T00:00:00Z",
    }
    (event,) = read_epcis(json.dumps(raw).encode()).events
    event = replace(event, members={**event.members, "eventID": event_hash(event)})
    database = Database(Role.MES, None)
    with database.transaction() as connection:
        keep(connection, event, Origin("wms", "capture", NOW))
        page = seek(connection, SETTINGS, SimpleEventQuery())
    (shown,) = read_epcis(results(page, "2026-04-01T00:00:00Z")).events
    assert event_hash(shown) == event.event_id
    assert microseconds(read_timestamp(shown.members["recordTime"])) == microseconds(NOW)


def test_pages_come_in_the_order_of_recording_and_end() -> None:
    base, database = _sample(), Database(Role.MES, None)
    with database.transaction() as connection:
        for number in range(1203):
            named = {**base.members, "eventID": f"urn:x:{number}"}
            keep(connection, replace(base, members=named), Origin("wms", "m", NOW))
        token, found = None, []
        while True:
            query = SimpleEventQuery(
                per_page=500, next_page_token=token, eq_action=("OBSERVE",)
            )
            page = seek(connection, SETTINGS, query)
            found += [json.loads(event)["eventID"] for event in page.events]
            token = page.next
            if token is None:
                break
    assert found == [f"urn:x:{number}" for number in range(1203)]
