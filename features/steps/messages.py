"""The scripted counterpart: valid messages, wrong ones, repeats, the same event again."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import Acknowledgement
from contracts.model.identifiers import Id
from contracts.model.inspection import Alarms
from contracts.model.messages.picks import PickLine, PickRequested
from contracts.model.roles import Role
from contracts.wire.clients import Answer
from features.bench import ITEM, OTHER_ITEM, STAGING, Attempt, Bench
from features.claims import equal, holds
from features.steps.words import AMOUNT, amount_of, quantity_of
from simulator.counterpart import Counterpart, Draft, new_message_id


@when(parsers.re(rf"the MES counterpart sends a pick request for {AMOUNT}"))
def counterpart_requests(bench: Bench, amount: str) -> None:
    """A valid request."""
    _send(bench, request_draft(bench, amount))


@when(parsers.re(rf"the MES counterpart sends another pick request for {AMOUNT}"))
def counterpart_requests_another(bench: Bench, amount: str) -> None:
    """A second valid request, of its own."""
    _send(bench, request_draft(bench, amount))


@given(parsers.re(rf"the MES counterpart has sent a pick request for {AMOUNT}"))
def counterpart_has_requested(bench: Bench, amount: str) -> None:
    """A valid request that was acknowledged."""
    _send(bench, request_draft(bench, amount)).answer.as_(Acknowledgement)


@when(parsers.re(rf"the MES counterpart sends a pick request for {AMOUNT} without a key"))
def counterpart_requests_without_key(bench: Bench, amount: str) -> None:
    """A valid body without an Idempotency-Key."""
    _send(bench, request_draft(bench, amount).without_key())


@when(parsers.re(
    r"the MES counterpart sends a pick request with "
    r"(?P<departure>version 2 of the bill|an item not on the bill|[0-9.]+ kg)"
))
def counterpart_departs(bench: Bench, departure: str) -> None:
    """A request that departs from the bill of materials in one place."""
    if departure.endswith(" kg"):
        draft = request_draft(bench, departure.removesuffix(" kg"))
    else:
        draft = request_draft(bench, f"{bench.the_order.quantity:f}")
    _send(bench, draft.changed(_departure(bench, departure)))


@when("the MES counterpart sends other content under the same key")
def counterpart_reuses_key(bench: Bench) -> None:
    """The last message with another place to bring it to."""
    first = bench.last.draft
    assert first is not None
    other = first.changed({"toLocation": bench.namespace.id("ELSEWHERE")})
    _send(bench, other)


@when("the MES counterpart sends the same pick request under another key")
def counterpart_sends_same_event(bench: Bench) -> None:
    """The same business event, carried by another message."""
    _send(bench, _same_event(bench, {}))


@when(parsers.re(
    rf"the MES counterpart sends the same pick request for {AMOUNT} under another key"
))
def counterpart_sends_conflicting_event(bench: Bench, amount: str) -> None:
    """The same request id with another quantity."""
    first = bench.last.draft
    assert first is not None
    line = _line(bench, amount).to_json()
    _send(bench, _same_event(bench, {"lines": [line]}))


@when(parsers.re(r"(?P<senders>[0-9]+) senders repeat it (?P<times>[0-9]+) times in all"))
def senders_repeat(bench: Bench, senders: str, times: str) -> None:
    """Send the last message again and again; in parallel where the systems allow two callers."""
    draft = bench.last.draft
    assert draft is not None
    if bench.sut.concurrent:
        _repeat_in_parallel(bench, draft, int(senders), int(times))
        how = f"{senders} senders at once"
    else:
        client = bench.counterpart(Role.WMS)
        bench.repeats = [client.send(draft) for _ in range(int(times))]
        how = "one after the other (two callers cannot be inside a system in process)"
    bench.recorder.observe(f"{len(bench.repeats)} repeats, {how}")


@then("every repeat got the bytes of the first answer, marked as replayed")
def every_repeat_is_replayed(bench: Bench) -> None:
    """Byte for byte the first answer."""
    first = bench.last.answer.raw
    assert first is not None
    wrong = [a for a in bench.repeats if a.raw is None or a.raw.body != first.body]
    unmarked = [a for a in bench.repeats if not a.replayed]
    bench.recorder.observe(
        f"{len(bench.repeats) - len(wrong)} of {len(bench.repeats)} equal the first answer, "
        f"{len(bench.repeats) - len(unmarked)} are marked as replayed"
    )
    holds(bool(bench.repeats), "nothing was repeated")
    holds(not wrong, f"{len(wrong)} repeats got something else: {', '.join(map(str, wrong[:1]))}")
    holds(not unmarked, f"{len(unmarked)} repeats are not marked as replayed")


@then("it gets the answer of the first, marked as replayed")
def same_event_is_replayed(bench: Bench) -> None:
    """The stored answer of the message that carried the event first."""
    first, again = bench.attempts[-2].answer, bench.attempts[-1].answer
    assert first.raw is not None
    assert again.raw is not None
    bench.recorder.observe(f"the answer is {again}, replayed: {again.replayed}")
    equal(again.raw.body, first.raw.body, "the answer")
    holds(again.replayed, "the answer is not marked as replayed")


@then(parsers.re(r"the warehouse has raised the alarm (?P<name>[A-Z_]+) about it"))
def alarm_raised(bench: Bench, name: str) -> None:
    """Exactly one alarm names this key."""
    rows = bench.site.client(Role.WMS).ask("alarms", Alarms).rows
    about = [row for row in rows if row.name == name and bench.last.key in row.detail]
    shown = [f"{row.alarm_id}: {row.detail}" for row in about]
    bench.recorder.observe("; ".join(shown) or "no alarm")
    equal(len(about), 1, f"alarms {name} about {bench.last.key}")


def _send(bench: Bench, draft: Draft) -> Attempt:
    attempt = bench.send(Role.WMS, draft, bench.request_id)
    bench.recorder.observe(f"{draft.message} {draft.key or 'without a key'}: {attempt.answer}")
    return attempt


def _line(bench: Bench, amount: str) -> PickLine:
    return PickLine(
        line_id=Id("10"), material_id=Id(bench.namespace.id(ITEM)), quantity=amount_of(amount),
        tolerance_high=quantity_of("0.050"),
        minimum_shelf_life_days=bench.the_order.minimum_days,
    )


def request_draft(bench: Bench, amount: str) -> Draft:
    """A valid request that is ready to be sent."""
    order = bench.the_order
    bench.request_id = bench.new_id("REQ")
    payload = PickRequested(
        request_id=Id(bench.request_id), order_id=Id(order.order_id), bom_id=Id(order.bom_id),
        bom_version=order.version, to_location=Id(bench.namespace.id(STAGING)),
        needed_by=bench.now + timedelta(hours=1), requested_by=Id(bench.namespace.id("EX-PROD")),
        station=Id("PLANNING-1"), lines=(_line(bench, amount),),
    )
    # A subject of its own for each request: the order's subject belongs to the MES.
    subject = f"order/{bench.request_id}"
    return bench.counterpart(Role.WMS).draft("pick-requested", payload, subject, bench.now)


def _departure(bench: Bench, words: str) -> Mapping[str, Any]:
    if words == "version 2 of the bill":
        return {"bomVersion": 2}
    if words == "an item not on the bill":
        line = _line(bench, f"{bench.the_order.quantity:f}").to_json()
        return {"lines": [{**line, "materialId": bench.namespace.id(OTHER_ITEM)}]}
    return {}


def _same_event(bench: Bench, members: Mapping[str, Any]) -> Draft:
    first = bench.last.draft
    assert first is not None
    key = new_message_id(bench.now)
    subject = f"order/{bench.new_id('AGAIN')}"
    envelope = {"/id": key, "/subject": subject, "/subjectsequence": "000000000001"}
    return first.changed({**members, **envelope}, key)


def _repeat_in_parallel(bench: Bench, draft: Draft, senders: int, times: int) -> None:
    """Each sender has a connection of its own, and all start together."""
    clients = [Counterpart(bench.sut.counterpart(Role.WMS)) for _ in range(senders)]
    start = threading.Barrier(senders)
    answers: list[Answer] = []
    failures: list[BaseException] = []

    def repeat(client: Counterpart, count: int) -> None:
        try:
            start.wait()
            answers.extend([client.send(draft) for _ in range(count)])
        except BaseException as exc:
            failures.append(exc)

    shares = [times // senders + (1 if n < times % senders else 0) for n in range(senders)]
    threads = [
        threading.Thread(target=repeat, args=pair) for pair in zip(clients, shares, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    bench.repeats = answers
