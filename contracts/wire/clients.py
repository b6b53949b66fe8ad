"""Typed calls to a MES or WMS: one implementation, whatever transport carries them.

The client signs what has to be signed, reads the answer with the published model, and says which
of the three outcomes it was. An answer that the contract does not allow is a finding about the
system, never an error of the harness.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import ValidationError

from contracts.model.answers import PROBLEM_MEDIA_TYPE, REPLAYED_HEADER, Problem
from contracts.model.codes import Refusal
from contracts.model.operations import OPERATIONS, Access, Operation
from contracts.model.ports import HttpRequest, HttpResponse, NoAnswer, Recorder, Transport
from contracts.model.roles import Role
from contracts.model.verdicts import Outcome
from contracts.model.wire_model import WireModel
from contracts.record.canonical import canonical_bytes
from contracts.record.strict_json import Unreadable, read_json
from contracts.wire.identity import Identity
from contracts.wire.signing import sign

M = TypeVar("M", bound=WireModel)


class ContractBroken(AssertionError):
    """The system answered in a way that the contract does not allow."""


class Unexpected(AssertionError):
    """The system answered within the contract, yet not with what the caller needed."""


@dataclass(frozen=True)
class Answer:
    """What came of one call.

    ``raw`` is None where no response arrived; ``refused_by`` is the system that said no.
    """

    operation: Operation
    outcome: Outcome
    value: WireModel | None = None
    refusal: Refusal | None = None
    refused_by: str | None = None
    raw: HttpResponse | None = None
    note: str = ""

    @property
    def replayed(self) -> bool:
        """Whether this is the stored answer to an earlier request with the same key."""
        return self.raw is not None and self.raw.headers.get(REPLAYED_HEADER) == "true"

    def as_(self, model: type[M]) -> M:
        """The value, where the call succeeded. Raises: Unexpected with what came instead."""
        if not isinstance(self.value, model):
            raise Unexpected(f"{self.operation.id}: expected success, got {self}")
        return self.value

    def __str__(self) -> str:
        if self.refusal:
            at = f" at {self.refusal.path}" if self.refusal.path else ""
            return f"refused {self.refusal.code}{at}: {self.refusal.detail}"
        return f"{self.outcome}{f' ({self.note})' if self.note else ''}"


@dataclass
class SystemClient:
    """Calls one system under one identity. Not for use by several threads at once."""

    role: Role
    transport: Transport
    identity: Identity
    recorder: Recorder | None = None
    wall: Callable[[], float] = time.time
    nonce: Callable[[], str] = field(default=lambda: secrets.token_urlsafe(18))

    def ask(self, name: str, model: type[M], query: str = "") -> M:
        """Read from the system. Raises: Unexpected, ContractBroken, NoAnswer."""
        answer = self.call(name, query=query)
        if answer.outcome is Outcome.UNKNOWN:
            raise NoAnswer(answer.note)
        return answer.as_(model)

    def content(self, name: str, query: str = "") -> dict[str, Any]:
        """An export as it came, unread: its form is not held against its model.

        Raises: Unexpected for anything but an object with status 200, ContractBroken, NoAnswer.
        """
        operation = OPERATIONS[f"{self.role}/{name}"]
        request = HttpRequest(operation.method, operation.path, query, {}, b"")
        response = self._sent(self._signed(operation, request))
        if response.status != 200:
            raise Unexpected(f"{operation.id}: expected success, got status {response.status}")
        try:
            content = read_json(response.body)
        except Unreadable as exc:
            raise ContractBroken(f"{operation.id}: the answer is no JSON: {exc}") from exc
        if not isinstance(content, dict):
            raise ContractBroken(f"{operation.id}: the answer is no JSON object")
        return content

    def call(
        self,
        name: str,
        body: WireModel | None = None,
        *,
        key: str | None = None,
        session: str | None = None,
        query: str = "",
    ) -> Answer:
        """Call an operation by its name. ``key`` becomes the Idempotency-Key."""
        raw = canonical_bytes(body.to_json()) if body is not None else b""
        return self.send(name, raw, key=key, session=session, query=query)

    def send(
        self,
        name: str,
        raw: bytes,
        *,
        key: str | None = None,
        session: str | None = None,
        query: str = "",
    ) -> Answer:
        """The same with bytes that the caller made, for messages that are wrong on purpose."""
        operation = OPERATIONS[f"{self.role}/{name}"]
        headers: dict[str, str] = {}
        if operation.body is not None:
            headers["content-type"] = operation.media_type
        if key is not None:
            headers["idempotency-key"] = key
        if session is not None:
            headers["authorization"] = f"Bearer {session}"
        request = HttpRequest(operation.method, operation.path, query, headers, raw)
        return self.exchange(operation, request)

    def exchange(self, operation: Operation, request: HttpRequest) -> Answer:
        """Sign where the operation wants it, send, record, read the answer."""
        return self.carry(operation, self._signed(operation, request))

    def carry(self, operation: Operation, request: HttpRequest) -> Answer:
        """Send a request as it is, for signatures that are wrong or not there on purpose."""
        try:
            response = self._sent(request)
        except NoAnswer as exc:
            return Answer(operation, Outcome.UNKNOWN, note=exc.reason)
        return read_answer(operation, response)

    def as_recorded_by(self, recorder: Recorder | None) -> SystemClient:
        """The same client whose exchanges go to ``recorder``."""
        return replace(self, recorder=recorder)

    def _signed(self, operation: Operation, request: HttpRequest) -> HttpRequest:
        if operation.access is Access.SIGNATURE:
            return sign(request, self.identity, int(self.wall()), self.nonce())
        return request

    def _sent(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.transport.send(request)
        except NoAnswer as exc:
            self._record(request, None, exc.reason)
            raise
        self._record(request, response, "")
        return response

    def _record(self, request: HttpRequest, response: HttpResponse | None, note: str) -> None:
        if self.recorder is not None:
            self.recorder.exchange(self.role, request, response, note)


def read_answer(operation: Operation, response: HttpResponse) -> Answer:
    """Read a response by the contract.

    A refusal that says ``retry`` leaves the outcome unknown: the operation may yet be done.
    Raises: ContractBroken for a status, media type or body that the contract does not name.
    """
    if response.status == 200:
        return Answer(operation, Outcome.OK, value=_read(operation.answer, response), raw=response)
    media_type = response.headers.get("content-type", "").partition(";")[0].strip()
    if media_type != PROBLEM_MEDIA_TYPE:
        raise ContractBroken(
            f"{operation.id} answered {response.status} with {media_type or 'no media type'}; "
            f"expected 200, or a refusal as {PROBLEM_MEDIA_TYPE}"
        )
    problem = _read(Problem, response)
    if problem.status != response.status:
        raise ContractBroken(f"{operation.id}: status {response.status}, body {problem.status}")
    outcome = Outcome.UNKNOWN if problem.retry else Outcome.REFUSED
    return Answer(
        operation, outcome, refusal=problem.refusal(), refused_by=problem.refused_by,
        raw=response, note=problem.title,
    )


def _read(model: type[M], response: HttpResponse) -> M:
    try:
        return model.from_json(read_json(response.body))
    except (Unreadable, ValidationError) as exc:
        first = str(exc).splitlines()
        raise ContractBroken(f"the answer is no {model.__name__}: {' '.join(first[:3])}") from exc
