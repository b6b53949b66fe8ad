"""What is published is what the models say, and what the reference serves and refuses."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.routing import Route

import reference_impl
from contracts.model.codes import MEANINGS, Code
from contracts.model.messages import MESSAGES
from contracts.model.operations import OPERATIONS, Group, Operation, operations_of
from contracts.model.ports import HttpRequest
from contracts.model.roles import Role
from contracts.model.rules import RULES
from contracts.wire.asgi import AsgiTransport
from contracts.wire.identity import Account, Identity
from contracts.wire.json_schemas import envelope_schema, payload_schema
from contracts.wire.publication import (
    PUBLISHED,
    differences,
    golden_messages,
    publish,
    rendered,
)
from contracts.wire.refusals import ASKS_PARTNER, codes_of, general_codes, own_codes
from gxproof.in_process import allow_list
from reference_impl.bootstrap import application, build
from reference_impl.settings import CHEAP, Settings
from reference_impl.system import System

RENDERED = rendered()
KEYED = [operation for operation in OPERATIONS.values() if operation.keyed]


def _system(role: Role, *, test_mode: bool) -> System:
    own, partner, harness = (
        Identity(f"urn:example:{name}", Account(name), f"{name}.test", Ed25519PrivateKey.generate())
        for name in (role, role.partner, "harness")
    )
    settings = Settings(
        role=role,
        identity=own,
        partners=tuple(
            replace(one.known, operations=allow_list(role, one.account))
            for one in (partner, harness)
        ),
        partner_system=partner.source,
        partner_url="asgi://nobody",
        test_mode=test_mode,
        password_cost=CHEAP,
    )
    return build(settings, connect=lambda _: None)


def _document(name: str) -> Any:
    return json.loads((PUBLISHED / name).read_bytes())


def test_the_published_files_are_what_the_models_say() -> None:
    assert differences() == []


def test_publishing_writes_exactly_the_rendered_files_and_leaves_others_alone(
    tmp_path: Path,
) -> None:
    (tmp_path / "notes.txt").write_text("a vendor's own")
    written = publish(tmp_path)
    files = RENDERED
    assert [path.relative_to(tmp_path).as_posix() for path in written] == list(files)
    assert all((tmp_path / name).read_bytes() == content for name, content in files.items())
    assert (tmp_path / "notes.txt").exists()


def test_a_difference_is_named(tmp_path: Path) -> None:
    publish(tmp_path)
    (tmp_path / "codes.json").write_text("[]\n")
    (tmp_path / "rules.json").unlink()
    (tmp_path / "schemas" / "extra.json").write_text("{}\n")
    assert differences(tmp_path) == [
        "codes.json differs from the models",
        "rules.json is not published",
        "schemas/extra.json is published and is no part of the contract",
    ]


def test_rendering_gives_the_same_bytes_each_time() -> None:
    assert rendered() == RENDERED


@pytest.mark.parametrize("name", [name for name in RENDERED if name.endswith(".json")])
def test_a_published_document_is_plain_json(name: str) -> None:
    raw = RENDERED[name]
    assert raw.endswith(b"\n")
    assert not raw.endswith(b"\n\n")

    def no_float(text: str) -> None:
        raise AssertionError(f"{text} is a binary float")

    json.loads(raw, parse_float=no_float)


def test_every_operation_is_published_with_its_group_and_refusals() -> None:
    for role in Role:
        paths = _document(f"openapi-{role}.json")["paths"]
        for operation in operations_of(role):
            entry = paths[operation.path][operation.method.lower()]
            assert entry["operationId"] == operation.id.replace("/", ".")
            assert entry["tags"] == [operation.group.value]
            assert _published_codes(entry) == set(codes_of(operation))
        assert sum(len(methods) for methods in paths.values()) == len(operations_of(role))


def _published_codes(entry: dict[str, Any]) -> set[Code]:
    found: set[Code] = set()
    for status, answer in entry["responses"].items():
        if status == "200":
            continue
        schema = answer["content"]["application/problem+json"]["schema"]
        codes = [Code(text) for text in schema["allOf"][1]["properties"]["code"]["enum"]]
        assert all(MEANINGS[code].status == int(status) for code in codes)
        again = any(not MEANINGS[code].definite for code in codes)
        assert ("Retry-After" in answer.get("headers", {})) == again
        found |= {*codes}
    return found


def test_every_reference_in_the_documents_leads_somewhere() -> None:
    for name, raw in RENDERED.items():
        if not name.startswith(("openapi", "asyncapi")):
            continue
        document = json.loads(raw)
        for reference in re.findall(rb'"\$ref": "([^"]+)"', raw):
            file, _, pointer = reference.decode().partition("#")
            target = _document(file) if file else document
            for part in filter(None, pointer.split("/")):
                target = target[part]


def test_the_schemas_are_schemas_and_know_each_other() -> None:
    payloads = [payload_schema(message) for message in MESSAGES.values()]
    for schema in payloads:
        jsonschema_rs.meta.validate(schema)
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in payloads])
    validator = jsonschema_rs.validator_for(envelope_schema(), registry=registry)
    for golden in golden_messages():
        if golden.is_valid:
            assert validator.is_valid(json.loads(golden.steps[0].raw)), golden.name


def test_every_rule_is_published_with_a_code_that_its_operations_list() -> None:
    assert [row["id"] for row in _document("rules.json")] == [rule.id for rule in RULES]
    for rule in RULES:
        for guarded in rule.guards:
            assert rule.code in codes_of(OPERATIONS[guarded]), rule.id


def test_every_code_is_published() -> None:
    assert [row["code"] for row in _document("codes.json")] == [code.value for code in Code]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("test_mode", [True, False])
def test_the_reference_serves_the_table_and_nothing_else(role: Role, test_mode: bool) -> None:
    app = application(_system(role, test_mode=test_mode))
    routes = [route for route in app.routes if isinstance(route, Route)]
    assert len(routes) == len(app.routes)
    served = {(method, route.path) for route in routes for method in route.methods or ()}
    expected = {
        (operation.method, operation.path)
        for operation in operations_of(role)
        if test_mode or operation.group is not Group.STIMULUS
    }
    assert served == expected


@pytest.mark.parametrize("role", list(Role))
def test_outside_test_mode_no_stimulus_is_found(role: Role) -> None:
    app = application(_system(role, test_mode=False))
    transport = AsgiTransport(app, "harness.test")
    for operation in operations_of(role, Group.STIMULUS):
        answer = transport.send(HttpRequest(operation.method, operation.path))
        assert answer.status == 404
        assert json.loads(answer.body)["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/exchange/pick-requested", 405, "METHOD_NOT_ALLOWED"),
        ("HEAD", "/v1/inspection/inventory", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/v1/inspection/inventory/", 404, "NOT_FOUND"),
        ("GET", "/v2/inspection/inventory", 404, "NOT_FOUND"),
    ],
)
def test_what_is_not_published_is_refused_with_a_problem(
    method: str, path: str, status: int, code: str
) -> None:
    transport = AsgiTransport(application(_system(Role.WMS, test_mode=True)), "harness.test")
    answer = transport.send(HttpRequest(method, path))
    assert (answer.status, json.loads(answer.body)["code"]) == (status, code)


# What the reference can refuse with is read from its source: every code that a function names, and
# that functions it names name, is a code its operation publishes; and the other way round.

Place = tuple[Path, str]
# What they ask refuses; they only pass over the container, or raise an alarm.
ASKED_FOR_YES_OR_NO = {"_eligible", "_passed_over", "is_usable"}


class _Functions:
    """The functions of the reference: the codes and the other names in each.

    Handlers are plain functions, so a plain function never leads to an ``async`` one.
    """

    def __init__(self) -> None:
        self._codes: dict[Place, set[Code]] = {}
        self._names: dict[Place, set[str]] = {}
        self._async: set[Place] = set()
        root = Path(reference_impl.__file__).parent
        for path in sorted(root.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    self._take((path, node.name), node)

    def reachable(self, *names: str) -> set[Code]:
        seen: set[Place] = set()
        waiting = [place for place in self._names if place[1] in names]
        while waiting:
            place = waiting.pop()
            if place not in seen:
                seen.add(place)
                waiting += [p for name in self._names[place] for p in self._named(place[0], name)]
        return {code for place in seen for code in self._codes[place]}

    def _named(self, at: Path, name: str) -> list[Place]:
        """A private name means the function of its own module, another one any of that name."""
        if name.startswith("_"):
            return [(at, name)] if (at, name) in self._names else []
        plain = self._names.keys() - self._async
        return [place for place in plain if place[1] == name]

    def _take(self, place: Place, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if isinstance(function, ast.AsyncFunctionDef):
            self._async.add(place)
        codes = self._codes.setdefault(place, set())
        names = self._names.setdefault(place, set())
        if function.name in ASKED_FOR_YES_OR_NO:
            return
        parameters = {argument.arg for argument in function.args.args}
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute):
                owner = node.value
                if isinstance(owner, ast.Name) and owner.id == "Code":
                    codes.add(Code[node.attr])
                names.add(node.attr)
            elif isinstance(node, ast.Name) and node.id not in parameters:
                names.add(node.id)


@cache
def _functions() -> _Functions:
    return _Functions()


def _handler_names(operation: Operation) -> tuple[str, ...]:
    handlers = _system(operation.role, test_mode=True).handlers
    by_name = {**handlers.messages, **handlers.commands, **handlers.documents}
    handler = by_name[operation.name]
    return handler.__code__.co_names if handler.__name__ == "<lambda>" else (handler.__name__,)


HANDLED = [*KEYED, *(o for o in OPERATIONS.values() if o.name == "capture-events")]


@pytest.mark.parametrize("operation", HANDLED, ids=lambda operation: operation.id)
def test_the_published_refusals_are_those_that_the_handler_can_give(operation: Operation) -> None:
    in_source = _functions().reachable(*_handler_names(operation))
    assert in_source == own_codes(operation)


def test_what_the_shells_refuse_is_published_for_every_operation() -> None:
    shells = _functions().reachable(
        "_answer", "_signed", "_stimulus", "_in_session", "command", "_read"
    )
    assert Code.KEY_MISSING in shells
    general = {code for operation in OPERATIONS.values() for code in general_codes(operation)}
    # Signing in has no handler beside its shell.
    at_the_door = own_codes(OPERATIONS["mes/sessions"])
    assert _functions().reachable("sign_in") - general == at_the_door
    assert shells - {Code.NOT_FOUND, Code.METHOD_NOT_ALLOWED} - at_the_door <= general


def test_a_command_that_asks_the_partner_publishes_what_the_partner_refuses_for_good() -> None:
    for asking, asked in ASKS_PARTNER.items():
        final = {code for code in codes_of(OPERATIONS[asked]) if MEANINGS[code].definite}
        assert final <= set(codes_of(OPERATIONS[asking]))
