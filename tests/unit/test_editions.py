"""Messages of another major version: read for what they say, refused in the words of their sender."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.model.codes import Code, Refusal
from contracts.model.editions import Edition
from contracts.model.messages import MESSAGES
from contracts.record.canonical import canonical_bytes
from contracts.wire.publication import PUBLISHED
from features.contract_editions import AFTER_NEXT, NEXT, told_in
from reference_impl.web.editions import read_message, supported

MESSAGE = "pick-confirmed"
GOOD: dict[str, Any] = json.loads(
    (PUBLISHED / "golden/pick-confirmed-accepted.json").read_bytes()
)["steps"][0]["body"]


def read(body: object, *editions: Edition) -> Any:
    return read_message(editions, MESSAGES[MESSAGE], canonical_bytes(body))


def test_a_message_says_the_same_in_each_version() -> None:
    told = told_in(NEXT, MESSAGE, GOOD)
    assert "place" in told["data"]
    assert "toLocation" not in told["data"]
    assert read(told, NEXT) == read(GOOD, NEXT) == read(GOOD)


def test_each_edition_of_several_is_known() -> None:
    assert read(told_in(AFTER_NEXT, MESSAGE, GOOD), NEXT, AFTER_NEXT) == read(GOOD)
    assert supported((NEXT,), MESSAGES[MESSAGE]).split(", ") == [
        "https://gxproof.example/contract/v1/pick-confirmed/1.0.0",
        "https://gxproof.example/contract/v2/pick-confirmed/2.0.0",
    ]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"toLocation": "RACK"}, "data.toLocation"),
        ({"place": 7}, "data.place"),
        ({"place": ...}, "data.place"),
        ({"amount": {"value": "1", "uom": "KGM"}}, "data.amount"),
        ({"amount": {"value": "x", "unit": "KGM"}}, "data.amount.value"),
        ({"colour": "blue"}, "data.colour"),
    ],
)
def test_a_refusal_names_the_member_as_it_was_written(
    changes: dict[str, Any], path: str
) -> None:
    told = told_in(NEXT, MESSAGE, GOOD)
    data = {**told["data"], **changes}
    told["data"] = {name: value for name, value in data.items() if value is not ...}
    refusal = read(told, NEXT)
    assert isinstance(refusal, Refusal)
    assert refusal.code is Code.SCHEMA_VIOLATION
    assert refusal.path.startswith(path)


@pytest.mark.parametrize("body", [None, 7, [], "x", {}, {"dataschema": []}, {"dataschema": {}}])
def test_what_is_no_message_is_refused_as_ever(body: object) -> None:
    assert read(body, NEXT) == read(body)
    assert isinstance(read(body, NEXT), Refusal)


@pytest.mark.parametrize("raw", [b"", b"\xff", b'{"a": 1, "a": 2}', b"[" * 40 + b"]" * 40])
def test_what_is_unreadable_is_refused_as_ever(raw: bytes) -> None:
    refusal = read_message((NEXT,), MESSAGES[MESSAGE], raw)
    assert isinstance(refusal, Refusal)
    assert refusal.code is Code.UNREADABLE


def test_data_of_the_wrong_kind_is_refused() -> None:
    for data in (None, [], "x", 7):
        refusal = read({**told_in(NEXT, MESSAGE, GOOD), "data": data}, NEXT)
        assert isinstance(refusal, Refusal)
        assert refusal.path == "data"


def test_the_type_is_that_of_the_version() -> None:
    refusal = read({**told_in(NEXT, MESSAGE, GOOD), "type": MESSAGES[MESSAGE].type}, NEXT)
    assert isinstance(refusal, Refusal)
    assert refusal.path == "type"
