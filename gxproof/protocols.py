"""``gxproof protocol``: the plan of a run and its three protocols, printed before anything runs."""

from __future__ import annotations

from pathlib import Path

from contracts.record.folder import RunFolder
from features.plugin import open_target
from gxproof.baseline import formal_plan
from gxproof.planning import EVERYTHING, make_plan, offers_of
from reports.protocols import print_protocols
from simulator.plant import read_plant


def write_protocols(
    target: str, plant: Path, seed: int, out: Path, *, formal: bool = False
) -> list[Path]:
    """Write ``plan.json`` and the protocols to ``out``; a run with this set-up has the same plan.

    ``formal``: one that is started under an approved baseline.

    Raises: PlantError, UnknownTarget, OSError, DocumentIncomplete.
    """
    sut = open_target(target, seed)
    try:
        plan = formal_plan(sut, plant, seed, EVERYTHING) if formal else make_plan(
            sut.mode, read_plant(plant), database=sut.engine, offered=offers_of(sut.network)
        )
    finally:
        sut.close()
    written = RunFolder(out).write_model("plan.json", plan)
    return [written, *print_protocols(out)]
