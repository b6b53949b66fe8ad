"""A user requirement as its Gherkin ``Rule`` states it: the only source of its text.

The digest covers what a reader relies on (name, tags, description) and nothing else, so that
results become suspect exactly when the requirement changes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from enum import StrEnum

from pydantic import Field

from contracts.model.answers import Sha256
from contracts.model.wire_model import WireModel

ID_PATTERN = re.compile(r"URS-[A-Z]{3}-[0-9]{3}")
APPLIES = ("mes", "wms", "link", "tool")
NEEDS = "needs-"
METHODS = ("blackbox", "whitebox", "manual")
_LABELS = ("Clauses:", "See:", "Outside:")


class Protocol(StrEnum):
    """The three qualifications, in the order in which they are run."""

    IQ = "IQ"
    OQ = "OQ"
    PQ = "PQ"


class Risk(StrEnum):
    """The risk of a requirement; depth of testing follows it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class RequirementError(ValueError):
    """A ``Rule`` that does not state a requirement completely."""


class Requirement(WireModel):
    """One user requirement."""

    id: str
    title: str
    statement: str
    clauses: tuple[str, ...]
    see: tuple[str, ...]
    """References that were not read in the original; printed as "see", never quoted."""
    risk: Risk
    level: Protocol
    applies_to: tuple[str, ...]
    method: str
    feature: str
    outside: tuple[str, ...] = ()
    """Parts of the statement that the scenarios do not cover yet; printed with the limits."""
    needs: tuple[str, ...] = ()
    """What a set-up has to offer for its scenarios to run, such as ``network``."""
    digest: Sha256 = Field(description="over name, tags and description")

    @property
    def exercised_in(self) -> Protocol:
        """The protocol that runs its scenarios: the PQ where that is its level, else the OQ.

        The IQ looks at what is installed and has checks of its own.
        """
        return Protocol.PQ if self.level is Protocol.PQ else Protocol.OQ


def read_requirement(
    name: str, tags: Iterable[str], description: str, feature: str
) -> Requirement:
    """The requirement that a ``Rule`` states.

    ``tags`` come without ``@``. The description ends with a line ``Clauses: a; b`` and may carry
    lines ``See: c`` and ``Outside: d``. Raises: RequirementError naming what is missing or doubled.
    """
    tagged = sorted(tags)
    where = f"{feature}: Rule '{name}'"
    lines = [line.strip() for line in description.strip().splitlines()]
    statement = " ".join(
        line for line in lines if line and not line.startswith(_LABELS)
    )
    if not statement:
        raise RequirementError(f"{where} has no statement")
    clauses = _listed(lines, "Clauses:")
    if not clauses:
        raise RequirementError(f"{where} has no line 'Clauses: …'")
    return Requirement(
        id=_one(tagged, ID_PATTERN.fullmatch, "an id tag such as @URS-PCK-001", where),
        title=name.strip(),
        statement=statement,
        clauses=clauses,
        see=_listed(lines, "See:"),
        risk=Risk(
            _one(tagged, lambda t: t.startswith("risk-"), "a risk tag", where)
            .removeprefix("risk-")
        ),
        level=Protocol(_one(tagged, lambda t: t in Protocol.__members__, "a level tag", where)),
        applies_to=tuple(t for t in APPLIES if t in tagged),
        method=_one(tagged, METHODS.__contains__, "a method tag", where),
        feature=feature,
        outside=_listed(lines, "Outside:"),
        needs=tuple(t.removeprefix(NEEDS) for t in tagged if t.startswith(NEEDS)),
        digest=requirement_digest(name, tagged, description),
    )


def requirement_digest(name: str, tags: Iterable[str], description: str) -> str:
    """SHA-256 over NFC text with LF line ends: name, sorted tags, trimmed description lines."""
    lines = [name.strip(), " ".join(sorted(tags))]
    lines += [line.strip() for line in description.strip().splitlines()]
    return hashlib.sha256(unicodedata.normalize("NFC", "\n".join(lines)).encode()).hexdigest()


def _one(tags: list[str], wanted: Callable[[str], object], what: str, where: str) -> str:
    found = [tag for tag in tags if wanted(tag)]
    if len(found) != 1:
        raise RequirementError(f"{where} needs exactly one {what}, found {len(found)}")
    return found[0]


def _listed(lines: list[str], label: str) -> tuple[str, ...]:
    found = [line.removeprefix(label) for line in lines if line.startswith(label)]
    return tuple(item.strip() for line in found for item in line.split(";") if item.strip())
