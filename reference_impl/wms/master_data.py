"""The warehouse compares what MES publishes, answers with its own record, and can take MES's over.

Source: URS-MDM-001.
"""

from __future__ import annotations

import json
from dataclasses import replace

from contracts.model.codes import Code, Refusal
from contracts.model.commands import AdoptMasterData
from contracts.model.envelope import Envelope
from contracts.model.master_data import MasterKind
from contracts.model.messages import MESSAGES
from contracts.model.messages.master_data import MasterDataPublished
from reference_impl import master_data
from reference_impl.domain.reasons import check_reason
from reference_impl.identifiers import derived_id
from reference_impl.link.outbox import About, put
from reference_impl.records.work import Work
from reference_impl.store.tables import materials, partner_records

# Stock is kept in the base unit, so another one is not taken over by the press of a button.
_ADOPTED = {
    "description": "description", "gtin": "gtin", "conversions": "conversions",
    "potencyBasis": "potency_basis",
}


def material_published(work: Work, envelope: Envelope[MasterDataPublished]) -> Refusal | None:
    """MES says what its record holds: it is compared, and MES learns what ours holds."""
    refusal = master_data.master_data_published(work, envelope)
    if refusal is None:
        fact = envelope.data
        publication_id = derived_id(fact.publication_id, "OWN")
        _answer(work, fact.record_id, publication_id, envelope.id)
    return refusal


# implements FRS-MDM-003
# implements FRS-MDM-004
def adopt_master_data(work: Work, command: AdoptMasterData) -> Refusal | None:
    """Take over what MES published, with a reason; MES learns that both are equal again."""
    if work.find(materials, command.material_id) is None:
        return Refusal(Code.UNKNOWN_MATERIAL, "materialId", command.material_id)
    published = work.find(partner_records, MasterKind.MATERIAL.value, command.material_id)
    if published is None:
        return Refusal(Code.NOTHING_PUBLISHED, "materialId", command.material_id)
    refusal = check_reason(command.reason)
    if refusal:
        return refusal
    work.cause = replace(work.cause, reason=command.reason)
    content = json.loads(published["content"])
    values = {column: content.get(member) for member, column in _ADOPTED.items()}
    work.change(materials, command.material_id, **values)
    master_data.compare(work, command.material_id)
    _answer(work, command.material_id, derived_id(command.adoption_id, "ADOPTED"), None)
    return None


def _answer(
    work: Work, material_id: str, publication_id: str, message_id: str | None
) -> None:
    """Publish our own record of a material, where we have one."""
    material = work.find(materials, material_id)
    if material is None:
        return
    fact = master_data.publication(work, publication_id, material)
    about = About(f"master/{material_id}", publication_id, message_id)
    put(work, MESSAGES["master-data-published"], fact, about)
