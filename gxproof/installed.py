"""What is installed beside and of the product: its rooms, and every package."""

from __future__ import annotations

import re
from importlib.metadata import distributions

ROOMS = ("contracts", "reference_impl", "simulator", "reports", "features", "gxproof")
_INSTALLERS = {"pip", "setuptools", "wheel", "gxproof"}


def installed_packages() -> dict[str, str]:
    """Name and version of every installed distribution, the installers left out."""
    found = {normal_name(d.metadata["Name"]): d.version for d in distributions()}
    return {name: version for name, version in found.items() if name not in _INSTALLERS}


def normal_name(name: str) -> str:
    """The name of a package as an index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()
