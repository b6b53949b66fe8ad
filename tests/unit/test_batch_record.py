"""Batch records: what they lack, what they come to, and how they look on paper."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.batch_records import EntryKind, MasterRecord
from contracts.model.inspection_batch import BatchRecord
from contracts.model.quantities import Quantity, Unit
from reference_impl.domain.batch_records import missing_of, percent_of, within_limits
from reports.batch_record import ATTACHED, NotABatchRecord, print_batch_record, shortcomings
from reports.completeness import read_back

AT = "2026-03-30T09:00:00.000000+02:00"
SIGNATURE = {"signatureId": "SIG-1", "personId": "EX-QUAL", "printedName": "Example Quality",
             "role": "quality", "meaning": "Approved", "signedAt": AT}
MASTER = {
    "recordId": "MASTER-1", "version": 7, "theoreticalYield": {"value": "4", "unit": "C62"},
    "steps": [{"stepId": "MIX", "title": "Mix for an hour"}],
    "tests": [{"testId": "HARDNESS", "title": "Hardness", "low": {"value": "1", "unit": "C62"},
               "high": {"value": "5", "unit": "C62"}}],
    "signature": SIGNATURE,
}
ENTRY = {"entryId": "ENTRY-1", "kind": "STEP", "item": "MIX", "text": "Mixed <b>well</b> & long",
         "startedAt": AT, "endedAt": AT, "equipmentId": "MIXER-1", "performedBy": "EX-PROD",
         "checkedBy": "EX-PACK", "signatureId": "SIG-2", "recordedAt": AT}
EMPTY = {"orderId": "PO-1", "bomId": "BOM-1", "bomVersion": 3, "masterRecord": MASTER, "entries": [],
         "components": [], "packed": [], "samples": [], "labels": [], "deviations": [],
         "missing": [{"element": "STEP", "what": "MIX Mix for an hour"}],
         "obstacles": ["batch record of PO-1 is not completed"]}


def raw(**members):
    return json.dumps({**EMPTY, **members}).encode()


def test_what_an_empty_record_lacks_is_named_in_the_order_of_the_regulation():
    record = BatchRecord.from_json(EMPTY)
    named = [one.element.value for one in missing_of(record, {"10": "LACTOSE"})]
    assert named == [
        "STEP", "IN_PROCESS_RESULT", "LINE_CLEARANCE", "CONTAINER_CLOSURE", "SAMPLING",
        "EXAMINATION", "COMPONENT", "YIELD", "LABEL_SPECIMEN", "LABEL_RECONCILIATION",
    ]


def test_a_record_on_paper_lacks_nothing_here():
    content = {name: value for name, value in EMPTY.items() if name != "masterRecord"}
    assert list(missing_of(BatchRecord.from_json(content), {"10": "LACTOSE"})) == []


@pytest.mark.parametrize(("result", "within"), [
    ("0.999999", False), ("1", True), ("5", True), ("5.000001", False),
])
def test_both_limits_are_within(result, within):
    master = MasterRecord.from_json(MASTER)
    shown = within_limits(
        EntryKind.IN_PROCESS_RESULT, "HARDNESS", Quantity.of(f"{result} C62"), master
    )
    assert shown is within


@given(st.integers(0, 10**15 - 1), st.integers(1, 10**15 - 1))
def test_a_percentage_is_the_exact_share_to_its_last_digit(good, theoretical):
    percent = percent_of(
        Quantity(value=Decimal(good), unit=Unit.EACH),
        Quantity(value=Decimal(theoretical), unit=Unit.EACH),
    )
    if good >= theoretical * 10**4:
        assert percent is None
        return
    # In hundredths of a percent, with integers alone: never off by more than a half.
    hundredths = int(percent.scaleb(2))
    assert abs(hundredths * theoretical - good * 10_000) * 2 <= theoretical


def test_the_paper_shows_everything_and_carries_the_record():
    content = raw(entries=[ENTRY])
    pdf = print_batch_record(content)
    printed = read_back(pdf)
    assert "Mixed<b>well</b>&long" in printed.text
    assert printed.attachments == {ATTACHED: content}
    assert print_batch_record(content) == pdf


def test_a_paper_that_conceals_something_is_noticed():
    pdf = print_batch_record(raw(entries=[ENTRY]))
    more = raw(entries=[ENTRY, {**ENTRY, "entryId": "ENTRY-2", "text": "Cleaned"}])
    found = list(shortcomings(pdf, BatchRecord.from_json(json.loads(more)), more))
    assert "does not show entry ENTRY-2" in found
    assert "does not show text Cleaned" in found
    assert "does not carry the record itself" in found


@pytest.mark.parametrize(("content", "why"), [
    (b"", "no JSON document"), (b"{}", "no batch record: orderId"), (b"[" * 5000, "no JSON"),
    (b'{"orderId": "PO-1", "orderId": "PO-2"}', "no JSON"),
])
def test_what_is_no_batch_record_is_refused(content, why):
    with pytest.raises(NotABatchRecord, match=why):
        print_batch_record(content)


def test_the_command_prints_one_and_refuses_another(tmp_path):
    gxproof = str(Path(sys.executable).with_name("gxproof"))
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(raw(entries=[ENTRY]))
    bad.write_bytes(b"{}")
    out = tmp_path / "record.pdf"
    done = subprocess.run([gxproof, "batch-record", good, "--out", out], capture_output=True, check=False)
    assert (done.returncode, out.read_bytes()[:5]) == (0, b"%PDF-")
    done = subprocess.run([gxproof, "batch-record", bad, "--out", out], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "orderId" in done.stderr
    assert "Traceback" not in done.stderr
    done = subprocess.run(
        [gxproof, "batch-record", tmp_path / "none.json", "--out", out], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
