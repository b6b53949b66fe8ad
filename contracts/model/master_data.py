"""Master data that both systems keep: its content member by member, and what a comparison says.

The content of a record is a flat map from the published member name to canonical text, so that one
digest over its canonical JSON (RFC 8785) says whether two systems mean the same.
Source: URS-MDM-001.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

MemberName = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z0-9]{0,39}$")]
MemberText = Annotated[str, StringConstraints(max_length=500)]
Content = Annotated[
    dict[MemberName, MemberText],
    Field(min_length=1, max_length=40, json_schema_extra={"additionalProperties": False}),
]


class MasterKind(StrEnum):
    """Which master a record belongs to."""

    MATERIAL = "MATERIAL"


class Comparison(StrEnum):
    """What is known of the partner's record: not heard of, equal to ours, different from ours."""

    UNCOMPARED = "UNCOMPARED"
    EQUAL = "EQUAL"
    DIFFERS = "DIFFERS"
