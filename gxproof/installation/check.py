"""One installation check: what it expects, where it applies, what it observed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from contracts.model.ports import NoAnswer
from contracts.model.requirements import Protocol
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.runs import Kind, Planned, Result, Step
from contracts.wire.clients import SystemClient
from contracts.wire.system import SystemUnderTest
from gxproof.dossier import EMPTY, Dossier


@dataclass(frozen=True)
class Observed:
    """What a check saw. ``reason`` says why the state is not passed."""

    state: State
    observations: tuple[str, ...]
    reason: str = ""

    @classmethod
    def of(cls, findings: list[str], observations: list[str]) -> Observed:
        """Passed without findings, failed with any."""
        state = State.FAILED if findings else State.PASSED
        return cls(state, tuple(observations), "; ".join(findings))


@dataclass(frozen=True)
class Context:
    """What the checks may look at."""

    sut: SystemUnderTest
    dossier: Dossier = EMPTY
    """What the site has handed in."""

    def client(self, role: Role) -> SystemClient:
        """The harness's client of a system."""
        return self.sut.client(role)


@dataclass(frozen=True)
class InstallationCheck:
    """A check of the installation. ``modes`` are those in which it can show something."""

    id: str
    title: str
    expects: str
    look: Callable[[Context], Observed]
    requirements: tuple[str, ...] = ()
    modes: tuple[str, ...] = ("in process", "separate processes", "vendor system")
    databases: tuple[str, ...] = ("SQLite", "PostgreSQL", "other")
    """The engines on which it can show something, as the target declares its own."""
    needs: str = ""
    """The paper without which it has nothing to look at."""
    not_here: str = ""
    drives_systems: bool = False
    """It sets clocks or loads something, so production is never asked."""

    def shows_something(
        self, mode: str, database: str, given: frozenset[str] = frozenset()
    ) -> bool:
        """Whether it belongs in the plan for such a set-up, where these papers are given."""
        is_given = not self.needs or self.needs in given
        return mode in self.modes and database in self.databases and is_given

    @property
    def planned(self) -> Planned:
        """The check as an item of a plan."""
        return Planned(
            id=self.id, kind=Kind.INSTALLATION, title=self.title,
            requirements=self.requirements, expects=self.expects,
        )


def run_check(check: InstallationCheck, context: Context) -> Result:
    """Run one check; what goes wrong in the check itself is the harness's error."""
    started = datetime.now(UTC)
    try:
        observed = check.look(context)
    except NoAnswer as exc:
        observed = Observed(State.INCONCLUSIVE, (), f"the system did not answer: {exc.reason}")
    except AssertionError as exc:
        observed = Observed(State.FAILED, (), str(exc))
    except Exception as exc:
        observed = Observed(State.ERROR, (), f"{type(exc).__name__}: {exc}")
    step = Step(
        keyword="Check", text=check.title, state=observed.state,
        observations=observed.observations,
    )
    return Result(
        id=check.id, protocol=Protocol.IQ, kind=Kind.INSTALLATION, state=observed.state,
        reason=observed.reason, started_at=started, finished_at=datetime.now(UTC), steps=(step,),
    )
