"""Links of a trail: to messages, devices, batch record, deviations and actions; which are missing.

Each sentence names what is missing and where it is named. Source: URS-AUD-009; 21 CFR 11.10(e).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from contracts.model.inspection import Direction, JournalRow
from contracts.model.roles import Role
from simulator.kpis.journals import JournalBroken, check_whole
from simulator.trail.exports import Row, TrailExports, body_of
from simulator.trail.selecting import About, Selected

# Members of a record that name a device.
_DEVICE_MEMBERS = ("scaleId", "equipmentId", "printerId", "scannerId", "deviceId")


def devices_in(row: Row) -> tuple[str, ...]:
    """The devices that an audit entry of a created record names."""
    value = row.get("newValue")
    if not isinstance(value, str) or not value.startswith("{"):
        return ()
    try:
        content = json.loads(value)
    except ValueError:
        return ()
    return tuple(str(content[name]) for name in _DEVICE_MEMBERS if content.get(name))


def related(exports: TrailExports, about: About, selected: Selected) -> dict[str, list[str]]:
    """Batch records, deviations, actions and devices that the trail leads to, by their ids."""
    deviations = _deviations(exports, selected)
    ids = {row["deviationId"] for row in deviations}
    devices = {d for role in Role for row in selected.audit[role] for d in devices_in(row)}
    record = exports.record
    return {
        "batchRecords": [str(record["orderId"])] if record else [],
        "deviations": sorted(ids),
        "capas": sorted(
            {row["capaId"] for row in exports.rows(Role.MES, "capas")
             if ids & set(row["deviationIds"])}
        ),
        "devices": sorted(devices),
    }


def missing_links(exports: TrailExports, about: About, selected: Selected) -> Iterator[str]:
    """Every link that leads nowhere, in words."""
    for role in Role:
        yield from _gaps(exports, role)
    yield from _messages(exports, selected)
    yield from _causes(exports, selected)
    yield from _devices(exports, selected)
    yield from _actions(exports, selected)
    if exports.record is not None:
        yield from _issues(exports, selected)


def _gaps(exports: TrailExports, role: Role) -> Iterator[str]:
    """Entries that the numbers of a system say are there, and its exports do not show."""
    expected = 1
    for row in exports.rows(role, "audit"):
        while expected < row["sequence"]:
            yield f"entry {expected} of the audit trail of {role.upper()} is missing"
            expected += 1
        expected = row["sequence"] + 1
    last = exports.shown.get((role, "audit"), {}).get("lastSequence", 0)
    if expected <= last:
        yield f"entries {expected} to {last} of the audit trail of {role.upper()} are missing"
    rows = exports.rows(role, "journal")
    if rows and rows[0]["position"] != 1:
        yield f"rows 1 to {rows[0]['position'] - 1} of the journal of {role.upper()} are missing"
    try:
        check_whole(f"the journal of {role.upper()}", map(JournalRow.model_validate, rows))
    except JournalBroken as exc:
        yield str(exc)
    end = exports.shown.get((role, "journal"), {}).get("lastPosition", 0)
    if end > (rows[-1]["position"] if rows else 0):
        yield f"the last rows of the journal of {role.upper()}, up to {end}, are missing"


def _messages(exports: TrailExports, selected: Selected) -> Iterator[str]:
    """Messages that one system sent and the other has not, or without an answer."""
    kinds: dict[tuple[Role, str], dict[str, Row]] = {}
    for role in Role:
        for row in selected.journal[role]:
            found = kinds.setdefault((role, row["key"]), {})
            found.setdefault(f"{row['kind']} {row['direction']}", row)
    for (role, key), found in sorted(kinds.items()):
        other = kinds.get((role.partner, key), {})
        yield from _one_message(role, key, found, other)


def _one_message(
    role: Role, key: str, found: dict[str, Row], other: dict[str, Row]
) -> Iterator[str]:
    sent, received = found.get(f"message {Direction.SENT}"), other.get(
        f"message {Direction.RECEIVED}"
    )
    partner = role.partner.upper()
    if sent and not received:
        yield f"message {key}, sent by {role.upper()}, is not in the journal of {partner}"
    if sent and received and sent["bodySha256"] != received["bodySha256"]:
        yield f"message {key} has other bytes in the journal of {partner} than in its sender's"
    if sent and f"answer {Direction.RECEIVED}" not in found:
        yield f"message {key}, sent by {role.upper()}, has no answer in its journal"
    came = found.get(f"message {Direction.RECEIVED}")
    if came and f"message {Direction.SENT}" not in other:
        yield f"message {key}, received by {role.upper()}, is not in the journal of {partner}"
    if came and f"answer {Direction.SENT}" not in found:
        yield f"message {key}, received by {role.upper()}, has no answer in its journal"


def _causes(exports: TrailExports, selected: Selected) -> Iterator[str]:
    """Messages that an entry or a message names as its cause, and no journal holds."""
    held = {(role, row["key"]) for role in Role for row in exports.rows(role, "journal")}
    keys = {key for _, key in held}
    for role in Role:
        for row in selected.audit[role]:
            words = str(row["reason"]).split(" ")
            if words[0] == "message" and len(words) > 1 and (role, words[1]) not in held:
                yield (f"entry {row['sequence']} of the audit trail of {role.upper()} names "
                       f"message {words[1]}, which its journal does not hold")
        for row in selected.journal[role]:
            body = body_of(row) if row["kind"] == "message" else None
            cause = body.get("causationid") if isinstance(body, dict) else None
            if cause is not None and cause not in keys:
                yield f"message {row['key']} names its cause {cause}, which no journal holds"


def _devices(exports: TrailExports, selected: Selected) -> Iterator[str]:
    """Weighings without an entry, and scales that the register does not know."""
    known = {row["equipmentId"] for row in exports.rows(Role.MES, "equipment")}
    entered = {row["recordId"] for row in selected.audit[Role.MES]
               if row["recordType"] == "weighings"}
    for row in exports.rows(Role.MES, "weighings"):
        if not _is_named(row, selected):
            continue
        if row["dispenseId"] not in entered:
            yield f"weighing {row['dispenseId']} has no entry in the audit trail of MES"
        if row["scaleId"] not in known:
            yield f"weighing {row['dispenseId']} names scale {row['scaleId']}, not in the register"


def _is_named(row: Row, selected: Selected) -> bool:
    values = (row[name] for name in ("dispenseId", "orderId", "lotId", "container",
                                     "sourceContainer", "materialId", "performedBy"))
    return not selected.names.isdisjoint(values)


def _deviations(exports: TrailExports, selected: Selected) -> list[Row]:
    """The deviations that name the thing. MES keeps them, with what followed."""
    return [
        row for row in exports.rows(Role.MES, "deviations")
        if not selected.names.isdisjoint({
            row["deviationId"], row["source"], *row["affectedLots"], *row["affectedOrders"],
        })
    ]


def _actions(exports: TrailExports, selected: Selected) -> Iterator[str]:
    """Deviations and actions that name each other in one direction alone, or not at all."""
    capas = {row["capaId"]: row for row in exports.rows(Role.MES, "capas")}
    deviations = _deviations(exports, selected)
    ids = {row["deviationId"] for row in deviations}
    everywhere = {row["deviationId"] for row in exports.rows(Role.MES, "deviations")}
    for row in deviations:
        for capa_id in row.get("capaIds", ()):
            if capa_id not in capas:
                yield f"deviation {row['deviationId']} names action {capa_id}, which is not there"
    for capa_id, capa in sorted(capas.items()):
        if ids & set(capa["deviationIds"]):
            yield from (f"action {capa_id} names deviation {one}, which is not there"
                        for one in capa["deviationIds"] if one not in everywhere)
    yield from _not_mirrored(exports, deviations)
    yield from _without_creation(selected, deviations)


def _not_mirrored(exports: TrailExports, deviations: Iterable[Row]) -> Iterator[str]:
    """Deviations that the warehouse opened, and MES does not show."""
    shown = {row["deviationId"] for row in deviations}
    named = {str(word) for row in deviations for word in row["affectedLots"]}
    for row in exports.rows(Role.WMS, "deviations"):
        if row["deviationId"] not in shown and named & set(row["affectedLots"]):
            yield f"deviation {row['deviationId']} of WMS is not in MES"


def _without_creation(selected: Selected, deviations: Iterable[Row]) -> Iterator[str]:
    """Deviations that no entry of the audit trail tells of."""
    entered = {row["recordId"] for row in selected.audit[Role.MES]
               if row["recordType"] == "deviations"}
    for row in deviations:
        if row["deviationId"] not in entered:
            yield f"deviation {row['deviationId']} has no entry in the audit trail of MES"


def _issues(exports: TrailExports, selected: Selected) -> Iterator[str]:
    """Components of a batch record without the message that took them out of stock."""
    assert exports.record is not None
    told = {
        str(body["data"].get("issueId"))
        for row in selected.journal[Role.MES]
        if row["operation"].endswith("/material-issued") and row["kind"] == "message"
        and isinstance(body := body_of(row), dict) and isinstance(body.get("data"), dict)
    }
    for component in exports.record["components"]:
        if component["issueId"] not in told:
            yield (f"issue {component['issueId']} of the batch record has no message to the "
                   "warehouse")
    known = {row["deviationId"] for row in exports.rows(Role.MES, "deviations")}
    for deviation in exports.record["deviations"]:
        if deviation["deviationId"] not in known:
            yield f"deviation {deviation['deviationId']} of the batch record is not there"
