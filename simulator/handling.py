"""What hands do with matter beside bringing it: units come out of cases and go back, into kits and
out of them; something is given up, something is sent back.

Each act changes the physical ledger and nothing else. Pieces are named by their serial numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from contracts.model.scrap import SerialState
from simulator.ledger import Held, Moved, Moving, NotThere, PhysicalLedger, Standing

Serials = tuple[str, ...]
_ONE = Decimal(1)


@dataclass(frozen=True)
class Kitted:
    """A kit, and where each of its components comes from or goes: serial number and container."""

    kit: str
    order: str
    components: tuple[tuple[str, str], ...]


def bring_on(ledger: PhysicalLedger, at: datetime, container: str, to: str, order: str) -> Moved:
    """Production carries what it has weighed out to another of its places."""
    held = ledger.content(container)
    there = replace(held, location=to)
    ledger.becomes(there)
    return _note(ledger, (at, Moving.BROUGHT_ON, order), there)


def give_up(
    ledger: PhysicalLedger, at: datetime, container: str, quantity: Decimal, serials: Serials = ()
) -> Moved:
    """An amount is destroyed, out of stock or out of what is in process."""
    held = _without(ledger, container, quantity, serials)
    ledger.ended.update(dict.fromkeys(serials, SerialState.DESTROYED))
    in_process = held.standing is Standing.ISSUED
    moving = Moving.LOST_IN_PROCESS if in_process else Moving.SCRAPPED
    return _note(ledger, (at, moving, ""), replace(held, quantity=quantity))


def repack(
    ledger: PhysicalLedger, at: datetime, moving: Moving, between: tuple[str, str],
    serials: Serials,
) -> Moved:
    """Pieces go from one container into another, which is new or of the same lot."""
    source, target = between
    held = _without(ledger, source, Decimal(len(serials)), serials)
    _into(ledger, replace(held, container=target), serials)
    moved = replace(held, quantity=Decimal(len(serials)))
    return _note(ledger, (at, moving, ""), moved, into=target)


def take_off(ledger: PhysicalLedger, at: datetime, unit: str, to: str) -> Moved:
    """A unit comes off its pallet and is brought somewhere."""
    ledger.unstack(unit)
    there = replace(ledger.content(unit), location=to)
    ledger.becomes(there)
    return _note(ledger, (at, Moving.BROUGHT, ""), there)


def come_back(
    ledger: PhysicalLedger, at: datetime, container: str, kept: Serials, dock: str
) -> Moved:
    """A container that was shipped stands at the dock again; some units stay with the customer."""
    ledger.unstack(container)
    _without(ledger, container, Decimal(len(kept)), kept)
    ledger.ended.update(dict.fromkeys(kept, SerialState.SHIPPED))
    left = replace(ledger.content(container), location=dock, standing=Standing.STOCK)
    ledger.becomes(left)
    return _note(ledger, (at, Moving.CAME_BACK, ""), left)


def assemble(ledger: PhysicalLedger, at: datetime, what: Kitted) -> None:
    """Components leave their containers and are in a kit."""
    inside: dict[str, str] = {}
    for serial, container in what.components:
        held = _without(ledger, container, _ONE, (serial,))
        inside[serial] = held.lot
        _note(ledger, (at, Moving.ASSEMBLED, what.order), replace(held, quantity=_ONE))
    ledger.kits[what.kit] = inside


def open_kit(
    ledger: PhysicalLedger, at: datetime, case: str, what: Kitted, location: str
) -> None:
    """A kit in a case is no more; its components lie in containers."""
    itself = _without(ledger, case, _ONE, (what.kit,))
    _note(ledger, (at, Moving.OPENED, what.order), replace(itself, quantity=_ONE))
    inside = ledger.kits.pop(what.kit)
    for serial, container in what.components:
        held = Held(container, inside[serial], _ONE, location)
        _into(ledger, held, (serial,))
        _note(ledger, (at, Moving.TAKEN_APART, what.order), held)


def _without(
    ledger: PhysicalLedger, container: str, quantity: Decimal, serials: Serials
) -> Held:
    """Take pieces or an amount out of a container. Returns: what it held before.

    Raises: NotThere where it does not hold that.
    """
    held = ledger.content(container)
    missing = set(serials) - set(held.serials)
    if missing or quantity > held.quantity:
        raise NotThere(f"{container} holds {held.quantity}, without {sorted(missing)}")
    left = tuple(serial for serial in held.serials if serial not in serials)
    ledger.becomes(replace(held, quantity=held.quantity - quantity, serials=left))
    return held


def _into(ledger: PhysicalLedger, like: Held, serials: Serials) -> None:
    """Pieces go into a container; a new one stands where and is what ``like`` says."""
    amount = Decimal(len(serials))
    if not ledger.is_there(like.container):
        ledger.becomes(replace(like, quantity=amount, serials=serials))
        return
    held = ledger.content(like.container)
    ledger.becomes(
        replace(held, quantity=held.quantity + amount, serials=(*held.serials, *serials))
    )


def _note(
    ledger: PhysicalLedger, act: tuple[datetime, Moving, str], held: Held, into: str = ""
) -> Moved:
    """Enter a movement of ``held``: when, what it was, for which order; ``into``: where it went."""
    at, moving, order = act
    moved = Moved(
        at, moving, held.lot, held.container, into or held.container, held.quantity,
        held.location, order,
    )
    ledger.moves.append(moved)
    return moved
