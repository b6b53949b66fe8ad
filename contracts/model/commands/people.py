"""What administrators do about accounts, of people and of systems.

Passwords and authenticators that an administrator hands out are for the first sign-in; neither is
ever shown again. Source: 21 CFR 11.100(a), 11.300; EU GMP Annex 11 draft §11.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from contracts.model.commands.command import Command, NewPassword, Reason
from contracts.model.identifiers import Id, SystemUri
from contracts.model.people import AccountAction, Duties, ServiceState
from contracts.model.second_factor import TotpSecret
from contracts.model.signing import SigningRecords


class CreateAccount(Command):
    """MES, WMS. An account for one person; its id was never used and never will be again."""

    change_id: Id
    person_id: Id
    printed_name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    duties: Duties
    password: NewPassword
    totp_secret: TotpSecret
    reason: Reason

    @property
    def key(self) -> str:
        return self.change_id


class AssignDuties(Command):
    """MES, WMS. All duties that a person has from now on."""

    change_id: Id
    person_id: Id
    duties: Duties
    reason: Reason

    @property
    def key(self) -> str:
        return self.change_id


class ChangeAccount(Command):
    """MES, WMS. An account is unlocked, deactivated for ever, or loses what opens it."""

    change_id: Id
    person_id: Id
    action: AccountAction
    reason: Reason

    @property
    def key(self) -> str:
        return self.change_id


class ResetCredentials(Command):
    """MES, WMS. A new password, a new authenticator, or both; open sessions end.

    Who got both from one administrator signs nothing: that one knows both. Source: 11.200(a)(3).
    """

    change_id: Id
    person_id: Id
    password: NewPassword | None = None
    totp_secret: TotpSecret | None = None
    reason: Reason

    @property
    def key(self) -> str:
        return self.change_id


class KeepSigningRecords(Command):
    """MES, WMS. All that is on file from now on of what lets a person sign; the rest is withdrawn.

    Source: 21 CFR 11.100(b), 11.10(i), (j).
    """

    change_id: Id
    person_id: Id
    signing: SigningRecords
    reason: Reason

    @property
    def key(self) -> str:
        return self.change_id


class ChangeServiceAccount(Command):
    """MES, WMS. The account of a system no longer counts, or counts again."""

    change_id: Id
    account: SystemUri
    to_state: ServiceState
    reason: Reason

    @property
    def key(self) -> str:
        return self.change_id
