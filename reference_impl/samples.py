"""Samples: how both systems keep and show them, and follow the partner's.

A sample leaves the stock of its container and is a record of its own from then on.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.envelope import Envelope
from contracts.model.inspection_adjustments import SampleRow, Samples
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.messages.samples import SampleTaken
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import quantity, text
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import containers, genealogy, samples

_SAMPLES = Statement(select(samples).order_by(samples.c.sample_id))
_BY_LABEL = Statement(
    select(samples.c.sample_id).where(samples.c.sample_container == bindparam("label"))
)


def is_used(work: Work, label: str) -> bool:
    """Whether a container label was used before, for stock or for a sample."""
    if work.find(containers, label):
        return True
    return work.connection.row(_BY_LABEL, label=label) is not None


def keep_sample(work: Work, fact: SampleTaken) -> None:
    """Record a sample, and out of which container it came."""
    work.create(
        samples, sample_id=fact.sample_id, lot_id=fact.lot_id,
        source_container=fact.source_container, sample_container=fact.sample_container,
        quantity=text(fact.quantity), unit=fact.quantity.unit.value,
        sampled_by=fact.sampled_by, sampled_at=microseconds(fact.sampled_at),
    )
    work.create(
        genealogy, child=fact.sample_container, parent=fact.source_container,
        quantity=text(fact.quantity), unit=fact.quantity.unit.value, cause=fact.sample_id,
    )


# implements FRS-SMP-005
def sample_taken(work: Work, envelope: Envelope[SampleTaken]) -> Refusal | None:
    """The partner took a sample: what its container holds here follows.

    A fact is posted even where it surprises; what surprises raises an alarm.
    """
    fact = envelope.data
    if work.find(samples, fact.sample_id):
        return Refusal(Code.ALREADY_EXISTS, "data.sampleId", fact.sample_id)
    surprise = _why_not_followed(work, fact)
    if surprise is None:
        container = work.find(containers, fact.source_container)
        assert container is not None
        left = quantity(container) - fact.quantity
        work.change(containers, fact.source_container, quantity=text(left))
    else:
        work.alarm(surprise, f"sample {fact.sample_id}: {fact.source_container}")
    keep_sample(work, fact)
    return None


def _why_not_followed(work: Work, fact: SampleTaken) -> str | None:
    """The alarm for a sample that the stock here cannot take over, or None."""
    container = work.find(containers, fact.source_container)
    if container is None:
        return "UNKNOWN_CONTAINER"
    if container["unit"] != fact.quantity.unit.value:
        return "UNIT_NOT_BASE_UNIT"
    if quantity(container) < fact.quantity:
        return "QUANTITY_ABOVE_CONTENT"
    return "CONTAINER_IN_USE" if is_used(work, fact.sample_container) else None


def show_samples(connection: Connection, settings: Settings, _: int) -> Samples:
    """All samples."""
    return Samples(rows=tuple(sample_row(row, settings) for row in connection.rows(_SAMPLES)))


def sample_row(row: Row, settings: Settings) -> SampleRow:
    """A sample as it is shown."""
    return SampleRow(
        sample_id=row["sample_id"], lot_id=row["lot_id"],
        source_container=row["source_container"], sample_container=row["sample_container"],
        quantity=quantity(row), sampled_by=row["sampled_by"],
        sampled_at=from_microseconds(row["sampled_at"], settings.site_zone),
    )
