"""Our judgement of form against the official EPCIS schema, on broken copies of third-party events.

Neither the schema nor the events are part of this repository; without them this is skipped and says
so. Where we only give a notice, what the schema refuses is named here.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contracts.formats.epcis_lint import lint_epcis
from contracts.formats.findings import Severity

SHARED = Path(os.environ.get("GXPROOF_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
SCHEMA = SHARED / "epcis" / "EPCIS-JSON-Schema.json"
DOCUMENTS = SHARED / "openepcis/core/src/main/resources/2.0/EPCIS/JSON/Capture/Documents"
pytestmark = pytest.mark.skipif(not SCHEMA.exists(), reason=f"no official schema at {SCHEMA}")
# Rules of form. What is a matter of meaning, the schema accepts.
FORM = {
    "wrapper-incomplete", "event-type-unknown", "member-missing", "member-unknown", "member-twice",
    "type-wrong", "time-malformed", "offset-malformed", "uri-malformed", "word-unknown",
    "word-spelling", "action-unknown", "ilmd-misplaced", "unit-malformed",
}
SET_LISTS = ("epcList", "inputEPCList", "outputEPCList")
VALUES: tuple[Any, ...] = (
    None, "", [], {}, "x", "receiving", "ADD", 5, -1.5, True, "https://a.b/c", "+01:00", "kg", "a b",
    "urn:epcglobal:cbv:bizstep:receiving", "2020-01-01T00:00:00Z", "22-07-2026", ["https://a.b/c"],
    [{}], {"id": "https://a.b/c"}, "gs1:Angle", "https://gs1.org/voc/Angle", "2020-13-01T00:00:00Z",
    "https://ref.gs1.org/cbv/BizStep-receiving", "http://ns.gs1.org/cbv/x", "2020-01-01t00:00:00z",
    "2020-01-01 00:00:00Z", "2020-01-01T24:00:00Z",
)
NAMES = ("foo", "action", "ext:x", "ilmd", "epcList", "a b", "persistentDisposition", "parentID",
         "transformationID", "quantityList")


def _official() -> jsonschema_rs.Validator:
    schema = json.loads(SCHEMA.read_bytes())
    return jsonschema_rs.validator_for(
        {"$schema": schema["$schema"], "$ref": "#/definitions/EPCIS-Document-Event",
         "definitions": schema["definitions"]},
        validate_formats=True,
    )


def _events() -> list[dict[str, Any]]:
    contents = [json.loads(path.read_bytes()) for path in sorted(DOCUMENTS.glob("*.json"))]
    return [event for content in contents for event in content["epcisBody"].get("eventList", [])]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else (
        enumerate(value) if isinstance(value, list) else ())
    for name, item in items:
        yield (*path, name)
        yield from _places(item, (*path, name))


def _broken(event: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """A copy of an event with one thing changed somewhere."""
    mutant = copy.deepcopy(event)
    *way, last = rng.choice(list(_places(mutant)))
    at: Any = mutant
    for name in way:
        at = at[name]
    how = rng.choice(("delete", "set", "rename", "double", "add"))
    if how == "delete":
        del at[last]
    elif how == "set":
        at[last] = copy.deepcopy(rng.choice(VALUES))
    elif isinstance(at, list):
        at.append(copy.deepcopy(at[last]))
    elif how == "rename":
        at[rng.choice(NAMES)] = at.pop(last)
    else:
        at[rng.choice(NAMES)] = copy.deepcopy(rng.choice(VALUES))
    return mutant


def _judged(event: dict[str, Any]) -> tuple[bool, bool]:
    """Whether we refuse the form of an event, and whether we give a notice of it."""
    found = lint_epcis(json.dumps({
        "@context": ["https://example.com/c"], "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00Z", "epcisBody": {"eventList": [event]},
    }).encode())
    errors = {each.rule for each in found if each.severity is Severity.ERROR
              and (each.rule in FORM or _is_form(each.rule, each.place, event))}
    return bool(errors), any(each.severity is Severity.NOTICE for each in found)


def _is_form(rule: str, place: str, event: dict[str, Any]) -> bool:
    """Whether the schema says the same: objects are distinct in a set, and there is one at all."""
    if rule == "identifier-twice":
        sets = () if event["type"] == "TransactionEvent" else SET_LISTS
        return any(f"/{name}/" in place for name in (*sets, "set", "unset"))
    return rule == "object-missing" and not (
        event["type"] == "ObjectEvent" and event.get("epcList") == [])


@pytest.mark.parametrize("seed", range(4))
def test_what_the_official_schema_refuses_we_refuse_and_no_more(seed: int) -> None:
    rng, official, events = random.Random(seed), _official(), _events()
    refused = 0
    for _ in range(600):
        mutant = _broken(rng.choice(events), rng)
        theirs = not official.is_valid(mutant)
        ours, noticed = _judged(mutant)
        refused += ours
        assert ours is theirs or (theirs and noticed), json.dumps(mutant)
    assert 100 < refused < 500
