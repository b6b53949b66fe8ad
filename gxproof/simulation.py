"""``gxproof simulate`` and ``gxproof replay``: plant days, played, judged, told on the terminal.

What went wrong comes first, with what was expected and observed; then the command that plays it
again; then what was in the days.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from contracts.model.inspection import Journal
from contracts.model.roles import Role
from contracts.model.verdicts import State, Verdict, verdict_of, worst_verdict
from contracts.wire.system import SystemUnderTest
from features.plugin import open_target
from gxproof.preflight import check_ready
from simulator.campaign import Campaign, fault_state, invariant_state, run_shift
from simulator.counterpart import new_message_id
from simulator.namespace import Namespace
from simulator.plant import read_plant
from simulator.plant_model import Plant
from simulator.replay import found_in, read_replay, replay_of, write_replay
from simulator.schedule import expand

IN_PROCESS = ("reference", "reference-in-memory")
_SHOWN_MAX = 10


@dataclass(frozen=True)
class Days:
    """Which days to play, and where to write what came of them."""

    target: str
    plant: Path
    seed: int
    days: int = 1
    json: Path | None = None
    history: Path | None = None
    journals: Path | None = None


@dataclass(frozen=True)
class _Day:
    target: str
    schedule: Plant
    seed: int
    journals: Path | None = None


def show_days(wanted: Days) -> Verdict:
    """Play the days and tell of them. Raises: PlantError, TargetNotReady. Returns: the verdict."""
    plant = read_plant(wanted.plant)
    seeds = range(wanted.seed, wanted.seed + wanted.days)
    days = [_Day(wanted.target, expand(plant, seed), seed, wanted.journals) for seed in seeds]
    console = _console()
    campaigns: list[Campaign] = []
    for day, campaign in zip(days, _play_all(days), strict=True):
        campaigns.append(campaign)
        _tell(console, campaign)
        if found_in(campaign):
            _keep_for_replay(console, wanted, day, campaign)
    _tell_sums(console, campaigns)
    if wanted.history is not None:
        lines = (event.line() for campaign in campaigns for event in campaign.events)
        wanted.history.write_bytes(b"".join(lines))
    verdict = worst_verdict(verdict_of(c.states.values()) for c in campaigns)
    if wanted.json is not None:
        _write_json(wanted, campaigns, verdict)
    return verdict


def show_replay(file: Path, target: str | None) -> Verdict:
    """Play a kept day again and say whether it went the same way. Raises: ReplayUnreadable."""
    replay = read_replay(file)
    campaign = _play(_Day(target or replay.target, replay.schedule, replay.seed))
    console = _console()
    _tell(console, campaign)
    again = set(found_in(campaign)) & set(replay.violations)
    same = campaign.history_sha256 == replay.history_sha256
    console.print(
        f"{len(again)} of {len(replay.violations)} violations came again; the history is "
        + ("the same, byte for byte" if same else "another one"), markup=False,
    )
    verdict = verdict_of(campaign.states.values())
    unsure = verdict is Verdict.PASSED and not same
    return Verdict.INCONCLUSIVE if unsure else verdict


def _play_all(days: list[_Day]) -> Iterator[Campaign]:
    """All days, on all cores where each has a system of its own."""
    if len(days) == 1 or days[0].target not in IN_PROCESS:
        yield from map(_play, days)
        return
    with ProcessPoolExecutor(max_workers=min(len(days), os.cpu_count() or 1)) as pool:
        yield from pool.map(_play, days)


def _play(day: _Day) -> Campaign:
    sut = open_target(day.target, day.seed)
    try:
        check_ready(sut)
        prefix = f"S{str(new_message_id(day.schedule.site.start))[-8:].upper()}"
        campaign = run_shift(day.schedule, sut, day.seed, Namespace(prefix))
        if day.journals is not None:
            _export_journals(sut, day.journals, day.seed)
        return campaign
    finally:
        sut.close()


def _export_journals(sut: SystemUnderTest, folder: Path, seed: int) -> None:
    """Write the journals page by page, as any client gets them: ``mes-7-1.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    for role in Role:
        after, page = 0, 1
        while True:
            shown = sut.client(role).ask("journal", Journal, f"after={after}")
            (folder / f"{role}-{seed}-{page}.json").write_text(json.dumps(shown.to_json()))
            after, page = shown.rows[-1].position if shown.rows else after, page + 1
            if not shown.rows or after >= shown.last_position:
                break


def _keep_for_replay(console: Console, wanted: Days, day: _Day, campaign: Campaign) -> None:
    folder = wanted.json.parent if wanted.json else Path()
    path = folder / f"replay-seed-{campaign.seed}.json"
    write_replay(path, replay_of(day.target, day.schedule, campaign))
    console.print(f"gxproof replay {shlex.quote(str(path))}", markup=False)


def _tell(console: Console, campaign: Campaign) -> None:
    """What went wrong in one day, first thing of all."""
    found = found_in(campaign)
    for one in found[:_SHOWN_MAX]:
        console.print(f"VIOLATED  {one.invariant}: {one.subject}", markup=False)
        if one.lot:
            console.print(f"          lot {one.lot}, quantity {one.quantity}", markup=False)
        console.print(f"          expected  {one.expected}", markup=False)
        console.print(f"          observed  {one.observed}", markup=False)
        console.print(f"          opened by {one.first_message}", markup=False)
    if len(found) > _SHOWN_MAX:
        console.print(f"          and {len(found) - _SHOWN_MAX} more", markup=False)
    for fault in campaign.faults:
        if fault_state(fault) is not State.PASSED:
            why = "fired, and nobody felt it" if fault.fired else "did not fire"
            console.print(f"VOID      {fault.plan.id} ({fault.plan.kind}) {why}", markup=False)


def _tell_sums(console: Console, campaigns: list[Campaign]) -> None:
    for row, (invariant, _) in enumerate(campaigns[0].judgements):
        judged = [c.judgements[row][1] for c in campaigns]
        state = _worst(
            invariant_state(j, c.healed) for j, c in zip(judged, campaigns, strict=True)
        )
        compared = sum(j.checked for j in judged)
        violations = sum(len(j.violations) for j in judged)
        console.print(
            f"{state:<13} {invariant.title}: {compared} compared, {violations} violations",
            markup=False,
        )
        for campaign, each in zip(campaigns, judged, strict=True):
            if each.seen:
                console.print(f"{'':<13} seed {campaign.seed}: {each.seen}", markup=False)
    faults = [fault for c in campaigns for fault in c.faults]
    felt = sum(fault_state(fault) is State.PASSED for fault in faults)
    console.print(f"{felt} of {len(faults)} faults fired and were felt", markup=False)
    for campaign in campaigns:
        counts = ", ".join(f"{count} {what}" for what, count in campaign.counts.items())
        console.print(f"{campaign.mode}; seed {campaign.seed}; {counts}", markup=False)
        cases = ", ".join(f"{count} {case}" for case, count in campaign.workload.items())
        console.print(f"workload: {cases}", markup=False)
        console.print(f"history_sha256 {campaign.history_sha256}", markup=False)


def _worst(states: Iterable[State]) -> State:
    present = set(states)
    return next(s for s in (State.FAILED, State.INCONCLUSIVE, State.PASSED) if s in present)


def _write_json(wanted: Days, campaigns: list[Campaign], verdict: Verdict) -> None:
    assert wanted.json is not None
    document = {
        "format": "gxproof-campaign/1", "target": wanted.target, "plant": wanted.plant.name,
        "verdict": verdict, "days": [_day_of(campaign) for campaign in campaigns],
    }
    wanted.json.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _day_of(campaign: Campaign) -> dict[str, object]:
    return {
        "seed": campaign.seed, "mode": campaign.mode, "historySha256": campaign.history_sha256,
        "healed": campaign.healed, "counts": campaign.counts, "workload": campaign.workload,
        "invariants": [
            {"id": i.id, "title": i.title, "state": invariant_state(j, campaign.healed),
             "compared": j.checked, "violations": len(j.violations)}
            for i, j in campaign.judgements
        ],
        "violations": [found.model_dump() for found in found_in(campaign)],
        "coverage": [cell.as_json() for cell in campaign.coverage],
    }


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
