"""A warehouse that dies over a release: from when on may the lot be picked?"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.model.inspection import Direction, JournalRow
from contracts.model.roles import Role
from simulator.evidence import Evidence, Recorded, released_at_start
from simulator.invariants.only_usable_used import only_usable_used
from simulator.journalled import Journalled
from simulator.ledger import Moved, Moving, PhysicalLedger
from simulator.plant import EXAMPLE, read_plant
from simulator.relay import Fate, Passage

PLANT = read_plant(EXAMPLE)
LOT = "STA-0201"
START = PLANT.site.start
DIED, PICKED, ANSWERED = (START + timedelta(minutes=n) for n in (10, 20, 30))
TOLD = Passage(
    message="lot-status-changed", subject=LOT, key="M-1", attempt=1, fate=Fate.UPSTREAM_LOST,
    business={"lotId": LOT, "toStatus": "RELEASED"}, status=None, replayed=False, fault=None,
)


def day(answers, entered_at):
    """A pick of a lot in quarantine, ten minutes after the receiver of its release has died."""
    ledger = PhysicalLedger()
    ledger.moves.append(
        Moved(PICKED, Moving.PICKED, LOT, "C-1", "T-1", Decimal(1), "LINE-1", "PO-1", "10")
    )
    warehouse = Recorded(Role.WMS)
    warehouse.received.append(Journalled("lot-status-changed", "M-1", "D-1", {}, answers=(b"{}",)))
    warehouse.journal.append(JournalRow.model_construct(
        key="M-1", kind="message", direction=Direction.RECEIVED, at=entered_at,
    ))
    passages = [(DIED, TOLD), *answers]
    return Evidence(PLANT, ledger, {Role.WMS: warehouse, Role.MES: Recorded(Role.MES)}, passages, None)


def answered(*, replayed):
    return [(ANSWERED, replace(TOLD, attempt=2, fate=Fate.DELIVERED, status=200, replayed=replayed))]


def wrong(evidence):
    assert not released_at_start(PLANT, LOT)
    return [violation.observed for violation in only_usable_used(evidence).violations]


def test_it_counts_from_the_attempt_after_which_its_journal_held_it():
    assert wrong(day(answered(replayed=True), DIED)) == []


def test_it_counts_as_well_where_the_sender_only_asked_how_it_stands():
    assert wrong(day([], DIED)) == []


@pytest.mark.parametrize(("replayed", "entered_at"), [
    (False, ANSWERED), (True, ANSWERED), (False, DIED),
], ids=["posted later", "posted later by its journal", "posted later by its answer"])
def test_what_was_posted_after_the_pick_does_not_count_before_it(replayed, entered_at):
    assert wrong(day(answered(replayed=replayed), entered_at)) == ["QUARANTINE"]


def test_a_receiver_that_never_posted_it_has_nothing_that_counts():
    evidence = day([], DIED)
    evidence.recorded[Role.WMS].received.clear()
    assert wrong(evidence) == ["QUARANTINE"]
