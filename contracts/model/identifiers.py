"""Identifiers that travel between the two systems, each checked where it enters.

GS1 keys carry a check digit; a key with a wrong one never becomes a value of its type.
Source: GS1 General Specifications, sections 7.9 (check digit) and 7.11 (character set 82).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

CSET_82 = r"""[!"%&'()*+,./0-9:;<=>?A-Z_a-z-]"""


def gs1_check_digit(digits: str) -> str:
    """The GS1 check digit for a string of digits that does not yet carry one.

    Weights are 3 and 1 from the right. Source: GS1 General Specifications 7.9.1.
    """
    total = 3 * sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2]))
    return str(-total % 10)


def _whole(pattern: str) -> Callable[[str], re.Match[str] | None]:
    """What matches a published pattern; its anchors are off, because ``$`` allows a line end."""
    return re.compile(pattern.removeprefix("^").removesuffix("$")).fullmatch


class Identifier(str):
    """A checked string. Shape: ``pattern``; meaning beyond the shape: ``fault``.

    Raises: ValueError with a sentence that names the expected shape.
    """

    __slots__ = ()
    pattern: ClassVar[str] = r"^[\x21-\x7e]{1,64}$"
    shape: ClassVar[str] = "1 to 64 printable ASCII characters without spaces"
    _matches: ClassVar[Callable[[str], re.Match[str] | None]] = _whole(pattern)

    def __init_subclass__(cls) -> None:
        cls._matches = _whole(cls.pattern)

    def __new__(cls, value: str) -> Self:
        fault = cls.fault(value)
        if fault:
            raise ValueError(fault)
        return super().__new__(cls, value)

    @classmethod
    def fault(cls, value: str) -> str | None:
        """Why ``value`` cannot be one of these, or None. Never raises."""
        return None if cls._matches(value) else f"expected {cls.shape}"

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls, handler(str))

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": cls.pattern, "description": cls.shape}


class Id(Identifier):
    """A business identifier that one of the two systems issued (request, order, person, place)."""

    __slots__ = ()


class MessageId(Identifier):
    """The identity of one message: a UUID of version 7, lower case. Source: RFC 9562 5.7."""

    __slots__ = ()
    pattern = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
    shape = "a UUID of version 7 in lower case"

    @classmethod
    def made_at(cls, milliseconds: int, randomness: int) -> Self:
        """The id of an instant since 1970; the lowest 74 bits of ``randomness`` make it unique."""
        value = milliseconds << 80 | 7 << 76 | (randomness >> 62 & 0xFFF) << 64
        text = f"{value | 2 << 62 | randomness & (1 << 62) - 1:032x}"
        return cls("-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:])))


class SystemUri(Identifier):
    """The name of a sending system, as a URN. Source: CloudEvents 1.0, attribute ``source``."""

    __slots__ = ()
    pattern = r"^urn:[a-z0-9][a-z0-9-]{0,31}:[a-zA-Z0-9:._-]{1,128}$"
    shape = "a URN such as urn:example:mes"


class LotNumber(Identifier):
    """Batch or lot number, AI (10): 1 to 20 characters of GS1 character set 82."""

    __slots__ = ()
    pattern = rf"^{CSET_82}{{1,20}}$"
    shape = "1 to 20 characters of GS1 character set 82"


class SerialNumber(Identifier):
    """Serial number of a trade item, AI (21): 1 to 20 characters of GS1 character set 82."""

    __slots__ = ()
    pattern = rf"^{CSET_82}{{1,20}}$"
    shape = "1 to 20 characters of GS1 character set 82"


class Digits(Identifier):
    """A GS1 key of a fixed number of digits, the last of which is the check digit."""

    __slots__ = ()

    @classmethod
    def fault(cls, value: str) -> str | None:
        wrong = super().fault(value)
        if wrong:
            return wrong
        expected = gs1_check_digit(value[:-1])
        return None if value[-1] == expected else f"check digit is {value[-1]}, expected {expected}"

    @classmethod
    def complete(cls, digits: str) -> Self:
        """The key whose last digit is computed from the others."""
        return cls(digits + gs1_check_digit(digits))


class Gtin14(Digits):
    """Trade item, AI (01): 14 digits with check digit."""

    __slots__ = ()
    pattern = r"^[0-9]{14}$"
    shape = "14 digits with a valid check digit (GTIN)"


class Sscc(Digits):
    """Handling unit, AI (00): 18 digits with check digit."""

    __slots__ = ()
    pattern = r"^[0-9]{18}$"
    shape = "18 digits with a valid check digit (SSCC)"


_LOT_CODE_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"


def lot_code_check_character(text: str) -> str:
    """The check character of ``text`` over [0-9A-Z]. Source: ISO/IEC 7064, system MOD 37-2."""
    total = 0
    for character in text:
        total = (total + _LOT_CODE_CHARACTERS.index(character)) * 2 % 37
    return _LOT_CODE_CHARACTERS[(1 - total) % 37]


class SiteLotCode(Identifier):
    """A lot code that the site issued: S, two digits of the year, six of [0-9A-Z], the check.

    Every single wrong character and every exchange of two neighbours is found out.
    Source: URS-MDM-003; ISO/IEC 7064, MOD 37-2.
    """

    __slots__ = ()
    pattern = r"^S[0-9]{2}[0-9A-Z]{6}[0-9A-Z*]$"
    shape = "S, two digits, six of [0-9A-Z] and a check character (site lot code)"

    @classmethod
    def fault(cls, value: str) -> str | None:
        wrong = super().fault(value)
        if wrong:
            return wrong
        expected = lot_code_check_character(value[:-1])
        given = value[-1]
        return None if given == expected else f"check character is {given}, expected {expected}"

    @classmethod
    def complete(cls, text: str) -> Self:
        """The code whose check character is computed from the others."""
        return cls(text + lot_code_check_character(text))


_ITEM_ALONE = rf"\(01\)[0-9]{{14}}\(21\){CSET_82}{{1,20}}"


class ItemName(Identifier):
    """One unit of sale, as its label says it: ``(01)`` with the GTIN, ``(21)`` with the serial."""

    __slots__ = ()
    pattern = rf"^{_ITEM_ALONE}$"
    shape = "(01) with a valid GTIN and (21) with a serial number"

    @classmethod
    def of(cls, gtin: str, serial: str) -> Self:
        """The name of one unit of a trade item."""
        return cls(f"(01){gtin}(21){serial}")

    @classmethod
    def fault(cls, value: str) -> str | None:
        return super().fault(value) or Gtin14.fault(value[4:18])

    @property
    def gtin(self) -> Gtin14:
        """The trade item."""
        return Gtin14(self[4:18])

    @property
    def serial(self) -> SerialNumber:
        """The serial number within the trade item."""
        return SerialNumber(self[22:])


class UnitName(Identifier):
    """What can stand inside something: a logistic unit by its SSCC, or one unit of sale."""

    __slots__ = ()
    pattern = rf"^([0-9]{{18}}|{_ITEM_ALONE})$"
    shape = "an SSCC, or (01) with a valid GTIN and (21) with a serial number"

    @classmethod
    def fault(cls, value: str) -> str | None:
        if super().fault(value):
            return super().fault(value)
        return ItemName.fault(value) if value.startswith("(") else Sscc.fault(value)

    @property
    def is_item(self) -> bool:
        """Whether it is one unit of sale."""
        return self.startswith("(")

    @property
    def key(self) -> str:
        """The same with its application identifier in front, as exports show it."""
        return str(self) if self.is_item else f"(00){self}"
