"""Names of one run: no two runs on the same systems meet, and none looks canned.

A plant file calls a container ``C-07``; on the wire it is an SSCC and an id with the run's prefix.
Histories use the plant's names, so that the same seed gives the same bytes in every run.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from contracts.model.identifiers import Gtin14, Sscc

GS1_EXAMPLE_PREFIX = "952"


@dataclass
class Namespace:
    """Maps the plant's names to identifiers on the wire and back; ``prefix``: 1 to 12 letters."""

    prefix: str
    _labels: dict[str, Sscc] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _serials: int = 0
    _ids: dict[str, str] = field(default_factory=dict)

    def id(self, name: str) -> str:
        """The identifier of a named thing: the run's own, or the one that a system gave it."""
        return self._ids.get(name, f"{self.prefix}-{name}")

    def name(self, identifier: str) -> str:
        """The plant's name of an identifier; a foreign one is returned as it is."""
        known = self._names.get(identifier)
        return known if known else identifier.removeprefix(f"{self.prefix}-")

    def owns(self, identifier: str) -> bool:
        """Whether the identifier belongs to this run."""
        return identifier in self._names or identifier.startswith(f"{self.prefix}-")

    def sscc(self, name: str) -> Sscc:
        """The SSCC label of a named container, always the same one.

        Serials count up in the order of first use, so the order of labels is the same in each run.
        """
        if name not in self._labels:
            self._serials += 1
            serial = f"{self._digits('containers', 8)}{self._serials:05d}"
            label = Sscc.complete(f"0{GS1_EXAMPLE_PREFIX}{serial}")
            self._labels[name] = label
            self._names[label] = name
        return self._labels[name]

    def sscc_range(self, name: str, digits: int = 5) -> str:
        """What all SSCCs of a named packaging line begin with; ``digits`` of 1 to 5 count up."""
        return f"0{GS1_EXAMPLE_PREFIX}{self._digits(name, 8)}".ljust(17 - digits, "0")

    def adopt(self, identifier: str, name: str) -> None:
        """Give an identifier that a system made (an SSCC, a lot id) a name of the plant."""
        self._names[identifier] = name
        if Sscc.fault(identifier) is None:
            self._labels[name] = Sscc(identifier)
        else:
            self._ids[name] = identifier

    def gtin(self, name: str) -> Gtin14:
        """The GTIN of a named item."""
        return Gtin14.complete(f"0{GS1_EXAMPLE_PREFIX}{self._digits(name, 9)}")

    def lot_number(self, name: str) -> str:
        """The supplier's lot number of a named lot: at most 20 characters."""
        return f"{name[:11]}{self._digits(name, 8)}"

    def _digits(self, name: str, count: int) -> str:
        digest = hashlib.sha256(f"{self.prefix}/{name}".encode()).digest()
        return f"{int.from_bytes(digest[:8], 'big') % 10**count:0{count}d}"
