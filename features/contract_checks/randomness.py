"""Where the generator's choices come from: the seed alone, wherever somebody starts us.

By itself Hypothesis mixes in constants that it reads from the source of whatever is imported (so a
judge could draw from the judged, and a checkout and an installation would differ), and keeps tables
in the working folder. Neither belongs in evidence.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache

from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.internal.constants_ast import Constants

_NAME = "gxproof-seed-alone"


class SeedAlone(HypothesisProvider):
    """Hypothesis's own choices, without constants from anybody's source."""

    _local_constants = Constants()


@cache
def seed_alone() -> str:
    """The name of the backend for ``settings``; its tables go with the process."""
    AVAILABLE_PROVIDERS[_NAME] = SeedAlone
    folder = tempfile.mkdtemp(prefix="gxproof-")
    set_hypothesis_home_dir(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return _NAME
