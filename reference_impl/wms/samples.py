"""Sampling in the warehouse: material leaves a container for a label of its own."""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from contracts.model.commands import TakeSample
from contracts.model.identifiers import Id
from contracts.model.messages import MESSAGES
from contracts.model.messages.samples import SampleTaken
from reference_impl.domain.samples import SampledContainer, check_sample
from reference_impl.link.outbox import About, put
from reference_impl.master_data import check_equal
from reference_impl.records.work import Work
from reference_impl.samples import is_used, keep_sample
from reference_impl.stock import lot_in_use, quantity, status_of, text
from reference_impl.store.database import Row
from reference_impl.store.tables import containers, lots, samples
from reference_impl.wms import allocation
from reference_impl.wms.adjustments import find_scanned
from reference_impl.wms.movements import Movement, Spot, post_movement

_OUTSIDE = "SAMPLE"


# implements FRS-SMP-005
def take_sample(work: Work, command: TakeSample) -> Refusal | None:
    """A sampler takes material out of a container; MES is told."""
    if work.find(samples, command.sample_id):
        return Refusal(Code.ALREADY_EXISTS, "sampleId", command.sample_id)
    container = find_scanned(work, command.scan)
    if isinstance(container, Refusal):
        return container
    lot = work.find(lots, container["lot_id"])
    in_use = lot_in_use(work.connection, container["lot_id"])
    assert lot is not None
    assert in_use is not None
    hand = SampledContainer(quantity(container), in_use, status_of(container, in_use.status))
    refusal = check_equal(work, lot["material_id"], "scan") or check_sample(
        hand, command.quantity, work.now, is_used(work, command.sample_container)
    )
    if refusal:
        return refusal
    _post(work, command, container, lot)
    return None


def _post(work: Work, command: TakeSample, container: Row, lot: Row) -> None:
    left = quantity(container) - command.quantity
    work.change(containers, container["sscc"], quantity=text(left))
    post_movement(work, Movement(
        f"sample/{command.sample_id}", lot["lot_id"], command.quantity,
        Spot(container["sscc"], container["location_id"]),
        Spot(command.sample_container, _OUTSIDE),
    ))
    fact = SampleTaken(
        sample_id=command.sample_id, material_id=lot["material_id"], lot_id=lot["lot_id"],
        source_container=container["sscc"], sample_container=command.sample_container,
        quantity=command.quantity, location_id=container["location_id"],
        sampled_at=work.now, sampled_by=Id(work.actor.account), station=Id(work.actor.station),
    )
    keep_sample(work, fact)
    allocation.follow_content(work, container["sscc"], lot["material_id"])
    about = About(f"container/{container['sscc']}", command.sample_id)
    put(work, MESSAGES["sample-taken"], fact, about)
