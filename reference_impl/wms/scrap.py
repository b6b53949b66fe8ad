"""The warehouse gives up stock, and follows what production gives up. Source: URS-ADJ-003."""

from __future__ import annotations

from dataclasses import replace

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ScrapMaterial
from contracts.model.envelope import Envelope
from contracts.model.messages import MESSAGES
from contracts.model.messages.scrap import MaterialScrapped
from contracts.model.scrap import ScrapOrigin
from reference_impl import scrap
from reference_impl.domain import scrap as rules
from reference_impl.domain.reasons import check_reason
from reference_impl.domain.serials import check_serials
from reference_impl.link.outbox import About, put
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.serials import units_inside
from reference_impl.stock import quantity, status_of, text
from reference_impl.store.database import Row
from reference_impl.store.flow_tables import scraps
from reference_impl.store.tables import containers, lots
from reference_impl.wms import allocation
from reference_impl.wms.adjustments import find_scanned
from reference_impl.wms.dispensing import IN_PROCESS
from reference_impl.wms.movements import Movement, Spot, post_movement

# The other side of the double entry: no place, what is given up.
_GIVEN_UP = "SCRAP"


# implements FRS-SCR-001
# implements FRS-SCR-002
# implements FRS-SCR-005
# implements FRS-SCR-013
def scrap_stock(work: Work, command: ScrapMaterial, accounts: Accounts) -> Refusal | None:
    """Somebody gives up what a container in stock holds, or a part; MES is told."""
    if work.find(scraps, command.scrap_id):
        return Refusal(Code.ALREADY_EXISTS, "scrapId", command.scrap_id)
    container = find_scanned(work, command.scan)
    if isinstance(container, Refusal):
        return container
    lot = work.find(lots, container["lot_id"])
    assert lot is not None
    units = units_inside(work, container["sscc"])
    refusal = (
        rules.check_amount(command.quantity, quantity(container))
        or rules.check_decided(status_of(container, lot["status"]), "scan")
        or check_serials(command.serials, units, command.quantity)
        or check_reason(command.reason)
    )
    if refusal:
        return refusal
    signature = scrap.signed_scrap(work, command, accounts)
    if isinstance(signature, Refusal):
        return signature
    work.cause = replace(work.cause, reason=command.reason)
    source = scrap.Source(
        ScrapOrigin.STOCK, container["sscc"], lot, container["location_id"], units
    )
    _post(work, scrap.fact_of(work, command, source, signature), container)
    return None


def material_scrapped(work: Work, envelope: Envelope[MaterialScrapped]) -> Refusal | None:
    """Production gave something up: the ledger follows."""
    refusal = scrap.material_scrapped(work, envelope)
    if refusal is None:
        _move(work, envelope.data)
    return refusal


# implements FRS-SCR-015
def _post(work: Work, fact: MaterialScrapped, container: Row) -> None:
    left = quantity(container) - fact.quantity
    work.change(containers, fact.container, quantity=text(left))
    _move(work, fact)
    scrap.keep_scrap(work, fact)
    allocation.follow_content(work, fact.container, fact.material_id)
    put(work, MESSAGES["material-scrapped"], fact,
        About(f"container/{fact.container}", fact.scrap_id))


def _move(work: Work, fact: MaterialScrapped) -> None:
    in_process = fact.origin is ScrapOrigin.IN_PROCESS
    here = f"{IN_PROCESS}/{fact.location_id}" if in_process else fact.location_id
    post_movement(work, Movement(
        f"scrap/{fact.scrap_id}", fact.lot_id, fact.quantity, Spot(fact.container, here),
        Spot(fact.container, _GIVEN_UP),
    ))
