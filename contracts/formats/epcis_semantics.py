"""What an EPCIS event says that cannot be so, though its form is right.

The official schema accepts all of these. Not among them: an ``eventTime`` written with another
offset than ``eventTimeZoneOffset``, a business step of one's own or as URI, and none at all.
Source: EPCIS 2.0, 7.3 and 7.4; CBV 2.0, 7.1 (business steps), 7.2 (dispositions), 8 (identifiers);
UN/ECE Recommendation 20.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from contracts.formats.epcis_event import Event, Syntax
from contracts.formats.epcis_identifiers import Level, canonical_uri, read_key
from contracts.formats.epcis_rules import finding, notice, shown
from contracts.formats.epcis_values import Findings, is_unit, read_instant
from contracts.formats.epcis_vocabulary import (
    BIZ_STEP,
    DISPOSITION,
    EPC_LISTS,
    QUANTITY_LISTS,
)
from contracts.formats.findings import Finding
from contracts.formats.unit_codes import CodeStatus, explained, status_of

CLOCK_TOLERANCE = timedelta(minutes=5)

# Source: CBV 2.0, 7.1: what begins to exist is added, what ends is deleted.
_ACTIONS_OF_STEP = {
    "commissioning": ("ADD",),
    "creating_class_instance": ("ADD",),
    "decommissioning": ("DELETE",),
    "destroying": ("DELETE",),
}
# Source: CBV 2.0, 7.2: states that only one kind of step leads to.
_STEPS_OF_DISPOSITION = {
    "destroyed": ("destroying", "killing", "other"),
    "inactive": ("decommissioning", "destroying", "killing", "other"),
    "encoded": ("encoding", "commissioning", "other"),
    "retail_sold": ("retail_selling", "other"),
    "reserved": ("reserving", "other"),
}
_DISPOSITIONS_NOT_AFTER = {
    "destroying": ("active", "in_transit", "sellable_accessible", "available", "conformant"),
    "decommissioning": ("active", "in_transit", "sellable_accessible", "available"),
    "commissioning": ("destroyed", "inactive", "disposed", "dispensed", "stolen", "expired"),
}


# Logistic units, trade items, places and parties: what is moved, and between whom. A key of another
# kind (an asset, a document) with a wrong check digit is told as a notice.
_MOVED = ("00", "01", "8006", "414", "417")


def check_events(events: Iterable[Event], *, now: datetime | None = None) -> list[Finding]:
    """All that cannot be so in these events, by event. ``now`` is the clock they are judged by."""
    at = now or datetime.now(UTC)
    listed = list(events)
    found = [found for event in listed for found in _check(event, at)]
    return [*found, *_repeated_ids(listed)]


def _check(event: Event, now: datetime) -> Iterator[Finding]:
    yield from _containment(event)
    yield from _nothing(event)
    for name in EPC_LISTS:
        yield from _instances(event, name)
    for name in QUANTITY_LISTS:
        yield from _quantities(event, name)
    yield from _keys_of_places(event)
    yield from _step(event)
    yield from _time(event, now)


def _containment(event: Event) -> Findings:
    """Who goes in or out has a parent, and is not its own. Source: EPCIS 2.0, 7.4.3."""
    parent = event.members.get("parentID")
    action = event.members.get("action")
    if event.type == "AggregationEvent" and not parent and action in ("ADD", "DELETE"):
        yield finding(event.place, "parent-missing", f"{action} without parentID")
    children = {canonical_uri(child) for child in _texts(event.members.get("childEPCs"))}
    if isinstance(parent, str) and canonical_uri(parent) in children:
        yield finding(f"{event.place}/parentID", "parent-is-child",
                      f"{shown(parent)} stands among its own children")
    if isinstance(parent, str):
        yield from _key(parent, f"{event.place}/parentID", among_instances=False)


def _nothing(event: Event) -> Findings:
    """An empty list of objects is right only where sensors tell of the place itself."""
    lists = ("epcList", "quantityList", "sensorElementList")
    is_empty = event.members.get("epcList") == [] and not any(map(event.members.get, lists))
    if event.type == "ObjectEvent" and is_empty:
        yield finding(f"{event.place}/epcList", "object-missing", "epcList is empty")


def _instances(event: Event, name: str) -> Findings:
    """Each object stands once in a list, and is one object, not a class of them.

    The XML schema lets one stand twice in a list that is no list of children: that is a notice.
    """
    is_set = name == "childEPCs" or event.syntax is Syntax.JSON
    tell = finding if is_set else notice
    spelled: set[str] = set()
    named: set[str] = set()
    for position, epc in enumerate(_texts(event.members.get(name))):
        place = f"{event.place}/{name}/{position}"
        if epc in spelled:
            yield tell(place, "identifier-twice", f"{shown(epc)} stands twice in {name}")
        elif canonical_uri(epc) in named:
            what = f"{shown(epc)} stands twice in {name}, spelled in two ways"
            yield notice(place, "identifier-twice-spelled", what)
        spelled.add(epc)
        named.add(canonical_uri(epc))
        yield from _key(epc, place, among_instances=True)


def _key(uri: str, place: str, *, among_instances: bool) -> Findings:
    key = read_key(uri)
    if key is None:
        return
    for fault in key.faults():
        yield finding(place, "key-malformed", f"{shown(uri)}: {fault}")
    if key.wrong_check_digit:
        tell = finding if key.parts[0][0] in _MOVED else notice
        what = f"{shown(uri)}: the check digit of ({key.parts[0][0]}) is wrong"
        yield tell(place, "check-digit-wrong", what)
    if among_instances and key.level is Level.CLASS:
        yield finding(place, "class-among-instances", f"{shown(uri)} names a class")


def _quantities(event: Event, name: str) -> Findings:
    listed = event.members.get(name)
    for position, item in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(item, dict):
            yield from _quantity(item, f"{event.place}/{name}/{position}")


def _quantity(item: dict[str, Any], place: str) -> Findings:
    amount, unit = item.get("quantity"), item.get("uom")
    if isinstance(amount, int | Decimal) and not isinstance(amount, bool):
        if amount < 0:
            yield finding(f"{place}/quantity", "quantity-negative", f"it is {shown(amount)}")
        if unit is None and amount != Decimal(amount).to_integral_value():
            yield finding(place, "quantity-fraction-of-pieces", f"{shown(amount)} without uom")
    if unit is not None and amount is None:
        yield finding(place, "unit-without-quantity", f"uom {shown(unit)} without quantity")
    if isinstance(unit, str):
        yield from _unit(unit, f"{place}/uom")
    named = item.get("epcClass")
    if isinstance(named, str):
        yield from _key(named, f"{place}/epcClass", among_instances=False)
        key = read_key(named)
        if key is not None and key.level is Level.INSTANCE:
            yield finding(f"{place}/epcClass", "instance-as-class",
                          f"{shown(named)} names one object")


def _unit(unit: str, place: str) -> Findings:
    """What Recommendation 20 says of a code; what has not its form was told with the form."""
    status = status_of(unit)
    if status is CodeStatus.DELETED:
        yield finding(place, "unit-deleted", f"unit {explained(unit)}")
    elif status is CodeStatus.UNKNOWN and is_unit(unit):
        yield finding(place, "unit-unknown", f"unit {explained(unit)}")
    elif status is CodeStatus.DEPRECATED:
        yield notice(place, "unit-deprecated", f"unit {explained(unit)}")


def _keys_of_places(event: Event) -> Findings:
    """Places and parties are named by keys that can be."""
    for name in ("readPoint", "bizLocation"):
        place = event.members.get(name)
        named = place.get("id") if isinstance(place, dict) else None
        if isinstance(named, str):
            yield from _key(named, f"{event.place}/{name}/id", among_instances=False)
    for listed, key in (("sourceList", "source"), ("destinationList", "destination")):
        pairs = event.members.get(listed)
        for position, pair in enumerate(pairs if isinstance(pairs, list) else []):
            named = pair.get(key) if isinstance(pair, dict) else None
            if isinstance(named, str):
                at = f"{event.place}/{listed}/{position}"
                yield from _key(named, at, among_instances=False)


def _step(event: Event) -> Findings:
    """Step, action and disposition tell one story, where all are words of the standard."""
    step = _word(event, "bizStep", BIZ_STEP.word)
    state = _word(event, "disposition", DISPOSITION.word)
    action = event.members.get("action")
    allowed = _ACTIONS_OF_STEP.get(step) if event.type == "ObjectEvent" else None
    if allowed and action is not None and action not in allowed:
        yield finding(f"{event.place}/action", "action-contradicts-step",
                      f"{step} with action {shown(action)}")
    opposite = {"packing": "DELETE", "unpacking": "ADD"}.get(step)
    if event.type == "AggregationEvent" and opposite and action == opposite:
        yield finding(f"{event.place}/action", "action-contradicts-step", f"{step} with {action}")
    steps = _STEPS_OF_DISPOSITION.get(state)
    known = step in BIZ_STEP.words
    if (steps and known and step not in steps) or state in _DISPOSITIONS_NOT_AFTER.get(step, ()):
        yield finding(f"{event.place}/disposition", "disposition-contradicts-step",
                      f"{state} after {step}")


def _word(event: Event, name: str, bare: Any) -> str:
    value = event.members.get(name)
    return str(bare(value)) if isinstance(value, str) else ""


def _time(event: Event, now: datetime) -> Findings:
    value = event.members.get("eventTime")
    at = read_instant(value) if isinstance(value, str) else None
    if at is not None and at > now + CLOCK_TOLERANCE:
        yield finding(f"{event.place}/eventTime", "time-in-future",
                      f"{shown(value)} is after {now:%Y-%m-%dT%H:%MZ}, the time of this check")


def _repeated_ids(events: list[Event]) -> Findings:
    """An id belongs to one event; the one that declares it an error bears the same.

    Source: EPCIS 2.0, 7.4.1.3 (the error declaration repeats the event with its id).
    """
    seen: set[tuple[str, bool]] = set()
    for event in events:
        if event.event_id is None:
            continue
        identity = (event.event_id, "errorDeclaration" in event.members)
        if identity in seen:
            yield finding(f"{event.place}/eventID", "event-id-twice",
                          f"{shown(event.event_id)} is the id of an event before it")
        seen.add(identity)


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
