"""The dock: trucks are unloaded, containers scanned against their ASN and put away.

What a receiver finds is written down as it is: short, damaged, or with a label that another
supplier writes another way.
"""

from __future__ import annotations

from simpy import Resource

from contracts.formats.element_strings import GS
from contracts.model.commands import CloseAsn, ConfirmReceipt, PutAway, ReceiptAnswer
from contracts.model.commands import SignatureComponents as Signature
from contracts.model.identifiers import Gtin14, Sscc
from contracts.model.quantities import PositiveQuantity
from contracts.model.roles import Duty, Role
from contracts.record.history import Lane
from simulator.duration import MINUTE, SECOND
from simulator.ledger import Held, Moving, Onto
from simulator.parts import (
    ArrivalPart,
    DeliveredLotPart,
    DeliveryPart,
    LabelVariant,
    StationPart,
)
from simulator.stage import Doing, Post, Process, Stage

UNLOADING = 2 * MINUTE
OFFICE = "OFFICE-1"


def delivery(stage: Stage, part: DeliveryPart, dock: StationPart, free: Resource) -> Process:
    """One truck, from its arrival to the last container in its place."""
    yield stage.until(part.at)
    with free.request() as turn:
        yield turn
        stage.note(Lane.PLANT, "arrived", part.id, supplier=part.supplier)
        for lot in part.lots:
            for container in lot.containers:
                if not container.missing:
                    yield from _receive(stage, part, dock, (lot, container))
        if any(c.missing for lot in part.lots for c in lot.containers):
            yield from _close_short(stage, part)
    for lot in part.lots:
        yield from _put_all_away(stage, dock, lot)
        stage.tell(f"put away {lot.lot}")


def _receive(
    stage: Stage, part: DeliveryPart, dock: StationPart,
    arrived: tuple[DeliveredLotPart, ArrivalPart],
) -> Process:
    lot, container = arrived
    yield stage.env.timeout(UNLOADING)
    quantity = container.actual or container.quantity
    stage.ledger.put(
        Held(container.id, lot.lot, quantity, dock.location), stage.now, Moving.RECEIVED
    )
    stage.note(
        Lane.PLANT, "unloaded", container.id, lot=lot.lot, quantity=quantity,
        condition=container.condition,
    )
    if container.misread:
        yield from _scan(stage, part, dock, (lot, container), container.misread)
        yield stage.env.timeout(20 * SECOND)
    scan = supplier_label(stage, lot, container)
    done = yield from _scan(stage, part, dock, (lot, container), scan)
    answer = done.answer.as_(ReceiptAnswer)
    stage.names.adopt(answer.lot_id, lot.lot)
    place = stage.names.name(answer.location_id)
    if place != dock.location:
        stage.ledger.carry(stage.now, container.id, Moving.PUT_AWAY, Onto("", place))


def _scan(
    stage: Stage, part: DeliveryPart, dock: StationPart,
    arrived: tuple[DeliveredLotPart, ArrivalPart], scan: str,
) -> Doing:
    lot, container = arrived
    stage.scans += 1
    name = f"RCP-{container.id}" if not container.misread else f"RCP-{container.id}-{stage.scans}"
    quantity = container.actual or container.quantity
    body = ConfirmReceipt(
        receipt_id=stage.names.id(name), asn_id=stage.names.id(part.id), scan=scan,
        quantity=PositiveQuantity(value=quantity, unit=stage.plant.unit(lot.material)),
        condition=container.condition, location=stage.names.id(dock.location),
    )
    post = Post(Role.WMS, dock.person, dock.id)
    return (yield from stage.act(post, "confirm-receipt", body, name, container=container.id))


def _close_short(stage: Stage, part: DeliveryPart) -> Doing:
    """What did not come will not come: a supervisor says so and signs."""
    person = stage.person(Duty.SUPERVISOR)
    body = CloseAsn(
        close_id=stage.names.id(f"CLOSE-{part.id}"), asn_id=stage.names.id(part.id),
        reason="The driver has no more containers",
        signature=Signature(
            user_id=stage.names.id(person), password=stage.site.password, meaning="closed short"
        ),
    )
    return (yield from stage.act(Post(Role.WMS, person, OFFICE), "close-asn", body, part.id))


def _put_all_away(stage: Stage, dock: StationPart, lot: DeliveredLotPart) -> Process:
    randomness = stage.randomness(lot.lot, "putting away")
    for container in lot.containers:
        if container.missing or stage.ledger.content(container.id).location != dock.location:
            continue
        yield stage.walk(container.store, randomness)
        name = f"PUT-{container.id}"
        body = PutAway(
            putaway_id=stage.names.id(name), scan=f"]C100{stage.names.sscc(container.id)}",
            to_location=stage.names.id(container.store),
        )
        post = Post(Role.WMS, dock.person, dock.id)
        done = yield from stage.act(post, "put-away", body, name, container=container.id)
        if done.ok:
            stage.ledger.carry(
                done.at, container.id, Moving.PUT_AWAY, Onto("", container.store)
            )
            stage.note(Lane.PLANT, "put away", container.id, location=container.store)


def supplier_label(stage: Stage, lot: DeliveredLotPart, part: ArrivalPart) -> str:
    """What a scanner sends for the label of a container, as its supplier writes it."""
    names = stage.names
    return label_text(
        part.variant, names.sscc(part.id), names.gtin(lot.material),
        (f"{lot.expires_on:%y%m%d}", names.lot_number(lot.lot)),
    )


def label_text(variant: LabelVariant, sscc: Sscc, gtin: Gtin14, of_lot: tuple[str, str]) -> str:
    """The same content in four notations. ``of_lot``: expiry as YYMMDD, and the lot number."""
    expiry, lot = of_lot
    return {
        LabelVariant.LINEAR: f"]C100{sscc}02{gtin}17{expiry}10{lot}",
        LabelVariant.MATRIX: f"]d200{sscc}02{gtin}17{expiry}10{lot}",
        LabelVariant.LOT_FIRST: f"]C100{sscc}02{gtin}10{lot}{GS}17{expiry}",
        LabelVariant.QR: f"]Q302{gtin}10{lot}{GS}17{expiry}00{sscc}",
    }[variant]
