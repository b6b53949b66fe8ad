"""A migration: records are taken over, read back and compared, or everything is taken back.

Both systems do it in the same way. What is compared is read from the tables after writing, never
from the command. Source: URS-MIG-001; EU GMP Annex 11 4.8.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import MigrateMasterData
from contracts.model.identifiers import Id, Sscc
from contracts.model.inspection_migration import MigrationRow, Migrations
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.migration import MigratedKind, Total
from contracts.model.quantities import Quantity
from contracts.model.roles import Duty
from contracts.model.stimulus import Load, Location, Lot, Material, RiskRecord
from contracts.model.wire_model import WireModel
from reference_impl.domain import migration as rules
from reference_impl.domain.lot_status import expiry_instant
from reference_impl.domain.reasons import check_reason
from reference_impl.factors import stated_densities, stated_factors
from reference_impl.loading import load
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.retest import read_retest_day
from reference_impl.settings import Settings
from reference_impl.specifications import load_specifications, stated_tests
from reference_impl.stock import quantity
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.migration_tables import migrations
from reference_impl.store.tables import containers, locations, lots, materials
from reference_impl.store.unit_tables import assays
from reference_impl.system import Answered

_ALL = Statement(select(migrations).order_by(migrations.c.migration_id))
_versions = assays.alias()
_LOTS = select(lots, assays.c.potency, assays.c.basis).select_from(lots).outerjoin(
    assays,
    and_(
        assays.c.lot_id == lots.c.lot_id,
        assays.c.version == select(func.max(_versions.c.version))
        .where(_versions.c.lot_id == lots.c.lot_id).correlate(lots).scalar_subquery(),
    ),
)
Records = dict[MigratedKind, dict[str, dict[str, Any]]]


# implements FRS-MIG-011
def migrate_master_data(
    work: Work, command: MigrateMasterData, accounts: Accounts
) -> Refusal | Answered:
    """Take the records over, and keep them where all is as it was declared."""
    before = _read_all(work)
    refusal = check_reason(command.reason) or _check_records(command, before)
    if refusal:
        return refusal
    signature = _approved(work, command, accounts)
    if isinstance(signature, Refusal):
        return signature
    work.cause = replace(work.cause, reason=command.reason)
    with work.connection.attempt() as attempt:
        load(work, _document(command), accounts)
        load_specifications(work, _document(command))
        after = _read_all(work)
        came = _came(before, after)
        found = rules.totals_of(came)
        kept = rules.check_kept(command.declared, found) or rules.check_untouched(before, after)
        if kept or command.dry_run:
            attempt.take_back()
    if kept:
        return kept
    if signature is not None and not command.dry_run:
        _keep(work, command, found, signature)
    return Answered({
        "dry_run": command.dry_run, "migrated": found, "before": rules.totals_of(before),
        "after": rules.totals_of(after),
    })


def show_migrations(connection: Connection, settings: Settings, _: int) -> Migrations:
    """All migrations."""
    return Migrations(
        rows=tuple(
            MigrationRow(
                migration_id=row["migration_id"], source=row["source"],
                migrated=tuple(Total.from_json(one) for one in json.loads(row["totals"])),
                migrated_at=from_microseconds(row["migrated_at"], settings.site_zone),
                migrated_by=row["migrated_by"], approved_by=row["approved_by"],
                signature_id=row["signature_id"],
            )
            for row in connection.rows(_ALL)
        )
    )


# implements FRS-MIG-004
# implements FRS-MIG-005
# implements FRS-MIG-006
# implements FRS-MIG-007
def _check_records(command: MigrateMasterData, before: Records) -> Refusal | None:
    coming = {
        MigratedKind.MATERIAL: ("materials", [str(m.material_id) for m in command.materials]),
        MigratedKind.LOCATION: ("locations", [str(p.location_id) for p in command.locations]),
        MigratedKind.LOT: ("lots", [str(lot.lot_id) for lot in command.lots]),
        MigratedKind.CONTAINER: ("containers", [str(c.sscc) for c in command.containers]),
    }
    for kind, (path, ids) in coming.items():
        refusal = rules.check_new(ids, before[kind], path)
        if refusal:
            return refusal
    known = {kind: {*before[kind], *ids} for kind, (_, ids) in coming.items()}
    for index, lot in enumerate(command.lots):
        if lot.material_id not in known[MigratedKind.MATERIAL]:
            return Refusal(Code.UNKNOWN_MATERIAL, f"lots[{index}].materialId", lot.material_id)
    for index, held in enumerate(command.containers):
        if held.lot_id not in known[MigratedKind.LOT]:
            return Refusal(Code.UNKNOWN_LOT, f"containers[{index}].lotId", held.lot_id)
        if held.location_id not in known[MigratedKind.LOCATION]:
            return Refusal(
                Code.UNKNOWN_LOCATION, f"containers[{index}].locationId", held.location_id
            )
    return None


# implements FRS-MIG-008
# implements FRS-MIG-009
# implements FRS-MIG-010
def _approved(
    work: Work, command: MigrateMasterData, accounts: Accounts
) -> SignatureManifest | Refusal | None:
    """The signature of the quality unit; None for a dry run."""
    components = command.approval
    if command.dry_run:
        return None
    if components is None:
        return Refusal(Code.SIGNATURE_REQUIRED, "approval", "a migration is approved beforehand")
    if components.user_id == work.actor.account:
        return Refusal(Code.VERIFIER_IS_PERFORMER, "approval.userId", "you do it yourself")
    content = command.model_dump(mode="json", exclude={"approval"})
    record = ("migrations", command.migration_id, content)
    signed = accounts.sign(work, components.user_id, components, record)
    if signed is None or Duty.QUALITY not in signed[1]:
        return Refusal(Code.SIGNATURE_REFUSED, "approval", "it is none of the quality unit")
    return signed[0]


def _document(command: MigrateMasterData) -> Load:
    return Load(
        materials=command.materials, locations=command.locations, lots=command.lots,
        containers=command.containers,
    )


def _came(before: Records, after: Records) -> Records:
    return {
        kind: {name: content for name, content in of.items() if name not in before[kind]}
        for kind, of in after.items()
    }


def _keep(
    work: Work, command: MigrateMasterData, found: tuple[Total, ...],
    signature: SignatureManifest,
) -> None:
    work.create(
        migrations, migration_id=command.migration_id, source=command.source,
        totals=json.dumps([total.to_json() for total in found]),
        migrated_at=microseconds(work.now), migrated_by=work.actor.account,
        approved_by=signature.person_id, signature_id=signature.signature_id,
    )


# --- records as the tables hold them ------------------------------------------------------------


def _read_all(work: Work) -> Records:
    zone = work.settings.site_zone
    found = {
        kind: {row[key]: read(row, zone).to_json() for row in work.connection.rows(statement)}
        for kind, (statement, key, read) in _READERS.items()
    }
    for material_id, tests in stated_tests(work.connection).items():
        tested = found[MigratedKind.MATERIAL].get(material_id)
        if tested is not None:
            tested["requiredTests"] = [test.to_json() for test in tests]
    return found


def _material(row: Row, _: ZoneInfo) -> Material:
    risk = row["risk_record"]
    return Material.model_validate({
        **_given(row, "material_id", "description", "gtin", "base_unit", "temperature_class",
                 "issue_mode", "stock_scale", "potency_basis", "shelf_life_days"),
        "conversions": stated_factors(row),
        "hazard_classes": _words(row["hazard_classes"]), "allergens": _words(row["allergens"]),
        "risk_record": RiskRecord.model_validate_json(risk) if risk else None,
    })


def _location(row: Row, _: ZoneInfo) -> Location:
    return Location.model_validate({
        **_given(row, "location_id", "purpose", "description", "temperature_class",
                 "discrepancy_location", "kind", "parent", "equipment_level"),
        "quarantine": bool(row["quarantine"]),
        "hazard_classes": _words(row["hazard_classes"]), "allergens": _words(row["allergens"]),
        "allowed_statuses": _words(row["allowed_statuses"]),
    })


# implements FRS-MIG-012
def _lot(row: Row, zone: ZoneInfo) -> Lot:
    expires_on, expires_at = date.fromisoformat(row["expires_on"]), row["expires_at"]
    day_ends = microseconds(expiry_instant(expires_on, zone))
    return Lot.model_validate({
        **_given(row, "lot_id", "material_id", "lot", "status"),
        "expires_on": expires_on,
        "expires_at": None if expires_at == day_ends else from_microseconds(expires_at),
        "retest_on": read_retest_day(row["retest_on"]),
        "potency": Decimal(row["potency"]) if row["potency"] else None,
        "potency_basis": row["basis"],
        "densities": stated_densities(row),
    })


class _Held(WireModel):
    """A container in the tables: by now it may be empty, or below zero."""

    sscc: Sscc
    lot_id: Id
    location_id: Id
    quantity: Quantity


def _container(row: Row, _: ZoneInfo) -> _Held:
    return _Held.model_validate({
        **_given(row, "sscc", "lot_id", "location_id"), "quantity": quantity(row),
    })


def _given(row: Row, *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names if row[name] is not None}


def _words(column: str | None) -> tuple[str, ...]:
    return tuple(json.loads(column)) if column else ()


_Read = Callable[[Row, ZoneInfo], WireModel]
_Reader = tuple[Statement, str, _Read]


def _reader(statement: Select[Any], key: str, read: _Read) -> _Reader:
    return Statement(statement), key, read


_READERS: dict[MigratedKind, _Reader] = {
    MigratedKind.MATERIAL: _reader(select(materials), "material_id", _material),
    MigratedKind.LOCATION: _reader(select(locations), "location_id", _location),
    MigratedKind.LOT: _reader(_LOTS, "lot_id", _lot),
    MigratedKind.CONTAINER: _reader(select(containers), "sscc", _container),
}
