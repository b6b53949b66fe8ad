"""Delivery: a message that its receiver broke on is sent once more, or discarded by two people."""

from __future__ import annotations

from contracts.model.commands.command import Command, Reason, SignatureComponents
from contracts.model.identifiers import Id, MessageId


class ReplayDeadLetter(Command):
    """MES and WMS. Support sends a dead letter again, with its own bytes under its own key."""

    replay_id: Id
    message_id: MessageId
    reason: Reason

    @property
    def key(self) -> str:
        return self.replay_id


class DiscardDeadLetter(Command):
    """MES and WMS. Support discards a dead letter, a second person approves; its receiver is told.

    ``approval`` is the signature of another person, a supervisor or of quality.
    """

    discard_id: Id
    message_id: MessageId
    reason: Reason
    approval: SignatureComponents

    @property
    def key(self) -> str:
        return self.discard_id
