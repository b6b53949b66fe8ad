"""One rule of the functional specification."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model.codes import MEANINGS, Code


@dataclass(frozen=True)
class BusinessRule:
    """One rule of the functional specification.

    ``guards`` names the operation ids (``role/operation``) that the rule can refuse.
    """

    id: str
    requirement: str
    text: str
    code: Code
    guards: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What the operator is told when the rule refuses."""
        return MEANINGS[self.code].sentence
