"""From bytes to a typed body, and from a refusal or a value to an answer."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from contracts.model.answers import PROBLEM_MEDIA_TYPE, REPLAYED_HEADER, Problem
from contracts.model.codes import Code, Refusal
from contracts.model.operations import JSON
from contracts.model.ports import HttpResponse
from contracts.model.wire_model import WireModel
from contracts.record.canonical import canonical_bytes
from contracts.record.strict_json import Unreadable, read_json

_SECRETS = frozenset({"password", "newPassword", "totpSecret", "code"})


# implements FRS-INP-001
# implements FRS-INP-003
# implements FRS-INP-004
# implements FRS-MDM-005
def read_body(model: type[WireModel], raw: bytes) -> WireModel | Refusal:
    """The typed body, or the refusal that names the first offending field."""
    try:
        content = read_json(raw)
    except Unreadable as exc:
        return Refusal(Code.UNREADABLE, "", str(exc))
    return body_of(model, content)


def body_of(model: type[WireModel], content: Any) -> WireModel | Refusal:
    """The same of a JSON document that is read already."""
    try:
        return model.from_json(content)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False, include_context=False)[0]
        why = first["msg"].removeprefix("Value error, ")
        return Refusal(Code.SCHEMA_VIOLATION, field_path(first["loc"]), why)


def field_path(location: tuple[int | str, ...]) -> str:
    """``('data', 'lines', 0, 'quantity')`` as ``data.lines[0].quantity``."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path


def answer(value: WireModel) -> HttpResponse:
    """A 200 answer."""
    return HttpResponse(200, {"content-type": JSON}, canonical_bytes(value.to_json()))


def exported(value: WireModel) -> HttpResponse:
    """A 200 answer that nobody stores or signs, so its form needs not be canonical."""
    body = value.model_dump_json(by_alias=True, exclude_none=True)
    return HttpResponse(200, {"content-type": JSON}, body.encode())


def refuse(refusal: Refusal, system: str) -> HttpResponse:
    """A refusal as problem details; one that may be repeated says when."""
    problem = Problem.from_refusal(refusal, system)
    headers = {"content-type": PROBLEM_MEDIA_TYPE}
    if problem.retry:
        headers["retry-after"] = "1"
    return HttpResponse(problem.status, headers, canonical_bytes(problem.to_json()))


def replay(status: int, body: bytes) -> HttpResponse:
    """A stored answer, marked as such."""
    media_type = JSON if status == 200 else PROBLEM_MEDIA_TYPE
    return HttpResponse(status, {"content-type": media_type, REPLAYED_HEADER: "true"}, body)


# implements FRS-SVC-003
def without_secrets(content: Any) -> Any:
    """The content with every password, authenticator secret and code taken out, at any depth."""
    if isinstance(content, dict):
        return {k: without_secrets(v) for k, v in content.items() if k not in _SECRETS}
    if isinstance(content, list):
        return [without_secrets(item) for item in content]
    return content
