"""What stands in the way of a lot's release, beside the status model and the signatures.

Each domain that has a say adds its check here; the first obstacle found is told.
Source: 21 CFR 211.165(a).
"""

from __future__ import annotations

from contracts.model.codes import Refusal
from reference_impl.domain.lot_status import check_retest
from reference_impl.mes.laboratory import check_laboratory
from reference_impl.records.work import Work
from reference_impl.stock import read_lot
from reference_impl.store.database import Row


# implements FRS-EXP-008
def release_obstacle(work: Work, lot: Row) -> Refusal | None:
    """Why the lot of this record cannot be released now; None where nothing stands in its way."""
    return check_laboratory(work, lot) or check_retest(read_lot(lot), work.now, "lotId")
