"""The scripted counterpart: plays a partner towards one system, with messages of its choice.

It can also send what no real system would: without a key, under another sender's name, with one
member changed. Sequence numbers of a subject start at 1 with the first message about it.
"""

from __future__ import annotations

import json
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contracts.model.envelope import Payload, sequence_number
from contracts.model.identifiers import Id, MessageId, SystemUri
from contracts.model.instants import microseconds
from contracts.model.messages import MESSAGES
from contracts.record.canonical import canonical_bytes
from contracts.wire.clients import Answer, SystemClient


@dataclass(frozen=True)
class Draft:
    """A message that is ready to be sent: its name, its key, its bytes."""

    message: str
    key: str | None
    raw: bytes

    def changed(self, members: Mapping[str, Any], key: str | None = None) -> Draft:
        """The same message with other members of ``data`` (and of the envelope, as ``/name``)."""
        content = json.loads(self.raw)
        for name, value in members.items():
            if name.startswith("/"):
                content[name[1:]] = value
            else:
                content["data"][name] = value
        return Draft(self.message, key or self.key, canonical_bytes(content))

    def without_key(self) -> Draft:
        """The same message without an idempotency key."""
        return Draft(self.message, None, self.raw)


@dataclass
class Counterpart:
    """Sends messages to one system under the account of its partner."""

    client: SystemClient
    _subjects: Counter[str] = field(default_factory=Counter)
    # Numbers of a source only ever grow, also over several runs of the harness.
    _sequence: int = field(default_factory=lambda: int(time.time() * 100) % 10**12)

    def draft(self, message: str, payload: Payload, subject: str, now: datetime) -> Draft:
        """A valid message about ``subject`` with a new id. It counts as the subject's next one."""
        kind = MESSAGES[message]
        self._subjects[subject] += 1
        self._sequence += 1
        message_id = new_message_id(now)
        envelope = kind.envelope(
            id=message_id, source=SystemUri(self.client.identity.source), type=kind.type,
            subject=subject, time=now, dataschema=kind.dataschema,
            sequence=sequence_number(self._sequence),
            subjectsequence=sequence_number(self._subjects[subject]),
            correlationid=Id(subject.partition("/")[2]), data=payload,
        )
        return Draft(message, message_id, canonical_bytes(envelope.to_json()))

    def send(self, draft: Draft) -> Answer:
        """Send a draft, as it is."""
        return self.client.send(draft.message, draft.raw, key=draft.key)


def new_message_id(now: datetime) -> MessageId:
    """A message id of the harness: a UUID of version 7."""
    return MessageId.made_at(microseconds(now) // 1000, secrets.randbits(80))
