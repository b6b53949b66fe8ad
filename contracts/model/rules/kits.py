"""Rules about kits."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_ASSEMBLE, _OPEN = ("mes/assemble-kit",), ("mes/open-kit", "wms/open-kit")

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-KIT-001", "URS-AGG-003",
                 "A kit is put together for an order that is known.",
                 Code.UNKNOWN_ORDER, _ASSEMBLE),
    BusinessRule("FRS-KIT-002", "URS-AGG-003",
                 "A kit is put together for an order that is started.",
                 Code.ORDER_NOT_STARTED, _ASSEMBLE),
    BusinessRule("FRS-KIT-003", "URS-AGG-003",
                 "A kit is a unit of what its order makes.",
                 Code.UNKNOWN_ITEM, _ASSEMBLE),
    BusinessRule("FRS-KIT-004", "URS-AGG-003",
                 "A kit number is used once, and never that of a unit that is packed.",
                 Code.ALREADY_PACKED, (*_ASSEMBLE, "mes/pack-unit")),
    BusinessRule("FRS-KIT-005", "URS-AGG-003",
                 "A component stands in the container that it is taken out of, and is of the item "
                 "that lies there; what is taken out of a kit is what was put in, all of it.",
                 Code.NOT_IN_UNIT, (*_ASSEMBLE, *_OPEN)),
    BusinessRule("FRS-KIT-006", "URS-AGG-003",
                 "A component is named once.",
                 Code.CHILD_DOUBLED, (*_ASSEMBLE, *_OPEN)),
    BusinessRule("FRS-KIT-007", "URS-AGG-003",
                 "Components and kits of a lot on hold are not put together and not opened.",
                 Code.CONTAINER_LOCKED, (*_ASSEMBLE, *_OPEN)),
    BusinessRule("FRS-KIT-008", "URS-AGG-003",
                 "A kit is opened that was put together, and lies in a container in stock.",
                 Code.UNKNOWN_UNIT, _OPEN),
    BusinessRule("FRS-KIT-009", "URS-AGG-003",
                 "Each component goes into a container that is new, or holds its lot at the same "
                 "place and stands alone.",
                 Code.CONTAINER_IN_USE, _OPEN),
    BusinessRule("FRS-KIT-010", "URS-AGG-003",
                 "What came out of a kit is at a place of the site.",
                 Code.UNKNOWN_LOCATION, _OPEN),
    BusinessRule("FRS-KIT-011", "URS-AGG-003",
                 "A kit is opened for a reason of at least five characters.",
                 Code.REASON_TOO_SHORT, _OPEN),
    BusinessRule("FRS-KIT-012", "URS-AGG-003",
                 "A kit that is set aside for a pick is not opened.",
                 Code.UNIT_NOT_CLOSED, _OPEN),
)
