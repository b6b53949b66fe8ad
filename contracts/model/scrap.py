"""Words of scrapping: why material is given up, what becomes of it, where it was taken out.

Source: URS-ADJ-003.
"""

from __future__ import annotations

from enum import StrEnum


class ScrapReason(StrEnum):
    """Why material is given up; a closed list (URS-MDM-002)."""

    DAMAGED = "DAMAGED"
    CONTAMINATED = "CONTAMINATED"
    SPILLED = "SPILLED"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"
    PROCESS_LOSS = "PROCESS_LOSS"


class Disposal(StrEnum):
    """What became of it: it is gone, or it is there and its identity is never used again."""

    DESTROYED = "DESTROYED"
    DECOMMISSIONED = "DECOMMISSIONED"


class ScrapOrigin(StrEnum):
    """Where it was taken out: of stock, or of what was issued to an order."""

    STOCK = "STOCK"
    IN_PROCESS = "IN_PROCESS"


class SerialState(StrEnum):
    """Why a serial number stands in no unit of the site and is never packed again."""

    SHIPPED = "SHIPPED"
    DESTROYED = "DESTROYED"
    DECOMMISSIONED = "DECOMMISSIONED"
