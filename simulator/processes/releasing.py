"""The quality unit releases a batch: first it settles what stands in the way.

Deviations of the batch are investigated and concluded; what the warehouse has not acknowledged yet
is waited for.
"""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.commands import CloseDeviation, InvestigateDeviation
from contracts.model.counts import DeviationState
from contracts.model.inspection_adjustments import Deviations
from contracts.model.roles import Duty, Role
from simulator.duration import MINUTE
from simulator.parts import DecisionPart, OrderPart
from simulator.processes.deciding import STATION, decide
from simulator.stage import Doing, Post, Process, Stage

REVIEW = 10 * MINUTE
REVIEWS_MAX = 12
FINDING = "Looked into; no effect on this batch was found"


def release(stage: Stage, order: OrderPart, part: DecisionPart) -> Doing:
    """Release what an order made, once nothing stands in its way any more."""
    done = yield from decide(stage, f"BATCH-{order.id}", part)
    for _ in range(REVIEWS_MAX):
        refusal = done.answer.refusal
        if done.ok or refusal is None or refusal.code is not Code.RELEASE_BLOCKED:
            break
        yield stage.env.timeout(REVIEW)
        yield from _settle(stage, order, part)
        done = yield from decide(stage, f"BATCH-{order.id}", part)
    return done


def _settle(stage: Stage, order: OrderPart, part: DecisionPart) -> Process:
    """Conclude every open deviation that names the order or the lot that it makes."""
    order_id, lot_id = stage.names.id(order.id), stage.names.id(part.lot)
    for row in stage.site.client(Role.MES).ask("deviations", Deviations).rows:
        if row.state is DeviationState.OPEN and (
            order_id in row.affected_orders or lot_id in row.affected_lots
        ):
            yield from _conclude(stage, row.deviation_id)


def _conclude(stage: Stage, deviation_id: str) -> Process:
    person = stage.person(Duty.QUALITY)
    post, name = Post(Role.MES, person, STATION), stage.names.name(deviation_id)
    finding = InvestigateDeviation(
        finding_id=stage.names.id(f"F-{name}"), deviation_id=deviation_id, finding=FINDING
    )
    yield from stage.act(post, "investigate-deviation", finding, name)
    conclusion = CloseDeviation(
        closure_id=stage.names.id(f"C-{name}"), deviation_id=deviation_id, conclusion=FINDING,
        signature=stage.signed(person, "I conclude"),
    )
    yield from stage.act(post, "close-deviation", conclusion, name)
