"""``gxproof trail``: everything that both systems hold of one thing, in an order that is proven."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from contracts.model.ports import NoAnswer
from contracts.model.verdicts import Exit
from contracts.record.canonical import canonical_bytes
from contracts.wire.clients import ContractBroken, Unexpected
from gxproof.telling import fail, told

COLUMNS = (
    "order", "system", "source", "number", "at", "action", "recordType", "recordId", "field",
    "oldValue", "newValue", "reason", "account", "originator", "role", "station", "devices",
    "correlationId", "kind", "direction", "operation", "partner", "key", "status", "bodySha256",
    "hash", "follows",
)


@dataclass(frozen=True)
class Wanted:
    """Which trail, of which systems, and the folder to write to."""

    target: str
    kind: str
    id: str
    out: Path


def trail(  # noqa: PLR0913 - each is an option
    out: Annotated[Path, typer.Option(help="Folder to write to; must not exist.")],
    target: Annotated[str, typer.Option(help="A registered system or a target.toml file.")],
    lot: Annotated[str | None, typer.Option(help="The trail of this lot.")] = None,
    container: Annotated[str | None, typer.Option(help="Of this SSCC.")] = None,
    batch: Annotated[str | None, typer.Option(help="Of the batch of this order.")] = None,
    material: Annotated[str | None, typer.Option(help="Of this material.")] = None,
    user: Annotated[str | None, typer.Option(help="Of what this person did.")] = None,
) -> None:
    """Merge audit trails, journals and device events of both systems; name missing links."""
    given = {
        "lot": lot, "container": container, "batch": batch, "material": material, "user": user,
    }
    named = [(kind, value) for kind, value in given.items() if value]
    with told():
        if len(named) != 1:
            fail("name one lot, container, batch, material or user", Exit.WRONG_USAGE)
        if out.exists():
            fail(f"{out} exists already; name a folder that does not", Exit.WRONG_USAGE)
        ended = show_trail(Wanted(target, *named[0], out), Console(soft_wrap=True))
    raise typer.Exit(ended)


def show_trail(wanted: Wanted, console: Console) -> Exit:
    """Read, merge, write, tell. Returns: FAILED where a link is missing."""
    from features.plugin import open_target
    from simulator.trail import About, Kind, read_exports, trail_of

    about = About(Kind(wanted.kind), wanted.id)
    sut = open_target(wanted.target, seed=0)
    try:
        exports = read_exports(sut, wanted.id if about.kind is Kind.BATCH else None)
    except (NoAnswer, Unexpected, ContractBroken) as exc:
        fail(f"{wanted.target} does not show its trail: {exc}", Exit.TARGET_NOT_READY)
    finally:
        sut.close()
    document = trail_of(exports, about).to_json()
    _write(wanted.out, document)
    for sentence in document["missing"]:
        console.print(f"MISSING  {sentence}", markup=False)
    console.print(f"{len(document['entries'])} entries in {wanted.out}", markup=False)
    if not document["entries"]:
        return Exit.INCONCLUSIVE
    return Exit.FAILED if document["missing"] else Exit.PASSED


def csv_of(document: dict[str, Any]) -> str:
    """The entries as CSV (RFC 4180), one row for each, columns in one order."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for entry in document["entries"]:
        writer.writerow([_cell(entry.get(name)) for name in COLUMNS])
    return stream.getvalue()


def _write(out: Path, document: dict[str, Any]) -> None:
    out.mkdir(parents=True)
    (out / "trail.json").write_bytes(canonical_bytes(document))
    (out / "trail.csv").write_text(csv_of(document), encoding="utf-8", newline="")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
