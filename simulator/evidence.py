"""What the oracles look at: the physical truth, and what both systems recorded, in plant names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from contracts.model.inspection import (
    Containers,
    Direction,
    Genealogy,
    Journal,
    JournalRow,
    Lots,
    Outbox,
    Picks,
)
from contracts.model.inspection_packing import Aggregations, Labels
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES
from contracts.model.packing import LabelState
from contracts.model.roles import Role
from contracts.wire.clients import SystemClient
from simulator.asides import Asides, read_asides
from simulator.journalled import Journalled, journalled, settled, settlements
from simulator.ledger import Held, PhysicalLedger
from simulator.namespace import Namespace
from simulator.plant_model import Plant
from simulator.relay import Passage
from simulator.traces import Traces, read_traces

# A position that no journal reaches: the export then holds no rows and tells where it ends.
BEYOND = 10**14
_UNSEEN = "no message about it was seen"


@dataclass(frozen=True)
class PickLineSeen:
    """A line of a pick request, as one system shows it."""

    request: str
    line: str
    order: str
    requested: Decimal
    picked: Decimal
    allocated: Decimal


@dataclass(frozen=True)
class LotSeen:
    """A lot, as one system shows it."""

    lot: str
    status: LotStatus
    expires_at: datetime


@dataclass(frozen=True)
class Descent:
    """A quantity that came out of one container into another."""

    child: str
    parent: str
    quantity: Decimal


@dataclass(frozen=True)
class LabelSeen:
    """A printed label, as MES shows it; ``unit`` is the name of what bears its SSCC."""

    label: str
    unit: str
    state: LabelState


@dataclass(frozen=True)
class Inside:
    """A unit, or a piece by its serial number, that is inside another unit."""

    child: str
    parent: str
    is_logistic: bool = field(default=False, compare=False)
    """Whether the child is a case or a pallet, no piece."""


@dataclass
class Recorded:
    """What one system recorded in a run. ``pending`` are keys of messages without final answer.

    ``statuses`` are those of containers that are stricter than their lots; ``journal`` is the part
    that was written since the run began, the rows of others on the same system included.
    """

    role: Role
    containers: dict[str, Held] = field(default_factory=dict)
    statuses: dict[str, LotStatus] = field(default_factory=dict)
    lots: dict[str, LotSeen] = field(default_factory=dict)
    genealogy: list[Descent] = field(default_factory=list)
    picks: list[PickLineSeen] = field(default_factory=list)
    labels: dict[str, LabelSeen] = field(default_factory=dict)
    aggregations: list[Inside] = field(default_factory=list)
    sent: list[Journalled] = field(default_factory=list)
    received: list[Journalled] = field(default_factory=list)
    journal: list[JournalRow] = field(default_factory=list)
    pending: frozenset[str] = frozenset()
    traces: Traces = field(default_factory=Traces)
    asides: Asides = field(default_factory=Asides)


@dataclass
class Evidence:
    """Everything that a judgement of a shift rests on.

    ``decided`` are the decisions of the quality unit: when, lot, new status; ``held`` the holds of
    the warehouse alike; ``of_containers`` what was decided about single containers.
    """

    plant: Plant
    ledger: PhysicalLedger
    recorded: dict[Role, Recorded]
    passages: list[tuple[datetime, Passage]]
    healed_at: datetime | None
    decided: list[tuple[datetime, str, LotStatus]] = field(default_factory=list)
    held: list[tuple[datetime, str, LotStatus]] = field(default_factory=list)
    of_containers: list[tuple[datetime, str, LotStatus]] = field(default_factory=list)

    def first_message(self, **business: str) -> str:
        """The first message on the link whose payload has these members, for people."""
        if not business:
            return _UNSEEN
        named = [self._index.get(member, []) for member in business.items()]
        common = set(named[0]).intersection(*named[1:])
        return self._told(min(common)) if common else _UNSEEN

    def first_about(self, name: str) -> str:
        """The first message on the link that names a thing in any member, for people."""
        found = self._index.get(("", name))
        return self._told(found[0]) if found else _UNSEEN

    def _told(self, index: int) -> str:
        at, passage = self.passages[index]
        return f"{passage.message} attempt {passage.attempt} at {at:%H:%M:%S}"

    @cached_property
    def _index(self) -> dict[tuple[str, str], list[int]]:
        """Where a member was seen with a value; under no name, where the value was seen at all."""
        index: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, (_, passage) in enumerate(self.passages):
            if passage.message not in MESSAGES:
                continue  # a question changes nothing, so it opens no gap
            for member in passage.business.items():
                index[member].append(number)
            for value in {passage.subject, *passage.business.values()}:
                index["", value].append(number)
        return index


@dataclass(frozen=True)
class JournalEnds:
    """Where the journals stood before a run."""

    position: dict[Role, int]


def journal_ends(clients: Iterable[SystemClient]) -> JournalEnds:
    """Read where both journals stand now."""
    return JournalEnds({c.role: _last_position(c) for c in clients})


def read_recorded(
    client: SystemClient, names: Namespace, after: int, orders: Iterable[str] = ()
) -> Recorded:
    """Everything one system recorded of a run, in plant names. Raises: NoAnswer, Unexpected.

    ``orders`` are those whose batch records are read.
    """
    recorded = Recorded(client.role)
    _read_containers(client, names, recorded)
    for lot in client.ask("lots", Lots).rows:
        if names.owns(lot.lot_id):
            name = names.name(lot.lot_id)
            recorded.lots[name] = LotSeen(name, lot.status, lot.expires_at)
    recorded.genealogy = [
        Descent(names.name(row.child), names.name(row.parent), row.quantity.value)
        for row in client.ask("genealogy", Genealogy).rows
        if names.owns(row.child)
    ]
    _read_units(client, names, recorded)
    units = {link.parent for link in recorded.aggregations}
    recorded.traces = read_traces(client, names, recorded.lots, units, orders)
    recorded.asides = read_asides(client, names)
    recorded.picks = _picks(client.ask("picks", Picks), names)
    pending = client.ask("outbox", Outbox).pending
    recorded.pending = frozenset(str(row.message_id) for row in pending)
    recorded.journal = _journal(client, after)
    outcomes = settlements(recorded.journal)
    for direction, messages in (
        (Direction.SENT, recorded.sent), (Direction.RECEIVED, recorded.received)
    ):
        found = journalled(recorded.journal, direction, names)
        messages += [settled(message, outcomes.get(message.key)) for message in found]
    return recorded


def released_at_start(plant: Plant, lot: str) -> bool:
    """Whether a lot is released when the shift begins."""
    return any(p.id == lot and p.status is LotStatus.RELEASED for p in plant.lots)


def _last_position(client: SystemClient) -> int:
    return client.ask("journal", Journal, f"after={BEYOND}").last_position


def _journal(client: SystemClient, after: int) -> list[JournalRow]:
    """All rows after a position; an export may come in pages."""
    rows: list[JournalRow] = []
    while True:
        page = client.ask("journal", Journal, f"after={after}")
        rows += page.rows
        if not page.rows or page.rows[-1].position >= page.last_position:
            return rows
        after = page.rows[-1].position


def _read_containers(client: SystemClient, names: Namespace, recorded: Recorded) -> None:
    for row in client.ask("containers", Containers).rows:
        if not names.owns(row.sscc) and not names.owns(row.lot_id):
            continue
        name = names.name(row.sscc)
        recorded.containers[name] = Held(
            name, names.name(row.lot_id), row.quantity.value, names.name(row.location_id)
        )
        if row.status is not None:
            recorded.statuses[name] = row.status


def _read_units(client: SystemClient, names: Namespace, recorded: Recorded) -> None:
    """Labels, which MES alone has, and what is inside what."""
    if client.role is Role.MES:
        for row in client.ask("labels", Labels).rows:
            if names.owns(row.label_id):
                name = names.name(row.label_id)
                recorded.labels[name] = LabelSeen(name, names.name(row.sscc), row.state)
    recorded.aggregations = [
        Inside(_unit_name(row.child, names), names.name(row.parent), row.child.startswith("(00)"))
        for row in client.ask("aggregations", Aggregations).rows
        if names.owns(row.parent)
    ]


def _unit_name(key: str, names: Namespace) -> str:
    """The plant's name of a unit: of an SSCC, or the serial number of a piece."""
    if key.startswith("(00)"):
        return names.name(key.removeprefix("(00)"))
    return key.partition("(21)")[2]


def _picks(shown: Picks, names: Namespace) -> list[PickLineSeen]:
    return [
        PickLineSeen(
            request=names.name(row.request_id), line=row.line_id, order=names.name(row.order_id),
            requested=row.requested.value, picked=row.picked.value,
            allocated=sum((a.quantity.value for a in row.allocations), Decimal(0)),
        )
        for row in shown.rows
        if names.owns(row.request_id)
    ]
