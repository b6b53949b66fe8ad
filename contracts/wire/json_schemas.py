"""JSON Schema 2020-12 of the typed models, as it is published.

What a member is for stands below it in the source of its model, and is read from there when a
schema is made: read by every process that starts, it was about a fifth of what starting took.
An optional member is absent, never null; every object is closed; no member has a title of its own.
What a schema cannot say (check digits, calendar days, rules between members) stands in the models
and in the register of business rules.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from contracts.model.envelope import SCHEMA_ROOT
from contracts.model.messages import MESSAGES, MessageType
from contracts.model.wire_model import WireModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"
COMPONENTS = "#/components/schemas/"
_DEFINITIONS = "#/$defs/"
Schema = dict[str, Any]


class _Published(GenerateJsonSchema):
    """The generator with our decisions: absent instead of null, titles for models alone, each
    member with what its source says of it, unless it has a description of its own."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", ...) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        model: type[WireModel] = schema["cls"]
        for name, member in model.model_fields.items():
            said = None if member.description else _said_of(model, name)
            if said:
                made["properties"][member.alias or name]["description"] = said
        return made


def _said_of(model: type, name: str) -> str | None:
    """What the source says of a member, where the nearest class that declares it stands."""
    for cls in model.__mro__:
        if name in vars(cls).get("__annotations__", ()):
            return _members_of(cls.__module__).get((cls.__qualname__.partition("[")[0], name))
    return None


@cache
def _members_of(module: str) -> dict[tuple[str, str], str]:
    """The texts below the members of a module's classes, by class and member."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {
        (found.name, member.target.id): inspect.cleandoc(below.value.value)
        for found in tree.body if isinstance(found, ast.ClassDef)
        for member, below in pairwise(found.body)
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name)
        and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }


def component_schemas(models: Iterable[type[WireModel]]) -> dict[str, Schema]:
    """The schemas of these models and all they are made of, by name, for an OpenAPI document."""
    found = _definitions(tuple(models), COMPONENTS)
    for message in MESSAGES.values():
        schema = found.get(component_name(message.envelope))
        if schema is not None:
            schema["properties"]["type"]["const"] = message.type
    return dict(sorted(found.items()))


def component_name(model: type[WireModel]) -> str:
    """The name of a model among the components: ``PickRequestedMessage`` for an envelope."""
    generic = re.fullmatch(r"Envelope\[(\w+)\]", model.__name__)
    return f"{generic[1]}Message" if generic else model.__name__


def readable(text: str) -> str:
    """Text of a docstring as one line of Markdown, members by their published names."""
    named = re.sub(r"``([a-z]+(?:_[a-z0-9]+)+)``", lambda found: f"`{to_camel(found[1])}`", text)
    return " ".join(named.replace("``", "`").split())


def payload_schema(message: MessageType) -> Schema:
    """The schema of one message's payload; its ``$id`` is the ``dataschema`` of the message."""
    definitions = _definitions((message.payload,), _DEFINITIONS)
    schema = definitions.pop(message.payload.__name__)
    document = {"$schema": DIALECT, "$id": message.dataschema, **schema}
    if definitions:
        document["$defs"] = dict(sorted(definitions.items()))
    return document


def envelope_schema() -> Schema:
    """The schema of a whole message: the envelope, and the payload that its ``type`` names."""
    first = next(iter(MESSAGES.values()))
    schema = _definitions((first.envelope,), _DEFINITIONS)[component_name(first.envelope)]
    members = schema["properties"]
    members["type"] = {"enum": [message.type for message in MESSAGES.values()]}
    members["data"] = {"type": "object"}
    return {
        "$schema": DIALECT,
        "$id": f"{SCHEMA_ROOT}/envelope/1.0.0",
        **schema,
        "title": "Envelope",
        "allOf": [_payload_by_type(message) for message in MESSAGES.values()],
    }


def _payload_by_type(message: MessageType) -> Schema:
    return {
        "if": {"properties": {"type": {"const": message.type}}, "required": ["type"]},
        "then": {"properties": {"data": {"$ref": message.dataschema}}},
    }


def _definitions(models: tuple[type[WireModel], ...], root: str) -> dict[str, Schema]:
    _, schema = models_json_schema(
        [(model, "validation") for model in models],
        by_alias=True,
        ref_template=root + "{model}",
        schema_generator=_Published,
    )
    return {_renamed(name): _readable(value) for name, value in schema["$defs"].items()}


def _readable(schema: Any) -> Any:
    """The schema with its keywords in reading order and its descriptions in one line each."""
    if isinstance(schema, list):
        return [_readable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    names = sorted(schema, key=_reading_order)
    return {name: _member(name, schema[name]) for name in names if _says_something(name, schema)}


def _member(name: str, item: Any) -> Any:
    if name == "properties":
        return {member: _readable(schema) for member, schema in item.items()}
    if name in ("description", "title"):
        return _renamed(readable(item))
    if name == "$ref":
        root, _, last = item.rpartition("/")
        return f"{root}/{_renamed(last)}"
    return _readable(item)


def _reading_order(keyword: str) -> int:
    first = ("$ref", "title", "description", "type", "const", "enum", "format", "pattern")
    last = ("items", "properties", "required", "additionalProperties")
    if keyword in first:
        return first.index(keyword)
    return len(first) + (last.index(keyword) + 1 if keyword in last else 0)


def _says_something(keyword: str, schema: Schema) -> bool:
    return keyword != "default" or "const" not in schema


def _renamed(text: str) -> str:
    text = re.sub(r"^Envelope_(\w+?)_$", r"\1Message", text)
    return re.sub(r"^Envelope\[(\w+)\]$", r"\1Message", text)
