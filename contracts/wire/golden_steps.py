"""What is done to a good message before it is sent, and what the receiver must then answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from contracts.model.codes import MEANINGS, Code
from contracts.model.messages import MESSAGES
from contracts.model.roles import Role
from contracts.model.stimulus import Load
from contracts.record.canonical import canonical_bytes
from contracts.wire.golden import Cast, Expected, Golden, Step, world

Body = dict[str, Any]
Steps = Callable[[Cast, Body], tuple[Step, ...]]
Row = tuple[str, str, Steps]
"""Name, what it is about, and the steps."""


# The member that names the business event of each message.
KEY_OF = {
    "gxproof.pick-requested.v1": "data.requestId",
    "gxproof.pick-cancelled.v1": "data.cancelId",
    "gxproof.message-settled.v1": "data.messageId",
    "gxproof.message-discarded.v1": "data.discardId",
    "gxproof.link-heartbeat.v1": "data.heartbeatId",
    "gxproof.lot-status-changed.v1": "data.changeId",
    "gxproof.pick-confirmed.v1": "data.confirmationId",
    "gxproof.receipt-confirmed.v1": "data.receiptId",
    "gxproof.putaway-completed.v1": "data.putawayId",
    "gxproof.pack-completed.v1": "data.packId",
    "gxproof.unit-aggregated.v1": "data.aggregationId",
    "gxproof.unit-disaggregated.v1": "data.disaggregationId",
    "gxproof.kit-assembled.v1": "data.assemblyId",
    "gxproof.kit-opened.v1": "data.openingId",
    "gxproof.shipment-confirmed.v1": "data.shipmentId",
    "gxproof.material-issued.v1": "data.issueId",
    "gxproof.material-returned.v1": "data.returnId",
    "gxproof.count-completed.v1": "data.countId",
    "gxproof.inventory-adjusted.v1": "data.adjustmentId",
    "gxproof.sample-taken.v1": "data.sampleId",
    "gxproof.warehouse-hold-placed.v1": "data.holdId",
    "gxproof.scan-recorded.v1": "data.recordId",
    "gxproof.master-data-published.v1": "data.publicationId",
    "gxproof.return-received.v1": "data.returnId",
    "gxproof.wip-transferred.v1": "data.transferId",
    "gxproof.material-scrapped.v1": "data.scrapId",
}


def goldens_of(
    kind: str, rows: Iterable[Row], make: Callable[[Cast], Body], *,
    load: Callable[[Cast], Load] = world, to: Role | None = None,
) -> Iterator[Golden]:
    """Golden messages of one kind: what every receiver must do with any message, then ``rows``.

    ``make`` gives the good message of a cast, ``load`` what the receiver holds before; ``to`` is
    the receiver of a message that goes both ways.
    """
    return golden_rows(kind, (*form_of_every_message(kind), *rows), make, load=load, to=to)


def golden_rows(
    kind: str, rows: Iterable[Row], make: Callable[[Cast], Body], *,
    load: Callable[[Cast], Load] = world, to: Role | None = None,
) -> Iterator[Golden]:
    """One golden message for each row alone, in their order; otherwise as :func:`goldens_of`."""
    for name, about, steps in rows:
        cast = Cast(f"{kind}-{name}" if to is None else f"{kind}-to-{to}-{name}")
        yield Golden(cast.name, about, MESSAGES[kind], load(cast), steps(cast, make(cast)), to)


def accepted(body: Body, *, of: str | None = None, replayed: bool = False) -> Step:
    """A step that is acknowledged; ``of`` is the message whose stored answer comes back."""
    return Step(body["id"], body, Expected(200, of or body["id"], replayed=replayed))


def refused(body: Body | str, code: Code, path: str, *, key: str | None = None) -> Step:
    """A step that is refused with ``code`` at ``path``; ``key`` where it is not the body's id."""
    own = body["id"] if isinstance(body, dict) else None
    return Step(key or own, body, Expected(MEANINGS[code].status, code=code, path=path))


def changed(body: Any, path: str, value: Any) -> Any:
    """A copy of a JSON value with the member at a dotted path set, or taken out for ``...``."""
    head, _, rest = path.partition(".")
    copy: Any = list(body) if isinstance(body, list) else dict(body)
    at: Any = int(head) if isinstance(body, list) else head
    if rest:
        copy[at] = changed(body[at], rest, value)
    elif value is ...:
        del copy[at]
    else:
        copy[at] = value
    return copy


def as_it_is(_: Cast, body: Body) -> tuple[Step, ...]:
    """The good message itself."""
    return (accepted(body),)


def taken(at: str, value: Any) -> Steps:
    """One member is changed, and the message is still good."""
    return lambda _, body: (accepted(changed(body, at, value)),)


def not_taken(code: Code, path: str, at: str, value: Any) -> Steps:
    """One member is changed (``...`` takes it out), and the message is refused at ``path``."""
    return lambda _, body: (refused(changed(body, at, value), code, path),)


def wrong_check_digit(path: str, at: str) -> Steps:
    """The last digit of a GS1 key is one too high."""

    def steps(_: Cast, body: Body) -> tuple[Step, ...]:
        key: Any = body
        for name in at.split("."):
            key = key[int(name)] if isinstance(key, list) else key[name]
        wrong = key[:-1] + str((int(key[-1]) + 1) % 10)
        return (refused(changed(body, at, wrong), Code.SCHEMA_VIOLATION, path),)

    return steps


def whole_container(cast: Cast, body: Body) -> tuple[Step, ...]:
    """The whole container of 25 kg comes, under its own label."""
    whole = changed(body, "data.container", cast.sscc("full"))
    whole = changed(whole, "subject", f"container/{cast.sscc('full')}")
    return (accepted(changed(whole, "data.quantity.value", "25.000")),)


def doubled(member: str) -> Steps:
    """The first member of that name stands twice in the text."""

    def steps(_: Cast, body: Body) -> tuple[Step, ...]:
        text = canonical_bytes(body).decode()
        start = text.index(f'"{member}":')
        end = min(at for mark in ",}" if (at := text.find(mark, start)) > 0)
        twice = f"{text[:end]},{text[start:]}"
        return (refused(twice, Code.UNREADABLE, "", key=body["id"]),)

    return steps


def truncated(_: Cast, body: Body) -> tuple[Step, ...]:
    """The text ends too early."""
    text = canonical_bytes(body).decode()[:-1]
    return (refused(text, Code.UNREADABLE, "", key=body["id"]),)


def without_key(_: Cast, body: Body) -> tuple[Step, ...]:
    """The request carries no key."""
    step = refused(body, Code.KEY_MISSING, "header:idempotency-key")
    return (Step(None, step.body, step.expected),)


def under_another_key(cast: Cast, body: Body) -> tuple[Step, ...]:
    """The key is not the id of the message."""
    return (refused(body, Code.SCHEMA_VIOLATION, "id", key=cast.message_id("other")),)


def repeated(_: Cast, body: Body) -> tuple[Step, ...]:
    """The same key and bytes twice."""
    return accepted(body), accepted(body, replayed=True)


def same_event(cast: Cast, body: Body) -> tuple[Step, ...]:
    """The same business event twice, the second time under another id."""
    other = changed(body, "id", cast.message_id("other"))
    return accepted(body), accepted(other, of=body["id"], replayed=True)


def key_reused(_: Cast, body: Body) -> tuple[Step, ...]:
    """The same key twice, the second time with other content."""
    other = changed(body, "data.station", "ST-2")
    conflict = refused(other, Code.IDEMPOTENCY_CONFLICT, "header:idempotency-key")
    return accepted(body), conflict


def other_content(cast: Cast, body: Body) -> tuple[Step, ...]:
    """The same business event twice, the second time with other content under another id."""
    other = changed(body, "id", cast.message_id("other"))
    other = changed(other, "data.station", "ST-2")
    return accepted(body), refused(other, Code.BUSINESS_KEY_CONFLICT, "data")


def number_used(cast: Cast, body: Body) -> tuple[Step, ...]:
    """Two events about one subject under one number."""
    other = changed(body, "id", cast.message_id("other"))
    other = changed(other, KEY_OF[body["type"]], cast.message_id("event"))
    return accepted(body), refused(other, Code.SEQUENCE_USED, "subjectsequence")


def early(cast: Cast, body: Body) -> tuple[Step, ...]:
    """The second message about a subject of which the first has not come, and its repeat."""
    second = changed(body, "subjectsequence", "000000000002")
    second = changed(second, "subject", f"{body['subject'].partition('/')[0]}/{cast.id('EARLY')}")
    kept = Expected(200, body["id"], deferred=True)
    return Step(body["id"], second, kept), Step(body["id"], second, replace(kept, replayed=True))


def form_of_every_message(kind: str) -> tuple[Row, ...]:
    """What every receiver must do with any message, whatever it says."""
    return (
        ("accepted", "A good message.", as_it_is),
        ("repeated", "The same key with the same bytes gets the stored first answer.", repeated),
        ("same-event-new-key", "The same business event under another key is the same event.",
         same_event),
        ("key-reused", "The same key with other bytes is refused.", key_reused),
        ("event-with-other-content", "A recorded business event with other content conflicts.",
         other_content),
        ("key-missing", "A state-changing request carries its key.", without_key),
        ("key-differs-from-id", "The key is the id of the message.", under_another_key),
        ("foreign-source", "Who sent it is what certificate and key say.",
         not_taken(Code.IDENTITY_MISMATCH, "source", "source", "urn:example:somebody-else")),
        ("wrong-type", "The type of another message, at this address.",
         not_taken(Code.SCHEMA_VIOLATION, "type", "type", "gxproof.something-else.v1")),
        ("unknown-schema-version", "A version that the receiver does not support.",
         not_taken(Code.UNKNOWN_SCHEMA_VERSION, "dataschema", "dataschema",
                   f"https://gxproof.example/contract/v1/{kind}/9.9.9")),
        ("early", "The first message about this subject has not arrived; it is kept until then.",
         early),
        ("number-used", "Another message about this subject had this number.", number_used),
        ("unknown-member", "An unknown member is refused, never dropped.",
         not_taken(Code.SCHEMA_VIOLATION, "data.colour", "data.colour", "blue")),
        ("duplicate-member", "A member that stands twice leaves open which one counts.",
         doubled("station")),
        ("truncated", "The text ends too early.", truncated),
    )
