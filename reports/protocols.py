"""The three protocols as they are before execution: test scripts with empty fields, from the plan.

They are printed from ``plan.json`` alone, so the same plan gives the same bytes, whoever prints it
and whenever. Its digest stands at the foot of each page and in each report: a test that was planned
and not run is seen by whoever lays the two side by side.
Source: EU GMP Annex 15 2.2 and 2.4 (protocols approved before execution); URS-EVD-008.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from contracts.model.requirements import Protocol, Requirement
from contracts.record.digests import file_digest
from contracts.record.folder import RunFolder, read_plan
from contracts.record.runs import Kind, Plan, Planned, PlannedStep
from reports.completeness import DocumentIncomplete, protocol_shortcomings
from reports.edition import css_text, rendered
from reports.inventory import PROTOCOLS
from reports.press import Press
from reports.sections import outline_of
from reports.trace import planned_faults
from reports.wording import (
    NAMES,
    PRODUCT,
    PROTOCOL_TITLES,
    SIMULATION,
    STATE_MEANING,
    VERDICT_RULE,
    counted,
    plural,
    purpose,
)

PREREQUISITES = {
    Protocol.IQ: (
        "The software is installed as its installation instructions say, from the lock file.",
        "The plant file and, for systems at addresses of their own, the target file are at hand.",
    ),
    Protocol.OQ: (
        "The IQ of the same plan ended neither FAILED nor ERROR, or an approved deviation stands "
        "for each check of it that failed.",
        "No other run uses the systems.",
    ),
    Protocol.PQ: (
        "The OQ of the same plan ended neither FAILED nor ERROR, or an approved deviation stands "
        "for each check of it that failed.",
        "The clocks of the site may be driven while the plant is simulated.",
    ),
}
ROLES = (
    ("Tester", "starts the run, watches it, records what the tool does not see, signs as executed"),
    ("Reviewer", "compares report and protocol, judges each deviation, signs as reviewed"),
    ("Approver", "independent of the tester; approves this protocol before execution, and the "
                 "report after it"),
)


@dataclass(frozen=True)
class Script:
    """A planned check with its place in the protocol."""

    number: int
    planned: Planned
    like: Script | None = None
    """An earlier script of the same requirement that begins as this one does, if any."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What is done, the set-up in one line; what has to come of it stands beside it.

        What begins like an earlier script is told from where it differs; of another example of
        an outline only the steps that differ are told.
        """
        steps = list(enumerate(self.planned.steps, 1))
        if self.like and self.is_example_of(self.like):
            other = [
                _told(number, step) for number, step in steps
                if step != self.like.planned.steps[number - 1] and not self._is_expected(step)
            ]
            return (f"As {self.like.number}{', but:' if other else ''}", *other)
        same = self.steps_shared_with(self.like) if self.like else 0
        setup = list(takewhile(lambda numbered: numbered[1].keyword == "Given", steps[same:]))
        return (
            *([f"{_span(same)} as in {self.like.number}"] if same and self.like else []),
            *(["; ".join(_told(*numbered) for numbered in setup)] if setup else []),
            *(
                _told(number, step) for number, step in steps[same + len(setup):]
                if not self._is_expected(step)
            ),
        )

    def is_example_of(self, other: Script) -> bool:
        """Whether both are examples of one scenario outline, with as many steps."""
        return (
            outline_of(self.planned.id) == outline_of(other.planned.id)
            and len(self.planned.steps) == len(other.planned.steps)
        )

    def _is_expected(self, step: PlannedStep) -> bool:
        return step.keyword == "Then" and step.text in self.planned.expects

    def steps_shared_with(self, other: Script) -> int:
        """How many steps of the set-up both begin with."""
        pairs = zip(self.planned.steps, other.planned.steps, strict=False)
        return sum(
            1 for _ in takewhile(lambda two: two[0] == two[1] and two[0].keyword == "Given", pairs)
        )


@dataclass(frozen=True)
class Group:
    """Test scripts under one heading; ``requirement`` is set where they show one."""

    title: str
    scripts: tuple[Script, ...]
    requirement: Requirement | None = None


def print_protocols(folder: Path, only: Sequence[Protocol] = tuple(Protocol)) -> list[Path]:
    """Print the protocols of planned qualifications from ``plan.json`` in ``folder``.

    Raises: OSError, ValueError for a bad plan, DocumentIncomplete, PrintingFailed.
    """
    plan, digest = read_plan(folder), file_digest(folder / "plan.json")
    target, press = RunFolder(folder), Press()
    written = []
    for protocol in only:
        name = PROTOCOLS[protocol]
        pdf = press.print(protocol_page(plan, protocol, digest))
        missing = protocol_shortcomings(pdf, protocol, plan, digest)
        if missing:
            raise DocumentIncomplete(f"{name} {'; '.join(missing)}")
        written.append(target.write(name, pdf))
    return written


def protocol_page(plan: Plan, protocol: Protocol, digest: str) -> str:
    """The HTML of one protocol. ``digest`` is the SHA-256 of ``plan.json``."""
    part, title = plan.protocol(protocol), PROTOCOL_TITLES[protocol]
    groups = tuple(_groups(plan, protocol))
    kinds = [item.kind for item in part.scope]
    return rendered(
        "protocol.html", title=title, name=NAMES[protocol], plan=plan, part=part, digest=digest,
        product=PRODUCT, style=_furniture(title, digest), groups=groups,
        purpose=purpose(protocol, part.scope, planned_faults(part.scope)),
        simulation=SIMULATION if protocol is Protocol.PQ else "",
        scope=[counted(kinds.count(k), k.value, plural(k.value)) for k in Kind if k in kinds],
        prerequisites=PREREQUISITES[protocol], roles=ROLES, rule=VERDICT_RULE,
        meanings=STATE_MEANING,
    )


def _scripts(scope: Iterable[Planned]) -> Iterator[Script]:
    """The scripts with their numbers, each beside the earlier one of its requirement like it."""
    earlier: dict[tuple[str, ...], list[Script]] = {}
    for number, item in enumerate(scope, 1):
        before = earlier.setdefault(item.requirements, [])
        alone = Script(number, item)
        yield replace(alone, like=_most_like(alone, before))
        before.append(alone)


def _most_like(script: Script, before: list[Script]) -> Script | None:
    """The first example of the same outline, or the first that shares most of the set-up."""
    examples = (other for other in before if script.is_example_of(other))
    return next(examples, None) or max(before, key=script.steps_shared_with, default=None)


def _span(steps: int) -> str:
    return "Step 1" if steps == 1 else f"Steps 1–{steps}"


def _told(number: int, step: PlannedStep) -> str:
    return f"{number} {step.keyword} {step.text}"


def _groups(plan: Plan, protocol: Protocol) -> Iterator[Group]:
    scripts = list(_scripts(plan.protocol(protocol).scope))
    known = {item.id: item for item in plan.requirements}
    held: dict[str, list[Script]] = {}
    rest: dict[Kind, list[Script]] = {}
    for script in scripts:
        first = next((r for r in script.planned.requirements if r in known), None)
        if script.planned.kind is Kind.SCENARIO and first:
            held.setdefault(first, []).append(script)
        else:
            rest.setdefault(script.planned.kind, []).append(script)
    for id_, of in held.items():
        yield Group(known[id_].title, tuple(of), known[id_])
    for kind, left in rest.items():
        yield Group(_heading(kind), tuple(left))


def _heading(kind: Kind) -> str:
    told = plural(kind.value)
    return f"{told[0].upper()}{told[1:]}"


def _furniture(title: str, digest: str) -> str:
    foot = f"Plan digest (SHA-256 of plan.json):\n{digest}"
    return (
        f"@page {{ @top-left {{ content: {css_text(f'{PRODUCT} · {title}')} }} "
        f"@top-right {{ content: {css_text('Before execution')} }} "
        f"@bottom-left {{ content: {css_text(foot)} }} }}"
    )
