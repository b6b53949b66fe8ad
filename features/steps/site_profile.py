"""The site profile: every limit, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from pytest_bdd import then, when

from contracts.model.inspection import Configuration
from contracts.model.inspection_profile import ProfileValue, SiteProfile
from contracts.model.roles import Role
from contracts.record.baselines import profile_findings
from features.bench import Bench
from features.claims import equal, holds

# What a value may lack, and the words in which that is found.
_THINGS: dict[str, tuple[object, str]] = {
    "rationale": (" ", "has no rationale"), "risk_item": ("", "has no risk item"),
    "owner": ("", "has no owner"), "change_id": ("", "has no change id"),
    "approved_by": ("", "has no name of who approved it"),
    "approved_on": (None, "has no day of its approval"),
    "approved_value": ("", "approved is nothing"), "value": ("0.1", "is 0.1; approved is"),
}


@dataclass
class ShownProfiles:
    """The profile of each role, and what was found when one thing was taken out."""

    rows: dict[Role, tuple[ProfileValue, ...]] = field(default_factory=dict)
    found: list[tuple[str, list[str]]] = field(default_factory=list)


@when("both systems show their site profiles")
def shown(bench: Bench) -> None:
    """As they run now."""
    rows = bench.part(ShownProfiles).rows
    for role in Role:
        rows[role] = bench.site.client(role).ask("site-profile", SiteProfile).rows
        bench.recorder.observe(f"{role.upper()}: {len(rows[role])} values")
        holds(bool(rows[role]), f"{role.upper()} shows no value")


@then("each value has rationale, risk item, owner and approval, and is the approved one")
def complete(bench: Bench) -> None:
    """Of both systems; a name stands once."""
    for role, rows in bench.part(ShownProfiles).rows.items():
        names = [row.name for row in rows]
        equal(len(set(names)), len(names), f"names of {role.upper()} that stand once")
        equal(list(profile_findings(rows)), [], f"what is missing at {role.upper()}")


@then("each limit of the configuration stands in the profile with the same value")
def configuration_agrees(bench: Bench) -> None:
    """Each number of the configuration is a limit."""
    for role, rows in bench.part(ShownProfiles).rows.items():
        known = {row.name: row.value for row in rows}
        configured = bench.site.client(role).ask("configuration", Configuration)
        limits = {
            name: str(value) for name, value in configured.to_json().items()
            if isinstance(getattr(configured, _field(name)), int | Decimal)
            and not isinstance(value, bool)
        }
        bench.recorder.observe(f"{role.upper()}: {len(limits)} limits in the configuration")
        holds(len(limits) >= 5, "hardly a limit stands in the configuration")
        equal({name: known.get(name) for name in limits}, limits, f"values at {role.upper()}")


@when("of each value one thing after the other is taken out")
def take_out(bench: Bench) -> None:
    """One thing of one value at a time, in the list of all."""
    profiles = bench.part(ShownProfiles)
    for rows in profiles.rows.values():
        for place, row in enumerate(rows):
            for member, (nothing, _) in _THINGS.items():
                poorer = row.model_copy(update={member: nothing})
                found = profile_findings((*rows[:place], poorer, *rows[place + 1:]))
                profiles.found.append((f"{row.name} {member}", list(found)))


@then("each time just that is found missing")
def just_that(bench: Bench) -> None:
    """One finding, which names the value and what it lacks."""
    found = bench.part(ShownProfiles).found
    bench.recorder.observe(f"{len(found)} times one thing was taken out")
    holds(bool(found), "nothing was taken out")
    for what, findings in found:
        name, member = what.split()
        equal(len(findings), 1, f"findings without {what}")
        said = f"{name} {_THINGS[member][1]}"
        holds(_in_order(said, findings[0]), f"found is {findings[0]!r}, and not {said!r}")


def _in_order(said: str, finding: str) -> bool:
    """Whether a finding begins with the name and says the rest."""
    name, _, rest = said.partition(" ")
    return finding.startswith(f"{name} ") and rest in finding


def _field(member: str) -> str:
    return next(
        name for name, one in Configuration.model_fields.items()
        if member in (name, one.alias)
    )
