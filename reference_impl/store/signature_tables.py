"""Tables of signatures: the records that were signed, and what lets a person sign.

Conventions as in :mod:`reference_impl.store.tables`.
"""

from __future__ import annotations

from sqlalchemy import PrimaryKeyConstraint, Table

from reference_impl.store.tables import integer_column as _int
from reference_impl.store.tables import metadata
from reference_impl.store.tables import text_column as _text

# Each version of a record as it was signed, canonical JSON: evidence, written once.
signed_records = Table(
    "signed_records", metadata, _text("record_type"), _text("record_id"), _int("record_version"),
    _text("content"), PrimaryKeyConstraint("record_type", "record_id", "record_version"),
)
# The ids of the records that let a person sign. ``training`` is JSON: id and last valid day.
signing_records = Table(
    "signing_records", metadata, _text("person_id", key=True),
    _text("identity_record", optional=True), _text("acknowledgement", optional=True),
    _text("training"),
)
# Since when a person signs in a session, or at the station of another's session, with the password
# alone: after a first signature with all components. ``credentials``: digest of the hash of the
# password, another one as soon as that was set anew.
signing_periods = Table(
    "signing_periods", metadata, _text("place"), _text("person_id"), _int("signed_at"),
    _text("credentials"), PrimaryKeyConstraint("place", "person_id"),
)

APPEND_ONLY = (signed_records,)
