"""All figures of some journals, over the whole time and day by day, as bytes that repeat."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from contracts.record.canonical import canonical_bytes
from simulator.kpis.business import business_figures
from simulator.kpis.exchange import FAILURES_MAX, exchange_figures
from simulator.kpis.figures import Figure
from simulator.kpis.journals import Exchange, Exchanged

FORMAT = "gxproof-kpi/1"


def figures_of(exchange: Exchange, failures_max: int = FAILURES_MAX) -> tuple[Figure, ...]:
    """Every figure, in a fixed order."""
    return (*exchange_figures(exchange, failures_max), *business_figures(exchange))


def report_of(exchange: Exchange, failures_max: int = FAILURES_MAX) -> dict[str, Any]:
    """The figures, and their trend by the day on which each message was written."""
    return {
        "format": FORMAT,
        "journals": sorted(exchange.journals),
        "messages": len(exchange.messages),
        "figures": [figure.to_json() for figure in figures_of(exchange, failures_max)],
        "trend": [
            {"day": day, "figures": [_point(f) for f in figures_of(part, failures_max)]}
            for day, part in _days(exchange)
        ],
    }


def report_bytes(report: dict[str, Any]) -> bytes:
    """The report as canonical JSON: the same journals give the same bytes."""
    return canonical_bytes(report) + b"\n"


def _point(figure: Figure) -> dict[str, Any]:
    return {"id": figure.about.id, "measures": figure.measures}


def _days(exchange: Exchange) -> list[tuple[str, Exchange]]:
    days: dict[str, list[Exchanged]] = defaultdict(list)
    for message in exchange.messages:
        if message.envelope is not None:
            days[message.envelope.time.date().isoformat()].append(message)
    return [(day, Exchange(tuple(of), exchange.journals)) for day, of in sorted(days.items())]
