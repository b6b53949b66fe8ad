"""What the reference captures, beside the judge's rules: two readings of one standard agree.

The corpus is not part of this repository; without it its comparison is skipped and says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.formats.epcis import Event, NotEpcis, read_epcis, read_epcis_json
from contracts.formats.epcis_semantics import check_events
from contracts.formats.epcis_structure import check_event as check_structure
from contracts.formats.epcis_vocabulary import EVENT_TYPES
from contracts.formats.findings import Finding, Severity
from contracts.model.codes import Code
from reference_impl.domain.event_sense import check_event
from tests.golden.test_epcis_schema_gaps import CASES

SHARED = Path(os.environ.get("GXPROOF_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
CORPUS = SHARED / "openepcis" / "core" / "src" / "main" / "resources" / "2.0"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AHEAD = timedelta(minutes=5)
# Where the reference takes no chances, and the judge tells it as a notice alone: an asset's check
# digit, an alert without a type, a state that lasts in an aggregation, one object spelled twice.
STRICTER = {"check-digit-wrong", "beyond-json-schema", "identifier-twice-spelled"}


def _events() -> Iterator[Event]:
    for path in sorted(CORPUS.rglob("*.json*")):
        try:
            yield from read_epcis(path.read_bytes()).events
        except NotEpcis:
            continue


def _findings(event: Event) -> list[Finding]:
    return [*check_structure(event), *check_events([event], now=NOW)]


@pytest.mark.skipif(not CORPUS.exists(), reason=f"no corpus at {CORPUS}")
def test_of_the_corpus_the_reference_takes_what_the_judge_accepts() -> None:
    taken = refused = 0
    for event in _events():
        found = _findings(event)
        errors = [each for each in found if each.severity is Severity.ERROR]
        refusal = check_event(event, "e", NOW, AHEAD)
        taken, refused = taken + (refusal is None), refused + (refusal is not None)
        if refusal is None:
            assert errors == []
        else:
            assert errors or {each.rule for each in found} & STRICTER, refusal
    assert (taken, refused) > (90, 20)


@pytest.mark.parametrize("name", CASES)
def test_the_gaps_of_the_official_schema_are_none_of_the_reference(name: str) -> None:
    content, rule = CASES[name]
    (event,) = read_epcis_json(json.dumps(content).encode()).events
    assert (check_event(event, "e", NOW, AHEAD) is None) == (rule is None)


def test_each_kind_of_fault_has_a_code_of_its_own() -> None:
    codes = set()
    for content, _ in CASES.values():
        (event,) = read_epcis_json(json.dumps(content).encode()).events
        refusal = check_event(event, "e", NOW, AHEAD)
        codes |= {refusal.code} if refusal else set()
    assert codes == {
        Code.EVENT_MALFORMED, Code.EVENT_KEY_WRONG, Code.EVENT_QUANTITY_WRONG,
        Code.EVENT_CONTRADICTORY, Code.EVENT_IN_FUTURE,
    }


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=9)
    | st.sampled_from(["ADD", "urn:x:1", "2026-11-22T09:15:30Z", "+01:00", "KGM", "receiving",
                       "https://id.gs1.org/00/095212300000000017", "urn:epc:id:sgtin:1.2.3"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
        st.sampled_from(["id", "epcClass", "quantity", "uom", "type", "source", "set", "x:y"]),
        inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*EVENT_TYPES]), st.data())
def test_no_event_crashes_the_capture(kind: str, data: st.DataObject) -> None:
    names = st.sampled_from([*EVENT_TYPES[kind], "strange"])
    good = {"eventTime": "2026-11-22T09:15:30Z", "eventTimeZoneOffset": "+01:00", "action": "ADD"}
    members = good | data.draw(st.dictionaries(names, _VALUES, max_size=4))
    refusal = check_event(Event(kind, members), "e", NOW, AHEAD)
    assert refusal is None or refusal.path.startswith("e")
