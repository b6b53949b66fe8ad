"""Checks of lots and their containers across several B2MML documents.

A lot and its container may be told of in different messages. The last word of each counts, by
CreationDateTime; a container may be stricter than its lot, never looser.
Source: ISA-95.00.02 (MaterialLot, MaterialSubLot); URS-STA-002.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from contracts.formats.b2mml_objects import ACTUALS, REQUIREMENTS
from contracts.formats.b2mml_rules import Rule, finding
from contracts.formats.b2mml_spots import Document, Spot
from contracts.formats.findings import Finding, Severity
from contracts.formats.xml_instants import instant

_USABLE = frozenset({
    "valid", "released", "unrestricted", "approved", "available", "accepted", "usable", "good",
    "free", "passed", "ok", "active",
})
_HELD = frozenset({
    "notvalid", "invalid", "restricted", "quarantine", "quarantined", "blocked", "rejected",
    "hold", "onhold", "held", "expired", "recalled", "notreleased", "unavailable", "closed",
    "failed", "scrapped", "destroyed", "locked", "notapproved", "inspection", "pending",
})
_SSCC = re.compile("(00)?[0-9]{18}")
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Said:
    """What one document says of one lot or container."""

    document: str
    spot: Spot
    lot: str
    sublot: str
    material: str
    status: str
    at: datetime

    @property
    def name(self) -> str:
        """How it is called in a finding."""
        return f"sublot {self.sublot!r} of lot {self.lot!r}" if self.sublot else f"lot {self.lot!r}"


def check_lots(documents: Iterable[Document]) -> Iterator[tuple[str, Finding]]:
    """Every finding with the name of the document that it stands in."""
    said = [item for document in documents for item in _said(document)]
    yield from _contradictions(said)
    yield from _sublots_against_lots(said)
    yield from _two_lots(said)


def _said(document: Document) -> Iterator[_Said]:
    at = instant(document.created) or _LONG_AGO
    for spot in document.spots:
        element = spot.element
        status = element.value("Status") or element.value("Disposition")
        if spot.name == "MaterialLot":
            lot, sublot = element.value("ID"), ""
        elif spot.name in ("MaterialSubLot", "MaterialSubLotChild"):
            above = spot.within("MaterialLot")
            lot = element.value("MaterialLotID") or (above.element.value("ID") if above else "")
            sublot = element.value("ID")
        elif spot.name in (*ACTUALS, *REQUIREMENTS):
            lots, sublots = element.named("MaterialLotID"), element.named("MaterialSubLotID")
            if len(lots) != 1 or len(sublots) != 1:
                continue
            lot, sublot, status = lots[0].text.strip(), sublots[0].text.strip(), ""
        else:
            continue
        if lot or sublot:
            material = _material(spot)
            yield _Said(document.name, spot, lot, sublot, material, status, at)


def _material(spot: Spot) -> str:
    """The material that a lot is of: its own word, or that of the lot around it."""
    own = spot.element.value("MaterialDefinitionID")
    above = spot.within("MaterialLot")
    return own or (above.element.value("MaterialDefinitionID") if above else "")


def _contradictions(said: list[_Said]) -> Iterator[tuple[str, Finding]]:
    """Two statuses of one thing that were told at one time."""
    first: dict[tuple[str, str, str, datetime], _Said] = {}
    for item in said:
        if not item.status or item.at == _LONG_AGO:
            continue
        before = first.setdefault((item.lot, item.sublot, item.material, item.at), item)
        if before.status != item.status:
            what = f"{item.name} is {item.status!r} here and {before.status!r} {_where(before)}"
            yield item.document, finding(Rule.STATUS_CONTRADICTS, item.spot, what)


def _sublots_against_lots(said: list[_Said]) -> Iterator[tuple[str, Finding]]:
    last: dict[tuple[str, str, str], _Said] = {}
    for item in said:
        key = (item.lot, item.sublot, item.material)
        if item.status and (key not in last or last[key].at <= item.at):
            last[key] = item
    lots = {(item.lot, item.material): item for item in last.values() if not item.sublot}
    of_any_material = {lot.lot: lot for lot in lots.values()}
    for item in last.values():
        lot = lots.get((item.lot, item.material)) or lots.get((item.lot, ""))
        if lot is None and not item.material:
            lot = of_any_material.get(item.lot)
        if item.sublot and lot and _differ(lot.status, item.status):
            yield item.document, _difference(lot, item)


def _difference(lot: _Said, sublot: _Said) -> Finding:
    looser = _word(lot.status) in _HELD and _word(sublot.status) in _USABLE
    rule = Rule.LOT_SUBLOT_STATUS
    if looser and sublot.at >= lot.at:  # an older word may be from before the lot was held
        rule = Rule.SUBLOT_LOOSER_THAN_LOT
    what = f"{sublot.name} is {sublot.status!r}, the lot is {lot.status!r} {_where(lot)}"
    return finding(rule, sublot.spot, what)


def _two_lots(said: list[_Said]) -> Iterator[tuple[str, Finding]]:
    first: dict[str, _Said] = {}
    for item in said:
        if not item.sublot or not item.lot:
            continue
        before = first.setdefault(item.sublot, item)
        if before.lot != item.lot:
            what = f"sublot {item.sublot!r} is of lot {item.lot!r} here, of {before.lot!r} "
            # Numbers of containers are unique in the world only where they are SSCCs.
            severity = None if _SSCC.fullmatch(item.sublot) else Severity.NOTICE
            yield item.document, finding(
                Rule.SUBLOT_OF_TWO_LOTS, item.spot, what + _where(before), severity
            )


def _where(said: _Said) -> str:
    return f"in {said.document} at {said.spot.place}"


def _differ(one: str, other: str) -> bool:
    """Whether two statuses differ in more than the word for "may be used"."""
    words = {_word(one), _word(other)}
    return len(words) > 1 and not words <= _USABLE


def _word(status: str) -> str:
    return "".join(letter for letter in status.lower() if letter.isalnum())
