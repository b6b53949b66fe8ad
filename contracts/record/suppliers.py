"""Assessments of the suppliers of connected systems: what there has to be, and how old it may be.

Source: URS-SUP-001; EU GMP Annex 11 §3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from contracts.model.answers import Sha256
from contracts.model.identifiers import SystemUri
from contracts.model.wire_model import WireModel

ASSESSMENT_AGE_MAX = timedelta(days=3 * 365)
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=400)]


class Decision(StrEnum):
    """What was decided about a supplier."""

    APPROVED = "APPROVED"
    WITH_CONDITIONS = "APPROVED_WITH_CONDITIONS"
    REJECTED = "REJECTED"


class Conformance(StrEnum):
    """What the check of conformance came to."""

    CONFORMANT = "CONFORMANT"
    WITH_DEVIATIONS = "CONFORMANT WITH DEVIATIONS"
    NOT_CONFORMANT = "NOT CONFORMANT"
    INCONCLUSIVE = "INCONCLUSIVE"


class SupplierAssessment(WireModel):
    """One assessment of the supplier of one connected system."""

    system: SystemUri
    software: _Text
    """What was assessed, as the system names it: another release is another assessment."""
    supplier: _Text
    questionnaire: _Text
    """Where the answered questionnaire is kept, and below its digest."""
    questionnaire_sha256: Sha256
    conformance: Conformance
    conformance_evidence: _Text
    """The bundle or certificate that the result comes from."""
    assessed_on: date
    assessed_by: _Text
    decision: Decision


class SupplierRecords(WireModel):
    """What a site keeps of its suppliers."""

    assessments: Annotated[tuple[SupplierAssessment, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Connected:
    """A system that is connected, as it names itself."""

    system: str
    software: str


def supplier_findings(
    records: SupplierRecords, connected: Iterable[Connected], today: date
) -> Iterator[str]:
    """What is missing, refused or too old, system by system; the newest assessment counts."""
    for system in connected:
        own = [one for one in records.assessments if one.system == system.system]
        if not own:
            yield f"{system.system} has no assessment of its supplier"
            continue
        yield from _about(max(own, key=lambda one: one.assessed_on), system, today)


def _about(newest: SupplierAssessment, system: Connected, today: date) -> Iterator[str]:
    name, age = system.system, today - newest.assessed_on
    if newest.software != system.software:
        yield f"{name} runs {system.software}; assessed was {newest.software}"
    if age > ASSESSMENT_AGE_MAX:
        yield f"{name} was assessed {age.days} days ago; at most {ASSESSMENT_AGE_MAX.days}"
    if age < timedelta(0):
        yield f"{name} was assessed on {newest.assessed_on}, which is to come"
    if newest.decision is Decision.REJECTED:
        yield f"{name}: the supplier was rejected"
    if newest.conformance in (Conformance.NOT_CONFORMANT, Conformance.INCONCLUSIVE):
        yield f"{name}: the check of conformance came to {newest.conformance.value}"
