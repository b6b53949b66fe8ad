"""The audit trail: complete entries, once, by the right hand; earlier values in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pytest_bdd import parsers, then, when

from contracts.model.inspection import AuditAction, AuditRow, Version
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from features.audit_trail import about_records, faults_of, records_of
from features.bench import PEOPLE, Bench
from features.claims import equal, holds
from features.snapshots import growth, take_picture
from features.steps.lot_status import decide
from features.steps.words import LETTER

_SYSTEM = r"(?P<system>MES|WMS)"
_PERSON = r"(?P<person>production|quality|the picker)"


@then("both audit trails, replayed over what was there before, give what is there now")
def replayed_trails_give_now(bench: Bench) -> None:
    """Each change has its entry with old and new value, and each entry its change."""
    assert bench.before is not None
    now = take_picture(bench.site)
    for role in Role:
        entries = growth(bench.site, bench.before, role).audit
        faults = faults_of(records_of(bench.before, role), entries, records_of(now, role))
        bench.recorder.observe(f"{role.upper()}: {_counted(entries)}")
        holds(not faults, f"audit trail of {role.upper()}: {'; '.join(faults)}")


@then(parsers.re(rf"the {_SYSTEM} has entered (?P<actions>a .+)"))
def has_entered(bench: Bench, system: str, actions: str) -> None:
    """Which kinds of entries about records there are, so that the replay had something to do."""
    wanted = {word for word in actions.replace(",", " ").split() if word not in ("a", "and")}
    found = {entry.action.value for entry in _about(bench, system)}
    bench.recorder.observe(f"{system}: {', '.join(sorted(found))}")
    equal(found, wanted, f"kinds of entries of the {system}")


@then(parsers.re(
    rf"each entry of the {_SYSTEM} names {_PERSON}, the duty in use, the station and the command"
))
def names_the_person(bench: Bench, system: str, person: str) -> None:
    """By whom, in which duty, where, by which command."""
    name, duty, _, station = PEOPLE[person]
    account = bench.namespace.id(name)
    for entry in _about(bench, system):
        by = (entry.account, entry.originator, entry.role, entry.station)
        equal(by, (account, account, duty.value, station), f"entry {entry.sequence} is by")
        named = bench.last.event in entry.reason or bench.last.key in entry.reason
        holds(named, f"entry {entry.sequence} names no command: {entry.reason!r}")
    bench.recorder.observe(f"{system}: by {account} as {duty} at {station}")


@then(parsers.re(
    rf"each entry of the {_SYSTEM} names the (?:MES|WMS) for {_PERSON}, the station "
    r"and the message"
))
def names_system_and_person(bench: Bench, system: str, person: str) -> None:
    """Which system posted it, for which person at the origin, by which message."""
    assert bench.before is not None
    role = Role(system.lower())
    name, _, _, station = PEOPLE[person]
    partner = bench.site.client(role.partner).ask("version", Version).system
    journal = growth(bench.site, bench.before, role).journal
    received = [row.key for row in journal if row.kind == "message"]
    for entry in _about(bench, system):
        by = (entry.account, entry.originator, entry.role, entry.station)
        wanted = (partner, bench.namespace.id(name), role.partner.value, station)
        equal(by, wanted, f"entry {entry.sequence} is by")
        named = any(key in entry.reason for key in received)
        holds(named, f"entry {entry.sequence} names no message: {entry.reason!r}")
    bench.recorder.observe(f"{system}: by {partner} for {bench.namespace.id(name)} at {station}")


@then(parsers.re(rf'each entry of the {_SYSTEM} gives the reason "(?P<reason>[^"]*)"'))
def gives_the_reason(bench: Bench, system: str, reason: str) -> None:
    """What the person gave stands in the entry, word for word."""
    for entry in _about(bench, system):
        holds(reason in entry.reason, f"entry {entry.sequence} gives {entry.reason!r}")
        bench.recorder.observe(f"{system} entry {entry.sequence}: {entry.reason}")


@then("every new entry of both audit trails is complete")
def every_entry_is_complete(bench: Bench) -> None:
    """No entry lacks what the requirement names."""
    assert bench.before is not None
    count = 0
    for role in Role:
        rows = growth(bench.site, bench.before, role).audit
        own = bench.site.client(role).ask("version", Version).system
        for row in rows:
            missing = list(_missing(bench, row, own))
            holds(not missing, f"{role.upper()} entry {row.sequence} lacks {', '.join(missing)}")
        bench.recorder.observe(f"{role.upper()}: {len(rows)} new entries, all complete")
        count += len(rows)
    holds(count > 0, "no new entry at all")


# --- earlier values -----------------------------------------------------------------------------


@when(parsers.re(rf"quality decides on lot {LETTER}: (?P<statuses>[A-Z]+(?:, [A-Z]+)*)"))
def quality_decides_one_after_the_other(bench: Bench, letter: str, statuses: str) -> None:
    """One decision after the other about one lot."""
    bench.look("quality")
    bench.attempts.clear()
    for status in statuses.split(", "):
        decide(bench, letter, LotStatus(status))


@then(parsers.re(
    rf"after delivery the history of lot {LETTER} in both systems is (?P<statuses>[A-Z, ]+)"
))
def history_is(bench: Bench, letter: str, statuses: str) -> None:
    """Each earlier value, in its order, out of the entries alone."""
    bench.deliver()
    for role in Role:
        history = _history(_status_entries(bench, letter, role))
        bench.recorder.observe(f"{role.upper()}: {', '.join(history)}")
        equal(history, statuses.split(", "), f"history of lot {letter} in the {role.upper()}")


@then("a copy of the history with any entry taken out or any value changed is found")
def damaged_history_is_found(bench: Bench) -> None:
    """The check of this requirement fails each damaged copy of a history that it passes."""
    bench.deliver()
    for role in Role:
        entries = _status_entries(bench, "B", role)
        whole = _history(entries)
        copies = list(_damaged(entries))
        unseen = [n for n, copy in enumerate(copies) if _history(copy) == whole]
        bench.recorder.observe(f"{role.upper()}: {len(copies) - len(unseen)} of {len(copies)}")
        holds(bool(copies), "there was nothing to damage")
        holds(not unseen, f"damaged copies {unseen} of {role.upper()} pass as {whole}")


def _status_entries(bench: Bench, letter: str, role: Role) -> list[AuditRow]:
    assert bench.before is not None
    lot_id = bench.lots[letter].lot_id
    return [
        row for row in growth(bench.site, bench.before, role).audit
        if (row.record_type, row.record_id, row.field) == ("lots", lot_id, "status")
    ]


def _history(entries: list[AuditRow]) -> list[str]:
    """All values in order, with a gap where an entry does not begin with the value before it."""
    values = [str(entry.old_value) for entry in entries[:1]]
    for entry in entries:
        if values[-1] != entry.old_value:
            values += ["(gap)", str(entry.old_value)]
        values.append(str(entry.new_value))
    return values


def _damaged(entries: list[AuditRow]) -> Iterator[list[AuditRow]]:
    for n, entry in enumerate(entries):
        yield entries[:n] + entries[n + 1:]
        for name in ("old_value", "new_value"):
            yield [*entries[:n], entry.model_copy(update={name: "CLOSED"}), *entries[n + 1:]]


# --- reading ------------------------------------------------------------------------------------


def _about(bench: Bench, system: str) -> list[AuditRow]:
    assert bench.before is not None
    entries = about_records(growth(bench.site, bench.before, Role(system.lower())).audit)
    holds(bool(entries), f"the {system} has no new entry about a record")
    return entries


def _counted(entries: tuple[AuditRow, ...]) -> str:
    counts = Counter(f"{e.action} of {e.record_type}" for e in about_records(entries))
    return ", ".join(f"{n} {what}" for what, n in sorted(counts.items())) or "no entry"


def _missing(bench: Bench, row: AuditRow, own: str) -> Iterator[str]:
    always = {
        "record type": row.record_type, "record id": row.record_id, "reason": row.reason,
        "account": row.account, "originator": row.originator, "role": row.role,
        "station": row.station, "correlation id": row.correlation_id,
    }
    yield from (name for name, value in always.items() if not value.strip())
    if row.action is AuditAction.CHANGE and not row.field:
        yield "the field"
    if row.action is AuditAction.CHANGE and row.old_value is None and row.new_value is None:
        yield "old and new value"
    if row.action is AuditAction.CREATE and row.new_value is None:
        yield "the content"
    if row.at != bench.now or row.at.tzinfo is None:
        yield f"the present instant (it says {row.at})"
    if row.source_system != own:
        yield f"its own system (it says {row.source_system})"
