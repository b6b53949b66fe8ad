"""The alarm log: shown, searched, acknowledged; never changed. Source: URS-ALM-002."""

from __future__ import annotations

from sqlalchemy import func, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import AcknowledgeAlarm
from contracts.model.inspection import AlarmAcknowledgement, AlarmRow, Alarms
from contracts.model.instants import write_timestamp
from reference_impl.domain.reasons import check_reason
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import alarms
from reference_impl.store.watch_tables import alarm_acknowledgements, notices

_DONE = alarm_acknowledgements
# In the order in which they were raised: their numbers, not their times, which a clock can repeat.
_ALL = Statement(
    select(
        alarms, _DONE.c.at.label("looked_at"), _DONE.c.user, _DONE.c.role, _DONE.c.comment,
        notices.c.taken_over_at,
    )
    .outerjoin(_DONE, _DONE.c.alarm_id == alarms.c.alarm_id)
    .outerjoin(notices, notices.c.alarm_id == alarms.c.alarm_id)
    .order_by(func.length(alarms.c.alarm_id), alarms.c.alarm_id)
)


# implements FRS-ALM-002
# implements FRS-ALM-003
def acknowledge_alarm(work: Work, command: AcknowledgeAlarm) -> Refusal | None:
    """A person has looked at an alarm and says what came of it."""
    if work.find(alarms, command.alarm_id) is None:
        return Refusal(Code.UNKNOWN_ALARM, "alarmId", command.alarm_id)
    known = work.find(alarm_acknowledgements, command.alarm_id)
    if known is not None:
        return Refusal(Code.ALARM_ACKNOWLEDGED, "alarmId", f"by {known['user']} at {known['at']}")
    refusal = check_reason(command.comment, "comment")
    if refusal:
        return refusal
    work.create(
        alarm_acknowledgements, alarm_id=command.alarm_id, at=write_timestamp(work.now),
        user=work.actor.account, role=work.actor.role, comment=command.comment,
    )
    return None


def show_alarms(connection: Connection, _: Settings, __: int) -> Alarms:
    """The whole log, in the order in which the alarms were raised."""
    return Alarms(rows=tuple(map(_row, connection.rows(_ALL))))


def find_alarms(connection: Connection, _: Settings, text: str) -> Alarms:
    """The alarms in whose name, detail, comment or user a text stands, in any case of letters."""
    wanted = text.casefold()
    return Alarms(rows=tuple(
        _row(row) for row in connection.rows(_ALL)
        if any(
            wanted in str(row[name] or "").casefold()
            for name in ("alarm_id", "name", "detail", "comment", "user")
        )
    ))


def _row(row: Row) -> AlarmRow:
    done = None
    if row["user"] is not None:
        done = AlarmAcknowledgement(
            at=row["looked_at"], user=row["user"], role=row["role"], comment=row["comment"]
        )
    return AlarmRow(
        alarm_id=row["alarm_id"], at=row["at"], name=row["name"], detail=row["detail"],
        acknowledgement=done, notified_at=row["taken_over_at"],
    )
