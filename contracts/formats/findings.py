"""What a check of a foreign document says: where, which rule, what stands there, what it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a receiver must refuse the document, or a person should look at it."""

    ERROR = "error"
    NOTICE = "notice"


@dataclass(frozen=True)
class Finding:
    """One finding in one document.

    ``place`` leads to the spot (a JSON pointer, an XPath with line, an application identifier with
    its offset), ``rule`` is a stable name that never changes its meaning, ``what`` quotes what
    stands there, ``breaks`` tells what goes wrong where it is believed.
    """

    place: str
    rule: str
    severity: Severity
    what: str
    breaks: str

    def __str__(self) -> str:
        return f"{self.severity} {self.rule} at {self.place}: {self.what}; {self.breaks}"
