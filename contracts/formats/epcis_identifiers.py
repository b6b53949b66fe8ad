"""GS1 keys as they stand in EPCIS: EPC URNs and GS1 Digital Link URIs, and what they identify.

Both are brought to one form, the constrained canonical Digital Link URI: domain ``id.gs1.org``, no
query, only the finest level of identification.
Source: EPC Tag Data Standard, 6 (pure identity URIs) and 7 (EPC class URIs); GS1 Digital Link, URI
Syntax 1.2, 4.11 (canonical form); CBV 2.0, 8.2 and 8.3 (object and class identifiers).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote, unquote

from contracts.model.identifiers import CSET_82, gs1_check_digit

ROOT = "https://id.gs1.org"


class Level(StrEnum):
    """Whether a key names one thing, a class of things, or neither: a place, a party, a paper."""

    INSTANCE = "instance"
    CLASS = "class"
    OTHER = "other"


@dataclass(frozen=True)
class Key:
    """A GS1 key: the application identifier and value of each part, the primary key first."""

    parts: tuple[tuple[str, str], ...]

    @property
    def uri(self) -> str:
        """The canonical Digital Link URI, with only the finest level of identification."""
        return ROOT + "".join(f"/{ai}/{_escaped(ai, text)}" for ai, text in self._finest())

    @property
    def level(self) -> Level:
        """What is identified. Source: CBV 2.0, 8.2.1 and 8.3.1."""
        ai, value = self.parts[0]
        qualified = {name for name, _ in self.parts[1:]}
        if ai in ("00", "8004", "8017", "8018", "401", "402"):
            return Level.INSTANCE
        if ai in ("01", "8006"):
            return Level.INSTANCE if qualified & {"21", "235"} else Level.CLASS
        if ai == "8010":
            return Level.INSTANCE if "8011" in qualified else Level.CLASS
        if ai in ("8003", "253", "255"):
            return Level.INSTANCE if len(value) > _KEY_DIGITS[ai] else Level.CLASS
        return Level.OTHER

    @property
    def is_shaped(self) -> bool:
        """Whether each part has the length and characters of its kind; check digits aside."""
        return all(_is_shaped(ai, value) for ai, value in self.parts)

    def faults(self) -> list[str]:
        """What is wrong with the length and characters of a part, one sentence each."""
        return [
            f"({ai}) {value} is not {_wanted(ai)}"
            for ai, value in self.parts if not _is_shaped(ai, value)
        ]

    @property
    def wrong_check_digit(self) -> bool:
        """Whether the check digit of the primary key is another one. Source: GenSpecs 7.9."""
        ai, value = self.parts[0]
        digits = _CHECKED.get(ai)
        if digits is None or not value[:digits].isdecimal() or len(value) < digits:
            return False
        return gs1_check_digit(value[: digits - 1]) != value[digits - 1]

    def _finest(self) -> tuple[tuple[str, str], ...]:
        primary, *rest = self.parts
        for ai in _FINEST.get(primary[0], ()):
            for part in rest:
                if part[0] == ai:
                    return (primary, part)
        return (primary,)


def read_key(uri: str) -> Key | None:
    """The GS1 key in an EPC URN or Digital Link URI; None where there is none."""
    if uri.startswith("urn:epc:"):
        return _from_urn(uri)
    if uri.startswith(("https://", "http://")):
        return _from_link(uri)
    return None


def canonical_uri(uri: str) -> str:
    """The constrained canonical Digital Link URI of a key; what is none stays as it is."""
    return _lately_read(uri) if len(uri) <= _REMEMBERED_MAX else _canonical(uri)


def _canonical(uri: str) -> str:
    key = read_key(uri)
    return key.uri if key is not None and key.is_shaped else uri


# The events of a plant name the same few things again and again; long texts are not remembered.
_REMEMBERED_MAX = 128
_lately_read = lru_cache(maxsize=2048)(_canonical)
# Digits of the primary key with its check digit, before a serial part of the same identifier.
_KEY_DIGITS = {
    "00": 18, "01": 14, "253": 13, "255": 13, "402": 17, "414": 13, "417": 13, "8003": 14,
    "8006": 18, "8017": 18, "8018": 18,
}
_CHECKED = {**_KEY_DIGITS, "8006": 14}
_TEXT_MAX = {
    "10": 20, "21": 20, "22": 20, "235": 28, "254": 20, "401": 30, "8004": 30, "8010": 30,
    "8011": 12,
}
_SERIAL_MAX = {"253": 17, "255": 12, "8003": 16}
_FINEST = {
    "01": ("21", "235", "10"), "8006": ("21", "10"), "414": ("254",), "8010": ("8011",),
}
_QUALIFIERS = {
    "01": ("22", "10", "21", "235"), "8006": ("22", "10", "21"), "414": ("254",),
    "8010": ("8011",), "417": (), "00": (), "253": (), "255": (), "401": (), "402": (),
    "8003": (), "8004": (), "8017": ("8019",), "8018": ("8019",),
}
_NAMES = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017",
    "gsrn": "8018", "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402",
    "grai": "8003", "giai": "8004", "cpv": "22", "lot": "10", "ser": "21",
}
_SHAPE = {
    ai: rf"\d{{{digits}}}" + (rf"{CSET_82}{{0,{_SERIAL_MAX[ai]}}}" if ai in _SERIAL_MAX else "")
    for ai, digits in _KEY_DIGITS.items()
}


def _is_shaped(ai: str, value: str) -> bool:
    if ai in _SHAPE:
        return re.fullmatch(_SHAPE[ai], value) is not None
    longest = _TEXT_MAX.get(ai, 90)
    return re.fullmatch(rf"{_characters(ai)}{{1,{longest}}}", value) is not None


def _wanted(ai: str) -> str:
    if ai not in _KEY_DIGITS:
        return f"1 to {_TEXT_MAX.get(ai, 90)} characters of its set"
    serial = f" and at most {_SERIAL_MAX[ai]} characters" if ai in _SERIAL_MAX else ""
    return f"{_KEY_DIGITS[ai]} digits{serial}"


def _characters(ai: str) -> str:
    return {"8010": "[0-9A-Z#/-]", "8011": "[0-9]"}.get(ai, CSET_82)


def _escaped(ai: str, text: str) -> str:
    """A part as a path segment. Source: Digital Link 1.2, 4.11 (percent-encoding)."""
    return text if ai in _KEY_DIGITS and text.isdigit() else quote(text, safe="'-.;=_")


def _from_link(uri: str) -> Key | None:
    """The key of a Digital Link URI. On a foreign domain only what has the shape of a key is one:
    elsewhere ``/01/`` may be a month.
    """
    host, _, path = re.split("[?#]", uri, maxsplit=1)[0].partition("://")[2].partition("/")
    segments = path.removesuffix("/").split("/")
    for start in range(len(segments) - 1):
        ai = _NAMES.get(segments[start], segments[start])
        if ai in _QUALIFIERS:
            key = _linked(ai, [unquote(part) for part in segments[start:]])
            if key and (key.is_shaped or host == "id.gs1.org" or _is_shaped(*key.parts[0])):
                return key
    return None


def _linked(ai: str, segments: list[str]) -> Key | None:
    """The key whose path segments begin at the primary key; None where a qualifier is foreign."""
    value = segments[1]
    if len(segments) % 2 or not re.match(r"\d{4}", value):
        return None
    if ai == "01" and len(value) in (8, 12, 13) and value.isdigit():
        value = value.zfill(14)
    parts = [(ai, value)]
    for name, text in zip(segments[2::2], segments[3::2], strict=True):
        qualifier = _NAMES.get(name, name)
        if qualifier not in _QUALIFIERS[ai]:
            return None
        parts.append((qualifier, text))
    return Key(tuple(parts))


def _checked(digits: str) -> str:
    return digits + gs1_check_digit(digits)


def _gtin(prefix: str, item: str) -> str:
    return _checked(item[:1] + prefix + item[1:])


def _plain(ai: str) -> Callable[[list[str]], tuple[tuple[str, str], ...]]:
    return lambda f: ((ai, _checked(f[0] + f[1])),)


def _with_serial(ai: str, lead: str = "") -> Callable[[list[str]], tuple[tuple[str, str], ...]]:
    return lambda f: ((ai, _checked(lead + f[0] + f[1]) + f[2]),)


def _sgln(f: list[str]) -> tuple[tuple[str, str], ...]:
    place = ("414", _checked(f[0] + f[1]))
    return (place,) if f[2] == "0" else (place, ("254", f[2]))


# Scheme: digits that the first two fields have together (None: no fixed number), the number of
# fields, and the parts of the key made from them.
_Rule = tuple[int | None, int, Callable[[list[str]], tuple[tuple[str, str], ...]]]
_SCHEMES: dict[str, _Rule] = {
    "id:sgtin": (13, 3, lambda f: (("01", _gtin(f[0], f[1])), ("21", f[2]))),
    "id:sscc": (17, 2, lambda f: (("00", _checked(f[1][:1] + f[0] + f[1][1:])),)),
    "id:sgln": (12, 3, _sgln),
    "id:grai": (12, 3, _with_serial("8003", "0")),
    "id:giai": (None, 2, lambda f: (("8004", f[0] + f[1]),)),
    "id:gsrn": (17, 2, _plain("8018")),
    "id:gsrnp": (17, 2, _plain("8017")),
    "id:gdti": (12, 3, _with_serial("253")),
    "id:cpi": (None, 3, lambda f: (("8010", f[0] + f[1]), ("8011", f[2]))),
    "id:sgcn": (12, 3, _with_serial("255")),
    "id:ginc": (None, 2, lambda f: (("401", f[0] + f[1]),)),
    "id:gsin": (16, 2, _plain("402")),
    "id:itip": (13, 5, lambda f: (("8006", _gtin(f[0], f[1]) + f[2] + f[3]), ("21", f[4]))),
    "id:upui": (13, 3, lambda f: (("01", _gtin(f[0], f[1])), ("235", f[2]))),
    "id:pgln": (12, 2, _plain("417")),
    "class:lgtin": (13, 3, lambda f: (("01", _gtin(f[0], f[1])), ("10", f[2]))),
    "idpat:sgtin": (13, 3, lambda f: (("01", _gtin(f[0], f[1])),)),
    "idpat:grai": (12, 3, lambda f: (("8003", _checked("0" + f[0] + f[1])),)),
    "idpat:gdti": (12, 3, lambda f: (("253", _checked(f[0] + f[1])),)),
    "idpat:sgcn": (12, 3, lambda f: (("255", _checked(f[0] + f[1])),)),
    "idpat:cpi": (None, 3, lambda f: (("8010", f[0] + f[1]),)),
    "idpat:itip": (13, 5, lambda f: (("8006", _gtin(f[0], f[1]) + f[2] + f[3]),)),
    "idpat:upui": (13, 3, lambda f: (("01", _gtin(f[0], f[1])),)),
}


def _from_urn(uri: str) -> Key | None:
    """The key of an EPC URN. Source: Tag Data Standard 6.3 (fields and their lengths)."""
    _, _, kind, scheme, *rest = [*uri.split(":", 4), "", ""][:5]
    rule = _SCHEMES.get(f"{kind}:{scheme}")
    if rule is None or not rest:
        return None
    digits, fields, make = rule
    parts = [unquote(part) for part in rest[0].split(".", fields - 1)]
    if len(parts) != fields or not _fits(parts, digits):
        return None
    if kind == "idpat" and parts[-1] != "*":
        return None
    return Key(make(parts))


def _fits(parts: list[str], digits: int | None) -> bool:
    if not re.fullmatch(r"\d{6,12}", parts[0]):
        return False
    if digits is None:
        return bool(parts[1])
    return re.fullmatch(r"\d*", parts[1]) is not None and len(parts[0] + parts[1]) == digits
