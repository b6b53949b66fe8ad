"""Delivery: a message that its receiver broke on is sent once more, when somebody saw to it."""

from __future__ import annotations

from contracts.model.commands.command import Command, Reason
from contracts.model.identifiers import Id, MessageId


class ReplayDeadLetter(Command):
    """MES and WMS. Support sends a dead letter again, with its own bytes under its own key."""

    replay_id: Id
    message_id: MessageId
    reason: Reason

    @property
    def key(self) -> str:
        return self.replay_id
