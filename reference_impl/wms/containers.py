"""The warehouse follows what quality decided about one container. Source: URS-RCV-007."""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from contracts.model.lot_status import LotStatus
from contracts.model.messages.lot_status import LotStatusChanged, SignatureManifest
from contracts.model.roles import Duty
from reference_impl.domain import containers as rules
from reference_impl.records.work import Work
from reference_impl.store.tables import containers, lots
from reference_impl.wms import allocation


# implements FRS-RCV-027
# implements FRS-RCV-031
def container_decided(work: Work, change: LotStatusChanged) -> Refusal | None:
    """A released container is as its lot again; any other decision tightens it."""
    assert change.container is not None
    container = work.find(containers, change.container)
    lot = work.find(lots, change.lot_id)
    if container is None or lot is None or container["lot_id"] != change.lot_id:
        return Refusal(Code.UNKNOWN_CONTAINER, "data.container", change.container)
    if change.to_status is LotStatus.RELEASED:
        refusal = rules.check_waiting(container["status"], "data.container")
        if refusal:
            return refusal
    refusal = rules.check_signers(
        change.to_status, _signer(change.signature), _signer(change.second_signature), "data."
    )
    if refusal:
        return refusal
    work.change(containers, change.container, status=rules.status_after(change.to_status))
    allocation.follow_content(work, change.container, lot["material_id"])
    return None


def _signer(manifest: SignatureManifest | None) -> rules.Signer | None:
    if manifest is None:
        return None
    return manifest.person_id, frozenset(d for d in Duty if d.value == manifest.role)
