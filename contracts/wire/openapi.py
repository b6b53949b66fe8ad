"""The OpenAPI 3.1 document of a role: its operations in four tagged groups, with every refusal.

Made from the table of operations and from the models; nothing is stated here a second time.
"""

from __future__ import annotations

from typing import Any

from contracts.model.answers import PROBLEM_MEDIA_TYPE, REPLAYED_HEADER, Problem
from contracts.model.codes import MEANINGS, Code
from contracts.model.identifiers import Id, MessageId
from contracts.model.operations import JSON, Access, Group, Operation, operations_of
from contracts.model.roles import Role
from contracts.wire.json_schemas import (
    COMPONENTS,
    DIALECT,
    Schema,
    component_name,
    component_schemas,
    readable,
)
from contracts.wire.refusals import by_status, codes_of, rules_of
from contracts.wire.reply_signing import COVERED

CONTRACT_VERSION = "1.0.0"
_GROUPS: dict[Group, str] = {
    Group.EXCHANGE: "What the partner sends: one operation per message.",
    Group.INSPECTION: "What the system shows of itself, read-only.",
    Group.OPERATOR: "What people and devices do, with sessions and electronic signatures.",
    Group.STIMULUS: "What a test harness may do, in test mode alone; elsewhere 404.",
}
_SIGNED_HEADERS: tuple[tuple[str, str, str], ...] = (
    ("Signature-Input", r'^[a-z*][a-z0-9_.*-]*=\(.*\);.*$',
     "RFC 9421: covered components, created, keyid and nonce."),
    ("Signature", r"^[a-z*][a-z0-9_.*-]*=:[A-Za-z0-9+/]{86}==:$",
     "RFC 9421: the Ed25519 signature."),
)
_DIGEST = ("Content-Digest", r"^sha-256=:[A-Za-z0-9+/]{43}=:$", "RFC 9530: SHA-256 of the body.")


def openapi_document(role: Role) -> dict[str, Any]:
    """The document of one role."""
    operations = operations_of(role)
    models = {operation.answer for operation in operations} | {Problem}
    models |= {operation.body for operation in operations if operation.body is not None}
    ordered = sorted(models, key=lambda model: model.__name__)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": _info(role),
        "servers": [{"url": f"https://{role}.example"}],
        "tags": [{"name": str(group), "description": text} for group, text in _GROUPS.items()],
        "paths": {o.path: {o.method.lower(): _operation(o)} for o in operations},
        "components": {
            "schemas": component_schemas(ordered),
            "securitySchemes": _security_schemes(),
        },
    }


def _info(role: Role) -> dict[str, Any]:
    return {
        "title": f"GxProof contract: {str(role).upper()}",
        "version": CONTRACT_VERSION,
        "description": f"What a {str(role).upper()} offers to its partner, to people and to a "
        "test harness. How requests are signed, keyed and refused stands in index.md.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }


def _security_schemes() -> dict[str, Any]:
    return {
        "certificate": {
            "type": "mutualTLS",
            "description": "TLS 1.3 with the client certificate of a service account.",
        },
        "session": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of a session that a person opened.",
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "operationId": operation.id.replace("/", "."),
        "tags": [str(operation.group)],
        "summary": readable(operation.summary),
        "security": [_security(operation)],
    }
    duties = sorted(operation.duties)
    if duties:
        entry["description"] = f"For people with the duty {' or '.join(duties)}."
    rules = [rule.id for rule in rules_of(operation)]
    if rules:
        entry["x-business-rules"] = rules
    parameters = [*_headers(operation), *_query(operation)]
    if parameters:
        entry["parameters"] = parameters
    if operation.body is not None:
        entry["requestBody"] = {
            "required": True,
            "content": {operation.media_type: _reference(component_name(operation.body))},
        }
    entry["responses"] = {"200": _accepted(operation), **_refusals(operation)}
    return entry


def _security(operation: Operation) -> dict[str, list[str]]:
    schemes = ["certificate", *(["session"] if operation.access is Access.SESSION else [])]
    return {scheme: [] for scheme in schemes}


def _headers(operation: Operation) -> list[dict[str, Any]]:
    headers: list[dict[str, Any]] = []
    if operation.keyed:
        headers.append(_key_header(operation))
    if operation.access is Access.SIGNATURE:
        signed = (*_SIGNED_HEADERS, *([_DIGEST] if operation.body is not None else []))
        headers += [
            _header(name, {"type": "string", "pattern": pattern}, text)
            for name, pattern, text in signed
        ]
    return headers


def _key_header(operation: Operation) -> dict[str, Any]:
    is_message = operation.group is Group.EXCHANGE
    kind = MessageId if is_message else Id
    text = "The id of the message." if is_message else "New for each command; kept for a repeat."
    return _header("Idempotency-Key", {"type": "string", "pattern": kind.pattern}, text)


def _header(name: str, schema: Schema, description: str) -> dict[str, Any]:
    return {
        "name": name, "in": "header", "required": True, "description": description,
        "schema": schema,
    }


def _query(operation: Operation) -> list[dict[str, Any]]:
    if operation.selected_by:
        return [{
            "name": operation.selected_by, "in": "query", "required": True,
            "schema": {"type": "string", "pattern": Id.pattern},
            "description": "What is to be shown.",
        }]
    if operation.narrowed_by:
        return [{
            "name": operation.narrowed_by, "in": "query", "required": False,
            "schema": {"type": "string", "pattern": Id.pattern},
            "description": "Show the rows that mention this, such as the prefix of a run's names, "
                           "and of all others what they come to.",
        }]
    if not operation.paged or operation.body is not None:
        return []
    schema = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1, "default": 0}
    return [{
        "name": "after", "in": "query", "required": False, "schema": schema,
        "description": "Show what comes after this position.",
    }]


def _accepted(operation: Operation) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": readable((operation.answer.__doc__ or "").splitlines()[0]),
        "content": {JSON: _reference(component_name(operation.answer))},
    }
    if operation.keyed:
        answer["headers"] = _replayed()
    if operation.paged and operation.body is not None:
        answer["headers"] = _linked()
    if operation.signs_answer:
        answer["headers"] = _signed_answer()
    return answer


def _refusals(operation: Operation) -> dict[str, Any]:
    grouped = by_status(codes_of(operation))
    return {str(status): _refusal(operation, status, codes) for status, codes in grouped.items()}


def _refusal(operation: Operation, status: int, codes: tuple[Code, ...]) -> dict[str, Any]:
    names = [code.value for code in codes]
    narrowed = {"properties": {"status": {"const": status}, "code": {"enum": names}}}
    schema = {"allOf": [{"$ref": COMPONENTS + Problem.__name__}, narrowed]}
    headers = _replayed() if operation.keyed and status == 422 else {}
    if not any(MEANINGS[code].definite for code in codes):
        headers = {**headers, "Retry-After": _retry_after()}
    sentences = (f"`{code.value}`: {MEANINGS[code].sentence}" for code in codes)
    return {
        "description": " ".join(sentences),
        **({"headers": headers} if headers else {}),
        "content": {PROBLEM_MEDIA_TYPE: {"schema": schema}},
    }


def _replayed() -> dict[str, Any]:
    return {
        REPLAYED_HEADER.title(): {
            "description": "Present where this is the stored answer to an earlier request.",
            "required": False,
            "schema": {"type": "string", "const": "true"},
        }
    }


def _linked() -> dict[str, Any]:
    return {
        "Link": {
            "description": "Present where there is more: `<?nextPageToken=...>; rel=\"next\"`.",
            "required": False,
            "schema": {"type": "string", "pattern": r'^<\?nextPageToken=[0-9]{1,15}>; rel="next"$'},
        }
    }


def _signed_answer() -> dict[str, Any]:
    """The headers of a response that is signed, over the signature of its request as well."""
    return {
        name: {"description": text, "required": True,
               "schema": {"type": "string", "pattern": pattern}}
        for name, pattern, text in (
            (_SIGNED_HEADERS[0][0], _SIGNED_HEADERS[0][1],
             f"RFC 9421: covers {COVERED}, with created and keyid."),
            _SIGNED_HEADERS[1], _DIGEST,
        )
    }


def _retry_after() -> dict[str, Any]:
    return {
        "description": "When to repeat: seconds, or an HTTP date.",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    }


def _reference(name: str) -> dict[str, Any]:
    return {"schema": {"$ref": COMPONENTS + name}}
