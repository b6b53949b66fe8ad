"""A B2MML document as the checks see it: every element with the way that leads to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from contracts.formats.b2mml import verb_of
from contracts.formats.b2mml_objects import Verb
from contracts.formats.xml_elements import XmlElement

FAMILY = re.compile(r"https?://(www\.)?(wbf|mesa)\.org/xml/(b2mml|batchml)", re.IGNORECASE)
ROOT = re.compile(
    r"(Get|Show|Process|Acknowledge|Change|Respond|Cancel|Sync)"
    r"(Material|Operations|Production|Inventory|Process|Personnel|Equipment|PhysicalAsset|Work|Job)"
    r"\w*|ConfirmBOD"
)


@dataclass(frozen=True)
class Spot:
    """An element, the spot above it, and its number among siblings of its name (0: the only)."""

    element: XmlElement
    above: Spot | None = None
    number: int = 0

    @property
    def name(self) -> str:
        """The local name of the element."""
        return self.element.name

    @property
    def text(self) -> str:
        """The text inside, without white space around it."""
        return self.element.text.strip()

    @property
    def place(self) -> str:
        """The XPath that leads here (local names), with the line."""
        steps: list[str] = []
        spot: Spot | None = self
        while spot:
            steps.append(f"{spot.name}[{spot.number}]" if spot.number else spot.name)
            spot = spot.above
        return f"/{'/'.join(reversed(steps))} (line {self.element.line})"

    def children(self) -> Iterator[Spot]:
        """The spots directly below."""
        if not self.element.children:
            return
        many = Counter(child.name for child in self.element.children)
        seen: Counter[str] = Counter()
        for child in self.element.children:
            seen[child.name] += 1
            yield Spot(child, self, seen[child.name] if many[child.name] > 1 else 0)

    def every(self) -> Iterator[Spot]:
        """This spot and all below it, in the order of the document."""
        waiting = [self]
        while waiting:
            spot = waiting.pop()
            yield spot
            waiting.extend(reversed(list(spot.children())))

    def within(self, *names: str) -> Spot | None:
        """The nearest spot above with one of these names."""
        spot = self.above
        while spot and spot.name not in names:
            spot = spot.above
        return spot


@dataclass(frozen=True)
class Document:
    """One document that could be read as XML."""

    name: str
    data: bytes = field(repr=False)
    root: Spot

    @cached_property
    def spots(self) -> list[Spot]:
        """Every element of it."""
        return list(self.root.every())

    @property
    def verb(self) -> Verb | None:
        """The verb of the root, where the document is a transaction."""
        return verb_of(self.root.name)

    @property
    def noun(self) -> str:
        """What the root is about: its name without the verb."""
        return self.root.name.removeprefix(self.verb or "")

    def child(self, *names: str) -> Spot | None:
        """The spot that is found by going down from the root, name by name."""
        spot: Spot | None = self.root
        for name in names:
            spot = next((s for s in spot.children() if s.name == name), None) if spot else None
        return spot

    def value(self, *names: str) -> str:
        """The text that is found by going down from the root, or nothing."""
        spot = self.child(*names)
        return spot.text if spot else ""

    @property
    def created(self) -> str:
        """CreationDateTime as it stands."""
        return self.value("ApplicationArea", "CreationDateTime")

    @property
    def sender(self) -> str:
        """The LogicalID of the sender."""
        return self.value("ApplicationArea", "Sender", "LogicalID")

    @property
    def message_id(self) -> str:
        """The BODID."""
        return self.value("ApplicationArea", "BODID")
