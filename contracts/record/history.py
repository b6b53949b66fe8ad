"""The history of a simulated shift: one canonical JSON line per event, virtual times only.

Five lanes keep apart what happened and what was recorded: *plant* (matter and people), *mes* and
*wms* (what the systems answered), *link* (messages between them), *fault* (what was injected).
Lines name business identities, never message ids or host facts, so that the same seed gives the
same bytes in every process. Source: simulator design, "five times stay apart".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contracts.model.instants import Timestamp
from contracts.model.wire_model import WireModel
from contracts.record.canonical import canonical_bytes


class Lane(StrEnum):
    """Where an event happened."""

    PLANT = "plant"
    MES = "mes"
    WMS = "wms"
    LINK = "link"
    FAULT = "fault"


class Event(WireModel):
    """One event of a history. ``n`` counts from 1 without gaps; ``at`` never goes back."""

    n: Annotated[int, Field(ge=1)]
    at: Timestamp
    lane: Lane
    event: str
    subject: str
    detail: dict[str, str] = Field(default_factory=dict)

    def line(self) -> bytes:
        """The canonical line, with its line feed."""
        return canonical_bytes(self.to_json()) + b"\n"


def history_sha256(events: Iterable[Event]) -> str:
    """SHA-256 over the lines of a history, in order."""
    digest = hashlib.sha256()
    for event in events:
        digest.update(event.line())
    return digest.hexdigest()
