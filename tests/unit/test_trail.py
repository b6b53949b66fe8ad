"""Trails: the order that numbers and messages prove, whatever the clocks say; what is missing."""

import csv
import io
import random

import pytest

from contracts.model.roles import Role
from contracts.record.digests import digest_of, sha256
from simulator.trail import About, Kind, TrailExports, trail_of
from simulator.trail.tables import COLUMNS, csv_of

LOT = About(Kind.LOT, "LOT-1")
MES, WMS = Role.MES, Role.WMS


def entry(sequence, at, **changed):
    return {
        "sequence": sequence, "at": at, "action": "change", "recordType": "lots",
        "recordId": "LOT-1", "field": "status", "oldValue": "A", "newValue": "B",
        "reason": "change-lot-status CH-1: because", "account": "P-1", "originator": "P-1",
        "role": "quality", "station": "ST-1", "sourceSystem": "urn:mes", "correlationId": "CH-1",
    } | changed


def journal(role, *documents):
    rows, before = [], "0" * 64
    for position, (at, direction, kind, key) in enumerate(documents, 1):
        body = b'{"data":{"lotId":"LOT-1"}}'
        row = {
            "position": position, "at": at, "direction": direction, "kind": kind,
            "operation": "wms/lot-status-changed", "partner": "urn:example:p", "key": key,
            "bodySha256": sha256(body), "previousHash": before,
        }
        before = digest_of(row)
        rows.append({**row, "hash": before, "body": "eyJkYXRhIjp7ImxvdElkIjoiTE9ULTEifX0="})
    return {"rows": rows, "lastPosition": len(rows)}


def audit(*rows):
    return {"rows": list(rows), "lastSequence": len(rows)}


def exports(mes_at="09:00:00", wms_at="09:00:01"):
    """One change in MES, told to the warehouse, entered there."""
    early, late = (f"2026-03-30T{at}.000000+02:00" for at in (mes_at, wms_at))
    found = TrailExports()
    found.shown[(MES, "audit")] = audit(entry(1, early))
    found.shown[(WMS, "audit")] = audit(entry(1, late, reason="message M-1"))
    found.shown[(MES, "journal")] = journal(
        MES, (early, "sent", "message", "M-1"), (early, "received", "answer", "M-1")
    )
    found.shown[(WMS, "journal")] = journal(
        WMS, (late, "received", "message", "M-1"), (late, "sent", "answer", "M-1")
    )
    return found


def order_of(trail):
    return [(e.role.value, e.source, e.number) for e in trail.entries]


@pytest.mark.parametrize("wms_at", ["09:00:01", "08:00:00"])
def test_what_was_caused_stands_behind_its_cause_also_when_clocks_differ(wms_at):
    trail = trail_of(exports(wms_at=wms_at), LOT)
    order = order_of(trail)
    assert trail.missing == ()
    assert len(order) == 6
    sent, came = order.index(("mes", "journal", 1)), order.index(("wms", "journal", 1))
    assert sent < came < order.index(("wms", "audit", 1))
    entered = next(e for e in trail.entries if (e.role, e.source) == (WMS, "audit"))
    assert entered.follows == ("wms journal 1",)


def test_the_order_of_the_rows_in_an_export_changes_nothing():
    whole = exports()
    turned = exports()
    for content in turned.shown.values():
        if content["rows"] and "sequence" in content["rows"][0]:
            random.Random(1).shuffle(content["rows"])
    assert order_of(trail_of(turned, LOT)) == order_of(trail_of(whole, LOT))


@pytest.mark.parametrize(("role", "name", "sentence"), [
    (WMS, "journal", "message M-1, sent by MES, is not in the journal of WMS"),
    (MES, "journal", "message M-1, received by WMS, is not in the journal of MES"),
    (WMS, "audit", "entries 1 to 1 of the audit trail of WMS are missing"),
])
def test_an_export_without_its_rows_is_reported(role, name, sentence):
    damaged = exports()
    damaged.shown[(role, name)]["rows"] = []
    assert sentence in trail_of(damaged, LOT).missing


def test_a_changed_journal_row_is_reported():
    damaged = exports()
    damaged.shown[(MES, "journal")]["rows"][0]["key"] = "M-2"
    assert any("journal of MES: row 1" in one for one in trail_of(damaged, LOT).missing)


def test_csv_and_json_have_the_same_rows():
    document = trail_of(exports(), LOT).to_json()
    rows = list(csv.DictReader(io.StringIO(csv_of(document))))
    assert len(rows) == len(document["entries"]) == 6
    assert tuple(rows[0]) == COLUMNS
    assert [int(row["order"]) for row in rows] == [e["order"] for e in document["entries"]]
    assert [row["recordId"] for row in rows if row["source"] == "audit"] == ["LOT-1", "LOT-1"]


def test_another_lot_is_not_in_the_trail():
    whole = exports()
    whole.shown[(MES, "audit")]["rows"].append(
        entry(2, "2026-03-30T09:00:02.000000+02:00", recordId="LOT-10")
    )
    whole.shown[(MES, "audit")]["lastSequence"] = 2
    assert len(trail_of(whole, LOT).entries) == 6
