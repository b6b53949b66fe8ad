"""The order that a command is for."""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from reference_impl.records.work import Work
from reference_impl.store.database import Row
from reference_impl.store.tables import orders


# implements FRS-PCK-010
# implements FRS-PCK-011
# implements FRS-DSP-012
# implements FRS-DSP-013
def started_order(work: Work, order_id: str) -> Row | Refusal:
    """A known order that production has started and not completed yet."""
    order = work.find(orders, order_id)
    if order is None:
        return Refusal(Code.UNKNOWN_ORDER, "orderId", order_id)
    if order["state"] != "STARTED":
        return Refusal(Code.ORDER_NOT_STARTED, "orderId", f"it is {order['state']}")
    return order
