"""Running the URS scenarios with pytest, sealed off from whatever lies in the current folder.

No configuration, conftest or plugin of the caller's folder or environment takes part; the result
is what the plugin wrote, one line per scenario.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from contracts.record.runs import Result
from contracts.record.strict_json import read_json

_FOREIGN = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_THEME")


class HarnessFailed(RuntimeError):
    """The harness itself could not do its work; nothing is said about the system."""


@dataclass(frozen=True)
class UrsRun:
    """What to run: against which target, under which names, all requirements or some."""

    target: str
    seed: int
    namespace: str
    records: Path
    wire: Path | None = None
    only: tuple[str, ...] = ()
    until_one_fails: bool = False


def run_urs(run: UrsRun, scenario_done: Callable[[str], None] | None = None) -> list[Result]:
    """Run the scenarios; results in the order in which they ran.

    Raises: HarnessFailed, KeyboardInterrupt, OSError when the evidence cannot be written.
    """
    listener = _Listener(scenario_done)
    with _sealed_off():
        code = pytest.main(_arguments(run), plugins=[listener])
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if isinstance(listener.broken, OSError):
        raise listener.broken
    if listener.broken is not None:
        raise HarnessFailed(f"{type(listener.broken).__name__}: {listener.broken}")
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise HarnessFailed(f"pytest ended with {pytest.ExitCode(code).name}")
    return read_results(run.records)


def read_results(path: Path) -> list[Result]:
    """Results from a file with one per line; none where the file does not exist."""
    if not path.exists():
        return []
    return [Result.from_json(read_json(line)) for line in path.read_bytes().splitlines()]


def _arguments(run: UrsRun) -> list[str]:
    spec = find_spec("features")
    assert spec is not None
    assert spec.submodule_search_locations
    arguments = [
        "-c", os.devnull, "--rootdir", spec.submodule_search_locations[0],
        "--noconftest", "--import-mode=importlib", "--assert=plain",
        "-p", "pytest_bdd.plugin", "-p", "features.plugin",
        "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler",
        "--target", run.target, "--urs-seed", str(run.seed),
        "--urs-namespace", run.namespace, "--urs-records", str(run.records),
        "--pyargs", "features.test_urs",
    ]
    if run.wire:
        arguments += ["--urs-wire", str(run.wire)]
    if run.until_one_fails:
        arguments += ["--maxfail=1"]
    if run.only:
        arguments += ["--urs-only", ",".join(run.only)]
    return arguments


@contextmanager
def _sealed_off() -> Iterator[None]:
    before = {name: os.environ.pop(name, None) for name in _FOREIGN}
    before["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _Listener:
    """Tells the caller of each scenario that is over, and keeps what broke the run itself."""

    def __init__(self, scenario_done: Callable[[str], None] | None) -> None:
        self._done = scenario_done
        self.broken: BaseException | None = None

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """The harness broke; the caller says so in its own words."""
        self.broken = excinfo.value
        return True

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """A scenario is over."""
        if self._done:
            self._done(nodeid)
