"""The first account of a system: of an administrator, who gives everybody else theirs.

Nobody can sign in to a system that is new. Whoever may put its settings on its host opens the first
account there, once; what opens it is shown once and kept nowhere. Source: URS-IAM-003, URS-IAM-005.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from sqlalchemy import func, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import CreateAccount
from contracts.model.identifiers import Id
from contracts.model.roles import Duty
from reference_impl.people import create_account
from reference_impl.records.work import Cause
from reference_impl.store.database import Statement
from reference_impl.store.tables import accounts
from reference_impl.system import System

_COUNT = Statement(select(func.count().label("n")).select_from(accounts))
_REASON = "the first account of this system"


@dataclass(frozen=True)
class HandedOver:
    """What opens an account; the authenticator's secret is base32, as authenticators take it."""

    password: str
    totp_secret: str


def open_first_account(
    system: System, person_id: str, printed_name: str
) -> HandedOver | Refusal:
    """Give a person the first account. Raises: pydantic.ValidationError for id or name."""
    handed = HandedOver(
        secrets.token_urlsafe(15), base64.b32encode(secrets.token_bytes(20)).decode()
    )
    command = CreateAccount(
        change_id=Id("first-account"), person_id=Id(person_id), printed_name=printed_name,
        duties=(Duty.ADMINISTRATOR,), password=handed.password, totp_secret=handed.totp_secret,
        reason=_REASON,
    )
    with system.work(system.itself(), Cause(_REASON, "first-account")) as work:
        row = work.connection.row(_COUNT)
        if row is not None and row["n"]:
            return Refusal(
                Code.ALREADY_EXISTS, "personId",
                f"{row['n']} accounts are there; their administrators give people accounts",
            )
        refusal = create_account(work, command, system.accounts.credentials, system.services)
    return refusal or handed
