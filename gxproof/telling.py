"""What a person can mend, told as one sentence and an exit code, never as a traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console

from contracts.model.verdicts import Exit
from gxproof.ending import ordered
from gxproof.sentences import os_sentence

error = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def told() -> Iterator[None]:
    """Turn what a person can mend into one sentence and an exit code."""
    try:
        yield
    except KeyboardInterrupt:
        fail("Interrupted", Exit.INTERRUPTED)
    except OSError as exc:
        fail(os_sentence(exc), Exit.HARNESS_FAILED)
    except Exception as exc:
        if ordered():  # a library may take the interrupt that a signal raised in it for a fault
            fail("Interrupted", Exit.INTERRUPTED)
        if isinstance(exc, typer.Exit):  # was told where it was found
            raise
        for kinds, code in _known():
            if isinstance(exc, kinds):
                fail(str(exc), code)
        raise


def _known() -> list[tuple[tuple[type[BaseException], ...], Exit]]:
    """What is told, and its exit code. Loaded when there is something to tell: it is nearly all."""
    from contracts.model.ports import NoAnswer
    from contracts.wire.clients import ContractBroken, Unexpected
    from features.plugin import UnknownTarget
    from gxproof.defects import DefectError
    from gxproof.keys import KeyUnusable
    from gxproof.label_printer import AddressUnusable, JobUnreadable
    from gxproof.lint import FileUnusable
    from gxproof.pair import PairDied
    from gxproof.planning import UnknownRequirement
    from gxproof.preflight import TargetNotReady
    from gxproof.run_log import LogBroken
    from gxproof.side_by_side import HarnessFailed
    from gxproof.target import TargetError
    from reports.baselines import ApprovalRefused
    from reports.deviations import DeviationRefused
    from simulator.kpis import JournalBroken, JournalUnreadable, LimitsUnreadable
    from simulator.ledger import NotThere
    from simulator.plant import PlantError
    from simulator.replay import ReplayUnreadable
    from simulator.stage import NeverAnswered

    return [
        (
            (
                PlantError, KeyUnusable, UnknownTarget, ReplayUnreadable, DeviationRefused,
                ApprovalRefused, UnknownRequirement, FileUnusable, JournalUnreadable,
                LimitsUnreadable, AddressUnusable, JobUnreadable,
            ),
            Exit.WRONG_USAGE,
        ),
        ((TargetError, TargetNotReady), Exit.TARGET_NOT_READY),
        ((NoAnswer,), Exit.TARGET_NOT_READY),
        (
            (ContractBroken, Unexpected, NotThere, NeverAnswered, JournalBroken), Exit.FAILED,
        ),
        ((HarnessFailed, LogBroken, DefectError, PairDied), Exit.HARNESS_FAILED),
    ]


def fail(sentence: str, code: Exit) -> NoReturn:
    """End with a sentence. Raises: typer.Exit."""
    error.print(_shown(sentence), markup=False)
    raise typer.Exit(code)


def _shown(sentence: str) -> str:
    """What files and systems are called stands in sentences: it may not steer a terminal."""
    from contracts.record.signed_words import on_one_line

    return "\n".join(map(on_one_line, sentence.split("\n")))


def unwritable(exc: OSError) -> None:
    """Say why nothing could be said; what is still waiting to be printed is given up."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if not isinstance(exc, BrokenPipeError):
        error.print(os_sentence(exc), markup=False)
