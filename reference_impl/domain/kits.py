"""What comes out of a kit, and into what. Source: URS-AGG-003."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from contracts.model.codes import Code, Refusal


# implements FRS-KIT-005
def check_complete(named: Sequence[str], inside: Collection[str]) -> Refusal | None:
    """Refuse to take something else out of a kit than what was put in, all of it."""
    for index, unit in enumerate(named):
        if unit not in inside:
            return Refusal(Code.NOT_IN_UNIT, f"components[{index}]", f"{unit} is not in the kit")
    missing = sorted({*inside} - {*named})
    if missing:
        return Refusal(Code.NOT_IN_UNIT, "components", f"{missing[0]} is in the kit as well")
    return None


# implements FRS-KIT-009
def check_container(fits: bool, container: str, index: int) -> Refusal | None:
    """Refuse a container that holds something else, or stands elsewhere."""
    if fits:
        return None
    return Refusal(
        Code.CONTAINER_IN_USE, f"components[{index}].container", f"{container} is in use"
    )
