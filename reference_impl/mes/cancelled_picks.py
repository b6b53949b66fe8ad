"""Production takes back what is still open of a pick request. Source: URS-PCK-004."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import CancelPick
from contracts.model.identifiers import Id
from contracts.model.inspection import PickState
from contracts.model.messages import MESSAGES
from contracts.model.messages.picks import PickCancelled
from contracts.model.verdicts import Outcome
from contracts.record.strict_json import read_json
from reference_impl.domain.picks import OPEN, check_cancellable
from reference_impl.domain.reasons import check_reason
from reference_impl.link.outbox import About, Sent, put
from reference_impl.records.work import Work
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import pick_lines
from reference_impl.system import Ordered

CANCELLED = MESSAGES["pick-cancelled"]
_LINES = Statement(
    select(pick_lines)
    .where(pick_lines.c.request_id == bindparam("request_id"))
    .order_by(pick_lines.c.line_id)
)


# implements FRS-PCK-015
def cancel_pick(work: Work, command: CancelPick) -> Refusal | Ordered:
    """Ask the warehouse to bring no more of a request."""
    lines = _lines(work, command.request_id)
    if not lines:
        return Refusal(Code.UNKNOWN_REQUEST, "requestId", command.request_id)
    states = [PickState(line["state"]) for line in lines]
    refusal = check_reason(command.reason) or check_cancellable(states, "requestId")
    if refusal:
        return refusal
    order_id = lines[0]["order_id"]
    payload = PickCancelled(
        cancel_id=command.cancel_id, request_id=command.request_id, order_id=Id(order_id),
        reason=command.reason, cancelled_by=Id(work.actor.account), station=Id(work.actor.station),
    )
    about = About(f"order/{order_id}", order_id, lines[0]["message_id"])
    return Ordered(put(work, CANCELLED, payload, about))


# implements FRS-PCK-016
def cancel_settled(work: Work, body: bytes, sent: Sent) -> None:
    """The warehouse has spoken: what was open is cancelled, or everything stays as it was."""
    if sent.outcome is not Outcome.OK:
        return
    fact = CANCELLED.envelope.model_validate(read_json(body)).data
    assert isinstance(fact, PickCancelled)
    for line in _lines(work, fact.request_id):
        if line["state"] in OPEN:
            work.change(
                pick_lines, line["request_id"], line["line_id"],
                state=PickState.CANCELLED.value,
            )


def _lines(work: Work, request_id: str) -> list[Row]:
    return work.connection.rows(_LINES, request_id=request_id)
