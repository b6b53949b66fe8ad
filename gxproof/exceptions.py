"""``gxproof exceptions``: what somebody who reviews both audit trails has to look at."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass, fields, replace
from datetime import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from contracts.model.ports import NoAnswer
from contracts.model.roles import Role
from contracts.model.verdicts import Exit
from contracts.record.canonical import canonical_bytes
from contracts.record.signed_words import on_one_line
from contracts.wire.clients import ContractBroken, Unexpected
from gxproof.folders import written_whole
from gxproof.telling import fail, told

COLUMNS = ("anomaly", "system", "entries", "at", "account", "about", "detail")


@dataclass(frozen=True)
class Wanted:
    """Of which systems, by which rules, and the folder to write to."""

    target: str
    rules: Path | None
    out: Path


def exceptions(
    out: Annotated[Path, typer.Option(help="Folder to write to; must not exist.")],
    target: Annotated[str, typer.Option(help="A registered system or a target.toml file.")],
    rules: Annotated[
        Path | None, typer.Option(help="What the site takes for ordinary (TOML); else defaults.")
    ] = None,
) -> None:
    """List after-hours changes, repeated corrections, admin actions, clock changes, late entries.

    Exit code 0 where there is none, 5 where somebody has to look, 1 where entries are missing.
    """
    with told():
        if out.exists():
            fail(f"{out} exists already; name a folder that does not", Exit.WRONG_USAGE)
        ended = show_exceptions(Wanted(target, rules, out), Console(soft_wrap=True))
    raise typer.Exit(ended)


def show_exceptions(wanted: Wanted, console: Console) -> Exit:
    """Read both audit trails, judge them, write what was found, tell it."""
    from features.plugin import open_target
    from simulator.trail.exceptions import ReviewRules, exceptions_in
    from simulator.trail.whole import holes_in, read_audit

    rules = ReviewRules() if wanted.rules is None else read_rules(wanted.rules)
    sut = open_target(wanted.target, seed=0)
    try:
        read_out = {role: read_audit(sut.client(role)) for role in Role}
    except (NoAnswer, Unexpected, ContractBroken) as exc:
        fail(f"{wanted.target} does not show its audit trail: {exc}", Exit.TARGET_NOT_READY)
    finally:
        sut.close()
    trails = {role: audit.rows for role, audit in read_out.items()}
    holes = [
        f"{role.upper()}: {hole}" for role, audit in read_out.items() for hole in holes_in(audit)
    ]
    found = [one.to_json() for one in exceptions_in(trails, rules)]
    read = {role.value: len(rows) for role, rows in trails.items()}
    document = {
        "rules": _shown(rules), "entriesRead": read, "missing": holes, "exceptions": found,
    }
    with written_whole(wanted.out) as folder:
        (folder / "exceptions.json").write_bytes(canonical_bytes(document))
        (folder / "exceptions.csv").write_text(_csv(found), encoding="utf-8", newline="")
    for hole in holes:
        console.print(f"MISSING  {hole}", markup=False)
    for one in found:
        console.print(on_one_line(
            f"EXCEPTION  {one['anomaly']}: {one['system'].upper()} {one['at']} {one['account']} "
            f"{one['about']}: {one['detail']}"
        ), markup=False)
    total = sum(read.values())
    console.print(f"{len(found)} exceptions in {total} entries, in {wanted.out}", markup=False)
    if holes:
        return Exit.FAILED
    return Exit.INCONCLUSIVE if found or not total else Exit.PASSED


def read_rules(path: Path) -> Any:
    """Review rules from a TOML file. Ends the command where they cannot be used."""
    from simulator.trail.exceptions import ReviewRules

    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        fail(f"{path} cannot be read: {exc.strerror}", Exit.WRONG_USAGE)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as exc:
        fail(f"{path} is no TOML: {exc}", Exit.WRONG_USAGE)
    kinds = {one.name: type(getattr(ReviewRules(), one.name)) for one in fields(ReviewRules)}
    for name, value in given.items():
        if name not in kinds:
            fail(f"{path}: {name} is no rule; there are {', '.join(kinds)}", Exit.WRONG_USAGE)
        if isinstance(value, list):
            given[name] = tuple(value)
        if type(given[name]) is not kinds[name]:
            kind = "a time such as 06:00:00" if kinds[name] is time else kinds[name].__name__
            fail(f"{path}: {name} has to be {kind}", Exit.WRONG_USAGE)
    rules = replace(ReviewRules(), **given)
    fault = rules.fault()
    if fault is not None:
        fail(f"{path}: {fault}", Exit.WRONG_USAGE)
    return rules


def _shown(rules: Any) -> dict[str, Any]:
    shown = {one.name: getattr(rules, one.name) for one in fields(rules)}
    return {
        name: value.isoformat() if isinstance(value, time)
        else list(value) if isinstance(value, tuple) else value
        for name, value in shown.items()
    }


def _csv(found: list[dict[str, Any]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for one in found:
        entries = " ".join(map(str, one["entries"]))
        writer.writerow([entries if name == "entries" else one[name] for name in COLUMNS])
    return stream.getvalue()
