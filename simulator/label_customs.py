"""In which languages and character sets a day's labels are printed, and what people then read.

Labels take turns in the order of their first print; a reprint is written like the print before it.
Source: URS-DEV-005; Unicode CLDR (short dates of the locales).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import cycle

from contracts.formats.zpl import ZplUnreadable, read_zpl
from contracts.model.commands import LabelPrinted
from contracts.model.packing import LabelEncoding, LabelLocale


@dataclass(frozen=True)
class LabelCustom:
    """A language with the character set in which a printer is sent it."""

    locale: LabelLocale
    encoding: LabelEncoding

    def __str__(self) -> str:
        return f"{self.locale}, {self.encoding}"


# Letters beyond ASCII in both character sets, and scripts that only one of them has. German of
# Germany differs from that of Switzerland in the marks of numbers alone, which no case shows.
CUSTOMS = (
    LabelCustom(LabelLocale.EN_GB, LabelEncoding.UTF_8),
    LabelCustom(LabelLocale.FR_FR, LabelEncoding.WINDOWS_1252),
    LabelCustom(LabelLocale.EL_GR, LabelEncoding.UTF_8),
    LabelCustom(LabelLocale.DE_CH, LabelEncoding.WINDOWS_1252),
    LabelCustom(LabelLocale.JA_JP, LabelEncoding.UTF_8),
)
# The last two lines of a label: the expiry day, and the word before the quantity.
_LINES = {
    LabelLocale.EN_GB: ("Expiry: {d:02}/{m:02}/{y}", "Quantity: "),
    LabelLocale.FR_FR: ("Péremption: {d:02}/{m:02}/{y}", "Quantité: "),
    LabelLocale.EL_GR: ("Λήξη: {d}/{m}/{y}", "Ποσότητα: "),
    LabelLocale.DE_CH: ("Verwendbar bis: {d:02}.{m:02}.{y}", "Menge: "),
    LabelLocale.JA_JP: ("使用期限: {y}年{m}月{d}日", "数量: "),
}


@dataclass
class LabelCustoms:
    """Gives the labels of a day their languages, in turn."""

    _given: dict[str, LabelCustom] = field(default_factory=dict)
    _next: cycle[LabelCustom] = field(default_factory=lambda: cycle(CUSTOMS))

    def of(self, name: str) -> LabelCustom:
        """How the label of a unit is written, always the same."""
        if name not in self._given:
            self._given[name] = next(self._next)
        return self._given[name]


def misprint(printed: LabelPrinted, custom: LabelCustom, expires_on: date, pieces: int) -> str:
    """What a printer would show otherwise than was asked for; empty: it is as it should be."""
    try:
        job = read_zpl(printed.zpl)
    except ZplUnreadable as exc:
        return str(exc)
    expiry, quantity = _LINES[custom.locale]
    day = expiry.format(d=expires_on.day, m=expires_on.month, y=expires_on.year)
    if job.character_set != custom.encoding.lower():
        return f"in {job.character_set}"
    if len(job.texts) < 2 or job.texts[-2] != day:
        return f"{day!r} is not said"
    count = "".join(letter for letter in job.texts[-1] if letter in "0123456789")
    if not job.texts[-1].startswith(quantity) or count != str(pieces):
        return f"{job.texts[-1]!r} in place of {quantity}{pieces}"
    return ""
