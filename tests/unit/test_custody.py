"""Units are put together, broken and put together again: a tree stays a tree, nothing is lost."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from contracts.model.codes import Refusal
from contracts.model.commands import AggregateUnits, DisaggregateUnit, ReaggregateItems
from contracts.model.identifiers import Gtin14, Id, ItemName, Sscc, UnitName
from contracts.model.inspection import Containers
from contracts.model.inspection_custody import AggregationHistory
from contracts.model.inspection_packing import Aggregations
from contracts.model.messages import MESSAGES
from contracts.model.messages.custody import Breaking
from contracts.model.roles import Role
from contracts.model.stimulus import Load
from contracts.record.strict_json import read_json
from gxproof.in_process import make_identities, settings_for, temporary_folder
from reference_impl.bootstrap import build
from reference_impl.custody import Act, put_into
from reference_impl.domain.custody import Move, MoveKind, periods_of
from reference_impl.records.work import Cause
from reference_impl.store.database import Statement
from reference_impl.store.tables import outbox

START = datetime(2026, 3, 30, 9, tzinfo=UTC)
GTIN = Gtin14.complete("0952000000001")
CASES = [Sscc.complete(f"0952000000000001{n}") for n in range(3)]
PALLETS = [Sscc.complete(f"0952000000000002{n}") for n in range(2)]
TOTES = [Sscc.complete(f"0952000000000003{n}") for n in range(2)]
ITEMS = [ItemName.of(GTIN, f"S{n}") for n in range(6)]
UNITS = st.sampled_from([UnitName(unit) for unit in (*ITEMS, *CASES, *PALLETS)])
_OUTBOX = Statement(select(outbox.c.type, outbox.c.body).order_by(outbox.c.ordinal))


def moves(child: str, changes: list[str]) -> list[Move]:
    """A child goes from one parent to the next one; an empty name: it stands alone."""
    made: list[Move] = []
    inside = ""
    for n, parent in enumerate(changes):
        at = START + timedelta(minutes=n)
        if inside:
            made.append(Move(child, inside, MoveKind.OUT, at, f"D{n}", "anna"))
        if parent:
            made.append(Move(child, parent, MoveKind.IN, at, f"A{n}", "anna"))
        inside = parent
    return made


@given(st.lists(st.sampled_from(["", "P", "Q", "R"]), max_size=12), st.randoms())
def test_what_was_inside_what_does_not_depend_on_the_order_of_the_news(changes, chance):
    told = moves("C", changes)
    heard = list(told)
    chance.shuffle(heard)
    periods = periods_of(heard)
    assert periods == periods_of(told)
    for n, parent in enumerate(changes):
        at = START + timedelta(minutes=n, seconds=30)
        covering = [period.begin.parent for period in periods if period.covers(at)]
        assert covering == ([parent] if parent else [])


@given(st.lists(st.sampled_from(["", "P", "Q"]), min_size=1, max_size=8), st.data())
def test_news_that_is_missing_leaves_no_period_before_it_began(changes, data):
    told = moves("C", changes)
    heard = data.draw(st.lists(st.sampled_from(told), unique=True)) if told else []
    for period in periods_of(heard):
        assert period.end is None or period.end.kind is MoveKind.OUT
        assert period.begin.kind is MoveKind.IN
        assert period.end is None or period.end.parent == period.begin.parent
    into = sum(1 for move in heard if move.kind is MoveKind.IN)
    assert len(periods_of(heard)) == into


class Packing(RuleBasedStateMachine):
    """People at the warehouse pack, break and repack at random; production hears of it at last."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = temporary_folder()
        identities = make_identities()
        self.systems = {
            role: build(settings_for(role, identities, Path(self.folder.name)), lambda url: None)
            for role in Role
        }
        self.now, self.number, self.done = START, 0, 0

    def teardown(self) -> None:
        for system in self.systems.values():
            system.close()
        self.folder.cleanup()

    @initialize()
    def packed(self) -> None:
        """Three cases of two units each, in both systems."""
        document = Load.model_validate({
            "materials": [{"material_id": "T", "description": "tablets", "gtin": GTIN,
                           "base_unit": "C62"}],
            "locations": [{"location_id": "BENCH", "description": "bench"}],
            "lots": [{"lot_id": "LOT", "material_id": "T", "lot": "L1",
                      "expires_on": date(2027, 12, 31), "status": "RELEASED"}],
            "containers": [
                {"sscc": case, "lot_id": "LOT", "location_id": "BENCH",
                 "quantity": {"value": "2", "unit": "C62"}} for case in CASES
            ],
        })
        for role in Role:
            with self.work(role) as work:
                self.systems[role].handlers.load(work, document)
                for n, case in enumerate(CASES):
                    put_into(work, Act(case, f"PACK{n}", START, "anna"), ITEMS[2 * n:2 * n + 2])

    @rule(parent=st.sampled_from(PALLETS),
          children=st.lists(st.sampled_from([*CASES, *PALLETS]), min_size=1, max_size=3))
    def aggregate(self, parent, children):
        self.try_it("aggregate", AggregateUnits(
            aggregation_id=self.fresh(), parent=parent, children=tuple(children)
        ))

    @rule(parent=st.sampled_from([*CASES, *PALLETS, *TOTES]),
          children=st.lists(UNITS, max_size=2), into=st.sampled_from([None, *TOTES]))
    def disaggregate(self, parent, children, into):
        self.try_it("disaggregate", DisaggregateUnit(
            disaggregation_id=self.fresh(), parent=parent, children=tuple(children), into=into,
            location_id=Id("BENCH"), purpose=Breaking.REWORK, reason="a test",
        ))

    @rule(parent=st.sampled_from([*CASES, *TOTES]), source=st.sampled_from([*TOTES, *CASES]),
          children=st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3))
    def reaggregate(self, parent, source, children):
        self.reaggregate_items(parent, source, children)

    def reaggregate_items(self, parent, source, children):
        self.try_it("reaggregate", ReaggregateItems(
            aggregation_id=self.fresh(), parent=parent, source=source, children=tuple(children)
        ))

    @rule(parent=st.sampled_from([*CASES, *PALLETS]), count=st.integers(1, 3),
          into=st.sampled_from(TOTES))
    def take_out_what_is_inside(self, parent, count, into):
        inside = [unit for unit, above in self.parents(Role.WMS).items() if above == parent]
        children = [UnitName(unit.removeprefix("(00)")) for unit in inside[:count]]
        self.try_it("disaggregate", DisaggregateUnit(
            disaggregation_id=self.fresh(), parent=parent, children=tuple(children), into=into,
            location_id=Id("BENCH"), purpose=Breaking.REPACKING, reason="a test",
        ))

    @rule(parent=st.sampled_from(CASES), source=st.sampled_from(TOTES), count=st.integers(1, 3))
    def put_back_what_lies_loose(self, parent, source, count):
        loose = [item for item in ITEMS if self.parents(Role.WMS).get(item) == source]
        if loose:
            self.reaggregate_items(parent, source, loose[:count])

    @rule(parent=st.sampled_from(PALLETS), case=st.sampled_from(CASES))
    def stack(self, parent, case):
        self.try_it("aggregate", AggregateUnits(
            aggregation_id=self.fresh(), parent=parent, children=(case,)
        ))

    @invariant()
    def it_is_a_tree(self) -> None:
        parents = self.parents(Role.WMS)
        for unit in parents:
            seen = [unit]
            while seen[-1] in parents:
                above = f"(00){parents[seen[-1]]}"
                assert above not in seen, "a unit stands inside itself"
                seen.append(above)

    @invariant()
    def no_piece_is_lost(self) -> None:
        if self.number == 0:
            return
        parents = self.parents(Role.WMS)
        held = self.held(Role.WMS)
        for sscc, pieces in held.items():
            assert pieces == sum(1 for item in ITEMS if parents.get(item) == sscc)
        assert sum(held.values()) == len(ITEMS)

    @invariant()
    def the_open_periods_are_what_is_inside_now(self) -> None:
        history = self.shown(Role.WMS, "aggregation-history", AggregationHistory).rows
        still = {(row.child, row.parent) for row in history if row.until is None}
        assert still == set(self.parents(Role.WMS).items())

    @rule(chance=st.randoms())
    def production_hears_of_it_in_any_order(self, chance) -> None:
        """A copy of the news, shuffled; production then shows what the warehouse shows."""
        with self.work(Role.WMS) as work:
            news = work.connection.rows(_OUTBOX)
        news = list(news[self.done:])
        self.done += len(news)
        chance.shuffle(news)
        for row in news:
            name = next(m.name for m in MESSAGES.values() if m.type == row["type"])
            envelope = MESSAGES[name].envelope.from_json(read_json(row["body"]))
            with self.work(Role.MES) as work:
                assert self.systems[Role.MES].handlers.messages[name](work, envelope) is None
        assert self.parents(Role.MES) == self.parents(Role.WMS)
        assert self.held(Role.MES) == self.held(Role.WMS)
        histories = [
            self.shown(role, "aggregation-history", AggregationHistory).rows for role in Role
        ]
        assert histories[0] == histories[1]

    def try_it(self, name, body) -> None:
        """Done, or refused and then taken back, as the shell does it."""
        with self.work(Role.WMS) as work, work.connection.attempt() as attempt:
            if isinstance(self.systems[Role.WMS].handlers.commands[name](work, body), Refusal):
                attempt.take_back()

    def fresh(self) -> Id:
        self.number += 1
        return Id(f"ACT-{self.number}")

    def work(self, role):
        system = self.systems[role]
        self.now += timedelta(seconds=1)
        with system.database.transaction() as connection:
            system.drive(connection, self.now)
        return system.work(system.itself(), Cause("a test", "T-1"))

    def shown(self, role, name, model):
        with self.systems[role].database.reading() as connection:
            shown = self.systems[role].handlers.shows[name](
                connection, self.systems[role].settings, 0
            )
        assert isinstance(shown, model)
        return shown

    def parents(self, role) -> dict[str, str]:
        rows = self.shown(role, "aggregations", Aggregations).rows
        return {row.child: row.parent for row in rows}

    def held(self, role) -> dict[str, int]:
        rows = self.shown(role, "containers", Containers).rows
        return {row.sscc: int(row.quantity.value) for row in rows if row.quantity.value}


def test_random_packing_and_repacking_keeps_the_aggregation_a_tree():
    run_state_machine_as_test(
        Packing, settings=settings(max_examples=25, stateful_step_count=40, deadline=None)
    )
