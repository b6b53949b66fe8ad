"""What a migration has to keep: of each kind of record the count, the sums and the content.

The content of a kind is the array of its records in the order of their ids, each as the published
schema writes it, with arrays of words in order, those of objects in the order of their canonical
JSON, and instants in UTC; its digest is SHA-256 over the canonical JSON (RFC 8785).
Source: URS-MIG-001.
"""

from __future__ import annotations

from enum import StrEnum

from contracts.model.answers import Sha256
from contracts.model.inspection import Count
from contracts.model.quantities import Quantity
from contracts.model.wire_model import WireModel


class MigratedKind(StrEnum):
    """Kinds of records that can be migrated, in the order in which they need each other."""

    MATERIAL = "MATERIAL"
    LOCATION = "LOCATION"
    LOT = "LOT"
    CONTAINER = "CONTAINER"


class Total(WireModel):
    """Count, sums and content of one kind. ``sums`` are by unit, in the order of its codes."""

    kind: MigratedKind
    records: Count
    sums: tuple[Quantity, ...] = ()
    content_sha256: Sha256
