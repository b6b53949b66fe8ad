"""What it takes to play a shift again: the schedule, the seed, and what came out the first time."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.record.canonical import canonical_bytes
from contracts.record.strict_json import Unreadable, read_json
from contracts.wire.system import Mode
from simulator.campaign import Campaign
from simulator.plant_model import Plant

REPLAY_FORMAT: Literal["gxproof-replay/1"] = "gxproof-replay/1"


class ReplayUnreadable(ValueError):
    """A file that is no replay file."""


class Found(BaseModel):
    """A violation as it was found. ``subject`` tells what it is about, in plant names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    invariant: str
    subject: str
    lot: str
    quantity: str
    expected: str
    observed: str
    first_message: str


class Replay(BaseModel):
    """One shift to be played again. The schedule holds the faults as well."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["gxproof-replay/1"] = REPLAY_FORMAT
    target: str
    mode: Mode
    seed: int
    schedule: Plant
    history_sha256: str
    violations: tuple[Found, ...]


def found_in(campaign: Campaign) -> tuple[Found, ...]:
    """The violations of a campaign, in the order of the invariants."""
    return tuple(
        Found(
            invariant=invariant.id, subject=v.subject, lot=v.lot, quantity=v.quantity,
            expected=v.expected, observed=v.observed, first_message=v.first_message,
        )
        for invariant, judgement in campaign.judgements
        for v in judgement.violations
    )


def replay_of(target: str, schedule: Plant, campaign: Campaign) -> Replay:
    """What it takes to play this campaign again."""
    return Replay(
        target=target, mode=campaign.mode, seed=campaign.seed, schedule=schedule,
        history_sha256=campaign.history_sha256, violations=found_in(campaign),
    )


def write_replay(path: Path, replay: Replay) -> None:
    """Write a replay file."""
    path.write_bytes(canonical_bytes(replay.model_dump(mode="json", exclude_none=True)) + b"\n")


def read_replay(path: Path) -> Replay:
    """Read a replay file. Raises: ReplayUnreadable, OSError."""
    try:
        return Replay.model_validate(read_json(path.read_bytes().strip()))
    except (Unreadable, ValidationError) as exc:
        first = str(exc).splitlines()
        raise ReplayUnreadable(f"{path} is no replay file: {' '.join(first[:3])}") from exc
