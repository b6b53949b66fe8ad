"""The authenticators of the people of one run: who signs in shows what they show at that instant.

All are made with one secret, which counts for nobody outside a test system.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from contracts.model.roles import Role
from contracts.model.second_factor import WINDOW_STEPS, code_of, step_at
from contracts.model.stimulus import Load

# Made for the run, worth nothing outside it: the bytes 0 to 19 in base32.
EXAMPLE_TOTP_SECRET = "AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT"  # noqa: S105


@dataclass
class Authenticators:
    """Makes codes, for each person and system every code once.

    A clock that stands still leaves three codes to each: the one before, its own, the next.
    """

    secret: str = EXAMPLE_TOTP_SECRET
    _used: dict[tuple[Role, str], int] = field(default_factory=dict)

    def next_code(self, role: Role, person_id: str, now: datetime) -> str:
        """The first code at ``now`` that the person has not shown to this system."""
        used = self._used.get((role, person_id))
        earliest = step_at(now) - WINDOW_STEPS
        step = earliest if used is None else max(earliest, used + 1)
        self._used[(role, person_id)] = step
        return code_of(self.secret, step)

    def given_to(self, document: Load) -> Load:
        """The document with an authenticator for each person who has none yet."""
        return document.model_copy(update={"people": tuple(
            person if person.totp_secret
            else person.model_copy(update={"totp_secret": self.secret})
            for person in document.people
        )})
