"""EPCIS 2.0 over the contract: a document that is captured, a query, its results, a correction.

Events themselves are objects of the standard and stay as they are written; what they may say is
told by business rules, for no schema can. Source: EPCIS 2.0, 8.2.7 (SimpleEventQuery), 10 (JSON),
12 (REST).
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StrictInt, StringConstraints

from contracts.model.inspection import Count
from contracts.model.instants import Timestamp
from contracts.model.wire_model import WireModel

Text = Annotated[str, StringConstraints(min_length=1, max_length=512)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1, max_length=100)]
ContextPart = Text | dict[Text, Text | dict[Text, Text]]
Context = ContextPart | Annotated[tuple[ContextPart, ...], Field(min_length=1, max_length=20)]
EventObject = dict[str, Any]
EventType = Literal[
    "ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent",
    "AssociationEvent",
]
SchemaVersion = Annotated[str, StringConstraints(pattern=r"^2\.[0-9]{1,3}(\.[0-9]{1,3})?$")]
PAGE_MAX = 1000
# The standard writes quantities as numbers.
_FOREIGN = frozenset({"eventList"})


class CaptureBody(WireModel):
    """The events of a document, in the order in which they are told."""

    event_list: Annotated[tuple[EventObject, ...], Field(min_length=1, max_length=PAGE_MAX)]


class CaptureDocument(WireModel):
    """An EPCIS 2.0 document. All its events are taken over, or none.

    ``recordTime`` in an event is ignored: it is the repository's own. An event without an id gets
    its hash as id. Source: EPCIS 2.0, 7.4.1 (recordTime, eventID), 10.2.
    """

    foreign: ClassVar[frozenset[str]] = _FOREIGN

    context: Context = Field(alias="@context")
    type: Literal["EPCISDocument"]
    schema_version: SchemaVersion
    creation_date: Timestamp
    id: Text | None = None
    sender: Text | None = None
    receiver: Text | None = None
    instance_identifier: Text | None = None
    epcis_body: CaptureBody


class Captured(WireModel):
    """What came of a captured document. ``known`` of its events were there before, the same."""

    recorded_at: Timestamp
    captured: Count
    known: Count
    event_ids: tuple[str, ...]
    """The ids of its events, in their order."""


class SimpleEventQuery(WireModel):
    """Which events are asked for: all that fit every parameter that is given.

    The names are those of the standard. A list fits where one of its values does.
    ``EQ_bizTransaction`` is about business transactions of every type.
    """

    event_type: Annotated[tuple[EventType, ...], Field(min_length=1)] | None = Field(
        None, alias="eventType")
    ge_event_time: Timestamp | None = Field(None, alias="GE_eventTime")
    lt_event_time: Timestamp | None = Field(None, alias="LT_eventTime")
    ge_record_time: Timestamp | None = Field(None, alias="GE_recordTime")
    lt_record_time: Timestamp | None = Field(None, alias="LT_recordTime")
    eq_action: Annotated[
        tuple[Literal["ADD", "OBSERVE", "DELETE"], ...], Field(min_length=1)
    ] | None = Field(None, alias="EQ_action")
    eq_biz_step: Texts | None = Field(None, alias="EQ_bizStep")
    eq_disposition: Texts | None = Field(None, alias="EQ_disposition")
    eq_read_point: Texts | None = Field(None, alias="EQ_readPoint")
    eq_biz_location: Texts | None = Field(None, alias="EQ_bizLocation")
    eq_biz_transaction: Texts | None = Field(None, alias="EQ_bizTransaction")
    eq_transformation_id: Texts | None = Field(None, alias="EQ_transformationID")
    eq_event_id: Texts | None = Field(None, alias="EQ_eventID")
    match_epc: Texts | None = Field(None, alias="MATCH_epc")
    match_parent_id: Texts | None = Field(None, alias="MATCH_parentID")
    match_any_epc: Texts | None = Field(None, alias="MATCH_anyEPC")
    match_epc_class: Texts | None = Field(None, alias="MATCH_epcClass")
    match_any_epc_class: Texts | None = Field(None, alias="MATCH_anyEPCClass")
    exists_error_declaration: Literal[True] | None = Field(
        None, alias="EXISTS_errorDeclaration")
    per_page: Annotated[StrictInt, Field(ge=1, le=PAGE_MAX)] = 100
    next_page_token: Annotated[
        str, StringConstraints(pattern=r"^[0-9]{1,15}$")
    ] | None = None
    """As the ``Link`` header of the page before gave it."""


class ResultsBody(WireModel):
    """The events that were found, each with its ``recordTime``, in the order of recording."""

    event_list: tuple[EventObject, ...]


class QueryResults(WireModel):
    """What a query found."""

    query_name: Literal["SimpleEventQuery"]
    results_body: ResultsBody


class QueryBody(WireModel):
    """The body of a query document."""

    query_results: QueryResults


class EventsFound(WireModel):
    """An EPCIS query document. Where there is more, the ``Link`` header leads to the next page."""

    foreign: ClassVar[frozenset[str]] = _FOREIGN

    context: Context = Field(alias="@context")
    type: Literal["EPCISQueryDocument"]
    schema_version: SchemaVersion
    creation_date: Timestamp
    epcis_body: QueryBody


class EventRepository(WireModel):
    """The repository of events: how it names things, its limit, and how much it holds.

    ``declared`` of the events are declarations that an earlier one is wrong.
    """

    site_gln: Annotated[str, StringConstraints(pattern=r"^[0-9]{13}$")]
    uri_root: str
    """Where the URIs begin of what has no GS1 key."""
    event_time_ahead_max_s: Count
    """How far an event time may be ahead of the record time. Source: URS-EPC-002."""
    events: Count
    declared: Count
