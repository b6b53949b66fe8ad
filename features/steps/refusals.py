"""Refusals: the code, the field, and that nothing else happened."""

from __future__ import annotations

import base64
import json
from collections import Counter
from decimal import Decimal
from typing import Any

from pytest_bdd import parsers, then

from contracts.model.codes import Code
from contracts.model.inspection import AuditAction, AuditRow, Direction, JournalRow
from contracts.model.questions import ASKED_AT, Validate
from contracts.model.roles import Role
from features.bench import Attempt, Bench
from features.claims import equal, holds
from features.snapshots import QUESTIONS, Growth, Picture, differences, growth, take_picture

# What it comprises stands once, at the head of the scenarios of a report.
_STATE_IN_WORDS = "the state of both systems"


@then(parsers.re(r"it is refused with (?P<code>[A-Z_]+) at (?P<path>\S+)"))
def it_is_refused(bench: Bench, code: str, path: str) -> None:
    """The last attempt was refused in exactly this way."""
    _check_refusal(bench.last, code, path)
    refusal = bench.last.refusal
    bench.recorder.observe(f"{refusal.code} at {refusal.path}: {refusal.detail}")


@then(parsers.re(r"it is refused with (?P<code>[A-Z_]+) as a whole"))
def it_is_refused_as_a_whole(bench: Bench, code: str) -> None:
    """The refusal is about no single field."""
    _check_refusal(bench.last, code, "")
    bench.recorder.observe(f"{bench.last.refusal.code}: {bench.last.refusal.detail}")


@then("nothing has changed, and no record was made of it")
def nothing_at_all(bench: Bench) -> None:
    """State, journal and audit trail as before."""
    assert bench.before is not None
    _check_state(bench, bench.attempts[-1:])
    for role in Role:
        grown = growth(bench.site, bench.before, role)
        equal((grown.journal, grown.audit), ((), ()), f"journal and audit trail of {role.upper()}")
    bench.recorder.observe(f"{_STATE_IN_WORDS}, their journals and audit trails are as before")


@then(parsers.re(r"each is refused with (?P<code>[A-Z_]+) at (?P<path>\S+)"))
def each_is_refused(bench: Bench, code: str, path: str) -> None:
    """Every attempt was refused in exactly this way."""
    holds(bool(bench.attempts), "nothing was tried")
    for attempt in bench.attempts:
        _check_refusal(attempt, code, path)
    bench.recorder.observe(f"{len(bench.attempts)} of {len(bench.attempts)}: {code} at {path}")


@then(parsers.re(r"the status of the answer is (?P<status>[0-9]{3})"))
def status_is(bench: Bench, status: str) -> None:
    """The HTTP status."""
    raw = bench.last.answer.raw
    assert raw is not None
    bench.recorder.observe(f"status {raw.status}")
    equal(raw.status, int(status), "status of the answer")


@then("nothing has changed but the record of this and its refusal")
def nothing_but_the_record(bench: Bench) -> None:
    """State as before; journal and audit trail grew by the attempt and its refusal."""
    _check_unchanged(bench, bench.attempts[-1:])


@then("nothing has changed but the record of these and their refusals")
def nothing_but_the_records(bench: Bench) -> None:
    """The same for every attempt of the scenario."""
    _check_unchanged(bench, bench.attempts)


@then("a repeat gets the stored answer")
def repeat_gets_stored_answer(bench: Bench) -> None:
    """The very same request again: the same bytes, marked as replayed, and nothing changed."""
    _check_repeats(bench, bench.attempts[-1:])


@then("a repeat of each gets the stored answer")
def repeats_get_stored_answers(bench: Bench) -> None:
    """The same for every attempt of the scenario."""
    _check_repeats(bench, bench.attempts)


@then("a repeat is refused again in the same words")
def repeat_is_refused_again(bench: Bench) -> None:
    """A conflict is no answer to its event, so nothing is stored; the repeat is judged anew."""
    again = bench.repeat(bench.last)
    bench.recorder.observe(str(again))
    equal(again.refusal, bench.last.refusal, "the repeat got")
    _check_state(bench, bench.attempts[-1:])


def _check_repeats(bench: Bench, attempts: list[Attempt]) -> None:
    holds(bool(attempts), "nothing was tried")
    for attempt in attempts:
        first, again = attempt.answer.raw, bench.repeat(attempt)
        assert first is not None
        assert again.raw is not None
        bench.recorder.observe(
            f"status {again.raw.status}, same bytes: {again.raw.body == first.body}, "
            f"replayed: {again.replayed}"
        )
        equal((again.raw.status, again.raw.body), (first.status, first.body), "the repeat got")
        holds(again.replayed, "the answer is not marked as replayed")
    _check_state(bench, attempts)


def _check_refusal(attempt: Attempt, code: str, path: str) -> None:
    refusal = attempt.refusal
    equal(refusal.code, Code(code), f"code of '{attempt.answer}'")
    equal(refusal.path, path, "path of the field")


def _check_unchanged(bench: Bench, attempts: list[Attempt]) -> None:
    assert bench.before is not None
    holds(bool(attempts), "nothing was tried")
    _check_state(bench, attempts)
    all_grown = {role: growth(bench.site, bench.before, role) for role in Role}
    _check_questions(attempts, all_grown)
    for role, grown in all_grown.items():
        _check_journal(bench, attempts, role, grown)
        _check_audit(attempts, role, grown)
    grew = "; ".join(
        f"{role.upper()} journal + {len(grown.journal)}, audit trail + {len(grown.audit)} "
        f"({len(grown.refusals)} refused)" for role, grown in all_grown.items()
    )
    bench.recorder.observe(f"{_STATE_IN_WORDS} is as before; {grew}")


def _check_state(bench: Bench, attempts: list[Attempt]) -> None:
    """Every export as before, but that who asked the partner shows its request as refused."""
    if bench.before is None:
        return
    after = take_picture(bench.site)
    for attempt in attempts:
        if attempt.relayed and attempt.operation == "wms/pick-requested":
            after = _without_the_request(after, attempt)
    changed = differences(bench.before, after)
    holds(not changed, "; ".join(changed))


def _without_the_request(picture: Picture, attempt: Attempt) -> Picture:
    """The picture without the lines of a refused request, each of which has to be REFUSED."""
    export: Any = picture.state[(attempt.role, "picks")]
    lines = [row for row in export["rows"] if row["requestId"] == attempt.event]
    states = {(row["state"], Decimal(row["picked"]["value"])) for row in lines}
    equal(states, {("REFUSED", Decimal(0))}, f"lines of {attempt.event} in {attempt.role.upper()}")
    rest = [row for row in export["rows"] if row["requestId"] != attempt.event]
    return picture.with_export(attempt.role, "picks", {**export, "rows": rest})


def _check_journal(bench: Bench, attempts: list[Attempt], role: Role, grown: Growth) -> None:
    """A message and its answer for each attempt that travelled, and its repeats; else nothing."""
    travelled = [a for a in attempts if (a.draft is not None or a.relayed) and not a.unheard]
    concerned = [a for a in travelled if a.role is role or a.relayed]
    repeats = len(bench.repeats) if concerned else 0
    denied = [a for a in attempts if a.role is role and _is_denied_account(a)]
    expected = Counter({
        "message": len(concerned) + repeats, "answer": len(concerned) + repeats,
        "denied": len(denied),
    })
    messages = [row for row in grown.journal if row.kind not in QUESTIONS]
    found = Counter(row.kind for row in messages)
    equal(dict(found), dict(+expected), f"journal of {role.upper()} grew by")
    keys = {a.key for a in concerned if a.draft is not None}
    foreign = [row for row in messages if _is_foreign(row, keys)]
    holds(not foreign, f"journal of {role.upper()} holds other messages: {foreign}")


def _check_questions(attempts: list[Attempt], grown: dict[Role, Growth]) -> None:
    """Each question stands with its reply, was due at what was tried, and arrived as it was sent.

    What arrived may be less than what was asked, where the link was down.
    """
    uses = {ASKED_AT[a.operation] for a in attempts if a.operation in ASKED_AT}
    asked: dict[Direction, list[str]] = {Direction.SENT: [], Direction.RECEIVED: []}
    for role, found in grown.items():
        rows = [row for row in found.journal if row.kind in QUESTIONS]
        kinds = [row.kind for row in rows]
        equal(kinds, [*QUESTIONS] * (len(rows) // 2), f"questions and replies of {role.upper()}")
        for row in rows[::2]:
            question = Validate.from_json(json.loads(base64.b64decode(row.body)))
            holds(question.purpose in uses, f"{question.purpose} was asked and not tried")
            asked[row.direction].append(row.body_sha256)
    never = set(asked[Direction.RECEIVED]) - set(asked[Direction.SENT])
    holds(not never, f"questions arrived that were not sent: {never}")


def _is_denied_account(attempt: Attempt) -> bool:
    """Whether the account of a system was denied what is not on its list. URS-SVC-001."""
    refusal = attempt.answer.refusal
    return attempt.unheard and refusal is not None and refusal.code is Code.NOT_PERMITTED


def _is_foreign(row: JournalRow, keys: set[str]) -> bool:
    return bool(keys) and row.key not in keys


def _check_audit(attempts: list[Attempt], role: Role, grown: Growth) -> None:
    """One refusal for each attempt at the system that refused, and only entries about them."""
    refusing = [a for a in attempts if a.role is role or a.relayed]
    equal(len(grown.refusals), len(refusing), f"refusals in the audit trail of {role.upper()}")
    for row, attempt in zip(grown.refusals, refusing, strict=True):
        equal(row.new_value, attempt.refusal.code.value, "the audit trail says")
    others = [row for row in grown.audit if not _belongs(row, role, attempts)]
    holds(not others, f"audit trail of {role.upper()} holds other entries: {others}")


def _belongs(row: AuditRow, role: Role, attempts: list[Attempt]) -> bool:
    """A refusal; or, at who asked the partner, what became of the lines of the request."""
    if row.action is AuditAction.REFUSE:
        return True
    asked = [a.event for a in attempts if a.relayed and a.role is role]
    return row.record_type == "picks" and row.record_id.partition("/")[0] in asked
