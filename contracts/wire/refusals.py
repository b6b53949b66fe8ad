"""Which refusals each operation can give: the closed list that its OpenAPI entry publishes.

Three sources add up: how the caller shows who it is, whether the operation takes a body and a key,
and the business rules that guard it. A refusal outside this list is a finding about the system.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contracts.model.codes import MEANINGS, Code
from contracts.model.operations import OPERATIONS, Access, Group, Operation
from contracts.model.rules import BY_ID, RULES, BusinessRule
from contracts.model.rules.signatures import SIGNED

_ANY = (Code.UNREADABLE, Code.BODY_TOO_LARGE)
_BODY = (Code.UNSUPPORTED_MEDIA_TYPE, Code.SCHEMA_VIOLATION)
_KEYED = (
    Code.KEY_MISSING, Code.IN_PROGRESS, Code.IDEMPOTENCY_CONFLICT, Code.BUSINESS_KEY_CONFLICT,
    # Nothing new is begun before a restored system knows what it has lost.
    Code.RECOVERING,
)
_NOT_WRITTEN = (Code.AUDIT_NOT_WRITTEN, Code.RECORDS_BUSY)
_ACCESS: dict[Access, tuple[Code, ...]] = {
    Access.PUBLIC: (),
    # Who comes in, and who is turned away, is entered into the audit trail.
    Access.CREDENTIALS: (Code.UNAUTHENTICATED, Code.NOT_PERMITTED, *_NOT_WRITTEN),
    Access.SESSION: (Code.UNAUTHENTICATED, Code.NOT_PERMITTED, *_NOT_WRITTEN),
    Access.SIGNATURE: (
        Code.UNAUTHENTICATED, Code.SIGNED_BEFORE_RESTORE, Code.NOT_PERMITTED, *_NOT_WRITTEN
    ),
}
_GROUP: dict[Group, tuple[Code, ...]] = {
    Group.EXCHANGE: (
        Code.IDENTITY_MISMATCH, Code.UNKNOWN_SCHEMA_VERSION, Code.PREDECESSOR_MISSING,
        Code.SEQUENCE_USED,
    ),
    # An export takes no query but its position, so an unknown one is refused there.
    Group.INSPECTION: (Code.SCHEMA_VIOLATION,),
    Group.OPERATOR: (),
    # Outside test mode these addresses do not exist.
    Group.STIMULUS: (Code.NOT_FOUND,),
}
# A command that asks the partner passes its final refusal on, with ``refusedBy`` naming it.
ASKS_PARTNER: dict[str, str] = {
    "mes/request-pick": "wms/pick-requested",
    "mes/cancel-pick": "wms/pick-cancelled",
}
_WRONG_ADDRESS = (Code.NOT_FOUND, Code.METHOD_NOT_ALLOWED)


def codes_of(operation: Operation) -> tuple[Code, ...]:
    """Every code that the operation can refuse with, in the order of the register."""
    found = {*general_codes(operation), *own_codes(operation), *_passed_on(operation)}
    return tuple(code for code in Code if code in found)


def general_codes(operation: Operation) -> frozenset[Code]:
    """The codes that follow from access, body, key, group and clock alone."""
    codes = {*_ANY, *_ACCESS[operation.access]}
    if operation.body is not None:
        codes |= {*_BODY}
    if operation.keyed:
        codes |= {*_KEYED}
    if operation.id in BY_ID["FRS-TIM-004"].guards:
        codes |= {Code.CLOCK_UNTRUSTED}
    if operation.id in SIGNED:
        codes |= {Code.SIGNING_NOT_ENABLED, Code.SIGNATURE_INCOMPLETE}
    if operation.access is not Access.PUBLIC and not _is_question(operation):
        codes |= {*_GROUP[operation.group]}
    return frozenset(codes)


def _is_question(operation: Operation) -> bool:
    """A question of the partner is no message: it has no envelope and no order."""
    return operation.group is Group.EXCHANGE and not operation.keyed


def own_codes(operation: Operation) -> frozenset[Code]:
    """The codes of the business rules that guard the operation."""
    return frozenset({rule.code for rule in rules_of(operation)} - general_codes(operation))


def rules_of(operation: Operation) -> Iterator[BusinessRule]:
    """The business rules that guard the operation."""
    return (rule for rule in RULES if operation.id in rule.guards)


def by_status(codes: Iterable[Code]) -> dict[int, tuple[Code, ...]]:
    """The codes under their HTTP status, statuses ascending."""
    chosen = tuple(codes)
    statuses = sorted({MEANINGS[code].status for code in chosen})
    return {
        status: tuple(code for code in chosen if MEANINGS[code].status == status)
        for status in statuses
    }


def _passed_on(operation: Operation) -> frozenset[Code]:
    asked = ASKS_PARTNER.get(operation.id)
    if asked is None:
        return frozenset()
    final = (code for code in codes_of(OPERATIONS[asked]) if MEANINGS[code].definite)
    return frozenset({*final, *_WRONG_ADDRESS})
