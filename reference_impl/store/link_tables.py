"""What a system keeps of the way to its partner: the breaker, attempts of late, discarded letters.

They are among ``tables_of`` as soon as this module is imported, which ``database.py`` does.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table

from reference_impl.store.tables import integer_column as _int
from reference_impl.store.tables import metadata
from reference_impl.store.tables import text_column as _text

breakers = Table(
    "breakers", metadata, _text("target", key=True), _text("state"), _text("failures"),
    _int("until"), _int("probes"), _int("changed_at"),
)
# The attempts of the last minute: what may be tried again is a share of the first ones.
attempts_of_late = Table(
    "attempts_of_late", metadata, _int("at"), _int("again"), _text("message_id"),
    Index("attempts_of_late_by_time", "at", "again"),
)
# What goes to the receiver in the place of a dead letter that is discarded.
tombstones = Table(
    "tombstones", metadata, _text("message_id", key=True),
    Column("body", LargeBinary, nullable=False),
)
# What the partner has discarded, as its receiver knows it.
discarded = Table(
    "discarded", metadata, _text("message_id", key=True), _text("type"), _text("subject"),
    _text("body_sha256"), _text("reason"), _text("discarded_by"), _text("approved_by"),
    _text("discarded_at"),
)
