"""An expected no, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model.codes.code import Code
from contracts.model.codes.meaning import Meaning
from contracts.model.codes.meanings import MEANINGS


@dataclass(frozen=True)
class Refusal:
    """An expected no: the code, the path of the offending field, and the detail of this case.

    ``path`` is dotted from the root of the body, indices in brackets: ``data.lines[0].quantity``;
    a header is named as ``header:idempotency-key``; the empty string is the body as a whole.
    """

    code: Code
    path: str
    detail: str

    @property
    def meaning(self) -> Meaning:
        """Status, finality, actor and sentence of the code."""
        return MEANINGS[self.code]
