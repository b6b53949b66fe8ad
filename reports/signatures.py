"""Signatures on paper and in a table: from the JSON that a system exports, with that JSON attached.

Every row shows printed name, user id, role, meaning and the instant in UTC and at the site. A
signature that does not hold, by the export or by whoever checked it anew, stands there as UNSIGNED.
Source: 21 CFR 11.50(b); URS-SIG-001, URS-SIG-003.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime

from pydantic import ValidationError

from contracts.model.inspection_signatures import SignatureRow, Signatures, SignatureState
from contracts.record.digests import sha256
from contracts.record.strict_json import Unreadable, read_json
from reports import wording
from reports.completeness import DocumentIncomplete, read_back, squeezed
from reports.edition import css_text, rendered
from reports.press import Press

TITLE = "Electronic signatures"
ATTACHED = "signatures.json"
SIGNED, UNSIGNED = "SIGNED", "UNSIGNED"


class NotSignatures(ValueError):
    """A file that holds something else; the message says what is wrong with it."""


@dataclass(frozen=True)
class Shown:
    """One signature as it is printed; the fields are the columns."""

    signature: str
    printed_name: str
    user_id: str
    role: str
    meaning: str
    signed_at_utc: str
    signed_at_site: str
    record: str
    state: str


def read_signatures(raw: bytes) -> Signatures:
    """The export that a file holds. Raises: NotSignatures."""
    try:
        return Signatures.from_json(read_json(raw))
    except Unreadable as exc:
        raise NotSignatures(f"this is no JSON document: {exc}") from exc
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NotSignatures(f"this is no export of signatures: {where}: {first['msg']}") from exc


def shown_of(export: Signatures, faults: Mapping[str, str]) -> tuple[Shown, ...]:
    """The rows to print; ``faults`` say of an id why the signature is not of its record."""
    return tuple(_shown(row, faults.get(row.signature_id, "")) for row in export.rows)


def csv_of(rows: tuple[Shown, ...]) -> str:
    """The rows as CSV (RFC 4180)."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([field.name for field in fields(Shown)])
    writer.writerows(astuple(row) for row in rows)
    return stream.getvalue()


def print_signatures(raw: bytes, rows: tuple[Shown, ...]) -> bytes:
    """The PDF of an export; the same bytes give the same PDF.

    Raises: DocumentIncomplete, PrintingFailed.
    """
    digest = sha256(raw)
    page = rendered(
        "signatures.html", rows=rows, title=TITLE, wording=wording, furniture=_furniture(digest),
    )
    at = max((row.signed_at for row in read_signatures(raw).rows), default=None)
    pdf = Press().print(page, raw, at, name=ATTACHED)
    lacking = sorted(shortcomings(pdf, rows, raw))
    if lacking:
        raise DocumentIncomplete(f"{TITLE}: {lacking[0]}")
    return pdf


def shortcomings(pdf: bytes, rows: tuple[Shown, ...], raw: bytes) -> Iterator[str]:
    """What the finished PDF does not show."""
    printed = read_back(pdf)
    for row in rows:
        for text in astuple(row):
            if squeezed(text) not in printed.text:
                yield f"does not show {text} of {row.signature}"
    if printed.attachments.get(ATTACHED) != raw:
        yield "does not carry the export itself"


def _shown(row: SignatureRow, fault: str) -> Shown:
    if fault:
        state = f"{UNSIGNED}: {fault}"
    elif row.state is not SignatureState.VALID:
        state = f"{UNSIGNED}: {row.state}"
    else:
        state = SIGNED
    return Shown(
        signature=row.signature_id, printed_name=row.printed_name, user_id=row.person_id,
        role=row.role, meaning=row.meaning, signed_at_utc=_utc(row.signed_at_utc),
        signed_at_site=f"{wording.moment(row.signed_at)} {row.zone}",
        record=f"{row.record_type} {row.record_id}, version {row.record_version}", state=state,
    )


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _furniture(digest: str) -> str:
    """What every page says, as CSS strings."""
    foot = f"SHA-256 of {ATTACHED}: {digest}"
    return (
        f"@page {{ @top-left {{ content: {css_text(f'{wording.PRODUCT} · {TITLE}')} }} "
        f"@bottom-left {{ content: {css_text(foot)} }} }}"
    )
