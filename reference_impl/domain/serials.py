"""Which serial numbers may be named: those inside, each once, as many as are counted.

Sources: URS-RET-002, URS-ADJ-003.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from contracts.model.codes import Code, Refusal
from contracts.model.quantities import Quantity
from reference_impl.domain.packing import check_distinct


# implements FRS-RET-025
# implements FRS-RET-026
# implements FRS-RET-027
# implements FRS-SCR-010
# implements FRS-SCR-011
# implements FRS-SCR-012
def check_serials(
    named: Sequence[str], inside: Collection[str], quantity: Quantity
) -> Refusal | None:
    """Refuse serial numbers that are not inside, stand twice, or are not as many as counted."""
    refusal = check_distinct(named, "serials")
    if refusal:
        return refusal
    for index, serial in enumerate(named):
        if serial not in inside:
            return Refusal(Code.UNKNOWN_SERIAL, f"serials[{index}]", f"{serial} is not inside")
    if inside and len(named) != quantity.value:
        return Refusal(
            Code.COUNT_NOT_DECLARED, "serials", f"{len(named)} serial numbers of {quantity}"
        )
    return None
