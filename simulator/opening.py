"""The master data, opening stock and orders of a plant, as the stimulus interface takes them."""

from __future__ import annotations

from typing import Any

from contracts.model.stimulus import Load
from simulator.namespace import Namespace
from simulator.parts import OrderPart, Plant
from simulator.site import EXAMPLE_PASSWORD


def opening_load(plant: Plant, names: Namespace) -> Load:
    """One document for both systems, every name under the run's namespace."""
    return Load.model_validate(
        {
            "people": [
                {
                    "person_id": names.id(part.id), "printed_name": part.name,
                    "duties": part.duties, "password": EXAMPLE_PASSWORD,
                }
                for part in plant.people
            ],
            "materials": [
                {
                    "material_id": names.id(part.id), "description": part.description,
                    "gtin": names.gtin(part.id), "base_unit": part.unit,
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
            "lots": [
                {
                    "lot_id": names.id(part.id), "material_id": names.id(part.material),
                    "lot": names.lot_number(part.id), "expires_on": part.expires_on,
                    "status": part.status,
                }
                for part in plant.lots
            ],
            "containers": _containers(plant, names),
            "orders": [_order(plant, order, names) for order in plant.orders],
        }
    )


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
        "lines": [
            {
                "line_id": line.id, "material_id": names.id(line.material),
                "quantity": {"value": line.quantity, "unit": plant.unit(line.material)},
                "tolerance_high": {
                    "value": line.tolerance, "unit": plant.unit(line.material)
                },
            }
            for line in order.lines
        ],
    }
