"""The words of receiving: how a container arrived, what was wrong with it, where its ASN stands.

Source: URS-RCV-001, URS-RCV-005.
"""

from __future__ import annotations

from enum import StrEnum

from contracts.model.identifiers import Id


class AsnId(Id):
    """Advance shipping notice: the site makes its lot ids from it, so it is 1 to 56 characters."""

    __slots__ = ()
    pattern = r"^[\x21-\x7e]{1,56}$"
    shape = "1 to 56 printable ASCII characters without spaces"


class Condition(StrEnum):
    """What the receiver saw of a container."""

    INTACT = "INTACT"
    DAMAGED = "DAMAGED"
    SEAL_BROKEN = "SEAL_BROKEN"


class Discrepancy(StrEnum):
    """Why a container does not match its ASN; a closed list (URS-MDM-002)."""

    UNKNOWN_SSCC = "UNKNOWN_SSCC"
    WRONG_ITEM = "WRONG_ITEM"
    WRONG_LOT = "WRONG_LOT"
    WRONG_EXPIRY = "WRONG_EXPIRY"
    SEAL_BROKEN = "SEAL_BROKEN"
    DAMAGED = "DAMAGED"
    OVER_QUANTITY = "OVER_QUANTITY"


class KeyedValue(StrEnum):
    """What of a receipt was keyed by hand and not read from the label (URS-RCV-004)."""

    GTIN = "GTIN"
    LOT = "LOT"
    EXPIRY = "EXPIRY"
    QUANTITY = "QUANTITY"


class AsnState(StrEnum):
    """Where an ASN stands: open, complete by itself, or closed short by signature."""

    OPEN = "OPEN"
    COMPLETE = "COMPLETE"
    CLOSED_SHORT = "CLOSED_SHORT"
