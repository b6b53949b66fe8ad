"""Holds: a lot is taken out of use, two persons release it, and what moved meanwhile is listed."""

from __future__ import annotations

import base64
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import ChangeLotStatus, SignatureComponents
from contracts.model.inspection import Alarms
from contracts.model.instants import read_timestamp, write_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from contracts.record.strict_json import read_json
from features.bench import STAGING, Bench
from features.claims import equal, holds
from features.snapshots import growth
from features.steps.lot_status import (
    change_message,
    decision_about,
    manifest_of,
    received_change,
    signature_of,
)
from features.steps.words import LETTER

_MOVED = "MOVED_BEFORE_HOLD_ARRIVED"
_DOWNGRADES = {
    "blocked": LotStatus.BLOCKED,
    "quarantined": LotStatus.QUARANTINE,
    "rejected": LotStatus.REJECTED,
}


@given(parsers.re(
    rf"quality has (?P<words>blocked|blocked and quarantined|quarantined|rejected) lot {LETTER}"
))
@when(parsers.re(
    rf"quality has (?P<words>blocked|blocked and quarantined|quarantined|rejected) lot {LETTER}"
))
def quality_has(bench: Bench, words: str, letter: str) -> None:
    """One decision or two, known in both systems."""
    bench.picture()
    for word in words.split(" and "):
        _downgrade(bench, letter, _DOWNGRADES[word])
    bench.deliver()


@given(parsers.re(rf"quality blocks lot {LETTER} while the message is still on its way"))
def quality_blocks_undelivered(bench: Bench, letter: str) -> None:
    """Decided in MES; the warehouse does not know yet."""
    _downgrade(bench, letter, LotStatus.BLOCKED)


@given(parsers.re(r"(?P<seconds>[0-9]+) seconds pass at the site"))
@when(parsers.re(r"(?P<seconds>[0-9]+) seconds pass at the site"))
def seconds_pass(bench: Bench, seconds: str) -> None:
    """The clocks go on; no background work is done."""
    bench.site.set_clock(bench.now + timedelta(seconds=int(seconds)))
    bench.recorder.observe(f"both site clocks read {write_timestamp(bench.now)}")


@when(parsers.re(
    rf"the MES counterpart sends a hold of lot {LETTER} that was decided "
    r"(?P<seconds>[0-9]+) seconds ago"
))
def sends_an_old_hold(bench: Bench, letter: str, seconds: str) -> None:
    """A decision that was long on its way."""
    pair = (LotStatus.RELEASED, LotStatus.BLOCKED)
    decided_at = bench.now - timedelta(seconds=int(seconds))
    change_id, draft = change_message(bench, pair, bench.lots[letter].lot_id, None)
    old = draft.changed({"decidedAt": write_timestamp(decided_at)})
    attempt = bench.send(Role.WMS, old, change_id)
    bench.recorder.observe(f"hold decided at {write_timestamp(decided_at)}: {attempt.answer}")


@given(parsers.re(rf"two persons of quality have released lot {LETTER}"))
def two_have_released(bench: Bench, letter: str) -> None:
    """The release is known in both systems."""
    bench.prepare("quality", "change-lot-status", _released_by_two(bench, letter, None))
    bench.deliver()


@when(parsers.re(rf"two persons of quality release lot {LETTER}"))
def two_release(bench: Bench, letter: str) -> None:
    """Try to release with two signatures."""
    body = _released_by_two(bench, letter, None)
    attempt = bench.command("quality", "change-lot-status", body)
    bench.recorder.observe(f"release of lot {letter} by two persons: {attempt.answer}")


@when(parsers.re(
    rf"quality releases lot {LETTER} with (?P<second>the same signature|a wrong password|"
    r"the signature of production) as the second"
))
def release_with_second(bench: Bench, letter: str, second: str) -> None:
    """Try to release with a second signature that does not count."""
    components = {
        "the same signature": ("quality", "a signature"),
        "a wrong password": ("another person", "a wrong password"),
        "the signature of production": ("production", "a signature"),
    }[second]
    body = _released_by_two(bench, letter, signature_of(bench, *components))
    attempt = bench.command("quality", "change-lot-status", body)
    bench.recorder.observe(f"release of lot {letter} with {second}: {attempt.answer}")


@when(parsers.re(rf"the MES counterpart sends the release of lot {LETTER} with one signature"))
def send_release_signed_once(bench: Bench, letter: str) -> None:
    """A release that two persons should have decided."""
    lot_id = bench.lots[letter].lot_id
    pair = (LotStatus.BLOCKED, LotStatus.RELEASED)
    change_id, draft = change_message(bench, pair, lot_id, manifest_of(bench))
    attempt = bench.send(Role.WMS, draft, change_id)
    bench.recorder.observe(f"release of lot {letter} signed once: {attempt.answer}")


@then(parsers.re(
    rf"the message about lot {LETTER} carries two signatures of different persons, "
    r"each with its meaning"
))
def message_carries_both(bench: Bench, letter: str) -> None:
    """Both manifests, in the bytes that the warehouse received."""
    change = received_change(bench, letter)
    both = [s for s in (change.signature, change.second_signature) if s is not None]
    shown = [f"{s.signature_id}: {s.person_id}, {s.meaning!r}" for s in both]
    bench.recorder.observe("; ".join(shown))
    signers = [bench.person_id(who) for who in ("quality", "another person")]
    equal([s.person_id for s in both], signers, "signed by")
    equal([s.meaning for s in both], ["Released for use"] * 2, "meanings")


@then(parsers.re(
    r"the warehouse has recorded it within (?P<seconds>[0-9]+) seconds of the decision"
))
def recorded_within(bench: Bench, seconds: str) -> None:
    """From the decision in the message to the instant in the warehouse's acknowledgement."""
    assert bench.before is not None
    rows = growth(bench.site, bench.before, Role.WMS).journal
    bodies = [read_json(base64.b64decode(row.body)) for row in rows]
    changes = [body["data"] for body in bodies if "changeId" in body.get("data", {})]
    answers = [body for body in bodies if "recordedAt" in body]
    equal((len(changes), len(answers)), (1, 1), "decisions and acknowledgements")
    decided = read_timestamp(changes[0]["decidedAt"])
    took = read_timestamp(answers[0]["recordedAt"]) - decided
    bench.recorder.observe(f"recorded {took.total_seconds()} s after the decision")
    holds(timedelta(0) <= took <= timedelta(seconds=int(seconds)), f"it took {took}")


@then(parsers.re(
    rf"the warehouse has listed the container of lot {LETTER} as moved before the hold arrived"
))
def listed_as_moved(bench: Bench, letter: str) -> None:
    """One alarm names lot, container and place."""
    lot = bench.lots[letter]
    rows = bench.site.client(Role.WMS).ask("alarms", Alarms).rows
    listed = [r.detail for r in rows if r.name == _MOVED and lot.lot_id in r.detail]
    bench.recorder.observe("; ".join(listed) or "nothing is listed")
    equal(len(listed), 1, f"movements of {lot.lot_id} that are listed")
    holds(lot.container in listed[0], f"{lot.container} is not named")
    holds(bench.namespace.id(STAGING) in listed[0], "its new place is not named")


def _downgrade(bench: Bench, letter: str, wanted: LotStatus) -> None:
    body = decision_about(bench, bench.lots[letter].lot_id, wanted, None)
    bench.prepare("quality", "change-lot-status", body)
    bench.recorder.observe(f"lot {letter} is {wanted} in MES")


def _released_by_two(
    bench: Bench, letter: str, second: SignatureComponents | None
) -> ChangeLotStatus:
    first = signature_of(bench, "quality", "a signature")
    body = decision_about(bench, bench.lots[letter].lot_id, LotStatus.RELEASED, first)
    components = second or signature_of(bench, "another person", "a signature")
    return body.model_copy(update={"second_signature": components})
