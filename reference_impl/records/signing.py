"""Signatures: who may sign, what a signature is bound to, and whether it still holds.

A signature is bound to its own members and to type, id, version and canonical bytes of the record.
Sources: 21 CFR 11.50, 11.70, 11.100(b), 11.10(i), (j); URS-SIG-001, URS-SIG-002, URS-SIG-007.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from pydantic import BaseModel
from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.model.codes import Code, Refusal
from contracts.model.commands import SignatureComponents
from contracts.model.inspection_signatures import BOUND
from contracts.model.instants import microseconds, write_timestamp
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.signing import SigningRecords
from contracts.model.stimulus import Load
from contracts.model.wire_model import member_name
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import digest_of, sha256
from reference_impl.records.work import Work
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.signature_tables import (
    signed_records,
    signing_periods,
    signing_records,
)
from reference_impl.store.tables import accounts, signatures

_LAST = Statement(
    select(signed_records)
    .where(
        signed_records.c.record_type == bindparam("record_type"),
        signed_records.c.record_id == bindparam("record_id"),
    )
    .order_by(signed_records.c.record_version.desc())
    .limit(1)
)
_FIND = Statement(
    select(signatures).where(signatures.c.signature_id == bindparam("signature_id"))
)
_KEEP_RECORD = Statement(insert(signed_records))
_SIGN = Statement(insert(signatures))
ENABLED = Statement(
    select(signing_records).where(signing_records.c.person_id == bindparam("person_id"))
)
_PERIOD = Statement(
    select(signing_periods, accounts.c.password_hash)
    .join(accounts, accounts.c.person_id == signing_periods.c.person_id)
    .where(
        signing_periods.c.place == bindparam("place"),
        signing_periods.c.person_id == bindparam("person_id"),
    )
)
_PERIODS = upsert(signing_periods)
_SIGNED_HERE = Statement(
    _PERIODS.on_conflict_do_update(
        index_elements=["place", "person_id"],
        set_={name: _PERIODS.excluded[name] for name in ("signed_at", "credentials")},
    )
)
_NEW = upsert(signing_records)
ENABLE = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["person_id"],
        set_={name: _NEW.excluded[name]
              for name in ("identity_record", "acknowledgement", "training")},
    )
)


class SigningRefused(Exception):
    """A person that may not sign now, although the components are right."""

    code = Code.SIGNING_NOT_ENABLED
    member = ""

    def __init__(self, components: SignatureComponents, why: str) -> None:
        super().__init__(why)
        self.components, self.why = components, why

    def as_refusal_of(self, command: BaseModel) -> Refusal:
        """The refusal, at the place in the command where these components stand."""
        paths = (path for path, found in _parts(command) if found is self.components)
        return Refusal(self.code, next(paths, "") + self.member, self.why)


class SignatureIncomplete(SigningRefused):
    """The first signature of a session, without the component that only the person has."""

    code = Code.SIGNATURE_INCOMPLETE
    member = ".code"


def load_signing(work: Work, body: Load) -> int:
    """Take over what lets people sign. Returns: 0, for the people were counted already."""
    for person in body.people:
        on_file = person.signing or SigningRecords()
        work.connection.run(ENABLE, **row_on_file(person.person_id, on_file))
    return 0


def row_on_file(person_id: str, on_file: SigningRecords) -> dict[str, str | None]:
    """What lets a person sign, as it is kept."""
    training = [one.model_dump(mode="json") for one in on_file.training]
    return {
        "person_id": person_id, "identity_record": on_file.identity_record,
        "acknowledgement": on_file.acknowledgement, "training": json.dumps(training),
    }


# implements FRS-SIG-009
def check_enabled(work: Work, components: SignatureComponents) -> None:
    """Let a person sign whose three records are on file. Raises: SigningRefused naming the rest."""
    on_file = work.connection.row(ENABLED, person_id=components.user_id)
    lacking = list(_lacking(on_file, work.now.date()))
    if lacking:
        why = f"{components.user_id} has no {', no '.join(lacking)}"
        raise SigningRefused(components, why)


def is_known_to_one(account: Row) -> bool:
    """Whether one administrator set password and authenticator, and so knows both."""
    by = account["password_by"]
    return by is not None and bool(by == account["authenticator_by"])


# implements FRS-SIG-011
def check_two_set(components: SignatureComponents, account: Row) -> None:
    """Refuse who got password and authenticator from one administrator: that one knows both.

    Raises: SigningRefused. Source: 21 CFR 11.200(a)(3).
    """
    if is_known_to_one(account):
        raise SigningRefused(
            components, f"{components.user_id} has password and authenticator from one "
            "administrator; another one has to set one of them anew"
        )


# implements FRS-SIG-005
# implements FRS-SIG-006
def needs_all(work: Work, person_id: str) -> bool:
    """Whether the next signature of a person here needs all components. 21 CFR 11.200(a)(1)."""
    row = work.connection.row(_PERIOD, place=_place(work, person_id), person_id=person_id)
    if row is None or row["credentials"] != sha256(row["password_hash"].encode()):
        return True
    return microseconds(work.now) - int(row["signed_at"]) >= work.settings.session_s * 1_000_000


# implements FRS-SIG-005
def check_components(work: Work, components: SignatureComponents, account: Row) -> None:
    """Ask for all components where they are needed. Raises: SignatureIncomplete."""
    person_id = components.user_id
    if components.code is None and needs_all(work, person_id):
        raise SignatureIncomplete(components, "this signature needs the authenticator's code")
    keep = partial(
        work.connection.run, _SIGNED_HERE, place=_place(work, person_id), person_id=person_id,
        signed_at=microseconds(work.now), credentials=sha256(account["password_hash"].encode()),
    )
    keep()
    # Who showed all components has shown them, whatever becomes of the command.
    work.lasting.append(keep)


def _place(work: Work, person_id: str) -> str:
    """Where a person signs: in the own session, or at the station of somebody else's."""
    is_own = person_id == work.actor.account
    return f"session {work.session}" if is_own else f"station {work.actor.station}"


# implements FRS-SIG-002
def bind(
    work: Work, manifest: SignatureManifest, record: tuple[str, str, object]
) -> None:
    """Keep the record as it is signed, and the signature bound to it."""
    record_type, record_id, said = record
    content = content_of(said)
    row: dict[str, Any] = {
        **manifest.model_dump(), "signed_at": write_timestamp(manifest.signed_at),
        "record_type": record_type, "record_id": record_id,
        "record_version": _version(work.connection, record_type, record_id, content),
        "record_sha256": sha256(content.encode()),
    }
    work.connection.run(_SIGN, **row, binding=binding_of(row))


def binding_of(row: dict[str, Any] | Row) -> str:
    """The digest over a signature's members and what it is bound to. Source: 21 CFR 11.70."""
    values = {member_name(name): row[name] for name in row.keys()}  # noqa: SIM118 - also a Row
    return digest_of({name: values[name] for name in BOUND})


# implements FRS-SIG-002
def holds(row: dict[str, Any] | Row, record: tuple[str, str, int], content: str) -> bool:
    """Whether a kept signature belongs to these bytes as this version of this record."""
    record_type, record_id, version = record
    claimed = {
        **{name: row[name] for name in row.keys()},  # noqa: SIM118 - also a Row
        "record_type": record_type, "record_id": record_id, "record_version": version,
        "record_sha256": sha256(content.encode()),
    }
    return bool(binding_of(claimed) == row["binding"])


def kept_signature(connection: Connection, signature_id: str) -> Row | None:
    """A signature as it was kept; None where there is none."""
    return connection.row(_FIND, signature_id=signature_id)


def last_version(connection: Connection, record_type: str, record_id: str) -> int:
    """The last version of a record that was signed; 0 where none was."""
    last = connection.row(_LAST, record_type=record_type, record_id=record_id)
    return int(last["record_version"]) if last else 0


def signs(connection: Connection, signature_id: str, said: object) -> bool:
    """Whether a signature is of what its record says now, in the version that it signed."""
    row = kept_signature(connection, signature_id)
    if row is None:
        return False
    record = row["record_type"], row["record_id"], row["record_version"]
    return holds(row, record, content_of(said))


def content_of(said: object) -> str:
    """What a record says, as it is signed: canonical JSON by the published names."""
    return canonical_bytes(_published(said)).decode()


def _version(connection: Connection, record_type: str, record_id: str, content: str) -> int:
    """The version of a record: the last one where it says the same, else one that is kept now."""
    last = connection.row(_LAST, record_type=record_type, record_id=record_id)
    if last is not None and last["content"] == content:
        return int(last["record_version"])
    version = int(last["record_version"]) + 1 if last else 1
    connection.run(
        _KEEP_RECORD, record_type=record_type, record_id=record_id, record_version=version,
        content=content,
    )
    return version


def _published(said: Any) -> Any:
    """The content by the published names of its members; what is absent is left out."""
    if isinstance(said, dict):
        return {
            member_name(name): _published(v) for name, v in said.items() if v is not None
        }
    return [_published(one) for one in said] if isinstance(said, list | tuple) else said


def _lacking(on_file: Row | None, today: date) -> Iterator[str]:
    if on_file is None or not on_file["identity_record"]:
        yield "identity-verification record"
    if on_file is None or not on_file["acknowledgement"]:
        yield "acknowledgement of accountability"
    training = json.loads(on_file["training"]) if on_file else []
    if not any(_counts(one["valid_until"], today) for one in training):
        yield "valid training record"


def _counts(valid_until: str | None, today: date) -> bool:
    return valid_until is None or today <= date.fromisoformat(valid_until)


def _parts(value: Any, path: str = "") -> Iterator[tuple[str, object]]:
    """Every part of a command with its path, in published names."""
    yield path, value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = member_name(name)
            yield from _parts(getattr(value, name), f"{path}.{inner}" if path else inner)
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield from _parts(one, f"{path}[{number}]")
