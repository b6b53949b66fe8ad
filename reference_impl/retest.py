"""When a lot has to be tested again, as the tables of both systems keep it.

Source: URS-EXP-001.
"""

from __future__ import annotations

from datetime import date

from contracts.model.instants import microseconds
from reference_impl.domain.lot_status import expiry_instant
from reference_impl.records.work import Work


# implements FRS-EXP-006
def retest_columns(work: Work, retest_on: date | None) -> dict[str, str | int]:
    """What the table of lots keeps of a retest date; nothing where there is none."""
    if retest_on is None:
        return {}
    ends = expiry_instant(retest_on, work.settings.site_zone)
    return {"retest_on": retest_on.isoformat(), "retest_at": microseconds(ends)}


def read_retest_day(text: str | None) -> date | None:
    """The retest date that a column holds."""
    return date.fromisoformat(text) if text else None
