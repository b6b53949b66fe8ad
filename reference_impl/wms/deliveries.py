"""Announced deliveries: taken over, shown, and closed short by a supervisor.

Sources: URS-RCV-001, URS-RCV-005.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import CloseAsn
from contracts.model.inspection_receipts import AsnLineRow, AsnRow, Asns, ReceiptRow
from contracts.model.instants import from_microseconds
from contracts.model.receipts import AsnState, Condition, Discrepancy
from contracts.model.stimulus import Asn, AsnLine, Load
from reference_impl.domain.reasons import check_reason
from reference_impl.domain.receipts import AnnouncedLine, check_asn_open, state_after
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.retest import read_retest_day
from reference_impl.settings import Settings
from reference_impl.stock import quantity
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import asn_lines, asns, materials, receipts

_ASNS = Statement(select(asns).order_by(asns.c.asn_id))
_LINES_OF_ALL = Statement(
    select(asn_lines, materials.c.gtin.label("item_gtin"))
    .join(materials, materials.c.material_id == asn_lines.c.material_id, isouter=True)
    .order_by(asn_lines.c.asn_id, asn_lines.c.line_id)
)
_LINES = Statement(
    select(asn_lines, materials.c.gtin.label("item_gtin"))
    .join(materials, materials.c.material_id == asn_lines.c.material_id, isouter=True)
    .where(asn_lines.c.asn_id == bindparam("asn_id"))
    .order_by(asn_lines.c.line_id)
)
_RECEIPTS = Statement(select(receipts).order_by(receipts.c.asn_id, receipts.c.receipt_id))


@dataclass(frozen=True)
class Delivery:
    """An announced delivery with its lines, in their order."""

    asn_id: str
    state: AsnState
    lines: Sequence[AnnouncedLine]

    def line(self, line_id: str) -> AnnouncedLine | None:
        """A line by its id."""
        return next((line for line in self.lines if line.line_id == line_id), None)


def load_asns(work: Work, body: Load) -> int:
    """Take over the ASNs of a document. What is known already is left. Returns: ASNs taken."""
    return sum(_take(work, asn) for asn in body.asns)


def delivery(work: Work, asn_id: str) -> Delivery | None:
    """A delivery by its ASN; None where it was not announced."""
    row = work.find(asns, asn_id)
    if row is None:
        return None
    lines = [_line(line) for line in work.connection.rows(_LINES, asn_id=asn_id)]
    return Delivery(asn_id, AsnState(row["state"]), lines)


# implements FRS-RCV-018
def follow_delivery(work: Work, asn_id: str) -> AsnState:
    """Enter where an ASN stands after a receipt. Returns: its state."""
    lines = [_line(line) for line in work.connection.rows(_LINES, asn_id=asn_id)]
    state = state_after(lines)
    work.change(asns, asn_id, state=state.value)
    return state


# implements FRS-RCV-001
# implements FRS-RCV-019
# implements FRS-RCV-020
def close_asn(work: Work, command: CloseAsn, accounts: Accounts) -> Refusal | None:
    """A supervisor decides by signature that the rest of a delivery will not come."""
    announced = delivery(work, command.asn_id)
    if announced is None:
        return Refusal(Code.UNKNOWN_ASN, "asnId", command.asn_id)
    refusal = check_asn_open(announced.asn_id, announced.state) or check_reason(command.reason)
    if refusal:
        return refusal
    if command.signature is None:
        return Refusal(Code.SIGNATURE_REQUIRED, "signature", "a short ASN is closed by signature")
    signed = accounts.sign_command(work, command, command.signature, ("asns", command.asn_id))
    if isinstance(signed, Refusal):
        return signed
    work.change(asns, command.asn_id, state=AsnState.CLOSED_SHORT.value)
    return None


def show_asns(connection: Connection, settings: Settings, _: int) -> Asns:
    """All ASNs with their lines and receipts."""
    lines, arrived = defaultdict(list), defaultdict(list)
    for row in connection.rows(_LINES_OF_ALL):
        lines[row["asn_id"]].append(_line_row(row))
    for row in connection.rows(_RECEIPTS):
        arrived[row["asn_id"]].append(_receipt_row(row, settings))
    return Asns(
        rows=tuple(
            AsnRow(
                asn_id=row["asn_id"], supplier=row["supplier"], state=AsnState(row["state"]),
                lines=tuple(lines[row["asn_id"]]), receipts=tuple(arrived[row["asn_id"]]),
            )
            for row in connection.rows(_ASNS)
        )
    )


def _take(work: Work, asn: Asn) -> bool:
    if work.find(asns, asn.asn_id):
        return False
    work.create(asns, asn_id=asn.asn_id, supplier=asn.supplier, state=AsnState.OPEN.value)
    for line in asn.lines:
        _take_line(work, asn.asn_id, line)
    return True


def _take_line(work: Work, asn_id: str, line: AsnLine) -> None:
    work.create(
        asn_lines, asn_id=asn_id, line_id=line.line_id, sscc=line.sscc,
        material_id=line.material_id, gtin=line.gtin, supplier_lot=line.supplier_lot,
        expires_on=line.expires_on.isoformat(), quantity=f"{line.quantity.value:f}",
        unit=line.quantity.unit.value, received="0",
        retest_on=line.retest_on.isoformat() if line.retest_on else None,
    )


def _line(row: Row) -> AnnouncedLine:
    return AnnouncedLine(
        row["line_id"], row["sscc"], row["material_id"], row["gtin"] or row["item_gtin"],
        row["supplier_lot"], date.fromisoformat(row["expires_on"]), quantity(row),
        quantity(row, "received"), read_retest_day(row["retest_on"]),
    )


def _line_row(row: Row) -> AsnLineRow:
    return AsnLineRow(
        line_id=row["line_id"], sscc=row["sscc"], material_id=row["material_id"],
        gtin=row["gtin"] or row["item_gtin"], supplier_lot=row["supplier_lot"],
        expires_on=date.fromisoformat(row["expires_on"]), expected=quantity(row),
        received=quantity(row, "received"), retest_on=read_retest_day(row["retest_on"]),
    )


def _receipt_row(row: Row, settings: Settings) -> ReceiptRow:
    discrepancy, made = row["discrepancy"], row["manufactured_on"]
    return ReceiptRow(
        receipt_id=row["receipt_id"], line_id=row["line_id"], container=row["sscc"],
        lot_id=row["lot_id"], quantity=quantity(row), condition=Condition(row["condition"]),
        discrepancy=Discrepancy(discrepancy) if discrepancy else None,
        received_at=from_microseconds(row["received_at"], settings.site_zone),
        received_by=row["received_by"],
        manufactured_on=date.fromisoformat(made) if made else None, serial=row["serial"],
        keyed=tuple(json.loads(row["keyed"] or "[]")), verified_by=row["verified_by"],
    )
