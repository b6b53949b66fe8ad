"""Which lots are in which batch: written when material is issued and given back, in both systems.

Sources: URS-GEN-001, URS-BPR-002.
"""

from __future__ import annotations

from contracts.model.quantities import Quantity
from reference_impl.records.work import Work
from reference_impl.stock import quantity, text
from reference_impl.store.batch_tables import batch_inputs


# implements FRS-GEN-001
def note_issue(work: Work, lot_id: str, order_id: str, amount: Quantity) -> None:
    """Material of a lot was issued to an order."""
    _add(work, (lot_id, order_id), issued=amount, returned=Quantity.zero(amount.unit))


# implements FRS-GEN-001
def note_return(work: Work, lot_id: str, order_id: str, amount: Quantity) -> None:
    """Issued material of a lot was given back; what came back whole is not in the batch."""
    _add(work, (lot_id, order_id), issued=Quantity.zero(amount.unit), returned=amount)


def _add(work: Work, key: tuple[str, str], *, issued: Quantity, returned: Quantity) -> None:
    """Add to both sums. An amount in a foreign unit cannot be summed, so its lot counts as used."""
    lot_id, order_id = key
    known = work.find(batch_inputs, lot_id, order_id)
    if known is None:
        work.create(
            batch_inputs, lot_id=lot_id, order_id=order_id, issued=text(issued),
            returned=text(returned), unit=issued.unit.value, used=int(issued > returned),
        )
        return
    if known["unit"] != issued.unit.value:
        work.change(batch_inputs, lot_id, order_id, used=1)
        return
    issued, returned = quantity(known, "issued") + issued, quantity(known, "returned") + returned
    work.change_read(
        batch_inputs, known, issued=text(issued), returned=text(returned),
        used=int(issued > returned),
    )
