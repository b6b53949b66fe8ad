"""Cases from the published OpenAPI document: good ones, and bad ones with a defect of form.

Schemathesis generates them. Its configuration is given here in full, so that no file of the folder
in which somebody starts us can change a verdict. What the client makes anew for each attempt
(signature, digest, token) is taken out of the document before.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from contracts.model.operations import OPERATIONS, Group, Operation
from contracts.model.roles import Role
from contracts.wire.publication import PUBLISHED
from features.contract_checks.randomness import seed_alone
from features.contract_checks.sending import Case

_MADE_ANEW = {"Signature", "Signature-Input", "Content-Digest"}
_CHECKED_TAGS = {str(group) for group in Group if group is not Group.STIMULUS}


@dataclass(frozen=True)
class Described:
    """One operation as the document describes it: what its parts must look like."""

    document: dict[str, Any]
    operation: Operation

    @property
    def entry(self) -> dict[str, Any]:
        """The operation's object in the document."""
        path = self.document["paths"][self.operation.path]
        entry: dict[str, Any] = path[self.operation.method.lower()]
        return entry

    @property
    def takes_anything(self) -> bool:
        """Whether a caller can get anything wrong: a body, a key, a query."""
        return bool(self.entry.get("parameters")) or self.operation.body is not None

    def body_is_valid(self, body: Any) -> bool:
        """Whether a body is one by the published schema."""
        validator = _validator(self.operation.role, self.operation.path)
        try:
            return validator is None or bool(validator.is_valid(body))
        except ValueError:  # bytes, or no body at all: no JSON
            return False

    def parameter(self, name: str) -> dict[str, Any] | None:
        """The schema of a parameter; None where the operation has none of that name."""
        found = (p["schema"] for p in self.entry.get("parameters", []) if p["name"] == name)
        return next(found, None)


@cache
def published(role: Role) -> dict[str, Any]:
    """The published document of a role, without the stimulus group and what is made anew."""
    document: dict[str, Any] = json.loads((PUBLISHED / f"openapi-{role}.json").read_bytes())
    paths = document["paths"]
    for path in [*paths]:
        for entry in paths[path].values():
            _strip(entry)
        if not _CHECKED_TAGS & {tag for entry in paths[path].values() for tag in entry["tags"]}:
            del paths[path]
    del document["components"]["securitySchemes"]
    return document


def _strip(entry: dict[str, Any]) -> None:
    entry.pop("security", None)
    kept = [p for p in entry.get("parameters", []) if p["name"] not in _MADE_ANEW]
    if kept:
        entry["parameters"] = kept
    else:
        entry.pop("parameters", None)


@cache
def _validator(role: Role, path: str) -> jsonschema_rs.Validator | None:
    document = published(role)
    content = document["paths"][path].get("post", {}).get("requestBody", {}).get("content", {})
    for media in content.values():
        schema = {**media["schema"], "components": document["components"]}
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return None


@cache
def generated_cases(
    role: Role, operation_id: str, mode: GenerationMode, examples: int, seed: int
) -> tuple[Case, ...]:
    """Up to ``examples`` cases of an operation; fewer where the generator finds no more.

    They depend on the document and the seed alone, so every run gets the same.
    """
    operation = OPERATIONS[operation_id]
    strategy = _schema(role, seed)[operation.path][operation.method].as_strategy(
        generation_mode=mode
    )
    found: list[Case] = []

    @seeded(f"{seed}/{operation_id}/{mode.value}")
    @settings(
        max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), backend=seed_alone(),
    )
    @given(strategy)
    def collect(case: Case) -> None:
        found.append(case)

    try:
        collect()
    except Unsatisfiable:
        return ()
    return tuple(found)


def copy_of(case: Case, body: Any, headers: dict[str, str]) -> Case:
    """The case with another body and other headers; what it was generated as stays known."""
    copy = schemathesis.Case(
        case.operation, case.method, case.path, id=case.id, headers=case.headers.copy(),
        query=dict(case.query), body=case.body, media_type=case.media_type,
        meta=deepcopy(case.meta),
    )
    if body is not case.body:
        copy.body = body
    copy.headers.update(headers)
    return copy


def part_is_good(case: Case, location: str) -> bool:
    """Whether a part of a case (``header``, ``body``) was generated as a good one."""
    parts = case.meta.components if case.meta else {}
    modes = (part.mode for name, part in parts.items() if name.value == location)
    return all(mode is GenerationMode.POSITIVE for mode in modes)


@cache
def _schema(role: Role, seed: int) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_dict(published(role), config=_configuration(seed))


def _configuration(seed: int) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "generation": {
                "database": "none",
                "deterministic": True,
                "allow-extra-parameters": False,
                "with-security-parameters": False,
            },
            "checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}},
            "analysis": {"constants": {"enabled": False}},
        }
    )
