import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.record.canonical import NotCanonical, canonical_bytes
from contracts.record.strict_json import Unreadable, read_json

text = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_bytes_read_back_to_the_same_value(value):
    assert read_json(canonical_bytes(value)) == value


@given(st.dictionaries(text, st.integers(0, 9), min_size=2, max_size=8))
def test_members_sort_by_utf_16_code_units(members):
    written = list(json.loads(canonical_bytes(members)))
    assert written == sorted(members, key=lambda name: name.encode("utf-16-be"))


def test_rfc_8785_sorting_example():
    # The order that the RFC gives in its section 3.2.3 for these member names.
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = list(json.loads(canonical_bytes(dict.fromkeys(names, 0))))
    assert written == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize("bad", [1.0, float("nan"), 2**53, {1: 2}, {"a": object()}, "\ud800"])
def test_what_has_no_canonical_form(bad):
    with pytest.raises(NotCanonical):
        canonical_bytes(bad)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b'{"a":1,"a":2}', "twice"),
        (b'{"a":{"b":1,"b":1}}', "twice"),
        (b"[NaN]", "NaN"),
        (b"[-Infinity]", "Infinity"),
        (b"\xff", "UTF-8"),
        (b'"\xed\xa0\x80"', "UTF-8"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b"[" * 33 + b"]" * 33, "deeper"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "deeper"),
        (b"{}{}", "Extra data"),
        (b"", "Expecting value"),
        (b"{'a':1}", "Expecting property name"),
    ],
)
def test_what_is_no_strict_json(raw, why):
    with pytest.raises(Unreadable, match=why):
        read_json(raw)


def test_brackets_inside_text_do_not_count_as_depth():
    assert read_json(b'["' + b"[" * 100 + b'\\"[[["]') == ["[" * 100 + '"[[[']


def test_thirty_two_levels_are_read():
    assert read_json(b"[" * 32 + b"]" * 32)
