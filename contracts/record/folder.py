"""The folder of one run: written step by step, marked ABORTED until the last step is done.

The mark stands from the first moment, so a run that is killed, interrupted or runs out of disk can
never look whole. Documents appear under their final name only when they are complete.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from contracts.model.requirements import Protocol
from contracts.model.wire_model import WireModel
from contracts.record.canonical import canonical_bytes
from contracts.record.history import Event
from contracts.record.runs import Plan, Result, RunHeader, RunRecord
from contracts.record.strict_json import read_json

ABORTED = "ABORTED"
M = TypeVar("M", bound=WireModel)
_NOT_FINISHED = "This run did not finish. Nothing in this folder is a complete record.\n"


class RunFolder:
    """Writes one run. Every file is flushed to disk before the next step starts.

    Raises: OSError from any method when the disk refuses.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path) -> RunFolder:
        """A new folder that is marked ABORTED. Raises: FileExistsError."""
        path.mkdir(parents=True)
        (path / "records").mkdir()
        (path / "wire").mkdir()
        folder = cls(path)
        folder.write(ABORTED, _NOT_FINISHED.encode())
        return folder

    def write(self, name: str, content: bytes) -> Path:
        """Write one file whole: under a temporary name, synced, then renamed."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.partial")
        try:
            with partial.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(target)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
        return target

    def write_model(self, name: str, model: WireModel) -> Path:
        """Write a model as indented JSON, for people and programs alike."""
        return self.write(name, model_bytes(model))

    def write_configuration(self, configuration: dict[str, object]) -> Path:
        """Write ``config.json``."""
        return self.write("config.json", _indented(configuration))

    def append_results(self, protocol: Protocol, results: Iterable[Result]) -> None:
        """Append one line for each result to ``records/PROTOCOL.jsonl``, flushed together."""
        self._append(f"records/{protocol.lower()}.jsonl", results)

    def append_wire(self, name: str, line: dict[str, object]) -> None:
        """Append one exchange to ``wire/NAME``."""
        with (self.path / "wire" / name).open("ab") as stream:
            stream.write(canonical_bytes(line) + b"\n")

    def write_history(self, events: Iterable[Event]) -> Path:
        """Write ``history.jsonl``."""
        return self.write("history.jsonl", b"".join(event.line() for event in events))

    def finish(self) -> None:
        """Take the mark away: everything is there."""
        (self.path / ABORTED).unlink()

    def _append(self, name: str, models: Iterable[WireModel]) -> None:
        lines = b"".join(canonical_bytes(model.to_json()) + b"\n" for model in models)
        if not lines:
            return
        with (self.path / name).open("ab") as stream:
            stream.write(lines)
            stream.flush()
            os.fsync(stream.fileno())


def model_bytes(model: WireModel) -> bytes:
    """The bytes that ``write_model`` writes."""
    return _indented(model.to_json())


def read_run(path: Path) -> RunRecord:
    """Read a run back. Raises: OSError, ValueError naming the file that cannot be read."""
    results: list[Result] = []
    for protocol in Protocol:
        lines = path / "records" / f"{protocol.lower()}.jsonl"
        if lines.exists():
            results += [_read(Result, lines, raw) for raw in lines.read_bytes().splitlines()]
    configuration = read_json((path / "config.json").read_bytes())
    return RunRecord(
        header=_read_file(RunHeader, path / "run.json"),
        plan=read_plan(path),
        configuration=configuration,
        results=tuple(results),
    )


def read_plan(path: Path) -> Plan:
    """The plan in a folder. Raises: OSError, ValueError naming the file that cannot be read."""
    return _read_file(Plan, path / "plan.json")


def read_history(path: Path) -> tuple[Event, ...]:
    """The events of ``history.jsonl`` in a run folder; empty when it has none."""
    lines = path / "history.jsonl"
    if not lines.exists():
        return ()
    return tuple(_read(Event, lines, raw) for raw in lines.read_bytes().splitlines())


def _indented(content: dict[str, object]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return text.encode() + b"\n"


def _read_file(model: type[M], path: Path) -> M:
    return _read(model, path, path.read_bytes())


def _read(model: type[M], path: Path, raw: bytes) -> M:
    try:
        return model.model_validate(read_json(raw))
    except ValueError as exc:
        raise ValueError(f"{path.name} is not a valid record: {exc}") from exc
