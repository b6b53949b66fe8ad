"""Pictures of both systems, and what a refusal may add to them.

A refusal leaves the exports of ``STATE`` of both systems as they were.
Journal and audit trail grow by the attempt and its refusal, and by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model.inspection import (
    Audit,
    AuditAction,
    AuditRow,
    Containers,
    Genealogy,
    Inventory,
    Journal,
    JournalRow,
    Lots,
    Outbox,
)
from contracts.model.inspection_adjustments import Adjustments, Counts, Deviations, Samples
from contracts.model.inspection_dispensing import Weighings, Wip
from contracts.model.inspection_packing import Aggregations, Labels, Shipments
from contracts.model.inspection_receipts import Asns
from contracts.model.inspection_reconciling import MasterData
from contracts.model.operations import OPERATIONS
from contracts.model.roles import Role
from contracts.model.wire_model import WireModel
from simulator.evidence import BEYOND
from simulator.site import Site

STATE: tuple[tuple[str, type[WireModel]], ...] = (
    ("inventory", Inventory),
    ("lots", Lots),
    ("containers", Containers),
    ("genealogy", Genealogy),
    ("counts", Counts),
    ("adjustments", Adjustments),
    ("deviations", Deviations),
    ("samples", Samples),
    ("master-data", MasterData),
    ("outbox", Outbox),
    ("aggregations", Aggregations),
    ("labels", Labels),
    ("shipments", Shipments),
    ("asns", Asns),
    ("wip", Wip),
    ("weighings", Weighings),
)


@dataclass(frozen=True)
class Picture:
    """What both systems showed at one moment; of journal and audit trail only where they ended."""

    state: dict[tuple[Role, str], object]
    journal_end: dict[Role, int]
    audit_end: dict[Role, int]


@dataclass(frozen=True)
class Growth:
    """What came to journal and audit trail of one system since a picture."""

    journal: tuple[JournalRow, ...]
    audit: tuple[AuditRow, ...]

    @property
    def refusals(self) -> tuple[AuditRow, ...]:
        """The refusals among the audit entries."""
        return tuple(row for row in self.audit if row.action is AuditAction.REFUSE)


def take_picture(site: Site) -> Picture:
    """Read the state of both systems."""
    state: dict[tuple[Role, str], object] = {}
    for role in Role:
        for name, model in STATE:
            if f"{role}/{name}" not in OPERATIONS:
                continue  # only one of the two systems has it to show
            state[(role, name)] = _comparable(site.client(role).ask(name, model))
    return Picture(
        state,
        {role: _journal(site, role, BEYOND).last_position for role in Role},
        {role: _audit(site, role, BEYOND).last_sequence for role in Role},
    )


def differences(before: Picture, after: Picture) -> list[str]:
    """Each export that is not as it was, in words."""
    found = []
    for (role, name), old in before.state.items():
        new = after.state[(role, name)]
        if new != old:
            found.append(f"{name} of {role.upper()} was {old!r} and is {new!r}")
    return found


def growth(site: Site, before: Picture, role: Role) -> Growth:
    """What one system wrote into journal and audit trail since the picture."""
    return Growth(
        _journal(site, role, before.journal_end[role]).rows,
        _audit(site, role, before.audit_end[role]).rows,
    )


def _comparable(export: WireModel) -> object:
    content = export.to_json()
    # How many messages were settled so far is a count of the past, not a message to be delivered.
    content.pop("settled", None)
    return content


def _journal(site: Site, role: Role, after: int) -> Journal:
    return site.client(role).ask("journal", Journal, f"after={after}")


def _audit(site: Site, role: Role, after: int) -> Audit:
    return site.client(role).ask("audit", Audit, f"after={after}")
