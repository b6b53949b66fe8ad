"""The question ``validate``: how a system answers it, and how a handler asks the partner.

Sources: URS-PCK-005, URS-STA-004.
"""

from __future__ import annotations

from contracts.model.codes import Refusal
from contracts.model.questions import Use, Validate, Validation
from reference_impl.domain.validation import check_answer, state_of_use
from reference_impl.records.asking import Question
from reference_impl.records.work import Work
from reference_impl.stock import lot_in_use, lot_inside
from reference_impl.store.tables import containers


def validate(work: Work, question: Validate) -> Validation:
    """May the lot, or the container of it, be used now, by what is on record here.

    A container that is not on record here is judged by its lot: its owner has it on record.
    """
    lot = lot_in_use(work.connection, question.lot_id)
    if lot is not None and question.container is not None:
        container = work.find(containers, question.container)
        if container is not None:
            lot = lot_inside(container, lot)
    return state_of_use(lot, question.lot_id, work.now)


def ask_partner(
    work: Work, use: Use, path: str, *, lot_id: str, container: str | None = None
) -> Refusal | None:
    """Refuse what the partner does not allow now; it is asked when this is the first time."""
    reply = work.ask(Question(lot_id, container, use))
    return check_answer(reply, work.now, path)
