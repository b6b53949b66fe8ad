"""The plant as data: ``plant.toml``, the hardware design specification of a simulation.

Reading checks form and sense: what is referred to exists, names are unique, times lie in the
shift. Every finding names file, line and field.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from simulator.parts import FaultKind, FaultPart, OrderPart
from simulator.plant_model import Plant
from simulator.schedule import expand
from simulator.sense import senseless
from simulator.toml_places import Path as FieldPath
from simulator.toml_places import field_name, line_of

PLANTS = Path(__file__).parent / "plants"
EXAMPLE = PLANTS / "example.toml"
SHORT = PLANTS / "short.toml"
DAY = PLANTS / "day.toml"


class PlantError(ValueError):
    """A plant file that cannot be used. Each finding is one line: ``file:line: field: reason``."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("\n".join(findings))
        self.findings = findings


def read_plant(path: Path) -> Plant:
    """Read and check a plant file. Raises: PlantError with every finding."""
    try:
        raw = path.read_bytes()
    except OSError as exc:
        raise PlantError([f"{path}: cannot be read: {exc.strerror}"]) from exc
    try:
        text = raw.decode("utf-8")
        content = tomllib.loads(text)
    except UnicodeDecodeError as exc:
        line = raw[: exc.start].count(b"\n") + 1
        raise PlantError([f"{path}:{line}: (whole file): invalid UTF-8"]) from exc
    except (ValueError, RecursionError) as exc:
        raise PlantError([_toml_finding(path, exc)]) from exc
    try:
        plant = Plant.model_validate(content)
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_context=False)
        findings = [_finding(path, text, e["loc"], _plain(e["msg"])) for e in errors]
        raise PlantError(findings) from exc
    except RecursionError as exc:
        raise PlantError([f"{path}:1: (whole file): too many levels"]) from exc
    findings = [_finding(path, text, place, why) for place, why in senseless(plant)]
    if plant.day is not None and not findings:
        findings = [
            _finding(path, text, ("day",), f"in its schedule, {field_name(place)}: {why}")
            for place, why in senseless(expand(plant, 1))
        ]
    if findings:
        raise PlantError(findings)
    return plant


def _finding(path: Path, text: str, place: FieldPath, why: str) -> str:
    return f"{path}:{line_of(text, place)}: {field_name(place)}: {why}"


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def _toml_finding(path: Path, exc: Exception) -> str:
    message = str(exc)
    _, _, place = message.rpartition("(at line ")
    line = place.partition(",")[0] if place[:1].isdigit() else "1"
    return f"{path}:{line}: (whole file): {message}"


__all__ = [
    "DAY",
    "EXAMPLE",
    "PLANTS",
    "SHORT",
    "FaultKind",
    "FaultPart",
    "OrderPart",
    "Plant",
    "PlantError",
    "read_plant",
]
