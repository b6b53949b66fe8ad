"""What a system shows so that its stock and its messages can be compared with its partner's.

Sources: URS-REC-001, URS-REC-004.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import bindparam, select

from contracts.model.inspection import Direction
from contracts.model.inspection_differences import (
    CONTROL_TOTAL_END,
    HeldRow,
    MessageTotalRow,
    MessageTotals,
    StockPicture,
    UnderwayRow,
)
from contracts.model.operations import OPERATIONS, Group
from reference_impl.domain.reconciling import Underway, letter_in, named_in
from reference_impl.link import outbox
from reference_impl.records.journal import last_record
from reference_impl.settings import Settings
from reference_impl.stock import quantity, status_of
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import containers, journal, lots
from reference_impl.store.tables import outbox as outbox_table

_STOCK = Statement(
    select(containers, lots.c.status.label("lot_status"), lots.c.material_id)
    .join(lots, lots.c.lot_id == containers.c.lot_id)
    .order_by(containers.c.sscc)
)
_MESSAGES = Statement(
    select(journal).where(
        journal.c.kind == "message", journal.c.position > bindparam("after"),
    ).order_by(journal.c.position)
)
_SETTLED = Statement(select(outbox_table.c.message_id, outbox_table.c.state))


def show_stock_picture(connection: Connection, _: Settings, __: int) -> StockPicture:
    """What every container holds that holds anything, and what is on its way."""
    return StockPicture(
        journal_position=last_record(connection)[0],
        rows=tuple(
            HeldRow(
                sscc=row["sscc"], material_id=row["material_id"], lot_id=row["lot_id"],
                location_id=row["location_id"], status=status_of(row, row["lot_status"]),
                quantity=quantity(row),
            )
            for row in connection.rows(_STOCK) if quantity(row).value
        ),
        underway=tuple(
            UnderwayRow(
                message_id=row["message_id"],
                containers=tuple(sorted(named_in(row["body"]).containers)),
                lots=tuple(sorted(named_in(row["body"]).lots)),
            )
            for row in outbox.pending(connection)
        ),
    )


def named_since(connection: Connection, position: int) -> Underway:
    """What the messages name that were written or posted after a position of the journal."""
    found = Underway()
    for row in connection.rows(_MESSAGES, after=position):
        found = found.with_(named_in(row["body"]))
    return found


# implements FRS-REC-014
def show_message_totals(connection: Connection, settings: Settings, _: int) -> MessageTotals:
    """Count what was sent and what was received, each message once."""
    states = {row["message_id"]: row["state"] for row in connection.rows(_SETTLED)}
    sums: dict[tuple[str, str, datetime], dict[str, int]] = defaultdict(dict)
    for row in connection.rows(_MESSAGES, after=0):
        operation = OPERATIONS[row["operation"]]
        letter = letter_in(row["body"]) if operation.group is Group.EXCHANGE else None
        if letter is None:
            continue
        written = letter.written_at.astimezone(settings.site_zone)
        hour = written.replace(minute=0, second=0, microsecond=0)
        key = (operation.name, row["direction"], hour)
        sums[key][letter.message_id] = letter.sequence
    return MessageTotals(rows=tuple(
        _total(key, found, states) for key, found in sorted(sums.items())
    ))


def _total(
    key: tuple[str, str, datetime], found: dict[str, int], states: dict[str, str]
) -> MessageTotalRow:
    name, direction, hour = key
    sent = direction == Direction.SENT
    waiting = {outbox.Delivery.PENDING.value, outbox.Delivery.DEFERRED.value}
    return MessageTotalRow(
        interface=name, direction=Direction(direction), hour=hour, messages=len(found),
        control_total=sum(found.values()) % CONTROL_TOTAL_END,
        open_messages=tuple(i for i in found if sent and states.get(i) in waiting),
        dead_letters=tuple(
            i for i in found if sent and states.get(i) == outbox.Delivery.DEAD.value
        ),
    )


SHOWS = {"stock-picture": show_stock_picture, "message-totals": show_message_totals}
