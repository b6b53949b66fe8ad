"""Units are packed, stacked, broken and put together again: what is inside what stays a tree.

The model has one parent for each child. Both systems have to show that tree, and so has whoever
rebuilds it from the EPCIS events of either. Sources: URS-PAK-003, URS-AGG-001, URS-AGG-002.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from contracts.model.codes import Code
from contracts.model.commands import (
    AggregateUnits,
    DisaggregateUnit,
    PackUnit,
    PalletizeUnits,
    ReaggregateItems,
    StartOrder,
)
from contracts.model.identifiers import Id, ItemName, SerialNumber, Sscc, UnitName
from contracts.model.inspection import Containers
from contracts.model.inspection_custody import AggregationHistory
from contracts.model.inspection_packing import Aggregations
from contracts.model.messages.custody import Breaking
from contracts.model.packing import UnitKind
from contracts.model.roles import Role
from contracts.model.stimulus import Load, Location, Purpose
from features.steps.labels import (
    PRODUCT,
    PackingOnBench,
    add_packing_order,
    has_verified,
    label_for,
    print_label,
)
from features.steps.material import add_base
from features.steps.packing import new_serials
from features.told_events import query
from tests.properties.machines import OverAPair, long, run, short

BENCH, WHY = "REWORK-1", "the shrink film is torn"
WORKERS = {Role.MES: "the packer", Role.WMS: "the shipper"}
WORKER = st.sampled_from(Role)


class AggregationMachine(OverAPair):
    """``parent`` says of each case, pallet and unit of sale what it stands in."""

    def __init__(self):
        super().__init__()
        self.numbers = count(1)
        self.parent: dict[str, str] = {}
        self.cases: list[str] = []
        self.pallets: list[str] = []
        self.totes: list[str] = []

    @initialize()
    def a_line(self):
        add_base(self.bench)
        add_packing_order(self.bench, "P", date(2026, 12, 31))
        order = self.bench.part(PackingOnBench).orders["P"]
        self.done("production", "start-order", StartOrder(order_id=Id(order)))
        self.bench.site.load(Load(locations=(Location(
            location_id=Id(self.bench.namespace.id(BENCH)), purpose=Purpose.PACKING,
            description=BENCH,
        ),)))
        for who in WORKERS.values():
            self.bench.session(who)
        self.packer_closes_a_case(2)
        self.packer_closes_a_case(3)

    # --- packed and stacked -------------------------------------------------------------------

    @precondition(lambda self: len(self.cases) < 5)
    @rule(units=st.integers(1, 3))
    def packer_closes_a_case(self, units):
        self._next_second()
        label = print_label(self.bench, label_for(self.bench, "P", units))
        has_verified(self.bench)
        serials = new_serials(self.bench, units)
        self.done("the packer", "pack-unit", PackUnit(
            pack_id=self._id("PACKED"), label_id=Id(label.label_id),
            serials=tuple(SerialNumber(one) for one in serials),
        ))
        self.cases.append(label.sscc)
        for one in serials:
            self.parent[ItemName.of(self.bench.namespace.gtin(PRODUCT), one)] = label.sscc

    @precondition(lambda self: self._loose_cases(full=True))
    @rule(data=st.data())
    def packer_palletizes(self, data):
        self._next_second()
        chosen = self._some(data, self._loose_cases(full=True))
        body = label_for(self.bench, "P", sum(len(self._inside(case)) for case in chosen))
        label = print_label(self.bench, body.model_copy(update={"kind": UnitKind.PALLET}))
        has_verified(self.bench)
        self.done("the packer", "aggregate", PalletizeUnits(
            aggregation_id=self._id("AGG"), label_id=Id(label.label_id),
            children=tuple(Sscc(case) for case in chosen),
        ))
        self._stack(label.sscc, chosen)

    @precondition(lambda self: any(self._holds(case) for case in self.cases))
    @rule(data=st.data(), on_known=st.booleans())
    def shipper_stacks(self, data, on_known):
        """Cases, and pallets with all they carry, onto a new pallet or one that is there."""
        self._next_second()
        known = on_known and self.pallets
        parent = data.draw(st.sampled_from(self.pallets)) if known else self._fresh("PALLET")
        chosen = self._some(data, [u for u in (*self.cases, *self.pallets) if self._holds(u)])
        body = AggregateUnits(
            aggregation_id=self._id("AGG"), parent=Sscc(parent),
            children=tuple(Sscc(one) for one in chosen),
        )
        above = {parent, *self._ancestors(parent)}
        fault = None
        if any(one in above for one in chosen):
            fault = Code.AGGREGATION_CYCLE
        elif any(one in self.parent for one in chosen):
            fault = Code.ALREADY_PACKED
        both = {Code.AGGREGATION_CYCLE, Code.ALREADY_PACKED}
        if fault:
            codes = both if any(one in self.parent for one in chosen) else {fault}
            self.refused("the shipper", "aggregate", body, *codes)
            return
        self.done("the shipper", "aggregate", body)
        self._stack(parent, chosen)

    @precondition(lambda self: self._towers())
    @rule(data=st.data())
    def shipper_turns_a_tower_round(self, data):
        """What carries something is put onto what it carries, or onto itself."""
        self._next_second()
        below, above = data.draw(st.sampled_from(self._towers()), "pallets")
        codes = {Code.AGGREGATION_CYCLE, Code.ALREADY_PACKED} if below in self.parent else {
            Code.AGGREGATION_CYCLE
        }
        self.refused("the shipper", "aggregate", AggregateUnits(
            aggregation_id=self._id("AGG"), parent=Sscc(above), children=(Sscc(below),),
        ), *codes)

    # --- broken and put together --------------------------------------------------------------

    @precondition(lambda self: any(self._inside(pallet) for pallet in self.pallets))
    @rule(data=st.data(), role=WORKER, whole=st.booleans())
    def somebody_unstacks(self, data, role, whole):
        self._next_second()
        pallet = data.draw(st.sampled_from([p for p in self.pallets if self._inside(p)]))
        inside = self._inside(pallet)
        chosen = inside if whole else self._some(data, inside)
        children = () if whole else tuple(UnitName(one) for one in chosen)
        self.done(WORKERS[role], "disaggregate", self._breaking(pallet, children, None))
        for one in chosen:
            del self.parent[one]

    @precondition(lambda self: any(self._inside(case) for case in self.cases))
    @rule(data=st.data(), role=WORKER, again=st.booleans())
    def somebody_opens_a_case(self, data, role, again):
        self._next_second()
        case = data.draw(st.sampled_from([c for c in self.cases if self._inside(c)]))
        chosen = self._some(data, self._inside(case))
        tote = self.totes[-1] if self.totes and again else self._fresh("TOTE")
        body = self._breaking(case, tuple(UnitName(one) for one in chosen), Sscc(tote))
        self.done(WORKERS[role], "disaggregate", body)
        if tote not in self.totes:
            self.totes.append(tote)
        for one in chosen:
            self.parent[one] = tote
        once_more = self._breaking(case, tuple(UnitName(one) for one in chosen), Sscc(tote))
        code = Code.NOT_IN_UNIT if self._inside(case) else Code.UNKNOWN_UNIT
        self.refused(WORKERS[role], "disaggregate", once_more, code)

    @precondition(lambda self: any(self._inside(tote) for tote in self.totes))
    @rule(data=st.data(), role=WORKER)
    def somebody_puts_units_back(self, data, role):
        self._next_second()
        tote = data.draw(st.sampled_from([t for t in self.totes if self._inside(t)]))
        case = data.draw(st.sampled_from(self.cases))
        chosen = self._some(data, self._inside(tote))
        body = ReaggregateItems(
            aggregation_id=self._id("BACK"), parent=Sscc(case), source=Sscc(tote),
            children=tuple(ItemName(one) for one in chosen),
        )
        self.done(WORKERS[role], "reaggregate", body)
        for one in chosen:
            self.parent[one] = case
        once_more = body.model_copy(update={"aggregation_id": self._id("BACK")})
        self.refused(WORKERS[role], "reaggregate", once_more, Code.NOT_IN_UNIT)

    # --- what always holds --------------------------------------------------------------------

    @rule()
    def both_show_the_tree(self):
        self.bench.deliver()
        expected = {_key(child): parent for child, parent in self.parent.items()}
        for role in Role:
            client = self.bench.site.client(role)
            rows = client.ask("aggregations", Aggregations).rows
            assert len({row.child for row in rows}) == len(rows), "a child stands in two parents"
            assert {row.child: row.parent for row in rows} == expected, role
            periods = client.ask("aggregation-history", AggregationHistory).rows
            still = {row.child: row.parent for row in periods if row.until is None}
            assert still == expected, role
            assert _rebuilt(client) == {_uri(c): _uri(p) for c, p in self.parent.items()}, role
            held = {
                row.sscc: int(row.quantity.value)
                for row in client.ask("containers", Containers).rows if row.quantity.value
            }
            boxes = [*self.cases, *self.totes]
            assert held == {b: len(self._inside(b)) for b in boxes if self._inside(b)}, role

    def teardown(self):
        self.both_show_the_tree()
        super().teardown()

    # --- the words of the machine -------------------------------------------------------------

    def _next_second(self):
        """Each act has an instant of its own, and both systems know of the one before."""
        self.bench.site.set_clock(self.bench.now + timedelta(seconds=1))
        self.bench.deliver()

    def _breaking(self, parent, children, into):
        return DisaggregateUnit(
            disaggregation_id=self._id("BREAK"), parent=Sscc(parent), children=children,
            into=into, location_id=Id(self.bench.namespace.id(BENCH)), purpose=Breaking.REWORK,
            reason=WHY,
        )

    def _stack(self, parent, children):
        if parent not in self.pallets:
            self.pallets.append(parent)
        for child in children:
            self.parent[child] = parent

    def _some(self, data, things):
        return data.draw(
            st.lists(st.sampled_from(sorted(things)), min_size=1, max_size=3, unique=True), "units"
        )

    def _inside(self, parent):
        return sorted(child for child, at in self.parent.items() if at == parent)

    def _holds(self, unit):
        """Whether there is a unit of sale in it, at any level."""
        inside = self._inside(unit)
        return any(one.startswith("(01)") or self._holds(one) for one in inside)

    def _towers(self):
        """Pallets that hold something, each with itself and with each pallet that it carries."""
        return [
            (below, above) for below in self.pallets for above in self.pallets
            if self._holds(below) and below in (above, *self._ancestors(above))
        ]

    def _ancestors(self, unit):
        found = []
        while unit in self.parent:
            unit = self.parent[unit]
            found.append(unit)
        return found

    def _loose_cases(self, *, full):
        return [
            case for case in self.cases
            if case not in self.parent and bool(self._inside(case)) is full
        ]

    def _fresh(self, kind):
        return self.bench.namespace.sscc(self.bench.new_name(kind))

    def _id(self, kind):
        return Id(self.bench.new_id(kind))


def _key(unit):
    return unit if unit.startswith("(01)") else f"(00){unit}"


def _uri(unit):
    """The name of a unit in EPCIS, written down once more."""
    if not unit.startswith("(01)"):
        return f"https://id.gs1.org/00/{unit}"
    gtin, _, serial = unit.removeprefix("(01)").partition("(21)")
    return f"https://id.gs1.org/01/{gtin}/21/{serial}"


def _rebuilt(client):
    """The tree that the aggregation events of a repository tell, child by child."""
    tree = {}
    events = [event.members for event in query(client, event_type=("AggregationEvent",))]
    # At one instant a unit is taken out before it is put in.
    for event in sorted(events, key=lambda one: (one["eventTime"], one["action"] != "DELETE")):
        parent, children = event["parentID"], event.get("childEPCs", [])
        if event["action"] == "ADD":
            tree.update(dict.fromkeys(children, parent))
        elif event["action"] == "DELETE":
            gone = children or [child for child, at in tree.items() if at == parent]
            for child in gone:
                assert tree.pop(child, None) == parent, f"{child} left {parent} without being there"
    return tree


USUAL = short(examples=6, steps=20)


def test_what_is_inside_what_is_a_tree_in_both_systems_and_in_their_events():
    run(AggregationMachine, USUAL)


def test_an_empty_case_comes_off_its_pallet():
    """What holds nothing any more stands on the pallet all the same, and has to leave it."""
    machine = AggregationMachine()
    machine.a_line()
    case, pallet, tote = machine.cases[0], machine._fresh("PALLET"), machine._fresh("TOTE")
    machine.done("the shipper", "aggregate", AggregateUnits(
        aggregation_id=machine._id("AGG"), parent=Sscc(pallet), children=(Sscc(case),),
    ))
    units = machine._inside(case)
    machine._stack(pallet, [case])
    machine._next_second()
    machine.done("the shipper", "disaggregate", machine._breaking(case, (), Sscc(tote)))
    machine.totes.append(tote)
    machine.parent.update(dict.fromkeys(units, tote))
    machine._next_second()
    machine.done("the packer", "disaggregate", machine._breaking(pallet, (), None))
    del machine.parent[case]
    machine.teardown()


@pytest.mark.long
def test_the_tree_stays_one_in_many_more_packing_halls():
    run(AggregationMachine, long(examples=200, steps=50))
