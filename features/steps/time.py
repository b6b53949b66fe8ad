"""Time: which instant a record carries, with which offset, by whose clock."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pytest_bdd import parsers, then, when

from contracts.model.answers import Acknowledgement
from contracts.model.instants import read_timestamp, write_timestamp
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from contracts.wire.golden_steps import changed
from features.bench import Bench
from features.claims import equal, holds
from features.snapshots import growth
from features.steps.events import EVENTS
from simulator.counterpart import Draft

_MESSAGE = rf"(?P<message>{'|'.join(EVENTS)})"
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:.*")
_TO_MS = re.compile(r".*\.[0-9]{3,6}(Z|[+-][0-9]{2}:[0-9]{2})")


@when(parsers.re(rf"a counterpart sends {_MESSAGE} with (?P<value>[0-9]\S+) as (?P<path>\S+)"))
def sends_a_time(bench: Bench, message: str, value: str, path: str) -> None:
    """One time of a good message written otherwise."""
    event = EVENTS[message](bench)
    raw = canonical_bytes(changed(json.loads(event.draft.raw), path, value))
    attempt = bench.send(
        event.receiver, Draft(event.draft.message, event.draft.key, raw), event.id
    )
    bench.recorder.observe(f"{path} {value}: {attempt.answer}")


@when(parsers.re(
    rf"a counterpart sends {_MESSAGE} from a clock that is (?P<minutes>[0-9]+) minutes ahead"
))
def sends_from_wrong_clock(bench: Bench, message: str, minutes: str) -> None:
    """Every time of the message is the sender's, which is wrong."""
    event = EVENTS[message](bench)
    ahead = timedelta(minutes=int(minutes))
    raw = canonical_bytes(_shifted(json.loads(event.draft.raw), ahead))
    draft = Draft(event.draft.message, event.draft.key, raw)
    attempt = bench.send(event.receiver, draft, event.id)
    bench.recorder.observe(f"{minutes} minutes ahead of {bench.now}: {attempt.answer}")


@then(parsers.re(r"every new record of both systems says (?P<shown>\S+)"))
def new_records_say(bench: Bench, shown: str) -> None:
    """The very text, because a text has an offset and an instant has none."""
    assert bench.before is not None
    for role in Role:
        ends = {
            "journal": bench.before.journal_end[role], "audit": bench.before.audit_end[role]
        }
        for name, end in ends.items():
            rows = _json(bench, role, name, f"after={end}")["rows"]
            times = {row["at"] for row in rows}
            bench.recorder.observe(f"{role.upper()}: {len(rows)} rows of {name}, {times}")
            equal(times, {shown}, f"the {name} of {role.upper()} says")


@then("every time that both systems show has its offset and its milliseconds")
def every_time_has_its_offset(bench: Bench) -> None:
    """In every export that shows records: the offset is the one in force at that instant.

    Of all records those that speak of this scenario; what others have stated in offsets of their
    own is stored as they stated it.
    """
    about = f"about={bench.namespace.prefix}"
    for role in Role:
        shown = [_json(bench, role, "state", about)]
        shown += [_json(bench, role, name) for name in ("clock", "alarms")]
        times = [text for content in shown for text in _times(content)]
        wrong = sorted({text for text in times if not _is_right(text, bench)})
        bench.recorder.observe(f"{role.upper()}: {len(times)} times")
        holds(bool(times), f"{role.upper()} shows no time at all")
        holds(not wrong, f"{role.upper()} shows {', '.join(wrong[:5])}")


@then("audit trail, journal and acknowledgement carry the time of the receiver")
def receiver_time_counts(bench: Bench) -> None:
    """No time of the sender stands where the receiver's belongs."""
    assert bench.before is not None
    ack = bench.last.answer.as_(Acknowledgement)
    grown = growth(bench.site, bench.before, bench.last.role)
    found: set[datetime] = {ack.recorded_at}
    found |= {row.at for row in grown.journal} | {row.at for row in grown.audit}
    bench.recorder.observe(f"{len(grown.audit)} entries, {len(grown.journal)} rows: {found}")
    holds(bool(grown.audit), "nothing was entered into the audit trail")
    equal(found, {bench.now}, "times of the records")


def _is_right(text: str, bench: Bench) -> bool:
    if not _TO_MS.fullmatch(text):
        return False
    return write_timestamp(read_timestamp(text).astimezone(bench.zone)) == text


def _times(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for member in content:
            yield from _times(member)
    elif isinstance(content, str) and _TIME.fullmatch(content):
        yield content


def _shifted(content: Any, by: timedelta) -> Any:
    if isinstance(content, dict):
        return {name: _shifted(member, by) for name, member in content.items()}
    if isinstance(content, list):
        return [_shifted(member, by) for member in content]
    if isinstance(content, str) and _TIME.fullmatch(content):
        return write_timestamp(read_timestamp(content) + by)
    return content


def _json(bench: Bench, role: Role, name: str, query: str = "") -> Any:
    answer = bench.site.client(role).call(name, query=query)
    assert answer.raw is not None, f"{role} did not answer"
    return json.loads(answer.raw.body)
