"""What a day had in it of the cases that a performance run must always have, each counted.

Source: URS-DEV-005.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from contracts.model.codes import Code
from contracts.model.lot_status import LotStatus
from contracts.model.stimulus import Purpose
from contracts.record.history import Lane
from simulator.label_customs import CUSTOMS
from simulator.ledger import Moving
from simulator.parts import LabelVariant
from simulator.stage import Stage

NEAR_EXPIRY = "lots near expiry"
EXPIRED_STAGED = "lots that expired while staged"
PARTIAL_PALLETS = "partial pallets"
SPLIT_LOTS = "order lines of more than one lot or container"
POTENCY = "weighings corrected for potency"
NEGATIVE_SCANS = "scans that had to be refused"
LABEL_VARIANTS = "supplier labels in another notation"
RETURNS = "returns to store"
RECOUNTS = "recounts"
LABELS_IN = {str(custom): f"labels in {custom}" for custom in CUSTOMS}
TRANSFERS = "transfers in process"
SCRAPPED = "amounts given up"
BROKEN = "units taken out of their case or off their pallet"
PUT_BACK = "units put into a case or onto a pallet again"
CAME_BACK = "cases that a customer sent back"
KITS = "kits put together"
KITS_OPENED = "kits opened"
HOLDS = "holds of the warehouse"
RELEASES = "holds that quality released"
REQUIRED = (
    NEAR_EXPIRY, PARTIAL_PALLETS, SPLIT_LOTS, POTENCY, NEGATIVE_SCANS, LABEL_VARIANTS,
    *LABELS_IN.values(),
)
_SCANS = (Code.SCAN_UNREADABLE, Code.SCAN_NOT_ALLOCATED, Code.LABEL_MISMATCH)


def workload_of(stage: Stage) -> dict[str, int]:
    """How many of each kind a day had, in the order of the requirement."""
    return {
        NEAR_EXPIRY: len(set(_near_expiry(stage))),
        EXPIRED_STAGED: len(set(_expired_while_staged(stage))),
        PARTIAL_PALLETS: len(list(_partial_pallets(stage))),
        SPLIT_LOTS: _split_lines(stage),
        POTENCY: len(list(_corrected(stage))),
        NEGATIVE_SCANS: _refused_scans(stage),
        LABEL_VARIANTS: _variants(stage),
        **_labels_in(stage),
        RETURNS: sum(
            m.moving in (Moving.RETURNED, Moving.TAKEN_BACK) for m in stage.ledger.moves
        ),
        RECOUNTS: sum(part.spilled is not None for part in stage.plant.counts),
        **_asides(stage),
    }


def _asides(stage: Stage) -> dict[str, int]:
    """What did not go straight through, as it really happened, and the holds that were placed."""
    moved = Counter(m.moving for m in stage.ledger.moves)
    held = {lot for _, lot, _ in stage.held}
    return {
        TRANSFERS: moved[Moving.BROUGHT_ON],
        SCRAPPED: moved[Moving.SCRAPPED] + moved[Moving.LOST_IN_PROCESS],
        BROKEN: moved[Moving.TAKEN_OUT] + moved[Moving.BROUGHT],
        PUT_BACK: moved[Moving.REPACKED] + sum(map(len, stage.loads.values())),
        CAME_BACK: moved[Moving.CAME_BACK],
        KITS: len(stage.ledger.kits) + moved[Moving.OPENED],
        KITS_OPENED: moved[Moving.OPENED],
        HOLDS: len(stage.held),
        RELEASES: sum(
            lot in held and to is LotStatus.RELEASED for _, lot, to in stage.decided
        ),
    }


def missing_from(workload: dict[str, int]) -> list[str]:
    """The kinds that the requirement names and the day did not have."""
    return [kind for kind in REQUIRED if not workload.get(kind)]


def _near_expiry(stage: Stage) -> Iterator[str]:
    """Lots that were there and whose last instant lies in the day."""
    there = {moved.lot for moved in stage.ledger.moves}
    for lot in sorted(there):
        if stage.plant.site.start <= stage.plant.expiry_of(lot) < stage.plant.site.end:
            yield lot


def _expired_while_staged(stage: Stage) -> Iterator[str]:
    staging = {
        part.id for part in stage.plant.locations if part.purpose is Purpose.STAGING
    }
    for lot in _near_expiry(stage):
        at = stage.plant.expiry_of(lot)
        places: dict[str, str] = {}
        for moved in stage.ledger.moves:
            if moved.lot == lot and moved.at < at:
                places[moved.container] = moved.location
        if staging & set(places.values()):
            yield lot


def _partial_pallets(stage: Stage) -> Iterator[str]:
    for order in stage.plant.orders:
        for pallet in stage.pallets.get(order.id, []):
            if order.product and stage.ledger.stacked[pallet] < order.product.per_pallet:
                yield pallet


def _split_lines(stage: Stage) -> int:
    picks = Counter(
        (m.order, m.line) for m in stage.ledger.moves if m.moving is Moving.PICKED
    )
    return sum(count > 1 for count in picks.values())


def _corrected(stage: Stage) -> Iterator[str]:
    based = {
        (order.id, line.id) for order in stage.plant.orders for line in order.lines
        if line.potency_basis is not None
    }
    for moved in stage.ledger.moves:
        if moved.moving is Moving.ISSUED and (moved.order, moved.line) in based:
            yield moved.container


def _refused_scans(stage: Stage) -> int:
    lanes = (Lane.MES, Lane.WMS)
    return sum(
        e.lane in lanes and e.detail.get("code") in _SCANS for e in stage.historian.events
    )


def _variants(stage: Stage) -> int:
    received = {
        m.container for m in stage.ledger.moves if m.moving is Moving.RECEIVED
    }
    return sum(
        part.id in received and part.variant is not LabelVariant.LINEAR
        for delivery in stage.plant.deliveries for lot in delivery.lots
        for part in lot.containers
    )


def _labels_in(stage: Stage) -> dict[str, int]:
    """Labels that came out of the printer as they were asked for, by language and character set."""
    right = Counter(s.custom for s in stage.ledger.stickers.values() if not s.misprint)
    return {case: right[custom] for custom, case in LABELS_IN.items()}
