"""Messages of another major version, read for what they say in the present one.

The journal keeps what came, byte for byte; everything behind this door knows one version alone.
Source: URS-SCH-003.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from contracts.model.codes import Code, Refusal
from contracts.model.editions import Edition
from contracts.model.envelope import Envelope
from contracts.model.messages import MessageType
from contracts.record.strict_json import Unreadable, read_json
from reference_impl.web import reading


# implements FRS-SCH-003
def read_message(
    editions: Iterable[Edition], message: MessageType, raw: bytes
) -> Envelope[Any] | Refusal:
    """The message in the present version, in whichever supported one it is told.

    A refusal names the member as the sender wrote it.
    """
    told_in = _edition_of(editions, message, raw)
    if told_in is None:
        return reading.read_body(message.envelope, raw)  # type: ignore[return-value]
    try:
        content = _in_present_words(told_in, message, read_json(raw))
    except _NotOfThisVersion as exc:
        why = f"version {told_in.version} has no member of this name"
        return Refusal(Code.SCHEMA_VIOLATION, str(exc), why)
    body = reading.body_of(message.envelope, content)
    if isinstance(body, Refusal):
        return replace(body, path=_in_its_words(told_in, message, body.path))
    return body  # type: ignore[return-value]


def supported(editions: Iterable[Edition], message: MessageType) -> str:
    """The schemas in which a message is taken, for the sender to choose from."""
    return ", ".join([message.dataschema, *(e.schema_of(message) for e in editions)])


class _NotOfThisVersion(Exception):
    """The path of a member that another version has, under its name there."""


def _edition_of(
    editions: Iterable[Edition], message: MessageType, raw: bytes
) -> Edition | None:
    """The other edition that a body declares; what is unreadable is left to the usual reading."""
    known = {edition.schema_of(message): edition for edition in editions}
    if not known:
        return None
    try:
        content = read_json(raw)
    except Unreadable:
        return None
    declared = content.get("dataschema") if isinstance(content, dict) else None
    return known.get(declared) if isinstance(declared, str) else None


def _in_present_words(edition: Edition, message: MessageType, content: Any) -> Any:
    if content.get("type") != edition.type_of(message):
        raise _NotOfThisVersion("type")
    present = {**content, "type": message.type, "dataschema": message.dataschema}
    data = content.get("data")
    if isinstance(data, dict):
        names = edition.names_of(message.name)
        for name in names:
            if name in data:
                raise _NotOfThisVersion(f"data.{name}")
        back = {theirs: ours for ours, theirs in names.items()}
        present["data"] = {back.get(name, name): value for name, value in data.items()}
    return present


def _in_its_words(edition: Edition, message: MessageType, path: str) -> str:
    for ours, theirs in edition.names_of(message.name).items():
        here = f"data.{ours}"
        if path == here or path.startswith((f"{here}.", f"{here}[")):
            return f"data.{theirs}{path[len(here):]}"
    return path
