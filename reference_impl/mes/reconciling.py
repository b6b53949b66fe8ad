"""Reconciliation in MES: its mirror against the stock that WMS tells, on demand and every day.

Sources: URS-REC-001, URS-REC-003; EU GMP Annex 11 5; 21 CFR 211.184(c).
"""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import CloseDifference, ReconcileStock
from contracts.model.counts import DeviationClass
from contracts.model.inspection_differences import (
    DifferenceRow,
    DifferenceState,
    HeldRow,
    ReconciliationRow,
    Reconciliations,
)
from contracts.model.instants import from_microseconds, later, microseconds
from contracts.model.quantities import Quantity
from reference_impl.domain.reasons import check_reason
from reference_impl.domain.reconciling import Difference, Place, compare, underway_of
from reference_impl.mes.deviations import open_deviation
from reference_impl.records.accounts import Accounts
from reference_impl.records.asking import PARTNER_STOCK, Pictures
from reference_impl.records.counting import next_lasting_number, next_number
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import status_of, text
from reference_impl.stock_picture import named_since, show_stock_picture
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.reconciling_tables import reconciliations, stock_differences
from reference_impl.store.tables import containers, lots
from reference_impl.system import Answered

_EVERY, _SILENT_EVERY = timedelta(hours=24), timedelta(minutes=15)
_ALL = Statement(select(reconciliations).order_by(reconciliations.c.ordinal))
_LAST = Statement(
    select(reconciliations.c.next_at).order_by(reconciliations.c.ordinal.desc()).limit(1)
)
_DIFFERENCES = Statement(select(stock_differences).order_by(stock_differences.c.difference_id))
_OPEN = Statement(
    select(stock_differences)
    .where(stock_differences.c.state == bindparam("state"))
    .order_by(stock_differences.c.difference_id)
)


# implements FRS-REC-003
def reconcile_stock(work: Work, command: ReconcileStock) -> Refusal | Answered:
    """Compare now."""
    pictures = work.ask(PARTNER_STOCK)
    if pictures is None:
        return Refusal(Code.PARTNER_SILENT, "", work.settings.partner_system)
    places, apart = _reconcile(work, command.reconciliation_id, pictures)
    return Answered({
        "places": places, "set_apart": apart,
        "differences": tuple(row["difference_id"] for row in _open(work)),
    })


# implements FRS-REC-002
def reconcile_daily(work: Work) -> None:
    """Compare because it is time; where WMS is silent, say so and try again soon."""
    pictures = work.ask(PARTNER_STOCK)
    name = f"DAILY-{next_number(work.connection, 'daily reconciliations')}"
    if pictures is None:
        work.alarm("RECONCILIATION_OPEN", f"{work.settings.partner_system} told no stock")
        _keep(work, name, (0, 0, 0), answered=False)
    else:
        _reconcile(work, name, pictures)


def next_reconciliation(connection: Connection) -> int | None:
    """When stock is compared next, in microseconds; None before anybody has begun with it."""
    row = connection.row(_LAST)
    return row["next_at"] if row else None


# implements FRS-REC-008
# implements FRS-REC-009
# implements FRS-REC-013
def close_difference(
    work: Work, command: CloseDifference, accounts: Accounts
) -> Refusal | None:
    """Quality closes a difference: MES takes over what WMS has, and signs for it."""
    row = _check_open(work, command)
    if isinstance(row, Refusal):
        return row
    refusal = check_reason(command.reason) or _check_detail(work, row)
    if refusal:
        return refusal
    record = ("stock_differences", command.difference_id)
    signed = accounts.sign_command(work, command, command.signature, record, of_quality=True)
    if isinstance(signed, Refusal):
        return signed
    for mes, wms in _detail(row):
        _adjust(work, mes, wms)
    work.change(
        stock_differences, command.difference_id, state=DifferenceState.CLOSED.value,
        adjustment_id=command.adjustment_id, reason=command.reason,
        closed_by=work.actor.account, closed_at=microseconds(work.now),
        signature_id=signed.signature_id,
    )
    return None


def show_reconciliations(
    connection: Connection, settings: Settings, _: int
) -> Reconciliations:
    """All comparisons and all differences."""
    return Reconciliations(
        rows=tuple(_shown(row, settings) for row in connection.rows(_ALL)),
        differences=tuple(_difference(r, settings) for r in connection.rows(_DIFFERENCES)),
    )


def _reconcile(work: Work, name: str, pictures: Pictures) -> tuple[int, int]:
    own, partner = pictures
    underway = underway_of(own).with_(underway_of(partner)).with_(
        named_since(work.connection, own.journal_position)
    )
    here = show_stock_picture(work.connection, work.settings, 0)
    found, places, apart = compare(here.rows, partner.rows, underway)
    standing = {_place(row): row for row in _open(work)}
    for difference in found:
        known = standing.pop(difference.place, None)
        if known is None:
            _open_difference(work, name, difference)
        else:
            work.change(stock_differences, known["difference_id"], **_content(difference))
    for place, row in standing.items():
        if not _touched(row, underway.containers, underway.lots):
            gone = Difference(place, {}, {})
            work.change(stock_differences, row["difference_id"], **_content(gone))
    _keep(work, name, (places, apart, len(found)), answered=True)
    return places, apart


# implements FRS-REC-004
def _open_difference(work: Work, name: str, difference: Difference) -> None:
    number = f"DIFF-{next_lasting_number(work.connection, 'stock differences'):06d}"
    location, material, lot, status, unit = difference.place
    deviation = open_deviation(work, DeviationClass.STOCK_DIFFERENCE, number, (lot,), ())
    work.create(
        stock_differences, difference_id=number, reconciliation_id=name, location_id=location,
        material_id=material, lot_id=lot, status=status, unit=unit, deviation_id=deviation,
        state=DifferenceState.OPEN.value, found_at=microseconds(work.now),
        **_content(difference),
    )
    mes, wms = difference.amounts
    work.alarm("RECONCILIATION_DIFFERENCE", f"{number}: MES {mes:f}, WMS {wms:f} of {lot}")


def _content(difference: Difference) -> dict[str, str]:
    mes, wms = difference.amounts
    involved = sorted({*difference.mes, *difference.wms})
    pairs = [(difference.mes.get(sscc), difference.wms.get(sscc)) for sscc in involved]
    detail = [
        [row.to_json() if row else None for row in pair] for pair in pairs if pair[0] != pair[1]
    ]
    return {"mes_quantity": f"{mes:f}", "wms_quantity": f"{wms:f}", "detail": json.dumps(detail)}


def _keep(work: Work, name: str, counts: tuple[int, int, int], *, answered: bool) -> None:
    places, apart, found = counts
    work.create(
        reconciliations, reconciliation_id=name, compared_at=microseconds(work.now),
        compared_by=work.actor.account, answered=int(answered), places=places,
        set_apart=apart, found=found,
        next_at=microseconds(later(work.now, _EVERY if answered else _SILENT_EVERY)),
        ordinal=next_number(work.connection, "reconciliations"),
    )


# implements FRS-REC-005
# implements FRS-REC-006
# implements FRS-REC-007
def _check_open(work: Work, command: CloseDifference) -> Row | Refusal:
    row = work.find(stock_differences, command.difference_id)
    if row is None:
        return Refusal(Code.UNKNOWN_DIFFERENCE, "differenceId", command.difference_id)
    if row["state"] == DifferenceState.CLOSED:
        return Refusal(Code.DIFFERENCE_CLOSED, "differenceId", row["adjustment_id"])
    if row["deviation_id"] != command.deviation_id:
        return Refusal(Code.DEVIATION_NOT_LINKED, "deviationId", row["deviation_id"])
    return row


# implements FRS-REC-010
# implements FRS-REC-011
# implements FRS-REC-012
def _check_detail(work: Work, row: Row) -> Refusal | None:
    for mes, wms in _detail(row):
        told = wms or mes
        assert told is not None
        lot = work.find(lots, told.lot_id)
        if lot is None:
            return Refusal(Code.UNKNOWN_LOT, "differenceId", told.lot_id)
        held = work.find(containers, told.sscc)
        status = status_of(held, lot["status"]) if held else lot["status"]
        if wms is not None and wms.status != status:
            return Refusal(Code.STATUS_DIFFERS, "differenceId", f"{told.sscc} is {status}")
        now = None if held is None else (held["lot_id"], held["location_id"], held["quantity"])
        if not _is_as_compared(now, mes) and not _is_as_compared(now, wms):
            return Refusal(Code.DIFFERENCE_MOVED, "differenceId", told.sscc)
    return None


def _is_as_compared(now: tuple[str, str, str] | None, row: HeldRow | None) -> bool:
    if row is None:
        return now is None or Quantity.of(f"{now[2]} C62").value == 0
    return now is not None and now[:2] == (row.lot_id, row.location_id) and (
        Quantity.of(f"{now[2]} C62").value == row.quantity.value
    )


def _adjust(work: Work, mes: HeldRow | None, wms: HeldRow | None) -> None:
    if wms is None:
        assert mes is not None
        work.change(containers, mes.sscc, quantity="0")
        return
    place = {"location_id": wms.location_id, "quantity": text(wms.quantity)}
    if work.find(containers, wms.sscc):
        work.change(containers, wms.sscc, lot_id=wms.lot_id, **place)
    else:
        work.create(
            containers, sscc=wms.sscc, lot_id=wms.lot_id, unit=wms.quantity.unit.value, **place
        )


def _open(work: Work) -> list[Row]:
    return work.connection.rows(_OPEN, state=DifferenceState.OPEN.value)


def _place(row: Row) -> Place:
    return (row["location_id"], row["material_id"], row["lot_id"], row["status"], row["unit"])


def _detail(row: Row) -> list[tuple[HeldRow | None, HeldRow | None]]:
    read = HeldRow.from_json
    return [
        (read(mes) if mes else None, read(wms) if wms else None)
        for mes, wms in json.loads(row["detail"])
    ]


def _touched(row: Row, ssccs: frozenset[str], of_lots: frozenset[str]) -> bool:
    inside = {held.sscc for pair in _detail(row) for held in pair if held}
    return bool(inside & ssccs) or row["lot_id"] in of_lots


def _shown(row: Row, settings: Settings) -> ReconciliationRow:
    return ReconciliationRow(
        reconciliation_id=row["reconciliation_id"], compared_by=row["compared_by"],
        compared_at=from_microseconds(row["compared_at"], settings.site_zone),
        answered=bool(row["answered"]), places=row["places"], set_apart=row["set_apart"],
        found=row["found"], next_at=from_microseconds(row["next_at"], settings.site_zone),
    )


def _difference(row: Row, settings: Settings) -> DifferenceRow:
    closed = row["closed_at"]
    same = ("difference_id", "reconciliation_id", "location_id", "material_id", "lot_id",
            "status", "unit", "deviation_id", "state", "adjustment_id", "reason", "closed_by",
            "signature_id")
    return DifferenceRow.model_validate({
        **{name: row[name] for name in same},
        "mes": Quantity.of(f"{row['mes_quantity']} {row['unit']}"),
        "wms": Quantity.of(f"{row['wms_quantity']} {row['unit']}"),
        "found_at": from_microseconds(row["found_at"], settings.site_zone),
        "closed_at": from_microseconds(closed, settings.site_zone) if closed else None,
    })
