"""What people sign, on the command line: deviations, baselines, assessments of vulnerabilities.

Each has a form that is written (``draft``), filled in by a person, and signed with that person's
own key (``approve``); ``qualify`` takes the signed file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contracts.model.verdicts import Exit
from gxproof.telling import fail, told

deviation_app = typer.Typer(no_args_is_help=True, help="Deviations: draft and approve.")
baseline_app = typer.Typer(
    no_args_is_help=True, help="The configuration baseline of a formal run: draft and approve."
)
assessment_app = typer.Typer(
    no_args_is_help=True, help="Vulnerabilities that may stand: draft and approve."
)
Form = Annotated[Path, typer.Argument(help="The form, filled in (TOML).")]
Key = Annotated[Path, typer.Option(help="Private key (PEM, Ed25519) of the person.")]
Signed = Annotated[Path, typer.Option(help="File to write; qualify takes it.")]
NewForm = Annotated[Path, typer.Option(help="TOML file to write.")]


@deviation_app.command("draft")
def deviation_draft(
    run: Annotated[Path, typer.Argument(help="Folder of the run that failed.")],
    number: Annotated[str, typer.Argument(help="Number of the draft, as deviations.pdf gives it.")],
    out: NewForm,
) -> None:
    """Write the form of a deviation for a person to fill in."""
    from gxproof.deviations import draft

    with told():
        _must_be_new(out)
        out.write_text(draft(run, number), encoding="utf-8")


@deviation_app.command("approve")
def deviation_approve(file: Form, key: Key, out: Signed) -> None:
    """Sign a deviation as the person who approves it."""
    from gxproof.deviations import approve
    from gxproof.keys import signer

    with told():
        _must_be_new(out)
        _keep(out, approve(file, signer(key).key))


@baseline_app.command("draft")
def baseline_draft(
    out: NewForm,
    target: Annotated[str, typer.Option(help="As for qualify.")] = "reference",
    plant: Annotated[Path | None, typer.Option("--plant", help="As for qualify.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="As for qualify.")] = 1,
    requirement: Annotated[list[str] | None, typer.Option(help="As for qualify.")] = None,
    all_defects: Annotated[bool, typer.Option(help="As for qualify.")] = False,
) -> None:
    """Write the form of a baseline: the configuration as it is now, and the plan of a formal run.

    The plan is that of ``gxproof protocol --formal`` with the same options.
    """
    from gxproof.baseline import draft
    from gxproof.planning import Scope

    with told():
        _must_be_new(out)
        scope = Scope(tuple(requirement or ()), all_defects)
        out.write_text(draft(target, plant, seed, scope), encoding="utf-8")


@baseline_app.command("approve")
def baseline_approve(file: Form, key: Key, out: Signed) -> None:
    """Sign a baseline as the person who approves it under its change."""
    from gxproof.dossier import approve_baseline
    from gxproof.keys import signer

    with told():
        _must_be_new(out)
        _keep(out, approve_baseline(file, signer(key).key))


@assessment_app.command("draft")
def assessment_draft(
    vulnerability: Annotated[str, typer.Argument(help="Its id, as the source gives it.")],
    component: Annotated[str, typer.Argument(help="Package URL with the version.")],
    out: NewForm,
) -> None:
    """Write the form of an assessment: why a vulnerability in a component may stand."""
    from gxproof.dossier import form

    with told():
        _must_be_new(out)
        known = {"vulnerability": vulnerability, "component": component}
        out.write_text(form("assessment", known), encoding="utf-8")


@assessment_app.command("approve")
def assessment_approve(file: Form, key: Key, out: Signed) -> None:
    """Sign an assessment as the person who answers for it."""
    from gxproof.dossier import approve_assessment
    from gxproof.keys import signer

    with told():
        _must_be_new(out)
        _keep(out, approve_assessment(file, signer(key).key))


def _must_be_new(out: Path) -> None:
    if out.exists():
        fail(f"{out} exists already; name another file", Exit.WRONG_USAGE)


def _keep(out: Path, signed: bytes) -> None:
    """Write it whole or not at all, and say so."""
    partial = out.with_name(f".{out.name}.partial")
    try:
        partial.write_bytes(signed)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    typer.echo(f"Signed: {out}")
