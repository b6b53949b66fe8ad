"""``gxproof trail``: everything that both systems hold of one thing, in an order that is proven."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from contracts.model.inspection import Version
from contracts.model.instants import write_timestamp
from contracts.model.ports import NoAnswer
from contracts.model.roles import Role
from contracts.model.verdicts import Exit
from contracts.record.canonical import canonical_bytes
from contracts.record.signed_words import on_one_line
from contracts.wire.clients import ContractBroken, Unexpected
from contracts.wire.system import SystemUnderTest
from gxproof.folders import written_whole
from gxproof.telling import fail, told


@dataclass(frozen=True)
class Wanted:
    """Which trail, of which systems, and the folder to write to."""

    target: str
    kind: str
    id: str
    out: Path
    find: str = ""
    sort: str = ""


def trail(  # noqa: PLR0913, PLR0917 - each is an option
    out: Annotated[Path, typer.Option(help="Folder to write to; must not exist.")],
    target: Annotated[str, typer.Option(help="A registered system or a target.toml file.")],
    lot: Annotated[str | None, typer.Option(help="The trail of this lot.")] = None,
    container: Annotated[str | None, typer.Option(help="Of this SSCC.")] = None,
    batch: Annotated[str | None, typer.Option(help="Of the batch of this order.")] = None,
    material: Annotated[str | None, typer.Option(help="Of this material.")] = None,
    user: Annotated[str | None, typer.Option(help="Of what this person did.")] = None,
    find: Annotated[str, typer.Option(help="Only entries in which this text stands.")] = "",
    sort: Annotated[str, typer.Option(help="A column to sort by, in place of proven order.")] = "",
) -> None:
    """Merge audit trails, journals and device events of both systems; name missing links.

    The trail is written as PDF, JSON and CSV, each with every entry.
    """
    given = {
        "lot": lot, "container": container, "batch": batch, "material": material, "user": user,
    }
    named = [(kind, value) for kind, value in given.items() if value]
    with told():
        if len(named) != 1:
            fail("name one lot, container, batch, material or user", Exit.WRONG_USAGE)
        if out.exists():
            fail(f"{out} exists already; name a folder that does not", Exit.WRONG_USAGE)
        ended = show_trail(Wanted(target, *named[0], out, find, sort), Console(soft_wrap=True))
    raise typer.Exit(ended)


def show_trail(wanted: Wanted, console: Console) -> Exit:
    """Read, merge, write, tell. Returns: FAILED where a link is missing."""
    from features.plugin import open_target

    sut = open_target(wanted.target, seed=0)
    try:
        document = {**trail_document(sut, wanted), "origin": _origin(sut)}
    except (NoAnswer, Unexpected, ContractBroken) as exc:
        fail(f"{wanted.target} does not show its trail: {exc}", Exit.TARGET_NOT_READY)
    finally:
        sut.close()
    write_trail(wanted.out, document)
    for sentence in document["missing"]:
        console.print(f"MISSING  {on_one_line(sentence)}", markup=False)
    console.print(f"{len(document['entries'])} entries in {wanted.out}", markup=False)
    if not document["entries"]:
        return Exit.INCONCLUSIVE
    return Exit.FAILED if document["missing"] else Exit.PASSED


def trail_document(sut: SystemUnderTest, wanted: Wanted) -> dict[str, Any]:
    """The trail that was asked for. Raises: NoAnswer, Unexpected, ContractBroken."""
    from simulator.trail import About, Kind, read_exports, trail_of
    from simulator.trail.tables import COLUMNS, found_in, sorted_by

    if wanted.sort and wanted.sort not in COLUMNS:
        fail(f"--sort takes one of {', '.join(COLUMNS)}", Exit.WRONG_USAGE)
    about = About(Kind(wanted.kind), wanted.id)
    exports = read_exports(sut, wanted.id if about.kind is Kind.BATCH else None)
    document = trail_of(exports, about).to_json()
    if wanted.find:
        document = found_in(document, wanted.find)
    return sorted_by(document, wanted.sort) if wanted.sort else document


def _origin(sut: SystemUnderTest) -> dict[str, Any]:
    """When it was read, from which systems in which version, and with what."""
    systems = {role: sut.client(role).ask("version", Version) for role in Role}
    return {
        "target": sut.name, "readAt": write_timestamp(datetime.now(UTC)),
        "systems": {role.value: f"{shown.system} {shown.software}"
                    for role, shown in systems.items()},
        "tool": f"gxproof {version('gxproof')}",
    }


def write_trail(out: Path, document: dict[str, Any]) -> None:
    """Write it as JSON, CSV and PDF, all or nothing. Raises: DocumentIncomplete, OSError."""
    from reports.trail import print_trail
    from simulator.trail.tables import csv_of

    raw = canonical_bytes(document)
    pdf = print_trail(document, raw)
    with written_whole(out) as folder:
        (folder / "trail.json").write_bytes(raw)
        (folder / "trail.csv").write_text(csv_of(document), encoding="utf-8", newline="")
        (folder / "trail.pdf").write_bytes(pdf)
