"""The table of what was published of each master. Conventions as in reference_impl.store.tables."""

from __future__ import annotations

from sqlalchemy import Table

from reference_impl.store.tables import integer_column as _int
from reference_impl.store.tables import metadata
from reference_impl.store.tables import text_column as _text

# Since when the partner owes its own record of what was published; answered: when it came.
publications = Table(
    "publications", metadata, _text("kind", key=True), _text("record_id", key=True),
    _int("since"), _int("answered", optional=True),
)
