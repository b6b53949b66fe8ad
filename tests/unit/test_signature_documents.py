"""Signatures as PDF, CSV and on a terminal: all that 11.50 asks for, and UNSIGNED where none holds."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from contracts.record.digests import digest_of, sha256
from gxproof.cli import app
from gxproof.signatures import faults_in
from reports.completeness import read_back, squeezed
from reports.signatures import (
    ATTACHED,
    NotSignatures,
    csv_of,
    print_signatures,
    read_signatures,
    shown_of,
)

AT = "2026-03-30T09:00:00.000000+02:00"


def export(**changed):
    content = '{"lotId":"LOT-1","toStatus":"RELEASED"}'
    row = {
        "signatureId": "SIG-1", "personId": "EX-QUAL", "printedName": "Example Quality",
        "role": "quality", "meaning": "Released for use", "signedAt": AT, "recordType": "lots",
        "recordId": "LOT-1", "recordVersion": 1, "recordSha256": sha256(content.encode()),
    }
    row |= {
        "binding": digest_of(row), "signedAtUtc": "2026-03-30T07:00:00.000000Z",
        "zone": "Europe/Zurich", "state": "VALID",
    }
    record = {"recordType": "lots", "recordId": "LOT-1", "recordVersion": 1, "content": content}
    record |= changed.pop("record", {})
    return json.dumps({"rows": [row | changed], "records": [record]}).encode()


def rows_of(raw):
    return shown_of(read_signatures(raw), faults_in(raw))


def test_every_part_of_a_signature_stands_in_the_pdf_and_in_the_csv():
    raw = export()
    rows = rows_of(raw)
    printed = read_back(print_signatures(raw, rows))
    table = list(csv.DictReader(io.StringIO(csv_of(rows))))
    assert len(table) == len(rows) == 1
    wanted = ("Example Quality", "EX-QUAL", "quality", "Released for use",
              "2026-03-30 07:00:00 UTC", "2026-03-30 09:00:00 (UTC+02:00) Europe/Zurich", "SIGNED")
    for text in wanted:
        assert squeezed(text) in printed.text
        assert text in table[0].values()
    assert printed.attachments[ATTACHED] == raw


@pytest.mark.parametrize("changed", [
    {"meaning": "Rejected"}, {"recordId": "LOT-2", "record": {"recordId": "LOT-2"}},
    {"recordVersion": 2, "record": {"recordVersion": 2}},
    {"record": {"content": '{"lotId":"LOT-1","toStatus":"REJECTED"}'}},
    {"state": "RECORD_CHANGED"}, {"recordId": "LOT-3"},
])
def test_what_does_not_hold_is_unsigned_everywhere(changed, tmp_path):
    raw = export(**changed)
    rows = rows_of(raw)
    assert rows[0].state.startswith("UNSIGNED")
    assert squeezed("UNSIGNED") in read_back(print_signatures(raw, rows)).text
    assert "UNSIGNED" in csv_of(rows)
    file = tmp_path / "signatures.json"
    file.write_bytes(raw)
    shown = CliRunner().invoke(app, ["signatures", str(file)])
    assert (shown.exit_code, shown.output.startswith("UNSIGNED")) == (1, True)


def test_the_command_writes_both_files_and_shows_each_signature(tmp_path):
    file = tmp_path / "signatures.json"
    file.write_bytes(export())
    for name in ("out.csv", "out.pdf"):
        shown = CliRunner().invoke(app, ["signatures", str(file), "--out", str(tmp_path / name)])
        assert shown.exit_code == 0, shown.output
        assert "Example Quality (EX-QUAL, quality)" in shown.output
        assert (tmp_path / name).stat().st_size
    refused = CliRunner().invoke(app, ["signatures", str(file), "--out", str(tmp_path / "x.txt")])
    assert refused.exit_code == 2


@pytest.mark.parametrize("raw", [b"", b"{}", b'{"rows": [{}], "records": []}', b"[1]"])
def test_another_document_is_refused_in_words(raw):
    with pytest.raises(NotSignatures, match="this is no"):
        read_signatures(raw)
