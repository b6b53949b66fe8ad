"""What a periodic review has to look at, from what both systems show of a period.

Whatever was done, raised or opened within the period is listed, and what was still open when it
ended. Nothing is judged here: a person assesses each topic.
Source: URS-CHG-004; EU GMP Annex 11 §11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from contracts.model.inspection import Journal
from contracts.model.inspection_people import AccessReview
from contracts.model.instants import read_timestamp, write_timestamp
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from contracts.record.reviews import ReviewMaterial, Topic
from contracts.wire.clients import SystemClient
from simulator.kpis import JournalBroken, JournalUnreadable, figures_of, read_journals
from simulator.kpis.report import report_of
from simulator.trail.exceptions import ReviewRules, exceptions_in

Row = dict[str, Any]
_SHOWN = ("audit", "alarms", "dead-letters", "deviations", "recoveries", "watching", "site-profile")
_ENDED_LETTERS = ("SETTLED", "DISCARDED")


@dataclass(frozen=True)
class Period:
    """From when until when; what happened at the end is in it, at the beginning is not."""

    start: datetime
    end: datetime

    def holds(self, at: object) -> bool:
        """Whether an instant of an export lies in it; what is not there does not."""
        return isinstance(at, str) and self.start < read_timestamp(at) <= self.end


@dataclass(frozen=True)
class Sources:
    """What is reviewed: exports by system and name, journals, and the access reviews."""

    shown: Mapping[tuple[Role, str], Row]
    journals: tuple[tuple[str, bytes], ...]
    access: Mapping[Role, AccessReview]
    elsewhere: Mapping[Topic, tuple[str, ...]] = field(default_factory=dict)
    """What runs of the harness and approved papers add: changes and deviations."""

    def rows(self, name: str) -> Iterator[tuple[Role, Row]]:
        """The rows of an export of both systems."""
        for role in Role:
            yield from ((role, row) for row in self.shown[role, name].get("rows", ()))


def read_sources(
    client: Callable[[Role], SystemClient], access: Mapping[Role, AccessReview],
    elsewhere: Mapping[Topic, tuple[str, ...]] | None = None,
) -> Sources:
    """Read both systems; ``client`` gives the harness's client of each.

    Raises: Unexpected, ContractBroken, NoAnswer.
    """
    shown = {(role, name): client(role).content(name) for role in Role for name in _SHOWN}
    journals = tuple(
        (f"{role}.json", canonical_bytes(client(role).ask("journal", Journal).to_json()))
        for role in Role
    )
    return Sources(shown, journals, access, elsewhere or {})


def material_of(
    sources: Sources, target: str, period: Period, rules: ReviewRules
) -> ReviewMaterial:
    """Everything that a review of the period has to look at, topic by topic."""
    found: dict[Topic, Iterable[str]] = {
        Topic.CHANGES: _changes(sources, period),
        Topic.DEVIATIONS: _deviations(sources, period),
        Topic.INCIDENTS: _incidents(sources, period),
        Topic.ACCESS: _access(sources, period),
        Topic.AUDIT_TRAIL: _exceptions(sources, period, rules),
        Topic.RESTORES: _restores(sources, period),
        Topic.KEY_FIGURES: _figures(sources, period),
    }
    topics = {
        topic: (*entries, *sources.elsewhere.get(topic, ())) for topic, entries in found.items()
    }
    read = {
        f"{role}/{name}": len(sources.shown[role, name].get("rows", ()))
        for role in Role for name in _SHOWN if "rows" in sources.shown[role, name]
    }
    return ReviewMaterial(
        target=target, covers_from=period.start, covers_until=period.end, read=read, topics=topics,
    )


def _changes(sources: Sources, period: Period) -> Iterator[str]:
    """Values of the site profile that were approved within the days of the period."""
    for role, row in sources.rows("site-profile"):
        approved = str(row.get("approvedOn", ""))
        if approved and period.start.date().isoformat() <= approved:
            yield (f"{role.upper()}: {row['name']} is {row['value']}, approved as "
                   f"{row.get('approvedValue', '')} on {approved} under {row.get('changeId', '')} "
                   f"by {row.get('approvedBy', '')}")


def _deviations(sources: Sources, period: Period) -> Iterator[str]:
    for role, row in sources.rows("deviations"):
        is_open = row["state"] != "CLOSED"
        if is_open or period.holds(row["openedAt"]) or period.holds(row.get("closedAt")):
            closed = f", closed at {row['closedAt']}" if row.get("closedAt") else ""
            yield (f"{role.upper()}: deviation {row['deviationId']} ({row['deviationClass']}) of "
                   f"{row['source']}, opened at {row['openedAt']}, {row['state']}{closed}")


def _incidents(sources: Sources, period: Period) -> Iterator[str]:
    for role, row in sources.rows("alarms"):
        seen = row.get("acknowledgement")
        if seen is None or period.holds(row["at"]) or period.holds(seen["at"]):
            told = f"acknowledged by {seen['user']} at {seen['at']}: {seen['comment']}" if seen \
                else "acknowledged by nobody"
            yield (f"{role.upper()}: alarm {row['alarmId']} {row['name']} at {row['at']}: "
                   f"{row['detail']}; {told}")
    for role, row in sources.rows("dead-letters"):
        if row["state"] not in _ENDED_LETTERS or period.holds(row["deadAt"]):
            yield (f"{role.upper()}: {row['type']} {row['messageId']} was a dead letter at "
                   f"{row['deadAt']}, {row['state']}: {row['why']}")


def _access(sources: Sources, period: Period) -> Iterator[str]:
    """Every account, with what somebody has to look at."""
    for role in Role:
        review = sources.access[role]
        for person in review.people:
            yield (f"{role.upper()}: {person.person_id} {person.printed_name}, {person.state}, "
                   f"{', '.join(person.duties) or 'no duty'}, owned by {person.owner}, "
                   f"{_used(person.last_used_at, period)}")
        for service in review.services:
            yield (f"{role.upper()}: {service.account}, {service.state}, may call "
                   f"{len(service.operations)} operations, owned by {service.owner}, "
                   f"{_used(service.last_used_at, period)}")


def _used(at: datetime | None, period: Period) -> str:
    if at is None:
        return "never used"
    since = "" if at > period.start else "NOT IN THIS PERIOD, "
    return f"{since}last used at {write_timestamp(at)}"


def _exceptions(sources: Sources, period: Period, rules: ReviewRules) -> Iterator[str]:
    trails = {role: sources.shown[role, "audit"]["rows"] for role in Role}
    for one in exceptions_in(trails, rules):
        if period.holds(one.at):
            yield (f"{one.role.upper()}: {one.anomaly} at {one.at} by {one.account}, {one.about}: "
                   f"{one.detail}")


def _restores(sources: Sources, period: Period) -> Iterator[str]:
    for role, row in sources.rows("recoveries"):
        if row["state"] != "DONE" or period.holds(row["begunAt"]):
            yield (f"{role.upper()}: restored at {row['begunAt']} to position "
                   f"{row['restoredToPosition']}, {len(row['gaps'])} entries of its gap list, "
                   f"{row['state']}")
    for role in Role:
        kept = sources.shown[role, "watching"].get("backups")
        if kept is None:
            yield f"{role.upper()}: it was not told where backups are kept, so none is watched"
            continue
        yield (f"{role.upper()}: last backup {_last(kept.get('takenAt'))}, last restore test "
               f"{_last(kept.get('restoreTestedAt'))}; allowed are {_hours(kept['intervalMaxS'])} "
               f"and {_hours(kept['restoreTestAgeMaxS'])}")


def _last(at: str | None) -> str:
    return f"at {at}" if at else "never"


def _hours(seconds: int) -> str:
    return f"{timedelta(seconds=seconds) // timedelta(hours=1)} h"


def _figures(sources: Sources, period: Period) -> Iterator[str]:
    """The figures of all journals, and those of each day of the period beside them."""
    try:
        exchange = read_journals(sources.journals)
    except (JournalBroken, JournalUnreadable) as exc:
        yield f"no figure can be computed: {exc}"
        return
    for figure in figures_of(exchange):
        yield f"{figure.about.name}: {_measures(figure.measures) or figure.why_not}"
    for point in report_of(exchange)["trend"]:
        if period.start.date().isoformat() <= point["day"] <= period.end.date().isoformat():
            told = [f"{one['id']} {_measures(one['measures'])}"
                    for one in point["figures"] if one["measures"]]
            yield f"{point['day']}: {'; '.join(told)}"


def _measures(measures: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in measures.items())
