"""Notices to the security contact: sent until the contact has taken them over.

Source: URS-ALM-003.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from contracts.model.instants import microseconds, write_timestamp
from contracts.model.ports import HttpRequest, NoAnswer
from contracts.record.canonical import canonical_bytes
from reference_impl.records.readings import read
from reference_impl.records.work import Cause
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import alarms
from reference_impl.store.watch_tables import notices
from reference_impl.system import System

PATH = "/security-notices"
CONTACT = "contact route"
_DUE = Statement(
    select(alarms).join(notices, notices.c.alarm_id == alarms.c.alarm_id)
    .where(notices.c.taken_over_at.is_(None), notices.c.due_at <= bindparam("now"))
    .order_by(alarms.c.alarm_id)
)
_TAKEN = Statement(
    update(notices).where(notices.c.alarm_id == bindparam("of_alarm"))
    .values(taken_over_at=bindparam("at"))
)
_LATER = Statement(
    update(notices).where(notices.c.alarm_id == bindparam("of_alarm"))
    .values(due_at=bindparam("due_at"), attempts=notices.c.attempts + 1)
)


async def send_notices(system: System) -> None:
    """Send every notice that is due; one that is not taken over is sent again a little later."""
    with system.database.reading() as connection:
        due = connection.rows(_DUE, now=microseconds(system.now(connection)))
        address = (read(connection, CONTACT) or system.settings.security_contact) if due else None
    if address is None:
        return
    for row in due:
        taken_over = await _send(system, address, row)
        with system.work(system.itself(), Cause("notice", row["alarm_id"])) as work:
            if taken_over:
                at = write_timestamp(work.now)
                work.connection.run(_TAKEN, of_alarm=row["alarm_id"], at=at)
            else:
                pause = system.settings.watch.notice_again_s * 1_000_000
                due_at = microseconds(work.now) + pause
                work.connection.run(_LATER, of_alarm=row["alarm_id"], due_at=due_at)


async def _send(system: System, address: str, row: Row) -> bool:
    body = canonical_bytes({
        "alarmId": row["alarm_id"], "at": row["at"], "name": row["name"],
        "detail": row["detail"], "system": system.settings.system,
    })
    request = HttpRequest("POST", PATH, "", {"content-type": "application/json"}, body)
    try:
        answer = await system.connect(address).send(request)
    except NoAnswer:
        return False
    return 200 <= answer.status < 300
