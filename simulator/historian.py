"""Writes the history of a shift while it happens: one event after the other, virtual times only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from contracts.record.history import Event, Lane, history_sha256


class Historian:
    """Collects events. ``now`` is the plant's time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.events: list[Event] = []

    def note(self, lane: Lane, event: str, subject: str, **detail: object) -> None:
        """Write one event. Details are text."""
        self.events.append(
            Event(
                n=len(self.events) + 1, at=self._now(), lane=lane, event=event, subject=subject,
                detail={name: str(value) for name, value in detail.items() if value is not None},
            )
        )

    @property
    def sha256(self) -> str:
        """The digest of the history so far."""
        return history_sha256(self.events)
