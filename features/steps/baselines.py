"""The configuration as it was approved, as it is, and what makes a run formal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pytest_bdd import given, parsers, then, when

from contracts.model.inspection import Configuration
from contracts.model.instants import from_microseconds
from contracts.model.operations import Group, operations_of
from contracts.model.ports import HttpRequest
from contracts.model.roles import Role
from contracts.record.baselines import (
    ApprovedBaseline,
    Drift,
    baseline_digest,
    drift,
    misfits,
    why_informal,
)
from contracts.record.digests import sha256
from contracts.wire.baseline import items_of_contract, items_of_systems
from contracts.wire.system import StartedWith
from features.bench import Bench
from features.claims import equal, holds
from features.contract_editions import NEXT

_STARTED_AT = from_microseconds(1_774_936_800_000_000)
_PLAN, _OTHER_PLAN = sha256(b"plan"), sha256(b"another plan")
_PLACES = ("version", "configuration", "profile", "grants")


@dataclass
class Baselines:
    """What was approved in the scenario, how systems are started, and what was found."""

    approved: dict[str, str] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    edited: list[tuple[str, bool, tuple[Drift, ...]]] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)


@given("the configuration of both systems is approved as it is")
def approve_as_it_is(bench: Bench) -> None:
    """Every item that the systems show, and the contract that they are held against."""
    approved = bench.part(Baselines).approved
    approved.update({**items_of_systems(bench.site.client), **items_of_contract()})
    bench.recorder.observe(f"{len(approved)} items, hash {baseline_digest(approved)}")


@given("systems that are just started, whose configuration is approved as it is")
def approve_fresh(bench: Bench) -> None:
    """Nobody has loaded anything into them, not even places."""
    bench.move_to(bench.started_anew(StartedWith()))
    approve_as_it_is(bench)


@then("the configuration has the approved hash, and no item drifts")
def no_drift(bench: Bench) -> None:
    """Observed anew."""
    kept = bench.part(Baselines)
    observed = {**items_of_systems(bench.site.client), **items_of_contract()}
    found = [str(one) for one in drift(kept.approved, observed)]
    bench.recorder.observe(f"{len(observed)} items, hash {baseline_digest(observed)}")
    equal(found, [], "drift")
    equal(baseline_digest(observed), baseline_digest(kept.approved), "the hash")


@when("systems are started with these values")
def start_with_values(bench: Bench, datatable: list[list[str]]) -> None:
    """Values of the profile, by name; they are started with what the next step adds."""
    bench.part(Baselines).changes.update((name, value) for name, value in datatable[1:])


@when("with a draft 2.0.0 of the contract")
def start_with_draft(bench: Bench) -> None:
    """The same software, other values, and one version more."""
    changes = bench.part(Baselines).changes
    bench.move_to(bench.started_anew(StartedWith(editions=(NEXT,), values=changes)))


@then("the drift of each system is")
def drift_is(bench: Bench, datatable: list[list[str]]) -> None:
    """These items of each system, and no other one of anything."""
    kept = bench.part(Baselines)
    found = drift(kept.approved, {**items_of_systems(bench.site.client), **items_of_contract()})
    for one in found:
        bench.recorder.observe(str(one))
    wanted = [f"{role}/{row[0]}" for role in Role for row in datatable[1:]]
    equal([one.item for one in found], wanted, "the items that drift")


@when("each item of it is changed, removed and joined by another one")
def edit_each(bench: Bench) -> None:
    """One at a time; each comparison starts from what was approved."""
    kept = bench.part(Baselines)
    before = baseline_digest(kept.approved)
    for name in kept.approved:
        without = {key: value for key, value in kept.approved.items() if key != name}
        added = f"{name}-more"
        for item, observed in (
            (name, {**kept.approved, name: f"{kept.approved[name]} "}), (name, without),
            (added, {**kept.approved, added: ""}),
        ):
            same = baseline_digest(observed) == before
            kept.edited.append((item, same, drift(kept.approved, observed)))


@then("each time the hash is another one, and the drift names that item alone")
def each_is_named(bench: Bench) -> None:
    """And says what was approved and what is there."""
    edited = bench.part(Baselines).edited
    bench.recorder.observe(f"{len(edited)} changes of one item each")
    holds(bool(edited), "nothing was changed")
    for item, same, found in edited:
        holds(not same, f"the hash is the same without {item}")
        equal([one.item for one in found], [item], "the items that drift")
        holds(item in str(found[0]), f"{item} is not named")


@then(
    "the items hold versions, schema hashes, profile values, feature flags and grants of both "
    "systems"
)
def of_every_kind(bench: Bench) -> None:
    """At least those that the requirement names."""
    approved = bench.part(Baselines).approved
    for role in Role:
        for place in _PLACES:
            own = [name for name in approved if name.startswith(f"{role}/{place}/")]
            bench.recorder.observe(f"{role.upper()}: {len(own)} items of {place}")
            holds(bool(own), f"nothing of {place} of {role.upper()}")
    for name in ("contract/openapi-mes.json", "contract/schemas/pick-confirmed.json"):
        equal(len(approved[name]), 64, f"length of the digest of {name}")


# --- formal and informal ------------------------------------------------------------------------


@when("a run is started under the approval")
def start_formally(bench: Bench) -> None:
    """By the plan and on the target that the approval names."""
    bench.part(Baselines).reasons = _reasons(bench, {}, {})


@when(parsers.re(r"a run is started with (?P<what>no approval|a change .+|an approval .+)"))
def start_otherwise(bench: Bench, what: str) -> None:
    """With one thing that is not as it has to be."""
    kept = bench.part(Baselines)
    if what == "no approval":
        kept.reasons = list(why_informal(None, kept.approved))
        return
    changed = {"mes/profile/recallMaxS": "301"} if what.startswith("a change") else {}
    kept.reasons = _reasons(bench, _WRONG.get(what, {}), changed)


_WRONG: dict[str, dict[str, Any]] = {
    "an approval of another plan": {"planSha256": _OTHER_PLAN},
    "an approval for another target": {"target": "another"},
    "an approval that came afterwards": {"at": "2026-03-31T08:00:01+02:00"},
    "an approval without a change id": {"changeId": ""},
    "an approval without a reason": {"reason": "  "},
}


@then("nothing makes the run informal")
def formal(bench: Bench) -> None:
    """Neither the approval nor the configuration."""
    equal(bench.part(Baselines).reasons, [], "reasons for an informal run")


@then(parsers.re(r"the run is informal or refused, because (?P<why>.+)"))
def informal(bench: Bench, why: str) -> None:
    """For this one reason."""
    reasons = bench.part(Baselines).reasons
    bench.recorder.observe("; ".join(reasons))
    equal(len(reasons), 1, "reasons")
    holds(why in reasons[0], f"the reason is {reasons[0]!r}, and not {why}")


def _reasons(bench: Bench, wrong: dict[str, Any], changed: dict[str, str]) -> list[str]:
    """Why a run under an approval with a mistake is refused or informal."""
    kept = bench.part(Baselines)
    written = {
        "changeId": "CHG-0002", "target": bench.sut.name, "planSha256": _PLAN,
        "items": kept.approved, "reason": "The scenario asks for it",
        "approvedBy": "Example Quality", "meaning": "Approved for execution",
        "at": "2026-03-30T08:00:00+02:00", **wrong,
    }
    try:
        approval = ApprovedBaseline.from_json(written)
    except ValidationError as exc:
        return [str(exc.errors()[0]["loc"][0])]
    observed = {**kept.approved, **changed}
    return [
        *misfits(approval, _PLAN, bench.sut.name, _STARTED_AT),
        *why_informal(approval, observed),
    ]


# --- what a test brings along -------------------------------------------------------------------


@given("systems that are started as for production")
def as_for_production(bench: Bench) -> None:
    """The same software outside test mode; beside it, approved, the same in test mode.

    Both are started alike and hold nothing, so the mode is all that is between them.
    """
    approve_fresh(bench)
    bench.move_to(bench.started_anew(StartedWith(test_mode=False)))


@when("the harness knocks at each stimulus operation")
def knock(bench: Bench) -> None:
    """With a signed request whose body is no good, so that nothing happens where it is there."""
    statuses = bench.part(Baselines).statuses
    for role in Role:
        client = bench.site.client(role)
        for operation in operations_of(role, Group.STIMULUS):
            raw = b"[]" if operation.body else b""
            headers = {"content-type": operation.media_type}
            answer = client.carry(
                operation, HttpRequest(operation.method, operation.path, "", headers, raw)
            )
            holds(answer.raw is not None, f"{operation.id} did not answer")
            assert answer.raw is not None
            statuses[operation.id] = answer.raw.status
    seen = sorted(set(statuses.values()))
    bench.recorder.observe(f"{len(statuses)} operations answer {', '.join(map(str, seen))}")


@then("each answers that there is no such thing, and everything else is there")
def none_is_there(bench: Bench) -> None:
    """404 from every door of a test; what both systems show is shown."""
    statuses = bench.part(Baselines).statuses
    holds(bool(statuses), "nobody knocked")
    equal({i: s for i, s in statuses.items() if s != 404}, {}, "stimulus operations there")
    for role in Role:
        shown = bench.site.client(role).ask("configuration", Configuration)
        holds(not shown.test_mode, f"{role.upper()} says that it is in test mode")


@then("each is there")
def each_is_there(bench: Bench) -> None:
    """Whatever it answers, it is not that there is no such thing."""
    statuses = bench.part(Baselines).statuses
    holds(bool(statuses), "nobody knocked")
    equal([i for i, s in statuses.items() if s == 404], [], "stimulus operations that are missing")


@then("the settings are those of the systems in test mode, but for the test mode")
def settings_alike(bench: Bench) -> None:
    """One item of each system drifts, and that is the one."""
    kept = bench.part(Baselines)
    found = drift(kept.approved, {**items_of_systems(bench.site.client), **items_of_contract()})
    bench.recorder.observe("; ".join(map(str, found)))
    wanted = [f"{role}/configuration/testMode" for role in Role]
    equal([one.item for one in found], wanted, "the items that drift")
