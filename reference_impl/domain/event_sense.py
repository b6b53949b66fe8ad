"""What an event cannot say, though its form is right: what the official schema lets through.

Source: EPCIS 2.0, 7.3 and 7.4; CBV 2.0, 7.1, 7.2 and 8; UN/ECE Recommendation 20.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from contracts.formats.epcis_event import Event
from contracts.formats.epcis_identifiers import Level, canonical_uri, read_key
from contracts.formats.epcis_vocabulary import BIZ_STEP, DISPOSITION, EPC_LISTS, QUANTITY_LISTS
from contracts.formats.unit_codes import CodeStatus, explained, status_of
from contracts.model.codes import Code, Refusal
from reference_impl.domain.event_form import check_form, instant

# Source: CBV 2.0, 7.1: what begins is added, what ends is deleted.
_BEGINS = ("commissioning", "creating_class_instance")
_ENDS = ("decommissioning", "destroying")
# Source: CBV 2.0, 7.2: states that only some steps lead to, and such that a step excludes.
_LED_TO_BY = {
    "destroyed": ("destroying", "killing", "other"),
    "inactive": ("decommissioning", "destroying", "killing", "other"),
    "encoded": ("encoding", "commissioning", "other"),
    "retail_sold": ("retail_selling", "other"),
    "reserved": ("reserving", "other"),
}
_EXCLUDED_BY = {
    "destroying": ("active", "in_transit", "sellable_accessible", "available", "conformant"),
    "decommissioning": ("active", "in_transit", "sellable_accessible", "available"),
    "commissioning": ("destroyed", "inactive", "disposed", "dispensed", "stolen", "expired"),
}


def check_event(event: Event, place: str, now: datetime, ahead: timedelta) -> Refusal | None:
    """The first fault of a captured event, None where it has none.

    ``place`` leads to it, ``ahead`` is how far it may lie ahead of ``now``.
    """
    malformed = next(check_form(event, place), None)
    if malformed is not None:
        return malformed
    return next(_faults(event, place), None) or is_ahead(event, place, now, ahead)


# implements FRS-EPC-008
def is_ahead(event: Event, place: str, now: datetime, ahead: timedelta) -> Refusal | None:
    """Refuse an event that happens further ahead of its recording than clocks may differ."""
    by = ahead_by(event, now)
    if by <= ahead:
        return None
    return Refusal(Code.EVENT_IN_FUTURE, f"{place}.eventTime", f"{by} ahead of the clock")


def ahead_by(event: Event, now: datetime) -> timedelta:
    """How far an event of right form lies ahead of ``now``; negative where it is over."""
    at = instant(event.members["eventTime"])
    assert at is not None, "the form of the event was not checked"
    return at - now


def _faults(event: Event, place: str) -> Iterator[Refusal]:
    yield from _containment(event, place)
    for name in EPC_LISTS:
        yield from _objects(event.members.get(name, []), f"{place}.{name}")
    for name in QUANTITY_LISTS:
        for number, item in enumerate(event.members.get(name, [])):
            yield from _amount(item, f"{place}.{name}[{number}]")
    yield from _others(event, place)
    yield from _story(event, place)


# implements FRS-EPC-006
def _containment(event: Event, place: str) -> Iterator[Refusal]:
    """What goes in or out has a parent, and is not its own. Source: EPCIS 2.0, 7.4.3."""
    parent, action = event.members.get("parentID"), event.members.get("action")
    if event.type == "AggregationEvent" and parent is None and action != "OBSERVE":
        yield Refusal(Code.EVENT_CONTRADICTORY, f"{place}.parentID", f"{action} without a parent")
    children = map(canonical_uri, event.members.get("childEPCs", []))
    if parent is not None and canonical_uri(parent) in children:
        yield Refusal(Code.EVENT_CONTRADICTORY, f"{place}.parentID", "it is its own child")


# implements FRS-EPC-004
def _objects(listed: list[str], path: str) -> Iterator[Refusal]:
    seen: set[str] = set()
    for number, uri in enumerate(listed):
        here = f"{path}[{number}]"
        yield from _key(uri, here, Level.CLASS)
        if canonical_uri(uri) in seen:
            yield Refusal(Code.EVENT_KEY_WRONG, here, "the object stands twice")
        seen.add(canonical_uri(uri))


def _key(uri: str, path: str, excluded: Level | None = None) -> Iterator[Refusal]:
    key = read_key(uri)
    if key is None:
        return
    for fault in key.faults():
        yield Refusal(Code.EVENT_KEY_WRONG, path, fault[:300])
    if key.wrong_check_digit:
        yield Refusal(Code.EVENT_KEY_WRONG, path, "the check digit is wrong")
    if key.level is excluded:
        yield Refusal(Code.EVENT_KEY_WRONG, path, f"it names {_NAMED[key.level]}")


_NAMED = {Level.CLASS: "a class of objects", Level.INSTANCE: "one object", Level.OTHER: "no object"}


# implements FRS-EPC-005
def _amount(item: dict[str, Any], path: str) -> Iterator[Refusal]:
    yield from _key(item["epcClass"], f"{path}.epcClass", Level.INSTANCE)
    amount, unit = item.get("quantity"), item.get("uom")
    if amount is not None and amount < 0:
        yield Refusal(Code.EVENT_QUANTITY_WRONG, f"{path}.quantity", "it is negative")
    if amount is not None and unit is None and Decimal(amount) % 1:
        yield Refusal(Code.EVENT_QUANTITY_WRONG, f"{path}.quantity", "a part of a piece")
    if unit is not None and amount is None:
        yield Refusal(Code.EVENT_QUANTITY_WRONG, f"{path}.uom", "a unit without an amount")
    if unit is not None and status_of(unit) in (CodeStatus.DELETED, CodeStatus.UNKNOWN):
        yield Refusal(Code.EVENT_QUANTITY_WRONG, f"{path}.uom", explained(unit)[:300])


# implements FRS-EPC-004
def _others(event: Event, place: str) -> Iterator[Refusal]:
    """Parents, places and parties."""
    if "parentID" in event.members:
        yield from _key(event.members["parentID"], f"{place}.parentID")
    for name in ("readPoint", "bizLocation"):
        if name in event.members:
            yield from _key(event.members[name]["id"], f"{place}.{name}.id")
    for listed, named in (("sourceList", "source"), ("destinationList", "destination")):
        for number, item in enumerate(event.members.get(listed, [])):
            yield from _key(item[named], f"{place}.{listed}[{number}].{named}")


# implements FRS-EPC-006
def _story(event: Event, place: str) -> Iterator[Refusal]:
    """Step, action and disposition go together, where all are words of the standard."""
    step = BIZ_STEP.word(event.members.get("bizStep", ""))
    state = DISPOSITION.word(event.members.get("disposition", ""))
    action = event.members.get("action")
    wanted = "ADD" if step in _BEGINS else "DELETE" if step in _ENDS else action
    if event.type == "ObjectEvent" and action != wanted:
        yield Refusal(Code.EVENT_CONTRADICTORY, f"{place}.action", f"{step} with {action}")
    opposite = {"packing": "DELETE", "unpacking": "ADD"}.get(step)
    if event.type == "AggregationEvent" and action == opposite:
        yield Refusal(Code.EVENT_CONTRADICTORY, f"{place}.action", f"{step} with {action}")
    leading = _LED_TO_BY.get(state)
    foreign = leading is not None and step in BIZ_STEP.words and step not in leading
    if foreign or state in _EXCLUDED_BY.get(step, ()):
        yield Refusal(Code.EVENT_CONTRADICTORY, f"{place}.disposition", f"{state} after {step}")
