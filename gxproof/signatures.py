"""``gxproof signatures``: an export of signatures, checked anew, shown, printed as PDF or CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contracts.model.verdicts import Exit
from contracts.record.strict_json import read_json
from gxproof.telling import fail, told


def signatures(
    file: Annotated[Path, typer.Argument(help="The answer of the signatures export, as JSON.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write: its name ends in .pdf or .csv.")
    ] = None,
) -> None:
    """Show who signed what, when, meaning what; what does not hold is shown as UNSIGNED."""
    from reports.completeness import DocumentIncomplete
    from reports.press import PrintingFailed
    from reports.signatures import (
        UNSIGNED,
        NotSignatures,
        csv_of,
        print_signatures,
        read_signatures,
        shown_of,
    )

    with told():
        try:
            raw = file.read_bytes()
            rows = shown_of(read_signatures(raw), faults_in(raw))
            if out is not None and out.suffix == ".csv":
                out.write_text(csv_of(rows), encoding="utf-8", newline="")
            elif out is not None and out.suffix == ".pdf":
                out.write_bytes(print_signatures(raw, rows))
            elif out is not None:
                fail(f"{out}: name a file that ends in .pdf or .csv", Exit.WRONG_USAGE)
        except NotSignatures as exc:
            fail(f"{file}: {exc}", Exit.WRONG_USAGE)
        except (DocumentIncomplete, PrintingFailed) as exc:
            fail(str(exc), Exit.HARNESS_FAILED)
    for row in rows:
        typer.echo(
            f"{row.state}  {row.record}: {row.printed_name} ({row.user_id}, {row.role}), "
            f"{row.meaning!r}, {row.signed_at_utc}, {row.signed_at_site}"
        )
    if not rows:
        raise typer.Exit(Exit.INCONCLUSIVE)
    unsigned = any(row.state.startswith(UNSIGNED) for row in rows)
    raise typer.Exit(Exit.FAILED if unsigned else Exit.PASSED)


def faults_in(raw: bytes) -> dict[str, str]:
    """Why a signature does not belong to its record, reckoned from the export alone, by its id."""
    from features.signed_records import Signed

    export = read_json(raw)
    records = {
        (row["recordType"], row["recordId"], row["recordVersion"]): row
        for row in export["records"]
    }
    found: dict[str, str] = {}
    for row in export["rows"]:
        record = records.get((row["recordType"], row["recordId"], row["recordVersion"]))
        faults = Signed(row, record).faults() if record else ["its record is not there"]
        if faults:
            found[row["signatureId"]] = faults[0]
    return found
