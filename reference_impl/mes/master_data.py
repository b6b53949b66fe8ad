"""MES owns the material master: it changes it with a reason, and publishes it.

Source: URS-MDM-001.
"""

from __future__ import annotations

from dataclasses import replace

from contracts.model.codes import Code, Refusal
from contracts.model.commands import MaterialChange, PublishMasterData, PublishMasterRecord
from contracts.model.master_data import MasterKind
from contracts.model.messages import MESSAGES
from reference_impl.domain.reasons import check_reason
from reference_impl.link.outbox import About, put
from reference_impl.master_data import await_answer, compare, publication
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
    _publish(work, command.publication_id, MasterKind.MATERIAL, command.material_id)
    return None


# implements FRS-MDM-010
def publish_master_record(work: Work, command: PublishMasterRecord) -> Refusal | None:
    """Tell the warehouse what a record of any master holds now."""
    if _publish(work, command.publication_id, command.kind, command.record_id):
        return None
    return Refusal(Code.UNKNOWN_MASTER_RECORD, "recordId", f"{command.kind} {command.record_id}")


def _publish(work: Work, publication_id: str, kind: MasterKind, record_id: str) -> bool:
    """Publish a record and await the warehouse's own. Returns: whether it is held here."""
    fact = publication(work, publication_id, kind, record_id)
    if fact is None:
        return False
    put(work, MESSAGES["master-data-published"], fact, About(f"master/{record_id}", publication_id))
    await_answer(work, fact)
    return True


def _change(work: Work, material_id: str, change: MaterialChange) -> None:
    values = change.model_dump(mode="json", exclude={"reason"}, exclude_none=True)
    work.change(materials, material_id, **values)
    compare(work, MasterKind.MATERIAL, material_id)
