"""The exception report: what somebody who reviews audit trails has to look at, and nothing else.

Rules are data of the site. Changes that one command made are one exception; what systems do for
themselves and for each other is none. Source: URS-AUD-007; EU GMP Annex 11 §9.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from contracts.model.inspection import AuditAction
from contracts.model.instants import read_timestamp
from contracts.model.operations import OPERATIONS, Group
from contracts.model.roles import Duty, Role
from simulator.trail.exports import Row

_COMMANDS = tuple(sorted({
    one.name for one in OPERATIONS.values() if one.group is Group.OPERATOR and one.keyed
}))
_CHANGES = (AuditAction.CREATE, AuditAction.CHANGE, AuditAction.DELETE)
# When something was done, as the person says who enters it.
_DONE_AT = ("endedAt", "recountedAt", "occurredAt")


class Anomaly(StrEnum):
    """Why an entry is looked at."""

    AFTER_HOURS = "after-hours change"
    CORRECTED_AGAIN = "repeated correction"
    ADMIN_ACTION = "admin action"
    CLOCK_CHANGE = "clock change"
    LATE_ENTRY = "late entry"


@dataclass(frozen=True)
class ReviewRules:
    """What a site takes for ordinary.

    ``opens`` and ``closes`` are local times, ``workdays`` Monday as 0. Where it closes before it
    opens the shift goes over midnight and belongs to the day on which it began; where both are
    equal there is work around the clock. More than
    ``corrections_max`` changes of one record by one of the ``corrections`` commands within
    ``corrections_within_h`` are repeated.
    """

    opens: time = time(6)
    closes: time = time(22)
    workdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    corrections: tuple[str, ...] = (
        "change-lot-status", "approve-adjustment", "record-assay", "correct-event",
        "complete-batch-record", "assign-duties", "close-difference",
    )
    corrections_max: int = 2
    corrections_within_h: int = 24
    late_above_s: int = 3600

    def is_open(self, at: datetime) -> bool:
        """Whether people work at this local time."""
        clock, today, yesterday = at.time(), at.weekday(), (at.weekday() - 1) % 7
        if self.opens < self.closes:
            return today in self.workdays and self.opens <= clock < self.closes
        evening = today in self.workdays and clock >= self.opens
        return evening or (yesterday in self.workdays and clock < self.closes)

    def fault(self) -> str | None:
        """Why nobody can review by these rules; None where one can."""
        days = self.workdays
        if not days or any(type(day) is not int or not 0 <= day <= 6 for day in days):
            return "workdays has to name days from 0 (Monday) to 6 (Sunday)"
        if len({*days}) != len(days):
            return "workdays names a day twice"
        for name in ("corrections_max", "corrections_within_h", "late_above_s"):
            if getattr(self, name) < 0:
                return f"{name} is below 0"
        unknown = [name for name in self.corrections if name not in _COMMANDS]
        if unknown:
            return f"corrections: {unknown[0]} is no command; there are {', '.join(_COMMANDS)}"
        return None


@dataclass(frozen=True)
class AuditException:
    """One exception. ``numbers`` are the entries of the audit trail that it is about."""

    anomaly: Anomaly
    role: Role
    numbers: tuple[int, ...]
    at: str
    account: str
    about: str
    detail: str

    def to_json(self) -> dict[str, Any]:
        """Members by their names in the export."""
        return {
            "anomaly": self.anomaly.value, "system": self.role.value,
            "entries": list(self.numbers), "at": self.at, "account": self.account,
            "about": self.about, "detail": self.detail,
        }


def exceptions_in(
    trails: Mapping[Role, Iterable[Row]], rules: ReviewRules
) -> tuple[AuditException, ...]:
    """The exceptions of both audit trails, in the order of their times."""
    found: list[AuditException] = []
    for role, rows in trails.items():
        acts = _acts(rows)
        found += _of_acts(role, acts, rules)
        found += _corrected_again(role, acts, rules)
    return tuple(sorted(found, key=lambda one: (read_timestamp(one.at), one.role, one.numbers)))


# One act: the entries that one command or cause made.
_Act = list[Row]


def _acts(rows: Iterable[Row]) -> list[_Act]:
    acts: dict[tuple[str, ...], _Act] = defaultdict(list)
    for row in rows:
        if row["action"] in _CHANGES:
            key = (row["at"], row["account"], row["reason"], row["correlationId"])
            acts[key].append(row)
    return list(acts.values())


def _of_acts(role: Role, acts: list[_Act], rules: ReviewRules) -> Iterator[AuditException]:
    for act in acts:
        first = act[0]
        clock = next((row for row in act if row["recordType"] == "clock"), None)
        if clock is not None:
            detail = f"from {clock['oldValue']} to {clock['newValue']}"
            yield _exception(Anomaly.CLOCK_CHANGE, role, act, detail)
        if not is_by_person(first):
            continue
        if first["role"] == Duty.ADMINISTRATOR:
            yield _exception(Anomaly.ADMIN_ACTION, role, act, first["reason"])
        if not rules.is_open(read_timestamp(first["at"])):
            detail = f"work is from {rules.opens:%H:%M} to {rules.closes:%H:%M}"
            yield _exception(Anomaly.AFTER_HOURS, role, act, detail)
        late_s = max((_late_s(row) for row in act), default=0)
        if late_s > rules.late_above_s:
            detail = f"entered {late_s // 60} minutes after it was done"
            yield _exception(Anomaly.LATE_ENTRY, role, act, detail)


def _corrected_again(
    role: Role, acts: list[_Act], rules: ReviewRules
) -> Iterator[AuditException]:
    """One exception for each run of corrections of one record that is too long."""
    by_record: dict[tuple[str, str, str], list[_Act]] = defaultdict(list)
    for act in acts:
        command = command_of(act[0])
        if is_by_person(act[0]) and command in rules.corrections:
            for record in {(row["recordType"], row["recordId"]) for row in act}:
                if any(row["action"] == AuditAction.CHANGE for row in act):
                    by_record[command, *record].append(act)
    within = timedelta(hours=rules.corrections_within_h)
    for (command, _, record_id), made in sorted(by_record.items()):
        close = [act for act in made if _at(made[-1]) - _at(act) <= within]
        if len(close) > rules.corrections_max:
            rows = [row for act in close for row in act if row["recordId"] == record_id]
            detail = f"{command} {len(close)} times within {rules.corrections_within_h} hours"
            yield _exception(Anomaly.CORRECTED_AGAIN, role, rows, detail)


def is_by_person(row: Row) -> bool:
    """Whether a person did it at this system; systems and messages act by accounts of systems."""
    return not str(row["account"]).startswith("urn:")


def command_of(row: Row) -> str:
    """What a person commanded; its reason begins with it."""
    return str(row["reason"]).split(" ")[0]


def _late_s(row: Row) -> int:
    value = row.get("newValue")
    if row["action"] != AuditAction.CREATE or not isinstance(value, str):
        return 0
    try:
        content = json.loads(value)
        done = [read_timestamp(str(content[name])) for name in _DONE_AT if content.get(name)]
    except (ValueError, TypeError):
        return 0
    return int((read_timestamp(row["at"]) - max(done)).total_seconds()) if done else 0


def _at(act: _Act) -> datetime:
    return read_timestamp(act[0]["at"])


def _exception(anomaly: Anomaly, role: Role, rows: list[Row], detail: str) -> AuditException:
    last = rows[-1]
    return AuditException(
        anomaly, role, tuple(row["sequence"] for row in rows), last["at"], str(last["account"]),
        f"{last['recordType']} {last['recordId']}", detail,
    )
