"""Every golden message, played against the reference, gets exactly the answer that is published."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from contracts.model.codes import Code
from contracts.model.messages import MESSAGES, MessageType
from contracts.model.operations import OPERATIONS
from contracts.model.roles import Role
from contracts.model.stimulus import Load, SetClock
from contracts.record.canonical import canonical_bytes
from contracts.wire.clients import Answer
from contracts.wire.json_schemas import envelope_schema, payload_schema
from contracts.wire.publication import PUBLISHED
from contracts.wire.refusals import codes_of
from gxproof.in_process import InProcessPair

FILES = sorted((PUBLISHED / "golden").glob("*.json"))
GOLDENS: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_bytes()) for path in FILES}
# What a schema cannot say, as the golden messages show it.
BEYOND_SCHEMA = {
    "pick-requested-gtin-check-digit",
    "pick-requested-no-such-day",
    "pick-requested-tolerance-in-another-unit",
    "pick-requested-key-differs-from-id",
    "pick-confirmed-key-differs-from-id",
    "pick-confirmed-sscc-check-digit",
    "lot-status-changed-key-differs-from-id", "warehouse-hold-placed-key-differs-from-id",
    "pick-cancelled-key-differs-from-id",
    *(f"{name}-to-{role}-{case}" for role in Role for name, case in (
        ("message-settled", "key-differs-from-id"), ("link-heartbeat", "key-differs-from-id"),
        ("message-discarded", "key-differs-from-id"),
        ("message-settled", "refused-without-code"), ("message-settled", "posted-with-code"),
    )),
    "receipt-confirmed-key-differs-from-id",
    "receipt-confirmed-sscc-check-digit",
    "receipt-confirmed-lot-code-check-character",
    "putaway-completed-key-differs-from-id",
    "putaway-completed-sscc-check-digit",
    "pack-completed-key-differs-from-id",
    "pack-completed-fewer-serials",
    "pack-completed-serial-twice",
    "pack-completed-sscc-check-digit",
    "pack-completed-no-such-day",
    "unit-aggregated-to-wms-key-differs-from-id",
    "unit-aggregated-to-wms-own-child",
    "unit-aggregated-to-wms-sscc-check-digit",
    "unit-aggregated-to-mes-key-differs-from-id",
    "unit-aggregated-to-mes-own-child",
    "unit-aggregated-to-mes-sscc-check-digit",
    *(
        f"{kind}-to-{to}-{name}" for to in ("wms", "mes") for kind, names in (
            ("unit-disaggregated",
             ("key-differs-from-id", "lying-about", "unit-twice", "sscc-check-digit")),
            ("scan-recorded",
             ("key-differs-from-id", "refused-without-code", "accepted-with-code")),
        ) for name in names
    ),
    *(
        f"{kind}-{name}" for kind in ("kit-assembled", "kit-opened-to-wms", "kit-opened-to-mes")
        for name in ("key-differs-from-id", "component-twice", "sscc-check-digit")
    ),
    "shipment-confirmed-key-differs-from-id",
    "shipment-confirmed-sscc-check-digit",
    "shipment-confirmed-container-twice",
    "material-issued-key-differs-from-id",
    "material-issued-sscc-check-digit",
    "material-issued-verification-missing",
    "material-issued-weighing-missing",
    "material-returned-key-differs-from-id",
    "count-completed-key-differs-from-id",
    "inventory-adjusted-key-differs-from-id",
    "sample-taken-to-mes-key-differs-from-id",
    "sample-taken-to-wms-key-differs-from-id",
    "master-data-published-to-wms-key-differs-from-id",
    "master-data-published-to-mes-key-differs-from-id",
    "count-completed-sscc-check-digit",
    "sample-taken-to-mes-sscc-check-digit",
    "sample-taken-to-wms-sscc-check-digit",
    "count-completed-difference-wrong",
    "inventory-adjusted-delta-wrong",
    *(f"{name}-{case}" for name in (
        "return-received", "wip-transferred", "material-scrapped-to-mes",
        "material-scrapped-to-wms",
    ) for case in ("key-differs-from-id", "sscc-check-digit")),
    "wip-transferred-to-where-it-is",
    *(f"{name}-{case}" for name in (
        "return-received", "material-scrapped-to-mes", "material-scrapped-to-wms",
    ) for case in ("fewer-serials", "serial-twice", "serials-without-gtin")),
    *(f"material-scrapped-to-{role}-{case}" for role in Role
      for case in ("in-process-without-order", "stock-with-order")),
}


@pytest.fixture(scope="module")
def pair() -> Iterator[InProcessPair]:
    pair = InProcessPair(seed=1)
    yield pair
    pair.close()


def _play(pair: InProcessPair, golden: dict[str, Any]) -> list[tuple[Answer, dict[str, Any]]]:
    """Play one file as a vendor would: from its text alone."""
    operation = OPERATIONS[golden["operation"]]
    sender = pair.counterpart(operation.role)
    # The partner has the load as well: it is asked for the lots in it.
    for harness in map(pair.client, Role):
        harness.call("stimulus/clock", SetClock.from_json({"now": golden["clock"]}))
        harness.call("stimulus/load", Load.from_json(golden["load"]))
    published_source = f"urn:example:{operation.role.partner}".encode()
    answers = []
    for step in golden["steps"]:
        raw = step["bodyText"].encode() if "bodyText" in step else canonical_bytes(step["body"])
        raw = raw.replace(published_source, sender.identity.source.encode())
        name = OPERATIONS[step.get("operation", operation.id)].name
        answer = sender.send(name, raw, key=step.get("idempotencyKey"))
        answers.append((answer, step["expected"]))
    return answers


def _seen(answer: Answer) -> dict[str, Any]:
    assert answer.raw is not None
    body = json.loads(answer.raw.body)
    names = ("status", "code", "path") if answer.refusal else ("status", "messageId")
    members = {name: body[name] for name in names}
    return {"status": answer.raw.status, "replayed": answer.replayed, "answer": members}


@pytest.mark.parametrize("name", GOLDENS)
def test_a_golden_message_gets_its_answer(pair: InProcessPair, name: str) -> None:
    for answer, expected in _play(pair, GOLDENS[name]):
        assert _seen(answer) == expected


def test_golden_messages_are_independent_of_their_order() -> None:
    pair = InProcessPair(seed=2)
    for name in reversed(GOLDENS):
        for answer, expected in _play(pair, GOLDENS[name]):
            assert _seen(answer) == expected, name
    pair.close()


@pytest.mark.parametrize(
    "operation", [operation for m in MESSAGES.values() for operation in m.operations]
)
def test_each_message_has_good_and_bad_ones_of_every_sort(operation: str) -> None:
    own = [golden for golden in GOLDENS.values() if golden["operation"] == operation]
    assert sum(golden["valid"] for golden in own) >= 3
    codes = Counter(_code(golden) for golden in own if not golden["valid"])
    every = {Code.SCHEMA_VIOLATION, Code.UNREADABLE, Code.KEY_MISSING, Code.IDENTITY_MISMATCH,
             Code.IDEMPOTENCY_CONFLICT, Code.BUSINESS_KEY_CONFLICT, Code.UNKNOWN_SCHEMA_VERSION}
    assert every <= codes.keys()
    assert codes[Code.SCHEMA_VIOLATION] >= 4
    assert codes.keys() <= set(codes_of(OPERATIONS[operation]))


def test_a_request_has_a_golden_message_for_each_of_its_business_refusals() -> None:
    shown = {_code(golden) for golden in GOLDENS.values() if not golden["valid"]}
    wanted = {
        code
        for message in MESSAGES.values() for operation in message.operations
        for code in codes_of(OPERATIONS[operation])
    }
    # A number is taken only by an event that was refused no more; that is a conflict before.
    not_as_a_message = {
        Code.ALREADY_EXISTS, Code.IN_PROGRESS, Code.UNAUTHENTICATED, Code.NOT_PERMITTED,
        Code.STATUS_UNCONFIRMED,
        # Only where a thousand messages about one subject are early.
        Code.PREDECESSOR_MISSING,
        Code.BODY_TOO_LARGE, Code.UNSUPPORTED_MEDIA_TYPE,
        # It takes another message before, and the steps of one all go to one operation.
        Code.MASTER_DATA_DIFFERS,
        # They take an audit trail that cannot be written, a clock that is wrong, a restore.
        Code.AUDIT_NOT_WRITTEN, Code.CLOCK_UNTRUSTED, Code.RECOVERING,
        Code.SIGNED_BEFORE_RESTORE,
        # It takes others that write at the same moment.
        Code.RECORDS_BUSY,
    }
    assert wanted - not_as_a_message == shown - not_as_a_message


def _code(golden: dict[str, Any]) -> Code:
    return Code(golden["steps"][-1]["expected"]["answer"]["code"])


@cache
def _validator() -> jsonschema_rs.Validator:
    payloads = [payload_schema(message) for message in MESSAGES.values()]
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in payloads])
    return jsonschema_rs.validator_for(envelope_schema(), registry=registry)


@pytest.mark.parametrize("name", [n for n, golden in GOLDENS.items() if "body" in
                                  golden["steps"][-1]])
def test_the_schema_refuses_what_it_can_and_accepts_the_rest(name: str) -> None:
    last = GOLDENS[name]["steps"][-1]
    is_form = last["expected"]["answer"].get("code") == Code.SCHEMA_VIOLATION
    in_schema = is_form and name not in BEYOND_SCHEMA
    assert _validator().is_valid(last["body"]) is not in_schema


def test_what_the_page_says_about_subjects_and_business_keys_holds() -> None:
    page = (PUBLISHED / "index.md").read_text(encoding="utf-8")
    for message in MESSAGES.values():
        good = GOLDENS[_accepted(message)]["steps"][-1]["body"]
        row = next(line for line in page.splitlines() if line.startswith(f"| `{message.name}` "))
        *subject, key = (part.strip("`") for part in row.split() if part.startswith("`")
                         and part.strip("`") != message.name)
        # A discarded message keeps the subject that it had, whatever that was.
        assert bool(subject) == (message.name != "message-discarded")
        if subject:
            prefix, member = subject
            assert good["subject"] == prefix + good["data"][member]
        assert message.payload.from_json(good["data"]).business_key == good["data"][key]


def _accepted(message: MessageType) -> str:
    """The name of a good one; where a message goes both ways, of the one to its first receiver."""
    to = f"-to-{message.receiver}" if message.both_ways else ""
    return f"{message.name}{to}-accepted"
