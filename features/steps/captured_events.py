"""Documents that the partner has captured, and events that are declared an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.formats.epcis import Event, event_hash
from contracts.formats.epcis_correction import corrected
from contracts.formats.epcis_site import Gln, Site, unit_uri
from contracts.formats.epcis_writing import write_document
from contracts.model.commands import CorrectEvent
from contracts.model.epcis import Captured, EventRepository
from contracts.model.identifiers import Id, LotNumber
from contracts.model.instants import read_timestamp, write_timestamp
from contracts.model.quantities import NonNegativeQuantity
from contracts.model.roles import Role
from features.bench import ITEM, STAGING, UNIT, Attempt, Bench
from features.claims import equal, holds, the_only
from features.snapshots import QUESTIONS, differences, growth, take_picture
from features.steps.counts import CountsOnBench
from features.told_events import query, site_as_shown

_NOWHERE = "ni:///sha-256;" + "0" * 64 + "?ver=CBV2.0"


@dataclass
class Documents:
    """What the partner has told, and what was corrected."""

    events: list[Event] = field(default_factory=list)
    wrong: Event | None = None


# --- what the partner tells -----------------------------------------------------------------------


def _events(bench: Bench) -> list[Event]:
    """A container that left the supplier, and what is in it."""
    names = bench.namespace
    site = Site(
        Gln("9521321000018"), "https://example.com/supplier",
        gtins={ITEM: names.gtin(ITEM)},
    )
    container = unit_uri(names.sscc(bench.new_name("TOLD")))
    lot = site.lot_class(ITEM, "", LotNumber(names.lot_number(bench.new_name("TOLD-LOT"))))
    when_and_why = {
        "eventTime": write_timestamp(bench.now - timedelta(hours=1)),
        "eventTimeZoneOffset": "+02:00",
        "action": "OBSERVE", "bizStep": "shipping", "disposition": "in_transit",
        "bizTransactionList": [
            {"type": "desadv", "bizTransaction": site.paper(bench.new_id("DESADV"))}
        ],
    }
    amount = {"epcClass": lot, "quantity": Decimal("25.000"), "uom": "KGM"}
    return [
        _hashed(Event("ObjectEvent", {**when_and_why, "epcList": [container]})),
        _hashed(Event("ObjectEvent", {
            **when_and_why, "epcList": [container], "quantityList": [amount]})),
    ]


def _hashed(event: Event) -> Event:
    members = {name: value for name, value in event.members.items() if name != "eventID"}
    return replace(event, members={"eventID": event_hash(event), **members})


def _capture(bench: Bench, events: list[Event]) -> Attempt:
    """The partner has a document captured by MES; a picture is taken first."""
    bench.picture()
    raw = write_document(events, created=bench.now)
    answer = bench.counterpart(Role.MES).client.send("capture-events", raw)
    attempt = Attempt(Role.MES, "", "", answer)
    bench.attempts.append(attempt)
    bench.part(Documents).events = events
    bench.recorder.observe(f"{len(events)} events: {answer}")
    return attempt


@when("the partner has a document with 2 events captured by MES")
def captures_document(bench: Bench) -> None:
    """A good one."""
    _capture(bench, _events(bench))


@given("the partner has a document with 2 events captured by MES")
def has_captured_document(bench: Bench) -> None:
    """A good one, before."""
    _capture(bench, _events(bench)).answer.as_(Captured)


@when("the partner has the same document captured again")
def captures_again(bench: Bench) -> None:
    """The same events under the same ids."""
    _capture(bench, bench.part(Documents).events)


@given("the partner has a document captured with an event under an id of its own choice")
def has_captured_named(bench: Bench) -> None:
    """No hash, but an id that nobody else has."""
    event = _events(bench)[0]
    named = replace(event, members={**event.members, "eventID": _own_id(bench)})
    _capture(bench, [named]).answer.as_(Captured)


@when("the partner has another event captured under the same id")
def captures_other_under_id(bench: Bench) -> None:
    """One id, two stories."""
    event = bench.part(Documents).events[0]
    other = {**event.members, "disposition": "damaged"}
    _capture(bench, [replace(event, members=other)])


def _own_id(bench: Bench) -> str:
    return f"https://example.com/event/{bench.namespace.id('EVENT')}"


@when(parsers.re(r"the partner has a document captured whose second event has (?P<what>.+)"))
def captures_changed(bench: Bench, what: str) -> None:
    """The first event is good in every case."""
    first, second = _events(bench)
    named = {**second.members, **_CHANGES[what](bench, first, second)}
    members = {name: value for name, value in named.items() if value is not None}
    changed = replace(second, members=members)
    keeps_id = "eventID" in _CHANGES[what](bench, first, second)
    _capture(bench, [first, changed if keeps_id else _hashed(changed)])


def _said(**members: Any) -> Callable[[Bench, Event, Event], dict[str, Any]]:
    return lambda bench, first, second: members


def _amount(**members: Any) -> Callable[[Bench, Event, Event], dict[str, Any]]:
    return lambda bench, first, second: {
        "quantityList": [{**second.members["quantityList"][0], **members}]
    }


def _ahead(seconds: int) -> Callable[[Bench, Event, Event], dict[str, Any]]:
    return lambda bench, first, second: {
        "eventTime": write_timestamp(bench.now + timedelta(seconds=seconds))
    }


def _wrong_digit(bench: Bench, first: Event, second: Event) -> dict[str, Any]:
    uri = second.members["epcList"][0]
    return {"epcList": [uri[:-1] + str((int(uri[-1]) + 1) % 10)]}


_CHANGES: dict[str, Callable[[Bench, Event, Event], dict[str, Any]]] = {
    "no offset": _said(eventTimeZoneOffset=None),
    "a time without an offset": _said(eventTime="2026-03-30T08:00:00"),
    "a misspelled step": _said(bizStep="storring"),
    "a quantity in words": _amount(quantity="about five"),
    "a wrong check digit": _wrong_digit,
    "a class among its objects": lambda bench, first, second: {
        "epcList": [second.members["quantityList"][0]["epcClass"]]},
    "the unit KG": _amount(uom="KG"),
    "a negative quantity": _amount(quantity=Decimal("-25.000")),
    "commissioning observed": _said(bizStep="commissioning", disposition="active"),
    "a destroyed thing received": _said(bizStep="receiving", disposition="destroyed"),
    "the hash of another event as its id": _said(eventID=_NOWHERE),
    "the id of the first event": lambda bench, first, second: dict(first.members),
    "an error declared of nobody's event": _said(errorDeclaration={
        "declarationTime": "2026-03-30T09:00:00+02:00", "reason": "did_not_occur"}),
    "a record time of 2020": _said(recordTime="2020-01-01T00:00:00Z"),
    "a time 300 seconds ahead": _ahead(300),
    "a time 301 seconds ahead": _ahead(301),
}


@when("the partner has its first event captured as an error with a corrective event")
def captures_declaration(bench: Bench) -> None:
    """What was shipped was damaged."""
    wrong = bench.part(Documents).events[0]
    right = _hashed(replace(wrong, members={**wrong.members, "disposition": "damaged"}))
    _capture(bench, corrected([wrong], [right], at=bench.now))
    bench.part(Documents).wrong = wrong


@then(parsers.re(r"(?P<new>[0-9]+) of its events are new and (?P<known>[0-9]+) were known"))
def counted_new(bench: Bench, new: str, known: str) -> None:
    """By the answer, and by the number of all events."""
    answer = bench.last.answer.as_(Captured)
    bench.recorder.observe(f"{answer.captured} new, {answer.known} known")
    equal((answer.captured, answer.known), (int(new), int(known)), "new and known events")
    wanted = tuple(event.event_id for event in bench.part(Documents).events)
    equal(answer.event_ids, wanted, "the ids in the answer")
    assert bench.before is not None
    before: Any = bench.before.state[(Role.MES, "event-repository")]
    now = bench.site.client(Role.MES).ask("event-repository", EventRepository)
    equal(now.events - before["events"], int(new), "new events in the repository")


@then(
    "MES finds them by object, class, step, disposition, action, type and business transaction"
)
def finds_captured(bench: Bench) -> None:
    """Each parameter with the papers of the document, so that only its events can fit."""
    first, second = bench.part(Documents).events
    client = bench.site.client(Role.MES)
    paper = (first.members["bizTransactionList"][0]["bizTransaction"],)
    unit, lot = first.members["epcList"], second.members["quantityList"][0]["epcClass"]
    urn = ("urn:epcglobal:cbv:bizstep:shipping",)
    both, one = [first.event_id, second.event_id], [second.event_id]
    none: list[str | None] = []
    asked: list[tuple[dict[str, Any], list[str | None]]] = [
        ({"match_epc": tuple(unit)}, both), ({"match_any_epc": tuple(unit)}, both),
        ({"match_epc_class": (lot,)}, one), ({"eq_biz_step": ("shipping",)}, both),
        ({"eq_biz_step": urn}, both), ({"eq_biz_step": ("receiving",)}, none),
        ({"eq_disposition": ("in_transit",)}, both), ({"eq_disposition": ("damaged",)}, none),
        ({"eq_action": ("OBSERVE",)}, both), ({"eq_action": ("ADD",)}, none),
        ({"event_type": ("ObjectEvent",)}, both), ({"event_type": ("AssociationEvent",)}, none),
        ({"eq_event_id": (second.event_id,)}, one), ({"match_parent_id": tuple(unit)}, none),
    ]
    for parameters, wanted in asked:
        found = [e.event_id for e in query(client, eq_biz_transaction=paper, **parameters)]
        equal(found, wanted, f"found by {parameters}")
    bench.recorder.observe(f"{len(asked)} queries")


@then("page by page it finds the same")
def finds_in_pages(bench: Bench) -> None:
    """One event a page."""
    events = bench.part(Documents).events
    paper = (events[0].members["bizTransactionList"][0]["bizTransaction"],)
    found = query(bench.site.client(Role.MES), eq_biz_transaction=paper, per_page=1)
    equal([e.event_id for e in found], [e.event_id for e in events], "found page by page")


@then("MES shows both as recorded now")
def recorded_now(bench: Bench) -> None:
    """The instant of the answer, and of the clock."""
    for event in bench.part(Documents).events:
        (kept,) = query(bench.site.client(Role.MES), eq_event_id=(event.event_id,))
        recorded = read_timestamp(kept.members["recordTime"])
        bench.recorder.observe(f"recorded at {kept.members['recordTime']}")
        equal(recorded, bench.now, "record time")


@then("of the document only the record of it and its refusal was kept")
def only_the_record(bench: Bench) -> None:
    """State as before, repository included; journal and audit trail grew by the attempt."""
    assert bench.before is not None
    changed = differences(bench.before, take_picture(bench.site))
    holds(not changed, "; ".join(changed))
    grown = growth(bench.site, bench.before, Role.MES)
    equal(tuple(row.kind for row in grown.journal), QUESTIONS, "journal of MES grew by")
    equal((len(grown.audit), len(grown.refusals)), (1, 1), "audit trail of MES grew by")
    for event in bench.part(Documents).events[:1]:
        if event.event_id and event.event_id.startswith("ni:"):
            found = query(bench.site.client(Role.MES), eq_event_id=(event.event_id,))
            equal(found, [], "events of the document")


# --- corrections ----------------------------------------------------------------------------------


@when(parsers.re(
    r"the supervisor corrects the event of the count with (?P<what>[0-9.]+ kg|the time \S+|"
    r"the place staging|nothing that was right)"
))
def corrects_count(bench: Bench, what: str) -> None:
    """What was wrong about it."""
    wrong = _event_of_count(bench)
    bench.part(Documents).wrong = wrong
    members: dict[str, Any] = {}
    if what.endswith("kg"):
        members = {"quantity": _kilograms(what)}
    elif what.startswith("the time"):
        hour, minute = map(int, what.removeprefix("the time ").split(":"))
        members = {"event_time": bench.now.replace(hour=hour, minute=minute)}
    elif what == "the place staging":
        members = {"location_id": Id(bench.namespace.id(STAGING))}
    _correct(bench, wrong.event_id or "", **members)


@when(parsers.re(
    r"the supervisor corrects (?P<what>an event that .+|an event without .+|"
    r"the event of the count that was corrected before|"
    r"the event of the count for the reason \"w r o\")"
))
def corrects_wrongly(bench: Bench, what: str) -> None:
    """A correction that cannot be."""
    wms, count_id = bench.site.client(Role.WMS), _event_of_count(bench).event_id or ""
    site = site_as_shown(wms)
    lot = bench.lots["A"]
    whole = site.lot_class(bench.namespace.id(ITEM), lot.lot_id)
    if what == "an event that nobody knows":
        _correct(bench, _NOWHERE)
    elif what == "an event that MES told":
        blocked = query(wms, match_epc_class=(whole,), eq_disposition=("unavailable",))
        _correct(bench, the_only(blocked, "holds of the lot").event_id or "")
    elif what.startswith("an event without"):
        bottle = unit_uri(bench.namespace.sscc("BOTTLE-1"))
        begun = query(wms, match_epc=(bottle,), eq_biz_step=("commissioning",))
        found = the_only(begun, "commissionings of the sample").event_id or ""
        _correct(bench, found, quantity=_kilograms("24.800 kg"))
    elif what.endswith("before"):
        body = _correction(bench, count_id, quantity=_kilograms("24.800 kg"))
        bench.prepare("the supervisor", "correct-event", body)
        _correct(bench, count_id)
    else:
        _correct(bench, count_id, reason="w r o")


def _correct(bench: Bench, event_id: str, **members: Any) -> None:
    attempt = bench.command("the supervisor", "correct-event",
                            _correction(bench, event_id, **members))
    bench.recorder.observe(f"correction of {event_id}: {attempt.answer}")


def _correction(bench: Bench, event_id: str, **members: Any) -> CorrectEvent:
    given_members = {"reason": "scale was read wrongly", **members}
    return CorrectEvent(
        correction_id=Id(bench.new_id("CORRECTION")), event_id=event_id, **given_members
    )


def _kilograms(text: str) -> NonNegativeQuantity:
    return NonNegativeQuantity(value=Decimal(text.removesuffix(" kg")), unit=UNIT)


def _event_of_count(bench: Bench) -> Event:
    client = bench.site.client(Role.WMS)
    paper = site_as_shown(client).paper(bench.part(CountsOnBench).count_id)
    found = query(client, eq_biz_transaction=(paper,), eq_biz_step=("cycle_counting",))
    return the_only((e for e in found if "errorDeclaration" not in e.members), "event of the count")


@then(parsers.re(
    r"the event stands as it was, and once more declared as (?P<reason>[a-z_]+)"
))
def stands_and_is_declared(bench: Bench, reason: str) -> None:
    """Both bear the id; but for the declaration they say the same."""
    wrong = bench.part(Documents).wrong
    assert wrong is not None
    client = bench.site.client(bench.last.role)
    found = query(client, eq_event_id=(wrong.event_id,))
    equal(len(found), 2, "events of this id")
    original, declared = found
    holds("errorDeclaration" not in original.members, "the event itself was declared")
    declaration = declared.members.get("errorDeclaration", {})
    equal(declaration.get("reason"), reason, "reason of the declaration")
    equal([event_hash(original), event_hash(declared)], [event_hash(wrong)] * 2, "content")
    marked = query(client, eq_event_id=(wrong.event_id,), exists_error_declaration=True)
    equal(len(marked), 1, "events of this id that declare an error")
    bench.recorder.observe(f"{wrong.event_id} declared: {declaration}")


@then(parsers.re(r"(?P<what>an event of .+|an event at staging|nothing) is told in its place"))
def told_in_its_place(bench: Bench, what: str) -> None:
    """The corrective event that the declaration names."""
    wrong = bench.part(Documents).wrong
    assert wrong is not None
    client = bench.site.client(bench.last.role)
    (declared,) = query(client, eq_event_id=(wrong.event_id,), exists_error_declaration=True)
    named = declared.members["errorDeclaration"].get("correctiveEventIDs", [])
    if what == "nothing":
        equal(named, [], "corrective events")
        return
    right = the_only(query(client, eq_event_id=tuple(named)), "corrective events")
    shown = {
        "amount": f"{right.members['quantityList'][0]['quantity']} kg",
        "time": right.members["eventTime"][11:16],
        "place": right.members["bizLocation"]["id"].rpartition("/")[2],
    }
    bench.recorder.observe(f"told in its place: {shown}")
    wanted = what.removeprefix("an event of ").removeprefix("an event at ")
    staging = site_as_shown(client).place(bench.namespace.id(STAGING)).rpartition("/")[2]
    holds((staging if wanted == "staging" else wanted) in shown.values(), f"it says {shown}")
    same = {"readPoint", "bizLocation", "eventTime", "eventTimeZoneOffset", "quantityList",
            "eventID", "recordTime"}
    for name in set(wrong.members) - same:
        equal(right.members.get(name), wrong.members[name], name)
