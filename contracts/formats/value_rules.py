"""The rules that the characters of a value keep, each a function that names the fault or None.

They get a component of the right length and characters; ``RULES`` leads from the names in
``application_identifiers.toml`` to them.
Source: GS1 General Specifications 3 (formats of each identifier), 7.9, 7.11, 7.12.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from contracts.formats.code_lists import (
    COUNTRIES,
    COUNTRY_LETTERS,
    CURRENCIES,
    MEDIA_TYPES,
    PACKAGE_TYPES,
)
from contracts.formats.coupon_codes import coupon_fault, offer_fault
from contracts.formats.element_strings import is_day_of_calendar
from contracts.model.identifiers import gs1_check_digit

RuleOfValue = Callable[[str], str | None]
_PREFIX_DIGITS_MIN = 4
_CSET_82 = (
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
_CHECK_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
)
_IBAN_LENGTH_MIN = 15


def check_characters(data: str) -> str:
    """The check character pair of a key without one, at most 23 characters.

    Weights are the primes from the right, the modulus is 1021.
    Source: GS1 General Specifications 7.9.5.
    """
    weighed = zip(_PRIMES, reversed(data), strict=False)
    total = sum(weight * _CSET_82.index(character) for weight, character in weighed) % 1021
    return _CHECK_CHARACTERS[total // 32] + _CHECK_CHARACTERS[total % 32]


def _check_digit(part: str) -> str | None:
    expected = gs1_check_digit(part[:-1])
    what = f"{part}: the check digit is {part[-1]}, expected {expected}"
    return None if part[-1] == expected else what


def _check_character_pair(part: str) -> str | None:
    if len(part) < 2:
        return f"{part!r} has no room for two check characters"
    expected = check_characters(part[:-2])
    what = f"{part}: the check characters are {part[-2:]}, expected {expected}"
    return None if part[-2:] == expected else what


def _company_prefix(part: str) -> str | None:
    if len(part) < _PREFIX_DIGITS_MIN:
        return f"{part!r} is shorter than any company prefix"
    if not re.match("[0-9]{4}", part):
        return f"{part!r} does not begin with the digits of a company prefix"
    return None


def _date(part: str) -> str | None:
    return _day(2000 + int(part[:2]), part[2:], day_open=False)


def _date_day_open(part: str) -> str | None:
    return _day(2000 + int(part[:2]), part[2:], day_open=True)


def _long_date(part: str) -> str | None:
    return _day(int(part[:4]), part[4:], day_open=False)


def _day(year: int, month_and_day: str, *, day_open: bool) -> str | None:
    month, day = int(month_and_day[:2]), int(month_and_day[2:])
    if is_day_of_calendar(year, month, day, day_open=day_open):
        return None
    if 1 <= month <= 12:
        return f"month {month:02d} has no day {day:02d}"
    return f"there is no month {month:02d}"


def _below(limit: int, unit: str) -> RuleOfValue:
    def rule(part: str) -> str | None:
        return None if int(part) < limit else f"there is no {unit} {part}"

    return rule


def _hour_minute(part: str) -> str | None:
    return _below(24, "hour")(part[:2]) or _below(60, "minute")(part[2:])


def _up_to(most: int) -> RuleOfValue:
    def rule(part: str) -> str | None:
        return None if int(part) <= most else f"{part} is more than {most}"

    return rule


def _one_of(codes: frozenset[str], of: str) -> RuleOfValue:
    def rule(part: str) -> str | None:
        return None if part in codes else f"{part!r} is no {of}"

    return rule


def _percent_encoding(part: str) -> str | None:
    stray = re.search("%(?![0-9A-Fa-f]{2})", part)
    return f"{part[stray.start():][:3]!r} stands for no character" if stray else None


def _piece_of_total(part: str) -> str | None:
    piece, total = int(part[:2]), int(part[2:])
    return None if 1 <= piece <= total else f"piece {piece} of {total}"


def _position_of_total(part: str) -> str | None:
    if not re.fullmatch("[1-9]/[1-9]", part):
        return f"{part!r} is no position and total, as in 1/2"
    return None if part[0] <= part[2] else f"position {part[0]} of {part[2]}"


def _iban(part: str) -> str | None:
    """Source: ISO 13616-1: country, two check digits, account; ISO 7064 modulus 97-10."""
    if len(part) < _IBAN_LENGTH_MIN:
        return f"{part!r} is shorter than any account number"
    if part[:2] not in COUNTRY_LETTERS | {"XK"}:
        return f"{part[:2]!r} is no country"
    if not re.fullmatch("[A-Z]{2}[0-9]{2}[0-9A-Z]+", part):
        return f"{part!r} holds other characters than digits and capitals"
    number = "".join(str(int(character, 36)) for character in part[4:] + part[:4])
    return None if int(number) % 97 == 1 else f"the check digits of {part!r} are wrong"


def _not_zero(part: str) -> str | None:
    return f"{part} is zero" if set(part) == {"0"} else None


def _no_leading_zero(part: str) -> str | None:
    return f"{part!r} begins with zero" if len(part) > 1 and part[0] == "0" else None


def _not_only_digits(part: str) -> str | None:
    return f"{part!r} holds digits only" if re.fullmatch("[0-9]+", part) else None


def _importer_index(part: str) -> str | None:
    return None if re.fullmatch("[0-9A-Z_a-z-]", part) else f"{part!r} is no importer index"


RULES: Mapping[str, RuleOfValue] = {
    "check-digit": _check_digit,
    "check-characters": _check_character_pair,
    "company-prefix": _company_prefix,
    "company-prefix-second": lambda part: _company_prefix(part[1:]),
    "country": _one_of(COUNTRIES, "numeric country code"),
    "country-or-several": _one_of(COUNTRIES | {"999"}, "numeric country code"),
    "country-letters": _one_of(COUNTRY_LETTERS, "country code"),
    "currency": _one_of(CURRENCIES, "numeric currency code"),
    "date": _date,
    "date-day-open": _date_day_open,
    "long-date": _long_date,
    "hour-minute": _hour_minute,
    "hour": _below(24, "hour"),
    "minute": _below(60, "minute"),
    "second": _below(60, "second"),
    "percent-encoding": _percent_encoding,
    "yes-or-no": _one_of(frozenset("01"), "answer, 0 or 1"),
    "minus-sign": _one_of(frozenset("-"), "minus sign"),
    "importer-index": _importer_index,
    "package-type": _one_of(PACKAGE_TYPES, "package type"),
    "media-type": _one_of(MEDIA_TYPES, "media type"),
    "sex": _one_of(frozenset("0129"), "code of ISO/IEC 5218"),
    "position-of-total": _position_of_total,
    "piece-of-total": _piece_of_total,
    "winding": _one_of(frozenset("019"), "winding direction, 0, 1 or 9"),
    "not-zero": _not_zero,
    "zero": _one_of(frozenset("0"), "zero"),
    "iban": _iban,
    "no-leading-zero": _no_leading_zero,
    "not-only-digits": _not_only_digits,
    "latitude": _up_to(1_800_000_000),
    "longitude": _up_to(3_600_000_000),
    "coupon": coupon_fault,
    "coupon-offer": offer_fault,
}
