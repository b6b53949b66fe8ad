"""How long keys are remembered, held against everything that can bring a message again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.inspection_delivery import Horizon, Memory, Retention
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal, holds

_DAY = 86_400
# What everybody has who sends, keeps dead letters and restores: nothing else may be left out.
_HORIZONS = 3


@dataclass
class Shown:
    """A retention that the scenario made up."""

    retention: Retention = field(default_factory=lambda: Retention(horizons=(), memories=()))


def forgets_too_soon(retention: Retention) -> list[str]:
    """Each memory that decides and does not last as long as a message can come again.

    Retry horizon, age of dead letters that are replayed and age of the oldest backup add up: the
    backup may hold the dead letter that was tried before.
    """
    if len(retention.horizons) < _HORIZONS:
        return ["what can bring a message again is not told"]
    deciding = [memory for memory in retention.memories if memory.decides]
    if not deciding:
        return ["nothing decides on duplicates"]
    ends = [horizon.seconds for horizon in retention.horizons]
    longest = None if None in ends else sum(end for end in ends if end is not None)
    return [
        f"{memory.name} lasts {memory.seconds} s, a message can come again "
        f"{'without end' if longest is None else f'after {longest} s'}"
        for memory in deciding
        if memory.seconds is not None and (longest is None or memory.seconds < longest)
    ]


@then("of both systems each memory of keys lasts as long as a message can come again")
def lasts_long_enough(bench: Bench) -> None:
    """By what each system shows of itself."""
    for role in Role:
        shown = bench.site.client(role).ask("retention", Retention)
        horizons = ", ".join(f"{h.name}: {_span(h.seconds)}" for h in shown.horizons)
        memories = ", ".join(
            f"{m.name}: {_span(m.seconds)}{'' if m.decides else ', decides nothing'}"
            for m in shown.memories
        )
        bench.recorder.observe(f"{role.upper()}: again by {horizons}; remembered by {memories}")
        wrong = forgets_too_soon(shown)
        holds(not wrong, f"{role.upper()}: {'; '.join(wrong)}")


def _span(seconds: int | None) -> str:
    return "no end" if seconds is None else f"{seconds / _DAY:g} d"


@when("the longest time has passed in which a message can come again")
def longest_time(bench: Bench) -> None:
    """The finite horizons together; those without an end are told by the first scenario."""
    ends = []
    for role in Role:
        shown = bench.site.client(role).ask("retention", Retention)
        ends.append(sum(horizon.seconds or 0 for horizon in shown.horizons))
    holds(min(ends) > 0, "no horizon has a length")
    bench.recorder.observe(f"{max(ends) // _DAY} days pass")
    bench.site.set_clock(bench.now + timedelta(seconds=max(ends) + _DAY))


@given(parsers.re(r"what a system shows of its memories, with (?P<what>.+)"))
def made_up(bench: Bench, what: str) -> None:
    """Known-bad systems, in the words of the examples. Raises: KeyError for other words."""
    endless = (Horizon(name="retries"), Horizon(name="dead letters"), Horizon(name="backups"))
    finite = tuple(Horizon(name=f"{n}", seconds=10 * _DAY) for n in ("retries", "letters", "old"))
    inbox = Memory(name="inbox", decides=True)
    month = Memory(name="inbox", seconds=30 * _DAY, decides=True)
    almost = Memory(name="inbox", seconds=30 * _DAY - 1, decides=True)
    broker = Memory(name="broker", seconds=120, decides=True)
    bench.part(Shown).retention = {
        "an inbox of 30 days": Retention(horizons=endless, memories=(month,)),
        "a broker that decides for 2 minutes": Retention(
            horizons=endless, memories=(inbox, broker)
        ),
        "an inbox shorter than the oldest backup": Retention(horizons=finite, memories=(almost,)),
        "no memory at all": Retention(horizons=endless, memories=()),
    }[what]


@then("that is found to be too short")
def is_found(bench: Bench) -> None:
    """The judge of the first scenario, on what it must not let pass."""
    found = forgets_too_soon(bench.part(Shown).retention)
    bench.recorder.observe("; ".join(found) or "nothing")
    equal(len(found), 1, "what was found")
