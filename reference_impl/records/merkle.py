"""The Merkle tree of RFC 9162, section 2.1, over something that can be read in ranges.

A ``Leaves`` gives the tree hash of an aligned range when it has it already, so that a tree of
millions of leaves is joined from the roots of its blocks. Ranges are half open, counted from zero.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

EMPTY = hashlib.sha256(b"").digest()


class Leaves(Protocol):
    """What a tree stands on."""

    def known(self, start: int, end: int) -> bytes | None:
        """The tree hash of this range, if it needs not be joined from its halves."""
        ...


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def joined(hashes: Sequence[bytes]) -> bytes:
    """The tree hash of 2^n leaf hashes."""
    level = list(hashes)
    while len(level) > 1:
        level = [_node(level[n], level[n + 1]) for n in range(0, len(level), 2)]
    return level[0]


def tree_hash(leaves: Leaves, start: int, end: int) -> bytes:
    """The Merkle tree hash of a range (2.1.1)."""
    if start == end:
        return EMPTY
    known = leaves.known(start, end)
    if known is not None:
        return known
    middle = start + _split(end - start)
    return _node(tree_hash(leaves, start, middle), tree_hash(leaves, middle, end))


def inclusion_path(leaves: Leaves, index: int, start: int, end: int) -> list[bytes]:
    """The path of the leaf ``index`` up to the root of a range (2.1.3.1)."""
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*inclusion_path(leaves, index, start, middle), tree_hash(leaves, middle, end)]
    return [*inclusion_path(leaves, index, middle, end), tree_hash(leaves, start, middle)]


def consistency_path(leaves: Leaves, first: int, second: int) -> list[bytes]:
    """The proof that the first ``first`` of ``second`` leaves are as they were (2.1.4.1)."""
    return _subproof(leaves, first, (0, second), whole=True)


def _subproof(leaves: Leaves, first: int, span: tuple[int, int], *, whole: bool) -> list[bytes]:
    start, end = span
    if first == end:
        return [] if whole else [tree_hash(leaves, start, end)]
    middle = start + _split(end - start)
    if first <= middle:
        left = _subproof(leaves, first, (start, middle), whole=whole)
        return [*left, tree_hash(leaves, middle, end)]
    right = _subproof(leaves, first, (middle, end), whole=False)
    return [*right, tree_hash(leaves, start, middle)]


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
