"""Judging one answer: by the published document, and by what it cannot say about refusals.

Each finding names the rule, what was sent and what came back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contracts.model.answers import PROBLEM_MEDIA_TYPE, REPLAYED_HEADER, Problem
from contracts.model.codes import Code
from contracts.model.operations import Operation
from contracts.model.ports import HttpResponse
from contracts.model.roles import Duty
from contracts.record.strict_json import Unreadable, read_json
from contracts.wire.refusals import codes_of
from features.contract_checks.generation import Described
from features.contract_checks.sending import Case, Sent, response_for_judging
from features.recording import without_secrets

# What a defect of form is refused with. Beside it stand those that say who may ask at all.
FORM = frozenset({
    Code.UNREADABLE, Code.SCHEMA_VIOLATION, Code.KEY_MISSING, Code.UNSUPPORTED_MEDIA_TYPE,
    Code.BODY_TOO_LARGE,
})
_ACCESS = frozenset({Code.UNAUTHENTICATED, Code.NOT_PERMITTED})
_BY_DOCUMENT = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
_SHOWN_MAX = 300


@dataclass(frozen=True)
class Finding:
    """One broken rule. Findings of one rule on one operation are one finding."""

    rule: str
    text: str


@dataclass(frozen=True)
class Grade:
    """How good a case is: as the schema says; and with all that it names loaded and well formed."""

    is_good: bool
    is_complete: bool


def judge(
    described: Described, case: Case, sent: Sent, grade: Grade
) -> Iterator[Finding]:
    """The findings about the answer to one case."""
    if sent.response is None:
        yield finding("every request is answered", sent, sent.broke)
        return
    yield from _by_document(case, sent)
    if sent.response.status != 200:
        yield from _by_refusal(described.operation, sent, grade)
    elif not grade.is_good:
        yield finding("what the schema refuses is refused", sent, "it was accepted")


def judge_repetition(first: Sent, again: Sent) -> Iterator[Finding]:
    """The findings about the answer to an accepted keyed request that was sent once more."""
    if first.response is None or again.response is None:
        yield finding("a repeated key gets the first answer", again, again.broke)
        return
    if (again.response.status, again.response.body) != (first.response.status, first.response.body):
        yield finding("a repeated key gets the first answer", again, "the answers differ")
    elif again.response.headers.get(REPLAYED_HEADER) != "true":
        yield finding("a stored answer is marked as replayed", again, f"no {REPLAYED_HEADER}: true")


def judge_anonymous(operation: Operation, sent: Sent) -> Iterator[Finding]:
    """The findings about the answer to a request that does not show who asks."""
    rule = "who does not show who it is gets 401"
    problem = _problem(sent.response) if sent.response else None
    if sent.response is None or problem is None or sent.response.status != 401:
        yield finding(rule, sent, "another answer came")
    elif problem.code is not Code.UNAUTHENTICATED:
        yield finding(rule, sent, f"the code is {problem.code}")


def judge_unpermitted(operation: Operation, duty: Duty, sent: Sent) -> Iterator[Finding]:
    """The findings about the answer to a person whose duty may not do it."""
    rule = "who has another duty gets 403"
    problem = _problem(sent.response) if sent.response else None
    if sent.response is None or problem is None or sent.response.status != 403:
        yield finding(rule, sent, f"the duty {duty} got another answer at {operation.id}")
    elif problem.code is not Code.NOT_PERMITTED:
        yield finding(rule, sent, f"the code is {problem.code}")


def finding(rule: str, sent: Sent, what: str) -> Finding:
    """A finding with the exchange in it, without secrets."""
    request, response = sent.request, sent.response
    asked = f"{request.method} {request.target} {_shown(request.body)}".strip()
    came = f"{response.status} {_shown(response.body)}" if response else sent.broke or "nothing"
    return Finding(rule, f"{rule}: {what}; sent {asked}; came {came}")


def _by_document(case: Case, sent: Sent) -> Iterator[Finding]:
    try:
        case.validate_response(response_for_judging(sent), checks=[*_BY_DOCUMENT])
    except FailureGroup as group:
        for failure in group.exceptions:
            assert isinstance(failure, Failure)
            what = " ".join(failure.message.split())[:_SHOWN_MAX]
            yield finding(failure.title, sent, what)


def _by_refusal(operation: Operation, sent: Sent, grade: Grade) -> Iterator[Finding]:
    assert sent.response is not None
    problem = _problem(sent.response)
    if problem is None:
        yield finding("a refusal is a problem document", sent, "it is none")
        return
    if problem.code not in codes_of(operation):
        yield finding("a refusal has a code of its operation", sent, f"{problem.code} is none")
    if problem.status != sent.response.status:
        yield finding("a refusal names its own status", sent, f"it names {problem.status}")
    if problem.code is Code.SCHEMA_VIOLATION and not problem.path and _is_object(sent):
        yield finding("a violation of the schema names the field", sent, "the path is empty")
    if grade.is_complete and problem.code in FORM:
        yield finding("what the schema accepts is not refused for its form", sent, problem.detail)
    if not grade.is_good and problem.code not in FORM | _ACCESS:
        yield finding("a defect of form is refused as one", sent, f"the code is {problem.code}")


def _is_object(sent: Sent) -> bool:
    """Whether the body was an object; anything else is refused as a whole, without a path."""
    return sent.request.body.lstrip()[:1] == b"{"


def _problem(response: HttpResponse) -> Problem | None:
    media_type = response.headers.get("content-type", "").partition(";")[0].strip()
    if media_type != PROBLEM_MEDIA_TYPE:
        return None
    try:
        return Problem.from_json(read_json(response.body))
    except (Unreadable, ValidationError):
        return None


def _shown(body: bytes) -> str:
    text = without_secrets(body)
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}…"
