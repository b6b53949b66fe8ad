"""The pytest plugin that runs the URS against a system: ``pytest -p features.plugin``.

It resolves the target by the entry-point group ``gxproof.systems``, gives each scenario a bench,
and writes one result per scenario with what each step observed. It refuses async steps, which
pytest-bdd would never await and yet count as passed.
"""

from __future__ import annotations

import inspect
import json
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from contracts.model.ports import NoAnswer
from contracts.model.verdicts import State
from contracts.record.canonical import canonical_bytes
from contracts.record.runs import Kind, Result, Step
from contracts.wire.system import SystemUnderTest
from features.bench import Bench
from features.catalogue import ScenarioItem, read_catalogue
from features.claims import NotTested
from features.leaving import leave_in_order
from features.recording import ScenarioRecorder
from features.step_lookup import remember_steps
from simulator.namespace import Namespace

SYSTEMS = "gxproof.systems"
FILE_TARGET = "file"


class UnknownTarget(LookupError):
    """No system is registered under the name that was given."""


def open_target(target: str, seed: int) -> SystemUnderTest:
    """The system that ``target`` names: a registered name, or a ``target.toml`` file.

    Raises: UnknownTarget; what the entry point itself raises.
    """
    name = FILE_TARGET if target.endswith(".toml") else target
    found = [point for point in entry_points(group=SYSTEMS) if point.name == name]
    if not found:
        known = ", ".join(sorted(point.name for point in entry_points(group=SYSTEMS)))
        raise UnknownTarget(f"no system is called {target!r}; known are: {known}, or a .toml file")
    factory: Callable[[str, int], SystemUnderTest] = found[0].load()
    return factory(target, seed)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a run."""
    group = parser.getgroup("gxproof", "user requirements against a system")
    group.addoption("--target", default="reference", help="a registered name or a target.toml")
    group.addoption("--urs-seed", type=int, default=1, help="seed of the reference in process")
    group.addoption("--urs-records", default=None, help="file that takes one result per line")
    group.addoption("--urs-wire", default=None, help="folder that takes the exchanges")
    group.addoption("--urs-namespace", default="T", help="prefix of every identifier")
    group.addoption("--urs-only", default="", help="requirement ids, with commas between")


def pytest_configure(config: pytest.Config) -> None:
    """Register the evidence collector and the markers of the tags."""
    for marker in ("urs(id): the requirement of a scenario",):
        config.addinivalue_line("markers", marker)
    config.pluginmanager.register(Evidence(config), Evidence.NAME)
    config.add_cleanup(remember_steps())


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> bool:
    """Tags are read from the catalogue, so that an unknown one is an error there."""
    if tag.startswith("URS-"):
        pytest.mark.urs(tag)(function)
    return True


class Evidence:
    """Gives each scenario its bench and takes down its result."""

    NAME = "gxproof-evidence"

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._catalogue = read_catalogue()
        self._places = {
            (item.name, item.example): place for place, item in enumerate(self._catalogue, start=1)
        }
        self._sut: SystemUnderTest | None = None
        self._of = ""
        self._current: _Running | None = None
        self.results: list[Result] = []

    # --- collection -------------------------------------------------------------------------

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the chosen requirements; refuse async steps before anything runs."""
        _refuse_async_steps(items)
        wanted = {part for part in self._config.getoption("--urs-only").split(",") if part}
        if wanted:
            items[:] = [item for item in items if requirement_of(item) in wanted]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """As many scenarios as the feature files hold, each once."""
        wanted = {part for part in self._config.getoption("--urs-only").split(",") if part}
        written = [i.id for i in self._catalogue if not wanted or i.requirement.id in wanted]
        collected = [self._item(item).id for item in session.items if requirement_of(item)]
        if sorted(written) != sorted(collected):
            missing = sorted(set(written) - set(collected))
            raise pytest.UsageError(
                f"{len(written)} scenarios are written, {len(collected)} would run; "
                f"missing: {', '.join(missing) or 'none, but some run twice'}"
            )

    # --- running ----------------------------------------------------------------------------

    @pytest.fixture
    def bench(self, request: pytest.FixtureRequest) -> Iterator[Bench]:
        """The bench of one scenario."""
        assert self._current is not None
        sut = self._open(self._current.item.requirement.id)
        bench = Bench(sut, self._namespace(self._current.place), self._current.recorder)
        try:
            yield bench
        finally:
            bench.end()
        if self._current.failure is None or sut.mode != "in process":
            leave_in_order(bench)

    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """A scenario begins."""
        if requirement_of(item):
            place = self._place(item)
            self._current = _Running(self._catalogue[place - 1], place, self._write_wire)

    def pytest_bdd_before_step(self, step: Any, step_func: Callable[..., object]) -> None:
        """A step begins."""
        if inspect.iscoroutinefunction(step_func):
            pytest.fail(f"the step {step.name!r} is async and would never be awaited")
        assert self._current is not None
        self._current.begin(step)

    def pytest_bdd_after_step(self, step: Any) -> None:
        """A step held."""
        assert self._current is not None
        self._current.end(State.PASSED)

    def pytest_bdd_step_error(self, step: Any, exception: Exception) -> None:
        """A step did not hold."""
        assert self._current is not None
        state, reason = judge(exception)
        self._current.recorder.observe(reason)
        self._current.end(state)
        self._current.fail(state, reason)

    def pytest_bdd_step_func_lookup_error(self, step: Any, exception: Exception) -> None:
        """A sentence that no step tells."""
        assert self._current is not None
        self._current.fail(State.ERROR, str(exception))

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """What went wrong outside a step is the harness's error."""
        if self._current is not None and call.excinfo is not None:
            state, reason = judge(call.excinfo.value)
            self._current.fail(state, reason)

    def pytest_runtest_logfinish(self) -> None:
        """A scenario is over: write its result."""
        if self._current is None:
            return
        result = self._current.result()
        self._current = None
        self.results.append(result)
        records = self._config.getoption("--urs-records")
        if records:
            with Path(records).open("ab") as stream:
                stream.write(canonical_bytes(result.to_json()) + b"\n")

    def pytest_unconfigure(self) -> None:
        """The session is over."""
        self.close()

    def id_of(self, item: pytest.Item) -> str:
        """The id of a collected scenario."""
        return self._item(item).id

    def close(self) -> None:
        """Close the system's connections."""
        if self._sut is not None:
            self._sut.close()
            self._sut = None

    # --- inside -----------------------------------------------------------------------------

    def _open(self, requirement: str) -> SystemUnderTest:
        """The target; in process each requirement has a pair of its own, so that none grows old."""
        if self._sut is not None and self._sut.mode == "in process" and requirement != self._of:
            self.close()
        self._of = requirement
        if self._sut is None:
            target, seed = self._config.getoption("--target"), self._config.getoption("--urs-seed")
            self._sut = open_target(target, seed)
        return self._sut

    def _namespace(self, place: int) -> Namespace:
        """Names that no other scenario has, whichever of them run, and in which process."""
        prefix = self._config.getoption("--urs-namespace")
        return Namespace(f"{prefix}{place:03d}")

    def _item(self, item: pytest.Item) -> ScenarioItem:
        return self._catalogue[self._place(item) - 1]

    def _place(self, item: pytest.Item) -> int:
        template = item.obj.__doc__ or ""  # type: ignore[attr-defined]
        name = template.partition(": ")[2]
        callspec = getattr(item, "callspec", None)
        example = callspec.params.get("_pytest_bdd_example") if callspec else None
        place = self._places.get((name, tuple((example or {}).items())))
        if place is None:
            raise pytest.UsageError(f"the scenario {name!r} {example or ''} is in no feature file")
        return place

    def _write_wire(self, scenario: str, line: dict[str, object]) -> None:
        folder = self._config.getoption("--urs-wire")
        if folder:
            with (Path(folder) / f"{scenario}.jsonl").open("ab") as stream:
                stream.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


class _Running:
    """A scenario on its way."""

    def __init__(
        self, item: ScenarioItem, place: int, write: Callable[[str, dict[str, object]], None]
    ) -> None:
        self.item = item
        self.place = place
        self._write = write
        self._exchanged = False
        self.recorder = ScenarioRecorder(self._keep)
        self.failure: tuple[State, str] | None = None
        self._started = datetime.now(UTC)
        self._steps: list[Step] = []
        self._step: Any = None

    def _keep(self, line: dict[str, object]) -> None:
        self._exchanged = True
        self._write(self.item.id, line)

    def begin(self, step: Any) -> None:
        self._step = step
        self.recorder.next_step()

    def end(self, state: State) -> None:
        self._steps.append(
            Step(
                keyword=self._step.keyword.strip(), text=self._step.name, state=state,
                observations=self.recorder.observations(),
            )
        )

    def fail(self, state: State, reason: str) -> None:
        """The first failure counts."""
        if self.failure is None:
            self.failure = (state, reason)

    def result(self) -> Result:
        state, reason = self.failure or (State.PASSED, "")
        return Result(
            id=self.item.id, protocol=self.item.requirement.exercised_in, kind=Kind.SCENARIO,
            state=state, reason=reason,
            started_at=self._started, finished_at=datetime.now(UTC), steps=tuple(self._steps),
            wire=f"{self.item.id}.jsonl" if self._exchanged else None,
        )


def judge(exception: BaseException) -> tuple[State, str]:
    """The state that an exception stands for: a claim that failed, no answer, or our own error."""
    if isinstance(exception, AssertionError | pytest.fail.Exception):
        return State.FAILED, str(exception).splitlines()[0] if str(exception) else "claim failed"
    if isinstance(exception, NoAnswer):
        return State.INCONCLUSIVE, f"the system did not answer: {exception.reason}"
    if isinstance(exception, NotTested):
        return State.NOT_TESTED, str(exception)
    last = traceback.extract_tb(exception.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    return State.ERROR, f"{type(exception).__name__} in {where}: {exception}"


def requirement_of(item: pytest.Item) -> str:
    """The requirement that a collected scenario shows; empty for any other test."""
    marker = item.get_closest_marker("urs")
    return str(marker.args[0]) if marker else ""


def _refuse_async_steps(items: list[pytest.Item]) -> None:
    modules = {item.module for item in items if hasattr(item, "module")}
    for module in modules:
        for name, thing in vars(module).items():
            if inspect.iscoroutinefunction(inspect.unwrap(thing) if callable(thing) else thing):
                raise pytest.UsageError(f"{name} is async: pytest-bdd would never await it")
