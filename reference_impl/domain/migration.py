"""What a migration must keep: counts, sums and content, of what comes and of what was there.

Source: URS-MIG-001; EU GMP Annex 11 4.8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from contracts.model.codes import Code, Refusal
from contracts.model.migration import MigratedKind, Total
from contracts.model.quantities import Quantity, Unit
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import digest_of

Contents = Mapping[str, Mapping[str, Any]]
"""The content of each record of a kind, by its id."""
Records = Mapping[MigratedKind, Contents]


def total_of(kind: MigratedKind, contents: Contents) -> Total:
    """Count, sums and content of the records of a kind."""
    ordered = [_in_order(contents[record_id]) for record_id in sorted(contents)]
    return Total(
        kind=kind, records=len(ordered), sums=_sums(ordered), content_sha256=digest_of(ordered)
    )


def totals_of(records: Records) -> tuple[Total, ...]:
    """The total of each kind that has records, in the order of the kinds."""
    return tuple(total_of(kind, records[kind]) for kind in MigratedKind if records.get(kind))


# implements FRS-MIG-001
# implements FRS-MIG-002
# implements FRS-MIG-003
def check_kept(declared: Sequence[Total], found: Sequence[Total]) -> Refusal | None:
    """Refuse what is not, in count, sum and content, what the source has declared."""
    by_kind = {total.kind: total for total in found}
    if len({total.kind for total in declared}) != len(declared) or len(declared) != len(found):
        kinds = ", ".join(total.kind for total in found) or "nothing"
        return Refusal(Code.RECORDS_DIFFER, "declared", f"what came is {kinds}")
    for index, wanted in enumerate(declared):
        came = by_kind.get(wanted.kind)
        at = f"declared[{index}]"
        if came is None or came.records != wanted.records:
            number = came.records if came else 0
            return Refusal(Code.RECORDS_DIFFER, f"{at}.records", f"{number} are there")
        if came.sums != wanted.sums:
            sums = ", ".join(map(str, came.sums)) or "nothing"
            return Refusal(Code.SUMS_DIFFER, f"{at}.sums", f"they add up to {sums}")
        if came.content_sha256 != wanted.content_sha256:
            return Refusal(
                Code.CONTENT_HASH_DIFFERS, f"{at}.contentSha256", "read back it is another"
            )
    return None


# implements FRS-MIG-003
def check_untouched(before: Records, after: Records) -> Refusal | None:
    """Refuse where a record that was there is gone, or is not as it was."""
    for kind, contents in before.items():
        for record_id, content in contents.items():
            if after[kind].get(record_id) != content:
                return Refusal(Code.CONTENT_HASH_DIFFERS, "declared", f"{kind} {record_id}")
    return None


# implements FRS-MIG-004
def check_new(coming: Sequence[str], known: Contents, path: str) -> Refusal | None:
    """Refuse a record that is there already, or that comes twice."""
    times = Counter(coming)
    for index, record_id in enumerate(coming):
        if record_id in known or times[record_id] > 1:
            return Refusal(Code.ALREADY_EXISTS, f"{path}[{index}]", record_id)
    return None


def _sums(contents: Sequence[Mapping[str, Any]]) -> tuple[Quantity, ...]:
    sums: dict[str, Decimal] = {}
    for content in contents:
        amount = content.get("quantity")
        if amount is not None:
            sums[amount["unit"]] = sums.get(amount["unit"], Decimal(0)) + Decimal(amount["value"])
    return tuple(Quantity(value=sums[unit], unit=Unit(unit)) for unit in sorted(sums))


def _in_order(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with arrays of words and of objects in order: they are sets."""
    return {
        name: sorted(value, key=_place) if isinstance(value, list | tuple) else value
        for name, value in content.items()
    }


def _place(item: Any) -> str:
    return item if isinstance(item, str) else canonical_bytes(item).decode()
