"""Lots go through their statuses as people, the clock and messages that cross take them.

Sources: URS-STA-002, URS-STA-003, URS-STA-007, URS-STA-008, URS-EXP-001.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, precondition, rule

from contracts.model.codes import Code
from contracts.model.inspection import Lots
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from features.steps.lot_status import decision_about
from features.steps.material import add_lot
from features.steps.warehouse_holds import hold_of
from tests.properties.machines import START, OverAPair, long, run, short

Q, R, B = LotStatus.QUARANTINE, LotStatus.RELEASED, LotStatus.BLOCKED
X, L, J, C = LotStatus.EXPIRED, LotStatus.RECALLED, LotStatus.REJECTED, LotStatus.CLOSED
ALLOWED = {
    Q: {R, J, B, X, L}, R: {Q, B, J, X, L, C}, B: {Q, R, J, X, L}, X: {J}, L: {J}, J: {C}, C: set(),
}
LOOSEST_FIRST = (R, Q, B)
SIGNERS = st.sampled_from(["two", "one", "two", "nobody"])
# What keeps a lot in the game comes more often, so that messages cross.
ENDS = st.sampled_from([False] * 5 + [True])
FIRST_DAY = START.date()


class LotStatusMachine(OverAPair):
    """The model follows MES, which owns the status; the warehouse holds, hears and agrees."""

    lots = Bundle("lots")

    def __init__(self):
        super().__init__()
        self.numbers = count(1)
        self.status: dict[str, LotStatus] = {}
        self.expires: dict[str, date] = {}
        # Lots that were on hold, or in use and taken from it, since their last release.
        self.held: set[str] = set()
        # Holds that MES has not heard of.
        self.on_their_way: list[tuple[str, LotStatus]] = []

    @initialize()
    def people(self):
        """Everybody is there before anything is compared."""
        for who in ("quality", "the supervisor"):
            add_lot(self.bench, "BASE", "1.000", Q, date(2027, 12, 31))
            self.bench.session(who)

    @precondition(lambda self: all(now not in LOOSEST_FIRST for now in self.status.values()))
    @rule(target=lots, status=st.sampled_from([R, Q]), days=st.integers(0, 400))
    def arrives(self, status, days):
        letter = f"S{next(self.numbers)}"
        self.expires[letter] = self.bench.now.date() + timedelta(days=days)
        add_lot(self.bench, letter, "1.000", status, self.expires[letter])
        self.status[letter] = status
        return letter

    @rule(data=st.data(), letter=lots, signers=SIGNERS, ends=ENDS)
    def quality_decides_as_it_may(self, data, letter, signers, ends):
        """Something that the table allows where it allows anything."""
        ways = ALLOWED[self.status[letter]]
        way = (ways if ends else ways & {Q, R, B}) or ways or set(LotStatus)
        self.quality_decides(letter, data.draw(st.sampled_from(sorted(way)), "wanted"), signers)

    @rule(letter=lots, wanted=st.sampled_from([X, L, J, C, *LotStatus]), signers=SIGNERS)
    def quality_decides(self, letter, wanted, signers):
        code = self._fault_of(letter, wanted, signers)
        body = decision_about(self.bench, self._id(letter), wanted, None).model_copy(update={
            "signature": None if signers == "nobody" else self._sign("quality"),
            "second_signature": self._sign("another person") if signers == "two" else None,
        })
        if self.tried("quality", "change-lot-status", body, code):
            self._set(letter, wanted)

    @rule(letter=lots, wanted=st.sampled_from([B, Q, B, Q, *LotStatus]))
    def warehouse_holds(self, letter, wanted):
        shown = self._shown(Role.WMS)[letter]
        may = wanted in (Q, B) and shown in LOOSEST_FIRST and _is_stricter(wanted, shown)
        body = hold_of(self.bench, self._id(letter), wanted)
        code = None if may else Code.ONLY_QUALITY_DECIDES
        if self.tried("the supervisor", "hold-lot", body, code):
            self.on_their_way.append((letter, wanted))

    @rule(role=st.sampled_from(Role))
    def one_system_hears(self, role):
        if role is Role.MES:
            self.mes_hears()
        else:
            self.wms_hears()

    def mes_hears(self):
        self.bench.site.run_due(Role.WMS, self.bench.now)
        self._holds_arrive()

    def wms_hears(self):
        self.bench.site.run_due(Role.MES, self.bench.now)
        self._expire()

    @rule(letter=lots, microseconds=st.sampled_from([-1, 0, 1]))
    def clock_reaches_expiry(self, letter, microseconds):
        day = self.expires[letter] + timedelta(days=1)
        at = START.replace(year=day.year, month=day.month, day=day.day, hour=0,
                           tzinfo=self.bench.zone) + timedelta(microseconds=microseconds)
        if at.timestamp() > self.bench.now.timestamp():
            self.bench.site.set_clock(at)
            self.wms_hears()

    @rule()
    def all_is_delivered(self):
        self.bench.deliver()
        self._expire()
        self._holds_arrive()
        self.bench.deliver()
        assert self._shown(Role.MES) == self.status
        assert self._shown(Role.WMS) == self.status

    @invariant()
    def mes_shows_the_model(self):
        assert self._shown(Role.MES) == self.status

    def teardown(self):
        self.all_is_delivered()
        super().teardown()

    def _fault_of(self, letter, wanted, signers):
        """Why this is refused, by the table and the rules about signatures; None: it is done."""
        if wanted not in ALLOWED[self.status[letter]]:
            return Code.TRANSITION_NOT_ALLOWED
        if wanted is not R:
            return None
        if signers == "nobody":
            return Code.SIGNATURE_REQUIRED
        if letter in self.held and signers == "one":
            return Code.SECOND_SIGNATURE_REQUIRED
        return None

    def _set(self, letter, wanted):
        before, self.status[letter] = self.status[letter], wanted
        if wanted is R:
            self.held.discard(letter)
        elif R is before or B in (before, wanted):
            self.held.add(letter)

    def _holds_arrive(self):
        for letter, wanted in self.on_their_way:
            present = self.status[letter]
            if present in LOOSEST_FIRST and _is_stricter(wanted, present):
                self._set(letter, wanted)
        self.on_their_way.clear()

    def _expire(self):
        today = self.bench.now.astimezone(self.bench.zone).date()
        for letter, day in self.expires.items():
            if today > day and self.status[letter] in LOOSEST_FIRST:
                self._set(letter, X)

    def _shown(self, role):
        rows = {
            row.lot_id: row.status for row in self.bench.site.client(role).ask("lots", Lots).rows
        }
        return {letter: rows[self._id(letter)] for letter in self.status}

    def _id(self, letter):
        return self.bench.lots[letter].lot_id

    def _sign(self, who):
        return self.bench.signature(who, "Released for use")


def _is_stricter(wanted, present):
    return LOOSEST_FIRST.index(wanted) > LOOSEST_FIRST.index(present)


USUAL = short(examples=10, steps=25)


def test_a_hold_that_crosses_a_block_and_its_lifting_counts_in_both_systems():
    """The warehouse holds while quality, who does not know, blocks and releases the lot again."""
    machine = LotStatusMachine()
    machine.people()
    letter = machine.arrives(R, 100)
    machine.warehouse_holds(letter, Q)
    machine.quality_decides(letter, B, "nobody")
    machine.quality_decides(letter, R, "two")
    machine.teardown()
    assert machine.status[letter] is Q


def test_a_lot_takes_only_the_ways_of_the_table_and_both_systems_agree():
    run(LotStatusMachine, USUAL)


@pytest.mark.long
def test_a_lot_takes_only_the_ways_of_the_table_in_many_more_days():
    run(LotStatusMachine, long(examples=300, steps=60))
