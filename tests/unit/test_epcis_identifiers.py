"""GS1 keys in EPCIS: every URN scheme and Digital Link spelling has one canonical form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.formats.epcis_identifiers import Level, canonical_uri, read_key

ROOT = "https://id.gs1.org"


@pytest.mark.parametrize(("uri", "canonical"), [
    ("urn:epc:id:sgtin:4012345.011111.9876", "/01/04012345111118/21/9876"),
    ("urn:epc:id:sgtin:4012345.011111.a%2Fb%22", "/01/04012345111118/21/a%2Fb%22"),
    ("urn:epc:id:sgtin:4012345.011111.1.2", "/01/04012345111118/21/1.2"),
    ("urn:epc:id:sscc:4012345.0111111111", "/00/040123451111111110"),
    ("urn:epc:id:sgln:4012345.00025.0", "/414/4012345000252"),
    ("urn:epc:id:sgln:4012345.00000.5", "/414/4012345000009/254/5"),
    ("urn:epc:id:sgln:401234567890..A(1)", "/414/4012345678901/254/A%281%29"),
    ("urn:epc:id:grai:4012345.55555.987", "/8003/04012345555554987"),
    ("urn:epc:id:giai:4000001.12345", "/8004/400000112345"),
    ("urn:epc:id:gsrn:4012345.9876540000", "/8018/401234598765400000"),
    ("urn:epc:id:gsrnp:4012345.0000098765", "/8017/401234500000987658"),
    ("urn:epc:id:gdti:4012345.55555.98", "/253/401234555555498"),
    ("urn:epc:id:cpi:4012345.ABC.123", "/8010/4012345ABC/8011/123"),
    ("urn:epc:id:sgcn:4012345.99999.44", "/255/401234599999044"),
    ("urn:epc:id:ginc:4012345.333", "/401/4012345333"),
    ("urn:epc:id:gsin:4012345.999987654", "/402/40123459999876541"),
    ("urn:epc:id:itip:4012345.012345.01.02.999", "/8006/040123451234560102/21/999"),
    ("urn:epc:id:upui:4012345.012345.AB12", "/01/04012345123456/235/AB12"),
    ("urn:epc:id:pgln:4012345.00000", "/417/4012345000009"),
    ("urn:epc:class:lgtin:4012345.011111.1234", "/01/04012345111118/10/1234"),
    ("urn:epc:idpat:sgtin:4012345.044444.*", "/01/04012345444445"),
    ("urn:epc:idpat:grai:4012345.66666.*", "/8003/04012345666663"),
    ("urn:epc:idpat:itip:4012345.012345.01.02.*", "/8006/040123451234560102"),
    ("https://id.example.org/some/where/01/04012345111118/10/L1/21/S1?11=201224#x",
     "/01/04012345111118/21/S1"),
    ("http://example.com/gtin/4012345111118/lot/L1", "/01/04012345111118/10/L1"),
    ("https://example.com/01/04012345111118/22/V2", "/01/04012345111118"),
    ("https://example.com/01/4012345111118/", "/01/04012345111118"),
])
def test_a_key_has_one_canonical_form(uri: str, canonical: str) -> None:
    assert canonical_uri(uri) == ROOT + canonical
    assert canonical_uri(ROOT + canonical) == ROOT + canonical


@pytest.mark.parametrize("uri", [
    "urn:epc:id:sgtin:4012345.01111.9876", "urn:epc:id:sgtin:4012345.011111",
    "urn:epc:idpat:sgtin:4012345.044444.5", "urn:epc:id:usdod:CAGEY.5678", "urn:epc:", "urn:epc:id:",
    "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8", "https://example.com/2026/01/05/21/x",
    "https://example.com/01/04012345111118/99/x", "https://example.com/00/123", "geo:50.9,6.9",
    "https://example.com/8004/12", "https://", "",
])
def test_what_is_no_key_stays_as_it_is(uri: str) -> None:
    assert canonical_uri(uri) == uri


@pytest.mark.parametrize(("uri", "level"), [
    ("urn:epc:id:sgtin:4012345.011111.9876", Level.INSTANCE),
    ("https://id.gs1.org/00/040123451111111110", Level.INSTANCE),
    ("https://id.gs1.org/01/04012345111118/235/AB", Level.INSTANCE),
    ("https://id.gs1.org/8003/04012345666663X1", Level.INSTANCE),
    ("https://id.gs1.org/8010/4012345ABC/8011/1", Level.INSTANCE),
    ("https://id.gs1.org/01/04012345111118", Level.CLASS),
    ("https://id.gs1.org/01/04012345111118/10/L", Level.CLASS),
    ("https://id.gs1.org/8003/04012345666663", Level.CLASS),
    ("urn:epc:idpat:cpi:4012345.ABC.*", Level.CLASS),
    ("https://id.gs1.org/414/4012345000252", Level.OTHER),
])
def test_a_key_names_one_thing_or_a_class(uri: str, level: Level) -> None:
    key = read_key(uri)
    assert key is not None
    assert key.level is level
    assert key.faults() == []
    assert not key.wrong_check_digit


def test_faults_name_the_part() -> None:
    key = read_key("https://id.gs1.org/01/04012345111118/21/" + "9" * 21)
    assert key is not None
    assert key.faults() == ["(21) " + "9" * 21 + " is not 1 to 20 characters of its set"]
    wrong = read_key("https://id.gs1.org/01/04012345111119")
    assert wrong is not None
    assert wrong.wrong_check_digit


@given(st.text(max_size=80) | st.from_regex(r"urn:epc:(id|idpat|class):[a-z]{3,6}:[0-9.*%A-Z]{0,40}"))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    once = canonical_uri(text)
    assert canonical_uri(once) == once
