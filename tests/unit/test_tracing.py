"""Traces over any history of batches, rework and returns: all that is there, nothing else, an end."""

from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.model.codes import Code, Refusal
from contracts.model.identifiers import Sscc
from contracts.model.roles import Role
from reference_impl.store.database import Database
from reference_impl.tracing import trace_backward, trace_forward

LOTS = [f"L{n}" for n in range(6)]
# An order: what it makes, and what went into it; a lot may come back to itself.
ORDERS = st.lists(
    st.tuples(st.sampled_from(LOTS), st.dictionaries(st.sampled_from(LOTS), st.booleans())),
    max_size=8,
)
ZONE = ZoneInfo("UTC")


def case_of(lot: str) -> str:
    return Sscc.complete(f"095200000000000{lot[1]}0")


def pallet_of(lot: str) -> str:
    return Sscc.complete(f"095200000000000{lot[1]}1")


def stored(orders) -> Database:
    database = Database(Role.MES, None)
    with database.transaction() as connection:
        run = connection._raw.execute
        for lot in LOTS:
            run(
                "INSERT INTO lots (lot_id, material_id, lot, expires_on, expires_at, status) "
                "VALUES (?, 'M', ?, '2027-01-01', 1, 'RELEASED')", (lot, lot),
            )
            run("INSERT INTO containers VALUES (?, ?, 'A', '1', 'C62', NULL)", (case_of(lot), lot))
            run("INSERT INTO aggregations VALUES (?, ?, 'P')", (f"(00){case_of(lot)}", pallet_of(lot)))
        for number, (made, inputs) in enumerate(orders):
            order = f"O{number}"
            run("INSERT INTO order_products VALUES (?, 'P', 'G', ?, ?, '2027-01-01', 0)", (order, made, made))
            for lot, kept in inputs.items():
                run("INSERT INTO batch_inputs VALUES (?, ?, '1', ?, 'KGM', ?)",
                    (lot, order, "0" if kept else "1", int(kept)))
    return database


def closure(start: str, steps: dict[str, set[str]]) -> set[str]:
    found, open_ = {start}, [start]
    while open_:
        for more in steps.get(open_.pop(), set()) - found:
            found.add(more)
            open_.append(more)
    return found


@settings(max_examples=60, deadline=None)
@given(ORDERS)
def test_a_trace_is_the_closure_of_what_went_into_what(orders):
    onward, back = {}, {}
    for made, inputs in orders:
        for lot in (lot for lot, kept in inputs.items() if kept):
            onward.setdefault(lot, set()).add(made)
            back.setdefault(made, set()).add(lot)
    database = stored(orders)
    with database.reading() as connection:
        for lot in LOTS:
            affected = closure(lot, onward)
            forward = trace_forward(connection, None, lot)
            assert {unit.sscc for unit in forward.units} == {
                unit for one in affected for unit in (case_of(one), pallet_of(one))
            }
            batches = {
                (f"O{n}", made) for n, (made, inputs) in enumerate(orders)
                if any(kept and one in affected for one, kept in inputs.items())
            }
            assert {(batch.order_id, batch.lot_id) for batch in forward.batches} == batches
            for unit in (case_of(lot), pallet_of(lot)):
                assert set(trace_backward(connection, None, unit).lots) == closure(lot, back)
    database.close()


def test_a_pallet_of_two_lots_leads_to_one_of_them_and_back_to_both():
    database = stored([])
    with database.transaction() as connection:
        connection._raw.execute("UPDATE aggregations SET parent = ?", (pallet_of("L0"),))
    with database.reading() as connection:
        forward = trace_forward(connection, None, "L1")
        assert {unit.sscc for unit in forward.units} == {case_of("L1"), pallet_of("L0")}
        assert trace_backward(connection, None, pallet_of("L0")).lots == tuple(LOTS)
    database.close()


def test_what_nobody_knows_is_refused():
    database = stored([])
    with database.reading() as connection:
        forward = trace_forward(connection, None, "NOBODY")
        backward = trace_backward(connection, None, "NOBODY")
    assert isinstance(forward, Refusal) and forward.code is Code.UNKNOWN_LOT
    assert isinstance(backward, Refusal) and backward.code is Code.UNKNOWN_UNIT
    database.close()
