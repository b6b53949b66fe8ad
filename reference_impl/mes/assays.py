"""Assays: released by quality as new versions, each with all that was weighed by it.

Sources: URS-UOM-004, URS-UOM-005; 21 CFR 211.101(a).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import RecordAssay
from contracts.model.inspection_units import AdjustedRow, AssayRow, Assays
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.quantities import Quantity
from contracts.model.units import ExactAmount, PotencyBasis
from reference_impl.assays import current_assay
from reference_impl.domain.assays import Assay, active_quantity, check_basis
from reference_impl.domain.reasons import check_reason
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import quantity, text
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import issues, lots, materials
from reference_impl.store.unit_tables import adjusted_quantities, assays

_ISSUED = Statement(
    select(issues)
    .where(issues.c.lot_id == bindparam("lot_id"), issues.c.potency.is_not(None))
    .order_by(issues.c.issued_at, issues.c.issue_id)
)
_NEWEST = Statement(
    select(adjusted_quantities)
    .where(adjusted_quantities.c.issue_id == bindparam("issue_id"))
    .order_by(adjusted_quantities.c.version.desc()).limit(1)
)
_ASSAYS = Statement(select(assays).order_by(assays.c.lot_id, assays.c.version))
_ADJUSTED = Statement(
    select(adjusted_quantities)
    .order_by(adjusted_quantities.c.issue_id, adjusted_quantities.c.version)
)


@dataclass(frozen=True)
class ReleasedAssay:
    """What the quality unit states of a lot; ``signature_id`` is of who released it."""

    assay_id: str
    lot_id: str
    potency: Decimal
    basis: PotencyBasis
    result_ref: str
    reason: str
    signature_id: str


# implements FRS-UOM-005
# implements FRS-UOM-007
def record_assay(work: Work, command: RecordAssay, accounts: Accounts) -> Refusal | None:
    """Release an assay: a new version of the lot's, and of all that was adjusted by it."""
    refusal = check_reason(command.reason) or check_assay(
        work, command.lot_id, command.basis, ("lotId", "basis")
    )
    if refusal:
        return refusal
    signed = accounts.sign_command(
        work, command, command.signature, ("assays", command.assay_id), of_quality=True
    )
    if isinstance(signed, Refusal):
        return signed
    work.cause = replace(work.cause, reason=command.reason)
    keep_assay(work, ReleasedAssay(
        command.assay_id, command.lot_id, command.potency, command.basis, command.result_ref,
        command.reason, signed.signature_id,
    ))
    return None


# implements FRS-UOM-006
def check_assay(
    work: Work, lot_id: str, basis: PotencyBasis, paths: tuple[str, str]
) -> Refusal | None:
    """Refuse an unknown lot, and a basis on which its material's potency does not count."""
    lot = work.find(lots, lot_id)
    if lot is None:
        return Refusal(Code.UNKNOWN_LOT, paths[0], lot_id)
    return check_basis(basis, basis_of(work, lot["material_id"]), paths[1])


def keep_assay(work: Work, released: ReleasedAssay) -> None:
    """Keep a released assay as the next version, and calculate anew what was weighed by the last.

    An alarm names the orders whose material is worth something else now.
    """
    last = current_assay(work.connection, released.lot_id)
    version = last.version + 1 if last else 1
    work.create(
        assays, lot_id=released.lot_id, version=version, assay_id=released.assay_id,
        potency=f"{released.potency:f}", basis=released.basis.value,
        result_ref=released.result_ref, reason=released.reason,
        recorded_at=microseconds(work.now), recorded_by=work.actor.account,
        signature_id=released.signature_id,
    )
    assay = Assay(version, released.potency, released.basis)
    used = work.connection.rows(_ISSUED, lot_id=released.lot_id)
    for issue in used:
        keep_active_quantity(work, issue, assay, released.signature_id)
    if used:
        orders = ", ".join(sorted({issue["order_id"] for issue in used}))
        work.alarm("ASSAY_CHANGED_AFTER_USE", f"assay {released.assay_id}: {orders}")


# implements FRS-UOM-008
def keep_active_quantity(work: Work, issue: Row, assay: Assay, signature_id: str) -> None:
    """Keep what an issue holds of the active substance, as the next signed version."""
    newest = work.connection.row(_NEWEST, issue_id=issue["issue_id"])
    active = active_quantity(quantity(issue), assay)
    residue = active.exact_residue
    work.create(
        adjusted_quantities, issue_id=issue["issue_id"],
        version=newest["version"] + 1 if newest else 1, lot_id=issue["lot_id"],
        assay_version=assay.version, net=issue["quantity"], unit=issue["unit"],
        potency=f"{assay.potency:f}", basis=assay.basis.value if assay.basis else None,
        active=text(active.quantity), residue_numerator=residue.numerator,
        residue_denominator=residue.denominator, signature_id=signature_id,
        signed_at=microseconds(work.now),
    )


def basis_of(work: Work, material_id: str) -> PotencyBasis | None:
    """On which basis the potency of a material counts."""
    material = work.find(materials, material_id)
    stated = material["potency_basis"] if material else None
    return PotencyBasis(stated) if stated else None


def show_assays(connection: Connection, settings: Settings, _: int) -> Assays:
    """All versions."""
    zone = settings.site_zone
    return Assays(
        rows=tuple(
            AssayRow(**{
                **dict(row), "recorded_at": from_microseconds(row["recorded_at"], zone),
            })
            for row in connection.rows(_ASSAYS)
        ),
        adjusted=tuple(_adjusted_row(row, settings) for row in connection.rows(_ADJUSTED)),
    )


def _adjusted_row(row: Row, settings: Settings) -> AdjustedRow:
    net: Quantity = quantity(row, "net")
    return AdjustedRow(
        issue_id=row["issue_id"], version=row["version"], lot_id=row["lot_id"],
        assay_version=row["assay_version"], net=net, potency=Decimal(row["potency"]),
        basis=PotencyBasis(row["basis"]) if row["basis"] else None,
        active=quantity(row, "active"),
        residue=ExactAmount(
            numerator=row["residue_numerator"], denominator=row["residue_denominator"],
            unit=net.unit,
        ),
        signature_id=row["signature_id"],
        signed_at=from_microseconds(row["signed_at"], settings.site_zone),
    )
