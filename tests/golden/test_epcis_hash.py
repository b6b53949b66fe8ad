"""Event hash ids against the published test documents of the algorithm, in both syntaxes.

The documents are not part of this repository; without them these tests are skipped and say so.
"""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from contracts.formats.epcis import Event, event_hash, pre_hash, read_epcis

SHARED = Path(os.environ.get("GXPROOF_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
FOLDER = SHARED / "event-hash"
DOCUMENTS = sorted(p.name for p in FOLDER.glob("*") if p.suffix in (".jsonld", ".xml"))
needs_documents = pytest.mark.skipif(not DOCUMENTS, reason=f"no documents at {FOLDER}")


def _expected(name: str, kind: str) -> list[str] | None:
    path = (FOLDER / name).with_suffix(kind)
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else None


@needs_documents
@pytest.mark.parametrize("name", DOCUMENTS)
def test_hashes_and_what_is_hashed_are_as_published(name: str) -> None:
    events = read_epcis((FOLDER / name).read_bytes()).events
    before, after = _expected(name, ".prehashes"), _expected(name, ".hashes")
    assert before or after
    if before is not None:
        assert [pre_hash(event) for event in events] == before
    if after is not None:
        assert [event_hash(event) for event in events] == after


REPORT = {"component": "latitude", "value": Decimal("42.698334"), "uom": "DD", "type": "gs1:Angle",
          "coordinateReferenceSystem": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
ONE, TWO = "{https://ns.ext1.de/epcis/}", "{https://ns.ext2.de/epcis/}"
# Made here from the published text, whose document is not among those that are there.
EXTENDED = Event("ObjectEvent", {
    "action": "OBSERVE", "bizStep": "receiving", "disposition": "in_progress",
    "eventTime": "2023-01-11T12:00:00+01:00", "eventTimeZoneOffset": "+01:00",
    "epcList": ["https://id.gs1.de/01/04012345999990/21/XYZ-1234"],
    "bizLocation": {"id": "https://id.gs1.de/414/4012345000115",
                    f"{ONE}bizLocationField": "bizLocationText"},
    "readPoint": {f"{ONE}readPointField": "readPointText", "id": "urn:epc:id:sgln:4012345.00011.0",
                  f"{ONE}readPointField2": "readPointText2"},
    "sensorElementList": [
        {
            "sensorReport": [
                {**REPORT, f"{TWO}secondSensorReportField": "secondSensorReportText"},
                {**REPORT, "component": "longitude", "value": Decimal("23.3199410")},
            ],
            f"{TWO}secondSensorElementField": "secondSensorElementText",
        },
        {
            f"{ONE}someSensorElementField": "sensorElementText",
            "sensorMetadata": {
                f"{ONE}someFurtherMetadata": "metadataText", "time": "2023-01-11T11:05:00Z",
                "bizRules": "https://id.example.com/253/4012345000054987",
                f"{ONE}someFurtherMetadata2": "metadataText2",
            },
            "sensorReport": [{"type": "Dimensionless", "exception": "ALARM_CONDITION",
                              f"{ONE}someFurtherReportData": "reportText"}],
        },
    ],
})


@needs_documents
def test_extensions_at_every_place_are_hashed_as_published() -> None:
    assert [pre_hash(EXTENDED)] == _expected("epcisDocHavingTooManyUserExtensions", ".prehashes")


@needs_documents
@pytest.mark.parametrize("name", [n for n in DOCUMENTS if n.endswith(".xml")])
def test_both_syntaxes_of_a_document_have_the_same_hashes(name: str) -> None:
    other = (FOLDER / name).with_suffix(".jsonld")
    if not other.exists():
        pytest.skip("the document is there in XML alone")
    ours = [[event_hash(event) for event in read_epcis(path.read_bytes()).events]
            for path in (FOLDER / name, other)]
    assert ours[0] == ours[1]
