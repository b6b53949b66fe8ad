"""Samples: material taken out of a container for testing; the sample is a record of its own.

ISA-95: MaterialActual Consumed of the container, a test specimen of its own. EPCIS: ObjectEvent
OBSERVE sampling.
"""

from __future__ import annotations

from contracts.model.envelope import Payload
from contracts.model.identifiers import Id, Sscc
from contracts.model.instants import Timestamp
from contracts.model.quantities import PositiveQuantity


class SampleTaken(Payload):
    """WMS ↔ MES. A sample left a container; it is stock no longer."""

    sample_id: Id
    material_id: Id
    lot_id: Id
    source_container: Sscc
    sample_container: Sscc
    quantity: PositiveQuantity
    location_id: Id
    """Where the container stood when the sample was taken."""
    sampled_at: Timestamp
    sampled_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.sample_id
