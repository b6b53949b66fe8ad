"""Trails of many rows: as many on paper as in JSON and CSV, nothing cut, and quick enough."""

from __future__ import annotations

import csv
import json
import time

import pytest
from sqlalchemy import insert

from contracts.model.roles import Role
from gxproof.in_process import InProcessPair
from gxproof.trail import Wanted, trail_document, write_trail
from reference_impl.store.database import Statement
from reference_impl.store.tables import audit
from reports.completeness import DocumentIncomplete, read_back
from reports.long_list import ListText, print_list
from reports.trail import entries_shown, print_trail, told
from simulator.trail.tables import NoSuchColumn, found_in, sorted_by

ENTRY = Statement(insert(audit))


def entry(order, **changed):
    return {
        "order": order, "system": "wms", "source": "audit", "number": order, "follows": [],
        "at": "2026-03-30T09:00:00.000000+02:00", "action": "change", "recordType": "lots",
        "recordId": "LOT-1", "field": "status", "oldValue": "A", "newValue": "B",
        "reason": "change-lot-status CH-1: because", "account": f"P-{order % 3}",
        "originator": "P-1", "role": "quality", "station": "ST-1", "sourceSystem": "urn:mes",
        "correlationId": "CH-1",
    } | changed


def document(*entries):
    return {"about": {"kind": "lot", "id": "LOT-1"}, "missing": [], "entries": list(entries)}


def test_every_entry_stands_on_paper_whole_and_in_its_order():
    long = "word " * 400 + "x" * 900
    strange = "Ωμέγα ∑ \u200b \x00 日本 \N{GRINNING FACE} (back\\slash)"
    given = document(*(entry(n, reason=(long, strange, "short")[n % 3]) for n in range(1, 200)))
    pdf = print_trail(given, json.dumps(given).encode())
    assert entries_shown(pdf, given) == 199
    assert len(read_back(pdf).pages) > 5
    assert print_trail(given, json.dumps(given).encode()) == pdf


def test_an_entry_that_is_missing_on_paper_is_found():
    whole = document(*(entry(n) for n in range(1, 100)))
    text = ListText("Trail", (), "foot")
    pdf = print_list(text, [told(one) for one in whole["entries"] if one["order"] != 50])
    assert entries_shown(pdf, whole) == 49


def test_a_document_that_is_not_whole_is_not_handed_out(monkeypatch):
    monkeypatch.setattr("reports.trail.entries_shown", lambda *_: 0)
    with pytest.raises(DocumentIncomplete, match="0 of 1 entries"):
        print_trail(document(entry(1)), b"{}")


def test_a_trail_is_searched_and_sorted_and_keeps_its_numbers():
    given = document(*(entry(n) for n in (1, 2, 3, 4)), entry(5, reason="The MARKED one"))
    assert [one["order"] for one in found_in(given, "marked")["entries"]] == [5]
    by_account = sorted_by(given, "account")["entries"]
    assert [one["account"] for one in by_account] == ["P-0", "P-1", "P-1", "P-2", "P-2"]
    with pytest.raises(NoSuchColumn, match="there are order, system"):
        sorted_by(given, "colour")


def within(tmp_path, rows):
    """A whole export of so many rows. Returns: CPU seconds of systems and tool together."""
    pair = InProcessPair(1, tmp_path)
    try:
        for role in Role:
            _fill(pair._systems[role], rows // 2)
        begun = time.process_time()
        found = trail_document(pair, Wanted("", "lot", "LOT-1", tmp_path / "out"))
        write_trail(tmp_path / "out", found)
        taken = time.process_time() - begun
    finally:
        pair.close()
    raw = (tmp_path / "out" / "trail.json").read_bytes()
    with (tmp_path / "out" / "trail.csv").open(encoding="utf-8", newline="") as table:
        in_csv = sum(1 for _ in csv.reader(table)) - 1
    written = json.loads(raw)
    on_paper = entries_shown((tmp_path / "out" / "trail.pdf").read_bytes(), written)
    assert len(written["entries"]) == in_csv == on_paper == rows
    return taken


def _fill(system, rows):
    with system.database.transaction() as connection:
        for number in range(1, rows + 1):
            connection.run(
                ENTRY, sequence=number, at="2026-03-30T09:00:00.000000+02:00", action="change",
                record_type="lots", record_id="LOT-1", field="status", old_value="RELEASED",
                new_value="BLOCKED", reason=f"change-lot-status CH-{number}: a seal is broken",
                account="EX-QUAL", originator="EX-QUAL", role="quality", station="QUALITY-1",
                source_system=system.settings.system, correlation_id=f"CH-{number}",
            )


def test_two_thousand_rows_are_as_many_in_each_form(tmp_path):
    assert within(tmp_path, 2_000) < 10


@pytest.mark.long
def test_a_hundred_thousand_rows_take_less_than_a_minute(tmp_path):
    taken = within(tmp_path, 100_000)
    print(f"100,000 rows took {taken:.1f} s of CPU")
    assert taken < 60
