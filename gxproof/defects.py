"""Seeded defects: what is wrong, as data, and what the reference reads like with it.

``reference_impl/defects/<id>.toml`` names text that must stand exactly once in a file, and what to
write in its place. A defect that no longer fits is an error, never a silent pass.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path


class DefectError(ValueError):
    """A defect file that cannot be read, or whose text does not stand exactly once."""


@dataclass(frozen=True)
class Edit:
    """One replacement in one file of the reference."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Defect:
    """A seeded defect. ``faults`` are those of the plant that it takes to show.

    ``caught_by`` is the scenario that is expected to catch it and therefore tried first; empty
    where an invariant of a plant has to. ``plants`` are those in which it shows without a fault.
    """

    id: str
    title: str
    requirement: str
    story: str
    faults: tuple[str, ...]
    edits: tuple[Edit, ...]
    caught_by: str = ""
    plants: tuple[str, ...] = ()


@cache
def read_defects() -> tuple[Defect, ...]:
    """All defects of the bank, by id. Raises: DefectError."""
    folder = _reference() / "defects"
    return tuple(_read(path) for path in sorted(folder.glob("*.toml")))


def one_for_each(defects: Iterable[Defect], requirements: Iterable[str]) -> tuple[Defect, ...]:
    """The first defect of each requirement, those before the others that show without a plant."""
    bank = sorted(defects, key=lambda defect: (bool(defect.faults or defect.plants), defect.id))
    firsts: dict[str, Defect] = {}
    for defect in bank:
        firsts.setdefault(defect.requirement, defect)
    return tuple(firsts[name] for name in requirements if name in firsts)


def edited_texts(defect: Defect) -> dict[str, str]:
    """The files of the reference that a defect changes, by name, with their new texts.

    Raises: DefectError where the defect does not fit the reference as it is.
    """
    texts: dict[str, str] = {}
    for edit in defect.edits:
        if edit.file not in texts:
            texts[edit.file] = (_reference() / edit.file).read_text(encoding="utf-8")
        texts[edit.file] = _edited(texts[edit.file], edit)
    return texts


def _edited(text: str, edit: Edit) -> str:
    found = text.count(edit.old)
    if found != 1:
        raise DefectError(f"{edit.file}: the old text stands {found} times, expected once")
    return text.replace(edit.old, edit.new)


def _read(path: Path) -> Defect:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        edits = tuple(Edit(**edit) for edit in content.pop("edit"))
        faults = tuple(content.pop("faults"))
        plants = tuple(content.pop("plants", ()))
        return Defect(id=path.stem, edits=edits, faults=faults, plants=plants, **content)
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as exc:
        raise DefectError(f"{path.name}: {exc}") from exc


def _reference() -> Path:
    spec = find_spec("reference_impl")
    if spec is None or not spec.submodule_search_locations:
        raise DefectError("the reference is not installed")
    return Path(spec.submodule_search_locations[0])
