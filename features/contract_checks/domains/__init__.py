"""What each domain gives to the contract checks; ``DOMAINS`` lists them all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from features.contract_checks.domains.adjustments import ADJUSTMENTS
from features.contract_checks.domains.batch_records import BATCH_RECORDS
from features.contract_checks.domains.custody import CUSTODY
from features.contract_checks.domains.delivery import DELIVERY
from features.contract_checks.domains.dispensing import DISPENSING
from features.contract_checks.domains.epcis import EVENTS
from features.contract_checks.domains.facts import Domain, Facts, MakeFacts
from features.contract_checks.domains.flows import FLOWS
from features.contract_checks.domains.journal import JOURNAL
from features.contract_checks.domains.kits import KITS
from features.contract_checks.domains.lot_status import LOT_STATUS
from features.contract_checks.domains.master_data import MASTER_DATA
from features.contract_checks.domains.migration import MIGRATION
from features.contract_checks.domains.packing import PACKING
from features.contract_checks.domains.people import PEOPLE
from features.contract_checks.domains.picks import PICKS
from features.contract_checks.domains.quality import QUALITY
from features.contract_checks.domains.receipts import RECEIPTS
from features.contract_checks.domains.reconciling import RECONCILING
from features.contract_checks.domains.scanning import SCANNING
from features.contract_checks.domains.sessions import SESSIONS
from features.contract_checks.domains.signatures import SIGNATURES
from features.contract_checks.domains.units import UNITS
from features.contract_checks.domains.watching import WATCHING

if TYPE_CHECKING:
    from features.contract_checks.world import World

DOMAINS: tuple[Domain, ...] = (
    SESSIONS, PICKS, LOT_STATUS, RECEIPTS, ADJUSTMENTS, MASTER_DATA, PACKING, DISPENSING,
    DELIVERY, UNITS, QUALITY, BATCH_RECORDS, FLOWS, MIGRATION,
    EVENTS, CUSTODY, SCANNING, KITS, PEOPLE, SIGNATURES, JOURNAL, RECONCILING, WATCHING,
)
FACTS: dict[str, MakeFacts] = {
    name: make for domain in DOMAINS for name, make in domain.facts.items()
}
QUERIES: dict[str, Callable[[World], str]] = {
    name: make for domain in DOMAINS for name, make in domain.queries.items()
}

__all__ = ["DOMAINS", "FACTS", "QUERIES", "Facts"]
