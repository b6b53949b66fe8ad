"""The Merkle tree of a journal, reckoned anew by the judge, and proofs judged as RFC 9162 reads.

The systems have code of their own for this; neither imports the other's. Record hashes and roots
are lower-case hex here, as they are exported. Source: URS-JRN-001, URS-JRN-003.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from contracts.record.checkpoints import Checkpoint
from features.journal_chain import Fault

EMPTY = hashlib.sha256(b"").hexdigest()


def tree_root(hashes: Sequence[str]) -> str:
    """The Merkle tree hash of rows with these record hashes (2.1.1), level by level."""
    level = [_leaf(record_hash) for record_hash in hashes]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [_node(left, right) for left, right in pairs] + odd
    return level[0].hex() if level else EMPTY


def is_included(
    record_hash: str, position: int, size: int, path: Sequence[str], root: str
) -> bool:
    """Whether the path shows this row, counted from one, in the tree of ``size`` rows (2.1.3.2)."""
    index, last = position - 1, size - 1
    if not 0 <= index <= last:
        return False
    reached = _leaf(record_hash)
    for part in map(bytes.fromhex, path):
        if last == 0:
            return False
        if index % 2 or index == last:
            reached = _node(part, reached)
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            reached = _node(reached, part)
        index, last = index >> 1, last >> 1
    return last == 0 and reached.hex() == root


def is_consistent(
    first: int, second: int, roots: tuple[str, str], path: Sequence[str]
) -> bool:
    """Whether the path shows that the first of ``second`` rows are as they were (2.1.4.2).

    ``first`` is how many; ``roots`` are those of the smaller and of the larger tree.
    """
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and roots[0] == roots[1]
    parts = [bytes.fromhex(part) for part in path]
    if first & (first - 1) == 0:
        parts = [bytes.fromhex(roots[0]), *parts]
    if not parts:
        return False
    index, last = first - 1, second - 1
    while index % 2:
        index, last = index >> 1, last >> 1
    old = new = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if index % 2 or index == last:
            old, new = _node(part, old), _node(part, new)
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            new = _node(new, part)
        index, last = index >> 1, last >> 1
    return last == 0 and (old.hex(), new.hex()) == roots


def consistency_path(hashes: Sequence[str], first: int) -> list[str]:
    """The proof that somebody would make who holds these rows (2.1.4.1)."""
    return _path(hashes, first, whole=True)


def fault_by_checkpoints(hashes: Sequence[str], kept: Sequence[Checkpoint]) -> Fault | None:
    """The first fault of a whole journal that checkpoints show, which were kept outside.

    A changed row is somewhere behind the last checkpoint that fits; the fault names the first
    position there. What is cut off is named exactly.
    """
    fits = 0
    for checkpoint in sorted(kept, key=lambda one: one.size):
        size = checkpoint.size
        if size > len(hashes):
            return Fault(len(hashes) + 1, f"rows up to {size}, which were kept, are missing")
        if tree_root(hashes[:size]) != checkpoint.root.hex():
            return Fault(fits + 1, f"a row up to {size} is not the one that was kept")
        fits = size
    return None


def _path(hashes: Sequence[str], first: int, *, whole: bool) -> list[str]:
    size = len(hashes)
    if first == size:
        return [] if whole else [tree_root(hashes)]
    middle = 1 << ((size - 1).bit_length() - 1)
    if first <= middle:
        return [*_path(hashes[:middle], first, whole=whole), tree_root(hashes[middle:])]
    return [*_path(hashes[middle:], first - middle, whole=False), tree_root(hashes[:middle])]


def _leaf(record_hash: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(record_hash)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
