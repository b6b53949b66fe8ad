"""The warehouse compares what MES publishes, answers with its own record, and can take MES's over.

Source: URS-MDM-001.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from contracts.model.codes import Code, Refusal
from contracts.model.commands import AdoptMasterData
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Gtin14, Id
from contracts.model.master_data import SHELF_LIFE_DAYS_MAX, MasterKind
from contracts.model.messages import MESSAGES
from contracts.model.messages.dispensing import IssueMode
from contracts.model.messages.master_data import MasterDataPublished
from contracts.model.segregation import TemperatureClass
from contracts.model.units import PotencyBasis
from reference_impl import master_data
from reference_impl.domain.reasons import check_reason
from reference_impl.factors import conversions_text, stated_factors
from reference_impl.identifiers import derived_id
from reference_impl.link.outbox import About, put
from reference_impl.places import as_list
from reference_impl.records.work import Work
from reference_impl.store.tables import materials, partner_records

_DESCRIPTION_MAX = 200


def material_published(work: Work, envelope: Envelope[MasterDataPublished]) -> Refusal | None:
    """MES says what its record holds: it is compared, and MES learns what ours holds."""
    refusal = master_data.master_data_published(work, envelope)
    if refusal is None:
        fact = envelope.data
        publication_id = derived_id(fact.publication_id, "OWN")
        _answer(work, (fact.kind, fact.record_id), publication_id, envelope.id)
    return refusal


# implements FRS-MDM-003
# implements FRS-MDM-004
# implements FRS-MDM-012
def adopt_master_data(work: Work, command: AdoptMasterData) -> Refusal | None:
    """Take over what MES published, with a reason; MES learns that both are equal again."""
    if work.find(materials, command.material_id) is None:
        return Refusal(Code.UNKNOWN_MATERIAL, "materialId", command.material_id)
    published = work.find(partner_records, MasterKind.MATERIAL.value, command.material_id)
    if published is None:
        return Refusal(Code.NOTHING_PUBLISHED, "materialId", command.material_id)
    refusal = check_reason(command.reason)
    if refusal:
        return refusal
    work.cause = replace(work.cause, reason=command.reason)
    values = _readable(json.loads(published["content"]))
    if isinstance(values, Refusal):
        return values
    work.change(materials, command.material_id, **values)
    record = (MasterKind.MATERIAL, command.material_id)
    master_data.compare(work, *record)
    _answer(work, record, derived_id(command.adoption_id, "ADOPTED"), None)
    return None


def _readable(content: Mapping[str, str]) -> dict[str, str | int | None] | Refusal:
    """What the columns become, or the refusal of a text that nobody here could read later."""
    values: dict[str, str | int | None] = {}
    for member, (column, kept) in _ADOPTED.items():
        text = content.get(member)
        try:
            values[column] = None if text is None else kept(text)
        except (ValueError, RecursionError):
            return Refusal(Code.MASTER_DATA_UNREADABLE, "materialId", member)
    return values


def _answer(
    work: Work, record: tuple[MasterKind, str], publication_id: str, message_id: str | None
) -> None:
    """Publish our own record, where we have one."""
    fact = master_data.publication(work, publication_id, *record)
    if fact is None:
        return
    about = About(f"master/{record[1]}", publication_id, message_id)
    put(work, MESSAGES["master-data-published"], fact, about)


def _description(text: str) -> str:
    if not 1 <= len(text) <= _DESCRIPTION_MAX:
        raise ValueError("a description has 1 to 200 characters")
    return text


def _days(text: str) -> int:
    days = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= days <= SHELF_LIFE_DAYS_MAX or str(days) != text:
        raise ValueError("a shelf life is a number of days")
    return days


def _factors(text: str) -> str | None:
    return conversions_text(stated_factors({"conversions": text}))


def _words(text: str) -> str | None:
    words = json.loads(text)
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError("a list of words was expected")
    return as_list(map(Id, words))


# How each member is read. Stock is kept in the base unit and to its digits, so other ones are not
# taken over by the press of a button.
_ADOPTED: Mapping[str, tuple[str, Callable[[str], str | int | None]]] = {
    "description": ("description", _description),
    "gtin": ("gtin", Gtin14),
    "conversions": ("conversions", _factors),
    "potencyBasis": ("potency_basis", PotencyBasis),
    "shelfLifeDays": ("shelf_life_days", _days),
    "temperatureClass": ("temperature_class", TemperatureClass),
    "hazardClasses": ("hazard_classes", _words),
    "allergens": ("allergens", _words),
    "issueMode": ("issue_mode", IssueMode),
}
