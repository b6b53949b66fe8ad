"""``gxproof batch-record``: a batch record that production exported, printed as PDF/A."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from contracts.model.verdicts import Exit
from gxproof.sentences import os_sentence


def batch_record(
    file: Annotated[Path, typer.Argument(help="The answer of the batch-record export, as JSON.")],
    out: Annotated[Path, typer.Option(help="PDF to write.")],
) -> None:
    """Print an exported batch record; what it lacks stands on its first page."""
    from reports.batch_record import NotABatchRecord, print_batch_record
    from reports.completeness import DocumentIncomplete
    from reports.press import PrintingFailed

    try:
        raw = file.read_bytes()
        pdf = print_batch_record(raw)
        out.write_bytes(pdf)
    except NotABatchRecord as exc:
        _fail(f"{file}: {exc}", Exit.WRONG_USAGE)
    except OSError as exc:
        _fail(os_sentence(exc), Exit.WRONG_USAGE)
    except (DocumentIncomplete, PrintingFailed) as exc:
        _fail(str(exc), Exit.HARNESS_FAILED)
    typer.echo(f"{out}: {len(pdf)} bytes")


def _fail(sentence: str, code: Exit) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
