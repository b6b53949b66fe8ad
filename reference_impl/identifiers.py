"""Where new identities come from: passed in, so that a simulation repeats itself exactly."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from itertools import count

from contracts.model.identifiers import Id, MessageId
from contracts.model.instants import microseconds

_ID_MAX = 64
_DIGEST = 24


class Ids:
    """Makes message ids: UUIDs of version 7, ordered by the instant they are made at."""

    def __init__(self, randomness: Callable[[], bytes] = lambda: os.urandom(10)) -> None:
        self._randomness = randomness

    @classmethod
    def seeded(cls, seed: str) -> Ids:
        """Ids that depend on the seed and the order of the calls alone."""
        numbers = count()
        return cls(lambda: hashlib.sha256(f"{seed}/{next(numbers)}".encode()).digest()[:10])

    def message_id(self, now: datetime) -> MessageId:
        """A new message id. Source: RFC 9562 5.7."""
        randomness = int.from_bytes(self._randomness(), "big")
        return MessageId.made_at(microseconds(now) // 1000, randomness)


def derived_id(stem: str, ending: str) -> Id:
    """The identifier ``<stem>-<ending>``; where that is too long, a digest stands for the rest.

    The same stem and ending always give the same identifier, others always another one.
    """
    whole = f"{stem}-{ending}"
    if len(whole) <= _ID_MAX:
        return Id(whole)
    digest = hashlib.sha256(stem.encode()).hexdigest()[:_DIGEST]
    return Id(f"{stem[: _ID_MAX - _DIGEST - len(ending) - 2]}.{digest}-{ending}")
