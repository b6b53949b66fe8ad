"""Named places in the code at which a process can be made to die, as a power cut would end it.

``crash_point`` costs one look at an empty dictionary while nothing is armed. The harness arms a
place by the stimulus interface (test mode alone); when it is reached the process sends itself
SIGKILL, so nothing runs after it: no rollback, no reply, no farewell. What is armed lives in memory
and is gone when the process starts again. Source: URS-IDM-005, URS-REL-002, URS-DEV-002.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping

from contracts.model.codes import Code, Refusal
from contracts.model.identifiers import Id
from contracts.model.stimulus import Arm, Armed

# Every place, with what has happened when it is reached.
POINTS: Mapping[str, str] = {
    "inbox.before-posting": "a message is journalled and checked, nothing is posted",
    "inbox.before-record": "a message is posted, the inbox does not know it",
    "inbox.after-record": "a message is posted and in the inbox, its answer is not journalled",
    "inbox.before-commit": "all about a message is written and nothing is committed",
    "inbox.after-commit": "a message is committed and its sender has no answer",
    "outbox.before-put": "a business change is made, its message is not in the outbox",
    "outbox.after-put": "a business change and its message are written and not committed",
    "outbox.after-lease": "a message is taken to be sent and has not left",
    "outbox.after-send": "the partner has answered, and the outbox does not know it",
    "outbox.before-settled": "the answer is entered and not committed",
    "outbox.after-settled": "the answer is committed",
    "command.before-commit": "a command is done and not committed",
    "command.after-commit": "a command is committed and nobody was told",
    "command.before-conclusion": "the partner has answered a request, and nothing of it is kept",
    "jobs.before-commit": "background work is done and not committed",
    "question.before-commit": "a question of the partner is answered and not journalled",
    "question.after-reply": "the partner has answered a question, and nothing of it is kept",
    "reply.before-sending": "a keyed request is committed and its answer has not left",
}
_armed: dict[str, int] = {}


def crash_point(name: str) -> None:
    """Die here if this place is armed and was reached often enough."""
    if _armed and name in _armed:
        _reached(name)


# implements FRS-DEV-001
# implements FRS-DEV-002
def arm(body: Arm, process_id: str | None) -> Armed | Refusal:
    """Arm one place, or none; the one before is armed no more.

    ``process_id`` None says that others live in this process, whom its death would take along.
    """
    if body.point is not None and body.point not in POINTS:
        return Refusal(Code.UNKNOWN_CRASH_POINT, "point", f"{body.point} is not in the code")
    if body.point is not None and process_id is None:
        return Refusal(Code.NO_HOST_CONTROL, "point", "this process is not the system's own")
    _armed.clear()
    if body.point is not None:
        _armed[body.point] = body.occurrence
    return Armed(points=tuple(Id(name) for name in POINTS), armed=body.point)


def _reached(name: str) -> None:
    _armed[name] -= 1
    if not _armed[name]:
        os.kill(os.getpid(), signal.SIGKILL)
