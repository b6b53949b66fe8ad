"""Tables of what a system watches of itself. Conventions as in :mod:`reference_impl.store.tables`.
"""

from __future__ import annotations

from sqlalchemy import Index, Table

from reference_impl.store.tables import integer_column as _int
from reference_impl.store.tables import metadata
from reference_impl.store.tables import text_column as _text

# Who has looked at an alarm: written once, as the alarm itself.
alarm_acknowledgements = Table(
    "alarm_acknowledgements", metadata, _text("alarm_id", key=True), _text("at"), _text("user"),
    _text("role"), _text("comment"),
)
# What is beyond its limit now; what was is in the alarm log.
conditions = Table(
    "conditions", metadata, _text("name", key=True), _int("since"), _text("alarm_id"),
    _text("detail"),
)
# Alarms on their way to the security contact.
notices = Table(
    "notices", metadata, _text("alarm_id", key=True), _int("due_at"), _int("attempts"),
    _text("taken_over_at", optional=True), Index("notices_open", "taken_over_at", "due_at"),
)
# What was measured last, and how far what is watched was read.
readings = Table("readings", metadata, _text("name", key=True), _text("value"))

APPEND_ONLY = (alarm_acknowledgements,)
