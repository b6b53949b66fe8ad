"""Tables of the accounts of systems, in both systems; those of people stand with the sessions."""

from __future__ import annotations

from sqlalchemy import Table

from reference_impl.store.tables import integer_column, metadata, text_column

service_accounts = Table(
    "service_accounts", metadata,
    text_column("source", key=True), text_column("key_id"), integer_column("credentials_at"),
    integer_column("revoked_at", optional=True), integer_column("used_at", optional=True),
    # In seconds since 1970: what the account signed before counts no more.
    integer_column("signs_from", optional=True), sqlite_with_rowid=False,
)
