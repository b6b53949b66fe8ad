"""The access review: every account there is, with what somebody has to look at.

Source: URS-IAM-008; 21 CFR 11.300(b).
"""

from __future__ import annotations

from contracts.model.identifiers import Id, SystemUri
from contracts.model.instants import Timestamp
from contracts.model.people import AccountState, Duties, ServiceState
from contracts.model.signing import SigningRecords
from contracts.model.wire_model import WireModel


class PersonAccount(WireModel):
    """The account of a person, who owns it. Absent instants: never."""

    person_id: Id
    printed_name: str
    duties: Duties
    owner: str
    state: AccountState
    last_used_at: Timestamp | None = None
    """When the person last signed in or signed."""
    credentials_changed_at: Timestamp
    """When password or authenticator were last set or revoked."""
    signing: SigningRecords = SigningRecords()
    """What is on file that lets the person sign."""


class ServiceAccount(WireModel):
    """The account of a system: its one certificate and key, and all that it may call."""

    account: SystemUri
    certificate: str
    key_id: str
    operations: tuple[str, ...]
    owner: str
    state: ServiceState
    last_used_at: Timestamp | None = None
    """When it last called, to the minute."""
    credentials_changed_at: Timestamp
    """When this system first met the key, or the account was revoked or restored."""


class AccessReview(WireModel):
    """All accounts, in the order of their ids, deactivated and revoked ones too."""

    people: tuple[PersonAccount, ...]
    services: tuple[ServiceAccount, ...]
