"""Reading what a site knows of lots and serial numbers from a file, JSON or CSV, row by row.

Each row names an identifier and either a value that exists or the form that its values have; with
a GTIN it holds for that item, without one for every item. The file is a stranger's: a form is no
regular expression of the reader's, but a short one of bounded parts, so none runs for ever.
Source: GS1 General Specifications 7.8; the form of the file is that of ``gxproof/README.md``.
"""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.formats.application_identifiers import FIELDS
from contracts.formats.element_strings import Element
from contracts.formats.gs1_checks import check_value
from contracts.formats.separator_checks import MasterData
from contracts.model.identifiers import Gtin14
from contracts.record.strict_json import Unreadable, read_json

FORMS_MAX = 200
FORM_PARTS_MAX = 20
FORM_RANGES_MAX = 2
"""Parts of a form that may be of several lengths: more would make a reader try too many."""
LENGTH_MAX = 90
"""The longest value of any identifier. Source: GS1 General Specifications 3.2."""

_COLUMNS = ("gtin", "ai", "value", "form")
_SIGN = r"""[0-9A-Za-z/_]|\\[!"%&'()*+,./:;<=>?_-]"""
_RANGE = "[0-9]-[0-9]|[A-Z]-[A-Z]|[a-z]-[a-z]"
_PART = re.compile(
    rf"(?P<one>{_SIGN}|-|\[(?:{_RANGE}|{_SIGN})+-?\])"
    r"(?:\{(?P<least>[0-9]{1,2})(?:,(?P<most>[0-9]{1,2}))?\})?"
)


class MasterDataUnusable(ValueError):
    """Master data that cannot be read; the message says where and why."""


@dataclass
class _Rows:
    """What was read so far of one item, or of every item."""

    known: dict[str, set[str]] = field(default_factory=dict)
    forms: dict[str, list[str]] = field(default_factory=dict)

    def master_data(self, items: Mapping[str, MasterData]) -> MasterData:
        return MasterData(
            self.known,
            {ai: "|".join(f"(?:{one})" for one in forms) for ai, forms in self.forms.items()},
            items,
        )


def read_master_data(data: bytes) -> MasterData:
    """Master data from JSON (it begins with a brace) or CSV.

    Raises: MasterDataUnusable with the row and a sentence, for whatever is not right in it.
    """
    start = data.removeprefix(BOM_UTF8)
    rows = _of_json(start) if start.lstrip().startswith(b"{") else _of_csv(start)
    read: dict[str, _Rows] = {"": _Rows()}
    forms: set[str] = set()
    count = 0
    for place, row in rows:
        gtin, ai, value, form = _checked(place, row)
        known = read.setdefault(gtin, _Rows())
        if value:
            known.known.setdefault(ai, set()).add(value)
        elif form not in known.forms.setdefault(ai, []):
            known.forms[ai].append(form)
            forms.add(form)
        if len(forms) > FORMS_MAX:
            raise MasterDataUnusable(f"{place}: more than {FORMS_MAX} forms; name fewer")
        count += 1
    if not count:
        raise MasterDataUnusable("it holds no row, so there is nothing to compare with")
    every = read.pop("")
    return every.master_data({gtin: rows.master_data({}) for gtin, rows in read.items()})


def _of_json(data: bytes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        document = read_json(data)
    except Unreadable as exc:
        raise MasterDataUnusable(f"it is no JSON: {exc}") from exc
    number = document.get("gxproofMasterData")
    if type(number) is not int or number != 1:
        raise MasterDataUnusable("gxproofMasterData, the form of the file, is not 1")
    rows = document.get("rows")
    if set(document) != {"gxproofMasterData", "rows"} or not isinstance(rows, list):
        raise MasterDataUnusable("beside gxproofMasterData it holds rows, a list, and nothing else")
    for index, row in enumerate(rows):
        if not isinstance(row, dict):
            raise MasterDataUnusable(f"/rows/{index}: a row is an object")
        yield f"/rows/{index}", row


def _of_csv(data: bytes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise MasterDataUnusable(f"invalid UTF-8 at byte {exc.start}") from exc
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if tuple(next(reader, ())) != _COLUMNS:
            raise MasterDataUnusable(
                f"line 1: the columns of CSV are {','.join(_COLUMNS)}; JSON begins with a brace"
            )
        for cells in reader:
            place = f"line {reader.line_num}"
            if not cells:
                continue
            if len(cells) != len(_COLUMNS):
                raise MasterDataUnusable(f"{place}: {len(cells)} columns, not {len(_COLUMNS)}")
            yield place, {name: cell for name, cell in zip(_COLUMNS, cells, strict=True) if cell}
    except csv.Error as exc:
        raise MasterDataUnusable(f"line {reader.line_num}: {exc}") from exc


def _checked(place: str, row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """GTIN (or empty), identifier, value (or empty) and form (or empty) of a row."""
    odd = [name for name in row if name not in _COLUMNS]
    if odd:
        raise MasterDataUnusable(f"{place}: no member is called {odd[0][:40]!r}")
    if any(not isinstance(one, str) or not one for one in row.values()):
        raise MasterDataUnusable(f"{place}: every member is a text that is not empty")
    gtin, ai, value, form = (row.get(name, "") for name in _COLUMNS)
    if gtin and Gtin14.fault(gtin):
        raise MasterDataUnusable(f"{place}: gtin {gtin[:40]!r}: {Gtin14.fault(gtin)}")
    if ai not in FIELDS:
        raise MasterDataUnusable(f"{place}: {ai[:40]!r} is no application identifier")
    if FIELDS[ai].fixed:
        raise MasterDataUnusable(f"{place}: ({ai}) has a predefined length and needs no separator")
    if bool(value) == bool(form):
        raise MasterDataUnusable(f"{place}: a row has either a value or a form")
    if value:
        found = check_value(Element(ai, value, 0))
        if found:
            raise MasterDataUnusable(f"{place}: ({ai}) cannot be {value[:40]!r}: {found[0].what}")
    return gtin, ai, value, _shape(form, place) if form else ""


def _shape(form: str, place: str) -> str:
    """The regular expression of a form. A form is parts in a row, each of a bounded length."""
    shape, here, ranges, parts = "", 0, 0, 0
    while here < len(form):
        part = _PART.match(form, here)
        if part is None or parts == FORM_PARTS_MAX:
            raise MasterDataUnusable(
                f"{place}: form {form[:60]!r} is not read from {form[here:here + 10]!r} on: it is "
                f"at most {FORM_PARTS_MAX} parts such as A, [A-Z]{{2}} or [0-9]{{4,8}}"
            )
        least, most = int(part["least"] or 1), int(part["most"] or part["least"] or 1)
        ranges += least != most
        if not 0 <= least <= most <= LENGTH_MAX or not most or ranges > FORM_RANGES_MAX:
            raise MasterDataUnusable(
                f"{place}: form {form[:60]!r}: lengths go from small to large, up to {LENGTH_MAX}, "
                f"and {FORM_RANGES_MAX} parts at most are of several lengths"
            )
        shape += f"{part['one']}{{{least},{most}}}"
        here, parts = part.end(), parts + 1
    _compile(shape, form, place)
    return shape


def _compile(shape: str, form: str, place: str) -> None:
    """Raises: MasterDataUnusable for a range of characters that runs backwards, such as [Z-A]."""
    try:
        re.compile(shape)
    except re.error as exc:
        raise MasterDataUnusable(f"{place}: form {form[:60]!r}: {exc.msg}") from exc
