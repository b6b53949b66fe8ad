"""The command ``kpi``: key figures from exported journals, held against the limits of the site.

A figure beyond its limit opens a deviation: :func:`deviation_of` says what stands in it, and
whoever keeps deviations is handed that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from contracts.model.verdicts import Exit
from simulator.kpis import (
    Breach,
    Figure,
    JournalUnreadable,
    Limit,
    breaches_of,
    figures_of,
    read_journals,
    read_limits,
    report_bytes,
    report_of,
)
from simulator.kpis.report import FORMAT


@dataclass(frozen=True)
class Wanted:
    """What to compute from, what to hold it against, where to write it."""

    journals: tuple[Path, ...]
    limits: Path | None = None
    json: Path | None = None
    failures_max: int = 10


def show_figures(wanted: Wanted, console: Console) -> Exit:
    """Compute, tell and write. Raises: JournalUnreadable, JournalBroken, LimitsUnreadable."""
    _check_free(wanted.json)
    exchange = read_journals((str(path), path.read_bytes()) for path in wanted.journals)
    figures = figures_of(exchange, wanted.failures_max)
    limits = read_limits(wanted.limits.read_bytes()) if wanted.limits else ()
    breaches, unheld = breaches_of(figures, limits)
    for breach in breaches:
        console.print(f"BEYOND  {breach.sentence}", markup=False)
    for limit in unheld:
        console.print(f"OPEN    {limit.figure} is not computable", markup=False)
    for figure in figures:
        console.print(_line(figure), markup=False)
    if wanted.json is not None:
        report = report_of(exchange, wanted.failures_max)
        wanted.json.write_bytes(report_bytes(_judged(report, breaches, unheld)))
    if breaches:
        return Exit.FAILED
    return Exit.INCONCLUSIVE if unheld else Exit.PASSED


def _check_free(path: Path | None) -> None:
    """Refuse to write over anything but figures: a journal cannot be made again."""
    if path is None or not path.exists():
        return
    if f'"format":"{FORMAT}"'.encode() not in path.read_bytes():
        raise JournalUnreadable(f"{path} exists and holds no key figures; name another file")


def deviation_of(breach: Breach) -> dict[str, Any]:
    """What the deviation holds that a breach opens. Source: URS-KPI-002, 21 CFR 211.192."""
    return {
        "source": f"kpi/{breach.figure.about.id}",
        "requirement": breach.figure.about.requirement,
        "finding": breach.sentence,
        "events": len(breach.figure.events),
        "eventsSha256": breach.figure.to_json()["eventsSha256"],
    }


def _judged(
    report: dict[str, Any], breaches: Iterable[Breach], unheld: Iterable[Limit]
) -> dict[str, Any]:
    return {
        **report,
        "deviations": [deviation_of(breach) for breach in breaches],
        "notHeld": [limit.figure for limit in unheld],
    }


def _line(figure: Figure) -> str:
    shown = ", ".join(f"{name} {value}" for name, value in figure.measures.items())
    unit = "" if figure.unit in ("1", "count") else f" {figure.unit}"
    return f"{figure.about.name} [{figure.about.family.value}]: {shown or figure.why_not}{unit}"
