"""What stands in the way of a lot's release, beside the status model and the signatures.

Each domain that has a say adds its check to ``OBSTACLES``; the first one found is told.
Source: 21 CFR 211.165(a), 211.192.
"""

from __future__ import annotations

from collections.abc import Callable

from contracts.model.codes import Refusal
from reference_impl.mes.laboratory import check_laboratory
from reference_impl.records.work import Work
from reference_impl.store.database import Row

Obstacle = Callable[[Work, Row], Refusal | None]
OBSTACLES: tuple[Obstacle, ...] = (check_laboratory,)


def release_obstacle(work: Work, lot: Row) -> Refusal | None:
    """Why the lot of this record cannot be released now; None where nothing stands in its way."""
    return next((found for check in OBSTACLES if (found := check(work, lot))), None)
