"""The command line: each command says what it does, ends with a meaningful code, and never with a
traceback for something that a person can mend."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from contracts.model.verdicts import Exit, exit_code, worst_verdict
from gxproof.approving import SIGNED_PAPERS
from gxproof.commands import COMMANDS
from gxproof.ending import listen
from gxproof.sentences import aborted_run_told
from gxproof.serve import serve_app
from gxproof.telling import error as _error
from gxproof.telling import fail as _fail
from gxproof.telling import told as _told
from gxproof.telling import unwritable as _unwritable

app = typer.Typer(
    name="gxproof", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Proves that a MES and a WMS exchange material, status and genealogy correctly.",
)
plant_app = typer.Typer(no_args_is_help=True, help="Plant files.")
contract_app = typer.Typer(no_args_is_help=True, help="The published contract.")
for _name, _command in COMMANDS.items():
    app.command(_name)(_command)
for _name, _papers in SIGNED_PAPERS.items():
    app.add_typer(_papers, name=_name)
app.add_typer(serve_app, name="serve")
app.add_typer(plant_app, name="plant")
app.add_typer(contract_app, name="contract")

Target = Annotated[
    str, typer.Option(help="A registered system (reference) or a target.toml file.")
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of everything that is drawn.")]
PlantFile = Annotated[
    Path | None, typer.Option("--plant", help="A plant file; without it the example plant's day.")
]
Vulnerabilities = Annotated[
    Path | None, typer.Option(help="What is known against the software (CycloneDX, JSON).")
]
Suppliers = Annotated[
    Path | None, typer.Option(help="Assessments of the suppliers of both systems (TOML).")
]
Review = Annotated[
    Path | None, typer.Option(help="The last periodic review, signed; overdue fails IQ.")
]


def main() -> None:
    """Entry point of the command ``gxproof``."""
    listen()
    # Hypothesis would otherwise leave a folder of its own where the command was called.
    with tempfile.TemporaryDirectory(prefix="gxproof-generated-") as scratch:
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", scratch)
        try:
            app(standalone_mode=True)
        except OSError as exc:
            _unwritable(exc)
            sys.exit(Exit.HARNESS_FAILED)
        except KeyboardInterrupt:
            _error.print("Interrupted")
            sys.exit(Exit.INTERRUPTED)


@app.command()
def qualify(  # noqa: PLR0913, PLR0917 - each is an option
    target: Target = "reference",
    plant: PlantFile = None,
    seed: Seed = 1,
    key: Annotated[
        Path | None, typer.Option(help="Private key (PEM, Ed25519) that signs \"executed\".")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of this run; must not exist.")] = None,
    deviation: Annotated[
        list[Path] | None, typer.Option(help="An approved deviation; repeatable.")
    ] = None,
    approver: Annotated[
        list[Path] | None,
        typer.Option(help="Public key (PEM) of a person who may approve; repeatable."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="The approved baseline; without it the run is informal.")
    ] = None,
    vulnerabilities: Vulnerabilities = None,
    assessment: Annotated[
        list[Path] | None, typer.Option(help="A signed assessment of one; repeatable.")
    ] = None,
    suppliers: Suppliers = None,
    review: Review = None,
    requirement: Annotated[
        list[str] | None,
        typer.Option(help="Only this requirement; repeatable. The rest is left out."),
    ] = None,
    all_defects: Annotated[
        bool, typer.Option(help="Try every seeded defect, not one of each requirement.")
    ] = False,
    contract: Annotated[bool, typer.Option(help="Check every operation's contract.")] = True,
) -> None:
    """Run IQ, OQ and PQ, print the documents, seal the bundle."""
    from gxproof.ahead import started_ahead

    if out is not None and out.exists():
        _fail(f"{out} exists already; name a folder that does not", Exit.WRONG_USAGE)
    with started_ahead(seed if contract else None) as ahead, _told():
        from gxproof.console import RunView
        from gxproof.dossier import Papers
        from gxproof.keys import signer
        from gxproof.planning import Scope
        from gxproof.qualification import Qualification, Wanted
        from simulator.plant import DAY

        wanted = Wanted(
            target=target, plant=plant or DAY, seed=seed, signer=signer(key),
            runs=Path("runs"), command=_command_line(), out=out,
            deviations=tuple(deviation or ()), approvers=tuple(approver or ()),
            scope=Scope(tuple(requirement or ()), all_defects, contract),
            papers=Papers(
                baseline, vulnerabilities, assessment or (), suppliers, approver or (), review
            ),
        )
        view = RunView()
        with aborted_run_told(wanted.runs, _error), view.live():
            finished = Qualification(wanted, view.progress, ahead).run()
        view.places(finished)
    raise typer.Exit(exit_code(worst_verdict(finished.verdicts.values())))


@app.command()
def protocol(
    out: Annotated[Path, typer.Option(help="Folder to write to; must not exist.")],
    target: Target = "reference",
    plant: PlantFile = None,
    seed: Seed = 1,
    formal: Annotated[
        bool, typer.Option(help="Those of a run under an approved baseline, to be approved.")
    ] = False,
) -> None:
    """Print the protocols of IQ, OQ and PQ before execution, with the plan that they come from."""
    from gxproof.protocols import write_protocols
    from simulator.plant import DAY, EXAMPLE

    with _told():
        if out.exists():
            _fail(f"{out} exists already; name a folder that does not", Exit.WRONG_USAGE)
        for path in write_protocols(
            target, plant or (DAY if formal else EXAMPLE), seed, out, formal=formal
        ):
            Console(highlight=False, soft_wrap=True).print(str(path), markup=False)


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(help="The folder bundle/ of a run.")],
    key: Annotated[Path, typer.Option(help="Public key (PEM) of the one who signed.")],
    approver: Annotated[
        list[Path] | None,
        typer.Option(help="Public key (PEM) of a person who approves deviations; repeatable."),
    ] = None,
) -> None:
    """Check a bundle, strictly and offline: every bit of every file."""
    from reports.verification import verify_bundle

    with _told():
        if not bundle.is_dir():
            _fail(f"{bundle} is no folder; name the folder bundle of a run", Exit.WRONG_USAGE)
        checked = verify_bundle(bundle, key, tuple(approver or ()))
        console = Console(highlight=False, soft_wrap=True)
        for finding in checked.findings:
            console.print(f"REFUSED  {finding}", markup=False)
        if checked.ok:
            console.print(f"VERIFIED  {checked}", markup=False)
        for remark in checked.remarks:
            console.print(f"REMARK    {remark}", markup=False)
    raise typer.Exit(Exit.PASSED if checked.ok else Exit.FAILED)


@app.command()
def lint(
    files: Annotated[list[Path], typer.Argument(help="Files with foreign messages.")],
    json: Annotated[
        Path | None, typer.Option("--json", help="Write the findings to this file.")
    ] = None,
    master_data: Annotated[
        Path | None,
        typer.Option(help="Lots and serial numbers, JSON or CSV: shows where a FNC1 is missing."),
    ] = None,
) -> None:
    """Judge foreign messages in files: B2MML, EPCIS, GS1 element strings, our own.

    Each finding says where it is, which rule, what stands there, and what it would break.
    """
    from gxproof.lint import DIALECTS, dialects_with, show, write_json
    from gxproof.lint import lint as judge

    with _told():
        judged = judge(files, dialects_with(master_data) if master_data else DIALECTS)
        if json is not None:
            write_json(judged, json)
        ended = show(judged, Console(highlight=False, soft_wrap=True))
    raise typer.Exit(ended)


@app.command()
def simulate(  # noqa: PLR0913 - each is an option
    target: Target = "reference-in-memory",
    plant: PlantFile = None,
    seed: Seed = 1,
    days: Annotated[int, typer.Option(min=1, help="How many days, each with the next seed.")] = 1,
    json: Annotated[
        Path | None, typer.Option("--json", help="Write what came of the days to this file.")
    ] = None,
    history: Annotated[
        Path | None, typer.Option(help="Write the history to this file.")
    ] = None,
    journals: Annotated[
        Path | None, typer.Option(help="Export the journals of the days to this folder.")
    ] = None,
) -> None:
    """Play days of a plant against a pair of systems and judge them."""
    from gxproof.simulation import Days, show_days
    from simulator.plant import DAY

    with _told():
        verdict = show_days(Days(target, plant or DAY, seed, days, json, history, journals))
    raise typer.Exit(exit_code(verdict))


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A replay file that simulate has written.")],
    target: Annotated[
        str | None, typer.Option(help="Another system than the one it was found on.")
    ] = None,
) -> None:
    """Play a day with a violation again, and say whether it comes again."""
    from gxproof.simulation import show_replay

    with _told():
        verdict = show_replay(file, target)
    raise typer.Exit(exit_code(verdict))


@app.command()
def prove(
    seed: Seed = 1,
    defect: Annotated[list[str] | None, typer.Option(help="Only this defect; repeatable.")] = None,
) -> None:
    """Show that the harness can fail a bad system: every seeded defect, and what caught it."""
    from gxproof.kill_matrix import show_kill_matrix

    with _told():
        verdict = show_kill_matrix(seed, defect or [])
    raise typer.Exit(exit_code(verdict))


@app.command()
def kpi(
    journals: Annotated[
        list[Path], typer.Argument(help="Exported journals of MES and WMS, any number of pages.")
    ],
    json: Annotated[
        Path | None, typer.Option("--json", help="Write figures and trend to this file.")
    ] = None,
    limits: Annotated[
        Path | None, typer.Option(help="Limits (TOML); what is beyond one opens a deviation.")
    ] = None,
    dead_after: Annotated[
        int, typer.Option(min=1, help="So many broken answers make a dead letter.")
    ] = 10,
) -> None:
    """Compute key figures from exported journals alone, the same bytes each time."""
    from gxproof.kpi import Wanted, show_figures

    with _told():
        wanted = Wanted(tuple(journals), limits, json, dead_after)
        ended = show_figures(wanted, Console(highlight=False, soft_wrap=True))
    raise typer.Exit(ended)


@app.command("print")
def print_job(
    job: Annotated[Path, typer.Argument(help="A ZPL file, or the answer of print-label (JSON).")],
    printer: Annotated[str, typer.Option(help="The printer: HOST or HOST:PORT (9100).")],
) -> None:
    """Send a job to a label printer; say whether it took all, nothing, or nobody knows."""
    from gxproof.label_printer import print_file

    with _told():
        ended = print_file(job, printer, Console(highlight=False, soft_wrap=True))
    raise typer.Exit(ended)


@plant_app.command("check")
def plant_check(
    file: Annotated[Path, typer.Argument(help="A plant file.")], seed: Seed = 1
) -> None:
    """Read a plant file and name every finding with file, line and field."""
    from simulator.plant import read_plant
    from simulator.schedule import expand

    with _told():
        plant = read_plant(file)
        schedule = expand(plant, seed)
        made = f" in the schedule of seed {seed}" if plant.day else ""
        Console(highlight=False, soft_wrap=True).print(
            f"{file}: {plant.site.name}, {len(schedule.orders)} orders, "
            f"{len(schedule.deliveries)} deliveries, {len(schedule.lots)} lots, "
            f"{len(schedule.containers)} containers, {len(schedule.faults)} faults{made}",
            markup=False,
        )


@contract_app.command("publish")
def contract_publish(
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
) -> None:
    """Write what a vendor needs: OpenAPI, schemas, codes, rules, golden messages."""
    from contracts.wire.publication import publish

    with _told():
        paths = publish(out)
        Console(highlight=False, soft_wrap=True).print(f"{len(paths)} files in {out}", markup=False)


@contract_app.command("check")
def contract_check() -> None:
    """Compare the published contract with what the typed models generate."""
    from contracts.wire.publication import differences

    with _told():
        found = differences()
        console = Console(highlight=False, soft_wrap=True)
        for line in found or ["The published contract is what the models generate"]:
            console.print(line, markup=False)
    raise typer.Exit(Exit.FAILED if found else Exit.PASSED)


@contract_app.command("diff")
def contract_diff(
    old: Annotated[Path, typer.Argument(help="Folder of the published edition.")],
    new: Annotated[Path, typer.Argument(help="Folder of the next one.")],
    json: Annotated[Path | None, typer.Option("--json", help="Write every change here.")] = None,
) -> None:
    """Classify each change; a breaking one without a new major version fails."""
    from gxproof.contract_diff import show_changes

    with _told():
        ended = show_changes(old, new, json, Console(highlight=False, soft_wrap=True))
    raise typer.Exit(ended)


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as version_of

    Console(highlight=False).print(f"gxproof {version_of('gxproof')}", markup=False)


def _command_line() -> str:
    return shlex.join(["gxproof", *sys.argv[1:]])


