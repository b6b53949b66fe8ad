"""What a plant begins with, as the stimulus interface takes it: records, stock, orders, ASNs."""

from __future__ import annotations

from typing import Any

from contracts.model.lot_status import LotStatus
from contracts.model.stimulus import Load
from contracts.model.units import PotencyBasis
from simulator.namespace import Namespace
from simulator.parts import DeliveryPart, LinePart, LotPart, OrderPart, Work
from simulator.plant_model import Plant
from simulator.site import EXAMPLE_PASSWORD, EXAMPLE_SIGNING


def opening_load(plant: Plant, names: Namespace) -> Load:
    """One document for both systems, every name under the run's namespace."""
    return Load.model_validate(
        {
            **_master_data(plant, names),
            "lots": [_lot(names, part) for part in plant.lots],
            "containers": _containers(plant, names),
            "orders": [_order(plant, order, names) for order in plant.orders],
            "asns": [_asn(plant, delivery, names) for delivery in plant.deliveries],
        }
    )


def _master_data(plant: Plant, names: Namespace) -> dict[str, Any]:
    return {
        "people": [
            {
                "person_id": names.id(part.id), "printed_name": part.name,
                "duties": part.duties, "password": EXAMPLE_PASSWORD,
                "signing": EXAMPLE_SIGNING,
            }
            for part in plant.people
        ],
        "materials": [
            {
                "material_id": names.id(part.id), "description": part.description,
                "gtin": names.gtin(part.id), "base_unit": part.unit,
                "potency_basis": PotencyBasis.AS_IS,
            }
            for part in plant.materials
        ],
        "locations": [
            {
                "location_id": names.id(part.id), "purpose": part.purpose,
                "description": part.description,
            }
            for part in plant.locations
        ],
        "equipment": [
            {
                "equipment_id": names.id(part.id), "kind": part.kind,
                "description": part.description, "calibration_due": part.calibration_due,
            }
            for part in plant.equipment
        ],
        "customers": [
            {
                "customer_id": names.id(part.id), "name": part.name,
                "minimum_shelf_life_days": part.minimum_days,
            }
            for part in plant.customers
        ],
        "packaging_lines": [
            {
                "line_id": names.id(part.id), "location_id": names.id(part.location),
                "sscc_prefix": names.sscc_range(part.id),
            }
            for part in plant.stations_for(Work.PACKING)
        ],
    }


def _lot(names: Namespace, part: LotPart) -> dict[str, Any]:
    return {
        "lot_id": names.id(part.id), "material_id": names.id(part.material),
        "lot": names.lot_number(part.id), "expires_on": part.expires_on,
        "status": LotStatus(part.status), "potency": part.potency,
        "potency_basis": PotencyBasis.AS_IS if part.potency else None,
    }


def _containers(plant: Plant, names: Namespace) -> list[dict[str, Any]]:
    materials = {lot.id: lot.material for lot in plant.lots}
    return [
        {
            "sscc": names.sscc(part.id), "lot_id": names.id(part.lot),
            "location_id": names.id(part.location),
            "quantity": {"value": part.quantity, "unit": plant.unit(materials[part.lot])},
        }
        for part in plant.containers
    ]


def _order(plant: Plant, order: OrderPart, names: Namespace) -> dict[str, Any]:
    return {
        "order_id": names.id(order.id), "bom_id": names.id(order.bom),
        "bom_version": order.version,
        **_product(order, names),
        "lines": [
            {
                "line_id": line.id, "material_id": names.id(line.material),
                "quantity": {"value": line.quantity, "unit": plant.unit(line.material)},
                "tolerance_high": _tolerance(plant, line),
                "tolerance_low": _tolerance(plant, line) if order.product else None,
                "potency_basis": line.potency_basis,
            }
            for line in order.lines
        ],
    }


def _tolerance(plant: Plant, line: LinePart) -> dict[str, Any]:
    return {"value": line.tolerance, "unit": plant.unit(line.material)}


def _product(order: OrderPart, names: Namespace) -> dict[str, Any]:
    made = order.product
    if made is None:
        return {}
    pieces = made.cases * made.per_case
    return {
        "product": {
            "material_id": names.id(made.material), "gtin": names.gtin(made.material),
            "lot_id": names.id(made.lot), "lot": names.lot_number(made.lot),
            "expires_on": made.expires_on,
        },
        "size": {"value": str(pieces), "unit": "C62"},
        "dispense_label": {
            "product": made.material, "strength": "100 mg", "batch": names.lot_number(made.lot),
        },
    }


def _asn(plant: Plant, delivery: DeliveryPart, names: Namespace) -> dict[str, Any]:
    return {
        "asn_id": names.id(delivery.id), "supplier": delivery.supplier,
        "lines": [
            {
                "line_id": part.id, "sscc": names.sscc(part.id),
                "material_id": names.id(lot.material), "gtin": names.gtin(lot.material),
                "supplier_lot": names.lot_number(lot.lot), "expires_on": lot.expires_on,
                "quantity": {"value": part.quantity, "unit": plant.unit(lot.material)},
            }
            for lot in delivery.lots
            for part in lot.containers
        ],
    }
