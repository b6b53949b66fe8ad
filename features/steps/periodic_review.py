"""The periodic review: what it holds of a period, and when one keeps IQ from passing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from pytest_bdd import given, parsers, then, when

from contracts.model.inspection_people import AccessReview
from contracts.model.instants import later, read_timestamp, write_timestamp
from contracts.model.roles import Role
from contracts.record.reviews import (
    PeriodicReview,
    ReviewMaterial,
    Topic,
    misfits,
    review_findings,
)
from features.bench import Bench
from features.claims import equal, holds
from features.reviewed_accounts import review_of
from features.steps.quality import QualityOnBench
from features.steps.watching import SystemWatched
from simulator.periodic_review import Period, material_of, read_sources
from simulator.trail.exceptions import ReviewRules

_BEGIN = "2026-03-30T00:00:00+02:00"
_UNTIL = "2026-03-31T00:00:00+02:00"
_DAYS = 365


@dataclass
class PeriodicReviews:
    """The material of each review of the scenario, oldest first; what is found about a review."""

    made: list[ReviewMaterial] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    @property
    def last(self) -> ReviewMaterial:
        """The material of the review that was made last."""
        return self.made[-1]


# --- what a review holds ------------------------------------------------------------------------


@given("the systems are reviewed up to here")
@when("the systems are reviewed again")
def review_now(bench: Bench) -> None:
    """From the end of the review before, else from the beginning of the day; a minute passes."""
    access = {role: review_of(bench, role) for role in Role}
    made = bench.part(PeriodicReviews).made
    start = made[-1].covers_until if made else read_timestamp(_BEGIN)
    period = Period(start, bench.now)
    sources = read_sources(bench.site.client, access)
    made.append(material_of(sources, bench.sut.name, period, ReviewRules()))
    bench.recorder.observe(", ".join(f"{t} {len(e)}" for t, e in made[-1].topics.items()))
    bench.site.set_clock(later(bench.now, timedelta(minutes=1)))


@then("the new review lists each of these under its topic")
def lists_each(bench: Bench, datatable: list[list[str]]) -> None:
    """An entry in which all of it stands."""
    for topic, what in datatable[1:]:
        for words in _words(bench, what):
            entry = _entry_of(bench.part(PeriodicReviews).last, Topic(topic), words)
            holds(bool(entry), f"{topic} does not list {what}: no entry with {', '.join(words)}")
            bench.recorder.observe(f"{topic}: {entry}")


@then("nothing of it stood in the one before")
def not_before(bench: Bench) -> None:
    """Alarm, deviation and account are of the new period."""
    before = bench.part(PeriodicReviews).made[0]
    for topic, what in (
        (Topic.INCIDENTS, "the alarm, and who looked"), (Topic.DEVIATIONS, "the open deviation"),
        (Topic.ACCESS, "the new account"),
    ):
        for words in _words(bench, what):
            equal(_entry_of(before, topic, words), "", f"{what} in the review before")


@then("the new review lists the open deviation, and not the alarm")
def only_what_is_open(bench: Bench) -> None:
    """Both stood in the review before."""
    before, last = bench.part(PeriodicReviews).made
    for words in _words(bench, "the open deviation"):
        holds(bool(_entry_of(before, Topic.DEVIATIONS, words)), "it was not in the one before")
        holds(bool(_entry_of(last, Topic.DEVIATIONS, words)), "the open deviation is not listed")
    for words in _words(bench, "the alarm, and who looked"):
        holds(bool(_entry_of(before, Topic.INCIDENTS, words)), "it was not in the one before")
        equal(_entry_of(last, Topic.INCIDENTS, words), "", "the alarm in the new review")


@then("it says how much was read of both systems")
def says_what_was_read(bench: Bench) -> None:
    """An empty topic over nothing would say nothing."""
    read = bench.part(PeriodicReviews).last.read
    bench.recorder.observe(", ".join(f"{name} {rows}" for name, rows in read.items()))
    for role in Role:
        for name in ("audit", "site-profile"):
            holds(read[f"{role}/{name}"] > 0, f"nothing was read of {name} of {role.upper()}")


def _words(bench: Bench, what: str) -> list[tuple[str, ...]]:
    """What stands in an entry about a thing; more than one where there are more entries."""
    alarm = bench.part(SystemWatched).alarm
    assert alarm is not None, "nobody has raised an alarm"
    support = bench.person_id("support")
    found: dict[str, list[tuple[str, ...]]] = {
        "the alarm, and who looked": [(f"alarm {alarm.alarm_id} ", "CLOCK_DRIFT", str(support))],
        "the open deviation": [("MES", bench.part(QualityOnBench).deviation_id, "OPEN")],
        "the new account": [("MES", "Example Newcomer", bench.namespace.prefix)],
        "the administrator's act": [("MES", "admin action", "NEWCOMER")],
        "backups of both systems": [(role.upper(), "backup") for role in Role],
        "the figures of 2026-03-30": [("2026-03-30:",)],
    }
    return found[what]


def _entry_of(material: ReviewMaterial, topic: Topic, words: tuple[str, ...]) -> str:
    entries = (e for e in material.topics[topic] if all(word in e for word in words))
    return next(entries, "")


# --- whether one stands -------------------------------------------------------------------------


@when(parsers.re(r"a signed review is held against its systems, (?:and )?(?P<what>.+)"))
def hold_review(bench: Bench, what: str) -> None:
    """One that nothing is wrong with, but for one thing."""
    of = "another" if what == "is of another target" else bench.sut.name
    kept, material = bench.part(PeriodicReviews), _material(bench, of)
    written = {**_written(material), **_WRONG.get(what, {})}
    if what == "nobody has assessed the restores":
        written["topics"] = {t: a for t, a in written["topics"].items() if t != Topic.RESTORES}
    if what in _CHANGED:
        material = material.model_copy(update={
            "topics": {**material.topics, Topic.RESTORES: (
                *material.topics[Topic.RESTORES][:_CHANGED[what]], "another entry",
            )}
        })
        if what == "its material has an entry more":
            written["materialSha256"] = material.sha256
    try:
        review = PeriodicReview.from_json(written)
    except ValidationError as exc:
        first = exc.errors()[0]
        kept.found = [f"{'.'.join(map(str, first['loc']))} {first['msg']}"]
    else:
        now = review.due_at + timedelta(seconds=what.startswith("a second after"))
        if what == "is dated tomorrow":
            now = review.at - timedelta(seconds=1)
        kept.found = [*misfits(review, material), *review_findings(review, bench.sut.name, now)]
    bench.recorder.observe("; ".join(kept.found) or "nothing is found")


@then(parsers.re(r"it is found about the review, because (?P<why>.+)"))
def found_about(bench: Bench, why: str) -> None:
    """That alone; with nothing wrong, nothing."""
    found = bench.part(PeriodicReviews).found
    if why == "nothing":
        equal(found, [], "findings")
    else:
        equal(len(found), 1, "findings")
        holds(why in found[0], f"found is {found[0]!r}, and not {why}")


_WRONG: dict[str, dict[str, Any]] = {
    "came to not fit for use": {"conclusion": "NOT_FIT_FOR_USE"},
    "is due in 367 days": {"intervalDays": 367},
    "names no actions that it asks for": {"conclusion": "FIT_WITH_ACTIONS", "actions": " "},
}
# How many of the entries about restores stay before another one; None: all of them.
_CHANGED = {"its material was changed afterwards": -1, "its material has an entry more": None}


def _material(bench: Bench, target: str) -> ReviewMaterial:
    """What both systems show of a day, without anybody's account; each tells of its backups."""
    nobody = dict.fromkeys(Role, AccessReview(people=(), services=()))
    period = Period(read_timestamp(_BEGIN), read_timestamp(_UNTIL))
    sources = read_sources(bench.site.client, nobody)
    return material_of(sources, target, period, ReviewRules())


def _written(material: ReviewMaterial) -> dict[str, Any]:
    return {
        "number": "REV-2026-1", "target": material.target, "coversFrom": _BEGIN,
        "coversUntil": _UNTIL, "materialSha256": material.sha256, "intervalDays": _DAYS,
        "topics": {topic.value: {"entries": len(entries), "assessment": "Looked at, in order"}
                   for topic, entries in material.topics.items()},
        "conclusion": "FIT_FOR_USE", "approvedBy": "Example Quality",
        "meaning": "Reviewed and approved", "at": write_timestamp(read_timestamp(_UNTIL)),
    }
