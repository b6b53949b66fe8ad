"""The batch record is filled and completed; a lot is recalled with all that was made of it."""

from __future__ import annotations

from contracts.model.batch_records import EntryKind, EntryText
from contracts.model.commands.command import Command, Reason, SignatureComponents
from contracts.model.identifiers import Id
from contracts.model.instants import Timestamp
from contracts.model.quantities import Quantity


class RecordBatchEntry(Command):
    """MES. Something was done for a batch: by the signed-in person, checked by a second one.

    ``item`` names the step or test of the master record; ``quantity`` is the result of a test, or
    how much of ``lot_id`` (a lot of containers or closures) was used.
    """

    entry_id: Id
    order_id: Id
    kind: EntryKind
    item: Id | None = None
    text: EntryText
    started_at: Timestamp
    ended_at: Timestamp
    equipment_id: Id | None = None
    lot_id: Id | None = None
    quantity: Quantity | None = None
    verification: SignatureComponents

    @property
    def key(self) -> str:
        return self.entry_id


class CompleteBatchRecord(Command):
    """MES. The quality unit has reviewed the whole record of a batch, and signs that it is."""

    order_id: Id
    completion_id: Id | None = None
    """Needed where the record changed after a completion, which then holds no longer."""
    signature: SignatureComponents

    @property
    def key(self) -> str:
        return self.completion_id or self.order_id


class RecallLot(Command):
    """MES. A lot and every lot that was made of it are recalled, wherever they are."""

    recall_id: Id
    lot_id: Id
    reason: Reason
    signature: SignatureComponents

    @property
    def key(self) -> str:
        return self.recall_id
