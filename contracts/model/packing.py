"""Words of packing: what a label is for, and where it stands in its life."""

from __future__ import annotations

from enum import StrEnum


class UnitKind(StrEnum):
    """What a logistic label stands on."""

    CASE = "CASE"
    PALLET = "PALLET"


class LabelState(StrEnum):
    """Where a printed label stands. Only a verified one may be applied; three states are final.

    VOID: superseded by a reprint of the same SSCC. SPOILED: its SSCC is decommissioned.
    """

    ISSUED = "ISSUED"
    VERIFIED = "VERIFIED"
    APPLIED = "APPLIED"
    SPOILED = "SPOILED"
    VOID = "VOID"
