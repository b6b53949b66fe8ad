"""Accounts as both sides speak of them: of people, and of systems."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contracts.model.roles import Duty

Duties = Annotated[tuple[Duty, ...], Field(max_length=len(Duty))]


class AccountAction(StrEnum):
    """What an administrator does to the account of a person. Nothing deletes one."""

    UNLOCK = "UNLOCK"
    DEACTIVATE = "DEACTIVATE"
    END_SESSIONS = "END_SESSIONS"
    REVOKE_AUTHENTICATOR = "REVOKE_AUTHENTICATOR"


class AccountState(StrEnum):
    """Whether the account of a person can be used."""

    ACTIVE = "ACTIVE"
    LOCKED = "LOCKED"
    DEACTIVATED = "DEACTIVATED"


class ServiceState(StrEnum):
    """Whether the account of a system counts."""

    ACTIVE = "ACTIVE"
    REVOKED = "REVOKED"
