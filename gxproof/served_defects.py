"""The reference with a seeded defect as real processes, for what only a network can show.

The defect is put into a copy of the reference that the processes load in the place of the
installed one; the judge meets it by its address alone.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from features.catalogue import read_catalogue
from gxproof.defects import Defect, DefectError, edited_texts
from gxproof.pair import Serving, serving_pair

_ZONED = {i.requirement.id for i in read_catalogue() if "zones" in i.requirement.needs}


@contextmanager
def served_with(defect: Defect | None) -> Iterator[Path]:
    """Serve a pair with a defect (None: a copy without one). Yields: its target file.

    Raises: DefectError, PairDied, TimeoutError.
    """
    spec = find_spec("reference_impl")
    if spec is None or not spec.submodule_search_locations:
        raise DefectError("the reference is not installed")
    with tempfile.TemporaryDirectory(prefix="gxproof-defect-") as name:
        folder = Path(name)
        copy = folder / "code" / "reference_impl"
        shutil.copytree(
            spec.submodule_search_locations[0], copy, ignore=shutil.ignore_patterns("__pycache__")
        )
        for file, text in (edited_texts(defect) if defect else {}).items():
            (copy / file).write_text(text, encoding="utf-8")
        zones = defect is not None and defect.requirement in _ZONED
        with serving_pair(folder / "target.toml", Serving(code=folder / "code", zones=zones)):
            yield folder / "target.toml"
