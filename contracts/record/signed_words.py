"""What people write on papers that they sign: names, numbers of changes, sentences.

A name or a number stands on one line of a page or a terminal: a line break in it would forge the
next line, and marks that turn the direction of writing would show another name than was signed.
Source: 21 CFR 11.50(a)(1).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_CHANGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:#-]{0,39}")
_NAME_MAX = 120


def is_one_line(text: str) -> bool:
    """Whether a text can forge nothing: no line break, no control or formatting character."""
    return not any(unicodedata.category(letter)[0] == "C" or letter in "\u2028\u2029"
                   for letter in text)


def on_one_line(text: str) -> str:
    """The text for a terminal or a report: what could forge a line is shown as its code."""
    if is_one_line(text):
        return text
    return "".join(
        letter if is_one_line(letter) else letter.encode("unicode_escape").decode()
        for letter in text
    )


def _change_id(text: str) -> str:
    if not _CHANGE.fullmatch(text):
        raise ValueError(
            "expected the number of the change as its register writes it: 1 to 40 letters, digits "
            "and . _ / : # -, beginning with a letter or digit, such as CHG-0042"
        )
    return text


def _printed_name(text: str) -> str:
    if not 2 <= len(text) <= _NAME_MAX or not is_one_line(text):
        raise ValueError(
            f"expected the printed name of a person on one line, 2 to {_NAME_MAX} characters"
        )
    return text


ChangeId = Annotated[
    str, StringConstraints(strip_whitespace=True), AfterValidator(_change_id)
]
PrintedName = Annotated[
    str, StringConstraints(strip_whitespace=True), AfterValidator(_printed_name)
]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=4000)]
"""A sentence or more, in a person's own words."""
