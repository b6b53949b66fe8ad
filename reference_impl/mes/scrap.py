"""Production gives up what it has dispensed; the order has so much less. Source: URS-ADJ-003."""

from __future__ import annotations

from dataclasses import replace

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ScrapMaterial
from contracts.model.messages import MESSAGES
from contracts.model.scrap import ScrapOrigin
from reference_impl import scrap
from reference_impl.domain import scrap as rules
from reference_impl.domain.reasons import check_reason
from reference_impl.domain.serials import check_serials
from reference_impl.link.outbox import About, put
from reference_impl.mes.issues import left_of, scrapped_of
from reference_impl.mes.wip import issue_scanned, present_place
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.stock import read_lot, text
from reference_impl.store.flow_tables import scraps
from reference_impl.store.tables import issues, lots


# implements FRS-SCR-001
# implements FRS-SCR-002
# implements FRS-SCR-005
# implements FRS-SCR-013
def scrap_in_process(work: Work, command: ScrapMaterial, accounts: Accounts) -> Refusal | None:
    """Somebody gives up what a dispensed container holds, or a part; the warehouse is told."""
    if work.find(scraps, command.scrap_id):
        return Refusal(Code.ALREADY_EXISTS, "scrapId", command.scrap_id)
    issue = issue_scanned(work, command.scan)
    if isinstance(issue, Refusal):
        return issue
    lot = work.find(lots, issue["lot_id"])
    assert lot is not None
    refusal = (
        rules.check_amount(command.quantity, left_of(issue))
        or rules.check_decided(read_lot(lot).status, "scan")
        or check_serials(command.serials, (), command.quantity)
        or check_reason(command.reason)
    )
    if refusal:
        return refusal
    signature = scrap.signed_scrap(work, command, accounts)
    if isinstance(signature, Refusal):
        return signature
    work.cause = replace(work.cause, reason=command.reason)
    source = scrap.Source(
        ScrapOrigin.IN_PROCESS, issue["container"], lot, present_place(work, issue), {},
        issue["order_id"],
    )
    fact = scrap.fact_of(work, command, source, signature)
    gone = scrapped_of(issue) + fact.quantity
    work.change(issues, issue["issue_id"], scrapped=text(gone))
    scrap.keep_scrap(work, fact)
    put(work, MESSAGES["material-scrapped"], fact,
        About(f"container/{fact.container}", issue["order_id"]))
    return None
