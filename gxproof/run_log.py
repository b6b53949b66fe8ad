"""The log of all runs: a gap-free number for each, also for those that failed or were aborted.

``runs/log/runs.jsonl`` is append-only; each line carries the digest of the line before it, so that
a line that was taken out or changed shows. Source: URS-EVD-005.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from contracts.model.instants import write_timestamp
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import sha256

ORIGIN = "0" * 64


class LogBroken(ValueError):
    """The log of runs was changed; the message names the line."""


class RunLog:
    """The log in a folder (``runs``). Raises: OSError from any method."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "log" / "runs.jsonl"

    def begin(self, run_id: str, at: datetime) -> int:
        """Enter a run that begins. Returns: its number, one more than the last."""
        with self._locked() as lines:
            number = 1 + max((line["number"] for line in lines), default=0)
            self._append(lines, {"event": "begun", "number": number, "runId": run_id, "at": at})
        return number

    def end(self, number: int, run_id: str, at: datetime, **outcome: str) -> None:
        """Enter how a run ended: verdicts and bundle digest, or that it was aborted."""
        with self._locked() as lines:
            entry = {"event": "ended", "number": number, "runId": run_id, "at": at, **outcome}
            self._append(lines, entry)

    def knows(self, run_id: str) -> bool:
        """Whether a run with this id was begun here."""
        with self._locked() as lines:
            return any(line["runId"] == run_id for line in lines)

    def entries(self) -> list[dict[str, Any]]:
        """Every line: what began and what ended, in order; empty where nothing ever ran here."""
        if not self.path.exists():
            return []
        with self._locked() as lines:
            return lines

    def check(self) -> int:
        """Check the whole log. Returns: how many runs it holds. Raises: LogBroken."""
        with self._locked() as lines:
            begun = [line["number"] for line in lines if line["event"] == "begun"]
        if begun != list(range(1, len(begun) + 1)):
            raise LogBroken(f"{self.path}: the numbers of runs have a gap")
        return len(begun)

    @contextmanager
    def _locked(self) -> Iterator[list[dict[str, Any]]]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            stream.seek(0)
            yield self._read(stream.read())

    def _read(self, raw: bytes) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = []
        previous = ORIGIN
        for number, line in enumerate(raw.splitlines(), start=1):
            try:
                entry = json.loads(line)
            except ValueError as exc:
                raise LogBroken(f"{self.path}: line {number} cannot be read") from exc
            if entry.get("previous") != previous:
                raise LogBroken(f"{self.path}: line {number} does not follow the one before it")
            previous = sha256(line)
            lines.append({**entry, "digest": previous})
        return lines

    def _append(self, lines: list[dict[str, Any]], entry: dict[str, Any]) -> None:
        entry["at"] = write_timestamp(entry["at"])
        entry["previous"] = lines[-1]["digest"] if lines else ORIGIN
        with self.path.open("ab") as stream:
            stream.write(canonical_bytes(entry) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
