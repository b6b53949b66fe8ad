"""The OpenEPCIS corpus: what it holds as valid is accepted, all that it holds as invalid refused.

The corpus is not part of this repository; without it these tests are skipped and say so.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.formats.epcis import event_hash, read_epcis
from contracts.formats.epcis_lint import lint_epcis
from contracts.formats.findings import Finding, Severity
from gxproof.lint import lint

SHARED = Path(os.environ.get("GXPROOF_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
CORPUS = SHARED / "openepcis" / "core" / "src" / "main" / "resources"
MAPPED = SHARED / "mapping" / "transactions-epcis2.jsonld"
FILES = sorted(
    path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.suffix in (".json", ".xml")
)
INVALID = [name for name in FILES if "/Invalid/" in name]
VALID = [name for name in FILES if "/Invalid/" not in name]
# Same content, so the same events, whatever the syntax. Others of the same name differ in content
# or shorten a URI by a prefix that they do not declare.
TWINS = (
    "AggregationEvent", "AggregationEvent_all_possible_fields", "AssociationEvent_all_possible_fields",
    "JumbledFieldsOrder", "ObjectEvent_with_error_declaration", "ObjectEvent_with_sensorData",
    "ObjectEvent_with_userExtensions", "TransactionEvent_all_possible_fields",
    "TransformationEvent_all_possible_fields", "epcisDocWithAllGS1Keys",
)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not FILES, reason=f"no corpus at {CORPUS}")


def _errors(name: str) -> list[Finding]:
    (judged,) = lint([CORPUS / name])
    assert judged.dialect == "EPCIS"
    return [found for found in judged.findings if found.severity is Severity.ERROR]


def test_the_corpus_is_there_whole() -> None:
    assert (len(VALID), len(INVALID)) == (127, 30)


@pytest.mark.parametrize("name", VALID)
def test_a_valid_document_is_accepted(name: str) -> None:
    assert [str(found) for found in _errors(name)] == []


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_document_is_refused(name: str) -> None:
    assert _errors(name)


@pytest.mark.parametrize("name", [n for n in VALID if "/Capture/" in n])
def test_every_event_of_a_valid_document_is_read(name: str) -> None:
    raw = (CORPUS / name).read_bytes()
    document = read_epcis(raw)
    assert len(document.events) == _count(raw)
    for event in document.events:
        assert event_hash(event).startswith("ni:///sha-256;")


def _count(raw: bytes) -> int:
    """How many events stand in a document, counted without our reader."""
    if raw.lstrip()[:1] != b"<":
        content: Any = json.loads(raw)
        body = content.get("epcisBody", {})
        return len(body.get("eventList", [1]))
    text = raw.decode()
    return sum(
        text.count(f"<{prefix}{kind}Event{end}")
        for kind in ("Object", "Aggregation", "Transaction", "Transformation", "Association")
        for prefix in ("", "epcis:") for end in (">", " ", "\n")
    )


@pytest.mark.parametrize("name", TWINS)
def test_json_and_xml_of_one_content_have_one_hash(name: str) -> None:
    folder = CORPUS / "2.0" / "EPCIS"
    one, other = (
        [event_hash(event) for event in read_epcis(
            (folder / syntax / "Capture" / "Documents" / f"{name}.{syntax.lower()}").read_bytes()
        ).events]
        for syntax in ("JSON", "XML")
    )
    assert one == other


@pytest.mark.skipif(not MAPPED.exists(), reason=f"no document at {MAPPED}")
def test_the_twenty_events_of_the_transactions_are_accepted() -> None:
    raw = MAPPED.read_bytes()
    assert len(read_epcis(raw).events) == 20
    assert lint_epcis(raw, now=NOW) == []
