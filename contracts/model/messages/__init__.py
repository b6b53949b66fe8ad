"""The messages of contract version 1, one module per domain word, and the table that lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.model.envelope import SCHEMA_ROOT, Envelope, Payload
from contracts.model.messages.delivery import LinkHeartbeat, MessageSettled
from contracts.model.messages.lot_status import LotStatusChanged
from contracts.model.messages.picks import PickCancelled, PickConfirmed, PickRequested
from contracts.model.roles import Role

EnvelopeModel = type[Envelope[Any]]


@dataclass(frozen=True)
class MessageType:
    """One message of the contract: its name, who sends it, its payload, request or fact.

    A *request* may be refused by a business rule. A *fact* describes matter or a decision of its
    owner: it is refused only for form, identity, duplicates and conflicts.
    """

    name: str
    sender: Role
    receiver: Role
    payload: type[Payload]
    is_request: bool
    both_ways: bool = False
    """Whether the receiver sends it to the sender as well."""

    @property
    def receivers(self) -> tuple[Role, ...]:
        """The roles that take it, the one named ``receiver`` first."""
        return (self.receiver, self.sender) if self.both_ways else (self.receiver,)

    @property
    def type(self) -> str:
        """The CloudEvents ``type``."""
        return f"gxproof.{self.name}.v1"

    @property
    def dataschema(self) -> str:
        """The URI of the payload's schema, with the full version."""
        return f"{SCHEMA_ROOT}/{self.name}/1.0.0"

    @property
    def envelope(self) -> EnvelopeModel:
        """The envelope model for this payload."""
        return Envelope[self.payload]  # type: ignore[name-defined]


MESSAGES: dict[str, MessageType] = {
    message.name: message
    for message in (
        MessageType("pick-requested", Role.MES, Role.WMS, PickRequested, is_request=True),
        MessageType("lot-status-changed", Role.MES, Role.WMS, LotStatusChanged, is_request=False),
        MessageType("pick-confirmed", Role.WMS, Role.MES, PickConfirmed, is_request=False),
        MessageType("pick-cancelled", Role.MES, Role.WMS, PickCancelled, is_request=True),
        MessageType(
            "message-settled", Role.MES, Role.WMS, MessageSettled, is_request=False, both_ways=True
        ),
        MessageType(
            "link-heartbeat", Role.MES, Role.WMS, LinkHeartbeat, is_request=False, both_ways=True
        ),
    )
}

__all__ = [
    "MESSAGES",
    "LinkHeartbeat",
    "LotStatusChanged",
    "MessageSettled",
    "MessageType",
    "PickCancelled",
    "PickConfirmed",
    "PickRequested",
]
