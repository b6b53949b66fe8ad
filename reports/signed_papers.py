"""Papers that a person signs: what each is bound to, and when a signature on one counts.

A paper is signed over the things that it is about, its subjects, so a signature cannot be moved to
another paper. Source: 21 CFR 11.70.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.model.wire_model import WireModel
from reports.dsse import EnvelopeRefused, open_envelope, sign
from reports.statements import Statement, StatementRefused, read_statement

M = TypeVar("M", bound=WireModel)


@dataclass(frozen=True)
class Paper(Generic[M]):
    """One kind of paper. ``refused`` is what is raised where a signed one stands for nothing."""

    predicate_type: str
    model: type[M]
    subjects_of: Callable[[M], dict[str, str]]
    """What it is bound to: names and SHA-256."""
    refused: type[ValueError]
    is_another: str
    """What is said of content that is no such paper."""
    is_moved: str
    """What is said of one that is signed over something else than it says."""

    def sign(self, paper: M, key: Ed25519PrivateKey) -> bytes:
        """The envelope that a person's key makes of a paper."""
        statement = Statement(self.subjects_of(paper), self.predicate_type, paper.to_json())
        return sign(statement.payload(), key)

    def open(self, raw: bytes, key: Ed25519PublicKey) -> M:
        """The paper in an envelope. Raises: ``refused``, with one sentence."""
        try:
            statement = read_statement(open_envelope(raw, key))
            paper = self.model.from_json(dict(statement.predicate))
        except (EnvelopeRefused, StatementRefused) as exc:
            raise self.refused(str(exc)) from exc
        except ValueError as exc:
            raise self.refused(f"{self.is_another}: {' '.join(str(exc).split())}") from exc
        if statement.predicate_type != self.predicate_type:
            raise self.refused(f"its predicate type is not {self.predicate_type}")
        if dict(statement.subjects) != self.subjects_of(paper):
            raise self.refused(self.is_moved)
        return paper
