"""Checks of the objects in one B2MML document: form of the message, ids, periods.

Source: ISA-95.00.05 (application area, verbs); ISA-95.00.02 (ids of objects); B2MML V0701.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts.formats.b2mml_objects import ACTUALS, REQUIREMENTS, Verb, Version
from contracts.formats.b2mml_rules import Rule, finding
from contracts.formats.b2mml_spots import FAMILY, Document, Spot
from contracts.formats.findings import Finding
from contracts.formats.xml_instants import instant

# Objects whose id the schemas of both versions demand.
_IDENTIFIED = (
    "MaterialClass", "MaterialDefinition", "MaterialLot", "MaterialSubLot",
    "ProductionRequest", "ProductionResponse", "OperationsRequest", "OperationsResponse",
)
# Objects whose id only V0701 demands.
_IDENTIFIED_NOW = (
    "OperationsSchedule", "OperationsPerformance", "SegmentRequirement", "SegmentResponse",
    "MaterialRequirement", "MaterialActual", "PersonnelActual", "EquipmentActual", "SegmentData",
    "MaterialLotProperty", "MaterialDefinitionProperty", "MaterialActualProperty",
)
# What makes two siblings of one id the same object.
_WITH_ID = {
    "MaterialLot": "MaterialDefinitionID",
    "MaterialSubLot": "MaterialLotID",
    **dict.fromkeys(
        (*_IDENTIFIED[:2], *_IDENTIFIED[4:], *_IDENTIFIED_NOW, "Parameter"), ""
    ),
}
_MATERIAL_IDS = (
    "MaterialClassID", "MaterialDefinitionID", "MaterialLotID", "MaterialSubLotID",
    "AssemblyActual", "AssemblyRequirement",
)
_CONSUMED = ("Consumed", "Material Consumed")
_PERIODS = (
    ("EffectiveStartDate", "EffectiveEndDate"), ("ActualStartTime", "ActualEndTime"),
    ("StartTime", "EndTime"), ("StartTime", "Endtime"), ("EarliestStartTime", "LatestEndTime"),
)


def check_message(document: Document) -> Iterator[Finding]:
    """The form of a message: version, verb, application area, data area."""
    root = document.root
    if root.element.namespace not in set(Version):
        known = FAMILY.match(root.element.namespace)
        rule = Rule.VERSION_UNKNOWN if known else Rule.NAMESPACE_WRONG
        yield finding(rule, root, f"namespace {root.element.namespace!r}")
    yield from _namespaces(document)
    if document.verb is None:
        yield finding(Rule.NO_TRANSACTION, root, f"{root.name} stands alone, without a verb")
        return
    if document.child("ApplicationArea") is None:
        yield finding(Rule.APPLICATION_AREA_MISSING, root, f"{root.name} without ApplicationArea")
    else:
        yield from _application_area(document)
    yield from _data_area(document, document.verb)


def check_object(spot: Spot) -> Iterator[Finding]:
    """What is wrong with one object: its ids, its material, its period."""
    if not spot.element.children:
        yield from _spaces(spot)
        if spot.name in _IDENTIFIED and not spot.text and not _is_asked_for(spot):
            yield finding(Rule.ID_MISSING, spot, f"{spot.name} without an id")
        return
    yield from _ids(spot)
    yield from _repeated(spot)
    if spot.name in (*ACTUALS, *REQUIREMENTS):
        yield from _material(spot)
    names = {child.name for child in spot.element.children}
    for begin, end in _PERIODS:
        if begin in names and end in names:
            yield from _period(spot, begin, end)


def _period(spot: Spot, begin: str, end: str) -> Iterator[Finding]:
    first, last = instant(spot.element.value(begin)), instant(spot.element.value(end))
    if first and last and last < first:
        what = f"{end} {spot.element.value(end)} is before {spot.element.value(begin)}"
        yield finding(Rule.PERIOD_REVERSED, spot, what)


def _namespaces(document: Document) -> Iterator[Finding]:
    own = document.root.element.namespace
    for spot in document.spots:
        namespace = spot.element.namespace
        mixed = namespace != own and (not namespace or FAMILY.match(namespace))
        if mixed and "Extension" not in namespace and not spot.within("UserArea"):
            what = f"{spot.name} in namespace {namespace!r}, the message in {own!r}"
            yield finding(Rule.NAMESPACES_MIXED, spot, what)
            return


def _application_area(document: Document) -> Iterator[Finding]:
    area = document.child("ApplicationArea")
    assert area is not None
    if not document.sender:
        yield finding(Rule.SENDER_MISSING, area, "no LogicalID of a sender")
    if not document.message_id:
        yield finding(Rule.MESSAGE_ID_MISSING, area, "no BODID")
    if not document.created:
        yield finding(Rule.CREATION_TIME_MISSING, area, "no CreationDateTime")


def _data_area(document: Document, verb: Verb) -> Iterator[Finding]:
    area = document.child("DataArea")
    if area is None or not area.element.children:
        yield finding(Rule.DATA_AREA_MISSING, area or document.root, "no DataArea, or an empty one")
        return
    said = area.element.children[0].name
    if said != verb:
        what = f"the message is called {document.root.name}, its data area begins with {said}"
        yield finding(Rule.VERB_DIFFERS, area, what)
    nouns = [child.name for child in area.element.children[1:]]
    if document.noun not in nouns and verb not in (Verb.GET, Verb.CONFIRM):
        what = f"no {document.noun}, but {', '.join(sorted(set(nouns))) or 'nothing'}"
        yield finding(Rule.NOUN_MISSING, area, what)


def _ids(spot: Spot) -> Iterator[Finding]:
    wanted = spot.name in _IDENTIFIED
    if spot.element.namespace == Version.V0701:
        wanted = wanted or spot.name in _IDENTIFIED_NOW
    found = spot.element.first("ID")
    given = found is not None and bool(found.text.strip())
    if (wanted or found is not None) and not given:
        yield finding(Rule.ID_MISSING, spot, f"{spot.name} without an id")


def _is_asked_for(spot: Spot) -> bool:
    """Whether this stands in a Get, where an empty object means all of them."""
    while spot.above:
        spot = spot.above
    return spot.name.startswith(Verb.GET)


def _spaces(spot: Spot) -> Iterator[Finding]:
    text = spot.element.text
    if spot.name.endswith("ID") and text.strip() and text != text.strip():
        yield finding(Rule.ID_WITH_SPACES, spot, f"{text!r}")


def _repeated(spot: Spot) -> Iterator[Finding]:
    seen: set[tuple[str, str, str]] = set()
    if not any(child.name in _WITH_ID for child in spot.element.children):
        return
    for child in spot.children():
        beside = _WITH_ID.get(child.name)
        key = child.element.value("ID") if beside is not None else ""
        if not key:
            continue
        same = (child.name, key, child.element.value(beside) if beside else "")
        if same in seen:
            yield finding(Rule.ID_REPEATED, child, f"a second {child.name} with id {key!r}")
        seen.add(same)


def _material(spot: Spot) -> Iterator[Finding]:
    element = spot.element
    if not any(element.value(name) or _has_children(spot, name) for name in _MATERIAL_IDS):
        yield finding(Rule.MATERIAL_UNNAMED, spot, f"{spot.name} names no material")
    elif (
        spot.name in ACTUALS
        and ("Consumed" in spot.name or element.value("MaterialUse") in _CONSUMED)
        and not element.value("MaterialLotID")
        and not element.value("MaterialSubLotID")
    ):
        yield finding(Rule.LOT_UNNAMED, spot, "consumed material without lot and sublot")


def _has_children(spot: Spot, name: str) -> bool:
    return any(child.children for child in spot.element.named(name))
