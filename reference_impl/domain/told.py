"""One event as a message tells of it."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.formats.epcis_event import Members

Paper = tuple[str, str]


@dataclass(frozen=True)
class Told:
    """One event before it has its time, its papers in URIs and its id."""

    kind: str
    step: str
    state: str | None = None
    action: str | None = "OBSERVE"
    what: Members | None = None
    read_at: str | None = None
    now_at: str | None = None
    papers: tuple[Paper, ...] = ()
    more: Members | None = None
