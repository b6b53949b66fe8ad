"""What a system keeps of its restores: each with everything that was exchanged after its backup.

They are among ``tables_of`` as soon as this module is imported, which ``database.py`` does.
"""

from __future__ import annotations

from sqlalchemy import Table

from reference_impl.store.tables import integer_column as _int
from reference_impl.store.tables import metadata
from reference_impl.store.tables import text_column as _text

recoveries = Table(
    "recoveries", metadata, _text("recovery_id", key=True), _text("state"),
    _text("backup_taken_at"), _int("own_position"), _int("own_sequence"), _int("known_position"),
    _int("read_to"), _text("read_hash"), _text("own_hash"), _int("partner_knows"),
    _text("begun_at"), _text("ended_at", optional=True),
)
# ``place`` is what the entry is about: a message by its direction and number, a range, an account.
recovery_gaps = Table(
    "recovery_gaps", metadata, _text("recovery_id", key=True), _text("place", key=True),
    _text("kind"), _int("sequence", optional=True), _text("message_id", optional=True),
    _text("type", optional=True), _text("subject", optional=True),
    _text("body_sha256", optional=True), _text("detail"), _text("at_sender", optional=True),
)
