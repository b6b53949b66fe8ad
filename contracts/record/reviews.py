"""The periodic review of a pair of systems: what was looked at, what a person says of it, until
when it holds.

The material is what the systems, the runs and the exported access reviews show of a period, topic
by topic. A person assesses every topic and signs; the signature is bound to the material's bytes.
Source: URS-CHG-004; EU GMP Annex 11 §11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from contracts.model.answers import Sha256
from contracts.model.inspection import Count
from contracts.model.instants import Timestamp, write_timestamp
from contracts.model.wire_model import WireModel
from contracts.record.digests import digest_of
from contracts.record.signed_words import ChangeId, PrintedName, Said

INTERVAL_DAYS_MAX = 366
"""A longer interval is no longer a periodic review of a system of this risk."""


class Topic(StrEnum):
    """What every review has to look at."""

    CHANGES = "changes"
    DEVIATIONS = "deviations"
    INCIDENTS = "incidents"
    ACCESS = "access"
    AUDIT_TRAIL = "auditTrail"
    RESTORES = "restores"
    KEY_FIGURES = "keyFigures"


class Conclusion(StrEnum):
    """What a review came to."""

    FIT = "FIT_FOR_USE"
    WITH_ACTIONS = "FIT_WITH_ACTIONS"
    NOT_FIT = "NOT_FIT_FOR_USE"


class ReviewMaterial(WireModel):
    """What there was to look at. ``read`` says how much was read, so that nothing is not silence.

    An entry is a sentence; a topic without entries has an empty list, and is there.
    """

    record_format: Literal["gxproof-review-material/1"] = "gxproof-review-material/1"
    target: str
    covers_from: Timestamp
    covers_until: Timestamp
    read: dict[str, Count]
    topics: dict[Topic, tuple[str, ...]]

    @property
    def sha256(self) -> str:
        """The digest that a review is bound to."""
        return digest_of(self.to_json())

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.topics) != set(Topic):
            raise ValueError(f"expected the topics {', '.join(Topic)}")
        if self.covers_from >= self.covers_until:
            raise ValueError("expected a period that ends after it begins")
        return self


class ReviewedTopic(WireModel):
    """How many entries a topic had, and what the person says of them."""

    entries: Count
    assessment: Said


class PeriodicReview(WireModel):
    """A review as a person signs it."""

    record_format: Literal["gxproof-review/1"] = "gxproof-review/1"
    number: ChangeId
    target: str
    covers_from: Timestamp
    covers_until: Timestamp
    material_sha256: Sha256
    interval_days: Annotated[int, Field(strict=True, ge=1, le=INTERVAL_DAYS_MAX)]
    topics: dict[Topic, ReviewedTopic]
    conclusion: Conclusion
    actions: str = Field(default="", max_length=4000)
    """What has to be done; a review that came to fit with actions names them."""
    approved_by: PrintedName
    meaning: Said
    at: Timestamp

    @property
    def due_at(self) -> datetime:
        """When the next one is due: an interval after the end of the period, whenever signed."""
        return self.covers_until + timedelta(days=self.interval_days)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        missing = [topic.value for topic in Topic if topic not in self.topics]
        if missing:
            raise ValueError(f"nobody has assessed {', '.join(missing)}")
        if not self.covers_from < self.covers_until <= self.at:
            raise ValueError("expected a period that ends after it begins and before it is signed")
        if self.conclusion is Conclusion.WITH_ACTIONS and len(self.actions.strip()) < 5:
            raise ValueError("it is fit with actions, and names none")
        return self


def misfits(review: PeriodicReview, material: ReviewMaterial) -> Iterator[str]:
    """Why a review is not one of this material."""
    if review.material_sha256 != material.sha256:
        yield "the material is another one than the review was drafted from"
    said = (review.target, review.covers_from, review.covers_until)
    if said != (material.target, material.covers_from, material.covers_until):
        yield "the review names another target or period than its material"
    counted: Mapping[Topic, int] = {topic: part.entries for topic, part in review.topics.items()}
    for topic, entries in material.topics.items():
        if counted[topic] != len(entries):
            yield f"{topic} has {len(entries)} entries in the material, not {counted[topic]}"


def review_findings(review: PeriodicReview, target: str, now: datetime) -> Iterator[str]:
    """What keeps a target from being reviewed in time. Source: URS-CHG-004."""
    if review.target != target:
        yield f"review {review.number} is of the target {review.target}, not of {target}"
    if review.at > now:
        yield f"review {review.number} is signed {write_timestamp(review.at)}, which is to come"
    if review.due_at < now:
        yield (f"the periodic review is overdue: review {review.number} covers up to "
               f"{write_timestamp(review.covers_until)}, the next was due by "
               f"{write_timestamp(review.due_at)}")
    if review.conclusion is Conclusion.NOT_FIT:
        yield f"review {review.number} came to {review.conclusion.value}"
