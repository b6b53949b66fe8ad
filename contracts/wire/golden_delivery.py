"""Golden messages of the link about itself: any receiver takes them over as facts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contracts.model.codes import Code
from contracts.model.identifiers import Id
from contracts.model.messages import MESSAGES
from contracts.model.messages.delivery import (
    LinkHeartbeat,
    MessageDiscarded,
    MessageSettled,
    Settlement,
)
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.roles import Role
from contracts.wire.golden import NOW, Cast, Golden, message
from contracts.wire.golden_steps import Body, Row, goldens_of, not_taken, taken

_FORM = Code.SCHEMA_VIOLATION


def golden_delivery() -> Iterator[Golden]:
    """All golden messages of the link about itself."""
    for to in MESSAGES["message-settled"].receivers:
        yield from goldens_of("message-settled", _SETTLED, partial(_settlement, to), to=to)
        yield from goldens_of("message-discarded", _DISCARDED, partial(_discarded, to), to=to)
        yield from goldens_of("link-heartbeat", _HEARTBEAT, partial(_heartbeat, to), to=to)


def _settlement(to: Role, cast: Cast) -> Body:
    settled = cast.message_id("settled")
    payload = MessageSettled(
        message_id=settled, outcome=Settlement.REFUSED, code=Code.NO_ELIGIBLE_STOCK,
        path="data.lines[0].quantity", detail="no stock in date", settled_at=NOW,
        station=Id("link"),
    )
    return message(cast, "message-settled", payload, f"link/{settled}", to)


def _discarded(to: Role, cast: Cast) -> Body:
    approval = SignatureManifest(
        signature_id=cast.id("SIG"), person_id=cast.id("SUPERVISOR"),
        printed_name="Example Supervisor", role="supervisor", meaning="Approved", signed_at=NOW,
    )
    payload = MessageDiscarded(
        discard_id=cast.id("DISCARD"), discarded_type="gxproof.link-heartbeat.v1",
        body_sha256="5f" * 32, reason="sent by mistake", discarded_by=cast.id("SUPPORT"),
        approval=approval, discarded_at=NOW, station=Id("SUPPORT-1"),
    )
    return message(cast, "message-discarded", payload, f"link/{cast.id('HB')}", to)


def _heartbeat(to: Role, cast: Cast) -> Body:
    payload = LinkHeartbeat(
        heartbeat_id=cast.id("HB"), journal_position=41, record_hash="5f" * 32, clock=NOW,
        station=Id("link"),
    )
    return message(cast, "link-heartbeat", payload, f"link/{cast.id('HB')}", to)


_SETTLED: tuple[Row, ...] = (
    ("refused-in-few-words", "Path and detail of a refusal may be left out.",
     taken("data.path", ...)),
    ("refused-without-code", "A refusal has its code.",
     not_taken(_FORM, "data", "data.code", ...)),
    ("posted-with-code", "What was posted has no code.",
     not_taken(_FORM, "data", "data.outcome", "POSTED")),
    ("outcome-unknown", "What has no outcome yet is not settled.",
     not_taken(_FORM, "data.outcome", "data.outcome", "DEFERRED")),
)
_DISCARDED: tuple[Row, ...] = (
    ("request", "A request is discarded in the same way as a fact.",
     taken("data.discardedType", "gxproof.pick-requested.v1")),
    ("of-no-message", "What is discarded is a message of the contract.",
     not_taken(_FORM, "data.discardedType", "data.discardedType", "gxproof.link-heartbeat.v1x")),
    ("without-reason", "Who discards says why.",
     not_taken(_FORM, "data.reason", "data.reason", ...)),
    ("reason-too-short", "A reason has five characters at least.",
     not_taken(_FORM, "data.reason", "data.reason", "oops")),
    ("without-second-person", "A second person approves.",
     not_taken(_FORM, "data.approval", "data.approval", ...)),
)
_HEARTBEAT: tuple[Row, ...] = (
    ("empty-journal", "A journal may be empty still.",
     taken("data.journalPosition", 0)),
    ("position-below-zero", "A position is never below zero.",
     not_taken(_FORM, "data.journalPosition", "data.journalPosition", -1)),
    ("position-as-text", "A position is a number.",
     not_taken(_FORM, "data.journalPosition", "data.journalPosition", "41")),
    ("hash-too-short", "A hash is 64 hexadecimal digits.",
     not_taken(_FORM, "data.recordHash", "data.recordHash", "5f")),
)
