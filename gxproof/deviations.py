"""Deviations on the command line: draft one from a run, sign it as a person, admit it to a run."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.record.bounded_files import read_bounded
from contracts.record.deviations import Deviation, excused
from contracts.record.folder import RunFolder
from contracts.record.runs import Plan, Result, RunHeader
from gxproof.forms import signed_now
from gxproof.run_log import RunLog
from reports.baselines import ApprovalRefused
from reports.consistency import read_trace
from reports.deviations import Approved, DeviationRefused, misfits, open_deviation, sign_deviation
from reports.dsse import public_pem, read_public_key
from reports.inventory import DEVIATIONS

_TO_WRITE = ("description", "impact", "disposition", "approvedBy", "meaning")


@dataclass(frozen=True)
class Admitted:
    """A deviation that a run is started with: its bytes, and the key of the one who approved."""

    approved: Approved
    raw: bytes
    key: Ed25519PublicKey


def open_all(files: Iterable[Path], approvers: Iterable[Path]) -> tuple[Admitted, ...]:
    """Open each file with the key among ``approvers`` that signed it. Raises: DeviationRefused."""
    keys = [_key(path) for path in approvers]
    return tuple(_open(path, keys) for path in files)


def admit(
    given: tuple[Admitted, ...], plan: Plan, header: RunHeader, log: RunLog
) -> None:
    """Refuse what does not stand for anything in this run. Raises: DeviationRefused."""
    for item in given:
        found_in = item.approved.deviation.found_in
        if not log.knows(found_in):
            raise DeviationRefused(
                f"deviation {item.approved.deviation.number} was found in the run {found_in}, "
                "which the log of runs does not hold"
            )
        for problem in misfits(
            item.approved, plan, header.plan_sha256, header.environment.target, header.signer
        ):
            raise DeviationRefused(f"deviation {item.approved.deviation.number} {problem}")


def keep(given: tuple[Admitted, ...], folder: RunFolder) -> None:
    """Put the deviations and the public keys of those who approved into the run folder."""
    for item in given:
        number = item.approved.deviation.number
        folder.write(f"{DEVIATIONS}/{number}.dsse.json", item.raw)
        folder.write(f"{DEVIATIONS}/{number}.pub", public_pem(item.key))


def judged(result: Result, given: tuple[Admitted, ...]) -> Result:
    """A result, or the deviation that stands for it."""
    for item in given:
        if item.approved.deviation.covers(result.protocol, result.id):
            return excused(result, item.approved.deviation)
    return result


def draft(run: Path, number: str) -> str:
    """A deviation to be written by a person, as TOML. Raises: DeviationRefused, OSError."""
    try:
        trace = read_trace(run)
    except OSError as exc:
        raise DeviationRefused(f"{run} is no run: {exc.filename}: {exc.strerror}") from exc
    except ValueError as exc:
        raise DeviationRefused(f"{run} is no run: {' '.join(str(exc).split())}") from exc
    header = trace.record.header
    found = next((check for check in trace.checks if trace.draft_of(check) == number), None)
    if found is None:
        known = ", ".join(trace.drafts.values()) or "none"
        raise DeviationRefused(f"run {header.number} has no draft {number}; it has {known}")
    lines = [
        "# Each text has at least five characters; the person named in approvedBy signs.",
        *(f"{name} = {json.dumps(value)}" for name, value in (
            ("number", number), ("foundIn", header.run_id),
            ("target", header.environment.target), ("planSha256", header.plan_sha256),
            ("protocol", found.result.protocol.value), ("results", [found.id]),
        )),
        *(f'{name} = ""' for name in _TO_WRITE),
    ]
    return "\n".join(lines) + "\n"


def approve(file: Path, key: Ed25519PrivateKey) -> bytes:
    """Sign a written deviation, now. Raises: DeviationRefused."""
    try:
        return sign_deviation(signed_now(file, Deviation), key)
    except ApprovalRefused as exc:
        raise DeviationRefused(str(exc)) from exc


def _key(path: Path) -> Ed25519PublicKey:
    try:
        return read_public_key(path)
    except ValueError as exc:
        raise DeviationRefused(str(exc)) from exc


def _open(path: Path, keys: list[Ed25519PublicKey]) -> Admitted:
    raw, last = read_bounded(path), "no --approver was named whose key could have signed it"
    for key in keys:
        try:
            return Admitted(open_deviation(raw, key), raw, key)
        except DeviationRefused as exc:
            last = str(exc)
    raise DeviationRefused(f"{path} is refused: {last}")
