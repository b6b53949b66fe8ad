"""The three protocols as they are before execution: test scripts with empty fields, from the plan.

They are printed from ``plan.json`` alone, so the same plan gives the same bytes, whoever prints it
and whenever. Its digest stands at the foot of each page and in each report: a test that was planned
and not run is seen by whoever lays the two side by side.
Source: EU GMP Annex 15 2.2 and 2.4 (protocols approved before execution); URS-EVD-008.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.model.requirements import Protocol, Requirement
from contracts.record.digests import file_digest
from contracts.record.folder import RunFolder, read_plan
from contracts.record.runs import Kind, Plan, Planned
from reports.completeness import DocumentIncomplete, protocol_shortcomings
from reports.edition import css_text, rendered
from reports.inventory import PROTOCOLS
from reports.press import Press
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

    @property
    def lines(self) -> tuple[str, ...]:
        """What is done; what has to come of it stands under the expected result."""
        told = self.planned.expects
        return tuple(
            f"{number} {step.keyword} {step.text}"
            for number, step in enumerate(self.planned.steps, 1)
            if not (step.keyword == "Then" and step.text in told)
        )


@dataclass(frozen=True)
class Group:
    """Test scripts under one heading; ``requirement`` is set where they show one."""

    title: str
    scripts: tuple[Script, ...]
    requirement: Requirement | None = None


def print_protocols(
    folder: Path, progress: Callable[[str], None] | None = None
) -> list[Path]:
    """Print the protocol of each planned qualification from ``plan.json`` in ``folder``.

    Raises: OSError, ValueError for a bad plan, DocumentIncomplete, PrintingFailed.
    """
    plan, digest = read_plan(folder), file_digest(folder / "plan.json")
    target, press = RunFolder(folder), Press()
    written = []
    for part in plan.protocols:
        name = PROTOCOLS[part.protocol]
        if progress:
            progress(name)
        pdf = press.print(protocol_page(plan, part.protocol, digest))
        missing = protocol_shortcomings(pdf, part.protocol, plan, digest)
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
        purpose=purpose(protocol, planned_faults(part.scope)),
        simulation=SIMULATION if protocol is Protocol.PQ else "",
        scope=[counted(kinds.count(k), k.value, plural(k.value)) for k in Kind if k in kinds],
        prerequisites=PREREQUISITES[protocol], roles=ROLES, rule=VERDICT_RULE,
        meanings=STATE_MEANING,
    )


def _groups(plan: Plan, protocol: Protocol) -> Iterator[Group]:
    scripts = [Script(n, item) for n, item in enumerate(plan.protocol(protocol).scope, 1)]
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
