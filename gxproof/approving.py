"""What people sign, on the command line: deviations, baselines, assessments, reviews, releases.

Each has a form that is written (``draft``), filled in by a person, and signed with that person's
own key (``approve``); ``qualify`` takes the signed file.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.model.verdicts import Exit
from gxproof.telling import fail, told

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

deviation_app = typer.Typer(no_args_is_help=True, help="Deviations: draft and approve.")
baseline_app = typer.Typer(
    no_args_is_help=True, help="The configuration baseline of a formal run: draft and approve."
)
assessment_app = typer.Typer(
    no_args_is_help=True, help="Vulnerabilities that may stand: draft and approve."
)
review_app = typer.Typer(
    no_args_is_help=True, help="The periodic review of a pair of systems: draft and approve."
)
release_app = typer.Typer(
    no_args_is_help=True, help="Release of a baseline to production: draft, approve, check."
)
SIGNED_PAPERS = {
    "deviation": deviation_app, "baseline": baseline_app, "assessment": assessment_app,
    "review": review_app, "release": release_app,
}
Form = Annotated[Path, typer.Argument(help="The form, filled in (TOML).")]
Key = Annotated[Path, typer.Option(help="Private key (PEM, Ed25519) of the person.")]
Signed = Annotated[Path, typer.Option(help="File to write; qualify takes it.")]
NewForm = Annotated[Path, typer.Option(help="TOML file to write.")]
NewFolder = Annotated[Path, typer.Option(help="Folder to write to; must not exist.")]
Access = Annotated[Path, typer.Option(help="Access review as its administrator exported it.")]
Bundle = Annotated[Path, typer.Option(help="The folder bundle/ of the formal run that passed.")]
SealedBy = Annotated[Path, typer.Option(help="Public key (PEM) that sealed the bundle.")]
Approvers = Annotated[
    list[Path], typer.Option(help="Public key (PEM) of who approved its baseline; repeatable.")
]
Production = Annotated[str, typer.Option(help="The target that is production.")]


@deviation_app.command("draft")
def deviation_draft(
    run: Annotated[Path, typer.Argument(help="Folder of the run that failed.")],
    number: Annotated[str, typer.Argument(help="Number of the draft, as deviations.pdf gives it.")],
    out: NewForm,
) -> None:
    """Write the form of a deviation for a person to fill in."""
    from gxproof.deviations import draft

    with told():
        _write_form(out, "deviation", lambda: draft(run, number))


@deviation_app.command("approve")
def deviation_approve(file: Form, key: Key, out: Signed) -> None:
    """Sign a deviation as the person who approves it."""
    from gxproof.deviations import approve

    with told():
        _sign(file, key, out, approve)


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
        scope = Scope(tuple(requirement or ()), all_defects)
        _write_form(out, "baseline", lambda: draft(target, plant, seed, scope))


@baseline_app.command("approve")
def baseline_approve(file: Form, key: Key, out: Signed) -> None:
    """Sign a baseline as the person who approves it under its change."""
    from gxproof.dossier import approve_baseline

    with told():
        _sign(file, key, out, approve_baseline)


@assessment_app.command("draft")
def assessment_draft(
    vulnerability: Annotated[str, typer.Argument(help="Its id, as the source gives it.")],
    component: Annotated[str, typer.Argument(help="Package URL with the version.")],
    out: NewForm,
) -> None:
    """Write the form of an assessment: why a vulnerability in a component may stand."""
    from gxproof.forms import form

    with told():
        known = {"vulnerability": vulnerability, "component": component}
        _write_form(out, "assessment", lambda: form("assessment", known))


@assessment_app.command("approve")
def assessment_approve(file: Form, key: Key, out: Signed) -> None:
    """Sign an assessment as the person who answers for it."""
    from gxproof.dossier import approve_assessment

    with told():
        _sign(file, key, out, approve_assessment)


@review_app.command("draft")
def review_draft(  # noqa: PLR0913, PLR0917 - each is an option
    out: NewFolder,
    target: Annotated[str, typer.Option(help="A registered system or a target.toml file.")],
    access_mes: Access,
    access_wms: Access,
    since: Annotated[
        str, typer.Option(help="Begin of the first review: an RFC 3339 time with offset.")
    ] = "",
    previous: Annotated[
        Path | None, typer.Option(help="The last review, signed; this one goes on from its end.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="The approved baseline, to show drift from it.")
    ] = None,
    approver: Annotated[
        list[Path] | None, typer.Option(help="Public key (PEM) of who signed these; repeatable.")
    ] = None,
    runs: Annotated[Path, typer.Option(help="Folder of the runs, with their log.")] = Path("runs"),
    rules: Annotated[
        Path | None, typer.Option(help="What the site takes for ordinary, as for exceptions.")
    ] = None,
) -> None:
    """Gather what happened since the last review: material, the same as PDF, and a form."""
    from contracts.model.roles import Role
    from gxproof.reviewing import FORM, PAPER, Wanted, gather, write_draft

    with told():
        if out.exists():
            fail(f"{out} exists already; name a folder that does not", Exit.WRONG_USAGE)
        if bool(since) == (previous is not None):
            fail("name --previous, or --since for the first review", Exit.WRONG_USAGE)
        wanted = Wanted(
            target, out, {Role.MES: access_mes, Role.WMS: access_wms}, since, previous, baseline,
            tuple(approver or ()), runs, rules,
        )
        material = gather(wanted)
        write_draft(out, material)
        for topic, entries in material.topics.items():
            typer.echo(f"{len(entries):>6} {topic}")
        typer.echo(f"Read {out / PAPER}, assess each topic in {out / FORM}; then: gxproof review "
                   f"approve {out / FORM} --key KEY.pem --out SIGNED.dsse.json")


@review_app.command("approve")
def review_approve(file: Form, key: Key, out: Signed) -> None:
    """Sign a review as the person who made it; its material lies beside the form."""
    from gxproof.reviewing import approve

    with told():
        _sign(file, key, out, approve)


@release_app.command("draft")
def release_draft(
    bundle: Bundle,
    signed_by: SealedBy,
    approver: Approvers,
    production: Production,
    out: NewForm,
) -> None:
    """Write the form of a release: a verified bundle of a formal run, and production's way back."""
    from gxproof.releasing import Basis, draft

    with told():
        basis = Basis(bundle, signed_by, tuple(approver))
        named = ["--bundle", bundle, "--signed-by", signed_by]
        named += [part for path in approver for part in ("--approver", path)]
        _write_form(
            out, "release", lambda: draft(basis, production), f"{shlex.join(map(str, named))} "
        )


@release_app.command("approve")
def release_approve(
    file: Form, bundle: Bundle, signed_by: SealedBy, approver: Approvers, key: Key, out: Signed
) -> None:
    """Sign a release as the person who answers for production; the bundle is verified again."""
    from gxproof.releasing import Basis, approve

    with told():
        basis = Basis(bundle, signed_by, tuple(approver))
        _sign(file, key, out, lambda form, own: approve(form, own, basis))


@release_app.command("check")
def release_check(
    release: Annotated[Path, typer.Argument(help="The signed release.")],
    approver: Annotated[
        list[Path], typer.Option(help="Public key (PEM) of who may release; repeatable.")
    ],
    production: Production,
    json: Annotated[
        Path | None, typer.Option("--json", help="Write what was found to this file.")
    ] = None,
) -> None:
    """Hold production against its release, and run the IQ checks that drive nothing there."""
    from contracts.model.verdicts import exit_code, verdict_of
    from contracts.record.signed_words import on_one_line
    from gxproof.releasing import check, result_bytes

    with told():
        if json is not None:
            _must_be_new(json)
        results = check(release, tuple(approver), production)
        if json is not None:
            json.write_bytes(result_bytes(results))
        for result in results:
            title = result.steps[0].text
            told_why = f": {result.reason}" if result.reason else ""
            typer.echo(on_one_line(f"{result.state:<12} {result.id} {title}{told_why}"))
        verdict = verdict_of(result.state for result in results)
        typer.echo(f"Production: {verdict.value}")
    raise typer.Exit(exit_code(verdict))


def _write_form(out: Path, kind: str, draft: Callable[[], str], options: str = "") -> None:
    """Write a form into a new file, and say what comes next."""
    _must_be_new(out)
    out.write_text(draft(), encoding="utf-8")
    typer.echo(f"Form: {out}")
    typer.echo(f"Fill in what is empty; then: gxproof {kind} approve {shlex.quote(str(out))} "
               f"{options}--key KEY.pem --out SIGNED.dsse.json")


def _sign(
    file: Path, key: Path, out: Path, approve: Callable[[Path, Ed25519PrivateKey], bytes]
) -> None:
    """Sign a form into a new file, whole or not at all, and say so."""
    from gxproof.keys import signer

    _must_be_new(out)
    signed = approve(file, signer(key).key)
    partial = out.with_name(f".{out.name}.partial")
    try:
        partial.write_bytes(signed)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    typer.echo(f"Signed: {out}")


def _must_be_new(out: Path) -> None:
    if out.exists():
        fail(f"{out} exists already; name another file", Exit.WRONG_USAGE)
