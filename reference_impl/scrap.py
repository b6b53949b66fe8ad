"""Scrap: how both systems sign for it, keep it, follow the partner's and show it.

Source: URS-ADJ-003.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ScrapMaterial
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Gtin14, Sscc
from contracts.model.inspection_flows import ScrapRow, Scraps, SerialRow
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.messages.scrap import MaterialScrapped
from contracts.model.scrap import ScrapOrigin, SerialState
from reference_impl.custody import Act
from reference_impl.domain import scrap as rules
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.serials import gtin_of, units_inside
from reference_impl.settings import Settings
from reference_impl.stock import quantity, text
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.flow_tables import scraps, serials_out
from reference_impl.store.tables import containers
from reference_impl.units_ended import end_units

_ALL = Statement(select(scraps).order_by(scraps.c.scrap_id))
_SERIALS = Statement(select(serials_out).order_by(serials_out.c.unit))


@dataclass(frozen=True)
class Source:
    """What material is scrapped out of. ``units`` are the serialised ones inside, by serial."""

    origin: ScrapOrigin
    container: str
    lot: Row
    location_id: str
    units: dict[str, str]
    order_id: str | None = None


# implements FRS-SCR-006
# implements FRS-SCR-008
def signed_scrap(
    work: Work, command: ScrapMaterial, accounts: Accounts
) -> SignatureManifest | Refusal | None:
    """The signature of the second person, or the refusal; None where none is needed."""
    components = command.verification
    refusal = rules.check_second_person(
        command.quantity, work.settings.scrap_verified_above, work.actor.account,
        components.user_id if components else None,
    )
    if refusal or components is None:
        return refusal
    content = command.model_dump(mode="json", exclude={"verification"})
    record = ("scraps", command.scrap_id, content)
    found = accounts.sign(work, components.user_id, components, record)
    return rules.check_signer(found[1] if found else None) or (found and found[0])


def fact_of(
    work: Work, command: ScrapMaterial, source: Source, signature: SignatureManifest | None
) -> MaterialScrapped:
    """What the partner is told."""
    named = next((source.units[serial] for serial in command.serials), None)
    return MaterialScrapped(
        scrap_id=command.scrap_id, origin=source.origin, order_id=source.order_id,
        container=Sscc(source.container), material_id=source.lot["material_id"],
        gtin=Gtin14(gtin_of(named)) if named else None, lot_id=source.lot["lot_id"],
        lot=source.lot["lot"], quantity=command.quantity, serials=command.serials,
        disposal=command.disposal, reason_code=command.reason_code, reason=command.reason,
        location_id=source.location_id, scrapped_at=work.now, scrapped_by=work.actor.account,
        station=work.actor.station, verification=signature,
    )


# implements FRS-SCR-015
def keep_scrap(work: Work, fact: MaterialScrapped) -> None:
    """Record what was given up; its serial numbers are out of use."""
    signature = fact.verification
    work.create(
        scraps, scrap_id=fact.scrap_id, origin=fact.origin.value, order_id=fact.order_id,
        container=fact.container, lot_id=fact.lot_id, quantity=text(fact.quantity),
        unit=fact.quantity.unit.value, serials=json.dumps(sorted(fact.serials)),
        disposal=fact.disposal.value, reason_code=fact.reason_code.value, reason=fact.reason,
        scrapped_at=microseconds(fact.scrapped_at), scrapped_by=fact.scrapped_by,
        verified_by=signature.person_id if signature else None,
    )
    inside = units_inside(work, fact.container)
    ended = [inside[serial] for serial in fact.serials if serial in inside]
    act = Act(fact.container, fact.scrap_id, fact.scrapped_at, fact.scrapped_by)
    end_units(work, act, ended, SerialState(fact.disposal.value))


# implements FRS-SCR-013
# implements FRS-SCR-015
def material_scrapped(
    work: Work, envelope: Envelope[MaterialScrapped]
) -> Refusal | None:
    """The partner gave something up: what its container holds here follows.

    A fact is posted even where it surprises; what surprises raises an alarm.
    """
    fact = envelope.data
    if work.find(scraps, fact.scrap_id):
        return Refusal(Code.ALREADY_EXISTS, "data.scrapId", fact.scrap_id)
    if fact.origin is ScrapOrigin.STOCK:
        _follow_stock(work, fact)
    if _is_unsigned(work, fact):
        work.alarm("SECOND_PERSON_REQUIRED", f"scrap {fact.scrap_id} of {fact.quantity}")
    keep_scrap(work, fact)
    return None


def show_scraps(connection: Connection, settings: Settings, _: int) -> Scraps:
    """All that was given up, and the serial numbers that are out of use."""
    return Scraps(
        rows=tuple(
            ScrapRow(
                scrap_id=row["scrap_id"], origin=row["origin"], order_id=row["order_id"],
                container=row["container"], lot_id=row["lot_id"], quantity=quantity(row),
                serials=tuple(json.loads(row["serials"])), disposal=row["disposal"],
                reason_code=row["reason_code"], reason=row["reason"],
                scrapped_at=from_microseconds(row["scrapped_at"], settings.site_zone),
                scrapped_by=row["scrapped_by"], verified_by=row["verified_by"],
            )
            for row in connection.rows(_ALL)
        ),
        serials=tuple(
            SerialRow(unit=row["unit"], state=row["state"], cause=row["cause"])
            for row in connection.rows(_SERIALS)
        ),
    )


def _follow_stock(work: Work, fact: MaterialScrapped) -> None:
    container = work.find(containers, fact.container)
    surprise = None
    if container is None:
        surprise = "UNKNOWN_CONTAINER"
    elif container["unit"] != fact.quantity.unit.value:
        surprise = "UNIT_NOT_BASE_UNIT"
    elif quantity(container) < fact.quantity:
        surprise = "QUANTITY_ABOVE_CONTENT"
    if container is None or surprise:
        work.alarm(str(surprise), f"scrap {fact.scrap_id}: {fact.container}")
        return
    left = quantity(container) - fact.quantity
    work.change(containers, fact.container, quantity=text(left))


def _is_unsigned(work: Work, fact: MaterialScrapped) -> bool:
    above = fact.quantity.value > work.settings.scrap_verified_above
    signer = fact.verification.person_id if fact.verification else None
    return above and signer in (None, fact.scrapped_by)
