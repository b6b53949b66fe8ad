"""Traces: where a lot went and what is in a unit, by both systems, is what physically happened.

Serves URS-GEN-001.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from contracts.model.roles import Role
from simulator.evidence import Evidence
from simulator.invariants.violation import Judgement, Violation
from simulator.ledger import Held, Moving, PhysicalLedger
from simulator.traces import WentTo


def traces(evidence: Evidence) -> Judgement:
    """Judge the trace of every lot forward, and of every packed unit backward."""
    judgement = Judgement()
    truth = _Truth(evidence)
    for role in Role:
        answers = evidence.recorded[role].traces
        for lot in sorted(truth.lots | answers.forward.keys()):
            shown, wanted = answers.forward.get(lot, WentTo()), truth.forward(lot)
            for what, seen, there in (
                ("batches", shown.orders, wanted.orders), ("units", shown.units, wanted.units),
                ("consignees", shown.shipped, wanted.shipped),
            ):
                _compare(judgement, evidence, f"{what} of lot {lot}, in {role.upper()}",
                         (seen, there), lot)
        for unit in sorted(truth.units | answers.backward.keys()):
            seen = answers.backward.get(unit, frozenset())
            _compare(judgement, evidence, f"lots in {unit}, in {role.upper()}",
                     (seen, truth.backward(unit)), unit)
    return judgement


class _Truth:
    """What went into what, by the physical ledger and the orders of the plant."""

    def __init__(self, evidence: Evidence) -> None:
        self._ledger: PhysicalLedger = evidence.ledger
        self._made_by = {o.id: o.product.lot for o in evidence.plant.orders if o.product}
        self._used = _used(evidence.ledger)
        self.lots = {moved.lot for moved in evidence.ledger.moves}
        self.units = {h.container for h in self._ledger.held() if h.serials}
        self.units |= set(self._ledger.parents.values())

    def forward(self, lot: str) -> WentTo:
        """Everything that material of a lot went into."""
        lots, orders = {lot}, set[str]()
        while True:
            orders = {order for used, order in self._used if used in lots}
            made = {self._made_by[order] for order in orders if order in self._made_by}
            if made <= lots:
                break
            lots |= made
        held = [h for h in self._ledger.held() if h.lot in lots]
        containers = {h.container for h in held}
        shipped = {
            (m.container, m.location) for m in self._ledger.moves
            if m.moving is Moving.SHIPPED and m.lot in lots
        }
        return WentTo(
            frozenset(orders), frozenset(containers | self._above(containers)), frozenset(shipped)
        )

    def backward(self, unit: str) -> frozenset[str]:
        """Every lot in a unit, and all that they were made of."""
        lots = {h.lot for h in self._ledger.held() if unit in {h.container, *self._over(h)}}
        while True:
            orders = {order for order, lot in self._made_by.items() if lot in lots}
            more = {used for used, order in self._used if order in orders}
            if more <= lots:
                return frozenset(lots)
            lots |= more

    def _over(self, held: Held) -> set[str]:
        return self._above({held.container})

    def _above(self, units: set[str]) -> set[str]:
        """What units stand on, at every level."""
        found: set[str] = set()
        while units:
            units = {
                self._ledger.parents[unit] for unit in units if unit in self._ledger.parents
            } - found
            found |= units
        return found


def _used(ledger: PhysicalLedger) -> set[tuple[str, str]]:
    """Which lots are in which order: issued or put into its kits, and not wholly given back."""
    left: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for moved in ledger.moves:
        if moved.moving in (Moving.ISSUED, Moving.ASSEMBLED):
            left[moved.lot, moved.order] += moved.quantity
        elif moved.moving in (Moving.RETURNED, Moving.TAKEN_APART):
            left[moved.lot, moved.order] -= moved.quantity
    return {key for key, amount in left.items() if amount > 0}


def _compare(
    judgement: Judgement, evidence: Evidence, subject: str,
    both: tuple[frozenset[object], frozenset[object]], name: str,
) -> None:
    seen, wanted = both
    judgement.compare(seen == wanted, Violation(
        subject, _named(wanted - seen, "all") if seen != wanted else "the same",
        f"missing those, and besides {_named(seen - wanted, 'nothing')}",
        evidence.first_about(name),
    ))


def _named(things: Iterable[object], none: str) -> str:
    return ", ".join(sorted(map(str, things))) or none
