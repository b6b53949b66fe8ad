"""The shift at a glance: five lanes over local time, faults and expiries marked and numbered.

Only geometry is decided here, in tenths of a millimetre; the template draws it. Marks differ by
shape, never by colour alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contracts.record.history import Event, Lane
from reports.wording import zone

LEFT, WIDTH, TOP, LANE = 150, 1545, 62, 92
_NEAR = 62
"""Marks of one sort that are nearer than this share a label: ``F4–F10``."""
MARKS_MAX = 40
_STEPS_MIN = (1, 5, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 10080)
_TICKS_MAX = 12
_TELLING = ("outcome", "fate")
"""Details of an event that say how it went."""


class Sign(StrEnum):
    """What an event is drawn as."""

    EVENT = "event"
    REFUSAL = "refusal"
    SILENCE = "no answer"
    FAULT = "fault"
    EXPIRY = "lot expiry"


_LETTERS = {Sign.FAULT: "F", Sign.EXPIRY: "E"}


@dataclass(frozen=True)
class Drawn:
    """One sign in a lane."""

    x: float
    y: float
    sign: Sign


@dataclass(frozen=True)
class Mark:
    """A numbered sign with a line through all lanes, explained in the table below the plot."""

    x: float
    y: float
    label: str
    sign: Sign
    at: str
    event: str
    subject: str


@dataclass(frozen=True)
class Tag:
    """A label in the plot, for one mark or for several that stand close together."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Timeline:
    """Everything that the drawing needs, and what is told beside it."""

    lanes: tuple[tuple[str, float, int], ...]
    """Name, middle and number of events."""
    ticks: tuple[tuple[float, str], ...]
    drawn: tuple[Drawn, ...]
    marks: tuple[Mark, ...]
    marks_more: int
    tags: tuple[Tag, ...]
    signs: tuple[Sign, ...]
    zone: str
    begin: str
    end: str
    events: int
    happenings: tuple[tuple[str, str, int], ...]
    """Lane, event and how often."""

    @property
    def height(self) -> float:
        """Of the whole drawing, legend included."""
        return TOP + LANE * len(self.lanes) + 62

    @property
    def right(self) -> float:
        """Where time ends."""
        return LEFT + WIDTH

    @property
    def floor(self) -> float:
        """Where the lanes end."""
        return TOP + LANE * len(self.lanes)


def timeline(history: tuple[Event, ...], configuration: Mapping[str, object]) -> Timeline | None:
    """The drawing of a history in the site's local time; None where there is no history."""
    if not history:
        return None
    place, name = local_zone(configuration, history[0].at)
    begin, end = history[0].at.astimezone(place), history[-1].at.astimezone(place)
    scale = Scale(begin, max(end, begin + timedelta(minutes=1)))
    marks = tuple(_marks(history, scale, place))
    return Timeline(
        lanes=_lanes(history),
        ticks=tuple(ticks(scale)),
        drawn=_drawn(history, scale),
        marks=marks[:MARKS_MAX],
        marks_more=len(marks) - len(marks[:MARKS_MAX]),
        tags=tuple(_tags(marks[:MARKS_MAX])),
        signs=tuple(sign for sign in Sign if sign in {_sign(event) for event in history}),
        zone=name,
        begin=f"{begin:%Y-%m-%d %H:%M:%S}",
        end=f"{end:%Y-%m-%d %H:%M:%S}",
        events=len(history),
        happenings=_happenings(history),
    )


def local_zone(configuration: Mapping[str, object], first: datetime) -> tuple[tzinfo, str]:
    """The site's zone from the configuration, else the offset that the history carries."""
    for name in _zones(configuration):
        try:
            place = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        return place, f"{name} ({zone(first.astimezone(place))})"
    offset = first.tzinfo
    assert offset is not None
    return offset, zone(first)


@dataclass(frozen=True)
class Scale:
    """Time along the paper, in tenths of a millimetre."""

    begin: datetime
    end: datetime
    left: float = LEFT
    width: float = WIDTH

    @property
    def right(self) -> float:
        """Where time ends."""
        return self.left + self.width

    def x(self, at: datetime) -> float:
        """Where an instant lies."""
        return round(self.left + self.width * ((at - self.begin) / (self.end - self.begin)), 1)


def _zones(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in sorted(value.items()):
            if name in ("siteZone", "site_zone", "zone") and isinstance(item, str):
                yield item
            yield from _zones(item)


def _lane_y(lane: Lane) -> float:
    return TOP + LANE * (list(Lane).index(lane) + 0.5)


def _lanes(history: Iterable[Event]) -> tuple[tuple[str, float, int], ...]:
    counts = Counter(event.lane for event in history)
    return tuple((lane.value, _lane_y(lane), counts[lane]) for lane in Lane)


def _drawn(history: Iterable[Event], scale: Scale) -> tuple[Drawn, ...]:
    """One sign per place: what would be drawn on top of its like is drawn once."""
    drawn = (Drawn(scale.x(e.at), _lane_y(e.lane), _sign(e)) for e in history)
    return tuple(dict.fromkeys(drawn))


def _marks(history: Iterable[Event], scale: Scale, place: tzinfo) -> Iterator[Mark]:
    numbers: Counter[Sign] = Counter()
    for event in history:
        sign = _sign(event)
        if sign not in _LETTERS:
            continue
        numbers[sign] += 1
        yield Mark(
            x=scale.x(event.at), y=_lane_y(event.lane), sign=sign,
            label=f"{_LETTERS[sign]}{numbers[sign]}",
            at=f"{event.at.astimezone(place):%Y-%m-%d %H:%M:%S}",
            event=event.event, subject=event.subject,
        )


def _tags(marks: Iterable[Mark]) -> Iterator[Tag]:
    groups: dict[Sign, list[list[Mark]]] = {}
    for mark in marks:
        held = groups.setdefault(mark.sign, [])
        if held and mark.x - held[-1][0].x < _NEAR and mark.y == held[-1][0].y:
            held[-1].append(mark)
        else:
            held.append([mark])
    for group in (group for held in groups.values() for group in held):
        first, last = group[0], group[-1]
        text = first.label if first is last else f"{first.label}–{last.label}"
        yield Tag(min(last.x, LEFT + WIDTH - 60), first.y - 20, text)


def _sign(event: Event) -> Sign:
    name = " ".join((event.event, *(event.detail.get(part, "") for part in _TELLING))).lower()
    if event.lane is Lane.FAULT:
        return Sign.FAULT
    if "expir" in name:
        return Sign.EXPIRY
    if "refus" in name or "reject" in name:
        return Sign.REFUSAL
    if any(word in name for word in ("unknown", "lost", "no answer", "no-answer", "timeout")):
        return Sign.SILENCE
    return Sign.EVENT


def ticks(scale: Scale) -> Iterator[tuple[float, str]]:
    """Where the time axis is marked, and with what: at most a dozen round times."""
    span = (scale.end - scale.begin) / timedelta(minutes=1)
    step = next((s for s in _STEPS_MIN if span / s <= _TICKS_MAX), _STEPS_MIN[-1])
    midnight = scale.begin.replace(hour=0, minute=0, second=0, microsecond=0)
    index = -(-((scale.begin - midnight) // timedelta(minutes=1)) // step)
    while (at := midnight + timedelta(minutes=index * step)) <= scale.end:
        if at >= scale.begin:
            yield scale.x(at), f"{at:%m-%d}" if step >= 1440 else f"{at:%H:%M}"
        index += 1


def _happenings(history: Iterable[Event]) -> tuple[tuple[str, str, int], ...]:
    counts = Counter((event.lane, event.event) for event in history)
    order = list(Lane)
    told = [(lane, name, count) for (lane, name), count in counts.items()]
    told.sort(key=lambda item: (order.index(item[0]), -item[2], item[1]))
    return tuple((lane.value, name, count) for lane, name, count in told)
