"""What every machine over a pair of systems has: a pair, a bench, and how it is run.

A machine draws what people do, does it through the published interface, and holds what both systems
then show against a model of its own, which knows no line of the reference.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from contracts.model.answers import CommandAnswer
from contracts.model.codes import Code
from contracts.model.commands import Command
from contracts.model.instants import read_timestamp
from contracts.model.verdicts import Outcome
from features.bench import Bench
from features.recording import ScenarioRecorder
from features.snapshots import differences, take_picture
from simulator.namespace import Namespace

START = read_timestamp("2026-03-27T09:00:00+01:00")


class OverAPair(RuleBasedStateMachine):
    """A machine over a fresh MES and WMS in process; ``bench`` gives names, people and clock."""

    start = START

    def __init__(self):
        super().__init__()
        # Imported here, because a control puts a defect in before.
        from gxproof.in_process import InProcessPair

        self.pair = InProcessPair(seed=1)
        self.bench = Bench(self.pair, Namespace("PROP"), ScenarioRecorder(lambda _: None))
        self.bench.site.set_clock(self.start)

    def teardown(self):
        """Close the databases."""
        self.pair.close()

    def done(self, who: str, name: str, body: Command):
        """A person does what the model says is allowed."""
        answer = self.bench.command_unseen(who, name, body).answer
        assert answer.outcome is Outcome.OK, f"{name} was to be done: {answer}"
        return answer

    def refused(self, who: str, name: str, body: Command, *codes: Code, told_in: str = ""):
        """A person tries what the model says is refused: with one of these codes, and no trace.

        ``told_in`` is an export that shows the refused request itself, such as ``picks of MES``.
        """
        self.bench.session(who)
        before = take_picture(self.bench.site)
        answer = self.bench.command_unseen(who, name, body).answer
        assert answer.refusal is not None, f"{name} was to be refused with {codes}: {answer}"
        assert answer.refusal.code in codes, f"{name}: {answer.refusal}, not {codes}"
        found = differences(before, take_picture(self.bench.site))
        assert [one for one in found if not (told_in and one.startswith(told_in))] == []

    def tried(self, who: str, name: str, body: Command, code: Code | None):
        """Done where ``code`` is None, refused with it otherwise. Returns: whether it was done."""
        if code is None:
            self.done(who, name, body).as_(CommandAnswer)
        else:
            self.refused(who, name, body, code)
        return code is None


def short(examples: int, steps: int) -> settings:
    """A run of seconds, the same one every time."""
    return settings(
        max_examples=examples, stateful_step_count=steps, derandomize=True, deadline=None,
        database=None, suppress_health_check=list(HealthCheck), print_blob=False,
    )


def long(examples: int, steps: int) -> settings:
    """A run of minutes, another one every time; what it finds is replayed by the printed blob."""
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )


def run(machine: type[RuleBasedStateMachine], how: settings) -> None:
    """Run a machine; what it finds is raised, cut down to what matters."""
    run_state_machine_as_test(machine, settings=how)


def finding(machine: type[RuleBasedStateMachine], how: settings) -> str:
    """What a machine finds first, not cut down; empty where it finds nothing."""
    quick = settings(how, phases=(Phase.generate,), report_multiple_bugs=False)
    try:
        run_state_machine_as_test(machine, settings=quick)
    except AssertionError as exc:
        return f"{type(exc).__name__}: {exc}"
    return ""
