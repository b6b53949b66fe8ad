"""Sealed and printed runs for the tests of ``reports``, made once per session."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.documents import print_documents
from reports.protocols import print_protocols
from reports.sealing import seal_bundle, seal_results
from tests.sample_run import KEY, Wish, write_sample_run


def printed(path: Path, wish: Wish) -> Path:
    """A sample run with its results sealed, its documents printed and its bundle made."""
    write_sample_run(path, wish)
    print_protocols(path)
    seal_results(path, KEY)
    print_documents(path)
    seal_bundle(path, KEY)
    return path


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run about the size of a real one; everything passes."""
    return printed(tmp_path_factory.mktemp("whole") / "run", Wish())


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with two or three checks of each kind; everything passes."""
    return printed(tmp_path_factory.mktemp("small") / "run", Wish(small=True))


@pytest.fixture(scope="session")
def other_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another run of the same plan, sealed with the same key."""
    return printed(tmp_path_factory.mktemp("other") / "run", Wish(small=True, number=8))
