"""Batch records, traces and recalls."""

from __future__ import annotations

from typing import Any

from contracts.model.batch_records import EntryKind, MasterRecord, ProcessStep
from contracts.model.commands import (
    CompleteOrder,
    ReconcileLabels,
    RecordBatchEntry,
    SignatureComponents,
    StartOrder,
)
from contracts.model.identifiers import Id, LotNumber
from contracts.model.instants import write_timestamp
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import PositiveQuantity, Quantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import BomLine, Load, Lot, Material, Order, Product
from features.contract_checks.domains.facts import Domain, Facts, member
from features.contract_checks.domains.packing import Made, pack_one
from features.contract_checks.world import EXPIRES, LINE, NOW, PASSWORD, World
from simulator.namespace import Namespace

_REASON = "because a contract check says so"
_REASON_MIN = 5
_STEP = "MIX"


def _record_batch_entry(world: World, body: Any) -> Facts:
    """An entry of a kind that may be made again and again: steps and tests are entered once."""
    facts: Facts = [
        ("entryId", world.fresh("entry")),
        ("orderId", world.names.id("RECORD")),
        ("kind", EntryKind.LINE_CLEARANCE.value),
        ("startedAt", write_timestamp(NOW)),
        ("endedAt", write_timestamp(NOW)),
        ("verification.userId", world.person(Duty.QUALITY)),
        ("verification.password", PASSWORD),
    ]
    if member(body, "equipmentId") is not None:
        facts.append(("equipmentId", world.names.id("SCALE")))
    if member(body, "lotId") is not None:
        facts.append(("lotId", world.names.id("RECALL0")))
    return facts


def _recall_lot(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("recallId", world.fresh("recall")),
        ("lotId", world.names.id(f"RECALL{world.turn('lot to recall')}")),
        ("signature.userId", world.person(Duty.QUALITY)),
        ("signature.password", PASSWORD),
    ]
    if len("".join(str(member(body, "reason")).split())) < _REASON_MIN:
        facts.append(("reason", _REASON))
    return facts


def _complete_batch_record(world: World, _: Any) -> Facts:
    return [
        ("orderId", world.take("whole record")),
        ("signature.userId", world.person(Duty.QUALITY)),
        ("signature.password", PASSWORD),
    ]


# --- what is loaded and opened ------------------------------------------------------------------


def _open(world: World) -> None:
    """An order whose record is open, and some whose records lack nothing but the signature."""
    start = StartOrder(order_id=Id(world.names.id("RECORD")))
    world.command("start-order", start, Duty.PRODUCTION)
    world.opened["whole record"] = [
        _filled(world, f"WHOLE{n}") for n in range(_whole_records(world.supply))
    ]


def _whole_records(supply: int) -> int:
    return max(1, supply // 4)


def _filled(world: World, name: str) -> str:
    """Do everything that the record of an order has to tell of. Returns: the order's id."""
    order_id = world.names.id(name)
    world.command("start-order", StartOrder(order_id=Id(order_id)), Duty.PRODUCTION)
    for kind in (
        EntryKind.STEP, EntryKind.LINE_CLEARANCE, EntryKind.CONTAINER_CLOSURE, EntryKind.SAMPLING,
        EntryKind.EXAMINATION,
    ):
        world.command("record-batch-entry", _entry(world, order_id, kind), Duty.PRODUCTION)
    pack_one(world, Made(name, f"LOT-{name}"))
    done = CompleteOrder(order_id=Id(order_id), good_quantity=PositiveQuantity.of("1 C62"))
    world.command("complete-order", done, Duty.PRODUCTION)
    counted = ReconcileLabels(
        reconciliation_id=Id(world.fresh("balance")), order_id=Id(order_id), applied=1, destroyed=0
    )
    world.command("reconcile-labels", counted, Duty.PACKER)
    return order_id


def _entry(world: World, order_id: str, kind: EntryKind) -> RecordBatchEntry:
    names, step = world.names, kind is EntryKind.STEP
    closure = kind is EntryKind.CONTAINER_CLOSURE
    return RecordBatchEntry(
        entry_id=Id(world.fresh("entry")), order_id=Id(order_id), kind=kind,
        item=Id(_STEP) if step else None, text="as the master record says", started_at=NOW,
        ended_at=NOW, equipment_id=Id(names.id("SCALE")) if step else None,
        lot_id=Id(names.id("RECALL0")) if closure else None,
        quantity=Quantity.of("10 C62") if closure else None,
        verification=SignatureComponents(
            user_id=Id(world.person(Duty.QUALITY)), password=PASSWORD, meaning="Checked"
        ),
    )


def _load(names: Namespace, supply: int) -> Load:
    whole = [f"WHOLE{n}" for n in range(_whole_records(supply))]
    return Load(
        materials=(Material(
            material_id=Id(names.id("BOTTLE")), description="example bottle",
            gtin=names.gtin("BOTTLE"), base_unit=Unit.EACH,
        ),),
        lots=tuple(_lot(names, f"RECALL{n}") for n in range(supply)),
        orders=tuple(_order(names, name) for name in ("RECORD", *whole)),
    )


def _lot(names: Namespace, lot: str) -> Lot:
    return Lot(
        lot_id=Id(names.id(lot)), material_id=Id(names.id("BOTTLE")),
        lot=LotNumber(names.lot_number(lot)), expires_on=EXPIRES,
    )


def _order(names: Namespace, order: str) -> Order:
    """An order by a signed master record whose only material is computed at the end."""
    line = BomLine(
        line_id=Id(LINE), material_id=Id(names.id("COMPUTED")),
        quantity=PositiveQuantity.of("1 KGM"), tolerance_high=Quantity.of("0 KGM"),
    )
    product = Product(
        material_id=Id(names.id("TABLETS")), gtin=names.gtin("TABLETS"),
        lot_id=Id(names.id(f"LOT-{order}")), lot=LotNumber(names.lot_number(f"LOT-{order}")),
        expires_on=EXPIRES,
    )
    return Order(
        order_id=Id(names.id(order)), bom_id=Id(names.id("BOM")), bom_version=1, lines=(line,),
        size=PositiveQuantity.of("1000 C62"), product=product, master_record=_master(names),
    )


def _master(names: Namespace) -> MasterRecord:
    signature = SignatureManifest(
        signature_id=Id(names.id("SIG-MASTER")), person_id=Id(names.id("p.quality")),
        printed_name="Example quality", role=Id(Duty.QUALITY.value), meaning="Approved",
        signed_at=NOW,
    )
    return MasterRecord(
        record_id=Id(names.id("MASTER")), version=1, signature=signature,
        theoretical_yield=PositiveQuantity.of("1000 C62"),
        steps=(ProcessStep(step_id=Id(_STEP), title="Mix"),),
        tests=(),
    )


BATCH_RECORDS = Domain(
    facts={
        "record-batch-entry": _record_batch_entry,
        "complete-batch-record": _complete_batch_record,
        "recall-lot": _recall_lot,
    },
    load=_load,
    open_work={Role.MES: _open},
    queries={
        "trace-forward": lambda world: world.names.id("RECALL0"),
        "trace-backward": lambda world: world.names.sscc("STOCK0"),
        "batch-record": lambda world: world.names.id("RECORD"),
    },
)
