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

APPEND_ONLY = (signed_records,)
