"""Trails: both systems' exports merged, held against the judge's own reckoning of their order."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

from pytest_bdd import parsers, then

from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal, holds
from features.steps.dispensing import AtTheScale
from features.steps.labels import PackingOnBench
from features.steps.quality import QualityOnBench
from features.steps.words import LETTER
from simulator.trail import About, Entry, Kind, Trail, TrailExports, read_exports, trail_of


@dataclass
class TrailOnBench:
    """The exports of the scenario, read once."""

    exports: TrailExports | None = None


@then(parsers.re(
    rf"the trails of lot {LETTER}, its container and the batch of lot (?P<made>[A-Z]) are whole, "
    "and their order is proven"
))
def trails_are_whole(bench: Bench, letter: str, made: str) -> None:
    """No link is missing, and every entry comes after what it follows."""
    for about in (_lot(bench, letter), _container(bench, letter), _batch(bench, made)):
        trail = _trail(bench, about)
        bench.recorder.observe(f"{about.kind} {about.id}: {len(trail.entries)} entries")
        holds(bool(trail.entries), f"the trail of {about.kind} {about.id} is empty")
        equal(trail.missing, (), f"missing links of {about.kind} {about.id}")
        equal(_disorder(trail.entries), [], f"entries out of order of {about.kind} {about.id}")


@then(parsers.re(
    rf"the trail of lot {LETTER} holds audit, journal and device events, of both systems"
))
def holds_all_sources(bench: Bench, letter: str) -> None:
    """Each source is there; what was weighed names its scale."""
    trail = _trail(bench, _lot(bench, letter))
    found = {(entry.role, entry.source) for entry in trail.entries}
    bench.recorder.observe(", ".join(sorted(f"{role} {source}" for role, source in found)))
    wanted = {(role, source) for role in Role for source in ("audit", "journal")}
    holds(wanted <= found, f"sources that the trail lacks: {wanted - found}")
    devices = {d for e in trail.entries if e.source == "device" for d in e.row["devices"]}
    equal(devices, {bench.part(AtTheScale).scale}, "devices of the lot")


@then(parsers.re(
    rf"the trail of the batch of lot {LETTER} leads to its record, the deviation and the action"
))
def leads_to(bench: Bench, letter: str) -> None:
    """By their ids."""
    about, kept = _batch(bench, letter), bench.part(QualityOnBench)
    linked = _trail(bench, about).linked
    bench.recorder.observe(str(linked))
    equal(linked["batchRecords"], [about.id], "batch records")
    equal(linked["deviations"], [kept.deviation_id], "deviations")
    equal(linked["capas"], [kept.capa_id], "actions")


@then(parsers.re(
    rf"the trail of the batch of lot {LETTER}, without any one of these, names what is missing"
))
def names_what_is_missing(bench: Bench, letter: str, datatable: list[list[str]]) -> None:
    """Each is taken out of a copy; the whole has nothing to report."""
    about = _batch(bench, letter)
    whole = _trail(bench, about)
    equal(whole.missing, (), "what is missing of the whole")
    for (what,) in datatable[1:]:
        damaged = copy.deepcopy(_exports(bench))
        name = _TAKEN[what](bench, damaged, whole)
        missing = trail_of(damaged, about).missing
        bench.recorder.observe(f"without {what}: {'; '.join(missing)}")
        named = [sentence for sentence in missing if name in sentence]
        holds(bool(named), f"without {what} ({name}) the trail reports: {missing}")


# --- what is taken out --------------------------------------------------------------------------


def _take_audit(bench: Bench, exports: TrailExports, whole: Trail) -> str:
    entry = next(e for e in whole.entries if e.role is Role.WMS and e.source == "audit")
    rows = exports.rows(Role.WMS, "audit")
    rows[:] = [row for row in rows if row["sequence"] != entry.number]
    return f"entry {entry.number} of the audit trail of WMS"


def _take_last_audit(_: Bench, exports: TrailExports, __: Trail) -> str:
    gone = exports.rows(Role.MES, "audit").pop()
    return f"to {gone['sequence']} of the audit trail of MES"


def _take_row(_: Bench, exports: TrailExports, whole: Trail) -> str:
    entry = next(e for e in whole.entries if e.role is Role.MES and e.source == "journal")
    rows = exports.rows(Role.MES, "journal")
    rows[:] = [row for row in rows if row["position"] != entry.number]
    return f"{entry.number}" if entry.number > 1 else "rows 1 to 1"


def _take_last_row(_: Bench, exports: TrailExports, __: Trail) -> str:
    gone = exports.rows(Role.WMS, "journal").pop()
    return f"up to {gone['position']}"


def _take_message(kind: str, direction: str) -> Callable[[Bench, TrailExports, Trail], str]:
    def take(_: Bench, exports: TrailExports, whole: Trail) -> str:
        entry = next(
            e for e in whole.entries if e.source == "journal"
            and (e.row["kind"], e.row["direction"]) == (kind, direction)
        )
        rows = exports.rows(entry.role, "journal")
        rows[:] = [row for row in rows if row["position"] != entry.number]
        return f"message {entry.row['key']}"
    return take


def _take_scale(bench: Bench, exports: TrailExports, _: Trail) -> str:
    scale = bench.part(AtTheScale).scale
    rows = exports.rows(Role.MES, "equipment")
    rows[:] = [row for row in rows if row["equipmentId"] != scale]
    return f"scale {scale}"


def _take_deviation(bench: Bench, exports: TrailExports, _: Trail) -> str:
    name = bench.part(QualityOnBench).deviation_id
    rows = exports.rows(Role.MES, "deviations")
    rows[:] = [row for row in rows if row["deviationId"] != name]
    return f"deviation {name}"


def _take_action(bench: Bench, exports: TrailExports, _: Trail) -> str:
    name = bench.part(QualityOnBench).capa_id
    rows = exports.rows(Role.MES, "capas")
    rows[:] = [row for row in rows if row["capaId"] != name]
    return f"action {name}"


def _take_weighing(_: Bench, exports: TrailExports, whole: Trail) -> str:
    entry = next(e for e in whole.entries if e.row.get("recordType") == "weighings")
    rows = exports.rows(Role.MES, "audit")
    rows[:] = [row for row in rows if row["sequence"] != entry.number]
    return f"weighing {entry.row['recordId']}"


_TAKEN: dict[str, Callable[[Bench, TrailExports, Trail], str]] = {
    "an entry of an audit trail": _take_audit,
    "the last entry of an audit trail": _take_last_audit,
    "a row of a journal": _take_row,
    "the last row of a journal": _take_last_row,
    "a message as it was received": _take_message("message", "received"),
    "a message as it was sent": _take_message("message", "sent"),
    "an answer": _take_message("answer", "sent"),
    "the scale": _take_scale,
    "the deviation": _take_deviation,
    "the action": _take_action,
    "the entry of a weighing": _take_weighing,
}


# --- how it is read -----------------------------------------------------------------------------


def _disorder(entries: tuple[Entry, ...]) -> list[str]:
    """What stands before its own cause, by the judge's reckoning; nothing: the order holds."""
    found, last, sent, received = [], dict[tuple[Role, str], int](), set(), set()
    for entry in entries:
        row, stream = entry.row, "journal" if entry.source == "journal" else "audit"
        here = f"{entry.role} {stream} {entry.number}"
        if last.get((entry.role, stream), 0) >= entry.number:
            found.append(f"{here} stands after a later one of its system")
        last[(entry.role, stream)] = entry.number
        if stream == "audit":
            words = row["reason"].split(" ")
            if words[0] == "message" and (entry.role, words[1]) not in received:
                found.append(f"{here} stands before its message")
        elif (row["kind"], row["direction"]) == ("message", "sent"):
            sent.add((entry.role, row["key"]))
        elif (row["kind"], row["direction"]) == ("message", "received"):
            received.add((entry.role, row["key"]))
            if (entry.role.partner, row["key"]) not in sent:
                found.append(f"{here} was received before it was sent")
    return found


def _exports(bench: Bench) -> TrailExports:
    traced = bench.part(TrailOnBench)
    if traced.exports is None:
        traced.exports = read_exports(bench.sut, bench.part(PackingOnBench).orders["P"])
    return traced.exports


def _trail(bench: Bench, about: About) -> Trail:
    return trail_of(_exports(bench), about)


def _lot(bench: Bench, letter: str) -> About:
    return About(Kind.LOT, bench.lots[letter].lot_id)


def _container(bench: Bench, letter: str) -> About:
    return About(Kind.CONTAINER, str(bench.lots[letter].container))


def _batch(bench: Bench, letter: str) -> About:
    return About(Kind.BATCH, bench.part(PackingOnBench).orders[letter])
