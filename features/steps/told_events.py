"""The events of transactions: watched, held against the journal, and damaged on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.formats.epcis import Event, event_hash
from contracts.formats.epcis_lint import lint_epcis
from contracts.formats.epcis_site import Site, item_uri, unit_uri
from contracts.formats.epcis_writing import write_document
from contracts.formats.findings import Severity
from contracts.model.epcis import EventRepository
from contracts.model.identifiers import Id, SerialNumber, Sscc
from contracts.model.instants import read_timestamp
from contracts.model.messages.adjustments import CountCompleted
from contracts.model.quantities import NonNegativeQuantity
from contracts.model.roles import Role
from features.bench import ITEM, STORAGE, UNIT, Bench
from features.claims import equal, holds
from features.steps.alarms import has_raised
from features.steps.labels import PRODUCT, PackingOnBench
from features.told_events import (
    Begin,
    Message,
    begin,
    discrepancies,
    events_about,
    journal_since,
    posted_messages,
    query,
    site_as_shown,
)

Row = tuple[str, ...]


@dataclass
class Watched:
    """Where each system stood, what it has told since, and the copies that were damaged."""

    begin: dict[Role, Begin] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=dict)
    whole: list[str] | None = None


@given("the events of both systems are watched from here on")
def watched_from_here(bench: Bench) -> None:
    """Once what was before is delivered."""
    bench.deliver()
    kept = bench.part(Watched)
    kept.begin = {role: begin(bench.site.client(role)) for role in Role}
    shown = (f"{role.upper()}: {at.events}" for role, at in kept.begin.items())
    bench.recorder.observe(f"events so far: {', '.join(shown)}")


def told_since(bench: Bench, role: Role) -> tuple[list[Message], Site, list[Event]]:
    """What a system has posted since the scenario watches, its names, and its events of that."""
    client = bench.site.client(role)
    messages = posted_messages(journal_since(client, bench.part(Watched).begin[role]))
    site = site_as_shown(client)
    keys = [message.data.business_key for _, message in messages]
    return messages, site, events_about(client, site, keys)


@then("after delivery both systems hold the events of every transaction, each once")
def both_hold_events(bench: Bench, datatable: list[list[str]]) -> None:
    """By the judge's mapping of the journalled messages, and by the table of the scenario."""
    bench.deliver()
    for role in Role:
        _holds_events(bench, role, datatable)


@then("MES holds the events of every transaction, each once")
def mes_holds_events(bench: Bench, datatable: list[list[str]]) -> None:
    """The same of the receiver alone."""
    _holds_events(bench, Role.MES, datatable)


@then("neither system holds a new event")
def no_new_event(bench: Bench) -> None:
    """By the number of all events."""
    for role in Role:
        grown = _grown(bench, role)
        bench.recorder.observe(f"{role.upper()}: {grown} new events")
        equal(grown, 0, f"new events of {role.upper()}")


def _grown(bench: Bench, role: Role) -> int:
    shown = bench.site.client(role).ask("event-repository", EventRepository)
    return shown.events - bench.part(Watched).begin[role].events


def _holds_events(bench: Bench, role: Role, table: list[list[str]]) -> None:
    messages, site, kept = told_since(bench, role)
    holds(bool(messages), f"{role.upper()} has posted nothing")
    faults = discrepancies(messages, site, kept)
    bench.recorder.observe(
        f"{role.upper()}: {len(messages)} messages, {len(kept)} events, "
        f"{len(faults)} discrepancies"
    )
    holds(not faults, f"{role.upper()}: {len(faults)}, the first: {'; '.join(faults[:3])}")
    equal(_grown(bench, role), len(kept), f"all new events of {role.upper()}")
    for name in dict.fromkeys(row[0] for row in table[1:]):
        wanted = [tuple(row[1:]) for row in table[1:] if row[0] == name]
        equal(_shown_of(messages, site, kept, name), wanted, f"events of {name}")


def _shown_of(messages: list[Message], site: Site, kept: list[Event], name: str) -> list[Row]:
    """Type, action, step and disposition of the events of the last message of a name."""
    keys = [message.data.business_key for told, message in messages if told == name]
    holds(bool(keys), f"no {name} was posted")
    paper = site.paper(keys[-1])
    return [
        (event.type, *(event.members.get(member, "-")
                       for member in ("action", "bizStep", "disposition")))
        for event in kept
        if event.members["bizTransactionList"][-1]["bizTransaction"] == paper
    ]


# --- form and ids -------------------------------------------------------------------------------


@then("after delivery the events of both systems have no fault by the rules of EPCIS and CBV")
def events_are_valid(bench: Bench) -> None:
    """Written as a document and judged by the harness's own rules."""
    bench.deliver()
    for role in Role:
        _, _, kept = told_since(bench, role)
        raw = write_document(map(_without_record_time, kept), created=bench.now)
        found = lint_epcis(raw, now=bench.now)
        errors = [str(each) for each in found if each.severity is Severity.ERROR]
        bench.recorder.observe(f"{role.upper()}: {len(kept)} events, {len(errors)} errors")
        holds(bool(kept), f"{role.upper()} tells of nothing")
        holds(not errors, f"{role.upper()}: {'; '.join(errors[:3])}")


@then("each has an id of its own, which is the hash of what it says")
def ids_are_hashes(bench: Bench) -> None:
    """Computed anew from the event as it was shown."""
    for role in Role:
        _, _, kept = told_since(bench, role)
        ids = [event.event_id for event in kept]
        equal(len(set(ids)), len(ids), f"different ids in {role.upper()}")
        equal(ids, [event_hash(event) for event in kept], f"ids in {role.upper()}")


@then("each system finds the pallet in 2 events, and the first serial of case 1 in 2")
def finds_pallet_and_serial(bench: Bench) -> None:
    """Put together and shipped; commissioned and packed."""
    packed = bench.part(PackingOnBench)
    pallet = unit_uri(Sscc(packed.pallets["the pallet"]))
    serial = item_uri(bench.namespace.gtin(PRODUCT), SerialNumber(packed.cases["1"].serials[0]))
    for role in Role:
        client = bench.site.client(role)
        told = [
            [event.members["bizStep"] for event in query(client, match_any_epc=(uri,))]
            for uri in (pallet, serial)
        ]
        bench.recorder.observe(f"{role.upper()}: pallet {told[0]}, serial {told[1]}")
        wanted = [["packing", "shipping"], ["commissioning", "packing"]]
        equal(told, wanted, f"steps of pallet and serial in {role.upper()}")


def _without_record_time(event: Event) -> Event:
    members = {name: value for name, value in event.members.items() if name != "recordTime"}
    return replace(event, members=members)


# --- times --------------------------------------------------------------------------------------


@then(parsers.re(
    r"each event shows (?P<clock>[0-9]{2}:[0-9]{2}) with the offset (?P<offset>\S+), "
    r"and was recorded then"
))
def shows_local_time(bench: Bench, clock: str, offset: str) -> None:
    """Local time, its offset twice, and an instant of recording that is not before it."""
    for role in Role:
        shown = bench.site.client(role).ask("event-repository", EventRepository)
        limit = timedelta(seconds=shown.event_time_ahead_max_s)
        _, _, kept = told_since(bench, role)
        holds(bool(kept), f"{role.upper()} tells of nothing")
        for event in kept:
            said = event.members
            local = (said["eventTime"][11:16], said["eventTime"][-6:], said["eventTimeZoneOffset"])
            equal(local, (clock, offset, offset), f"local time in {role.upper()}")
            recorded = read_timestamp(said.get("recordTime", ""))
            happened = read_timestamp(said["eventTime"])
            holds(recorded >= happened - limit, f"recorded at {recorded}, before {happened}")
            equal(recorded, bench.now, f"record time in {role.upper()}")
        bench.recorder.observe(f"{role.upper()}: {len(kept)} events at {clock} {offset}")


@then("each is found by its time of event and of record, and not a moment before or after")
def found_by_time(bench: Bench) -> None:
    """From its instant on, and no more from a microsecond later; up to it, and not before."""
    moment = timedelta(microseconds=1)
    for role in Role:
        _, _, kept = told_since(bench, role)
        papers = tuple({e.members["bizTransactionList"][-1]["bizTransaction"] for e in kept})
        for kind in ("event", "record"):
            found = [
                len(query(bench.site.client(role), eq_biz_transaction=papers, **{name: at}))
                for name, at in (
                    (f"ge_{kind}_time", bench.now), (f"ge_{kind}_time", bench.now + moment),
                    (f"lt_{kind}_time", bench.now), (f"lt_{kind}_time", bench.now + moment),
                )
            ]
            bench.recorder.observe(f"{role.upper()}, {kind} time: {found}")
            equal(found, [len(kept), 0, 0, len(kept)], f"found by {kind} time")


@when(parsers.re(
    r"the WMS counterpart sends a count that happens (?P<seconds>[0-9]+) seconds ahead"
))
def sends_count_ahead(bench: Bench, seconds: str) -> None:
    """A fact whose sender's clock is wrong."""
    lot, names = bench.lots["A"], bench.namespace
    amount = NonNegativeQuantity(value=lot.quantity, unit=UNIT)
    payload = CountCompleted(
        count_id=Id(bench.new_id("COUNT")), location_id=Id(names.id(STORAGE)),
        container=lot.container, material_id=Id(names.id(ITEM)), lot_id=Id(lot.lot_id),
        book=amount, counted=amount, difference=amount - amount,
        counted_by=bench.person_id("the counter"), station=Id("HANDHELD-1"),
        counted_at=bench.now + timedelta(seconds=int(seconds)),
    )
    subject = f"container/{lot.container}"
    draft = bench.counterpart(Role.MES).draft("count-completed", payload, subject, bench.now)
    bench.send(Role.MES, draft, payload.count_id)


@then(parsers.re(r"MES has raised the alarm (?P<name>EVENT_[A-Z_]+) about the count"))
def alarm_about_event(bench: Bench, name: str) -> None:
    """Exactly one alarm names the fact."""
    has_raised(bench, Role.MES, name, bench.last.event)


# --- the judge itself ---------------------------------------------------------------------------


@when("a copy of the events of WMS is damaged in every one of these ways")
def damages_copies(bench: Bench, datatable: list[list[str]]) -> None:
    """Each damage by itself, on a copy of its own."""
    messages, site, kept = told_since(bench, Role.WMS)
    watched = bench.part(Watched)
    watched.whole = discrepancies(messages, site, kept)
    for (damage,) in datatable[1:]:
        watched.found[damage] = discrepancies(messages, site, _DAMAGES[damage](kept))


@then("each damaged copy is found, and the whole one has no fault")
def damages_are_found(bench: Bench) -> None:
    """A judge that overlooks one of them judges nothing."""
    watched = bench.part(Watched)
    equal(watched.whole, [], "faults of the whole copy")
    holds(bool(watched.found), "nothing was damaged")
    for damage, faults in watched.found.items():
        bench.recorder.observe(f"{damage}: {'; '.join(faults)}")
        holds(bool(faults), f"{damage} was not found")


def _again(event: Event, **changes: Any) -> Event:
    """The event with other content, under the hash of that."""
    other = replace(event, members={**event.members, **changes})
    return replace(other, members={**other.members, "eventID": event_hash(other)})


def _other_amount(events: list[Event]) -> list[Event]:
    n = next(n for n, event in enumerate(events) if "quantityList" in event.members)
    (amount,) = events[n].members["quantityList"]
    changed = {**amount, "quantity": amount["quantity"] + Decimal("0.001")}
    return [*events[:n], _again(events[n], quantityList=[changed]), *events[n + 1:]]


def _renamed(events: list[Event]) -> list[Event]:
    members = {**events[0].members, "eventID": "urn:uuid:5f0e0b6e-0a35-4b34-a3d4-6a3f8c0c1d11"}
    return [replace(events[0], members=members), *events[1:]]


_DAMAGES: dict[str, Callable[[list[Event]], list[Event]]] = {
    "an event missing": lambda events: events[1:],
    "an event doubled": lambda events: [*events, events[0]],
    "an event under another id": _renamed,
    "another step": lambda events: [_again(events[0], bizStep="stocking"), *events[1:]],
    "another offset": lambda events: [
        _again(events[0], eventTimeZoneOffset="+00:00"), *events[1:]],
    "another amount": _other_amount,
    "an event of no transaction": lambda events: [*events, _again(events[0], readPoint={
        "id": "https://example.com/elsewhere"})],
}
