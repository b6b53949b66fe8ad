"""No request of the contract carries an integer without end: a database holds 64 bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from contracts.model.operations import OPERATIONS, Operation

_ENDS = {"maximum", "exclusiveMaximum", "const", "enum"}
WITH_BODY = [operation for operation in OPERATIONS.values() if operation.body]


def _endless(schema: Any, path: str = "") -> Iterator[str]:
    if isinstance(schema, dict):
        if schema.get("type") == "integer" and not _ENDS & schema.keys():
            yield path
        for name, part in schema.items():
            yield from _endless(part, f"{path}/{name}")
    elif isinstance(schema, list):
        for number, part in enumerate(schema):
            yield from _endless(part, f"{path}/{number}")


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: operation.id)
def test_every_integer_of_a_request_has_a_greatest_value(operation: Operation) -> None:
    assert [*_endless(TypeAdapter(operation.body).json_schema())] == []


def test_an_integer_without_end_is_found() -> None:
    schema = {"properties": {"count": {"anyOf": [{"type": "integer", "minimum": 0}]}}}
    assert [*_endless(schema)] == ["/properties/count/anyOf/0"]
