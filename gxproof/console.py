"""What a person sees of a run: progress while it lasts, a verdict per protocol, where things are.

On a terminal a bar moves; elsewhere only the lines that stay are printed. The last line of a run
is the command that verifies its bundle, never wrapped, so that it can be copied.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.text import Text

from contracts.model.requirements import Protocol
from contracts.model.verdicts import State, Verdict
from contracts.record.runs import Kind, Result
from gxproof import qualification

_STYLE = {
    Verdict.PASSED: "bold green",
    Verdict.PASSED_WITH_DEVIATIONS: "bold yellow",
    Verdict.INCONCLUSIVE: "bold yellow",
    Verdict.FAILED: "bold red",
    Verdict.ERROR: "bold red",
}
_SHOWN_MAX = 5


class RunView:
    """Shows one qualification run."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self._bar = Progress(
            TextColumn("{task.description:<3}"), BarColumn(bar_width=32), MofNCompleteColumn(),
            TextColumn("{task.fields[what]}"), console=self.console, transient=True,
        )
        self._task: TaskID | None = None

    def live(self) -> AbstractContextManager[object]:
        """Show progress meanwhile, where there is a terminal."""
        return self._bar if self.console.is_terminal else nullcontext()

    @property
    def progress(self) -> qualification.Progress:
        """The callbacks that a run tells its progress to."""
        return qualification.Progress(
            begin=self._begin, step=self._step, verdict=self._verdict, document=self._document
        )

    def say(self, text: str) -> None:
        """One line."""
        self.console.print(text, markup=False)

    def places(self, finished: qualification.Finished) -> None:
        """Where the documents are, and last of all how to verify the bundle."""
        folder = _shown(finished.folder)
        self.say(f"\nDocuments in {folder}:")
        for path in finished.documents:
            self.say(f"  {path.name}")
        self.say("\nVerify the bundle with:")
        command = [
            "gxproof", "verify", _shown(finished.bundle), "--key",
            _shown(finished.folder / "signer.pub"),
        ]
        sys.stdout.write(f"{_program()} {shlex.join(command[1:])}\n")
        sys.stdout.flush()

    def _begin(self, protocol: Protocol, checks: int) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(str(protocol), total=checks, what="")

    def _step(self, what: str) -> None:
        if self._task is not None:
            self._bar.update(self._task, advance=1, what=what)

    def _verdict(self, protocol: Protocol, verdict: Verdict, results: list[Result]) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None
        line = Text(f"{protocol}  ")
        line.append(f"{verdict:<12}", style=_STYLE[verdict])
        line.append(f"  {summary(results)}")
        self.console.print(line)
        open_items = [r for r in results if r.state not in (State.PASSED, State.NOT_APPLICABLE)]
        for result in open_items[:_SHOWN_MAX]:
            self.say(f"      {result.id}: {result.state}: {result.reason or 'no reason given'}")
        if len(open_items) > _SHOWN_MAX:
            self.say(f"      and {len(open_items) - _SHOWN_MAX} more; the report lists all")

    def _document(self, name: str) -> None:
        if self._task is None:
            self._task = self._bar.add_task("PDF", total=None, what="")
        self._bar.update(self._task, what=name)


def summary(results: list[Result]) -> str:
    """``51 of 51 scenarios, 32 of 32 contract checks``: passed of all, by kind of check."""
    passed = Counter(r.kind for r in results if r.state is State.PASSED)
    every = Counter(r.kind for r in results)
    return ", ".join(f"{passed[kind]} of {count} {_plural(kind)}" for kind, count in every.items())


_PLURAL = {
    Kind.INSTALLATION: "installation checks",
    Kind.SCENARIO: "scenarios",
    Kind.CONTRACT: "operations keep the contract",
    Kind.CHALLENGE: "challenges of the method",
    Kind.INVARIANT: "invariants",
    Kind.FAULT: "faults felt",
}


def _plural(kind: Kind) -> str:
    return _PLURAL[kind]


def _shown(path: Path) -> str:
    """A path as short as it can be typed from here."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path.absolute())) else str(path.absolute())


def _program() -> str:
    """The command as it was called here, so that the printed line can be pasted."""
    called = Path(sys.argv[0])
    if called.name != "gxproof":
        return "gxproof"
    on_path = any(
        (Path(folder) / "gxproof").exists() for folder in os.environ.get("PATH", "").split(":")
    )
    return "gxproof" if on_path else _shown(called)
