"""``gxproof serve pair`` until Ctrl-C: what it refuses, what it tells while the pair runs."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from rich.console import Console

from contracts.model.verdicts import Exit
from gxproof.ending import obey
from gxproof.pair import Serving, serving_pair
from gxproof.target import is_address
from gxproof.telling import fail
from gxproof.zoned import CannotMakeZones
from reference_impl.store.choosing import is_postgres
from reference_impl.store.postgres_schema import CannotPrepare


def serve_until_ended(out: Path, serving: Serving, console: Console) -> None:
    """Serve a pair and write ``out``. Ends the command where it cannot, with a sentence."""
    if out.exists():
        fail(f"{out} exists already; remove it or name another file", Exit.WRONG_USAGE)
    if not out.absolute().parent.is_dir():
        fail(f"{out}: there is no folder {out.absolute().parent}", Exit.WRONG_USAGE)
    if serving.database and not is_postgres(serving.database):
        fail("--database takes postgresql://…", Exit.WRONG_USAGE)
    if serving.only and not is_address(serving.partner_url):
        fail("--partner takes an address: https://HOST:PORT", Exit.WRONG_USAGE)
    try:
        _serve(out, serving, console)
    except CannotPrepare as exc:
        fail(str(exc), Exit.TARGET_NOT_READY)
    except CannotMakeZones as exc:
        fail(f"--zones: {exc}", Exit.TARGET_NOT_READY)


def _serve(out: Path, serving: Serving, console: Console) -> None:
    with contextlib.suppress(KeyboardInterrupt), serving_pair(out, serving) as pair:
        for role in serving.roles:
            console.print(f"{role.upper()} answers at {pair.urls[role]}", markup=False)
        if serving.only:
            other = serving.only.partner
            console.print(
                f"{pair.settings_of(other)} holds what your {other.upper()} at "
                f"{serving.partner_url} needs: keys, certificate, whom to believe", markup=False,
            )
        console.print(f"{out} names both; this runs until Ctrl-C", markup=False)
        while True:
            obey()
            pair.check_alive()
            time.sleep(0.5)
    console.print(f"Ended; {out} and its keys are removed", markup=False)
