"""Codes that the site issues for its lots: a running number with a check character.

Source: URS-MDM-003; ISO/IEC 7064, MOD 37-2.
"""

from __future__ import annotations

from contracts.model.identifiers import SiteLotCode
from reference_impl.records.counting import next_lasting_number
from reference_impl.records.work import Work
from reference_impl.store.tables import lots

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WIDTH = 6


# implements FRS-MDM-006
def new_lot_code(work: Work) -> SiteLotCode:
    """The next code of the year at the site; no two lots ever get the same.

    Raises: ValueError when the two thousand million codes of a year are used up.
    """
    year = work.now.astimezone(work.settings.site_zone).year % 100
    number = next_lasting_number(work.connection, f"lot codes of {year:02d}")
    return SiteLotCode.complete(f"S{year:02d}{_in_36(number):0>{_WIDTH}}")


def lot_code_of(work: Work, lot_id: str) -> SiteLotCode | None:
    """The code that the site issued for a lot, or None."""
    lot = work.find(lots, lot_id)
    return SiteLotCode(lot["lot_code"]) if lot and lot["lot_code"] else None


def _in_36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text
