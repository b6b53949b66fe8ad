"""What the people of one run show: a password, and the code of their authenticator at an instant.

All have the same of both, which count for nobody outside a test system.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from contracts.model.commands import Command, SignatureComponents
from contracts.model.roles import Role
from contracts.model.second_factor import WINDOW_STEPS, code_of, step_at
from contracts.model.stimulus import Load
from contracts.model.wire_model import WireModel
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
    _used_up: dict[Role, int] = field(default_factory=dict)

    def next_code(self, role: Role, person_id: str, now: datetime) -> str:
        """The first code at ``now`` that the person has not shown to this system."""
        used = self._used.get((role, person_id))
        earliest = max(step_at(now) - WINDOW_STEPS, self._used_up.get(role, 0) + 1)
        step = earliest if used is None else max(earliest, used + 1)
        self._used[(role, person_id)] = step
        return code_of(self.people.totp_secret, step)

    def use_up(self, role: Role, now: datetime) -> None:
        """Show a system no code of before ``now`` or of now any more."""
        self._used_up[role] = step_at(now)

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


@dataclass
class SigningCodes:
    """Puts codes into the signatures of a command, so that the first of each session has one.

    One code for each person in a session, or at the station of another's; a new one when it has
    aged. Where the system needs none it does not look at it.
    """

    authenticators: Authenticators
    password: str
    _shown: dict[tuple[Role, str, str], tuple[int, str]] = field(default_factory=dict)

    def signed(
        self, body: Command, role: Role, at: tuple[tuple[str, str], str], now: datetime
    ) -> Command:
        """The command with a code in each signature. ``at``: who is signed in, where."""
        (owner, token), station = at

        def code(signer: str) -> str:
            return self.code(role, token if signer == owner else station, signer, now)

        changed = self._coded(body, code)
        assert isinstance(changed, Command)
        return changed

    def code(self, role: Role, place: str, signer: str, now: datetime) -> str:
        """What a person shows who signs in a session, or at a station."""
        known = self._shown.get((role, place, signer))
        if known is None or known[0] != step_at(now):
            made = self.authenticators.next_code(role, signer, now)
            known = (step_at(now), made)
            self._shown[(role, place, signer)] = known
        return known[1]

    def _coded(self, value: object, code: Callable[[str], str]) -> object:
        if isinstance(value, SignatureComponents):
            is_theirs = value.code is None and value.password == self.password
            return value.model_copy(update={"code": code(value.user_id)}) if is_theirs else value
        if isinstance(value, WireModel):
            # What a scenario left out on purpose stays out.
            members = {n: vars(value)[n] for n in type(value).model_fields if n in vars(value)}
            coded = {name: self._coded(member, code) for name, member in members.items()}
            new = {name: v for name, v in coded.items() if v is not members[name]}
            return value.model_copy(update=new) if new else value
        if isinstance(value, tuple) and value and isinstance(value[0], WireModel):
            return tuple(self._coded(one, code) for one in value)
        return value
