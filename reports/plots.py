"""The plant's day in four plots, from the history alone: traffic, stock, time to settle, faults.

Only geometry is decided here, in tenths of a millimetre; the template draws it. What a plot shows
by shade or place it also says as a number or a word, so that it survives a grey printer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from contracts.model.lot_status import LotStatus
from contracts.record.history import Event, Lane
from reports.timeline import Scale, local_zone, ticks
from reports.wording import duration

LEFT, WIDTH, TOP = 330, 1365, 50
_BINS_MAX = 24
_HOURS = (1, 2, 3, 4, 6, 12, 24, 48, 168)
_NOT_TOLD = "status not told"
_GONE = frozenset({"issued", "consumed", "shipped", "scrapped", "emptied", "dispensed"})
_STEPS = {1: "1 s", 10: "10 s", 60: "1 min", 600: "10 min", 3600: "1 h", 21600: "6 h"}
"""Limits of the settling times in seconds, as they are told."""
_BAR = 34
_CURVE = 420


@dataclass(frozen=True)
class Square:
    """One cell of the traffic: where it is, how dark, and what is counted."""

    x: float
    y: float
    shade: str
    ink: str
    count: int


@dataclass(frozen=True)
class Traffic:
    """Messages by type and hour."""

    hours: int
    width: float
    heads: tuple[tuple[float, str], ...]
    rows: tuple[tuple[str, float, int], ...]
    """Type, middle and total."""
    squares: tuple[Square, ...]
    height: float


@dataclass(frozen=True)
class Band:
    """One status over the day: its outline, and where and how it is named."""

    status: str
    path: str
    shade: str
    label_y: float
    last: int
    most: int


@dataclass(frozen=True)
class Stock:
    """Containers by the status of their lot."""

    bands: tuple[Band, ...]
    levels: tuple[tuple[float, int], ...]
    ticks: tuple[tuple[float, str], ...]
    height: float


@dataclass(frozen=True)
class Bar:
    """One class of the settling times."""

    label: str
    y: float
    length: float
    count: int


@dataclass(frozen=True)
class Settling:
    """How long messages took from their first attempt to their delivery."""

    bars: tuple[Bar, ...]
    height: float
    longest: str


@dataclass(frozen=True)
class Strikes:
    """Faults on the time axis, a row for each sort."""

    rows: tuple[tuple[str, float, int], ...]
    marks: tuple[tuple[float, float], ...]
    ticks: tuple[tuple[float, str], ...]
    height: float


@dataclass(frozen=True)
class Plots:
    """The four plots; each is None where the history holds nothing of it."""

    traffic: Traffic | None
    stock: Stock | None
    settling: Settling | None
    strikes: Strikes | None


def plots(history: tuple[Event, ...], configuration: Mapping[str, object]) -> Plots | None:
    """The plots of a history in the site's local time; None where there is no history."""
    if not history:
        return None
    place, _ = local_zone(configuration, history[0].at)
    local = tuple(event.model_copy(update={"at": event.at.astimezone(place)}) for event in history)
    end = max(local[-1].at, local[0].at + timedelta(minutes=1))
    scale = Scale(local[0].at, end, LEFT, WIDTH - 170)
    return Plots(
        _traffic(local), _stock(local, scale), _settling(local), _strikes(local, scale)
    )


# --- traffic ------------------------------------------------------------------------------------


def _traffic(history: tuple[Event, ...]) -> Traffic | None:
    first = [e for e in history if e.lane is Lane.LINK and e.detail.get("attempt", "1") == "1"]
    if not first:
        return None
    begin = history[0].at.replace(minute=0, second=0, microsecond=0)
    span = (history[-1].at - begin) / timedelta(hours=1)
    hours = next((h for h in _HOURS if span / h <= _BINS_MAX), int(span // _BINS_MAX) + 1)
    bins = int(span // hours) + 1
    width = WIDTH / bins
    counts = Counter((e.event, int((e.at - begin) / timedelta(hours=hours))) for e in first)
    totals = Counter(e.event for e in first)
    names = sorted(totals)
    most = max(counts.values())
    y_of = {name: TOP + _BAR * (n + 0.5) for n, name in enumerate(names)}
    squares = tuple(
        _square(LEFT + width * at, y_of[name], count, count / most)
        for (name, at), count in sorted(counts.items())
    )
    heads = tuple(
        (LEFT + width * (at + 0.5), f"{begin + timedelta(hours=hours * at):%H}")
        for at in range(bins)
    )
    rows = tuple((name, y_of[name], totals[name]) for name in names)
    return Traffic(hours, width, heads, rows, squares, TOP + _BAR * len(names) + 8)


def _square(x: float, y: float, count: int, part: float) -> Square:
    level = round(244 - 170 * part)
    ink = "#ffffff" if level < 140 else "#1c1c1c"
    return Square(round(x, 1), round(y, 1), f"#{level:02x}{level:02x}{level:02x}", ink, count)


# --- stock --------------------------------------------------------------------------------------


def _stock(history: tuple[Event, ...], scale: Scale) -> Stock | None:
    points = tuple(_standing(history))
    most = max((sum(counts.values()) for _, counts in points), default=0)
    if not most:
        return None
    order = [*(s.value for s in LotStatus), _NOT_TOLD]
    present = {s for _, counts in points for s in counts if counts[s]}
    names = [s for s in order if s in present] + sorted(present - set(order))
    bands, floor = [], [0] * len(points)
    for number, status in enumerate(names):
        top = [low + counts[status] for low, (_, counts) in zip(floor, points, strict=True)]
        xs = [scale.x(at) for at, _ in points]
        level = 225 - 130 * number // max(1, len(names) - 1) if len(names) > 1 else 190
        bands.append(Band(
            status, _area(xs, floor, top, most, scale.right), f"#{level:02x}{level:02x}{level:02x}",
            _height((floor[-1] + top[-1]) / 2, most), top[-1] - floor[-1],
            max(high - low for low, high in zip(floor, top, strict=True)),
        ))
        floor = top
    step = max(1, -(-most // 4))
    levels = tuple((_height(n, most), n) for n in range(0, most + 1, step))
    return Stock(
        tuple(_apart(bands)), levels, tuple(ticks(scale)), TOP + _CURVE + 20
    )


def _standing(history: Iterable[Event]) -> Iterator[tuple[datetime, Counter[str]]]:
    """After each instant: how many containers stand in which status of their lot."""
    content: dict[str, tuple[str, Decimal]] = {}
    status: dict[str, str] = {}
    last: tuple[datetime, Counter[str]] | None = None
    for event in history:
        told = event.detail.get("to") or event.detail.get("status", "")
        lot = event.detail.get("lot", event.subject)
        if told in LotStatus.__members__ and event.detail.get("outcome", "ok") == "ok":
            status[lot] = told
        if event.lane is Lane.PLANT:
            _move(event, content)
        counts = Counter(status.get(lot, _NOT_TOLD) for lot, _ in content.values())
        if last and last[0] != event.at:
            yield last
        last = (event.at, counts)
    if last:
        yield last


def _move(event: Event, content: dict[str, tuple[str, Decimal]]) -> None:
    lot, quantity = event.detail.get("lot"), _number(event.detail.get("quantity", ""))
    if event.event in _GONE:
        _take(content, event.subject, quantity)
        return
    if lot is None or quantity is None:
        return
    source = event.detail.get("source", event.subject)
    if source != event.subject:
        _take(content, source, quantity)
        quantity += content.get(event.subject, ("", Decimal(0)))[1]
    content[event.subject] = (lot, quantity)


def _take(content: dict[str, tuple[str, Decimal]], name: str, quantity: Decimal | None) -> None:
    lot, held = content.get(name, ("", Decimal(0)))
    if quantity is None or held <= quantity:
        content.pop(name, None)
    else:
        content[name] = (lot, held - quantity)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.split(maxsplit=1)[0])
    except (InvalidOperation, IndexError):
        return None
    return number if number.is_finite() else None


def _height(value: float, most: int) -> float:
    return round(TOP + _CURVE * (1 - value / most), 1)


def _area(
    xs: list[float], low: list[int], high: list[int], most: int, right: float
) -> str:
    """A stepped area: along its upper edge to the right, along its lower edge back."""
    there, back = [], []
    for number, x in enumerate(xs):
        until = xs[number + 1] if number + 1 < len(xs) else right
        there.append(f"{x} {_height(high[number], most)}H{until}")
        back.append(f"{until} {_height(low[number], most)}H{x}")
    return f"M{'L'.join(there)}L{'L'.join(reversed(back))}Z"


def _apart(bands: list[Band]) -> Iterator[Band]:
    """The bands with their names far enough apart to be read."""
    lowest = float(TOP + _CURVE)
    for band in bands:
        y = min(band.label_y + 8, lowest)
        lowest = y - 28
        yield Band(band.status, band.path, band.shade, y, band.last, band.most)


# --- time to settle -----------------------------------------------------------------------------


def _settling(history: Iterable[Event]) -> Settling | None:
    began: dict[tuple[str, str], int] = {}
    first: list[datetime] = []
    settled: dict[int, float] = {}
    for event in history:
        if event.lane is not Lane.LINK:
            continue
        about = (event.event, event.subject)
        if about not in began or event.detail.get("attempt", "1") == "1":
            began[about] = len(first)
            first.append(event.at)
        message = began[about]
        if event.detail.get("fate", "delivered") == "delivered":
            settled.setdefault(message, (event.at - first[message]).total_seconds())
    if not first:
        return None
    counts: dict[int, int] = defaultdict(int)
    for seconds in settled.values():
        counts[sum(seconds > limit for limit in _STEPS)] += 1
    told = [*(f"up to {text}" for text in _STEPS.values()), "more than 6 h"]
    rows = [(label, counts[n]) for n, label in enumerate(told)]
    rows.append(("never in this history", len(first) - len(settled)))
    most = max(count for _, count in rows)
    bars = tuple(
        Bar(label, TOP + _BAR * (n + 0.5), round((WIDTH - 170) * count / most, 1), count)
        for n, (label, count) in enumerate(rows)
    )
    longest = duration(max(settled.values())) if settled else "none settled"
    return Settling(bars, TOP + _BAR * len(bars) + 8, longest)


# --- faults -------------------------------------------------------------------------------------


def _strikes(history: Iterable[Event], scale: Scale) -> Strikes | None:
    struck = [event for event in history if event.lane is Lane.FAULT]
    if not struck:
        return None
    counts = Counter(event.event for event in struck)
    y_of = {name: TOP + _BAR * (n + 0.5) for n, name in enumerate(sorted(counts))}
    marks = dict.fromkeys((scale.x(event.at), y_of[event.event]) for event in struck)
    return Strikes(
        tuple((name, y, counts[name]) for name, y in y_of.items()), tuple(marks),
        tuple(ticks(scale)), TOP + _BAR * len(y_of) + 8,
    )
