"""The messages on a broker: AsyncAPI 3.0, one channel per message and receiver."""

from __future__ import annotations

from typing import Any

from pydantic.alias_generators import to_camel

from contracts.model.envelope import MEDIA_TYPE
from contracts.model.messages import MESSAGES, MessageType
from contracts.model.roles import Role
from contracts.wire.json_schemas import envelope_schema
from contracts.wire.openapi import CONTRACT_VERSION

_SCHEMA_FORMAT = "application/schema+json;version=2020-12"
_ABOUT = (
    "The same messages, byte for byte, as on the exchange interface. The headers carry those of "
    "the HTTPS request: key, content type, digest and signature. What comes back goes to the "
    "subject that the header gxproof-reply-to names, with the status in the header "
    "gxproof-status. Questions go to gxproof.v1.ROLE.questions.NAME, request and reply. The broker "
    "decides nothing: no message id is given to it, and its window for duplicates never counts."
)


def asyncapi_document() -> dict[str, Any]:
    """The document."""
    messages = tuple(MESSAGES.values())
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "GxProof contract: messages on a broker",
            "version": CONTRACT_VERSION,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": MEDIA_TYPE,
        "channels": {
            _channel_name(message, receiver): _channel(message, receiver)
            for message in messages for receiver in message.receivers
        },
        "operations": {
            name: operation for message in messages for receiver in message.receivers
            for name, operation in _operations(message, receiver)
        },
        "components": {
            "messages": {_name(message): _message(message) for message in messages},
            "schemas": {"envelope": {"schemaFormat": _SCHEMA_FORMAT, "schema": _envelope()}},
        },
    }


def _name(message: MessageType) -> str:
    return str(to_camel(message.name.replace("-", "_")))


def _channel_name(message: MessageType, receiver: Role) -> str:
    """One channel for each receiver; only a message that goes both ways names it."""
    name = _name(message)
    return f"{name}To{receiver.capitalize()}" if message.both_ways else name


def _channel(message: MessageType, receiver: Role) -> dict[str, Any]:
    name = _name(message)
    return {
        "address": f"gxproof.v1.{receiver}.{message.name}",
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
    }


def _operations(message: MessageType, receiver: Role) -> list[tuple[str, dict[str, Any]]]:
    name = _name(message)
    capital = name[0].upper() + name[1:]
    channel = {"$ref": f"#/channels/{_channel_name(message, receiver)}"}
    summary = (message.payload.__doc__ or "").splitlines()[0]
    return [
        (f"{receiver.partner}Sends{capital}",
         {"action": "send", "channel": channel, "summary": summary}),
        (f"{receiver}Receives{capital}",
         {"action": "receive", "channel": channel, "summary": summary}),
    ]


def _envelope() -> dict[str, Any]:
    document = ("$schema", "$id", "allOf")
    return {name: value for name, value in envelope_schema().items() if name not in document}


def _message(message: MessageType) -> dict[str, Any]:
    payload = {"$ref": f"schemas/{message.name}.json"}
    of_this_type = {"properties": {"type": {"const": message.type}, "data": payload}}
    envelope = {"$ref": "#/components/schemas/envelope/schema"}
    return {
        "name": message.name,
        "contentType": MEDIA_TYPE,
        "headers": {
            "type": "object",
            "required": ["idempotency-key"],
            "properties": {"idempotency-key": {"type": "string"}},
        },
        "payload": {
            "schemaFormat": _SCHEMA_FORMAT,
            "schema": {"allOf": [envelope, of_this_type]},
        },
    }
