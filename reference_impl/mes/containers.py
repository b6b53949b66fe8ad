"""Quality decides about one container: used after all, given back or destroyed.

Source: URS-RCV-007; 21 CFR 211.204, 211.110(c).
"""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from contracts.model.commands import DecideContainer, SignatureComponents
from contracts.model.lot_status import ContainerDecision, LotStatus, StatusReason
from contracts.model.messages import MESSAGES, LotStatusChanged
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.roles import Duty
from reference_impl.domain import containers as rules
from reference_impl.domain.reasons import check_reason
from reference_impl.link.outbox import About, put
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.store.database import Row
from reference_impl.store.tables import containers, lots

_OUTCOME = {
    ContainerDecision.RELEASE: (LotStatus.RELEASED, StatusReason.INVESTIGATION),
    ContainerDecision.DESTROY: (LotStatus.REJECTED, StatusReason.DESTROYED),
    ContainerDecision.RETURN_TO_SUPPLIER: (
        LotStatus.REJECTED, StatusReason.RETURNED_TO_SUPPLIER
    ),
}
_Signed = tuple[SignatureManifest, frozenset[Duty]]


# implements FRS-RCV-027
# implements FRS-RCV-031
def decide_container(
    work: Work, command: DecideContainer, accounts: Accounts
) -> Refusal | None:
    """A person of quality decides, and the warehouse is told."""
    container = work.find(containers, command.container)
    lot = work.find(lots, container["lot_id"]) if container else None
    if container is None or lot is None:
        return Refusal(Code.UNKNOWN_CONTAINER, "container", command.container)
    refusal = rules.check_waiting(container["status"], "container") or check_reason(
        command.reason
    )
    if refusal:
        return refusal
    first = _sign(work, command, accounts, command.signature, work.actor.account)
    given = command.second_signature
    second = _sign(work, command, accounts, given, given.user_id) if given else None
    if given is not None and second is None:
        return Refusal(Code.SIGNATURE_REFUSED, "secondSignature", "the password is wrong")
    wanted, _ = _OUTCOME[command.decision]
    refusal = rules.check_signers(wanted, _signer(first), _signer(second))
    if refusal:
        return refusal
    work.change(containers, command.container, status=rules.status_after(wanted))
    fact = _fact(work, command, (container, lot), (first, second))
    put(work, MESSAGES["lot-status-changed"], fact, About(f"lot/{lot['lot_id']}", fact.lot_id))
    return None


def _sign(
    work: Work, command: DecideContainer, accounts: Accounts, components: SignatureComponents,
    person: str,
) -> _Signed | None:
    content = command.model_dump(mode="json", exclude={"signature", "second_signature"})
    return accounts.sign(work, person, components, ("containers", command.container, content))


def _signer(signed: _Signed | None) -> rules.Signer | None:
    return (signed[0].person_id, signed[1]) if signed else None


def _fact(
    work: Work, command: DecideContainer, about: tuple[Row, Row],
    signed: tuple[_Signed | None, _Signed | None],
) -> LotStatusChanged:
    container, lot = about
    first, second = signed
    wanted, why = _OUTCOME[command.decision]
    return LotStatusChanged(
        change_id=command.decision_id, lot_id=lot["lot_id"], material_id=lot["material_id"],
        container=command.container, from_status=LotStatus(container["status"]),
        to_status=wanted, reason_code=why, reason=command.reason,
        decided_by=work.actor.account, decided_at=work.now, effective_at=work.now,
        station=work.actor.station, signature=first[0] if first else None,
        second_signature=second[0] if second else None,
    )
