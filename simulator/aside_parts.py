"""What a plant file says of matter that does not go straight through: what is broken and put
together again, kits, what comes back, what is given up, what the warehouse holds.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.instants import Timestamp
from contracts.model.lot_status import ContainerDecision, LotStatus
from contracts.model.quantities import PositiveDecimal
from contracts.model.scrap import ScrapReason
from simulator.part import Minutes, Name, Part, Reason

Few = Annotated[int, Field(ge=1, le=100)]


class OnwardPart(Part):
    """What was weighed out for an order is brought ``to`` another place of production, container by
    container. ``lost`` of the first is given up there; absent: nothing is.
    """

    to: Name
    lost: PositiveDecimal | None = None


class ReworkPart(Part):
    """After packing, the first case of an order is opened and a case is put onto another pallet.

    ``taken_out`` units go into a tote, ``put_back`` of them return; the others are destroyed once
    quality has released the lot.
    """

    taken_out: Few
    put_back: Annotated[int, Field(ge=0, le=100)]


class ComingBackPart(Part):
    """A customer sends the first case of an order back, and keeps some units of it.

    At the dock somebody tries to send it on at once; quality decides a while later.
    """

    after_min: Minutes
    kept: Annotated[int, Field(ge=0, le=100)] = 0
    decision: ContainerDecision = ContainerDecision.DESTROY


class KitPart(Part):
    """An order makes kits: ``count`` of them, each of one unit of every order in ``of``.

    ``opened`` of them are opened again in the warehouse, after they were packed.
    """

    of: Annotated[tuple[Name, ...], Field(min_length=1)]
    count: Few
    opened: Annotated[int, Field(ge=0, le=100)] = 0


class ScrapPart(Part):
    """An amount in a container of the opening stock is given up; above one base unit by two."""

    id: Name
    at: Timestamp
    container: Name
    quantity: PositiveDecimal
    reason_code: ScrapReason
    reason: Reason


class HoldPart(Part):
    """The warehouse puts a lot on hold; quality releases it ``lifted_after_min`` later.

    Absent: quality has not decided by the end of the shift.
    """

    id: Name
    at: Timestamp
    lot: Name
    to: LotStatus = LotStatus.BLOCKED
    reason: Reason
    lifted_after_min: Minutes | None = None
