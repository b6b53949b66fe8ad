"""Material moves for days, and no gram of it is made or lost: in neither system, in no container.

The model keeps what came in, what each container holds, what is in process, used up and lost.
Sources: URS-RCV-001, URS-PCK-003, URS-DSP-001, URS-RET-003, URS-WIP-001, URS-ADJ-001.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import count

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from contracts.model.answers import CommandAnswer
from contracts.model.codes import Code
from contracts.model.commands import ReceiptAnswer
from contracts.model.inspection import Containers, Inventory, Picks
from contracts.model.inspection_dispensing import Weighings, Wip
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from contracts.model.stimulus import Load, Location, Purpose
from features.bench import STAGING, STORAGE
from features.steps.deliveries import DOCK, EXPIRES, add_places, announce, label, line_of, receipt
from features.steps.dispensing import load_scale
from features.steps.lot_status import decision_about
from features.steps.material import add_lot, add_order
from features.steps.picks import request
from tests.properties.machines import long, run, short
from tests.properties.material_acts import BLENDING, MaterialActs, grams, kg

LAST_DAY = date(2026, 12, 31)
MUCH = "900.000"
PARTS = st.integers(1, 100)
# What an order takes can be asked for again and again, up to this.
PEOPLE = (
    "production", "quality", "the picker", "the receiver", "the counter", "the second counter",
    "the supervisor", "the sampler", "the dispenser",
)


@dataclass
class Box:
    """A container in stock, in grams. ``free``: it is not in quarantine by itself."""

    lot: str
    grams: int
    place: str
    free: bool = True


@dataclass
class InProcess:
    """A dispensed container of an order, in grams."""

    lot: str
    grams: int
    order: str


class MassBalanceMachine(MaterialActs):
    """The books of the model are the truth; both systems are compared with them to the gram."""

    def __init__(self):
        super().__init__()
        self.numbers = count(1)
        self.boxes: dict[str, Box] = {}
        self.wip: dict[str, InProcess] = {}
        self.came_in: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()
        self.used: Counter[str] = Counter()

    @initialize(amounts=st.lists(st.integers(500, 30_000), min_size=2, max_size=3))
    def a_site(self, amounts):
        add_places(self.bench)
        self.bench.site.load(Load(locations=(Location(
            location_id=self.at(BLENDING), purpose=Purpose.DISPENSING, description=BLENDING,
        ),)))
        load_scale(self.bench, LAST_DAY)
        add_order(self.bench, MUCH)
        for who in PEOPLE:
            self.bench.session(who)
        for index, amount in enumerate(amounts):
            letter = f"M{next(self.numbers)}"
            place = STAGING if index == 0 else STORAGE
            lot = add_lot(self.bench, letter, kg(amount), LotStatus.RELEASED, LAST_DAY, place=place)
            self.boxes[lot.container] = Box(lot.lot_id, amount, place)
            self.came_in[lot.lot_id] += amount

    # --- what comes in ------------------------------------------------------------------------

    @rule(amount=st.integers(1, 30_000))
    def receiver_receives(self, amount):
        name = f"R{next(self.numbers)}"
        asn = announce(self.bench, line_of(self.bench, "10", (kg(amount), name, EXPIRES), name))
        body = receipt(self.bench, label(self.bench, name, lot=name), kg(amount)).model_copy(
            update={"asn_id": asn}
        )
        answer = self.done("the receiver", "confirm-receipt", body).as_(ReceiptAnswer)
        sscc = self.bench.namespace.sscc(name)
        self.boxes[sscc] = Box(answer.lot_id, amount, DOCK)
        self.came_in[answer.lot_id] += amount
        self.done("the receiver", "put-away", self.putting_away(sscc, STORAGE))
        self.boxes[sscc].place = STORAGE
        self.bench.deliver()
        self.done("quality", "change-lot-status", decision_about(
            self.bench, answer.lot_id, LotStatus.RELEASED,
            self.bench.signature("quality", "Released for use"),
        ))

    # --- what moves ---------------------------------------------------------------------------

    @precondition(lambda self: self.in_stock(STORAGE))
    @rule(part=PARTS, twice=st.booleans())
    def production_asks_and_picker_brings(self, part, twice):
        self.bench.deliver()
        free = sum(box.grams for box in self.in_stock(STORAGE).values() if box.free)
        amount = max(1, free * part // 100)
        body = request(self.bench, kg(amount))
        if amount > free:
            self.refused("production", "request-pick", body, Code.NO_ELIGIBLE_STOCK,
                         told_in="picks of MES")
            return
        self.done("production", "request-pick", body).as_(CommandAnswer)
        shares = self._set_aside(body.request_id)
        assert sum(shares.values()) == amount
        for sscc, share in shares.items():
            first = share // 2 if twice and share > 1 else 0
            for trip in (first, share - first):
                if trip:
                    self._bring(body.request_id, sscc, trip)

    def _bring(self, request_id, sscc, amount):
        box = self.boxes[sscc]
        whole = amount == box.grams
        into = None if whole else self.fresh("TOTE")
        above = self.pick(request_id, sscc, box.grams + 1, self.fresh("TOTE"))
        self.refused("the picker", "confirm-pick", above, Code.QUANTITY_ABOVE_TOLERANCE,
                     Code.QUANTITY_ABOVE_CONTENT)
        self.done("the picker", "confirm-pick", self.pick(request_id, sscc, amount, into))
        if whole:
            box.place = STAGING
        else:
            box.grams -= amount
            self.boxes[into] = Box(box.lot, amount, STAGING)

    @precondition(lambda self: self.to_weigh())
    @rule(data=st.data(), part=PARTS, too_much=st.booleans())
    def dispenser_weighs(self, data, part, too_much):
        self.bench.deliver()
        sscc = data.draw(st.sampled_from(sorted(self.to_weigh())), "container")
        box = self.boxes[sscc]
        if too_much:
            self.refused("the dispenser", "dispense", self.weighing(sscc, box.grams + 1),
                         Code.QUANTITY_ABOVE_CONTENT)
        amount = max(1, box.grams * part // 100)
        body = self.weighing(sscc, amount)
        self.done("the dispenser", "dispense", body)
        box.grams -= amount
        self.wip[body.to_container] = InProcess(box.lot, amount, body.order_id)

    @precondition(lambda self: self.open_wip())
    @rule(data=st.data(), part=PARTS, too_much=st.booleans())
    def production_returns(self, data, part, too_much):
        self.bench.deliver()
        sscc = data.draw(st.sampled_from(sorted(self.open_wip())), "container")
        left = self.wip[sscc]
        if too_much:
            body = self.returning(sscc, left.grams + 1, self.fresh("BACK"))
            self.refused("production", "return-material", body, Code.RETURN_ABOVE_ISSUED)
        amount = max(1, left.grams * part // 100)
        into = self.fresh("BACK")
        self.done("production", "return-material", self.returning(sscc, amount, into))
        left.grams -= amount
        self.boxes[into] = Box(left.lot, amount, STORAGE, free=False)

    @precondition(lambda self: self.to_weigh())
    @rule(data=st.data(), part=PARTS)
    def production_returns_what_was_staged(self, data, part):
        self.bench.deliver()
        sscc = data.draw(st.sampled_from(sorted(self.to_weigh())), "container")
        box = self.boxes[sscc]
        amount = max(1, box.grams * part // 100)
        into = None if amount == box.grams else self.fresh("BACK")
        self.done("production", "return-material", self.returning(sscc, amount, into))
        if into is None:
            box.place, box.free = STORAGE, False
        else:
            box.grams -= amount
            self.boxes[into] = Box(box.lot, amount, STORAGE, free=False)

    @precondition(lambda self: self.open_wip())
    @rule(data=st.data())
    def production_brings_it_on(self, data):
        self.bench.deliver()
        sscc = data.draw(st.sampled_from(sorted(self.open_wip())), "container")
        body = self.transfer(sscc)
        answer = self.bench.command_unseen("production", "transfer-wip", body).answer
        assert answer.refusal is None or answer.refusal.code is Code.ALREADY_THERE

    # --- what is lost and found ---------------------------------------------------------------

    @precondition(lambda self: self.in_stock(STORAGE, STAGING))
    @rule(data=st.data(), part=PARTS, too_much=st.booleans())
    def supervisor_scraps(self, data, part, too_much):
        self.bench.deliver()
        sscc = data.draw(st.sampled_from(sorted(self.in_stock(STORAGE, STAGING))), "container")
        box = self.boxes[sscc]
        if too_much:
            self.refused("the supervisor", "scrap", self.scrapping(sscc, box.grams + 1),
                         Code.QUANTITY_ABOVE_CONTENT, Code.CONTAINER_LOCKED)
        amount = max(1, box.grams * part // 100)
        body = self.scrapping(sscc, amount)
        self.done("the supervisor", "scrap", body)
        self._lose(box, amount)

    @precondition(lambda self: self.open_wip())
    @rule(data=st.data(), part=PARTS, too_much=st.booleans())
    def dispenser_scraps(self, data, part, too_much):
        self.bench.deliver()
        sscc = data.draw(st.sampled_from(sorted(self.open_wip())), "container")
        left = self.wip[sscc]
        if too_much:
            self.refused("the dispenser", "scrap", self.scrapping(sscc, left.grams + 1),
                         Code.QUANTITY_ABOVE_CONTENT)
        amount = max(1, left.grams * part // 100)
        self.done("the dispenser", "scrap", self.scrapping(sscc, amount))
        self._lose(left, amount)

    @precondition(lambda self: self.in_stock(STORAGE, STAGING))
    @rule(data=st.data(), part=PARTS)
    def sampler_samples(self, data, part):
        self.bench.deliver()
        sscc = data.draw(st.sampled_from(sorted(self.in_stock(STORAGE, STAGING))), "container")
        box = self.boxes[sscc]
        self.refused("the sampler", "take-sample", self.sample(sscc, box.grams + 1),
                     Code.QUANTITY_ABOVE_CONTENT)
        amount = max(1, box.grams * part // 1000)
        self.done("the sampler", "take-sample", self.sample(sscc, amount))
        self._lose(box, amount)

    @precondition(lambda self: self.in_stock(STORAGE))
    @rule(data=st.data(), spilled=st.integers(-50, 300))
    def counters_find_something_else(self, data, spilled):
        self.bench.deliver()
        sscc = data.draw(st.sampled_from(sorted(self.in_stock(STORAGE))), "container")
        box = self.boxes[sscc]
        found = max(0, box.grams - spilled)
        first = self.counting(sscc, box.place, found)
        self.done("the counter", "record-count", first)
        second = self.counting(sscc, box.place, found, of=first.count_id)
        self.done("the second counter", "record-count", second)
        body = self.adjusting(first.count_id)
        if found == box.grams:
            self.refused("the supervisor", "approve-adjustment", body, Code.NO_DIFFERENCE)
            return
        self.done("the supervisor", "approve-adjustment", body)
        self._lose(box, box.grams - found)

    # --- what is used up ----------------------------------------------------------------------

    @precondition(lambda self: self.open_wip())
    @rule()
    def production_completes_the_order(self):
        self.bench.deliver()
        self.refused("production", "complete-order", self.completing(), Code.LINE_NOT_DISPENSED)
        add_order(self.bench, "0.500", line_members={"tolerance_low": _quantity("0.499"),
                                                     "tolerance_high": _quantity("800.000")})
        weighable = self.to_weigh()
        if not weighable:
            return
        body = self.weighing(min(weighable), 1)
        self.done("the dispenser", "dispense", body)
        self.boxes[min(weighable)].grams -= 1
        self.done("production", "complete-order", self.completing())
        self.used[self.boxes[min(weighable)].lot] += 1
        add_order(self.bench, MUCH)

    # --- what always holds --------------------------------------------------------------------

    @invariant()
    def nothing_is_made_and_nothing_vanishes(self):
        """What came in is what is held, in process, used up and lost."""
        held: Counter[str] = Counter()
        for each in (*self.boxes.values(), *self.wip.values()):
            held[each.lot] += each.grams
        for lot, amount in self.came_in.items():
            assert amount == held[lot] + self.used[lot] + self.lost[lot]

    @rule()
    def both_systems_hold_what_is_there(self):
        self.bench.deliver()
        expected = {
            str(sscc): (box.lot, box.grams, self.at(box.place))
            for sscc, box in self.boxes.items() if box.grams
        }
        for role in Role:
            assert self._shown_boxes(role) == expected, role
            by_lot = Counter[str]()
            for lot, amount, _ in expected.values():
                by_lot[lot] += amount
            assert self._shown_inventory(role) == dict(by_lot), role
        self._compare_wip()

    def teardown(self):
        self.both_systems_hold_what_is_there()
        super().teardown()

    def _compare_wip(self):
        client = self.bench.site.client(Role.MES)
        left = {
            str(row.container): grams(row.left.value) for row in client.ask("weighings", Weighings).rows
            if row.container in self.wip
        }
        assert left == {str(sscc): each.grams for sscc, each in self.wip.items()}
        balance, consumed = Counter[str](), Counter[str]()
        for row in client.ask("wip", Wip).rows:
            balance[row.lot_id] += grams(
                row.issued.value - row.returned.value - row.scrapped.value - row.consumed.value
            )
            consumed[row.lot_id] += grams(row.consumed.value)
        expected = Counter[str]()
        for each in self.wip.values():
            expected[each.lot] += each.grams
        assert +balance == +expected
        assert +consumed == +self.used

    def _shown_boxes(self, role):
        rows = self.bench.site.client(role).ask("containers", Containers).rows
        return {
            str(row.sscc): (row.lot_id, grams(row.quantity.value), row.location_id)
            for row in rows if row.quantity.value
        }

    def _shown_inventory(self, role):
        shown = Counter[str]()
        for row in self.bench.site.client(role).ask("inventory", Inventory).rows:
            shown[row.lot_id] += grams(row.quantity.value)
        return {lot: amount for lot, amount in shown.items() if amount}

    def _set_aside(self, request_id):
        rows = self.bench.site.client(Role.WMS).ask("picks", Picks).rows
        return {
            share.container: int(grams(share.quantity.value))
            for row in rows if row.request_id == request_id for share in row.allocations
        }

    def in_stock(self, *places):
        """What stands in some of the places and holds anything."""
        return {s: b for s, b in self.boxes.items() if b.place in places and b.grams}

    def to_weigh(self):
        """What is staged and may be used."""
        return {s: b for s, b in self.in_stock(STAGING).items() if b.free}

    def open_wip(self):
        """What is in process for the present order."""
        order = self.bench.order.order_id if self.bench.order else ""
        return {s: w for s, w in self.wip.items() if w.grams and w.order == order}

    def _lose(self, each, amount):
        each.grams -= amount
        self.lost[each.lot] += amount


def _quantity(text):
    from features.steps.words import quantity_of

    return quantity_of(text)


USUAL = short(examples=5, steps=20)


def test_what_came_in_is_what_is_held_in_process_used_up_and_lost():
    run(MassBalanceMachine, USUAL)


@pytest.mark.long
def test_no_gram_is_made_or_lost_in_many_more_days():
    run(MassBalanceMachine, long(examples=250, steps=60))
