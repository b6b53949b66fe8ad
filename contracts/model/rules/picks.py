"""Rules about picks."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_REQUEST = ("wms/pick-requested",)
_CONFIRM = ("wms/confirm-pick",)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-PCK-001", "URS-PCK-001",
                 "A pick request names the approved version of the order's bill of materials.",
                 Code.BOM_NOT_APPROVED, _REQUEST),
    BusinessRule("FRS-PCK-002", "URS-PCK-001",
                 "Every requested material stands on the order's bill of materials.",
                 Code.NOT_ON_BOM, ("wms/pick-requested", "mes/request-pick")),
    BusinessRule("FRS-PCK-003", "URS-PCK-001",
                 "All requests of an order together stay within its bill of materials.",
                 Code.QUANTITY_NOT_ON_BOM, _REQUEST),
    BusinessRule("FRS-PCK-004", "URS-PCK-001",
                 "Only lots that are released, in date and have the minimum remaining shelf life "
                 "are allocated; where they do not suffice, nothing is.",
                 Code.NO_ELIGIBLE_STOCK, _REQUEST),
    BusinessRule("FRS-PCK-005", "URS-PCK-002",
                 "A pick confirmation names an open request.",
                 Code.UNKNOWN_REQUEST, _CONFIRM),
    BusinessRule("FRS-PCK-006", "URS-PCK-002",
                 "The scan is a GS1 element string in a GS1 symbology and holds an SSCC.",
                 Code.SCAN_UNREADABLE, _CONFIRM),
    BusinessRule("FRS-PCK-007", "URS-PCK-002",
                 "The scanned container, lot and item are those allocated to the request.",
                 Code.SCAN_NOT_ALLOCATED, _CONFIRM),
    BusinessRule("FRS-PCK-008", "URS-PCK-003",
                 "What was picked for a line never exceeds its quantity plus the upper tolerance.",
                 Code.QUANTITY_ABOVE_TOLERANCE, _CONFIRM),
    BusinessRule("FRS-PCK-009", "URS-PCK-003",
                 "A part of a container goes into a container whose label was never used.",
                 Code.CONTAINER_IN_USE, _CONFIRM),
    BusinessRule("FRS-PCK-010", "URS-PCK-001",
                 "An order is known before material is asked for it.",
                 Code.UNKNOWN_ORDER, ("wms/pick-requested", "mes/start-order", "mes/request-pick")),
    BusinessRule("FRS-PCK-011", "URS-PCK-001",
                 "Material is asked for a started order, in lines of its bill of materials.",
                 Code.ORDER_NOT_STARTED, ("mes/request-pick",)),
    BusinessRule("FRS-PCK-012", "URS-PCK-003",
                 "Quantities are given in the base unit of the material.",
                 Code.UNIT_NOT_BASE_UNIT, ("wms/pick-requested", "mes/request-pick", *_CONFIRM)),
    BusinessRule("FRS-PCK-013", "URS-PCK-003",
                 "A request number is used once.",
                 Code.ALREADY_EXISTS, ("wms/pick-requested", "mes/request-pick")),
)
