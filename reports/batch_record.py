"""A batch record on paper, from the JSON that production exports, with that JSON attached.

It prints what the record says and decides nothing; what the record lacks stands on its first page.
Source: 21 CFR 211.188; URS-BPR-001.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pydantic import ValidationError

from contracts.model.inspection_batch import BatchRecord
from contracts.record.digests import sha256
from contracts.record.strict_json import Unreadable, read_json
from reports import wording
from reports.completeness import DocumentIncomplete, read_back, squeezed
from reports.edition import css_text, rendered
from reports.press import Press

TITLE = "Batch record"
ATTACHED = "batch-record.json"


class NotABatchRecord(ValueError):
    """A file that holds something else; the message says what is wrong with it."""


def print_batch_record(raw: bytes) -> bytes:
    """The PDF of an exported batch record; the same bytes give the same PDF.

    Raises: NotABatchRecord, DocumentIncomplete, PrintingFailed.
    """
    record = read_batch_record(raw)
    page = rendered(
        "batch_record.html", record=record, title=f"{TITLE} {record.order_id}", wording=wording,
        furniture=_furniture(record, sha256(raw)),
    )
    pdf = Press().print(page, raw, _dated(record), name=ATTACHED)
    lacking = sorted(shortcomings(pdf, record, raw))
    if lacking:
        raise DocumentIncomplete(f"{TITLE}: {lacking[0]}")
    return pdf


def read_batch_record(raw: bytes) -> BatchRecord:
    """The record that a file holds. Raises: NotABatchRecord."""
    try:
        return BatchRecord.from_json(read_json(raw))
    except Unreadable as exc:
        raise NotABatchRecord(f"this is no JSON document: {exc}") from exc
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NotABatchRecord(f"this is no batch record: {where}: {first['msg']}") from exc


def shortcomings(pdf: bytes, record: BatchRecord, raw: bytes) -> Iterator[str]:
    """What the finished PDF does not show of the record."""
    printed = read_back(pdf)
    for what, text in _told(record):
        if squeezed(text) not in printed.text:
            yield f"does not show {what} {text}"
    digest = sha256(raw)
    for number, page in enumerate(printed.pages, 1):
        if digest not in page:
            yield f"page {number} does not show the digest of the record"
    if printed.attachments.get(ATTACHED) != raw:
        yield "does not carry the record itself"


def _told(record: BatchRecord) -> Iterator[tuple[str, str]]:
    """Everything that has to be found on paper."""
    yield "the order", record.order_id
    for row in record.components:
        yield "issue", row.issue_id
        yield "lot", row.lot_id
        yield "quantity", str(row.quantity)
    for entry in record.entries:
        yield "entry", entry.entry_id
        yield "checker", entry.checked_by
        yield "text", entry.text
    for unit in record.packed:
        yield "unit", unit.sscc
    for label in record.labels:
        yield "label", label.label_id
    for deviation in record.deviations:
        yield "deviation", deviation.deviation_id
    for one in record.missing:
        yield "missing element", f"{one.element}: {one.what}"
    for words in record.obstacles:
        yield "obstacle", words
    for udi in record.device.udi if record.device else ():
        yield "UDI", udi


def _dated(record: BatchRecord) -> datetime | None:
    """The date of the document: when the record was completed, or the last thing in it."""
    if record.completed is not None:
        return record.completed.signed_at
    entered = [entry.recorded_at for entry in record.entries]
    issued = [row.issued_at for row in record.components]
    return max((*entered, *issued), default=None)


def _furniture(record: BatchRecord, digest: str) -> str:
    """What every page says, as CSS strings."""
    state = "completed" if record.completed else "NOT COMPLETED"
    foot = f"Order {record.order_id} · {state}\nSHA-256 of {ATTACHED}: {digest}"
    return (
        f"@page {{ @top-left {{ content: {css_text(f'{wording.PRODUCT} · {TITLE}')} }} "
        f"@top-right {{ content: {css_text(state)} }} "
        f"@bottom-left {{ content: {css_text(foot)} }} }}"
    )
