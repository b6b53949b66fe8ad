"""Master data, opening stock and orders: each system takes over the same document.

In production these come from ERP; here they come by the stimulus interface, in test mode.
"""

from __future__ import annotations

from collections.abc import Iterable

from contracts.model.codes import Refusal
from contracts.model.instants import microseconds
from contracts.model.lot_status import LotStatus
from contracts.model.stimulus import Container, Equipment, Load, Location, Lot, Material, Order
from reference_impl.assays import keep_opening_assay
from reference_impl.domain.lot_status import told_instant
from reference_impl.domain.people import check_duties
from reference_impl.domain.rounding import STOCK_DIGITS
from reference_impl.factors import conversions_text, densities_text
from reference_impl.places import allowed_statuses, as_list
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.retest import retest_columns
from reference_impl.store.tables import (
    bom_lines,
    containers,
    equipment,
    locations,
    lots,
    materials,
    orders,
)


def load(work: Work, body: Load, accounts: Accounts) -> int:
    """Take over a document. What is known already is left as it is. Returns: records taken."""
    for person in body.people:
        accounts.keep(work, person)
    taken = len(body.people)
    taken += _each(work, body.materials, _material)
    taken += _each(work, body.locations, _location)
    taken += _each(work, body.equipment, _equipment)
    taken += _each(work, body.lots, _lot)
    taken += _each(work, body.containers, _container)
    taken += _each(work, body.orders, _order)
    return taken


# implements FRS-IAM-003
def check_people(body: Load) -> Refusal | None:
    """Refuse a document with an administrator who would do GMP work as well."""
    checked = (
        check_duties(person.duties, f"people[{n}].duties") for n, person in enumerate(body.people)
    )
    return next((refusal for refusal in checked if refusal), None)


def _each(work: Work, items: Iterable[object], take) -> int:  # type: ignore[no-untyped-def]
    return sum(1 for item in items if take(work, item))


def _material(work: Work, item: Material) -> bool:
    if work.find(materials, item.material_id):
        return False
    work.create(
        materials, material_id=item.material_id, description=item.description, gtin=item.gtin,
        temperature_class=item.temperature_class.value if item.temperature_class else None,
        hazard_classes=as_list(item.hazard_classes), allergens=as_list(item.allergens),
        base_unit=item.base_unit.value, issue_mode=item.issue_mode.value,
        risk_record=item.risk_record.model_dump_json() if item.risk_record else None,
        conversions=conversions_text(item.conversions),
        stock_scale=None if item.stock_scale == STOCK_DIGITS else item.stock_scale,
        potency_basis=item.potency_basis.value if item.potency_basis else None,
        shelf_life_days=item.shelf_life_days,
    )
    return True


def _location(work: Work, item: Location) -> bool:
    if work.find(locations, item.location_id):
        return False
    work.create(
        locations, location_id=item.location_id, purpose=item.purpose.value,
        description=item.description, temperature_class=item.temperature_class.value,
        hazard_classes=as_list(item.hazard_classes), allergens=as_list(item.allergens),
        allowed_statuses=as_list(allowed_statuses(item)),
        discrepancy_location=item.discrepancy_location, kind=item.kind.value,
        parent=item.parent, quarantine=int(item.quarantine),
        equipment_level=item.equipment_level.value if item.equipment_level else None,
    )
    return True


def _equipment(work: Work, item: Equipment) -> bool:
    if work.find(equipment, item.equipment_id):
        return False
    due = item.calibration_due
    work.create(
        equipment, equipment_id=item.equipment_id, kind=item.kind.value,
        description=item.description, calibration_due=due.isoformat() if due else None,
        location_id=item.location_id,
    )
    return True


def _lot(work: Work, item: Lot) -> bool:
    if work.find(lots, item.lot_id):
        return False
    released = item.status is LotStatus.RELEASED
    work.create(
        lots, lot_id=item.lot_id, material_id=item.material_id, lot=item.lot,
        expires_on=item.expires_on.isoformat(),
        expires_at=microseconds(
            told_instant(item.expires_on, item.expires_at, work.settings.site_zone)
        ),
        status=item.status.value, released_at=microseconds(work.now) if released else None,
        downgraded=0, **retest_columns(work, item.retest_on),
        densities=densities_text(item.densities),
    )
    keep_opening_assay(work, item)
    return True


def _container(work: Work, item: Container) -> bool:
    if work.find(containers, item.sscc):
        return False
    work.create(
        containers, sscc=item.sscc, lot_id=item.lot_id, location_id=item.location_id,
        quantity=f"{item.quantity.value:f}", unit=item.quantity.unit.value,
    )
    return True


def _order(work: Work, item: Order) -> bool:
    if work.find(orders, item.order_id):
        return False
    label, size = item.dispense_label, item.size
    work.create(
        orders, order_id=item.order_id, bom_id=item.bom_id, bom_version=item.bom_version,
        approved=int(item.approved), state="PLANNED",
        size=f"{size.value:f}" if size else None, size_unit=size.unit.value if size else None,
        label_product=label.product if label else None,
        label_strength=label.strength if label else None,
        label_batch=label.batch if label else None,
    )
    for line in item.lines:
        work.create(
            bom_lines, order_id=item.order_id, line_id=line.line_id,
            material_id=line.material_id, quantity=f"{line.quantity.value:f}",
            unit=line.quantity.unit.value, tolerance_high=f"{line.tolerance_high.value:f}",
            minimum_shelf_life_days=line.minimum_shelf_life_days,
            tolerance_low=f"{line.tolerance_low.value:f}" if line.tolerance_low else None,
            potency_basis=f"{line.potency_basis:f}" if line.potency_basis else None,
        )
    return True
