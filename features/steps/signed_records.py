"""Electronic signatures: what they show, what they are bound to, who may give them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import (
    ChangeLotStatus,
    SignatureComponents,
)
from contracts.model.identifiers import Id
from contracts.model.inspection_batch import BatchRecord
from contracts.model.inspection_signatures import (
    SignatureRow,
    SignatureState,
    SignatureVerdict,
    VerifySignature,
)
from contracts.model.instants import read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Duty, Role
from contracts.model.signing import SigningRecords, TrainingRecord
from contracts.model.stimulus import Load, Person
from features.bench import PEOPLE, Attempt, Bench
from features.claims import equal, holds, the_only
from features.signed_records import Signed, signed_of, transplants_of
from features.steps.batch_records import read_record
from features.steps.batch_release import count_one_less
from features.steps.labels import PackingOnBench
from features.steps.lot_status import decision_about
from features.steps.material import add_base, add_lot
from features.steps.own_passwords import NEW_PASSWORD, OWN_PASSWORD
from features.steps.people import lock_and_unlock
from features.steps.quality import QualityOnBench
from features.steps.words import LETTER, day_of
from simulator.site import EXAMPLE_PASSWORD, EXAMPLE_SIGNING

_MEANING = "Released for use"
_CHANGE = "change-lot-status"
_SIGNER = r"(?P<who>quality|another person|the second analyst)"


@dataclass
class OnFile:
    """What the scenario has read of signatures."""

    signed: list[Signed] = field(default_factory=list)
    moved: list[tuple[Signed, SignatureState]] = field(default_factory=list)
    station: str = ""


# --- given --------------------------------------------------------------------------------------


@given(parsers.re(r"quality has on file (?P<what>.+)"))
def has_on_file(bench: Bench, what: str) -> None:
    """Quality's account gets other records of who may sign."""
    today = bench.now.date()

    def trained(until: object) -> dict[str, Any]:
        record = TrainingRecord.model_validate({"record_id": "TRAINED-1", "valid_until": until})
        return {"training": (record,)}

    changes: dict[str, dict[str, Any]] = {
        "all three records": {},
        "a training that is valid until today": trained(today),
        "no identity-verification record": {"identity_record": None},
        "no acknowledgement": {"acknowledgement": None},
        "no training record": {"training": ()},
        "a training that ended yesterday": trained(today - timedelta(days=1)),
        "nothing": {"identity_record": None, "acknowledgement": None, "training": ()},
    }
    _load_quality(bench, EXAMPLE_SIGNING.model_copy(update=changes[what]))
    bench.recorder.observe(f"quality has on file: {what}")


@given(parsers.re(rf"{_SIGNER} has the duty of quality and of an analyst"))
def has_both_duties(bench: Bench, who: str) -> None:
    """One person who may test, review and release."""
    bench.site.load(Load(people=(Person(
        person_id=bench.person_id(who), printed_name=f"Example {who.title()}",
        duties=(Duty.QUALITY, Duty.ANALYST), password=EXAMPLE_PASSWORD, signing=EXAMPLE_SIGNING,
    ),)))


@given("a piece of the packed case is missing, and a deviation says so")
def piece_is_missing(bench: Bench) -> None:
    """Counted twice and adjusted: more than half a percent is gone."""
    count_one_less(bench)
    bench.deliver()
    deviation = the_only(read_record(bench, "P").deviations, "deviations in the record")
    bench.part(QualityOnBench).deviation_id = deviation.deviation_id


@given(parsers.re(rf"{_SIGNER} has released lot {LETTER} by signature"))
def released_by_signature(bench: Bench, who: str, letter: str) -> None:
    """A release that was signed."""
    bench.prepare(who, "change-lot-status", _release(bench, who, letter))


@given("quality has not signed in this session")
def has_not_signed(bench: Bench) -> None:
    """Signed in, and nothing more."""
    bench.session("quality")


@given(parsers.re(
    rf"quality has released lot {LETTER} by signature, and "
    r"(?P<then_>15 minutes have passed|begun a session elsewhere)"
))
def has_released_and(bench: Bench, letter: str, then_: str) -> None:
    """The session in which quality signed has ended, or another one has begun."""
    released_by_signature(bench, "quality", letter)
    if then_ == "15 minutes have passed":
        bench.site.set_clock(bench.now + timedelta(minutes=15))
    else:
        bench.part(OnFile).station = "QUALITY-9"
    bench.recorder.observe(then_)


@given(parsers.re(
    rf"quality has released lot {LETTER} by signature, been locked and unlocked"
))
def has_released_and_was_locked(bench: Bench, letter: str) -> None:
    """Five failed sign-ins lock the account; an administrator lets it be used again."""
    released_by_signature(bench, "quality", letter)
    lock_and_unlock(bench, "quality", Role.MES)
    bench.recorder.observe("locked after failures, and unlocked by an administrator")


@given(parsers.re(rf"lot {LETTER} on hold, which two persons have to release"))
def a_lot_on_hold(bench: Bench, letter: str) -> None:
    """A lot that was blocked."""
    add_base(bench)
    add_lot(bench, letter, "1.000", LotStatus.BLOCKED, day_of("2026-12-31"))


@given(parsers.re(
    rf"another person has released lot {LETTER}, and quality has signed second"
))
def has_signed_second(bench: Bench, letter: str) -> None:
    """Both with all that they were asked for."""
    second = bench.signature("quality", _MEANING)
    bench.prepare("another person", "change-lot-status", _by_two(bench, letter, second))


# --- what is tried ------------------------------------------------------------------------------


@when(parsers.re(rf"{_SIGNER} signs the release of lot {LETTER}"))
def signs_release(bench: Bench, who: str, letter: str) -> None:
    """Try to release."""
    attempt = bench.command(who, "change-lot-status", _release(bench, who, letter))
    bench.recorder.observe(f"{who} releases lot {letter}: {attempt.answer}")


@when(parsers.re(rf"quality signs the release of lot {LETTER} with the password alone"))
def signs_with_password(bench: Bench, letter: str) -> None:
    """Without what the authenticator shows."""
    person, _, role, usual = PEOPLE["quality"]
    station = bench.part(OnFile).station or usual
    body = _release(bench, "quality", letter)
    bench.site.sign_in(role, person, station)
    bench.picture()
    bench.site.shows_codes = False
    key = bench.site.new_key()
    answer = bench.site.command_with_key(role, _CHANGE, body, person, station, key)
    bench.attempts.append(Attempt(role, key, body.key, answer, (_CHANGE, body, "quality")))
    bench.recorder.observe(f"with the password alone: {answer}")


@when(parsers.re(
    rf"another person releases lot {LETTER}, and quality signs second with the "
    r"(?P<whose>new|own|usual) password (?P<how>alone|and a code)"
))
def signs_second(bench: Bench, letter: str, whose: str, how: str) -> None:
    """A password, with what the authenticator shows or without it."""
    code = bench.site.authenticators.next_code(
        Role.MES, bench.person_id("quality"), bench.now
    )
    second = SignatureComponents(
        user_id=bench.person_id("quality"), meaning=_MEANING,
        password={"new": NEW_PASSWORD, "own": OWN_PASSWORD}.get(whose, bench.site.password),
        code=code if how == "and a code" else None,
    )
    bench.site.shows_codes = how != "alone"
    attempt = bench.command("another person", _CHANGE, _by_two(bench, letter, second))
    bench.recorder.observe(f"{whose} password {how}: {attempt.answer}")


@when(parsers.re(rf"quality signs the release of lot {LETTER} and says of its meaning only \"ok\""))
def signs_without_meaning(bench: Bench, letter: str) -> None:
    """Two characters are no meaning; the schema asks for three at least."""
    signature = bench.signature("quality", _MEANING).model_copy(update={"meaning": "ok"})
    body = _release(bench, "quality", letter).model_copy(update={"signature": signature})
    attempt = bench.command("quality", "change-lot-status", body)
    bench.recorder.observe(f"meaning 'ok': {attempt.answer}")


@when("each signature is moved to every other record, version and type")
def is_moved(bench: Bench) -> None:
    """The system is asked whether the signature belongs there."""
    kept = bench.part(OnFile)
    kept.signed = _signed_here(bench)
    for moved in transplants_of(kept.signed):
        kept.moved.append((moved, _verified(bench, moved)))
    bench.recorder.observe(f"{len(kept.moved)} transplants of {len(kept.signed)} signatures")


# --- what came of it ----------------------------------------------------------------------------


@then(parsers.re(
    rf"the signature under lot {LETTER} shows printed name, user id, role, meaning, and the time "
    r"in UTC and with the zone of the site"
))
def shows_signature(bench: Bench, letter: str) -> None:
    """All that 11.50 asks for, in the export."""
    signed = _of_lot(bench, letter)
    row = SignatureRow.model_validate(signed.signature)
    bench.recorder.observe(
        f"{row.printed_name} ({row.person_id}), {row.role}: {row.meaning!r} at "
        f"{signed.signature['signedAtUtc']} / {signed.signature['signedAt']} {row.zone}"
    )
    equal((row.printed_name, row.person_id), ("Example Quality", bench.person_id("quality")), "who")
    equal((row.role, row.meaning), ("quality", _MEANING), "role and meaning")
    equal((row.signed_at, row.signed_at_utc), (bench.now, bench.now), "instant of signing")
    holds(str(signed.signature["signedAtUtc"]).endswith("Z"), "the time in UTC has another offset")
    at = read_timestamp(str(signed.signature["signedAt"]))
    equal(row.zone, bench.zone.key, "zone")
    equal(at.utcoffset(), at.astimezone(bench.zone).utcoffset(), "offset of the site")
    holds(row.signed_at_utc.tzinfo is UTC or row.signed_at_utc.utcoffset() == timedelta(0), "UTC")


@then(parsers.re(rf"the record that was signed is the decision about lot {LETTER}"))
def is_the_decision(bench: Bench, letter: str) -> None:
    """What the signature is under says what was commanded."""
    said = json.loads(_of_lot(bench, letter).record["content"])
    assert bench.last.command is not None
    body = bench.last.command[1].to_json()
    wanted = {k: v for k, v in body.items() if "ignature" not in k}
    bench.recorder.observe(json.dumps(said))
    equal(said, wanted, "what was signed")


@then("every signature of the scenario belongs to its record, by the system and by the judge")
def every_one_belongs(bench: Bench) -> None:
    """Reckoned twice: by who keeps it, and by who reads it."""
    signed = _signed_here(bench)
    holds(bool(signed), "nothing was signed")
    for one in signed:
        name = one.signature["signatureId"]
        equal(one.faults(), [], f"what the judge finds of {name}")
        state = (one.signature["state"], _verified(bench, one).value)
        equal(state, ("VALID", "VALID"), f"{name} as exported and as verified")
    bench.recorder.observe(f"{len(signed)} signatures verified")


@then("every transplant is reported invalid, by the system and by the judge")
def every_transplant_is_invalid(bench: Bench) -> None:
    """None is accepted; with its own record each still is."""
    kept = bench.part(OnFile)
    states = Counter(state.value for _, state in kept.moved)
    bench.recorder.observe(str(dict(states)))
    holds(len(kept.signed) > 1, "there was no other record to move a signature to")
    equal(set(states), {SignatureState.INVALID.value}, "states of the transplants")
    unseen = [moved for moved, _ in kept.moved if not moved.faults()]
    equal(unseen, [], "transplants that the judge takes for good")
    equal({_verified(bench, one).value for one in kept.signed}, {"VALID"}, "in their own place")


@then("a signature that nobody gave is reported as unknown")
def nobodys_is_unknown(bench: Bench) -> None:
    """A made-up id names no signature."""
    one = _signed_here(bench)[0]
    made_up = Signed({**one.signature, "signatureId": "SIG-0"}, one.record)
    equal(_verified(bench, made_up).value, "UNKNOWN", "state of a made-up signature")


@then(parsers.re(
    rf"the batch record of lot {LETTER} appears as (?P<state>signed|unsigned) everywhere"
))
def record_appears(bench: Bench, letter: str, state: str) -> None:
    """In the record itself, among the signatures, and when the signature is verified."""
    is_signed = state == "signed"
    record: BatchRecord = read_record(bench, letter)
    last = _last_completion(bench, letter)
    verified = _verified(bench, last)
    bench.recorder.observe(
        f"completed: {record.completed is not None}, version {last.record['recordVersion']}: "
        f"{last.signature['state']}, verified {verified}"
    )
    equal(record.completed is not None, is_signed, "whether the record shows its completion")
    wanted = SignatureState.VALID if is_signed else SignatureState.RECORD_CHANGED
    equal((last.signature["state"], verified), (wanted.value, wanted), "state of the signature")
    equal(last.faults(), [], "what was signed then")
    open_words = f"batch record of {record.order_id} is not completed"
    equal(open_words in record.obstacles, not is_signed, "obstacle to the release")


@then(parsers.re(r"the signature of the review of lot [A-Z] still belongs to its result"))
def review_still_belongs(bench: Bench) -> None:
    """What was signed before is as it was."""
    signed = [s for s in _signed_here(bench) if s.record["recordType"] == "lab_results"]
    one = the_only(signed, "signed results")
    equal((one.faults(), one.signature["state"]), ([], "VALID"), "the signature of the review")


# --- how it is read -----------------------------------------------------------------------------


def _release(bench: Bench, who: str, letter: str) -> ChangeLotStatus:
    lot_id = bench.lots[letter].lot_id
    return decision_about(bench, lot_id, LotStatus.RELEASED, bench.signature(who, _MEANING))


def _by_two(bench: Bench, letter: str, second: SignatureComponents) -> ChangeLotStatus:
    body = _release(bench, "another person", letter)
    return body.model_copy(update={"second_signature": second})


def _load_quality(bench: Bench, signing: SigningRecords) -> None:
    name, duty, _, _ = PEOPLE["quality"]
    bench.site.load(Load(people=(Person(
        person_id=Id(bench.namespace.id(name)), printed_name="Example Quality", duties=(duty,),
        password=EXAMPLE_PASSWORD, signing=signing,
    ),)))


def _signed_here(bench: Bench) -> list[Signed]:
    """The signatures of this scenario's people in MES."""
    export = bench.site.client(Role.MES).content("signatures")
    return [
        one for one in signed_of(export) if bench.namespace.owns(one.signature["personId"])
    ]


def _of_lot(bench: Bench, letter: str) -> Signed:
    lot_id = bench.lots[letter].lot_id
    return the_only(
        (s for s in _signed_here(bench) if s.signature["recordId"] == lot_id),
        f"signatures under lot {letter}",
    )


def _last_completion(bench: Bench, letter: str) -> Signed:
    order = bench.part(PackingOnBench).orders[letter]
    found = [s for s in _signed_here(bench)
             if (s.record["recordType"], s.record["recordId"]) == ("batch-record", order)]
    holds(bool(found), "nobody has signed the batch record")
    return max(found, key=lambda one: int(one.record["recordVersion"]))


def _verified(bench: Bench, one: Signed) -> SignatureState:
    """What the system says of a signature with this record."""
    asked = VerifySignature.model_validate({
        "signatureId": one.signature["signatureId"],
        **{name: one.record[name]
           for name in ("recordType", "recordId", "recordVersion", "content")},
    })
    answer = bench.site.client(Role.MES).call("verify-signature", asked)
    return answer.as_(SignatureVerdict).state
