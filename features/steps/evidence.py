"""Evidence that the application's own account cannot change: what it tells, how attempts end."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.inspection_evidence import (
    EvidenceGuard,
    EvidenceRights,
    EvidenceVerb,
    TriedOnEvidence,
    TryOnEvidence,
)
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal, holds

_KEPT = ("audit", "journal")
_HARMLESS = {"SELECT", "INSERT"}


@dataclass
class Attempted:
    """How each database answered, and what journals and audit trails held before."""

    answers: dict[Role, TriedOnEvidence] = field(default_factory=dict)
    before: dict[tuple[Role, str], list[Any]] = field(default_factory=dict)


@given("what both systems hold as evidence is noted")
def note_evidence(bench: Bench) -> None:
    """Every row of journal and audit trail, as it is shown."""
    for role in Role:
        for name in _KEPT:
            rows = bench.site.client(role).content(name)["rows"]
            bench.part(Attempted).before[role, name] = rows


@when(parsers.re(r"both systems try (?P<verb>[A-Z]+) on all evidence with their own accounts"))
def try_on_evidence(bench: Bench, verb: str) -> None:
    """By the stimulus interface: the account of the application, on every table of evidence."""
    note_evidence(bench)
    for role in Role:
        answer = bench.site.client(role).call(
            "stimulus/try-on-evidence", TryOnEvidence(verb=EvidenceVerb(verb))
        )
        bench.part(Attempted).answers[role] = answer.as_(TriedOnEvidence)


@then("both databases refuse it wherever there is something")
def databases_refuse(bench: Bench) -> None:
    """Journal and audit trail hold rows by now; a table without any shows nothing."""
    for role, answer in bench.part(Attempted).answers.items():
        filled = {row.table: row for row in answer.rows if not row.is_empty}
        missing = [name for name in _KEPT if name not in filled]
        holds(not missing, f"{role.upper()} tried nothing on its {' and '.join(missing)}")
        let = [name for name, row in filled.items() if not row.refused]
        bench.recorder.observe(f"{role.upper()}: {filled['journal'].answer.splitlines()[0]}")
        bench.recorder.observe(f"{role.upper()}: {len(filled)} tables with rows, let: {let or 0}")
        equal(let, [], f"tables of {role.upper()} that let it")


@then("journals and audit trails of both systems begin as they did")
def evidence_begins_as_before(bench: Bench) -> None:
    """Row for row what was there before the attempt."""
    for (role, name), rows in bench.part(Attempted).before.items():
        now = bench.site.client(role).content(name)["rows"][: len(rows)]
        bench.recorder.observe(f"{role.upper()}: {len(rows)} rows of the {name}, as they were")
        equal(json.dumps(now), json.dumps(rows), f"the {name} of {role.upper()}")


@then("journals and audit trails of both systems have grown, and begin as they did")
def evidence_has_grown(bench: Bench) -> None:
    """What a command added stands behind what was there."""
    for (role, name), rows in bench.part(Attempted).before.items():
        now = len(bench.site.client(role).content(name)["rows"])
        holds(now > len(rows), f"the {name} of {role.upper()} did not grow from {len(rows)} rows")
    evidence_begins_as_before(bench)


@then("both systems tell the rights of their account on evidence, or that it can have none")
def rights_are_told(bench: Bench) -> None:
    """Rights on an engine with accounts, else the limit that comes with having none."""
    for role in Role:
        shown = bench.site.client(role).ask("evidence-rights", EvidenceRights)
        named = {row.table: set(row.rights) for row in shown.rows}
        holds(set(_KEPT) <= set(named), f"{role.upper()} names {sorted(named)} alone")
        bench.recorder.observe(f"{role.upper()}: {shown.guard}, {shown.limit or named['journal']}")
        if shown.guard is EvidenceGuard.TRIGGERS:
            holds(bool(shown.limit), f"{role.upper()} has no rights to show and tells no limit")
            continue
        for table, rights in named.items():
            equal(rights, _HARMLESS, f"rights of {role.upper()} on {table}")
