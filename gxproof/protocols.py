"""``gxproof protocol``: the plan of a run and its three protocols, printed before anything runs."""

from __future__ import annotations

from pathlib import Path

from contracts.record.folder import RunFolder
from features.plugin import open_target
from gxproof.planning import make_plan, offers_of
from reports.protocols import print_protocols
from simulator.plant import read_plant


def write_protocols(target: str, plant: Path, seed: int, out: Path) -> list[Path]:
    """Write ``plan.json`` and the protocols to ``out``; a run with this set-up has the same plan.

    Raises: PlantError, UnknownTarget, OSError, DocumentIncomplete.
    """
    part = read_plant(plant)
    sut = open_target(target, seed)
    try:
        plan = make_plan(
            sut.mode, part, database=sut.engine, offered=offers_of(sut.network)
        )
    finally:
        sut.close()
    written = RunFolder(out).write_model("plan.json", plan)
    return [written, *print_protocols(out)]
