"""Signing in at a station."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from contracts.model.commands.command import NewPassword, Secret
from contracts.model.identifiers import Id
from contracts.model.instants import Timestamp
from contracts.model.roles import Duty
from contracts.model.second_factor import OneTimeCode
from contracts.model.wire_model import WireModel


class OpenSession(WireModel):
    """Sign in at a station with both factors. Source: 21 CFR 11.10(d), 11.300."""

    user_id: Id
    password: Secret
    code: OneTimeCode
    """What the person's authenticator shows now; each code opens one session at most."""
    station: Id
    new_password: NewPassword | None = None
    """Counts from now on in place of the one that was shown; sessions that were open end."""


class Session(WireModel):
    """A signed-in person. The token goes into ``Authorization: Bearer``; it never signs."""

    token: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
    person_id: Id
    printed_name: str
    duties: tuple[Duty, ...]
    expires_at: Timestamp
