"""What the access review of a system shows, as an administrator reads it."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model.inspection_people import AccessReview, PersonAccount
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal

ADMINISTRATORS = {Role.MES: "the administrator", Role.WMS: "the warehouse's administrator"}


@dataclass
class Reviewed:
    """The access review that somebody asked for."""

    review: AccessReview | None = None

    @property
    def the_review(self) -> AccessReview:
        """The access review. Raises: AssertionError when nobody asked for it."""
        assert self.review is not None, "nobody has asked for the access review"
        return self.review


def review_of(bench: Bench, role: Role) -> AccessReview:
    """The whole review."""
    token = bench.session(ADMINISTRATORS[role])
    return bench.site.access_review(role, token)


def row_of(bench: Bench, role: Role, person_id: str) -> PersonAccount:
    """The one row of a person."""
    rows = [row for row in review_of(bench, role).people if row.person_id == person_id]
    equal(len(rows), 1, f"rows of {person_id}")
    return rows[0]
