"""Alarms: a person has looked at one."""

from __future__ import annotations

from contracts.model.commands.command import Command, Reason
from contracts.model.identifiers import Id


class AcknowledgeAlarm(Command):
    """MES and WMS. A person has looked at an alarm and says what came of it, once."""

    acknowledgement_id: Id
    alarm_id: Id
    comment: Reason

    @property
    def key(self) -> str:
        return self.acknowledgement_id
