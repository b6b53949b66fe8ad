"""The audit trail: complete entries, once, by the right hand."""

from __future__ import annotations

from pytest_bdd import then

from contracts.model.inspection import AuditAction, AuditRow
from contracts.model.roles import Role
from features.bench import PEOPLE, STAGING, STORAGE, Bench
from features.claims import equal, holds
from features.snapshots import growth


@then(
    "the WMS audit trail has one entry for the new place of the container, "
    "by the picker at the station"
)
def wms_entry(bench: Bench) -> None:
    """Who scanned, where, and what it was before."""
    row = _entry_of_place(bench, Role.WMS)
    person, _, _, station = PEOPLE["the picker"]
    picker = bench.namespace.id(person)
    equal((row.account, row.originator, row.station), (picker, picker, station), "by whom, where")
    equal(row.role, "picker", "role in use")


@then(
    "the MES audit trail has one entry for the new place of the container, "
    "by the WMS for the picker"
)
def mes_entry(bench: Bench) -> None:
    """Which system posted it here, and which person stood at the origin."""
    row = _entry_of_place(bench, Role.MES)
    person, _, _, station = PEOPLE["the picker"]
    holds(row.account != row.originator, f"account and originator are both {row.account}")
    equal(row.originator, bench.namespace.id(person), "the person at the origin")
    equal(row.station, station, "the station")
    holds(row.reason.startswith("message "), f"the reason is {row.reason}, which is no message")


@then("every new entry of both audit trails is complete")
def every_entry_is_complete(bench: Bench) -> None:
    """No entry lacks what the requirement names."""
    assert bench.before is not None
    for role in Role:
        rows = growth(bench.site, bench.before, role).audit
        for row in rows:
            missing = _missing(row)
            holds(not missing, f"{role.upper()} entry {row.sequence} lacks {', '.join(missing)}")
        bench.recorder.observe(f"{role.upper()}: {len(rows)} new entries, all complete")
    new = [growth(bench.site, bench.before, role).audit for role in Role]
    holds(any(new), "no new entry at all")


def _entry_of_place(bench: Bench, role: Role) -> AuditRow:
    assert bench.before is not None
    container = bench.lots["A"].container
    rows = [
        row for row in growth(bench.site, bench.before, role).audit
        if row.record_id == container and row.field == "location_id"
    ]
    for row in rows:
        bench.recorder.observe(
            f"{role.upper()} entry {row.sequence}: {row.field} of {row.record_id} was "
            f"{row.old_value}, is {row.new_value}; by {row.account} for {row.originator} as "
            f"{row.role} at {row.station}; {row.reason}"
        )
    equal(len(rows), 1, f"entries of {role.upper()} for the place of {container}")
    names = bench.namespace
    moved = (names.id(STORAGE), names.id(STAGING))
    equal((rows[0].old_value, rows[0].new_value), moved, "old and new value")
    return rows[0]


def _missing(row: AuditRow) -> list[str]:
    always = {
        "record type": row.record_type, "record id": row.record_id, "reason": row.reason,
        "account": row.account, "originator": row.originator, "role": row.role,
        "station": row.station, "source system": row.source_system,
        "correlation id": row.correlation_id,
    }
    missing = [name for name, value in always.items() if not value.strip()]
    if row.action is AuditAction.CHANGE and (row.old_value is None or not row.field):
        missing.append("field or old value")
    if row.action in (AuditAction.CREATE, AuditAction.CHANGE) and row.new_value is None:
        missing.append("new value")
    if row.at.tzinfo is None:
        missing.append("offset")
    return missing
