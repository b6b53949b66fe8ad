"""Event hash ids against the published test documents of the algorithm, in both syntaxes.

The documents are not part of this repository; without them these tests are skipped and say so.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from contracts.formats.epcis import event_hash, pre_hash, read_epcis

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


@needs_documents
@pytest.mark.parametrize("name", [n for n in DOCUMENTS if n.endswith(".xml")])
def test_both_syntaxes_of_a_document_have_the_same_hashes(name: str) -> None:
    other = (FOLDER / name).with_suffix(".jsonld")
    if not other.exists():
        pytest.skip("the document is there in XML alone")
    ours = [[event_hash(event) for event in read_epcis(path.read_bytes()).events]
            for path in (FOLDER / name, other)]
    assert ours[0] == ours[1]
