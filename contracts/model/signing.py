"""What has to be on file before a person may sign. Source: 21 CFR 11.100(b), 11.10(i), (j)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.identifiers import Id
from contracts.model.instants import Day
from contracts.model.wire_model import WireModel


class TrainingRecord(WireModel):
    """A training that counts until the end of its last day; absent: it has no end."""

    record_id: Id
    valid_until: Day | None = None


class SigningRecords(WireModel):
    """The ids of the records that let a person sign; without one of them nobody signs."""

    identity_record: Id | None = None
    """Who checked that the person is who it says. Source: 21 CFR 11.100(b)."""
    acknowledgement: Id | None = None
    """The person's word that the signature binds as one by hand does. Source: 11.10(j)."""
    training: Annotated[tuple[TrainingRecord, ...], Field(max_length=20)] = ()
    """Source: 21 CFR 11.10(i)."""
