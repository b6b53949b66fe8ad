"""Which step definitions tell a sentence, looked up once for each sentence of a module.

pytest-bdd asks every step definition again for every step that runs: with some hundred definitions
that is a sixth of the time of a run. What it finds is the same each time, because all definitions
are known when the scenarios are collected.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_bdd

Find = Callable[..., Iterable[Any]]
_NAME = "find_fixturedefs_for_step"


def look_up_all(session: pytest.Session, steps: Iterable[tuple[str, str]]) -> None:
    """Look steps up, by keyword and sentence, as the first collected scenario would see them.

    What is found before a process is forked need not be looked for in its children. Without
    ``remember_steps`` this is in vain.
    """
    module = sys.modules[pytest_bdd.scenario.__module__]
    find: Find | None = getattr(module, _NAME, None)
    if find is None or not session.items:
        return
    for keyword, sentence in steps:
        step = SimpleNamespace(type=keyword, name=sentence)
        list(find(step=step, fixturemanager=session._fixturemanager, node=session.items[0]))


def remember_steps() -> Callable[[], None]:
    """Let pytest-bdd remember what it found. Returns: how to undo it.

    Where a version of pytest-bdd looks steps up in another way, nothing is changed and each lookup
    takes its time.
    """
    module = sys.modules[pytest_bdd.scenario.__module__]
    find: Find | None = getattr(module, _NAME, None)
    if find is None:
        return lambda: None
    setattr(module, _NAME, remembering(find))
    return lambda: setattr(module, _NAME, find)


def remembering(find: Find) -> Find:
    """The same lookup with a memory, by module, keyword and sentence."""
    known: dict[tuple[str, str, str], list[Any]] = {}

    def find_once(step: Any, fixturemanager: Any, node: pytest.Item) -> Iterable[Any]:
        assert node.parent is not None
        key = (node.parent.nodeid, step.type, step.name)
        if key not in known:
            known[key] = list(find(step=step, fixturemanager=fixturemanager, node=node))
        return known[key]

    return find_once
