"""Editions of the contract: each change classified, and what may be published by which number."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pytest_bdd import parsers, then, when

from contracts.model.inspection import Version
from contracts.model.roles import Role
from contracts.wire.compatibility import Comparison, compare_contracts, read_contract
from contracts.wire.publication import PUBLISHED
from features.bench import Bench
from features.claims import equal, holds
from features.contract_drafts import draft


@dataclass
class ComparedContract:
    """Each draft by its change."""

    drafts: dict[str, Comparison] = field(default_factory=dict)


@when(parsers.re(
    r"the published contract is compared with a draft (?P<version>[0-9.]+) for each of these "
    r"changes"
))
def compare_drafts(bench: Bench, version: str, datatable: list[list[str]]) -> None:
    """One change in each draft."""
    published = _published()
    for (change,) in datatable[1:]:
        compared = compare_contracts(published, draft(published, change, version))
        bench.part(ComparedContract).drafts[change] = compared


@then(parsers.re(r"each change is found (?P<word>compatible|breaking)"))
def each_change_is_found(bench: Bench, word: str) -> None:
    """At least one change in each draft; a compatible draft has no breaking one."""
    for change, compared in bench.part(ComparedContract).drafts.items():
        found = "; ".join(map(str, compared.changes[:3]))
        bench.recorder.observe(f"{change}: {found}")
        holds(bool(compared.changes), f"{change}: no change was found")
        holds(bool(compared.breaking) == (word == "breaking"), f"{change}: {found}")
    holds(bool(bench.part(ComparedContract).drafts), "nothing was compared")


@then(parsers.re(r"each draft (?P<may>may|may not) be published under its number"))
def may_be_published(bench: Bench, may: str) -> None:
    """A breaking change needs a new major version."""
    for change, compared in bench.part(ComparedContract).drafts.items():
        numbers = f"{compared.old_version} to {compared.new_version}"
        holds(compared.is_allowed == (may == "may"), f"{change}: {numbers}")
    bench.recorder.observe(f"{len(bench.part(ComparedContract).drafts)} drafts")


@then("each system says that it keeps the published version, and no other of its major version")
def keeps_the_published(bench: Bench) -> None:
    """What is compared is what the systems keep."""
    published = _published()["openapi-mes.json"]["info"]["version"]
    for role in Role:
        said = bench.site.client(role).ask("version", Version).contract_versions
        bench.recorder.observe(f"{role.upper()}: {', '.join(said)}")
        major = published.partition(".")[0]
        same = [version for version in said if version.partition(".")[0] == major]
        equal(same, [published], f"versions of major {major} that {role.upper()} keeps")


@cache
def _published() -> dict[str, Any]:
    return read_contract(PUBLISHED)
