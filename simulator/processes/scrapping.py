"""Material is given up: out of stock by a supervisor, in process by production.

Above the site's threshold a person of quality signs as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contracts.model.codes import Code
from contracts.model.commands import ScrapMaterial
from contracts.model.identifiers import SerialNumber
from contracts.model.quantities import PositiveQuantity
from contracts.model.roles import Duty, Role
from contracts.model.scrap import Disposal, ScrapReason
from contracts.record.history import Lane
from simulator import handling
from simulator.aside_parts import ScrapPart
from simulator.duration import MINUTE
from simulator.parts import StationPart
from simulator.processes.receiving import OFFICE
from simulator.stage import Doing, Post, Process, Stage

# Above this the example site wants a second person, in the base unit of whatever it is.
ONE_PERSON_MAX = Decimal(1)
_NOT_HEARD = frozenset({
    Code.UNKNOWN_CONTAINER, Code.QUANTITY_ABOVE_CONTENT, Code.UNKNOWN_SERIAL, Code.CONTAINER_LOCKED,
})
_WALK = 5 * MINUTE


@dataclass(frozen=True)
class GivenUp:
    """What is given up: its name on record, the container, how much, which units, and why."""

    name: str
    container: str
    quantity: Decimal
    reason_code: ScrapReason
    reason: str
    serials: tuple[str, ...] = ()


def scrap(stage: Stage, part: ScrapPart) -> Process:
    """An amount that the plant file names; where less is left of it, what is left."""
    yield stage.until(part.at)
    held = stage.ledger.content(part.container)
    amount = min(part.quantity, held.quantity)
    if amount > 0:
        yield from give_up_stock(stage, GivenUp(
            part.id, part.container, amount, part.reason_code, part.reason
        ))


def give_up_stock(stage: Stage, what: GivenUp) -> Doing:
    """A supervisor destroys what stands in stock."""
    yield stage.env.timeout(_WALK)
    post = Post(Role.WMS, stage.person(Duty.SUPERVISOR), OFFICE)
    return (yield from _give_up(stage, post, what))


def give_up_in_process(stage: Stage, what: GivenUp, station: StationPart) -> Doing:
    """Somebody of production destroys what was weighed out."""
    return (yield from _give_up(stage, Post(Role.MES, station.person, station.id), what))


def _give_up(stage: Stage, post: Post, what: GivenUp) -> Doing:
    held = stage.ledger.content(what.container)
    second = what.quantity > ONE_PERSON_MAX
    body = ScrapMaterial(
        scrap_id=stage.names.id(what.name), scan=f"]C100{stage.names.sscc(what.container)}",
        quantity=PositiveQuantity(value=what.quantity, unit=stage.unit_of(held.lot)),
        serials=tuple(map(SerialNumber, what.serials)), disposal=Disposal.DESTROYED,
        reason_code=what.reason_code, reason=what.reason,
        verification=(
            stage.signed(stage.person(Duty.QUALITY), "scrap verified") if second else None
        ),
    )
    done = yield from stage.keep_trying(post, "scrap", body, what.name, _NOT_HEARD)
    if done.ok:
        handling.give_up(stage.ledger, done.at, what.container, what.quantity, what.serials)
        stage.note(
            Lane.PLANT, "given up", what.container, lot=held.lot, quantity=what.quantity
        )
    return done
