"""``gxproof simulate``: one shift, played and judged, told on the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from contracts.model.verdicts import Verdict, verdict_of
from features.plugin import open_target
from gxproof.preflight import check_ready
from simulator.campaign import Campaign, fault_state, invariant_state, run_shift
from simulator.counterpart import new_message_id
from simulator.namespace import Namespace
from simulator.plant import read_plant


def show_shift(target: str, plant_file: Path, seed: int, history: Path | None) -> Verdict:
    """Play a shift, print what went wrong first, then what was in it. Returns: the verdict."""
    plant = read_plant(plant_file)
    sut = open_target(target, seed)
    try:
        check_ready(sut)
        prefix = f"S{str(new_message_id(plant.site.start))[-8:].upper()}"
        campaign = run_shift(plant, sut, seed, Namespace(prefix))
    finally:
        sut.close()
    if history is not None:
        history.write_bytes(b"".join(event.line() for event in campaign.events))
    _print(campaign)
    return verdict_of(campaign.states.values())


def _print(campaign: Campaign) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for invariant, judgement in campaign.judgements:
        for violation in judgement.violations:
            console.print(f"{invariant.id}  {violation}", markup=False)
    for invariant, judgement in campaign.judgements:
        state = invariant_state(judgement, campaign.healed)
        console.print(
            f"{state:<13} {invariant.title}: {judgement.checked} compared, "
            f"{len(judgement.violations)} violations", markup=False,
        )
    for fault in campaign.faults:
        state = fault_state(fault)
        felt = "felt" if fault.felt else "not felt"
        console.print(
            f"{state:<13} {fault.plan.id} ({fault.plan.kind}): fired {fault.fired}, {felt}",
            markup=False,
        )
    counts = ", ".join(f"{count} {what}" for what, count in campaign.counts.items())
    console.print(f"{campaign.mode}; seed {campaign.seed}; {counts}", markup=False)
    console.print(f"history_sha256 {campaign.history_sha256}", markup=False)
