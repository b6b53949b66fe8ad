"""Events: documents that are captured, events that are looked for and declared errors."""

from __future__ import annotations

from typing import Any

from contracts.formats.epcis import Event, event_hash
from contracts.formats.epcis_site import unit_uri
from contracts.formats.epcis_writing import CONTEXT, event_json
from contracts.model.epcis import PAGE_MAX, EventsFound, SimpleEventQuery
from contracts.model.identifiers import Id
from contracts.model.instants import write_timestamp
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Load, Person
from features.contract_checks.domains.facts import Domain, Facts
from features.contract_checks.world import NOW, PASSWORD, World
from simulator.namespace import Namespace

_CORRECTOR = "p.corrector"


def _capture_events(world: World, _: Any) -> Facts:
    """A document with one new event."""
    said = {
        "eventTime": write_timestamp(NOW), "eventTimeZoneOffset": "+02:00",
        "epcList": [unit_uri(world.label())], "action": "OBSERVE", "bizStep": "shipping",
    }
    event = Event("ObjectEvent", said)
    told = event_json(Event("ObjectEvent", {"eventID": event_hash(event), **said}))
    return [
        ("@context", [CONTEXT]), ("type", "EPCISDocument"), ("schemaVersion", "2.0"),
        ("epcisBody.eventList", [told]),
    ]


def _correct_event(world: World, _: Any) -> Facts:
    """An event of the system's own that was not corrected yet: it never happened."""
    return [
        ("correctionId", world.fresh("correction")),
        ("eventId", _own_event(world)),
        ("reason", "because a contract check says so"),
        ("locationId", ...),
        ("quantity", ...),
        ("eventTime", ...),
    ]


def _own_event(world: World) -> str:
    """An event that the system told itself and nobody has declared an error; else one of nobody."""
    step = "cycle_counting" if world.role is Role.WMS else "holding"
    asked = SimpleEventQuery(eq_biz_step=(step,), per_page=PAGE_MAX)
    answer = world.attempt(
        "query for events", lambda: world.harness[world.role].call("query-events", asked)
    )
    shown = answer.value if answer else None
    results = shown.epcis_body.query_results if isinstance(shown, EventsFound) else None
    told = results.results_body.event_list if results else ()
    declared = {event["eventID"] for event in told if "errorDeclaration" in event}
    open_ones = (str(e["eventID"]) for e in told if e["eventID"] not in declared)
    return next(open_ones, "urn:example:no-such-event")


def _load(names: Namespace, _: int) -> Load:
    return Load(people=(Person(
        person_id=Id(names.id(_CORRECTOR)), printed_name="Example corrector",
        duties=(Duty.QUALITY,), password=PASSWORD,
    ),))


def _sign_in_corrector(world: World) -> None:
    """Who decides on lots in these checks may not declare the events of it errors."""
    token = world.sign_in(world.names.id(_CORRECTOR))
    if token is not None:
        world.instead["correct-event"] = token


EVENTS = Domain(
    facts={"capture-events": _capture_events, "correct-event": _correct_event}, load=_load,
    open_work=dict.fromkeys(Role, _sign_in_corrector),
)
