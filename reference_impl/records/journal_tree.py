"""The journal as a Merkle tree: the tree hash of any range of its rows, from blocks of 256.

Nothing is done when a row is written. A checkpoint hashes the rows that are new since the one
before, and keeps the roots of the blocks that they fill.
Source: URS-JRN-001, URS-JRN-003.
"""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from reference_impl.records import merkle
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.evidence_tables import journal_blocks
from reference_impl.store.tables import journal

BLOCK = 256
_HASHES = Statement(
    select(journal.c.position, journal.c.hash)
    .where(journal.c.position > bindparam("start"), journal.c.position <= bindparam("end"))
    .order_by(journal.c.position)
)
_BLOCKS = Statement(select(journal_blocks).order_by(journal_blocks.c.ordinal))
_ADD_BLOCK = Statement(insert(journal_blocks))


class JournalBroken(ValueError):
    """The journal is not what it was: a row is missing or has no hash. The message names it."""


class JournalTree:
    """The rows as one transaction sees them. Ranges are counted from zero, positions from one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._blocks = {int(r["ordinal"]): bytes(r["root"]) for r in connection.rows(_BLOCKS)}
        self._leaves: dict[int, list[bytes]] = {}

    def keep_blocks(self, size: int) -> None:
        """Keep the roots of all blocks that the first ``size`` rows fill."""
        for ordinal in range(len(self._blocks), size // BLOCK):
            leaves = self._leaves_of(ordinal)
            if len(leaves) < BLOCK:
                raise JournalBroken(f"row {ordinal * BLOCK + len(leaves) + 1} is missing")
            self._blocks[ordinal] = merkle.joined(leaves)
            self._connection.run(_ADD_BLOCK, ordinal=ordinal, root=self._blocks[ordinal])

    def known(self, start: int, end: int) -> bytes | None:
        """The hash of a row, or the root of a kept block. Raises: JournalBroken."""
        ordinal, place = divmod(start, BLOCK)
        if end - start == 1:
            leaves = self._leaves_of(ordinal)
            if place >= len(leaves):
                raise JournalBroken(f"row {start + 1} is missing")
            return leaves[place]
        if end - start == BLOCK and place == 0:
            return self._blocks.get(ordinal)
        return None

    def root(self, size: int) -> bytes:
        """The Merkle root of the first ``size`` rows."""
        return merkle.tree_hash(self, 0, size)

    def _leaves_of(self, ordinal: int) -> list[bytes]:
        if ordinal not in self._leaves:
            start = ordinal * BLOCK
            rows = self._connection.rows(_HASHES, start=start, end=start + BLOCK)
            self._leaves[ordinal] = [_leaf(n, row) for n, row in enumerate(rows, start + 1)]
        return self._leaves[ordinal]


def _leaf(position: int, row: Row) -> bytes:
    """The leaf of the row that has to stand at this position."""
    if row["position"] != position:
        raise JournalBroken(f"row {position} is missing")
    try:
        return merkle.leaf_hash(bytes.fromhex(row["hash"]))
    except ValueError as exc:
        raise JournalBroken(f"row {position} has no hash") from exc
