"""The oracles: each compares physical truth with recorded truth and names what does not fit.

An oracle is a pure function over evidence. It counts what it compared, so that a comparison of
nothing is inconclusive, never passed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.evidence import Evidence
from simulator.invariants.aggregation_tree import aggregation_tree
from simulator.invariants.agreement import mes_equals_wms
from simulator.invariants.batch_record import batch_record
from simulator.invariants.converged import converged
from simulator.invariants.genealogy import genealogy
from simulator.invariants.hold_times import hold_times
from simulator.invariants.in_process import in_process
from simulator.invariants.journal import journal
from simulator.invariants.labels import labels
from simulator.invariants.mass_balance import mass_balance
from simulator.invariants.no_orphans import no_orphans
from simulator.invariants.nothing_doubled import nothing_doubled
from simulator.invariants.nothing_lost import nothing_lost
from simulator.invariants.only_usable_used import only_usable_used
from simulator.invariants.serials import serials
from simulator.invariants.statuses import statuses
from simulator.invariants.traces import traces
from simulator.invariants.violation import Judgement, Violation
from simulator.plant_model import Plant


@dataclass(frozen=True)
class Invariant:
    """A statement about every run, the requirements it serves, and the oracle that judges it."""

    id: str
    title: str
    requirements: tuple[str, ...]
    judge: Callable[[Evidence], Judgement]
    of_packing: bool = False
    """Whether it has something to judge only where a plant packs."""


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "INV-NOTHING-LOST", "Every message is posted and every pick is on record in both systems",
        ("URS-DEV-001", "URS-IDM-002", "URS-PCK-003"), nothing_lost,
    ),
    Invariant(
        "INV-NOTHING-DOUBLED", "No message and no pick is posted twice",
        ("URS-DEV-001", "URS-IDM-002", "URS-IDM-008", "URS-PCK-003"), nothing_doubled,
    ),
    Invariant(
        "INV-ONLY-USABLE-USED", "No expired, blocked or unreleased lot is used",
        ("URS-EXP-001", "URS-PCK-001", "URS-RCV-007", "URS-STA-003"), only_usable_used,
    ),
    Invariant(
        "INV-STATUS", "Lots have the status that quality decided or the warehouse holds them at",
        ("URS-RCV-007", "URS-RET-002", "URS-STA-005"), statuses,
    ),
    Invariant(
        "INV-HOLD-TIME", "A hold is effective in the other system in time, at the 99th percentile",
        ("URS-STA-001",), hold_times,
    ),
    Invariant(
        "INV-MASS-BALANCE", "The mass balance of every lot is exact, physically, in WMS and in MES",
        ("URS-ADJ-001", "URS-DSP-002", "URS-PCK-003"), mass_balance,
    ),
    Invariant(
        "INV-MES-EQUALS-WMS", "MES and WMS hold the same stock and statuses at one cut-off",
        ("URS-REC-002", "URS-STA-001"), mes_equals_wms,
    ),
    Invariant(
        "INV-NO-ORPHANS", "No lot and no SSCC is known to one side only, or to nobody",
        ("URS-DEV-001", "URS-DEV-003", "URS-REC-002"), no_orphans,
    ),
    Invariant(
        "INV-GENEALOGY", "The genealogy equals what physically happened",
        ("URS-PCK-003",), genealogy,
    ),
    Invariant(
        "INV-TRACES", "Traces forward and backward find all that is there and nothing else",
        ("URS-GEN-001",), traces, of_packing=True,
    ),
    Invariant(
        "INV-BATCH-RECORD", "Batch records hold what the warehouse moved, line by line",
        ("URS-BPR-002",), batch_record, of_packing=True,
    ),
    Invariant(
        "INV-LABELS", "Every label issued is applied, spoiled or void, on record as on paper",
        ("URS-DEV-003", "URS-DEV-005", "URS-LBL-003", "URS-PAK-001"), labels, of_packing=True,
    ),
    Invariant(
        "INV-AGGREGATION-TREE", "What is inside what is a tree, and what was physically stacked",
        ("URS-AGG-001", "URS-PAK-003"), aggregation_tree, of_packing=True,
    ),
    Invariant(
        "INV-SERIALS", "Every serial number is in one container, in one kit, or out of use",
        ("URS-ADJ-003", "URS-AGG-002", "URS-AGG-003", "URS-RET-002"), serials, of_packing=True,
    ),
    Invariant(
        "INV-IN-PROCESS", "What production was issued is where it was brought, with what is left",
        ("URS-ADJ-003", "URS-DSP-002", "URS-WIP-001"), in_process, of_packing=True,
    ),
    Invariant(
        "INV-JOURNAL", "Both journals are chained, and hold each other's messages byte for byte",
        ("URS-JRN-001", "URS-JRN-005"), journal,
    ),
    Invariant(
        "INV-CONVERGED", "After healing everything converges within the stated plant time",
        ("URS-DEV-001",), converged,
    ),
)


def invariants_for(plant: Plant) -> tuple[Invariant, ...]:
    """The invariants that a plant can be judged by: all of them where it packs what it makes."""
    packs = plant.day is not None or any(order.product for order in plant.orders)
    return tuple(one for one in INVARIANTS if packs or not one.of_packing)


__all__ = ["INVARIANTS", "Invariant", "Judgement", "Violation", "invariants_for"]
