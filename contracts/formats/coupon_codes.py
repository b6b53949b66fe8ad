"""North American coupon codes: the inner form of AI (8110) and AI (8112).

A variable-length part is preceded by one digit that tells its length (VLI). Mandatory parts come
first, then optional ones, each announced by its number and in ascending order.
Source: GS1 General Specifications 3.9; GS1 US, North American Coupon Application Guideline.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contracts.formats.element_strings import is_day_of_calendar

_REQUIREMENT_CODES = "012349"


class _Fault(Exception):
    """What is wrong with a coupon, as a sentence."""


@dataclass
class _Digits:
    """A coupon's digits, read from the left."""

    rest: str

    def take(self, length: int, what: str) -> str:
        """The next digits. Raises: _Fault where they are too few."""
        taken, self.rest = self.rest[:length], self.rest[length:]
        if len(taken) < length:
            raise _Fault(f"{what} has {len(taken)} of {length} digits")
        return taken

    def one_of(self, allowed: str, what: str) -> int:
        """The next digit. Raises: _Fault where there is none or it is not allowed."""
        digit = self.take(1, what)
        if digit not in allowed:
            raise _Fault(f"{what} is {digit}, expected one of {allowed}")
        return int(digit)

    def measured(self, allowed: str, beyond: int, what: str) -> str:
        """A part after the digit that tells its length, less ``beyond``."""
        return self.take(self.one_of(allowed, f"the length of {what}") + beyond, what)


def coupon_fault(value: str) -> str | None:
    """Why this is no coupon code, AI (8110), or None."""
    return _fault(value, _read_coupon)


def offer_fault(value: str) -> str | None:
    """Why this is no coupon code of a positive offer file, AI (8112), or None."""
    return _fault(value, _read_offer)


def _fault(value: str, read: Callable[[_Digits], None]) -> str | None:
    if not (value.isascii() and value.isdigit()):
        return "a coupon code holds digits only"
    digits = _Digits(value)
    try:
        read(digits)
    except _Fault as exc:
        return str(exc)
    return f"{digits.rest!r} follows the last part" if digits.rest else None


def _read_offer(digits: _Digits) -> None:
    digits.one_of("01", "the format")
    digits.measured("0123456", 6, "the funder")
    digits.take(6, "the offer code")
    digits.measured("0123456789", 6, "the serial number")


def _read_coupon(digits: _Digits) -> None:
    digits.measured("0123456", 6, "the company prefix")
    digits.take(6, "the offer code")
    digits.measured("12345", 0, "the save value")
    _read_purchase(digits, "first")
    expires = starts = ""
    if _announced(digits, "1"):
        digits.one_of("0123", "the rule for additional purchases")
        _read_purchase(digits, "second")
        _read_purchase_prefix(digits, "second")
    if _announced(digits, "2"):
        _read_purchase(digits, "third")
        _read_purchase_prefix(digits, "third")
    if _announced(digits, "3"):
        expires = _read_day(digits, "the expiration date")
    if _announced(digits, "4"):
        starts = _read_day(digits, "the start date")
    if expires and starts and _is_before(expires, starts):
        raise _Fault(f"it expires on {expires}, before it starts on {starts}")
    if _announced(digits, "5"):
        digits.measured("0123456789", 6, "the serial number")
    if _announced(digits, "6"):
        digits.measured("1234567", 6, "the retailer")
    if _announced(digits, "9"):
        _read_miscellaneous(digits)


def _announced(digits: _Digits, number: str) -> bool:
    if not digits.rest.startswith(number):
        return False
    digits.take(1, "the number of a part")
    return True


def _read_purchase(digits: _Digits, which: str) -> None:
    digits.measured("12345", 0, f"the {which} purchase requirement")
    digits.one_of(_REQUIREMENT_CODES, f"the code of the {which} purchase requirement")
    digits.take(3, f"the family code of the {which} purchase")


def _read_purchase_prefix(digits: _Digits, which: str) -> None:
    """The company prefix of a further purchase; length 9 stands for the first one's."""
    what = f"the company prefix of the {which} purchase"
    length = digits.one_of("01234569", f"the length of {what}")
    if length != 9:
        digits.take(length + 6, what)


def _read_day(digits: _Digits, what: str) -> str:
    day = digits.take(6, what)
    if not is_day_of_calendar(2000 + int(day[:2]), int(day[2:4]), int(day[4:]), day_open=False):
        raise _Fault(f"{what} is {day}, which is no day")
    return day


def _is_before(one: str, other: str) -> bool:
    """Whether a YYMMDD lies before another one, the two less than 50 years apart."""
    years = (int(other[:2]) - int(one[:2])) % 100
    return 0 < years < 50 or (years == 0 and one < other)


def _read_miscellaneous(digits: _Digits) -> None:
    digits.one_of("01256", "the code of the save value")
    digits.one_of("012", "the item that the save value applies to")
    digits.take(1, "the store coupon flag")
    digits.one_of("01", "the flag against multiplying")
