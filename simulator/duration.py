"""How long things take: one source of randomness per entity and purpose, from the seed alone."""

from __future__ import annotations

import hashlib
import random

SECOND = 1_000_000
MINUTE = 60 * SECOND


def source(seed: int, entity: str, purpose: str) -> random.Random:
    """The random source of one entity for one purpose; adding an entity disturbs no other."""
    digest = hashlib.sha256(f"{seed}/{entity}/{purpose}".encode()).digest()
    return random.Random(int.from_bytes(digest[:16], "big"))


def around(minutes: int, randomness: random.Random) -> int:
    """A duration within a fifth of ``minutes``, in whole seconds as microseconds."""
    seconds = minutes * 60
    spread = seconds // 5
    return (seconds + randomness.randint(-spread, spread)) * SECOND
