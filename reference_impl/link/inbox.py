"""The inbox: the only authority on what has been received before, kept as long as the journal.

A key gets its first answer again; a posted business event under another key is the same event.
Source: URS-IDM-002, URS-IDM-003, URS-IDM-006, URS-IDM-008.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.model.codes import Code, Refusal
from contracts.model.ports import HttpResponse
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import inbox, subjects

_BY_KEY = Statement(
    select(inbox).where(inbox.c.scope == bindparam("scope"), inbox.c.key == bindparam("key"))
)
_BY_BUSINESS_KEY = Statement(
    select(inbox).where(
        inbox.c.operation == bindparam("operation"),
        inbox.c.business_key == bindparam("business_key"),
        # As a parameter SQLite plans the query anew at each call, to see if the index fits.
        inbox.c.status == literal_column("200"),
    )
)
_ADD = Statement(insert(inbox))
_REPLACE_ANSWER = Statement(
    update(inbox)
    .where(inbox.c.scope == bindparam("of_scope"), inbox.c.key == bindparam("of_key"))
    .values(status=bindparam("status"), answer=bindparam("answer"))
)
_COUNT = Statement(
    select(
        func.count().filter(inbox.c.status == 200).label("accepted"),
        func.count().filter(inbox.c.status != 200).label("refused"),
    ).select_from(inbox)
)
_APPLIED = Statement(
    select(subjects.c.applied).where(
        subjects.c.source == bindparam("source"), subjects.c.subject == bindparam("subject")
    )
)
_MARK = upsert(subjects)
_APPLY = Statement(
    _MARK.on_conflict_do_update(
        index_elements=["source", "subject"],
        set_={"applied": func.max(subjects.c.applied, _MARK.excluded.applied)},
    )
)


@dataclass(frozen=True)
class Receipt:
    """What identifies a received request.

    ``scope`` keeps apart the keys of different senders; ``body_sha256`` is over the bytes,
    ``data_sha256`` over the canonical business content.
    """

    scope: str
    key: str
    operation: str
    business_key: str
    body_sha256: str
    data_sha256: str


@dataclass(frozen=True)
class StoredAnswer:
    """An answer that was given before."""

    status: int
    body: bytes


# implements FRS-IDM-002
# implements FRS-IDM-003
# implements FRS-IDM-009
def first_answer(connection: Connection, receipt: Receipt) -> StoredAnswer | Refusal | None:
    """The stored answer to this key, the conflict of its content, or None for a new key."""
    known = connection.row(_BY_KEY, scope=receipt.scope, key=receipt.key)
    if known is None:
        return None
    if known["body_sha256"] != receipt.body_sha256:
        return Refusal(
            Code.IDEMPOTENCY_CONFLICT, "header:idempotency-key", "the first request differed"
        )
    return _stored(known)


# implements FRS-IDM-004
def same_event(connection: Connection, receipt: Receipt) -> StoredAnswer | Refusal | None:
    """The stored answer to this event, posted under another key, its conflict, or None."""
    known = connection.row(
        _BY_BUSINESS_KEY, operation=receipt.operation, business_key=receipt.business_key
    )
    if known is None:
        return None
    if known["data_sha256"] != receipt.data_sha256:
        return Refusal(
            Code.BUSINESS_KEY_CONFLICT, "data",
            f"{receipt.business_key} was recorded with other content",
        )
    return _stored(known)


# implements FRS-IDM-008
def keep_answer(connection: Connection, receipt: Receipt, status: int, answer: bytes) -> None:
    """Store the first answer, in the transaction of the posting."""
    connection.run(
        _ADD, scope=receipt.scope, key=receipt.key, operation=receipt.operation,
        business_key=receipt.business_key, body_sha256=receipt.body_sha256,
        data_sha256=receipt.data_sha256, status=status, answer=answer,
    )


def replace_answer(connection: Connection, receipt: Receipt, status: int, answer: bytes) -> None:
    """Replace a provisional answer (PENDING) by the final one."""
    connection.run(
        _REPLACE_ANSWER, of_scope=receipt.scope, of_key=receipt.key, status=status, answer=answer
    )


def replace_final(
    connection: Connection, scope: str, key: str, response: HttpResponse
) -> None:
    """Replace the answer to a deferred message by its final one."""
    connection.run(
        _REPLACE_ANSWER, of_scope=scope, of_key=key, status=response.status, answer=response.body
    )


def answer_to(connection: Connection, scope: str, key: str) -> StoredAnswer | None:
    """The answer that a message of a sender has got, or None."""
    row = connection.row(_BY_KEY, scope=scope, key=key)
    return _stored(row) if row else None


def check_order(
    connection: Connection, source: str, subject: str, subjectsequence: int
) -> Refusal | None:
    """Refuse a message out of order: for now where one is missing, for good where one was there."""
    row = connection.row(_APPLIED, source=source, subject=subject)
    expected = (row["applied"] if row else 0) + 1
    if subjectsequence == expected:
        return None
    if subjectsequence < expected:
        return Refusal(Code.SEQUENCE_USED, "subjectsequence", f"{subject}: {expected} is next")
    return Refusal(
        Code.PREDECESSOR_MISSING, "subjectsequence", f"{subject}: number {expected} is next"
    )


def mark_applied(
    connection: Connection, source: str, subject: str, subjectsequence: int
) -> None:
    """Remember the last message about a subject that got a final answer."""
    connection.run(_APPLY, source=source, subject=subject, applied=subjectsequence)


def inbox_counts(connection: Connection) -> tuple[int, int]:
    """How many requests were accepted and refused."""
    row = connection.row(_COUNT)
    return (row["accepted"], row["refused"]) if row else (0, 0)


def _stored(row: Row) -> StoredAnswer:
    return StoredAnswer(row["status"], row["answer"])
