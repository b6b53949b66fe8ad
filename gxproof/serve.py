"""``gxproof serve``: both systems of the reference, or one of them beside somebody else's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from contracts.model.roles import Role
from gxproof.telling import told

if TYPE_CHECKING:
    from gxproof.pair import Serving

serve_app = typer.Typer(no_args_is_help=True, help="Run the reference systems.")
Out = Annotated[Path, typer.Option(help="The target file to write.")]
Database = Annotated[
    str,
    typer.Option(
        envvar="GXPROOF_DATABASE",
        help="URL of a PostgreSQL owner who may create roles; without it SQLite files.",
    ),
]
Processes = Annotated[int, typer.Option(min=1, max=32, help="HTTP processes of each system.")]
_TARGET = Path("target.toml")


@serve_app.command("pair")
def serve_pair(
    out: Out = _TARGET,
    database: Database = "",
    processes: Processes = 1,
    zones: Annotated[
        bool, typer.Option("--zones", help="Each in a network zone, a firewall between (root).")
    ] = False,
) -> None:
    """Serve MES and WMS of the reference as real processes over TLS 1.3 until Ctrl-C."""
    from gxproof.pair import Serving

    _serve(out, Serving(database=database, processes=processes, zones=zones))


@serve_app.command("mes")
def serve_mes(
    partner: Annotated[str, typer.Option(help="Where your WMS answers: https://127.0.0.1:PORT.")],
    out: Out = _TARGET,
    database: Database = "",
    processes: Processes = 1,
) -> None:
    """Serve the MES of the reference alone, so that a WMS of your own can be tried with it.

    What your WMS needs (certificate, keys, whom to believe) is written beside the target file.
    """
    _serve_one(Role.MES, partner, out, database, processes)


@serve_app.command("wms")
def serve_wms(
    partner: Annotated[str, typer.Option(help="Where your MES answers: https://127.0.0.1:PORT.")],
    out: Out = _TARGET,
    database: Database = "",
    processes: Processes = 1,
) -> None:
    """Serve the WMS of the reference alone, so that a MES of your own can be tried with it.

    What your MES needs (certificate, keys, whom to believe) is written beside the target file.
    """
    _serve_one(Role.WMS, partner, out, database, processes)


def _serve_one(role: Role, partner: str, out: Path, database: str, processes: int) -> None:
    from gxproof.pair import Serving

    _serve(out, Serving(database=database, processes=processes, only=role, partner_url=partner))


def _serve(out: Path, serving: Serving) -> None:
    from gxproof.serving import serve_until_ended

    with told():
        serve_until_ended(out, serving, Console(highlight=False, soft_wrap=True))
