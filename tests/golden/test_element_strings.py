"""Our reader of scans against the official GS1 engine: its own test inputs with its own results.

The vectors are not part of this repository; without them these tests are skipped and say so.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from contracts.formats.element_strings import FIELDS, GS, NotAnElementString, read_scan
from contracts.model.identifiers import Sscc

SHARED = Path(os.environ.get("GXPROOF_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
VECTORS = SHARED / "gs1" / "engine-vectors.jsonl"
NOTHING = "nothing to read"
# Where the engine refuses and we read: which fields stand together is a check of the label.
ASSOCIATIONS = ("Required AIs for AI", "It is invalid to pair")

needs_vectors = pytest.mark.skipif(not VECTORS.exists(), reason=f"no vectors at {VECTORS}")


def _vectors() -> list[dict[str, Any]]:
    if not VECTORS.exists():
        return []
    rows = (json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines())
    return [row for row in rows if _scan(row) is not None and _is_about_known_fields(row)]


def _scan(row: dict[str, Any]) -> str | None:
    """The input as a scanner would send it, or None where it is no scan."""
    text: str = row["input"]
    if row["kind"] == "scan_data":
        return text
    if row["kind"] == "raw_caret" and text.startswith("^"):
        return "]C1" + text[1:].replace("^", GS)
    if row["kind"] == "bracketed":
        parts = re.findall(r"\((\d+)\)((?:\\\(|[^(])*)", text)
        if "".join(f"({ai}){value}" for ai, value in parts) == text:
            return "]C1" + GS.join(ai + value.replace("\\(", "(") for ai, value in parts)
    return None


def _is_about_known_fields(row: dict[str, Any]) -> bool:
    expected = row["expected"]
    named = {ai for ai, _ in expected.get("elements", [])}
    named |= {*re.findall(r"AI \((\d+)\)", expected.get("error", ""))}
    if row["kind"] == "bracketed":
        named |= {*re.findall(r"\((\d+)\)", row["input"])}
    named |= {*re.findall(r"[Kk]nown AI is a prefix of: (\d+)", expected.get("error", ""))}
    return named <= FIELDS.keys()


def _theirs(row: dict[str, Any]) -> list[tuple[str, str]] | str:
    expected = row["expected"]
    if not expected["ok"]:
        return str(expected["error"])
    return [(ai, value) for ai, value in expected.get("elements", [])] or NOTHING


def _ours(scan: str) -> list[tuple[str, str]] | str:
    try:
        return [*read_scan(scan).items()]
    except NotAnElementString as exc:
        return NOTHING if "carries no GS1 element strings" in str(exc) else str(exc)


@needs_vectors
@pytest.mark.parametrize("row", _vectors(), ids=lambda row: row["id"])
def test_we_read_what_the_engine_reads(row: dict[str, Any]) -> None:
    theirs, ours = _theirs(row), _ours(_scan(row) or "")
    if isinstance(theirs, list) or theirs == NOTHING:
        assert ours == theirs
    elif not theirs.startswith(ASSOCIATIONS):
        assert isinstance(ours, str), f"the engine refuses: {theirs}"


@needs_vectors
def test_agreement_is_counted_so_that_nothing_is_lost_silently() -> None:
    rows = _vectors()
    by_association = [
        row["id"] for row in rows
        if isinstance(_ours(_scan(row) or ""), list) and not row["expected"]["ok"]
    ]
    assert len(rows) == 48
    assert by_association == [
        "GSE-0002", "GSE-0005", "GSE-0007", "GSE-0220", "GSE-0234", "GSE-0235",
    ]


LABEL = Sscc.complete("09520000000000001")


@pytest.mark.parametrize(
    ("scan", "fields"),
    [
        (f"]C100{LABEL}", {"00": LABEL}),
        (f"]C100{LABEL}10LOT-7{GS}17261231", {"00": LABEL, "10": "LOT-7", "17": "261231"}),
        (f"]C100{LABEL}10LOT-7", {"00": LABEL, "10": "LOT-7"}),
        (f"]C100{LABEL}10LOT-7{GS}", {"00": LABEL, "10": "LOT-7"}),
        (f"]d200{LABEL}{GS}3103025000", {"00": LABEL, "3103": "025000"}),
        (f"]J100{LABEL}", {"00": LABEL}),
        ("]C111280229", {"11": "280229"}),
        ("]C117260200", {"17": "260200"}),
    ],
)
def test_a_scan_is_read(scan: str, fields: dict[str, str]) -> None:
    assert read_scan(scan) == fields


@pytest.mark.parametrize(
    ("scan", "reason"),
    [
        (LABEL, "plain text"),
        (f"]C000{LABEL}", "symbology ]C0"),
        (f"]E0{LABEL}", "symbology ]E0"),
        ("]C1", "empty"),
        (f"]C100{LABEL[:-1]}{(int(LABEL[-1]) + 1) % 10}", "check digit"),
        (f"]C100{LABEL[:-1]}", "cannot be"),
        ("]C199FREE", "no known application identifier"),
        ("]C110LOT 7", "cannot be"),
        ("]C110" + "L" * 21, "cannot be"),
        (f"]C110A{GS}10B", "twice"),
        ("]C117261301", "no day"),
        ("]C117270229", "no day"),
        ("]C111261232", "no day"),
        ("]C137123456789", "cannot be"),
    ],
)
def test_what_is_no_scan_of_ours_is_refused_with_its_reason(scan: str, reason: str) -> None:
    with pytest.raises(NotAnElementString, match=reason):
        read_scan(scan)
