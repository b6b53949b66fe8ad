"""What one system answers about genealogy and batches, in plant names: traces, records, movements.

Asked once after a run, for every lot and every packed unit of it. Source: URS-GEN-001, URS-BPR-002.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import quote

from contracts.model.inspection_batch import BatchRecord, Movements
from contracts.model.inspection_tracing import BackwardTrace, ForwardTrace
from contracts.model.roles import Role
from contracts.wire.clients import SystemClient
from simulator.namespace import Namespace

# Where material is that production owns, in the ledger of a warehouse.
IN_PROCESS = "WIP"


@dataclass(frozen=True)
class WentTo:
    """Where a lot went: orders, units at every level, and what left, with its consignee."""

    orders: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    shipped: frozenset[tuple[str, str]] = frozenset()


class BatchLine(NamedTuple):
    """What entered or left one batch: by its business event, or by the container it left."""

    kind: str
    event: str
    container: str
    lot: str
    quantity: Decimal


@dataclass
class Traces:
    """The answers of one system. ``lines`` are of batch records in MES, of movements in WMS."""

    forward: dict[str, WentTo] = field(default_factory=dict)
    backward: dict[str, frozenset[str]] = field(default_factory=dict)
    lines: list[BatchLine] = field(default_factory=list)


def read_traces(
    client: SystemClient, names: Namespace, lots: Iterable[str], units: Iterable[str],
    orders: Iterable[str],
) -> Traces:
    """Ask a system for everything; lots, units and orders by their names in the plant."""
    traces = Traces()
    for lot in sorted(lots):
        traces.forward[lot] = _forward(client, names, lot)
    for unit in sorted(units):
        traces.backward[unit] = _backward(client, names, unit)
    if client.role is Role.WMS:
        traces.lines = _moved(client, names)
    else:
        for order in sorted(orders):
            traces.lines += _recorded(client, names, order)
    return traces


def _forward(client: SystemClient, names: Namespace, lot: str) -> WentTo:
    """Where a lot went; nowhere, where the system refuses to say."""
    shown = client.call("trace-forward", query=f"lotId={quote(names.id(lot), safe='')}").value
    if not isinstance(shown, ForwardTrace):
        return WentTo()
    return WentTo(
        frozenset(names.name(batch.order_id) for batch in shown.batches),
        frozenset(names.name(unit.sscc) for unit in shown.units),
        frozenset((names.name(row.sscc), names.name(row.customer_id)) for row in shown.shipped),
    )


def _backward(client: SystemClient, names: Namespace, unit: str) -> frozenset[str]:
    shown = client.call("trace-backward", query=f"unit={names.sscc(unit)}").value
    lots = shown.lots if isinstance(shown, BackwardTrace) else ()
    return frozenset(names.name(lot) for lot in lots)


def _recorded(client: SystemClient, names: Namespace, order: str) -> list[BatchLine]:
    """What the batch record of an order tells."""
    query = f"orderId={quote(names.id(order), safe='')}"
    record = client.call("batch-record", query=query).value
    if not isinstance(record, BatchRecord):
        return []
    lines: list[BatchLine] = []
    for row in record.components:
        into = names.name(row.container or row.source_container)
        lot = names.name(row.lot_id)
        issue = names.name(row.issue_id)
        lines.append(BatchLine("issued", issue, into, lot, row.quantity.value))
        if row.returned.value:
            lines.append(BatchLine("returned", "", into, lot, row.returned.value))
    lines += [
        BatchLine("packed", names.name(row.pack_id), names.name(row.sscc),
                  names.name(row.lot_id), row.quantity.value)
        for row in record.packed
    ]
    return lines


def _moved(client: SystemClient, names: Namespace) -> list[BatchLine]:
    """What the ledger of the warehouse tells of the same batches."""
    lines: list[BatchLine] = []
    for row in client.ask("movements", Movements).rows:
        if not names.owns(row.lot_id):
            continue
        event, lot, amount = names.name(row.cause), names.name(row.lot_id), row.quantity.value
        source, target = names.name(row.from_container), names.name(row.to_container)
        if row.to_location == IN_PROCESS:
            lines.append(BatchLine("issued", event, target, lot, amount))
        elif row.from_location == IN_PROCESS:
            lines.append(BatchLine("returned", "", source, lot, amount))
        elif row.from_location.startswith("order/"):
            lines.append(BatchLine("packed", event, target, lot, amount))
    return lines
