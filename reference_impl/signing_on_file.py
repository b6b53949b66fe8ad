"""What has to be on file before a person signs: put there, withdrawn, shown; alike in both roles.

Source: URS-SIG-007; 21 CFR 11.100(b), 11.10(i), (j).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import select

from contracts.model.codes import Refusal
from contracts.model.commands import KeepSigningRecords
from contracts.model.signing import SigningRecords
from reference_impl.records.signing import ENABLE, ENABLED, row_on_file
from reference_impl.records.work import Work
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.signature_tables import signing_records

_ALL = Statement(select(signing_records))


# implements FRS-SIG-010
def keep_signing_records(
    work: Work, command: KeepSigningRecords, account: Row | Refusal
) -> Refusal | None:
    """All that is on file of a person from now on; what is not named is withdrawn."""
    if isinstance(account, Refusal):
        return account
    before = _shown(work.connection.row(ENABLED, person_id=command.person_id))
    work.connection.run(ENABLE, **row_on_file(command.person_id, command.signing))
    after = _shown(work.connection.row(ENABLED, person_id=command.person_id))
    for name in after:
        if before[name] != after[name]:
            work.changed("accounts", command.person_id, name, before[name], after[name])
    return None


def all_on_file(connection: Connection) -> Mapping[str, SigningRecords]:
    """What is on file of each person, by the person's id."""
    return {row["person_id"]: _read(row) for row in connection.rows(_ALL)}


def _read(row: Row) -> SigningRecords:
    return SigningRecords.model_validate({
        "identityRecord": row["identity_record"], "acknowledgement": row["acknowledgement"],
        "training": [
            {"recordId": one["record_id"], "validUntil": one["valid_until"]}
            for one in json.loads(row["training"])
        ],
    })


def _shown(row: Row | None) -> dict[str, str | None]:
    """As the audit trail shows it: by the published names of members."""
    on_file = _read(row) if row is not None else SigningRecords()
    training = [
        f"{one.record_id} until {one.valid_until}" if one.valid_until else one.record_id
        for one in on_file.training
    ]
    return {
        "identityRecord": on_file.identity_record, "acknowledgement": on_file.acknowledgement,
        "training": "; ".join(training) or None,
    }
