"""The status of a lot: seven words, and the only ways from one to another.

Source: URS-STA-002; the table of the contract, where each word is mapped to B2MML and EPCIS.
"""

from __future__ import annotations

from enum import StrEnum


class LotStatus(StrEnum):
    """What may be done with a lot. Only RELEASED material is used."""

    QUARANTINE = "QUARANTINE"
    RELEASED = "RELEASED"
    REJECTED = "REJECTED"
    BLOCKED = "BLOCKED"
    EXPIRED = "EXPIRED"
    RECALLED = "RECALLED"
    CLOSED = "CLOSED"


class ContainerDecision(StrEnum):
    """What quality decides about one container that waits for it. Source: URS-RCV-007."""

    RELEASE = "RELEASE"
    RETURN_TO_SUPPLIER = "RETURN_TO_SUPPLIER"
    DESTROY = "DESTROY"


class StatusReason(StrEnum):
    """Why a status was changed; a closed list (URS-MDM-002)."""

    QUALITY_DECISION = "QUALITY_DECISION"
    EXPIRY_REACHED = "EXPIRY_REACHED"
    RETEST_DUE = "RETEST_DUE"
    INVESTIGATION = "INVESTIGATION"
    COMPLAINT = "COMPLAINT"
    DESTROYED = "DESTROYED"
    RETURNED_TO_SUPPLIER = "RETURNED_TO_SUPPLIER"
