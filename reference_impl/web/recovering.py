"""After a restore: ask the partner what was exchanged since, before anything new is begun.

The shell asks with no transaction open and takes over what was lost through the same reception as
any message. Source: URS-BKP-003.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from functools import partial

from contracts.model.instants import later
from contracts.model.operations import OPERATIONS, Group, Operation
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.model.questions import StandsAs
from contracts.model.recovery import Exchanged, SentToAsker
from contracts.wire.identity import KnownIdentity
from reference_impl.link import inbox, recovering
from reference_impl.link.deferral import is_held
from reference_impl.records.asking import Answers
from reference_impl.records.work import Actor, Cause
from reference_impl.system import CLOSED, RESTORED, System
from reference_impl.web.asking import ask, with_answers
from reference_impl.web.authentication import permitted
from reference_impl.web.receiving import Reception

ASK_AGAIN = timedelta(seconds=5)
_CAUSE = Cause("restored from a backup", "restore")


class UnusablePage(Exception):
    """What the partner replied about a message is nothing that can be taken over."""


async def recovered(system: System) -> bool:
    """Whether the system may work: it was not restored, or it knows now what it has lost."""
    with system.database.reading() as connection:
        taken_at = system.get(connection, RESTORED) if system.is_recovering(connection) else None
    if taken_at is None:
        return True
    _begin(system, taken_at)
    is_told_anew = False
    while True:
        with system.database.reading() as connection:
            question = recovering.question(connection)
        page = await ask(system, "exchanged-since", question)
        if not isinstance(page, Exchanged):
            return False
        if page.read_from != question.known_position:
            if page.read_from or is_told_anew:
                return False  # it goes round in circles; it is asked again later
            is_told_anew = True
        if page.read_to <= page.read_from and page.read_to < page.last_position:
            return False  # it tells nothing further; it is asked again later
        try:
            await _take_over(system, page)
        except UnusablePage as exc:
            with system.work(system.itself("link"), _CAUSE) as work:
                work.alarm("CONTRACT_BROKEN", f"exchanged-since: {exc}")
            return False
        if page.read_to >= page.last_position:
            break
    with system.work(system.itself("link"), _CAUSE) as work:
        if system.is_recovering(work.connection):  # another process may have come to the end
            recovering.end_restore(work)
            system.unset(work.connection, RESTORED)
    return True


def _begin(system: System, taken_at: str) -> None:
    """Open the recovery; what the restore has closed is put on record now, once."""
    with system.work(system.itself("link"), _CAUSE) as work:
        recovering.begin(work, taken_at)
        closed = system.get(work.connection, CLOSED)
        if closed is not None:
            recovering.note_closed(work, json.loads(closed))
            system.unset(work.connection, CLOSED)


def ask_again_at(now: datetime) -> datetime:
    """When a partner that gave no answer is asked again."""
    return later(now, ASK_AGAIN)


async def _take_over(system: System, page: Exchanged) -> None:
    sender = next(
        one for one in system.settings.partners if one.source == system.settings.partner_system
    )
    for lost in page.sent:
        await with_answers(system, partial(_obtain, system, lost, sender))
    with system.work(system.itself("link"), _CAUSE) as work:
        recovering.note_page(work, page)


def _read(
    system: System, lost: SentToAsker, sender: KnownIdentity
) -> tuple[Operation, bytes, bytes]:
    """The operation, message and answer; a message that the sender may send here, or none.

    Raises: UnusablePage.
    """
    operation = OPERATIONS.get(lost.operation)
    if (
        operation is None or operation.group is not Group.EXCHANGE or not operation.keyed
        or operation.role is not system.settings.role or not permitted(operation, sender)
    ):
        raise UnusablePage(f"{lost.operation} is no message that {sender.source} may send here")
    try:
        body = base64.b64decode(lost.body, validate=True)
        return operation, body, base64.b64decode(lost.answer, validate=True)
    except ValueError as exc:
        raise UnusablePage(f"{lost.message_id} is not in base64: {exc}") from exc


# implements FRS-BKP-005
def _obtain(system: System, lost: SentToAsker, sender: KnownIdentity, known: Answers) -> None:
    """Take one message over as if it came now; Raises: Unanswered."""
    operation, body, answer = _read(system, lost, sender)
    headers = {"content-type": operation.media_type, "idempotency-key": lost.message_id}
    request = HttpRequest(operation.method, operation.path, "", headers, body)
    answered = HttpResponse(lost.status, {}, answer)
    actor = Actor(sender.source, sender.source, str(sender.account), "link")
    cause = Cause(f"message {lost.message_id} after a restore", lost.message_id)
    with system.database.transaction() as connection:
        work = system.work_in(connection, actor, cause, known)
        if inbox.answer_to(connection, sender.source, lost.message_id) is not None:
            return
        response = Reception(system, operation, request, sender, work, answered).answer()
        work.actor, work.cause = system.itself("link"), _CAUSE
        stands_as = StandsAs.POSTED if response.status == 200 else StandsAs.REFUSED
        if is_held(connection, sender.source, lost.message_id):
            stands_as = StandsAs.DEFERRED
        recovering.note_obtained(work, lost, body, stands_as)
