"""Rules about receipts, put-away and where stock may stand."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_RECEIVE = ("wms/confirm-receipt",)
_PUT_AWAY = ("wms/put-away",)
_CLOSE = ("wms/close-asn",)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-RCV-001", "URS-RCV-001",
                 "A receipt names an ASN that is known.",
                 Code.UNKNOWN_ASN, (*_RECEIVE, *_CLOSE)),
    BusinessRule("FRS-RCV-002", "URS-RCV-001",
                 "A receipt is posted and a short ASN is closed while the ASN is open.",
                 Code.ASN_CLOSED, (*_RECEIVE, *_CLOSE)),
    BusinessRule("FRS-RCV-003", "URS-RCV-001",
                 "The scan is a GS1 element string in a GS1 symbology and holds an SSCC.",
                 Code.SCAN_UNREADABLE, (*_RECEIVE, *_PUT_AWAY)),
    BusinessRule("FRS-RCV-004", "URS-RCV-001",
                 "Item, lot, expiry and quantity of a receipt are known: from the label, or keyed "
                 "where the label leaves them open.",
                 Code.LABEL_INCOMPLETE, _RECEIVE),
    BusinessRule("FRS-RCV-005", "URS-RCV-001",
                 "A container number is received once.",
                 Code.CONTAINER_KNOWN, _RECEIVE),
    BusinessRule("FRS-RCV-006", "URS-RCV-001",
                 "A line that is named stands on the ASN.",
                 Code.UNKNOWN_ASN_LINE, _RECEIVE),
    BusinessRule("FRS-RCV-007", "URS-RCV-001",
                 "The item that arrived is known to the site, or its ASN line is named.",
                 Code.UNKNOWN_ITEM, _RECEIVE),
    BusinessRule("FRS-RCV-008", "URS-RCV-001",
                 "The quantity received is given in the base unit of the material.",
                 Code.UNIT_NOT_BASE_UNIT, _RECEIVE),
    BusinessRule("FRS-RCV-009", "URS-RCV-001",
                 "Goods are received at a receiving place; put-away moves stock that is not issued "
                 "from receiving, storage and discrepancy places into storage, and to a "
                 "discrepancy place what may not be used.",
                 Code.WRONG_PURPOSE, (*_RECEIVE, *_PUT_AWAY)),
    BusinessRule("FRS-RCV-010", "URS-RCV-001",
                 "What does not match its ASN line by SSCC, item, lot, expiry or open quantity, is "
                 "damaged or has a broken seal, is posted as blocked stock in a discrepancy place "
                 "with its reason code.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-RCV-011", "URS-RCV-002",
                 "A received lot is entered in quarantine in both systems, whatever label or "
                 "message say; what arrives after a decision on its lot is a lot of its own, and a "
                 "release that did not know of a container is taken back.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-RCV-012", "URS-RCV-003",
                 "The temperature class of the place is that of the material.",
                 Code.TEMPERATURE_MISMATCH, _PUT_AWAY),
    BusinessRule("FRS-RCV-013", "URS-RCV-003",
                 "The place may hold every hazard class of the material.",
                 Code.HAZARD_MISMATCH, _PUT_AWAY),
    BusinessRule("FRS-RCV-014", "URS-RCV-003",
                 "The place may hold every allergen of the material.",
                 Code.ALLERGEN_MISMATCH, _PUT_AWAY),
    BusinessRule("FRS-RCV-015", "URS-RCV-003",
                 "The place allows the status of the lot, or of the container where it is "
                 "stricter.",
                 Code.STATUS_NOT_ALLOWED_HERE, _PUT_AWAY),
    BusinessRule("FRS-RCV-016", "URS-RCV-003",
                 "A container that is put away is known here.",
                 Code.UNKNOWN_CONTAINER, _PUT_AWAY),
    BusinessRule("FRS-RCV-017", "URS-RCV-003",
                 "A place that is named is known.",
                 Code.UNKNOWN_LOCATION, (*_RECEIVE, *_PUT_AWAY)),
    BusinessRule("FRS-RCV-018", "URS-RCV-005",
                 "An ASN is complete when what matched reaches the quantity of each of its lines.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-RCV-019", "URS-RCV-005",
                 "An ASN that stays short is closed with a signature.",
                 Code.SIGNATURE_REQUIRED, _CLOSE),
    BusinessRule("FRS-RCV-020", "URS-RCV-005",
                 "The signature is that of the signed-in supervisor, with user id and password.",
                 Code.SIGNATURE_REFUSED, _CLOSE),
    BusinessRule("FRS-RCV-021", "URS-RCV-006",
                 "Each lot of each shipment gets a site lot id of its own; the supplier's lot is "
                 "kept beside it.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-RCV-022", "URS-RCV-004",
                 "A keyed value does not contradict the label.",
                 Code.LABEL_CONTRADICTED, _RECEIVE),
    BusinessRule("FRS-RCV-023", "URS-RCV-004",
                 "What is keyed where a label tells it, or another quantity than the label's, is "
                 "marked as keyed and signed by a second person.",
                 Code.SECOND_PERSON_REQUIRED, _RECEIVE),
    BusinessRule("FRS-RCV-024", "URS-RCV-004",
                 "The second person is another one than the receiver.",
                 Code.VERIFIER_IS_PERFORMER, _RECEIVE),
    BusinessRule("FRS-RCV-025", "URS-RCV-004",
                 "The second person is a receiver or a supervisor and signs with the own user id "
                 "and password.",
                 Code.SIGNATURE_REFUSED, _RECEIVE),
    BusinessRule("FRS-RCV-033", "URS-RCV-001",
                 "A container whose label names a time of expiry on another day than its expiry "
                 "day is blocked.",
                 Code.SCHEMA_VIOLATION, ()),
)
