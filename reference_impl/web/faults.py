"""Faults that the harness puts into a system in test mode: an audit trail that takes nothing."""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from contracts.model.stimulus_faults import AuditFault, FailAudit
from reference_impl.records.counting import last_number
from reference_impl.store.database import NoSuchFault
from reference_impl.system import System


def fail_audit(system: System, wanted: FailAudit) -> AuditFault | Refusal:
    """Let the insert of the named entry fail in the database, or let all be inserted again."""
    try:
        with system.database.transaction() as connection:
            last = last_number(connection, "audit")
            after = None if wanted.entry is None else last + wanted.entry - 1
            connection.refuse_inserts("audit", "sequence", after)
    except NoSuchFault as exc:
        return Refusal(Code.NOT_FOUND, "", str(exc))
    return AuditFault(failing=wanted.entry is not None)
