"""Runs machines on seeded defects, each in a child of its own; prints a JSON line for each.

``python -m tests.properties.on_defects DEFECT=MODULE.MACHINE …``: what the machine finds, in the
run that the usual suite makes of it.
"""

from __future__ import annotations

import importlib
import sys
from functools import partial

import gxproof.in_process  # noqa: F401 - loaded before anything is put into it
from gxproof.defects import read_defects
from gxproof.implanting import Loaded
from gxproof.side_by_side import Piece, cores, fork_each
from tests.properties.machines import finding

FOUND = "found"


def tried(defect, module, machine, loaded):
    """What a machine finds on a defect; empty where it notices nothing."""
    loaded.implant(defect)
    return {FOUND: finding(getattr(module, machine), module.USUAL)}


def main(words):
    defects = {defect.id: defect for defect in read_defects()}
    asked = []
    for word in words:
        defect, _, named = word.partition("=")
        module, _, machine = named.partition(".")
        asked.append((defects[defect], importlib.import_module(f"tests.properties.{module}"), machine))
    loaded = Loaded()
    fork_each(
        (Piece(n, partial(tried, *each, loaded)) for n, each in enumerate(asked)), cores()
    )


if __name__ == "__main__":
    main(sys.argv[1:])
