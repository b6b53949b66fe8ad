"""What became of the labels of each order: shown at any time, counted by hand at the end.

Source: URS-LBL-003.
"""

from __future__ import annotations

import json
from collections import Counter

from sqlalchemy import bindparam, func, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ReconcileLabels
from contracts.model.counts import DeviationClass
from contracts.model.inspection_packing import LabelCount, LabelRow, Labels, ReconciliationRow
from contracts.model.instants import write_timestamp
from contracts.model.packing import LabelEncoding, LabelLocale, LabelState, UnitKind
from reference_impl.domain.labels import LabelBalance, check_balance
from reference_impl.domain.reasons import check_reason
from reference_impl.mes.deviations import open_deviation
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import quantity
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import label_reconciliations, labels, order_products, orders

_LABELS = Statement(select(labels).order_by(labels.c.label_id))
_COUNTED = Statement(select(label_reconciliations).order_by(label_reconciliations.c.order_id))
_STATES = Statement(
    select(labels.c.state, func.count().label("n"))
    .where(labels.c.order_id == bindparam("order_id"))
    .group_by(labels.c.state)
)


# implements FRS-PAK-004
# implements FRS-LBL-001
# implements FRS-LBL-004
def reconcile_labels(work: Work, command: ReconcileLabels) -> Refusal | None:
    """The labels of an order were counted: what is missing is justified, or nothing is."""
    if work.find(orders, command.order_id) is None:
        return Refusal(Code.UNKNOWN_ORDER, "orderId", command.order_id)
    if work.find(label_reconciliations, command.order_id):
        return Refusal(Code.LABELS_RECONCILED, "orderId", command.order_id)
    product = work.find(order_products, command.order_id)
    balance = _recorded(work, command.order_id)
    difference = balance.difference(command.applied, command.destroyed)
    allowed = product["label_difference_max"] if product else 0
    refusal = check_balance(balance, difference, allowed)
    if refusal is None and difference:
        refusal = check_reason(command.reason or "")
    if refusal:
        return refusal
    work.create(
        label_reconciliations, order_id=command.order_id,
        reconciliation_id=command.reconciliation_id, issued=balance.issued,
        applied=command.applied, destroyed=command.destroyed, difference=difference,
        reason=command.reason, counted_by=work.actor.account,
        counted_at=write_timestamp(work.now),
    )
    if difference:
        lots = (product["lot_id"],) if product else ()
        open_deviation(
            work, DeviationClass.RECONCILIATION_DIFFERENCE, command.reconciliation_id, lots,
            (command.order_id,),
        )
    return None


def show_labels(connection: Connection, _: Settings, __: int) -> Labels:
    """All prints, and for each order what became of them."""
    rows = connection.rows(_LABELS)
    by_order: dict[str, Counter[str]] = {}
    for row in rows:
        by_order.setdefault(row["order_id"], Counter())[row["state"]] += 1
    return Labels(
        rows=tuple(label_row(row) for row in rows),
        balances=tuple(_balance(order, by_order[order]) for order in sorted(by_order)),
        reconciliations=tuple(
            ReconciliationRow(**dict(row)) for row in connection.rows(_COUNTED)
        ),
    )


def _recorded(work: Work, order_id: str) -> LabelBalance:
    rows = work.connection.rows(_STATES, order_id=order_id)
    states = Counter({row["state"]: row["n"] for row in rows})
    shown = _balance(order_id, states)
    return LabelBalance(
        applied=shown.applied, destroyed=shown.spoiled + shown.void, open=shown.open
    )


def label_row(row: Row) -> LabelRow:
    """A print as it is shown."""
    fields = row["verified_fields"]
    return LabelRow(
        label_id=row["label_id"], sscc=row["sscc"], kind=UnitKind(row["kind"]),
        state=LabelState(row["state"]), order_id=row["order_id"],
        packaging_line_id=row["line_id"], printer_id=row["printer_id"], lot_id=row["lot_id"],
        quantity=quantity(row), reprint_of=row["reprint_of"],
        locale=LabelLocale(row["locale"]), encoding=LabelEncoding(row["encoding"]),
        printed_at=row["printed_at"],
        printed_by=row["printed_by"], verified_fields=json.loads(fields) if fields else None,
        reason=row["reason"],
    )


def _balance(order_id: str, states: Counter[str]) -> LabelCount:
    return LabelCount(
        order_id=order_id, issued=states.total(),
        open=states[LabelState.ISSUED.value] + states[LabelState.VERIFIED.value],
        applied=states[LabelState.APPLIED.value], spoiled=states[LabelState.SPOILED.value],
        void=states[LabelState.VOID.value],
    )
