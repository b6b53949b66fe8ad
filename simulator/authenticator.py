"""What the people of one run show: a password, and the code of their authenticator at an instant.

All have the same of both, which count for nobody outside a test system.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from contracts.model.roles import Role
from contracts.model.second_factor import WINDOW_STEPS, code_of, step_at
from contracts.model.stimulus import Load
from contracts.wire.system import PeopleCredentials

# Made for the run, worth nothing outside it. The secret is the bytes 0 to 19 in base32.
EXAMPLE_PASSWORD = "example-only-password"  # noqa: S105
EXAMPLE_TOTP_SECRET = "AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT"  # noqa: S105
EXAMPLE_PEOPLE = PeopleCredentials(EXAMPLE_PASSWORD, EXAMPLE_TOTP_SECRET)


@dataclass
class Authenticators:
    """Makes codes, for each person and system every code once.

    A clock that stands still leaves three codes to each: the one before, its own, the next.
    """

    people: PeopleCredentials = EXAMPLE_PEOPLE
    _used: dict[tuple[Role, str], int] = field(default_factory=dict)

    def next_code(self, role: Role, person_id: str, now: datetime) -> str:
        """The first code at ``now`` that the person has not shown to this system."""
        used = self._used.get((role, person_id))
        earliest = step_at(now) - WINDOW_STEPS
        step = earliest if used is None else max(earliest, used + 1)
        self._used[(role, person_id)] = step
        return code_of(self.people.totp_secret, step)

    def given_to(self, document: Load) -> Load:
        """The document with an authenticator for each person who has none yet.

        Who has the example password gets the one that the target names.
        """
        return document.model_copy(update={"people": tuple(
            person.model_copy(update={
                "totp_secret": person.totp_secret or self.people.totp_secret,
                "password": self.people.password if person.password == EXAMPLE_PASSWORD
                else person.password,
            })
            for person in document.people
        )})
