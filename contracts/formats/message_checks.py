"""Judging a message of our own contract, as a receiver would read it, before any business rule.

A golden message of the published contract is a case around such messages: the bodies that are sent,
and their answers. Its bodies are judged.
Source: CloudEvents 1.0; the published schemas of version 1; URS-INP-001, URS-INP-003, URS-INP-004.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from contracts.formats.findings import Finding, Severity
from contracts.model.messages import MESSAGES, MessageType
from contracts.record.strict_json import Unreadable, read_json

_MARK = b'"specversion"'
_TYPES = {message.type: message for message in MESSAGES.values()}


class Rule(StrEnum):
    """The name of a rule, as it is printed."""

    JSON_UNREADABLE = "json-unreadable"
    MESSAGE_TYPE_UNKNOWN = "message-type-unknown"
    DATASCHEMA_UNKNOWN = "dataschema-unknown"
    MEMBER_MISSING = "member-missing"
    MEMBER_UNKNOWN = "member-unknown"
    MEMBER_WRONG = "member-wrong"


BREAKS: dict[Rule, str] = {
    Rule.JSON_UNREADABLE: "a receiver refuses it unread, or two readers read two things",
    Rule.MESSAGE_TYPE_UNKNOWN: "no receiver of version 1 knows what to do with it",
    Rule.DATASCHEMA_UNKNOWN: "the receiver cannot know which version of the payload this is",
    Rule.MEMBER_MISSING: "the receiver refuses the message and names this path",
    Rule.MEMBER_UNKNOWN: "the receiver refuses the message: it would be read by nobody",
    Rule.MEMBER_WRONG: "the receiver refuses the message and names this path",
}


def is_message(data: bytes) -> bool:
    """Whether this looks like a CloudEvents message, however broken it may be."""
    return data.removeprefix(BOM_UTF8).lstrip().startswith(b"{") and _MARK in data


def check_message(data: bytes) -> list[Finding]:
    """What a receiver would refuse ``data`` for; the places are JSON pointers (RFC 6901)."""
    try:
        content = read_json(data)
    except Unreadable as exc:
        return [_finding(Rule.JSON_UNREADABLE, (), str(exc))]
    return _check_content(content)


def is_golden(data: bytes) -> bool:
    """Whether this is a golden message: steps that are sent to an operation, in good JSON."""
    if b'"steps"' not in data or b'"operation"' not in data:
        return False
    try:
        case = read_json(data.removeprefix(BOM_UTF8))
    except Unreadable:
        return False
    return isinstance(case, dict) and "operation" in case and isinstance(case.get("steps"), list)


def check_golden(data: bytes) -> list[Finding]:
    """What a receiver would refuse the bodies of a golden message for, whatever its answer says."""
    steps = read_json(data.removeprefix(BOM_UTF8))["steps"]
    if not steps:
        return [_finding(Rule.MEMBER_MISSING, ("steps",), "there is no step")]
    return [finding for number, step in enumerate(steps) for finding in _check_step(number, step)]


def _check_step(number: int, step: Any) -> Iterator[Finding]:
    """The findings in the body of a step: a JSON value, or the bytes of a text."""
    members = step if isinstance(step, dict) else {}
    text = members.get("bodyText")
    if isinstance(text, str):
        name, found = "bodyText", check_message(text.encode("utf-8", "surrogatepass"))
    elif "body" in members:
        name, found = "body", _check_content(members["body"])
    else:
        yield _finding(Rule.MEMBER_MISSING, ("steps", number), "it has neither body nor bodyText")
        return
    for finding in found:
        inside = "" if finding.place == "/" else finding.place
        yield replace(finding, place=f"/steps/{number}/{name}{inside}")


def _check_content(content: Any) -> list[Finding]:
    kind = content.get("type") if isinstance(content, dict) else None
    message = _TYPES.get(kind) if isinstance(kind, str) else None
    if message is None:
        what = "there is no type" if kind is None else f"{_shown(kind)} is no message of version 1"
        return [_finding(Rule.MESSAGE_TYPE_UNKNOWN, ("type",), what)]
    return _check_members(message, content)


def _check_members(message: MessageType, content: Any) -> list[Finding]:
    try:
        read = message.envelope.from_json(content)
    except ValidationError as exc:
        return [_member(error) for error in exc.errors(include_url=False)]
    if read.dataschema != message.dataschema:
        what = f"{_shown(read.dataschema)}, expected {message.dataschema}"
        return [_finding(Rule.DATASCHEMA_UNKNOWN, ("dataschema",), what)]
    return []


def _member(error: Any) -> Finding:
    rule = {
        "missing": Rule.MEMBER_MISSING,
        "extra_forbidden": Rule.MEMBER_UNKNOWN,
    }.get(error["type"], Rule.MEMBER_WRONG)
    return _finding(rule, error["loc"], _what(rule, error))


def _what(rule: Rule, error: Any) -> str:
    name = error["loc"][-1] if error["loc"] else "it"
    if rule is Rule.MEMBER_MISSING:
        return f"{name} is missing"
    if rule is Rule.MEMBER_UNKNOWN:
        return f"{_shown(name)} is no member of the contract"
    if error["type"] == "too_short":
        held, needed = error["ctx"]["actual_length"], error["ctx"]["min_length"]
        return f"{name} holds {held}, expected at least {needed}"
    what = str(error["msg"]).removeprefix("Value error, ")
    what = what.replace("Input should be", "expected").replace("String should", "it should")
    shown = "" if isinstance(error["input"], dict | list) else f"{_shown(error['input'])}: "
    return shown + what


def _finding(rule: Rule, at: Iterable[int | str], what: str) -> Finding:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in at)
    place = "".join(f"/{step}" for step in steps) or "/"
    return Finding(place, rule, Severity.ERROR, what, BREAKS[rule])


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
