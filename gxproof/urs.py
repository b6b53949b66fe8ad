"""Running the URS scenarios with pytest, sealed off from whatever lies in the current folder.

No configuration, conftest or plugin of the caller's folder or environment takes part. The scenarios
are collected once; a process forked from the one that collected them runs those of one requirement.
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
from features.plugin import Evidence, requirement_of
from gxproof.side_by_side import HarnessFailed

_FOREIGN = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_THEME")


@dataclass(frozen=True)
class UrsRun:
    """What to run: the scenarios of one requirement, against which target, under which names."""

    requirement: str
    target: str
    seed: int
    namespace: str
    wire: Path | None = None
    until_one_fails: bool = False
    first: str = ""


def in_session(work: Callable[[pytest.Session], None]) -> None:
    """Collect all scenarios and do ``work`` where pytest would run them.

    Raises: HarnessFailed, KeyboardInterrupt, OSError when evidence cannot be written.
    """
    instead = _Instead(work)
    with _sealed_off():
        code = pytest.main(_arguments(), plugins=[instead])
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if isinstance(instead.broken, OSError):
        raise instead.broken
    if instead.broken is not None:
        raise HarnessFailed(f"{type(instead.broken).__name__}: {instead.broken}")
    if code != pytest.ExitCode.OK:
        raise HarnessFailed(f"pytest ended with {pytest.ExitCode(code).name}")


def run_scenarios(session: pytest.Session, run: UrsRun) -> list[Result]:
    """Run the scenarios of a requirement, in the order of their feature file, but one ``first``.

    Each process runs those of one requirement at most. Raises: OSError when the evidence cannot be
    written, UnknownTarget; what opening the target raises.
    """
    options = session.config.option
    options.target, options.urs_seed = run.target, run.seed
    options.urs_namespace, options.urs_wire = run.namespace, run.wire and str(run.wire)
    options.maxfail = 1 if run.until_one_fails else 0
    evidence = session.config.pluginmanager.get_plugin(Evidence.NAME)
    assert isinstance(evidence, Evidence)
    items = sorted(
        (item for item in session.items if requirement_of(item) == run.requirement),
        key=lambda item: evidence.id_of(item) != run.first,
    )
    try:
        for item, following in zip(items, [*items[1:], None], strict=True):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                break
    finally:
        evidence.close()
    return evidence.results


def _arguments() -> list[str]:
    spec = find_spec("features")
    assert spec is not None
    assert spec.submodule_search_locations
    return [
        "-c", os.devnull, "--rootdir", spec.submodule_search_locations[0],
        "--noconftest", "--import-mode=importlib", "--assert=plain", "--capture=no",
        "-p", "pytest_bdd.plugin", "-p", "features.plugin",
        "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler",
        "--pyargs", "features.test_urs",
    ]


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


class _Instead:
    """Does the caller's work instead of pytest's loop, and keeps what broke the session."""

    def __init__(self, work: Callable[[pytest.Session], None]) -> None:
        self._work = work
        self.broken: BaseException | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All scenarios are collected."""
        self._work(session)
        return True

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """The harness broke; the caller says so in its own words."""
        self.broken = excinfo.value
        return True
