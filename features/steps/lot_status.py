"""Lot status: the quality unit decides, with or without a signature; the warehouse follows."""

from __future__ import annotations

import base64
from datetime import date
from itertools import product

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import CommandAnswer, CommandStatus
from contracts.model.commands import ChangeLotStatus, SignatureComponents
from contracts.model.identifiers import Id
from contracts.model.inspection import Lots
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages.lot_status import LotStatusChanged, SignatureManifest
from contracts.model.roles import Role
from contracts.record.strict_json import read_json
from features.bench import PEOPLE, Attempt, Bench
from features.claims import equal
from features.snapshots import growth
from features.steps.material import add_lot
from features.steps.words import LETTER
from simulator.counterpart import Draft

Pair = tuple[LotStatus, LotStatus]
# The legal pairs, written down here once more: the judge does not ask the judged.
_LEGAL: dict[str, str] = {
    "QUARANTINE": "RELEASED REJECTED BLOCKED EXPIRED RECALLED",
    "RELEASED": "QUARANTINE BLOCKED REJECTED EXPIRED RECALLED CLOSED",
    "BLOCKED": "QUARANTINE RELEASED REJECTED EXPIRED RECALLED",
    "EXPIRED": "REJECTED",
    "RECALLED": "REJECTED",
    "REJECTED": "CLOSED",
    "CLOSED": "",
}
LEGAL: tuple[Pair, ...] = tuple(
    (LotStatus(a), LotStatus(b)) for a, to in _LEGAL.items() for b in to.split()
)
OTHERS: tuple[Pair, ...] = tuple(
    pair for pair in product(LotStatus, LotStatus) if pair[0] is not pair[1] and pair not in LEGAL
)
_EXPIRES = date(2026, 12, 31)



@when(parsers.re(
    rf"(?P<person>quality|production) releases lot {LETTER} with (?P<signature>a signature|"
    r"no signature|a wrong password|the signature of another person)"
))
def release(bench: Bench, person: str, letter: str, signature: str) -> None:
    """Try to release."""
    components = signature_of(bench, person, signature)
    body = decision_about(bench, bench.lots[letter].lot_id, LotStatus.RELEASED, components)
    attempt = bench.command(person, "change-lot-status", body)
    bench.recorder.observe(f"release of lot {letter} with {signature}: {attempt.answer}")


@when(parsers.re(rf'quality blocks lot {LETTER} for the reason "(?P<reason>[^"]*)"'))
def block(bench: Bench, letter: str, reason: str) -> None:
    """Try to put a lot on hold."""
    lot_id = bench.lots[letter].lot_id
    body = decision_about(bench, lot_id, LotStatus.BLOCKED, None, reason)
    attempt = bench.command("quality", "change-lot-status", body)
    bench.recorder.observe(f"hold of lot {letter} for {reason!r}: {attempt.answer}")


@when(parsers.re(
    rf'quality decides that lot {LETTER} is (?P<status>[A-Z]+) for the reason "(?P<reason>[^"]*)"'
))
def decide_for_a_reason(bench: Bench, letter: str, status: str, reason: str) -> None:
    """Try any decision, signed where it has to be."""
    wanted = LotStatus(status)
    body = decision_about(bench, bench.lots[letter].lot_id, wanted, _for(bench, wanted), reason)
    attempt = bench.command("quality", "change-lot-status", body)
    bench.recorder.observe(f"lot {letter} → {status} for {reason!r}: {attempt.answer}")


@when(parsers.re(
    rf"quality has decided that lot {LETTER} is (?P<status>[A-Z]+), and the warehouse knows"
))
@given(parsers.re(
    rf"quality has decided that lot {LETTER} is (?P<status>[A-Z]+), and the warehouse knows"
))
def has_decided(bench: Bench, letter: str, status: str) -> None:
    """A decision that both systems follow before anything is tried."""
    decide(bench, letter, LotStatus(status)).answer.as_(CommandAnswer)
    bench.deliver()


def decide(bench: Bench, letter: str, wanted: LotStatus) -> Attempt:
    """Quality decides on a lot, signed where it has to be; no picture is taken."""
    body = decision_about(bench, bench.lots[letter].lot_id, wanted, _for(bench, wanted))
    attempt = bench.command_unseen("quality", "change-lot-status", body)
    bench.recorder.observe(f"lot {letter} → {wanted}: {attempt.answer}")
    return attempt


@when("quality makes each of these changes, each on a lot of its own")
def make_each_change(bench: Bench, datatable: list[list[str]]) -> None:
    """Every pair of the scenario's table."""
    pairs = [(row[0], to.strip()) for row in datatable[1:] for to in row[1].split(",")]
    for pair in pairs:
        _try_pair(bench, (LotStatus(pair[0]), LotStatus(pair[1])))


@when("quality tries every other pair, the 23 that are left, each on a lot of its own")
def try_every_other_pair(bench: Bench) -> None:
    """Every illegal pair, by a person."""
    lots = [_load_pair(bench, pair) for pair in OTHERS]
    bench.look("quality")
    for (_, wanted), lot_id in zip(OTHERS, lots, strict=True):
        body = decision_about(bench, lot_id, wanted, _for(bench, wanted))
        bench.command_unseen("quality", "change-lot-status", body)


@when(
    "the MES counterpart sends every other pair, the 23 that are left, each for a lot of its own"
)
def send_every_other_pair(bench: Bench) -> None:
    """Every illegal pair, by message."""
    lots = [_load_pair(bench, pair) for pair in OTHERS]
    bench.picture()
    for pair, lot_id in zip(OTHERS, lots, strict=True):
        change_id, draft = change_message(bench, pair, lot_id, manifest_of(bench))
        bench.send_unseen(Role.WMS, draft, change_id)


@when(parsers.re(
    rf"the MES counterpart sends the release of lot {LETTER} with (?P<signature>no signature|"
    r"the signature of (?P<person>production|the picker))"
))
def send_release(bench: Bench, letter: str, signature: str, person: str | None) -> None:
    """A release that no signature decided, or one of the wrong person."""
    lot = bench.lots[letter]
    shown = bench.site.client(Role.WMS).ask("lots", Lots).rows
    present = next(row.status for row in shown if row.lot_id == lot.lot_id)
    manifest = manifest_of(bench, person) if person else None
    pair = (present, LotStatus.RELEASED)
    change_id, draft = change_message(bench, pair, lot.lot_id, manifest)
    attempt = bench.send(Role.WMS, draft, change_id)
    bench.recorder.observe(f"release of lot {letter} with {signature}: {attempt.answer}")


@then(parsers.re(r"each of the (?P<count>[0-9]+) changes is done"))
def each_is_done(bench: Bench, count: str) -> None:
    """Every attempt was done."""
    answers = [attempt.answer.as_(CommandAnswer).status for attempt in bench.attempts]
    bench.recorder.observe(f"{answers.count(CommandStatus.DONE)} of {len(answers)} are DONE")
    equal(len(answers), int(count), "changes tried")
    equal(set(answers), {CommandStatus.DONE}, "answers")


@then("after delivery both systems show each lot with its new status")
def each_shows_new_status(bench: Bench) -> None:
    """Owner and mirror agree on every lot."""
    bench.deliver()
    wanted = {}
    for attempt in bench.attempts:
        assert attempt.command is not None
        body = attempt.command[1]
        assert isinstance(body, ChangeLotStatus)
        wanted[body.lot_id] = body.to_status
    for role in Role:
        shown = {row.lot_id: row.status for row in bench.site.client(role).ask("lots", Lots).rows}
        right = [lot for lot, status in wanted.items() if shown.get(lot) is status]
        bench.recorder.observe(f"{role.upper()}: {len(right)} of {len(wanted)} as decided")
        wrong = {lot: shown.get(lot) for lot in wanted if lot not in right}
        equal(wrong, {}, f"lots that {role.upper()} shows otherwise")


@then(parsers.re(rf"after delivery both systems show lot {LETTER} as (?P<status>[A-Z]+)"))
def both_show_status(bench: Bench, letter: str, status: str) -> None:
    """Owner and mirror agree on the lot."""
    bench.deliver()
    for role in Role:
        rows = bench.site.client(role).ask("lots", Lots).rows
        shown = [row.status for row in rows if row.lot_id == bench.lots[letter].lot_id]
        bench.recorder.observe(f"{role.upper()}: lot {letter} is {', '.join(shown)}")
        equal(shown, [LotStatus(status)], f"status of lot {letter} in {role.upper()}")


@then(parsers.re(
    rf"the message about lot {LETTER} carries the signature id, printed name, role, meaning "
    r"and time"
))
def message_carries_signature(bench: Bench, letter: str) -> None:
    """What 11.50 asks for, in the bytes that the warehouse received."""
    signature = received_change(bench, letter).signature
    assert signature is not None, "the message carries no signature"
    bench.recorder.observe(
        f"{signature.signature_id}: {signature.printed_name}, {signature.role}, "
        f"{signature.meaning!r}, {signature.signed_at.isoformat()}"
    )
    equal(signature.person_id, bench.person_id("quality"), "signed by")
    name_and_role = (signature.printed_name, signature.role)
    equal(name_and_role, ("Example Quality", "quality"), "printed name and role")
    equal(signature.meaning, "Released for use", "meaning")
    equal(signature.signed_at, bench.now, "time of signing")


@then(parsers.re(rf'the message about lot {LETTER} carries the reason "(?P<reason>[^"]*)"'))
def message_carries_reason(bench: Bench, letter: str, reason: str) -> None:
    """The reason in the bytes that the warehouse received."""
    change = received_change(bench, letter)
    bench.recorder.observe(f"reason {change.reason!r}, code {change.reason_code}")
    equal(change.reason, reason, "reason")


# --- downgraded lots ----------------------------------------------------------------------------


def decision_about(
    bench: Bench, lot_id: str, wanted: LotStatus, signature: SignatureComponents | None,
    reason: str = "Decided on the bench",
) -> ChangeLotStatus:
    """A decision of the quality unit about a lot."""
    return ChangeLotStatus(
        change_id=Id(bench.new_id("CHANGE")), lot_id=Id(lot_id), to_status=wanted,
        reason_code=StatusReason.QUALITY_DECISION, reason=reason, signature=signature,
    )


def _try_pair(bench: Bench, pair: Pair) -> None:
    lot_id = _load_pair(bench, pair)
    body = decision_about(bench, lot_id, pair[1], _for(bench, pair[1]))
    if pair == (LotStatus.BLOCKED, LotStatus.RELEASED):
        second = signature_of(bench, "another person", "a signature")
        body = body.model_copy(update={"second_signature": second})
    attempt = bench.command_unseen("quality", "change-lot-status", body)
    bench.recorder.observe(f"{pair[0]} → {pair[1]}: {attempt.answer}")


def _load_pair(bench: Bench, pair: Pair) -> str:
    letter = bench.new_name("P")
    return add_lot(bench, letter, "1.000", pair[0], _EXPIRES).lot_id


def _for(bench: Bench, wanted: LotStatus) -> SignatureComponents | None:
    signed = wanted is LotStatus.RELEASED
    return signature_of(bench, "quality", "a signature") if signed else None


def signature_of(bench: Bench, person: str, words: str) -> SignatureComponents | None:
    """The signature components that these words stand for; none for "no signature"."""
    if words == "no signature":
        return None
    signer = "another person" if words == "the signature of another person" else person
    wrong = words == "a wrong password"
    return bench.signature(signer, "Released for use", wrong_password=wrong)


def manifest_of(bench: Bench, person: str = "quality") -> SignatureManifest:
    """What a signature of a person looks like in a message."""
    name, duty, _, _ = PEOPLE[person]
    return SignatureManifest(
        signature_id=Id(bench.new_id("SIG")), person_id=Id(bench.namespace.id(name)),
        printed_name=f"Example {person.title()}", role=Id(duty.value),
        meaning="Released for use", signed_at=bench.now,
    )


def change_message(
    bench: Bench, pair: Pair, lot_id: str, signature: SignatureManifest | None
) -> tuple[str, Draft]:
    """A change of a lot as a message of the MES counterpart, with the id of the change."""
    change_id = bench.new_id("CHANGE")
    payload = LotStatusChanged(
        change_id=Id(change_id), lot_id=Id(lot_id), material_id=Id(bench.namespace.id("LACTOSE")),
        from_status=pair[0], to_status=pair[1], reason_code=StatusReason.QUALITY_DECISION,
        reason="Decided on the bench", decided_by=Id(bench.namespace.id("EX-QUAL")),
        decided_at=bench.now, effective_at=bench.now, station=Id("QUALITY-1"),
        signature=signature,
    )
    subject = f"lot/{lot_id}"
    draft = bench.counterpart(Role.WMS).draft("lot-status-changed", payload, subject, bench.now)
    return change_id, draft


def received_change(bench: Bench, letter: str) -> LotStatusChanged:
    """The last change of a lot, in the bytes that the warehouse received."""
    assert bench.before is not None
    wanted = bench.lots[letter].lot_id
    for row in growth(bench.site, bench.before, Role.WMS).journal:
        if row.kind == "message":
            data = read_json(base64.b64decode(row.body))["data"]
            if data.get("lotId") == wanted:
                return LotStatusChanged.model_validate(data)
    raise AssertionError(f"the warehouse received no message about {wanted}")
