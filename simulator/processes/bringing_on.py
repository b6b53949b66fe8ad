"""Production brings what was weighed out to another of its places, and some of it is lost there."""

from __future__ import annotations

from contracts.model.commands import TransferWip
from contracts.model.roles import Role
from contracts.model.scrap import ScrapReason
from contracts.record.history import Lane
from simulator import handling
from simulator.aside_parts import OnwardPart
from simulator.parts import OrderPart, StationPart
from simulator.processes.scrapping import GivenUp, give_up_in_process
from simulator.stage import Post, Process, Stage


def bring_on(stage: Stage, order: OrderPart, part: OnwardPart, booth: StationPart) -> Process:
    """Every dispensed container of an order goes on, one after the other."""
    randomness = stage.randomness(order.id, "bringing on")
    first = ""
    for line in order.lines:
        for number, name in enumerate(stage.dispensed.get((order.id, line.id), []), start=1):
            if stage.ledger.content(name).quantity <= 0:
                continue
            yield stage.walk(part.to, randomness)
            yield from _bring(stage, (order, f"WIP-{order.id}-{line.id}-{number}"), name, booth)
            first = first or name
    if part.lost is not None and first and stage.ledger.content(first).quantity > part.lost:
        yield from give_up_in_process(stage, GivenUp(
            f"LOST-{order.id}", first, part.lost, ScrapReason.PROCESS_LOSS,
            "Left on the sieve of the blender",
        ), booth)


def _bring(
    stage: Stage, about: tuple[OrderPart, str], container: str, booth: StationPart
) -> Process:
    order, name = about
    assert order.onward is not None
    body = TransferWip(
        transfer_id=stage.names.id(name), order_id=stage.names.id(order.id),
        scan=f"]C100{stage.names.sscc(container)}", to_location=stage.names.id(order.onward.to),
    )
    post = Post(Role.MES, booth.person, booth.id)
    done = yield from stage.act(post, "transfer-wip", body, name, container=container)
    if done.ok:
        handling.bring_on(stage.ledger, done.at, container, order.onward.to, order.id)
        stage.note(Lane.PLANT, "brought on", container, location=order.onward.to)
