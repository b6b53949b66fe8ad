"""The register of business rules: the functional specification (FRS), one rule per line.

A rule states what a schema cannot. It holds no deciding code: the reference decides in its domain,
the judge by its own code, so that one wrong formula cannot pass everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model.codes import MEANINGS, Code


@dataclass(frozen=True)
class BusinessRule:
    """One rule of the functional specification.

    ``guards`` names the operation ids (``role/operation``) that the rule can refuse.
    """

    id: str
    requirement: str
    text: str
    code: Code
    guards: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What the operator is told when the rule refuses."""
        return MEANINGS[self.code].sentence


_REQUEST = ("wms/pick-requested",)
_CONFIRM = ("wms/confirm-pick",)
_STATUS = ("mes/change-lot-status",)
_MESSAGES = ("wms/pick-requested", "wms/lot-status-changed", "mes/pick-confirmed")
_KEYED = (*_MESSAGES, "mes/start-order", "mes/request-pick", *_STATUS, *_CONFIRM)

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
    BusinessRule("FRS-STA-005", "URS-STA-002",
                 "A status is changed of a lot that is known.",
                 Code.UNKNOWN_LOT, ("mes/change-lot-status", "wms/lot-status-changed", *_CONFIRM)),
    BusinessRule("FRS-STA-001", "URS-STA-002",
                 "A lot changes its status only along the transitions of the status model.",
                 Code.TRANSITION_NOT_ALLOWED, ("mes/change-lot-status", "wms/lot-status-changed")),
    BusinessRule("FRS-STA-002", "URS-STA-003",
                 "Release needs the signature of a person with the quality role.",
                 Code.SIGNATURE_REQUIRED, ("mes/change-lot-status", "wms/lot-status-changed")),
    BusinessRule("FRS-STA-003", "URS-STA-003",
                 "A signature counts when user id and password belong to the signed-in person, and "
                 "that person has the quality role.",
                 Code.SIGNATURE_REFUSED, ("mes/change-lot-status", "wms/lot-status-changed")),
    BusinessRule("FRS-EXP-001", "URS-EXP-001",
                 "A lot may be used before the end of its expiry day in the site's zone; at that "
                 "instant and later it is expired.",
                 Code.LOT_EXPIRED, _CONFIRM),
    BusinessRule("FRS-STA-004", "URS-PCK-001",
                 "Only a lot whose status is released may be picked.",
                 Code.LOT_NOT_RELEASED, _CONFIRM),
    BusinessRule("FRS-IDM-001", "URS-IDM-001",
                 "A state-changing request carries its key.",
                 Code.KEY_MISSING, _KEYED),
    BusinessRule("FRS-IDM-002", "URS-IDM-002",
                 "The same key with the same bytes gets the stored first answer; nothing is posted "
                 "a second time.",
                 Code.IN_PROGRESS, _KEYED),
    BusinessRule("FRS-IDM-003", "URS-IDM-003",
                 "The same key with other bytes is refused, journalled and alarmed.",
                 Code.IDEMPOTENCY_CONFLICT, _KEYED),
    BusinessRule("FRS-IDM-004", "URS-IDM-008",
                 "The same business event under another key is a duplicate; with other content it "
                 "is a conflict.",
                 Code.BUSINESS_KEY_CONFLICT, _KEYED),
    BusinessRule("FRS-AUD-001", "URS-AUD-001",
                 "Every create, change or delete of a GMP record writes its audit entry in the "
                 "same transaction.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-AUD-002", "URS-AUD-002",
                 "A change carries a reason of at least five characters that are not blank.",
                 Code.REASON_TOO_SHORT, _STATUS),
)

BY_ID: dict[str, BusinessRule] = {rule.id: rule for rule in RULES}
