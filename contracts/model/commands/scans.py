"""Guided scanning: a step is begun for units, then each of them is scanned in order."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.commands.command import Command, Scan
from contracts.model.identifiers import Id, UnitName


class BeginScanStep(Command):
    """Begin a step. ``units`` are those to be scanned, in their order: what the record says of
    each is what its label has to say. ``order_id`` is needed for units that are not packed yet.
    """

    run_id: Id
    step_id: Id
    units: Annotated[tuple[UnitName, ...], Field(min_length=1, max_length=1000)]
    order_id: Id | None = None

    @property
    def key(self) -> str:
        return self.run_id


class ScanUnit(Command):
    """A device has read the next label of a step: ``scan`` is what it sent."""

    scan_id: Id
    run_id: Id
    device_id: Id
    scan: Scan

    @property
    def key(self) -> str:
        return self.scan_id
