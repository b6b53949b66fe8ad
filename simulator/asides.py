"""What one system shows of what does not go straight through: work in process, kits, serials.

Serial numbers stand for themselves; everything else is in plant names.
Source: URS-WIP-001, URS-ADJ-003, URS-AGG-003, URS-RET-002.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from contracts.model.inspection_dispensing import Wip
from contracts.model.inspection_flows import Scraps, WipTransfers
from contracts.model.inspection_kits import Kits
from contracts.model.roles import Role
from contracts.wire.clients import SystemClient
from simulator.namespace import Namespace


class Transfer(NamedTuple):
    """A container in process that was brought to another place, with what was in it."""

    order: str
    container: str
    lot: str
    quantity: Decimal
    location: str


class InProcess(NamedTuple):
    """What was issued of a lot to a line of an order, and what of it came back or was given up."""

    issued: Decimal
    returned: Decimal
    scrapped: Decimal


@dataclass
class Asides:
    """The answers of one system.

    ``places``: where each container in process stands; ``in_process``, in MES alone, by order, line
    and lot; ``in_kits``: the kit that a component is in; ``ended``: why a serial number is out of
    use. Kits, components and units are named by their serial numbers.
    """

    transfers: list[Transfer] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    in_process: dict[tuple[str, str, str], InProcess] = field(default_factory=dict)
    in_kits: dict[str, str] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)


def read_asides(client: SystemClient, names: Namespace) -> Asides:
    """Ask a system once. Raises: NoAnswer, Unexpected."""
    asides = Asides()
    _read_transfers(client, names, asides)
    if client.role is Role.MES:
        _read_in_process(client, names, asides)
    for kit in client.ask("kits", Kits).rows:
        if names.owns(kit.assembly_id) and kit.opened_by is None:
            asides.in_kits[kit.serial] = kit.kit.serial
    for unit in client.ask("scraps", Scraps).serials:
        if names.owns(unit.cause):
            asides.ended[unit.unit.partition("(21)")[2]] = unit.state.value
    return asides


def _read_transfers(client: SystemClient, names: Namespace, asides: Asides) -> None:
    shown = client.ask("wip-transfers", WipTransfers)
    asides.transfers = [
        Transfer(
            names.name(row.order_id), names.name(row.container), names.name(row.lot_id),
            row.quantity.value, names.name(row.to_location),
        )
        for row in shown.rows if names.owns(row.transfer_id)
    ]
    asides.places = {
        names.name(row.container): names.name(row.location_id)
        for row in shown.places if names.owns(row.order_id)
    }


def _read_in_process(client: SystemClient, names: Namespace, asides: Asides) -> None:
    for row in client.ask("wip", Wip).rows:
        if names.owns(row.order_id):
            key = names.name(row.order_id), row.line_id, names.name(row.lot_id)
            asides.in_process[key] = InProcess(
                row.issued.value, row.returned.value, row.scrapped.value
            )
