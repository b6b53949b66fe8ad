"""The deviations of a run on paper: those that a person approved, and a draft for each failure.

Source: EU GMP Annex 15 2.9 and 2.10 (deviations documented, their impact assessed).
"""

from __future__ import annotations

from contracts.record.deviations import Deviation
from reports.deviations import Approved
from reports.edition import Edition
from reports.trace import Check
from reports.wording import DEVIATIONS_TITLE


def deviation_report(edition: Edition) -> str:
    """The HTML of ``deviations.pdf``."""
    drafts = draft_checks(edition)
    return edition.page(
        "deviations.html", DEVIATIONS_TITLE, approved=edition.approved, drafts=drafts,
        covered=lambda deviation: covered(edition, deviation),
        contents=_contents(edition.approved, drafts),
    )


def draft_checks(edition: Edition) -> tuple[tuple[str, Check], ...]:
    """Each check that failed, with the number of its draft."""
    trace = edition.trace
    return tuple((trace.draft_of(c), c) for c in trace.checks if trace.draft_of(c))


def covered(edition: Edition, deviation: Deviation) -> tuple[Check, ...]:
    """The checks of this run that a deviation names."""
    checks = edition.trace.protocol(deviation.protocol).checks
    return tuple(check for check in checks if check.id in deviation.results)


def _contents(
    approved: tuple[Approved, ...], drafts: tuple[tuple[str, Check], ...]
) -> tuple[tuple[int, str, str, str], ...]:
    names = [item.deviation.number for item in approved]
    return (
        (1, "approved", "1", "Approved deviations"),
        *((2, name, name, "approved") for name in names),
        (1, "drafts", "2", "Draft deviations"),
        *((2, number, number, check.id) for number, check in drafts),
    )
