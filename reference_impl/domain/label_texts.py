"""The words of a label by the customs of a language: dates, numbers, and what they are called.

What a label's symbols hold depends on none of it. Source: URS-LBL-001, URS-DEV-005; Unicode CLDR
(short dates, decimal and grouping marks of the locales).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.model.codes import Code, Refusal
from contracts.model.packing import LabelEncoding, LabelLocale
from contracts.model.quantities import Quantity, Unit


@dataclass(frozen=True)
class LabelWords:
    """What a label says to people: how much, and of what where it is about one lot."""

    quantity: Quantity
    item: str | None = None
    lot: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class _Customs:
    """``day`` names year, month and day; ``marks`` are those of decimals and of thousands."""

    lot: str
    expiry: str
    amount: str
    day: str
    marks: tuple[str, str]


_NARROW = "\u202f"
_CUSTOMS = {
    LabelLocale.EN_GB: _Customs("Lot", "Expiry", "Quantity", "{d:02}/{m:02}/{y}", (".", ",")),
    LabelLocale.DE_CH: _Customs(
        "Charge", "Verwendbar bis", "Menge", "{d:02}.{m:02}.{y}", (".", "\u2019")),
    LabelLocale.DE_DE: _Customs(
        "Charge", "Verwendbar bis", "Menge", "{d:02}.{m:02}.{y}", (",", ".")),
    LabelLocale.FR_FR: _Customs(
        "Lot", "P\u00e9remption", "Quantit\u00e9", "{d:02}/{m:02}/{y}", (",", _NARROW)),
    LabelLocale.EL_GR: _Customs(
        "\u03a0\u03b1\u03c1\u03c4\u03af\u03b4\u03b1", "\u039b\u03ae\u03be\u03b7",
        "\u03a0\u03bf\u03c3\u03cc\u03c4\u03b7\u03c4\u03b1", "{d}/{m}/{y}", (",", ".")),
    LabelLocale.JA_JP: _Customs(
        "\u30ed\u30c3\u30c8", "\u4f7f\u7528\u671f\u9650", "\u6570\u91cf",
        "{y}\u5e74{m}\u6708{d}\u65e5", (".", ",")),
}


# implements FRS-LBL-020
def texts_of(locale: LabelLocale, words: LabelWords) -> tuple[str, ...]:
    """The lines of a label, in the language of the locale."""
    customs = _CUSTOMS[locale]
    unit = "" if words.quantity.unit is Unit.EACH else f" {words.quantity.unit}"
    amount = f"{customs.amount}: {written(words.quantity.value, locale)}{unit}"
    if words.item is None or words.expires_on is None:
        return (amount,)
    day = words.expires_on
    expiry = customs.day.format(y=day.year, m=day.month, d=day.day)
    return (
        words.item, f"{customs.lot}: {words.lot}", f"{customs.expiry}: {expiry}", amount,
    )


def written(value: Decimal, locale: LabelLocale) -> str:
    """A number with the marks of the locale; no digit is lost or added."""
    point, group = _CUSTOMS[locale].marks
    whole, _, digits = f"{value:,f}".partition(".")
    whole = whole.replace(",", group)
    return f"{whole}{point}{digits}" if digits else whole


# implements FRS-LBL-021
def check_printable(texts: tuple[str, ...], encoding: LabelEncoding) -> Refusal | None:
    """Refuse what the printer would show as something else, or not at all."""
    for text in texts:
        for letter in text:
            try:
                letter.encode(encoding.value)
            except UnicodeEncodeError:
                return Refusal(
                    Code.TEXT_NOT_PRINTABLE, "encoding", f"U+{ord(letter):04X} of {text!a}"
                )
            if ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0:
                return Refusal(
                    Code.TEXT_NOT_PRINTABLE, "encoding", f"a control character of {text!a}"
                )
    return None
