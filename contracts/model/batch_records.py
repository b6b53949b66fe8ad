"""Words of the batch record: what it has to hold, and what was entered into it.

Source: 21 CFR 211.188(a), (b)(1)-(12); 21 CFR 211.134; URS-BPR-001.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from contracts.model.identifiers import Id
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.model.wire_model import WireModel

EntryText = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class EntryKind(StrEnum):
    """What people enter into a batch record; everything else is taken from other records."""

    STEP = "STEP"
    LINE_CLEARANCE = "LINE_CLEARANCE"
    CONTAINER_CLOSURE = "CONTAINER_CLOSURE"
    SAMPLING = "SAMPLING"
    IN_PROCESS_RESULT = "IN_PROCESS_RESULT"
    EXAMINATION = "EXAMINATION"
    ACCEPTANCE = "ACCEPTANCE"
    """A device was accepted. Source: 21 CFR 820.35(c)."""


class Element(StrEnum):
    """What a complete batch record holds. Source: 21 CFR 211.188(a), (b)(1)-(12)."""

    MASTER_RECORD = "MASTER_RECORD"
    STEP = "STEP"
    LINE_CLEARANCE = "LINE_CLEARANCE"
    COMPONENT = "COMPONENT"
    CONTAINER_CLOSURE = "CONTAINER_CLOSURE"
    SAMPLING = "SAMPLING"
    IN_PROCESS_RESULT = "IN_PROCESS_RESULT"
    YIELD = "YIELD"
    LABEL_SPECIMEN = "LABEL_SPECIMEN"
    LABEL_RECONCILIATION = "LABEL_RECONCILIATION"
    EXAMINATION = "EXAMINATION"
    ACCEPTANCE = "ACCEPTANCE"
    UDI = "UDI"


class ProcessStep(WireModel):
    """A significant step of the master record."""

    step_id: Id
    title: EntryText


class InProcessTest(WireModel):
    """A test during production with its limits, both included."""

    test_id: Id
    title: EntryText
    low: Quantity
    high: Quantity


class MasterRecord(WireModel):
    """The version of the master production record that an order is made by. 21 CFR 211.186.

    It counts when it is signed. ``theoretical_yield`` is what the batch gives without any loss.
    """

    record_id: Id
    version: Annotated[int, Field(strict=True, ge=1, le=9999)]
    theoretical_yield: PositiveQuantity
    steps: Annotated[tuple[ProcessStep, ...], Field(min_length=1, max_length=200)]
    tests: Annotated[tuple[InProcessTest, ...], Field(max_length=200)] = ()
    signature: SignatureManifest | None = None
