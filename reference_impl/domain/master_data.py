"""Whether two records of master data mean the same. Source: URS-MDM-001."""

from __future__ import annotations

from collections.abc import Mapping


# implements FRS-MDM-002
def differing_members(own: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """The members that only one of both has, or that hold different texts, in order."""
    return tuple(
        name for name in sorted({*own, *other}) if own.get(name) != other.get(name)
    )
