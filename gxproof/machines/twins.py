"""Twins that are known to be bad: what is done to a machine's process before it serves.

The judge has to find them defective, or it could not find anything. Source: URS-IDM-007.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from contracts.model.codes import Code
from gxproof.machines.power import sync_carelessly
from reference_impl.link import inbox
from reference_impl.store.database import Statement


def forget_everything() -> None:
    """Ask nobody whether a message was taken over before; what comes again is posted again."""
    keep = inbox.keep_answer

    def keep_first(connection: Any, receipt: Any, status: int, answer: bytes) -> None:
        if inbox.answer_to(connection, receipt.scope, receipt.key) is None:
            keep(connection, receipt, status, answer)

    inbox.first_answer = inbox.same_event = _nothing  # type: ignore[assignment]
    inbox.keep_answer = keep_first
    _take_used_numbers()


def remember_afterwards() -> None:
    """Commit a posting, then write in a second transaction that it was made."""
    keep = inbox.keep_answer
    second = [Statement(text(word)) for word in ("COMMIT", "BEGIN IMMEDIATE", "SAVEPOINT attempt")]

    def keep_afterwards(connection: Any, receipt: Any, status: int, answer: bytes) -> None:
        connection.ends.reached(connection)
        for word in second:
            connection.run(word)
        keep(connection, receipt, status, answer)

    inbox.keep_answer = keep_afterwards
    _take_used_numbers()


def _take_used_numbers() -> None:
    """Let the order of a subject be no second line of defence."""
    in_order = inbox.check_order

    def only_early(*place: Any) -> Any:
        refusal = in_order(*place)
        return None if refusal and refusal.code is Code.SEQUENCE_USED else refusal

    inbox.check_order = only_early  # type: ignore[assignment]


def _nothing(*_: Any) -> None:
    return None


TWINS: dict[str, Callable[[], None]] = {
    "syncs too late": sync_carelessly,
    "remembers nothing": forget_everything,
    "remembers in a second transaction": remember_afterwards,
}
