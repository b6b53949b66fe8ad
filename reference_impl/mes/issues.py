"""What was issued to orders: how it is booked, read and shown.

Sources: URS-DSP-002, URS-DSP-003, URS-DSP-008.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby

from sqlalchemy import bindparam, select

from contracts.model.codes import Refusal
from contracts.model.inspection_dispensing import BackflushRow, WeighingRow, Wip, WipRow
from contracts.model.inspection_dispensing import Weighings as WeighingsExport
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.messages import MESSAGES
from contracts.model.messages.dispensing import IssueMode, MaterialIssued
from contracts.model.quantities import Quantity, Unit
from contracts.model.stimulus import RiskRecord
from reference_impl.assays import current_assay
from reference_impl.batch_inputs import note_issue
from reference_impl.conversions import post_rounding
from reference_impl.domain.backflush import check_issue_mode
from reference_impl.domain.dispensing import OrderLine, Portion
from reference_impl.link.outbox import About, put
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import quantity, text
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import (
    bom_lines,
    containers,
    genealogy,
    issues,
    materials,
    pick_lines,
    staged_returns,
    weighings,
)

_OF_LINE = Statement(
    select(issues)
    .where(issues.c.order_id == bindparam("order_id"), issues.c.line_id == bindparam("line_id"))
    .order_by(issues.c.issued_at, issues.c.issue_id)
)
_INTO = Statement(select(issues).where(issues.c.container == bindparam("sscc")))
_LINES = Statement(
    select(bom_lines, materials.c.issue_mode, materials.c.risk_record)
    .join(materials, materials.c.material_id == bom_lines.c.material_id, isouter=True)
    .where(bom_lines.c.order_id == bindparam("order_id"))
    .order_by(bom_lines.c.line_id)
)
_WIP = Statement(
    select(issues).order_by(issues.c.order_id, issues.c.line_id, issues.c.lot_id)
)
_WEIGHINGS = Statement(
    select(issues, *(c for c in weighings.columns if c.name not in ("issue_id", "unit")),
           weighings.c.unit.label("scale_unit"))
    .join(issues, issues.c.issue_id == weighings.c.issue_id)
    .order_by(weighings.c.issue_id)
)
_BACKFLUSHED = Statement(
    select(bom_lines)
    .join(materials, materials.c.material_id == bom_lines.c.material_id)
    .where(materials.c.issue_mode == IssueMode.BACKFLUSH.value)
    .order_by(bom_lines.c.order_id, bom_lines.c.line_id)
)
_PICKED = Statement(
    select(pick_lines.c.picked.label("quantity"), pick_lines.c.unit).where(
        pick_lines.c.order_id == bindparam("order_id"),
        pick_lines.c.line_id == bindparam("line_id"),
    )
)
_STAGED_BACK = Statement(
    select(staged_returns).where(
        staged_returns.c.order_id == bindparam("order_id"),
        staged_returns.c.line_id == bindparam("line_id"),
    )
)


# implements FRS-DSP-006
def book(work: Work, fact: MaterialIssued) -> None:
    """Take an issue out of its source container, keep it, and tell the warehouse."""
    source = work.find(containers, fact.source_container)
    assert source is not None
    left = quantity(source) - fact.quantity
    work.change(containers, fact.source_container, quantity=text(left))
    note_issue(work, fact.lot_id, fact.order_id, fact.quantity)
    computed = fact.mode is IssueMode.BACKFLUSH
    work.create(
        issues, issue_id=fact.issue_id, mode=fact.mode.value, order_id=fact.order_id,
        line_id=fact.line_id, material_id=fact.material_id, lot_id=fact.lot_id,
        source=fact.source_container, container=fact.to_container,
        quantity=text(fact.quantity), returned="0",
        consumed=text(fact.quantity) if computed else "0", unit=fact.quantity.unit.value,
        potency=f"{fact.potency:f}" if fact.potency else None,
        issued_at=microseconds(fact.issued_at), issued_by=fact.issued_by,
    )
    if fact.to_container is not None:
        _keep_weighing(work, fact)
    if fact.conversion is not None:
        post_rounding(work, fact.issue_id, fact.lot_id, fact.quantity, fact.conversion.residue)
    about = About(f"container/{fact.source_container}", fact.order_id)
    put(work, MESSAGES["material-issued"], fact, about)


def left_of(issue: Row) -> Quantity:
    """What of an issue was neither returned, scrapped nor consumed."""
    gone = quantity(issue, "returned") + quantity(issue, "consumed") + scrapped_of(issue)
    return quantity(issue) - gone


def scrapped_of(issue: Row) -> Quantity:
    """What of an issue was given up in process."""
    return Quantity(value=Decimal(issue["scrapped"] or "0"), unit=Unit(issue["unit"]))


def issued_into(connection: Connection, sscc: str) -> Row | None:
    """The issue that filled a container, or None."""
    return connection.row(_INTO, sscc=sscc)


def issues_of(connection: Connection, order_id: str, line_id: str) -> list[Row]:
    """What was issued for a line, oldest first."""
    return connection.rows(_OF_LINE, order_id=order_id, line_id=line_id)


def lines_of(connection: Connection, order_id: str) -> list[Row]:
    """The lines of an order, with issue mode and risk record of their materials."""
    return connection.rows(_LINES, order_id=order_id)


def mode_of(material: Row | None) -> IssueMode:
    """How a material is issued; in real time where nothing else was decided."""
    named = material["issue_mode"] if material else None
    return IssueMode(named) if named else IssueMode.REAL_TIME


def order_line(connection: Connection, row: Row) -> OrderLine:
    """A line of the bill of materials, with what was issued for it and not returned."""
    unit = Unit(row["unit"])
    basis = row["potency_basis"]
    return OrderLine(
        material_id=row["material_id"],
        quantity=quantity(row),
        tolerance_low=Quantity(value=Decimal(row["tolerance_low"] or "0"), unit=unit),
        tolerance_high=quantity(row, "tolerance_high"),
        potency_basis=Decimal(basis) if basis else None,
        before=tuple(
            _portion(connection, issue)
            for issue in issues_of(connection, row["order_id"], row["line_id"])
        ),
        minimum_shelf_life_days=row["minimum_shelf_life_days"],
    )


def check_issue_modes(work: Work, order_id: str) -> Refusal | None:
    """Refuse an order with a material whose issue mode no risk record bears."""
    for line in lines_of(work.connection, order_id):
        kept = line["risk_record"]
        record = RiskRecord.model_validate_json(kept) if kept else None
        refusal = check_issue_mode(line["material_id"], mode_of(line), record, "orderId")
        if refusal:
            return refusal
    return None


def show_wip(connection: Connection, _: Settings, __: int) -> Wip:
    """What is in process, and what the computed lines have left over."""
    key = ("order_id", "line_id", "material_id", "lot_id")
    grouped = groupby(connection.rows(_WIP), lambda row: tuple(row[name] for name in key))
    return Wip(
        rows=tuple(_wip_row(dict(zip(key, names, strict=True)), [*of]) for names, of in grouped),
        backflushed=tuple(
            _backflush_row(connection, line) for line in connection.rows(_BACKFLUSHED)
        ),
    )


def show_weighings(connection: Connection, settings: Settings, _: int) -> WeighingsExport:
    """All dispensed containers."""
    return WeighingsExport(
        rows=tuple(_weighing_row(row, settings) for row in connection.rows(_WEIGHINGS))
    )


def _keep_weighing(work: Work, fact: MaterialIssued) -> None:
    assert fact.weighing is not None
    assert fact.verification is not None
    due = fact.weighing.calibration_due
    work.create(
        weighings, issue_id=fact.issue_id, gross=text(fact.weighing.gross),
        tare=text(fact.weighing.tare), unit=fact.weighing.gross.unit.value,
        scale_id=fact.weighing.scale_id, calibration_due=due.isoformat() if due else None,
        verified_by=fact.verification.person_id,
        override_reason=fact.override.reason if fact.override else None,
    )
    work.create(
        genealogy, child=fact.to_container, parent=fact.source_container,
        quantity=text(fact.quantity), unit=fact.quantity.unit.value, cause=fact.issue_id,
    )


def _portion(connection: Connection, issue: Row) -> Portion:
    kept = quantity(issue) - quantity(issue, "returned") - scrapped_of(issue)
    assay = current_assay(connection, issue["lot_id"])
    return Portion(kept.value, assay.potency if assay else None)


def _wip_row(names: dict[str, str], of: list[Row]) -> WipRow:
    return WipRow.model_validate({
        **names,
        **{
            member: _sum(of, column, of[0]["unit"])
            for member, column in (
                ("issued", "quantity"), ("returned", "returned"), ("consumed", "consumed")
            )
        },
        "scrapped": sum(map(scrapped_of, of), Quantity.zero(Unit(of[0]["unit"]))),
    })


def _backflush_row(connection: Connection, line: Row) -> BackflushRow:
    key = {"order_id": line["order_id"], "line_id": line["line_id"]}
    unit = line["unit"]
    staged = _sum(connection.rows(_PICKED, **key), "quantity", unit)
    consumed = _sum(connection.rows(_OF_LINE, **key), "consumed", unit)
    returned = _sum(connection.rows(_STAGED_BACK, **key), "quantity", unit)
    return BackflushRow(
        order_id=line["order_id"], line_id=line["line_id"], staged=staged, consumed=consumed,
        returned=returned, open=staged - consumed - returned,
    )


def _sum(rows: list[Row], column: str, unit: str) -> Quantity:
    return sum((quantity(row, column) for row in rows), Quantity.zero(Unit(unit)))


def _on_scale(row: Row, column: str) -> Quantity:
    return Quantity(value=Decimal(row[column]), unit=Unit(row["scale_unit"]))


def _weighing_row(row: Row, settings: Settings) -> WeighingRow:
    due = row["calibration_due"]
    return WeighingRow(
        dispense_id=row["issue_id"], order_id=row["order_id"], line_id=row["line_id"],
        material_id=row["material_id"], lot_id=row["lot_id"], source_container=row["source"],
        container=row["container"], gross=_on_scale(row, "gross"), tare=_on_scale(row, "tare"),
        net=quantity(row), left=left_of(row),
        potency=Decimal(row["potency"]) if row["potency"] else None, scale_id=row["scale_id"],
        calibration_due=date.fromisoformat(due) if due else None,
        weighed_at=from_microseconds(row["issued_at"], settings.site_zone),
        performed_by=row["issued_by"], verified_by=row["verified_by"],
        overridden=row["override_reason"] is not None,
    )
