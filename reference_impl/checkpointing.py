"""When a system keeps a checkpoint of its journal: with its background work, and when it ends."""

from __future__ import annotations

from reference_impl.records.checkpoints import is_behind, is_due, keep_checkpoint
from reference_impl.records.journal_tree import JournalBroken
from reference_impl.records.work import Cause
from reference_impl.system import System

_FAILED = "checkpoint alarm"


def keep_checkpoint_when_due(system: System) -> None:
    """Keep one if an interval has passed since the last; of an outage there is one alarm."""
    if system.sink is None:
        return
    with system.database.reading() as connection:
        if not is_due(connection, system.settings, system.now(connection)):
            return
    _keep(system)


# implements FRS-JRN-003
def keep_last_checkpoint(system: System) -> None:
    """Keep one for the rows that no checkpoint covers yet, because the system ends."""
    if system.sink is None:
        return
    with system.database.reading() as connection:
        if not is_behind(connection):
            return
    _keep(system)


def _keep(system: System) -> None:
    assert system.sink is not None
    try:
        with system.database.transaction() as connection:
            now = system.now(connection)
            keep_checkpoint(connection, system.settings, system.sink, now)
            system.unset(connection, _FAILED)
    except OSError as exc:
        _alarm(system, f"{type(exc).__name__}: {exc.strerror}")
    except JournalBroken as exc:
        # Nothing is signed that does not hold what was received and sent.
        _alarm(system, f"the journal is damaged: {exc}")


def _alarm(system: System, detail: str) -> None:
    with system.work(system.itself(), Cause("checkpoint of the journal", "journal")) as work:
        if system.get(work.connection, _FAILED) is None:
            system.set(work.connection, _FAILED, detail)
            work.alarm("CHECKPOINT_NOT_KEPT", detail)
