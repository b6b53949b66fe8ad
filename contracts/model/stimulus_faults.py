"""Faults that the harness asks for, in test mode alone."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool

from contracts.model.wire_model import WireModel


class FailAudit(WireModel):
    """Let the audit entry that is the ``entry``-th from now, and those after it, not be written.

    Without ``entry`` all are written again. Source: URS-AUD-003.
    """

    entry: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None


class AuditFault(WireModel):
    """Whether entries fail now."""

    failing: StrictBool
