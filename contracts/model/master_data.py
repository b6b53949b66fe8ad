"""Master data that both systems keep: its content member by member, and what a comparison says.

The content of a record is a flat map from the published member name to canonical text, so that one
digest over its canonical JSON (RFC 8785) says whether two systems mean the same.

Canonical text: a decimal is written without superfluous zeros, a list as canonical JSON in sorted
order, yes and no as ``yes`` and ``no``, factors as ``GRM=1/1000 KGM`` in sorted order with ``; ``
between them. A member that is empty is left out, and so is a ``stockScale`` of 6 digits; a text
longer than 500 characters is ``sha256:`` and its digest.
Source: URS-MDM-001.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

TEXT_MAX = 500
MEMBERS_MAX = 40
SHELF_LIFE_DAYS_MAX = 36500
MemberName = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z0-9]{0,39}$")]
MemberText = Annotated[str, StringConstraints(max_length=TEXT_MAX)]
Content = Annotated[
    dict[MemberName, MemberText],
    Field(min_length=1, max_length=MEMBERS_MAX, json_schema_extra={"additionalProperties": False}),
]


class MasterKind(StrEnum):
    """Which master a record belongs to.

    ``MATERIAL``: an item, by its id. ``LOCATION``: a place, by its id. ``BOM``: the bill of
    materials that an order is made by, by the id of the order. ``LOT_FORMAT``: how lots and serial
    numbers of an item are written, by the id of the item.
    """

    MATERIAL = "MATERIAL"
    LOCATION = "LOCATION"
    BOM = "BOM"
    LOT_FORMAT = "LOT_FORMAT"


MEMBERS: Mapping[MasterKind, tuple[str, ...]] = {
    MasterKind.MATERIAL: (
        "description", "gtin", "baseUnit", "conversions", "stockScale", "potencyBasis",
        "shelfLifeDays", "temperatureClass", "hazardClasses", "allergens", "issueMode",
    ),
    MasterKind.LOCATION: (
        "description", "purpose", "kind", "parent", "equipmentLevel", "temperatureClass",
        "hazardClasses", "allergens", "quarantine", "allowedStatuses", "discrepancyLocation",
    ),
    MasterKind.BOM: ("bomId", "bomVersion", "approved", "line1"),
    MasterKind.LOT_FORMAT: ("siteLotCode", "checkCharacter", "lotNumber", "serialNumber"),
}
"""The members of each master. A bill has ``line1``, ``line2`` and so on, in the order of the line
ids; more than 30 lines are one member ``lines``."""


class Comparison(StrEnum):
    """What is known of the partner's record: not heard of, equal to ours, different from ours."""

    UNCOMPARED = "UNCOMPARED"
    EQUAL = "EQUAL"
    DIFFERS = "DIFFERS"
