"""Proofs about the journal: that a row is in a tree, and that a tree goes on from a smaller one."""

from __future__ import annotations

import re

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.inspection_checkpoints import ConsistencyProof, InclusionProof
from reference_impl.records import merkle
from reference_impl.records.journal import last_record
from reference_impl.records.journal_tree import JournalBroken, JournalTree
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import journal

_PAIR = re.compile(r"([1-9][0-9]{0,14})-([1-9][0-9]{0,14})")
_ROW = Statement(select(journal.c.hash).where(journal.c.position == bindparam("position")))


# implements FRS-JRN-004
def prove_inclusion(
    connection: Connection, _: Settings, key: str
) -> InclusionProof | Refusal:
    """That the row POSITION is in the tree of the first SIZE rows; ``key`` is POSITION-SIZE."""
    pair = _pair(connection, key)
    if isinstance(pair, Refusal):
        return pair
    position, size = pair
    row = connection.row(_ROW, position=position)
    tree = JournalTree(connection)
    try:
        path = merkle.inclusion_path(tree, position - 1, 0, size)
        root = tree.root(size)
    except JournalBroken as exc:
        return _broken(exc)
    if row is None:
        return _broken(JournalBroken(f"row {position} is missing"))
    return InclusionProof(
        position=position, size=size, record_hash=row["hash"], root=root.hex(),
        path=tuple(part.hex() for part in path),
    )


# implements FRS-JRN-004
def prove_consistency(
    connection: Connection, _: Settings, key: str
) -> ConsistencyProof | Refusal:
    """That the first FIRST of SECOND rows are as they were; ``key`` is FIRST-SECOND."""
    pair = _pair(connection, key)
    if isinstance(pair, Refusal):
        return pair
    first, second = pair
    tree = JournalTree(connection)
    try:
        roots = tree.root(first), tree.root(second)
        path = merkle.consistency_path(tree, first, second)
    except JournalBroken as exc:
        return _broken(exc)
    return ConsistencyProof(
        first=first, second=second, first_root=roots[0].hex(), second_root=roots[1].hex(),
        path=tuple(part.hex() for part in path),
    )


def _pair(connection: Connection, key: str) -> tuple[int, int] | Refusal:
    """Two positions in order, neither behind the end of the journal."""
    last = last_record(connection)[0]
    found = _PAIR.fullmatch(key)
    pair = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= pair[0] <= pair[1] <= last:
        detail = f"{key!r} is no SMALLER-LARGER within the {last} rows of the journal"
        return Refusal(Code.NOT_IN_JOURNAL, "query:rows", detail)
    return pair


def _broken(exc: JournalBroken) -> Refusal:
    return Refusal(Code.NOT_IN_JOURNAL, "query:rows", f"the journal is damaged: {exc}")


SELECTS = {"journal-inclusion": prove_inclusion, "journal-consistency": prove_consistency}
