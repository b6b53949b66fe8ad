"""The published schemas and the models accept and refuse the same documents.

What a schema cannot say is listed here by the words of the refusal, and nothing else may differ.
Every model is tried with half as many documents in the usual suite as in the long one.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, reject, seed, settings
from pydantic import ValidationError
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from contracts.model.answers import Problem
from contracts.model.messages import MESSAGES
from contracts.model.operations import OPERATIONS
from contracts.model.stimulus import Load, SetClock
from contracts.model.wire_model import WireModel
from contracts.record.strict_json import Unreadable, read_json
from contracts.wire.json_schemas import COMPONENTS, component_name, component_schemas
from features.contract_checks.randomness import seed_alone

# How many documents are generated of a body, and of an answer.
FEW, MORE = (4, 3), (8, 6)
BODIES = {o.body for o in OPERATIONS.values() if o.body is not None}
MODELS = {
    component_name(model): model
    for model in sorted(BODIES | {o.answer for o in OPERATIONS.values()} | {Problem},
                        key=component_name)
    # The state is all exports side by side; each of them is here by itself.
    if component_name(model) != "State"
}
SCHEMAS = component_schemas(MODELS.values())
# What a schema cannot say.
BEYOND_SCHEMA = {
    "check digit is": "GTIN and SSCC",
    "check character is": "lot codes of the site",
    "the lower limit is above the upper one": "two members of a criterion",
    "an assay is stated in P1": "two members of a criterion",
    "day is out of range for month": "calendar",
    "toleranceHigh is in another unit than quantity": "two members of a pick line",
    "toleranceHigh is below zero": "a decimal that may not be negative there",
    "two lines have the same lineId": "identity within a list",
    "give either now or live": "one of two members",
    "until belongs to what is allowed": "members that go by the answer",
    "code belongs to a refusal": "members that go by the outcome",
    "is not what the other two amounts give": "three amounts of a count or an adjustment",
    "is in another unit": "amounts of a count or an adjustment",
    "a unit stands twice, or is its own child": "identity within a list, and of two members",
    "lotId belong to units of sale alone": "members that go by the kind of unit",
    "lotId and locationId belong to units of sale alone": "members that go by the kind of unit",
    "code and path belong to a refused scan alone": "members that go by the outcome",
    "a component stands twice, or is the kit itself": "identity within a list",
    "a serial number stands twice": "identity within a list",
    "serials of ": "two members of a pack",
    "a container left twice": "identity within a list",
    "REAL_TIME carries toContainer, weighing and verification": "members that go by the mode",
    "BACKFLUSH carries no toContainer, weighing or verification": "members that go by the mode",
    "orderId is given exactly where the origin is IN_PROCESS": "members that go by the origin",
    "it goes to where it is": "two members of a transfer",
    "leave it out instead of null": "members of an EPCIS document that are free in form",
    "serial numbers need the gtin of their item": "two members of a return or of scrap",
}
# What the model leaves to the shell, which refuses it in its own words: the type of a message.
LEFT_TO_SHELL = "type"


def _document() -> dict[str, Any]:
    """One operation per model, so that documents are generated from the published schema."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "models", "version": "1"},
        "paths": {f"/{name}": {"post": _posting(name)} for name in MODELS},
        "components": {"schemas": SCHEMAS},
    }


def _posting(name: str) -> dict[str, Any]:
    schema = {"schema": {"$ref": COMPONENTS + name}}
    return {
        "requestBody": {"required": True, "content": {"application/json": schema}},
        "responses": {"200": {"description": "ok"}},
    }


@cache
def _operations() -> schemathesis.BaseSchema:
    config = SchemathesisConfig.from_dict({"seed": 7, "generation": {"database": "none"}})
    return schemathesis.openapi.from_dict(_document(), config=config)


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    schema = {"$ref": COMPONENTS + name, "components": {"schemas": SCHEMAS}}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _documents(name: str, mode: GenerationMode, counts: tuple[int, int]) -> list[Any]:
    """Documents from the schema of a model; in negative mode from one that was bent.

    A case without a document, or one that still fits after the bending, is drawn again. The seed
    alone decides what is drawn, whatever modules other tests have loaded.
    """
    fits = _validator(name).is_valid
    bent = mode is GenerationMode.NEGATIVE
    found: list[Any] = []
    of_a_body, of_an_answer = counts
    examples = of_a_body if MODELS[name] in BODIES else of_an_answer

    @seed(20261122)
    @settings(max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck), backend=seed_alone())
    @given(_operations()[f"/{name}"]["POST"].as_strategy(generation_mode=mode))
    def collect(case: schemathesis.Case[Any]) -> None:
        try:
            document = json.loads(json.dumps(case.body))
        except TypeError:  # no body at all, or bytes
            reject()
        if bent and fits(document):
            reject()
        found.append(document)

    collect()
    return found


def _refusal(model: type[WireModel], document: Any) -> str:
    """The first refusal of a document, as it goes on the wire; empty where it is accepted."""
    try:
        model.from_json(read_json(json.dumps(document).encode()))
    except ValidationError as exc:
        return exc.errors(include_url=False)[0]["msg"]
    except Unreadable as exc:
        return str(exc)
    return ""


HOW_MANY = pytest.mark.parametrize(
    "counts", [pytest.param(FEW, id="few"), pytest.param(MORE, id="more", marks=pytest.mark.long)]
)


@HOW_MANY
@pytest.mark.parametrize("name", MODELS)
def test_what_the_schema_accepts_parses(name: str, counts: tuple[int, int]) -> None:
    documents = _documents(name, GenerationMode.POSITIVE, counts)
    assert documents
    for document in documents:
        assert _validator(name).is_valid(document)
        message = _refusal(MODELS[name], _without_points(document))
        known = any(reason in message for reason in BEYOND_SCHEMA)
        assert not message or known, (message, document)


def _without_points(document: Any) -> Any:
    """The document with integers spelled as integers: to a schema 1.0 is one, to the model not."""
    if isinstance(document, dict):
        return {name: _without_points(value) for name, value in document.items()}
    if isinstance(document, list):
        return [_without_points(value) for value in document]
    return int(document) if isinstance(document, float) else document


@HOW_MANY
@pytest.mark.parametrize("name", MODELS)
def test_what_the_schema_refuses_is_refused(name: str, counts: tuple[int, int]) -> None:
    bent = _documents(name, GenerationMode.NEGATIVE, counts)
    assert bent
    for document in bent:
        refused = _refusal(MODELS[name], document) or _refused_by_the_shell(name, document)
        assert refused, document


def _refused_by_the_shell(name: str, document: Any) -> bool:
    """Whether the type of the message is all that the schema refuses."""
    of_this = {m.type for m in MESSAGES.values() if component_name(m.envelope) == name}
    return bool(of_this) and document.get(LEFT_TO_SHELL) not in of_this


@pytest.mark.parametrize("name", MODELS)
def test_no_schema_allows_null(name: str) -> None:
    assert '"null"' not in json.dumps(SCHEMAS[name])


def _envelope(**changes: Any) -> dict[str, Any]:
    data = {
        "confirmationId": "S-1", "requestId": "R-1", "lineId": "10", "orderId": "O-1",
        "materialId": "M-1", "lotId": "L-1", "lot": "LOT1", "sourceContainer":
        "095200000000000011", "container": "095200000000000011", "quantity":
        {"value": "1.000", "unit": "KGM"}, "fromLocation": "A-01", "toLocation": "PSA-1",
        "scannedAt": "2026-03-31T08:00:00+02:00", "pickedBy": "p.picker", "station": "ST-1",
    }
    envelope = {
        "specversion": "1.0", "id": "019d427a-3b00-7d81-a35a-6bdd66b7af8e",
        "source": "urn:example:wms", "type": "gxproof.pick-confirmed.v1",
        "subject": "container/095200000000000011", "time": "2026-03-31T08:00:00+02:00",
        "dataschema": "https://gxproof.example/contract/v1/pick-confirmed/1.0.0",
        "sequence": "000000000001", "subjectsequence": "000000000001", "correlationid": "O-1",
        "data": data,
    }
    return {**envelope, **changes}


LITERALS: list[tuple[type[WireModel], Any, bool]] = [
    (MESSAGES["pick-confirmed"].envelope, _envelope(), True),
    (MESSAGES["pick-confirmed"].envelope, _envelope(causationid=None), False),
    (MESSAGES["pick-confirmed"].envelope, _envelope(specversion="0.3"), False),
    (MESSAGES["pick-confirmed"].envelope, _envelope(sequence="1"), False),
    (MESSAGES["pick-confirmed"].envelope, _envelope(time="2026-03-31 08:00:00+02:00"), False),
    (MESSAGES["pick-confirmed"].envelope, _envelope(time="2026-03-31T08:00:60+02:00"), False),
    (MESSAGES["pick-confirmed"].envelope, _envelope(time="1969-12-31T23:59:59Z"), False),
    (MESSAGES["pick-confirmed"].envelope, _envelope(time="2199-12-31T23:59:59-23:59"), True),
    (MESSAGES["pick-confirmed"].envelope, _envelope(time="2200-01-01T00:00:00Z"), False),
    (SetClock, {"now": "2026-03-31T08:00:00Z"}, True),
    (SetClock, {"now": None, "live": True}, False),
    (SetClock, {"live": 1}, False),
    (SetClock, {"live": "true"}, False),
    (Load, {}, True),
    (Load, {"orders": [{"orderId": "O", "bomId": "B", "bomVersion": True, "lines": []}]}, False),
    (Load, {"materials": [{"material_id": "M", "description": "d", "baseUnit": "KGM"}]}, False),
    (Load, {"materials": [{"materialId": "M", "description": "d", "baseUnit": "KGM"}]}, True),
]


@pytest.mark.parametrize(("model", "document", "is_good"), LITERALS)
def test_schema_and_model_agree_on_the_edges(
    model: type[WireModel], document: Any, is_good: bool
) -> None:
    assert _validator(component_name(model)).is_valid(document) is is_good
    assert (_refusal(model, document) == "") is is_good


@pytest.mark.parametrize(
    ("value", "is_good"),
    [
        ("1", True), ("0.000001", True), ("999999999999999.999999", True), ("12.500", True),
        ("0.1000000", False), ("0.0000001", False), ("0", False), ("0.000", False), ("-1", False),
        ("00.1", False), ("1.", False), (".5", False), ("1e3", False), ("1000000000000000", False),
        ("+1", False), ("1 ", False), ("1\n", False), ("١", False),
    ],
)
def test_schema_and_model_agree_on_amounts_above_zero(value: str, is_good: bool) -> None:
    data = {**_envelope()["data"], "quantity": {"value": value, "unit": "KGM"}}
    document = _envelope(data=data)
    model = MESSAGES["pick-confirmed"].envelope
    assert _validator(component_name(model)).is_valid(document) is is_good
    assert (_refusal(model, document) == "") is is_good


@pytest.mark.parametrize(("lot", "is_good"), [
    ("A", True), ("!\"%&'()*+,-./:;<=>?_z9", False), ("!\"%&'()*+,-./:;<=>_", True),
    ("LOT 1", False), ("LOT#1", False), ("", False), ("A\n", False), ("Ä", False),
])
def test_schema_and_model_agree_on_lot_numbers(lot: str, is_good: bool) -> None:
    document = _envelope(data={**_envelope()["data"], "lot": lot})
    model = MESSAGES["pick-confirmed"].envelope
    assert _validator(component_name(model)).is_valid(document) is is_good
    assert (_refusal(model, document) == "") is is_good


def test_an_integer_with_a_point_is_one_to_the_schema_and_none_to_the_model() -> None:
    order = '{"orders":[{"orderId":"O","bomId":"B","bomVersion":1.0,"lines":[{"lineId":"1",' \
        '"materialId":"M","quantity":{"value":"1","unit":"KGM"},' \
        '"toleranceHigh":{"value":"0","unit":"KGM"}}]}]}'
    assert _validator("Load").is_valid(json.loads(order))
    with pytest.raises(ValidationError, match="bomVersion"):
        Load.from_json(read_json(order.encode()))
