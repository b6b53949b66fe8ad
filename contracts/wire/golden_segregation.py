"""Golden messages about supply areas: a request to bring material where it may not stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.model.codes import Code
from contracts.model.identifiers import Id
from contracts.model.messages import MESSAGES
from contracts.model.segregation import TemperatureClass
from contracts.model.stimulus import Load
from contracts.wire.golden import Cast, Golden, world
from contracts.wire.golden_picks import request_body
from contracts.wire.golden_steps import accepted, refused

_CONFLICTS: tuple[tuple[str, str, Code, dict[str, Any]], ...] = (
    ("temperature-mismatch", "FRS-PCK-061: a cold material at an ambient supply area.",
     Code.TEMPERATURE_MISMATCH, {"temperature_class": TemperatureClass.COLD}),
    ("hazard-mismatch", "FRS-PCK-062: a supply area that may not hold the hazard class.",
     Code.HAZARD_MISMATCH, {"hazard_classes": (Id("FLAMMABLE"),)}),
    ("allergen-mismatch", "FRS-PCK-063: a supply area that may not hold the allergen.",
     Code.ALLERGEN_MISMATCH, {"allergens": (Id("MILK"),)}),
)


def golden_segregation() -> Iterator[Golden]:
    """For each class, a request that is refused, and one to a supply area that fits."""
    for name, about, code, classes in _CONFLICTS:
        cast = Cast(f"pick-requested-{name}")
        step = refused(request_body(cast), code, "data.toLocation")
        yield Golden(cast.name, about, MESSAGES["pick-requested"], _of(cast, classes), (step,))
    cast = Cast("pick-requested-accepted-cold-supply-area")
    classes = {"temperature_class": TemperatureClass.COLD}
    yield Golden(
        cast.name, "A cold material at a cold supply area.", MESSAGES["pick-requested"],
        _of(cast, classes, fits=True), (accepted(request_body(cast)),),
    )


def _of(cast: Cast, classes: dict[str, Any], *, fits: bool = False) -> Load:
    """The world of a golden message whose material has these classes, and its places or not."""
    load = world(cast)
    places = tuple(place.model_copy(update=classes if fits else {}) for place in load.locations)
    material = load.materials[0].model_copy(update=classes)
    return load.model_copy(update={"materials": (material,), "locations": places})
