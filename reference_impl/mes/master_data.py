"""MES owns the material master: it changes it with a reason, and publishes it.

Source: URS-MDM-001.
"""

from __future__ import annotations

from dataclasses import replace

from contracts.model.codes import Code, Refusal
from contracts.model.commands import MaterialChange, PublishMasterData
from contracts.model.messages import MESSAGES
from reference_impl.domain.reasons import check_reason
from reference_impl.link.outbox import About, put
from reference_impl.master_data import compare, publication
from reference_impl.records.work import Work
from reference_impl.store.tables import materials


# implements FRS-MDM-003
def publish_master_data(work: Work, command: PublishMasterData) -> Refusal | None:
    """Change a material where that is asked for, and tell the warehouse what it holds now."""
    if work.find(materials, command.material_id) is None:
        return Refusal(Code.UNKNOWN_MATERIAL, "materialId", command.material_id)
    if command.change:
        refusal = check_reason(command.change.reason, "change.reason")
        if refusal:
            return refusal
        work.cause = replace(work.cause, reason=command.change.reason)
        _change(work, command.material_id, command.change)
    material = work.find(materials, command.material_id)
    assert material is not None
    about = About(f"master/{command.material_id}", command.publication_id)
    fact = publication(work, command.publication_id, material)
    put(work, MESSAGES["master-data-published"], fact, about)
    return None


def _change(work: Work, material_id: str, change: MaterialChange) -> None:
    values = change.model_dump(mode="json", exclude={"reason"}, exclude_none=True)
    work.change(materials, material_id, **values)
    compare(work, material_id)
