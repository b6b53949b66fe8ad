"""What follows from the final outcome of a message, however it reached its sender.

It comes as the answer to an attempt, as ``message-settled`` or as the reply to a status question;
the first one counts. Source: URS-REL-005, URS-REL-009.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contracts.model.codes import Code, Refusal
from contracts.model.envelope import Envelope
from contracts.model.messages.delivery import MessageSettled, Settlement
from contracts.model.questions import AskStatus, MessageStatus, StandsAs
from contracts.model.verdicts import Outcome
from contracts.record.strict_json import read_json
from reference_impl.link import deferral, inbox, outbox
from reference_impl.link.outbox import Sent
from reference_impl.records.work import Work

Follow = Mapping[str, Callable[[Work, bytes, Sent], None]]


def settle(work: Work, follow: Follow, message_id: str, sent: Sent) -> bool:
    """Enter what came back for an attempt, and what follows from it for the business."""
    settled = outbox.settle(work, message_id, sent)
    if settled:
        _follow(work, follow, message_id, sent)
    return settled


# implements FRS-REL-012
def message_settled(
    work: Work, envelope: Envelope[MessageSettled], follow: Follow
) -> Refusal | None:
    """The partner tells how a message ended that it had deferred."""
    fact = envelope.data
    outcome = Outcome.OK if fact.outcome is Settlement.POSTED else Outcome.REFUSED
    _conclude(work, follow, fact.message_id, outcome, _why(fact.code, fact.detail))
    return None


def take_status(work: Work, follow: Follow, message_id: str, status: MessageStatus | None) -> None:
    """The reply to a status question: final, still waiting, or unknown and therefore sent again."""
    if status is None or status.outcome is StandsAs.DEFERRED:
        outbox.wait_on(work, message_id)
    elif status.outcome is StandsAs.UNKNOWN:
        outbox.send_again(work, message_id)
    else:
        outcome = Outcome.OK if status.outcome is StandsAs.POSTED else Outcome.REFUSED
        _conclude(work, follow, message_id, outcome, _why(status.code, status.detail))


# implements FRS-REL-022
def clear_up(work: Work, follow: Follow, message_id: str, status: MessageStatus | None) -> bool:
    """What its receiver says of a message that may have arrived, before it is sent once more.

    Returns: whether it need not be sent. Without a reply it is sent under its own key, which asks
    the same: a receiver that has it gives its first answer again.
    """
    if status is None or status.outcome is StandsAs.UNKNOWN:
        return False
    if status.outcome is StandsAs.DEFERRED:
        outbox.defer(work, message_id)
    else:
        take_status(work, follow, message_id, status)
    return True


def message_status(work: Work, question: AskStatus) -> MessageStatus:
    """How a message of the asker stands here. Source: URS-REL-007."""
    source, message_id = work.actor.account, question.message_id
    answered = inbox.answer_to(work.connection, source, message_id)
    members: dict[str, object] = {}
    if answered is None:
        outcome = StandsAs.UNKNOWN
    elif deferral.is_held(work.connection, source, message_id):
        outcome = StandsAs.DEFERRED
    elif answered.status == 200:
        outcome = StandsAs.POSTED
    else:
        outcome = StandsAs.REFUSED
        problem = read_json(answered.body)
        members = {name: problem[name] for name in ("code", "path", "detail")}
    return MessageStatus.model_validate(
        {"message_id": message_id, "outcome": outcome, "answered_at": work.now, **members}
    )


def _conclude(
    work: Work, follow: Follow, message_id: str, outcome: Outcome, why: str
) -> None:
    if not outbox.is_known(work.connection, message_id):
        work.alarm("UNKNOWN_MESSAGE", f"{message_id} was settled and never sent from here")
    elif outbox.conclude(work, message_id, outcome):
        _follow(work, follow, message_id, Sent(outcome, None, b"", why))
        if outcome is Outcome.REFUSED:
            # Nobody waits for this answer any more, so somebody has to be told.
            work.alarm("REFUSED_LATER", f"{message_id}: {why}")


def _follow(work: Work, follow: Follow, message_id: str, sent: Sent) -> None:
    name, body = outbox.message_of(work.connection, message_id)
    then = follow.get(name)
    if then is not None:
        then(work, body, sent)


def _why(code: Code | None, detail: str | None) -> str:
    return f"{code}: {detail or 'no detail was given'}" if code else "posted"
