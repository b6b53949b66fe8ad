"""The envelope of every message: CloudEvents 1.0 in structured JSON.

``subject`` names the handling unit, lot, order or other thing that the message is about; messages
of one subject are applied in the order of ``subjectsequence``. ``sequence`` has no gaps per source.
Both are strings of twelve digits, so that they sort as text (CloudEvents extension ``sequence``).
"""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import ConfigDict, Field, StringConstraints, ValidationError

from contracts.model.identifiers import Id, MessageId, SystemUri
from contracts.model.instants import Timestamp
from contracts.model.wire_model import WireModel

MEDIA_TYPE = "application/cloudevents+json"
SCHEMA_ROOT = "https://gxproof.example/contract/v1"

SequenceNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Subject = Annotated[
    str,
    StringConstraints(
        pattern=r"^(lot|order|container|asn|shipment|location|master|scan|link)/[\x21-\x7e]{1,64}$"
    ),
]


class Payload(WireModel):
    """What one message says. ``business_key`` names the business event, whatever carries it."""

    @property
    def business_key(self) -> str:
        """The identity of the business event. Source: URS-IDM-008."""
        raise NotImplementedError


P = TypeVar("P", bound=Payload)


def _specversion_is_required(schema: dict[str, Any]) -> None:
    schema["required"] = ["specversion", *schema["required"]]


class Envelope(WireModel, Generic[P]):
    """One message. CloudEvents attributes are lower case, the payload's members camelCase."""

    model_config = ConfigDict(alias_generator=None, json_schema_extra=_specversion_is_required)

    specversion: Literal["1.0"] = "1.0"
    id: MessageId
    source: SystemUri
    type: str
    subject: Subject
    time: Timestamp
    """When the business event happened (occurredAt), with the offset of the place."""
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Annotated[str, StringConstraints(pattern=r"^https://[\x21-\x7e]{1,200}$")]
    sequence: SequenceNumber
    subjectsequence: SequenceNumber
    correlationid: Annotated[Id, Field(description="order, ASN or pallet")]
    causationid: MessageId | None = None
    """The message that caused this one."""
    data: P

    @classmethod
    def from_json(cls, content: Any) -> Self:
        """The message of a JSON document. ``specversion`` is there: CloudEvents demands it.

        Raises: pydantic.ValidationError naming the first offending field.
        """
        if isinstance(content, dict) and "specversion" not in content:
            raise ValidationError.from_exception_data(
                cls.__name__, [{"type": "missing", "loc": ("specversion",), "input": content}]
            )
        return super().from_json(content)


def sequence_number(value: int) -> str:
    """The text form of a sequence number. Raises: ValueError outside 1 to 999,999,999,999."""
    if not 0 < value < 10**12:
        raise ValueError(f"sequence number {value} is out of range")
    return f"{value:012d}"
