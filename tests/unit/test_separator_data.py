"""Master data for ``gxproof lint``: both forms of the file, and whatever else may be in it."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.formats.separator_checks import check_separators
from contracts.formats.separator_data import (
    FORM_PARTS_MAX,
    FORMS_MAX,
    MasterDataUnusable,
    read_master_data,
)

CSV = b"""gtin,ai,value,form
09521000000018,10,ABC,
09521000000018,21,,S[0-9]{6}

,10,,"L[0-9]{5,8}"
,10,,K\\+[A-Z-]
"""
JSON = json.dumps({"gxproofMasterData": 1, "rows": [
    {"gtin": "09521000000018", "ai": "10", "value": "ABC"},
    {"gtin": "09521000000018", "ai": "21", "form": "S[0-9]{6}"},
    {"ai": "10", "form": "L[0-9]{5,8}"},
    {"ai": "10", "form": "K\\+[A-Z-]"},
]}).encode()


@pytest.mark.parametrize("data", [CSV, JSON, b"\xef\xbb\xbf" + CSV, CSV.replace(b"\n", b"\r\n")])
def test_both_forms_say_the_same(data):
    site = read_master_data(data)
    assert site == read_master_data(CSV)
    item = site.items["09521000000018"]
    assert (item.knows("10", "ABC"), item.knows("10", "ABD")) == (True, False)
    assert (item.expects("21", "S123456"), item.expects("21", "S12345")) == (True, False)
    assert [site.expects("10", one) for one in ("L12345", "L123456789", "K+-", "KK-")] == [
        True, False, True, False
    ]


def rows(*of, **more):
    return json.dumps({"gxproofMasterData": 1, "rows": [*of], **more}).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the columns of CSV are gtin,ai,value,form"),
        (b"gtin,ai,value,form\n", "no row"),
        (b"gtin,ai,lot\n,10,A\n", "line 1: the columns"),
        (b"gtin,ai,value,form\n,10,ABC\n", "line 2: 3 columns"),
        (b"gtin,ai,value,form\n,10,\"ABC,\n", "line 2: unexpected end of data"),
        (b"gtin,ai,value,form\n,10,A\x00B,\n", "line 2"),
        (b"gtin,ai,value,form\n,10," + b"A" * 200_000 + b",\n", "field larger than field limit"),
        (b"gtin,ai,value,form\n,10,\xff,\n", "invalid UTF-8 at byte 23"),
        (b"{", "no JSON"),
        (b"{" * 100_000, "no JSON"),
        (b'{"gxproofMasterData": 1, "gxproofMasterData": 1}', "stands twice"),
        (b"{}", "gxproofMasterData, the form of the file, is not 1"),
        (b'{"gxproofMasterData": true, "rows": []}', "is not 1"),
        (b'{"gxproofMasterData": 2, "rows": []}', "is not 1"),
        (rows(), "no row"),
        (rows({"ai": "10", "value": "A"}, more=1), "nothing else"),
        (b'{"gxproofMasterData": 1, "rows": {}}', "rows, a list"),
        (rows(1), "/rows/0: a row is an object"),
        (rows({"ai": "10", "value": "A", "lot": "B"}), "no member is called 'lot'"),
        (rows({"ai": 10, "value": "A"}), "every member is a text"),
        (rows({"ai": "10", "value": ["A"]}), "every member is a text"),
        (rows({"ai": "10", "value": ""}), "every member is a text"),
        (rows({"value": "A"}), "'' is no application identifier"),
        (rows({"ai": "05", "value": "A"}), "'05' is no application identifier"),
        (rows({"ai": "17", "value": "261231"}), "(17) has a predefined length"),
        (rows({"ai": "10"}), "either a value or a form"),
        (rows({"ai": "10", "value": "A", "form": "A"}), "either a value or a form"),
        (rows({"ai": "10", "value": "A" * 21}), "longer than 20"),
        (rows({"ai": "10", "value": "\ud800"}), "is not made of"),
        (rows({"gtin": "09521000000019", "ai": "10", "value": "A"}), "check digit is 9"),
        (rows({"gtin": "x", "ai": "10", "value": "A"}), "expected 14 digits"),
        (rows({"ai": "10", "form": "(a+)+$"}), "is not read from '(a+)+$' on"),
        (rows({"ai": "10", "form": "A*"}), "is not read from '*' on"),
        (rows({"ai": "10", "form": "[A-5]"}), "is not read from '[A-5]' on"),
        (rows({"ai": "10", "form": "[Z-A]"}), "bad character range Z-A"),
        (rows({"ai": "10", "form": "A" * (FORM_PARTS_MAX + 1)}), "at most 20 parts"),
        (rows({"ai": "10", "form": "A{8,4}"}), "from small to large"),
        (rows({"ai": "10", "form": "A{0}"}), "from small to large"),
        (rows({"ai": "10", "form": "A{91}"}), "up to 90"),
        (rows({"ai": "10", "form": "A{1,2}A{1,2}A{1,2}"}), "2 parts at most are of several"),
        (rows(*({"ai": "10", "form": f"A{n}"} for n in range(FORMS_MAX + 1))), "forms; name fewer"),
    ],
)
def test_a_file_that_is_not_right_is_refused_with_a_sentence(data, said):
    with pytest.raises(MasterDataUnusable) as refused:
        read_master_data(data)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 300


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda one: b"{" + one))
def test_any_bytes_are_read_or_refused(data):
    try:
        read_master_data(data)
    except MasterDataUnusable as exc:
        assert str(exc)


_PARTS = st.text("ABZaz019[]-{},.\\/*+(", max_size=40)


@given(_PARTS, st.text("ABZaz019-", max_size=40))
def test_whatever_a_form_is_it_ends(form, value):
    try:
        site = read_master_data(rows({"ai": "10", "form": form}))
    except MasterDataUnusable:
        return
    site.expects("10", value)


def test_the_slowest_forms_that_are_read_end_soon():
    """Two parts of every length, in all the forms that a file may hold, on a value without end."""
    forms = ({"ai": "10", "form": f"[0-9]{{0,90}}[0-9]{{0,90}}{n:03d}Z"} for n in range(FORMS_MAX))
    site = read_master_data(rows(*forms))
    started = time.process_time()
    assert check_separators("10" + "1" * 7000, site) == []
    assert time.process_time() - started < 5
