"""From a plant and a seed to a schedule in which nothing is left to chance.

A schedule is a plant again, one whose every delivery, order, decision and fault is written out. A
plant without patterns is its own schedule.
"""

from __future__ import annotations

from simulator.parts import Plant


def expand(plant: Plant, seed: int) -> Plant:
    """The schedule of one day. The same plant and seed give the same schedule in any process."""
    del seed
    return plant
