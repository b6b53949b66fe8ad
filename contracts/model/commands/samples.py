"""Sampling: a sampler takes material out of a container."""

from __future__ import annotations

from contracts.model.commands.command import Command, Scan
from contracts.model.identifiers import Id, Sscc
from contracts.model.quantities import PositiveQuantity


class TakeSample(Command):
    """WMS. ``quantity`` leaves the scanned container for the label ``sample_container``."""

    sample_id: Id
    scan: Scan
    quantity: PositiveQuantity
    sample_container: Sscc

    @property
    def key(self) -> str:
        return self.sample_id
