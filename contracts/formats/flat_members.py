"""The members of a JSON payload as a flat table of paths, and back.

A path is ``weighing/gross`` or ``lines/0/lineId``. An amount with its unit is one member. An empty
list has no member: the payloads of the contract read its absence as empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.formats.b2mml_objects import Parameter, Property, Quantity, Value

DEPTH_MAX = 8
_TYPES = {str: "string", int: "integer", bool: "boolean"}


class MembersDiffer(ValueError):
    """One member stands in two places with two contents."""


@dataclass(frozen=True)
class Leaf:
    """One member: its text, its data type in B2MML, its unit where it is an amount."""

    text: str
    data_type: str = "string"
    unit: str | None = None


@dataclass
class Members:
    """The members of a payload by path; those that were placed are remembered."""

    leaves: dict[str, Leaf] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Members:
        """Flatten a JSON object."""
        return cls(dict(_flat(content, "")))

    def content(self) -> dict[str, Any]:
        """The JSON object again. Raises: MembersDiffer where a member is both text and object."""
        root: dict[str, Any] = {}
        for path, leaf in self.leaves.items():
            *above, last = path.split("/", DEPTH_MAX)
            at: Any = root
            for name in above:
                at = at.setdefault(name, {})
                if not isinstance(at, dict):
                    raise MembersDiffer(f"{path} is below a member that is text")
            if isinstance(at.get(last), dict):
                raise MembersDiffer(f"{path} is text, and has members")
            at[last] = _scalar(leaf)
        made = _listed(root)
        return made if isinstance(made, dict) else {}

    def count(self, path: str) -> int:
        """How many items the list at ``path`` has."""
        prefix = path + "/"
        return len({p[len(prefix):].split("/")[0] for p in self.leaves if p.startswith(prefix)})

    def take(self, path: str | None) -> Leaf | None:
        """The member at ``path``, which has found its place."""
        if path is None or path not in self.leaves:
            return None
        self.placed.add(path)
        return self.leaves[path]

    def text(self, path: str | None) -> str | None:
        """The text of a member, or None where it is absent."""
        leaf = self.take(path)
        return leaf.text if leaf else None

    def texts(self, path: str | None) -> tuple[str, ...]:
        """The text of a member as the field of an element that may stand many times."""
        text = self.text(path)
        return () if text is None else (text,)

    def quantity(self, path: str | None) -> tuple[Quantity, ...]:
        """An amount as B2MML writes it."""
        leaf = self.take(path)
        return (Quantity(leaf.text, "decimal", leaf.unit),) if leaf else ()

    def rest(self, prefix: str = "") -> tuple[Property, ...]:
        """What has found no place, as properties; ``prefix`` limits it to one item of a list."""
        left = [p for p in self.leaves if p.startswith(prefix) and p not in self.placed]
        self.placed.update(left)
        return tuple(_property(path.removeprefix(prefix), self.leaves[path]) for path in left)

    def put(self, path: str | None, text: str | None, leaf: Leaf | None = None) -> None:
        """A member was found. Raises: MembersDiffer where it was found with another content."""
        if path is None or text is None:
            return
        found = leaf or Leaf(text)
        if self.leaves.setdefault(path, found) != found:
            raise MembersDiffer(f"{path} is {self.leaves[path].text!r} and {text!r}")

    def put_quantity(self, path: str | None, found: tuple[Quantity, ...]) -> None:
        """An amount was found. Raises: MembersDiffer."""
        for item in found[:1]:
            text = item.quantity_string or ""
            self.put(path, text, Leaf(text, "decimal", item.unit_of_measure))

    def put_properties(
        self, found: tuple[Property, ...] | tuple[Parameter, ...], prefix: str = ""
    ) -> None:
        """Properties were found. Raises: MembersDiffer."""
        for item in found:
            value = item.value[0] if item.value else Value("")
            text, kind = value.value_string or "", value.data_type or "string"
            self.put(prefix + (item.id or ""), text, Leaf(text, kind, value.unit_of_measure))


def _property(path: str, leaf: Leaf) -> Property:
    return Property(path, value=(Value(leaf.text, leaf.data_type, leaf.unit),))


def _flat(value: Any, path: str) -> Iterator[tuple[str, Leaf]]:
    if isinstance(value, dict) and set(value) == {"value", "unit"}:
        yield path, Leaf(value["value"], "decimal", value["unit"])
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, item in items:
            yield from _flat(item, f"{path}/{name}" if path else str(name))
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield path, Leaf(text, _TYPES.get(type(value), "string"))


def _scalar(leaf: Leaf) -> Any:
    if leaf.unit is not None:
        return {"value": leaf.text, "unit": leaf.unit}
    if leaf.data_type == "integer" and re.fullmatch("-?[0-9]{1,18}", leaf.text):
        return int(leaf.text)
    if leaf.data_type == "boolean":
        return leaf.text == "true"
    return leaf.text


def _listed(value: Any) -> Any:
    """Objects whose names are 0, 1, 2 … become lists."""
    if not isinstance(value, dict):
        return value
    made = {name: _listed(item) for name, item in value.items()}
    if made and set(made) != {"value", "unit"} and all(name.isdecimal() for name in made):
        return [made[name] for name in sorted(made, key=int)]
    return made
