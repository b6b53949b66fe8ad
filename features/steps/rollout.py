"""Two major versions of the contract side by side, while the next one is rolled out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.inspection import Version
from contracts.model.messages import MESSAGES
from contracts.model.operations import OPERATIONS
from contracts.model.ports import Recorder
from contracts.model.roles import Role
from contracts.model.stimulus import Load, SetClock
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import sha256
from contracts.wire.clients import Answer
from contracts.wire.compatibility import read_contract
from contracts.wire.golden_steps import changed
from contracts.wire.publication import PUBLISHED
from contracts.wire.system import StartedWith, SystemUnderTest
from features.bench import Bench
from features.claims import equal, holds
from features.contract_editions import AFTER_NEXT, NEXT, compared_with, told_in
from features.steps.events import EVENTS, Event
from simulator.counterpart import Draft, new_message_id

_MESSAGE = rf"(?P<message>{'|'.join(EVENTS)})"
_EDITIONS = {edition.version: edition for edition in (NEXT, AFTER_NEXT)}
_PRESENT = "1.0.0"


@dataclass
class RolledOut:
    """The event of the scenario, and the answers to each golden message by pair of systems."""

    event: Event | None = None
    answers: dict[str, list[str]] = field(default_factory=dict)
    states: dict[str, list[str]] = field(default_factory=dict)
    goldens: list[Path] = field(default_factory=list)


@given("systems that accept a draft 2.0.0 of the contract beside the present version")
def accepting_both(bench: Bench) -> None:
    """The same software, given the draft. What the draft changes needs a new major version."""
    compared = compared_with(NEXT, read_contract(PUBLISHED))
    holds(bool(compared.breaking), "the draft breaks nobody, so it is no new major version")
    holds(compared.is_allowed, "the draft may not be published under its number")
    bench.move_to(bench.started_anew(StartedWith(editions=(NEXT,))))
    bench.recorder.observe(f"the draft has {len(compared.breaking)} breaking changes")


@then("each system says that it keeps both versions")
def says_both(bench: Bench) -> None:
    """N-1 and N, and no other."""
    for role in Role:
        said = bench.site.client(role).ask("version", Version).contract_versions
        bench.recorder.observe(f"{role.upper()}: {', '.join(said)}")
        equal(set(said), {_PRESENT, NEXT.version}, f"versions that {role.upper()} keeps")


@when(parsers.re(rf"a counterpart tells {_MESSAGE} in version (?P<version>[0-9.]+)"))
def tells(bench: Bench, message: str, version: str) -> None:
    """A good message, told in one version."""
    event = bench.part(RolledOut).event = EVENTS[message](bench)
    _send(bench, event, _told(event, version))


@when(parsers.re(
    r"the same event is told again under another key in version (?P<version>[0-9.]+)"
    r"(?P<other>, with other content)?"
))
def tells_again(bench: Bench, version: str, other: str | None) -> None:
    """The event of before; with other content it cannot be the same one."""
    event = bench.part(RolledOut).event
    assert event is not None, "no event was told"
    body = {**_told(event, version), "id": new_message_id(bench.now)}
    if other:
        body = changed(body, "data.station", "ELSEWHERE")
    _send(bench, event, body)


@when(parsers.re(
    rf"a counterpart tells {_MESSAGE} in version (?P<version>[0-9.]+) with (?P<path>\S+) "
    r"(?P<how>named as before|named as in 2\.0\.0|broken)"
))
def tells_wrongly(bench: Bench, message: str, version: str, path: str, how: str) -> None:
    """One member under its name of the other version, or with a value that it cannot have."""
    event = EVENTS[message](bench)
    body = _told(event, version)
    if how == "broken":
        _send(bench, event, changed(body, path, "*"))
        return
    other = _told(event, _PRESENT if how == "named as before" else NEXT.version)
    member = path.partition(".")[2]
    names = [name for name in body["data"] if name not in other["data"]]
    value = other["data"][member]
    twin = next(name for name in names if body["data"][name] == value)
    _send(bench, event, changed(changed(body, f"data.{twin}", ...), path, value))


@then("the refusal names both supported versions")
def names_both(bench: Bench) -> None:
    """The schema of the message in each."""
    draft = bench.last.draft
    assert draft is not None
    kind, detail = MESSAGES[draft.message], bench.last.refusal.detail
    for schema in (kind.dataschema, NEXT.schema_of(kind)):
        holds(schema in detail, f"the refusal says {detail!r}, and not {schema}")


@when("one golden message for each operation is played to systems with the draft and without")
def play_goldens(bench: Bench) -> None:
    """The first good one of each, as it is published; the files are the released version."""
    rolled = bench.part(RolledOut)
    rolled.goldens = _one_for_each_operation()
    for name, editions in (("without", ()), ("with", (NEXT,))):
        systems = bench.started_anew(StartedWith(editions=editions))
        try:
            rolled.answers[name] = [
                _shown(answer) for path in rolled.goldens
                for answer in play_golden(
                    systems, json.loads(path.read_bytes()), bench.recorder
                )
            ]
            rolled.states[name] = [_state(bench, systems, role) for role in Role]
        finally:
            systems.close()


@then("each is answered and posted as it was before")
def posted_alike(bench: Bench) -> None:
    """The answers, and afterwards everything that both systems show of their state."""
    rolled = bench.part(RolledOut)
    taken = [answer for answer in rolled.answers["with"] if answer == "ACCEPTED"]
    bench.recorder.observe(
        f"{len(rolled.goldens)} golden messages, {len(taken)} answers ACCEPTED; state of MES and "
        f"WMS afterwards: {', '.join(text[:12] for text in rolled.states['with'])}"
    )
    holds(len(taken) >= len(MESSAGES), "hardly any message was accepted")
    equal(rolled.answers["with"], rolled.answers["without"], "the answers")
    equal(rolled.states["with"], rolled.states["without"], "digests of the state")


def play_golden(
    systems: SystemUnderTest, golden: dict[str, Any], recorder: Recorder | None = None
) -> list[Answer]:
    """Play one published golden message, as a vendor would, from its text alone."""
    operation = OPERATIONS[golden["operation"]]
    sender = systems.counterpart(operation.role).as_recorded_by(recorder)
    for role in Role:
        client = systems.client(role).as_recorded_by(recorder)
        client.call("stimulus/clock", SetClock.from_json({"now": golden["clock"]}))
        client.call("stimulus/load", Load.from_json(golden["load"]))
    source = f"urn:example:{operation.role.partner}".encode()
    answers = []
    for step in golden["steps"]:
        raw = step["bodyText"].encode() if "bodyText" in step else canonical_bytes(step["body"])
        name = OPERATIONS[step.get("operation", operation.id)].name
        raw = raw.replace(source, sender.identity.source.encode())
        answers.append(sender.send(name, raw, key=step.get("idempotencyKey")))
    return answers


def _told(event: Event, version: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(event.draft.raw)
    if version == _PRESENT:
        return body
    return told_in(_EDITIONS[version], event.draft.message, body)


def _send(bench: Bench, event: Event, body: dict[str, Any]) -> None:
    draft = Draft(event.draft.message, body["id"], canonical_bytes(body))
    attempt = bench.send(event.receiver, draft, event.id)
    bench.recorder.observe(f"{body['type']} by {body['dataschema']}: {attempt.answer}")


def _one_for_each_operation() -> list[Path]:
    found: dict[str, Path] = {}
    for path in sorted((PUBLISHED / "golden").glob("*-accepted.json")):
        found.setdefault(json.loads(path.read_bytes())["operation"], path)
    return list(found.values())


def _shown(answer: Answer) -> str:
    assert answer.raw is not None
    body = json.loads(answer.raw.body)
    return str(body.get("code") or body["status"])


def _state(bench: Bench, systems: SystemUnderTest, role: Role) -> str:
    raw = systems.client(role).as_recorded_by(bench.recorder).call("state").raw
    assert raw is not None
    return sha256(raw.body)
