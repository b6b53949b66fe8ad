"""The contract checks of one role: every operation of exchange, inspection and operator group.

Good cases show that an operation accepts, bad ones that it refuses; an operation that accepted
nothing has shown nothing. Source: URS-INP-001, URS-IAM-001, URS-IAM-002, URS-IDM-002.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from schemathesis import GenerationMode

from contracts.model.commands import OpenSession
from contracts.model.identifiers import Id
from contracts.model.operations import Access, Group, Operation, operations_of
from contracts.model.ports import HttpRequest
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from contracts.wire.clients import SystemClient
from contracts.wire.system import SystemUnderTest
from features.contract_checks.domains import DOMAINS
from features.contract_checks.domains.delivery import leave_in_order
from features.contract_checks.findings import GROUPS, OperationFindings
from features.contract_checks.generation import Described, generated_cases, published
from features.contract_checks.grounding import Grounded, Grounding, duties_of
from features.contract_checks.judging import (
    Finding,
    Grade,
    judge,
    judge_anonymous,
    judge_repetition,
    judge_unpermitted,
)
from features.contract_checks.sending import Case, Sender, Sent, request_of
from features.contract_checks.world import World

EXAMPLES = 8
_SIGNED = ("signature", "signature-input", "authorization")
Progress = Callable[[str], None]


def check_contract(
    sut: SystemUnderTest,
    role: Role,
    seed: int,
    examples: int = EXAMPLES,
    progress: Progress = lambda _: None,
    only: Collection[str] = (),
) -> list[OperationFindings]:
    """Check every operation of a role, or ``only`` those; one entry each, in the table's order.

    ``examples`` is how many good and how many bad cases are generated per operation; ``only`` are
    the ids of the operations that are checked where it is not all. Afterwards both clocks stand at
    a literal instant. A system that cannot even be set up is reported as one that accepted nothing;
    nothing that a system does ends the checks.
    """
    world = World(sut, role, supply=4 * examples)
    world.set_up(f"CON{role[0].upper()}{seed % 10**4}", DOMAINS)
    found: list[OperationFindings] = []
    for operation in operations_of(role, *GROUPS):
        if only and operation.id not in only:
            continue
        check = _Check(world, Described(published(role), operation))
        found.append(check.run(seed, examples))
        progress(_line(found[-1]))
    leave_in_order(world)
    return found


def cases_of_all(seed: int, examples: int = EXAMPLES) -> Iterator[None]:
    """Generate the cases of both roles ahead, one operation and sort at a time.

    They depend on the published document and the seed alone, never on a system; a process that has
    them gives them to every child it forks.
    """
    for role in Role:
        for operation in operations_of(role, *GROUPS):
            described = Described(published(role), operation)
            for mode, count in _sorts(described, examples):
                generated_cases(role, operation.id, mode, count, seed)
                yield


def _sorts(described: Described, examples: int) -> list[tuple[GenerationMode, int]]:
    """How many good and how many bad cases; one good one where there is nothing to vary."""
    if not described.takes_anything:
        return [(GenerationMode.POSITIVE, 1)]
    return [(GenerationMode.POSITIVE, examples), (GenerationMode.NEGATIVE, examples)]


@dataclass
class _Check:
    """The checks of one operation."""

    world: World
    described: Described
    accepted: int = 0
    refused: int = 0
    server_errors: int = 0
    cases: int = 0
    findings: dict[str, str] = field(default_factory=dict)

    def run(self, seed: int, examples: int) -> OperationFindings:
        operation = self.described.operation
        grounding = Grounding(self.world, self.described, seed)
        for mode, count in _sorts(self.described, examples):
            for case in generated_cases(operation.role, operation.id, mode, count, seed):
                self._take(grounding.ground(case))
        return OperationFindings(
            operation.id, self.cases, self.accepted, self.refused,
            self.server_errors, tuple(self.findings.values()), "; ".join(self.world.trouble),
        )

    def _take(self, grounded: Grounded) -> None:
        case = grounded.case
        request = request_of(self.described.operation, case)
        if request is None:
            return
        self.cases += 1
        is_good = _is_good(self.described, case, request)
        sent = self._sender().send(request)
        grade = Grade(is_good, is_good and grounded.complete)
        self._note(judge(self.described, case, sent, grade))
        status = sent.response.status if sent.response else 500
        self.server_errors += status >= 500
        self.refused += 400 <= status < 500
        if is_good and status == 200:
            self._accepted(request, sent)

    def _accepted(self, request: HttpRequest, sent: Sent) -> None:
        self.accepted += 1
        if self.described.operation.keyed:
            self._note(judge_repetition(sent, self._sender().send(request)))
        if self.accepted == 1:
            self._anonymously(request, sent)
            self._by_others(request)

    def _anonymously(self, request: HttpRequest, sent: Sent) -> None:
        """The twin of the first accepted request, without what shows who asks."""
        operation = self.described.operation
        if operation.access is Access.PUBLIC:
            return
        if operation.access is Access.CREDENTIALS:
            request = replace(request, body=_wrong_password())
        else:
            headers = {k: v for k, v in sent.request.headers.items() if k not in _SIGNED}
            request = replace(sent.request, headers=headers)
        self._note(judge_anonymous(operation, self._sender().send_bare(request)))

    def _by_others(self, request: HttpRequest) -> None:
        """The twin of the first accepted request, by everybody who has another duty."""
        operation = self.described.operation
        if operation.access is not Access.SESSION:
            return
        client = _client(self.world, operation)
        for duty, token in self.world.tokens.items():
            if duty not in operation.duties:
                sent = Sender(client, operation, token).send(request)
                self._note(judge_unpermitted(operation, duty, sent))

    def _note(self, findings: Iterator[Finding]) -> None:
        for found in findings:
            self.findings.setdefault(found.rule, found.text)

    def _sender(self) -> Sender:
        operation = self.described.operation
        usual = (self.world.tokens.get(duty) for duty in duties_of(operation))
        token = self.world.instead.get(operation.name) or next(filter(None, usual), None)
        return Sender(_client(self.world, operation), operation, token)


def _client(world: World, operation: Operation) -> SystemClient:
    of_the_partner = operation.group is Group.EXCHANGE
    return world.counterpart if of_the_partner else world.harness[world.role]


def _is_good(described: Described, case: Case, request: HttpRequest) -> bool:
    """Whether everything that was sent is as published, whatever it was generated as."""
    if described.operation.body is not None and not described.body_is_valid(case.body):
        return False
    key = described.parameter("Idempotency-Key")
    given = request.headers.get("idempotency-key", "").strip()
    if key is not None and not re.search(key["pattern"].replace("$", r"\Z"), given):
        return False
    is_message = described.operation.group is Group.EXCHANGE and described.operation.keyed
    if is_message and not _names_its_key(case.body, given):
        return False
    return _query_is_good(described, request.query)


def _names_its_key(body: Any, key: str) -> bool:
    return isinstance(body, dict) and body.get("id") == key


def _query_is_good(described: Described, query: str) -> bool:
    selected = described.operation.selected_by or described.operation.narrowed_by
    if described.operation.narrowed_by and not query:
        return True
    if selected:
        name, _, value = query.partition("=")
        return name == selected and "&" not in value and not Id.fault(unquote(value))
    if described.parameter("after") is None:
        return True
    return re.fullmatch(r"(after=(0|[1-9][0-9]{0,14}))?", query) is not None


def _wrong_password() -> bytes:
    body = OpenSession(
        user_id=Id("nobody"), password="not it", code="000000",  # noqa: S106
        station=Id("CONTRACT"),
    )
    return canonical_bytes(body.to_json())


def _line(findings: OperationFindings) -> str:
    return (
        f"{findings.operation_id}: {findings.state}, {findings.cases} cases, "
        f"{findings.accepted} accepted, {findings.refused} refused"
    )
