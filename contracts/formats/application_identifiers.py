"""What each GS1 application identifier announces: form of the value, FNC1, companions.

The facts stand in ``application_identifiers.toml``, one line for each identifier or range.
Source: GS1 General Specifications 3.2 (identifiers), 4.13 (companions), 7.8 (FNC1).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from contracts.model.identifiers import CSET_82

CHARACTERS = {
    "N": "[0-9]",
    "X": CSET_82,
    "Y": r"[#/0-9A-Z-]",
    "Z": r"[0-9A-Z_a-z=-]",
}
CHARACTER_SETS = {
    "N": "digits",
    "X": "GS1 character set 82",
    "Y": "GS1 character set 39",
    "Z": "the base64 alphabet for URLs",
}
_COMPONENT = re.compile(r"(?P<set>[NXYZ])(?P<up_to>\.\.)?(?P<most>\d+)(?P<words>( [a-z-]+)*)")


@dataclass(frozen=True)
class Component:
    """A part of a value: 'characters' is N, X, Y or Z, 'rules' are names of value_rules.py."""

    characters: str
    least: int
    most: int
    optional: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class ApplicationIdentifier:
    """One identifier. Patterns of companions hold ``n`` where any digit may stand.

    ``needs``: alternatives, of one of which all must stand on the item; empty where nothing is
    needed. ``path``: alternative orders of the qualifiers behind this key in a Digital Link URI;
    None where this is no key of one.
    """

    ai: str
    name: str
    components: tuple[Component, ...]
    predefined: bool
    attribute: bool
    needs: tuple[tuple[str, ...], ...]
    never_with: tuple[str, ...]
    path: tuple[tuple[str, ...], ...] | None

    @cached_property
    def fixed(self) -> int | None:
        """The number of characters after which a reader stops without FNC1, or None."""
        return sum(part.most for part in self.components) if self.predefined else None

    @cached_property
    def shape(self) -> re.Pattern[str]:
        """Lengths and characters of the whole value."""
        found = ""
        for part in reversed(self.components):
            found = f"{CHARACTERS[part.characters]}{{{part.least},{part.most}}}{found}"
            found = f"(?:{found})?" if part.optional else found
        return re.compile(found)


def matches(pattern: str, ai: str) -> bool:
    """Whether an identifier is meant by a pattern such as ``310n``."""
    return len(pattern) == len(ai) and all(
        meant in ("n", digit) for meant, digit in zip(pattern, ai, strict=True)
    )


def _load() -> Iterator[ApplicationIdentifier]:
    table = Path(__file__).with_name("application_identifiers.toml").read_text(encoding="utf-8")
    for span, row in tomllib.loads(table).items():
        first, _, last = span.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield _identifier(f"{number:0{len(first)}d}", row)


def _identifier(ai: str, row: Mapping[str, str]) -> ApplicationIdentifier:
    return ApplicationIdentifier(
        ai, row["title"], tuple(_component(part) for part in row["value"].split("; ")),
        bool(row.get("predefined")), bool(row.get("attribute")),
        tuple(tuple(group.split("+")) for group in row.get("needs", "").split()),
        tuple(row.get("never_with", "").split()),
        tuple(tuple(one.split()) for one in row["path"].split("|")) if "path" in row else None,
    )


def _component(text: str) -> Component:
    found = _COMPONENT.fullmatch(text)
    if not found:
        raise ValueError(f"no component: {text!r}")
    words, most = found["words"].split(), int(found["most"])
    return Component(
        found["set"], 1 if found["up_to"] else most, most,
        "optional" in words, tuple(word for word in words if word != "optional"),
    )


FIELDS: Mapping[str, ApplicationIdentifier] = {one.ai: one for one in _load()}
