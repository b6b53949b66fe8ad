"""What has to be known of the partner before a handler can decide.

A handler that needs an answer asks its unit of work. Where the answer is not there yet, the work
ends and nothing of it stays; the shell asks the partner with no transaction open and does the
work anew, the answers in hand. So no handler ever waits, and what it decides rests on one state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.model.inspection_differences import StockPicture
from contracts.model.questions import Use


@dataclass(frozen=True)
class Question:
    """May this lot, or this container of it, be used now."""

    lot_id: str
    container: str | None
    use: Use


@dataclass(frozen=True)
class PartnerStock:
    """What stock does the partner have."""


PARTNER_STOCK = PartnerStock()
Pictures = tuple[StockPicture, StockPicture]
"""Own stock as of a moment before the partner's, and the partner's."""
Asked = Question | PartnerStock
# None: the partner gave no answer that can be read, so nobody knows.
Answers = Mapping[Asked, Any]


class Unanswered(Exception):
    """Questions that the work depends on and that nobody has asked yet."""

    def __init__(self, questions: tuple[Asked, ...]) -> None:
        super().__init__(f"{len(questions)} questions to the partner")
        self.questions = questions
