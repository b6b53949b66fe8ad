"""What a system shows of its journal as a Merkle tree: checkpoints, and proofs between them.

The tree is that of RFC 9162, section 2.1, over the record hashes of the rows. Proofs are asked for
by sizes, so that whoever kept a checkpoint can compare it with any later one.
"""

from __future__ import annotations

from pydantic import Field

from contracts.model.answers import Sha256
from contracts.model.inspection import Count, Position
from contracts.model.instants import Timestamp
from contracts.model.wire_model import WireModel


class CheckpointRow(WireModel):
    """A checkpoint. ``note`` is the signed note (C2SP), byte for byte as it was written outside."""

    ordinal: Position
    size: Count
    root: Sha256
    at: Timestamp
    note: str = Field(max_length=2000)


class Checkpoints(WireModel):
    """All checkpoints of the journal, oldest first. Source: URS-JRN-002."""

    interval_s: Position
    """At most so long after a checkpoint the next one is written."""
    rows: tuple[CheckpointRow, ...]


class InclusionProof(WireModel):
    """That the row ``position`` is in the tree of the first ``size`` rows (RFC 9162, 2.1.3)."""

    position: Position
    size: Position
    record_hash: Sha256
    root: Sha256
    path: tuple[Sha256, ...]


class ConsistencyProof(WireModel):
    """That the first ``first`` rows are the same in the tree of ``second`` rows (2.1.4)."""

    first: Position
    second: Position
    first_root: Sha256
    second_root: Sha256
    path: tuple[Sha256, ...]
