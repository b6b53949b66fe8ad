"""What the warehouse proposes is always what expires first of all that may be used.

Sources: URS-EXP-001, URS-EXP-002, URS-EXP-003, URS-PCK-001.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from contracts.model.answers import CommandAnswer
from contracts.model.codes import Code
from contracts.model.commands import CancelPick, ConfirmPick
from contracts.model.identifiers import Id
from contracts.model.inspection import Picks
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from features.steps.lot_status import decision_about
from features.steps.material import add_lot, add_order
from features.steps.picks import request, scan_of
from features.steps.words import amount_of
from tests.properties.machines import OverAPair, long, run, short

HELD, WANTED = st.integers(1_000, 6_000), st.integers(1, 4_000)
OFFSETS = st.sampled_from([-11, 0, 1, 2, 14])
REASON = "Not needed any more"


@dataclass
class Lot:
    """A lot in one container, as the model knows it, in grams; ``free`` is for nobody yet."""

    letter: str
    last_day: date
    released_at: datetime | None
    free: int
    held: int

    def expires_at(self, zone) -> datetime:
        """Midnight after the last day, where the site stands, as UTC."""
        day = self.last_day + timedelta(days=1)
        return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


@dataclass
class Open:
    """A request that was neither fetched nor cancelled: grams by lot."""

    request_id: str
    shares: dict[str, int] = field(default_factory=dict)


class FefoMachine(OverAPair):
    """The model sorts by expiry and release; the warehouse has to have set aside the same."""

    def __init__(self):
        super().__init__()
        self.numbers = count(1)
        self.lots: dict[str, Lot] = {}
        self.open: list[Open] = []

    @initialize(lots=st.lists(st.tuples(st.integers(2, 5), HELD), min_size=2, max_size=3))
    def people(self, lots):
        add_lot(self.bench, "BASE", "1.000", LotStatus.REJECTED, date(2027, 12, 31))
        for who in ("production", "quality", "the picker"):
            self.bench.session(who)
        for days, grams in lots:
            self.lot_stands_there(days, grams, True)

    @rule(days=st.integers(0, 5), grams=HELD, released=st.booleans())
    def lot_stands_there(self, days, grams, released):
        letter = f"F{next(self.numbers)}"
        last_day = self.bench.now.astimezone(self.bench.zone).date() + timedelta(days=days)
        status = LotStatus.RELEASED if released else LotStatus.QUARANTINE
        add_lot(self.bench, letter, _kg(grams), status, last_day)
        self.lots[letter] = Lot(letter, last_day, self._now if released else None, grams, grams)

    @precondition(lambda self: any(lot.released_at is None for lot in self.lots.values()))
    @rule(data=st.data())
    def quality_releases(self, data):
        waiting = [lot for lot in self.lots.values() if lot.released_at is None]
        lot = data.draw(st.sampled_from(waiting), "lot")
        if lot.expires_at(self.bench.zone) <= self._now:
            return
        body = decision_about(
            self.bench, self.bench.lots[lot.letter].lot_id, LotStatus.RELEASED,
            self.bench.signature("quality", "Released for use"),
        )
        self.done("quality", "change-lot-status", body)
        lot.released_at = self._now
        self.bench.deliver()

    @rule(grams=WANTED, days=st.integers(0, 3))
    def production_requests(self, grams, days):
        add_order(self.bench, _kg(grams), line_members={"minimum_shelf_life_days": days})
        expected = self._expected(grams, days)
        body = request(self.bench, _kg(grams))
        if not expected:
            self.refused(
                "production", "request-pick", body, Code.NO_ELIGIBLE_STOCK, told_in="picks of MES",
            )
            return
        self.done("production", "request-pick", body).as_(CommandAnswer)
        shares = self._shares(body.request_id)
        assert self._by_order(shares) == self._by_order(expected)
        for letter, taken in shares.items():
            assert taken <= self.lots[letter].free
            self.lots[letter].free -= taken
        self.open.append(Open(body.request_id, shares))

    @precondition(lambda self: self.open)
    @rule()
    def production_cancels(self):
        last = self.open.pop()
        self.done("production", "cancel-pick", CancelPick(
            cancel_id=Id(self.bench.new_id("CANCEL")), request_id=Id(last.request_id),
            reason=REASON,
        ))
        for letter, grams in last.shares.items():
            self.lots[letter].free += grams

    @precondition(lambda self: self.open)
    @rule()
    def picker_brings(self):
        last = self.open.pop()
        for letter, grams in last.shares.items():
            self._bring(last.request_id, letter, grams)
        self.bench.deliver()

    @rule(hours=st.integers(1, 8), offset=OFFSETS)
    def time_passes(self, hours, offset):
        self._move_clock(self._now + timedelta(hours=hours), offset)

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), days=st.integers(0, 3), microseconds=st.sampled_from([-1, 0, 1]),
          offset=OFFSETS)
    def clock_reaches_the_edge(self, data, days, microseconds, offset):
        """Where a lot's life, or what must be left of it, just ends."""
        lot = data.draw(st.sampled_from(list(self.lots.values())), "lot")
        at = lot.expires_at(self.bench.zone) - timedelta(days=days)
        if at < self._now - timedelta(seconds=1):
            return
        self._move_clock(at + timedelta(microseconds=microseconds), offset)

    @invariant()
    def nothing_else_is_set_aside(self):
        for each in self.open:
            assert self._shares(each.request_id) == each.shares

    @property
    def _now(self) -> datetime:
        return self.bench.now.astimezone(UTC)

    def _move_clock(self, at: datetime, offset: int) -> None:
        if at <= self._now:
            return
        while self.open:
            self.production_cancels()
        self.bench.site.set_clock(at.astimezone(timezone(timedelta(hours=offset))))

    def _expected(self, grams: int, days: int) -> dict[str, int]:
        usable = [
            lot for lot in self.lots.values() if lot.released_at is not None and lot.free
            and lot.expires_at(self.bench.zone) > self._now
            and lot.expires_at(self.bench.zone) - self._now >= timedelta(days=days)
        ]
        shares: dict[str, int] = {}
        for lot in sorted(usable, key=lambda one: (one.last_day, one.released_at)):
            shares[lot.letter] = min(lot.free, grams - sum(shares.values()))
        taken = {letter: each for letter, each in shares.items() if each}
        return taken if sum(taken.values()) == grams else {}

    def _by_order(self, shares: dict[str, int]) -> dict[tuple[date, datetime | None], int]:
        """Grams by last day and release; among equal ones any may go first."""
        found: dict[tuple[date, datetime | None], int] = {}
        for letter, grams in shares.items():
            key = (self.lots[letter].last_day, self.lots[letter].released_at)
            found[key] = found.get(key, 0) + grams
        return found

    def _shares(self, request_id: str) -> dict[str, int]:
        letters = {self.bench.lots[letter].lot_id: letter for letter in self.lots}
        return {
            letters[share.lot_id]: int(share.quantity.value * 1000)
            for row in self.bench.site.client(Role.WMS).ask("picks", Picks).rows
            if row.request_id == request_id for share in row.allocations
        }

    def _bring(self, request_id: str, letter: str, grams: int) -> None:
        lot = self.lots[letter]
        whole = grams == lot.held
        lot.held -= grams
        self.done("the picker", "confirm-pick", ConfirmPick(
            confirmation_id=Id(self.bench.new_id("SCAN")), request_id=Id(request_id),
            line_id=Id("10"), scan=scan_of(self.bench.lots[letter].container),
            quantity=amount_of(_kg(grams)),
            to_container=None if whole else self.bench.namespace.sscc(self.bench.new_name("TOTE")),
        ))


def _kg(grams: int) -> str:
    return f"{Decimal(grams) / 1000:.3f}"


USUAL = short(examples=8, steps=20)


def test_what_expires_first_of_all_that_may_be_used_is_set_aside_first():
    run(FefoMachine, USUAL)


@pytest.mark.long
def test_what_expires_first_goes_first_in_many_more_stocks():
    run(FefoMachine, long(examples=300, steps=50))
