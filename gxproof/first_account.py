"""``gxproof first-account``: on the host of a system that nobody can sign in to yet."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import ValidationError

from contracts.model.verdicts import Exit
from gxproof.backups import SettingsFile, system_of
from gxproof.telling import fail, told


def first_account(
    settings: SettingsFile,
    person: Annotated[str, typer.Option("--id", help="User id; it is never issued again.")],
    name: Annotated[str, typer.Option(help="Printed name of the person.")],
) -> None:
    """Give an administrator the first account of a new system; what opens it is shown once."""
    from contracts.model.codes import Refusal
    from reference_impl.bootstrap import build
    from reference_impl.first_account import open_first_account

    with told():
        own = system_of(settings)
        system = build(own, _nobody)
        try:
            opened = open_first_account(system, person, name)
        except ValidationError as exc:
            first = exc.errors()[0]
            fail(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", Exit.WRONG_USAGE)
        except ValueError as exc:
            fail(f"--id {person!r}: {exc}", Exit.WRONG_USAGE)
        finally:
            system.close()
        if isinstance(opened, Refusal):
            fail(f"nothing was done: {opened.detail}", Exit.WRONG_USAGE)
        typer.echo(f"{person} is an administrator of the {own.role.upper()}. Shown once:")
        typer.echo(f"password       {opened.password}")
        typer.echo(f"authenticator  {opened.totp_secret}")


def _nobody(_: str) -> None:
    """A first account calls nobody."""
