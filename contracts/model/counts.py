"""Words of counting and adjusting: why book and shelf differ, and what follows from it.

Source: URS-ADJ-001, URS-ADJ-002.
"""

from __future__ import annotations

from enum import StrEnum


class AdjustmentCause(StrEnum):
    """Why the book was wrong, as the investigation found it; a closed list (URS-MDM-002)."""

    SPILLAGE = "SPILLAGE"
    SCALE_DRIFT = "SCALE_DRIFT"
    MISCOUNT = "MISCOUNT"
    UNRECORDED_MOVEMENT = "UNRECORDED_MOVEMENT"
    DAMAGE = "DAMAGE"
    UNKNOWN = "UNKNOWN"


class DeviationClass(StrEnum):
    """What a deviation is about."""

    INVENTORY_DIFFERENCE = "INVENTORY_DIFFERENCE"
    RECONCILIATION_DIFFERENCE = "RECONCILIATION_DIFFERENCE"
    TOLERANCE_OVERRIDE = "TOLERANCE_OVERRIDE"
    KEY_FIGURE = "KEY_FIGURE"
    """A key figure is beyond its limit."""
    STOCK_DIFFERENCE = "STOCK_DIFFERENCE"
    """MES and WMS show different stock, and no message explains it."""
    HELD_MATERIAL_USED = "HELD_MATERIAL_USED"
    """A hold came when material of the lot was in batches already."""


class DeviationState(StrEnum):
    """Where a deviation stands."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
