"""The ISA-95 objects of our transactions, as values; each field is one element of B2MML.

Fields stand in the order in which the schema wants the elements. The element's name follows from
the field's (``material_lot_id`` is ``MaterialLotID``). What an object of B2MML may hold beside
these fields is not read: no transaction of the contract needs it, and ``gxproof lint`` names it.

The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA International.
Source: ISA-95.00.02 (objects), ISA-95.00.05 (transactions); B2MML V0701.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Text = str | None
Texts = tuple[str, ...]
Descriptions = tuple["Description", ...]


# A material of a response or a request; before V0401 its use was part of the name.
ACTUALS = ("MaterialActual", "MaterialConsumedActual", "MaterialProducedActual")
REQUIREMENTS = (
    "MaterialRequirement", "MaterialConsumedRequirement", "MaterialProducedRequirement",
)


class Version(StrEnum):
    """The namespaces that are read; the first one is written."""

    V0701 = "http://www.mesa.org/xml/B2MML"
    V0401 = "http://www.wbf.org/xml/B2MML-V0401"


class Verb(StrEnum):
    """What is asked of the receiver. Source: ISA-95.00.05, message verbs."""

    GET = "Get"
    SHOW = "Show"
    PROCESS = "Process"
    ACKNOWLEDGE = "Acknowledge"
    CHANGE = "Change"
    RESPOND = "Respond"
    CANCEL = "Cancel"
    SYNC = "Sync"
    CONFIRM = "Confirm"


@dataclass(frozen=True)
class Description:
    """Words for people, as they stand, and the language they are in, as the sender named it."""

    text: str = ""
    language_id: Text = None


@dataclass(frozen=True)
class Value:
    """A value of a property: the text as it was sent, its data type, its unit."""

    value_string: Text = None
    data_type: Text = None
    unit_of_measure: Text = None


@dataclass(frozen=True)
class Quantity:
    """An amount of material: a decimal as text, and a unit code of UN/ECE Rec 20."""

    quantity_string: Text = None
    data_type: Text = None
    unit_of_measure: Text = None


@dataclass(frozen=True)
class Property:
    """A named property of whatever carries it: of a lot, an actual, a segment, a definition."""

    id: Text = None
    description: Descriptions = ()
    value: tuple[Value, ...] = ()
    quantity: tuple[Quantity, ...] = ()


@dataclass(frozen=True)
class Parameter:
    """A named setting of a step that is asked for; V0401 wraps it in a production parameter."""

    id: Text = None
    value: tuple[Value, ...] = ()
    description: Descriptions = ()


@dataclass(frozen=True)
class ResourceLocation:
    """Where something stands; V0401 names a piece of equipment and its level instead.

    A type that V0701 does not list, such as that level, is written as Other with its own name.
    """

    location: Text = None
    location_type: Text = None


@dataclass(frozen=True)
class MaterialDefinition:
    """A material and its properties."""

    id: Text = None
    version: Text = None
    description: Descriptions = ()
    published_date: Text = None
    effective_start_date: Text = None
    effective_end_date: Text = None
    material_definition_property: tuple[Property, ...] = ()


@dataclass(frozen=True)
class MaterialSubLot:
    """A container: a part of a lot that stands somewhere."""

    id: Text = None
    version: Text = None
    description: Descriptions = ()
    published_date: Text = None
    effective_start_date: Text = None
    effective_end_date: Text = None
    status: Text = None
    disposition: Text = None
    material_lot_property: tuple[Property, ...] = ()
    storage_location: ResourceLocation | None = None
    quantity: tuple[Quantity, ...] = ()
    material_lot_id: Text = None


@dataclass(frozen=True)
class MaterialLot:
    """A lot, its status and disposition, and the containers that it is in."""

    id: Text = None
    version: Text = None
    description: Descriptions = ()
    published_date: Text = None
    effective_start_date: Text = None
    effective_end_date: Text = None
    material_definition_id: Text = None
    status: Text = None
    disposition: Text = None
    material_lot_property: tuple[Property, ...] = ()
    material_sub_lot: tuple[MaterialSubLot, ...] = ()
    storage_location: ResourceLocation | None = None
    quantity: tuple[Quantity, ...] = ()


@dataclass(frozen=True)
class MaterialInformation:
    """Definitions, lots and containers together."""

    id: Text = None
    description: Descriptions = ()
    published_date: Text = None
    material_definition: tuple[MaterialDefinition, ...] = ()
    material_lot: tuple[MaterialLot, ...] = ()
    material_sub_lot: tuple[MaterialSubLot, ...] = ()


@dataclass(frozen=True)
class MaterialRequirement:
    """What of a material is wanted."""

    id: Text = None
    material_class_id: Texts = ()
    material_definition_id: Texts = ()
    material_lot_id: Texts = ()
    material_sub_lot_id: Texts = ()
    description: Descriptions = ()
    material_use: Text = None
    storage_location: ResourceLocation | None = None
    quantity: tuple[Quantity, ...] = ()
    material_requirement_property: tuple[Property, ...] = ()


@dataclass(frozen=True)
class SegmentRequirement:
    """A step of a request, with what it needs."""

    id: Text = None
    description: Descriptions = ()
    version: Text = None
    earliest_start_time: Text = None
    latest_end_time: Text = None
    operations_type: Text = None
    process_segment_id: Text = None
    operations_definition_id: Text = None
    operations_segment_id: Text = None
    segment_state: Text = None
    segment_parameter: tuple[Parameter, ...] = ()
    material_requirement: tuple[MaterialRequirement, ...] = ()
    segment_requirement_child: tuple[SegmentRequirement, ...] = ()


@dataclass(frozen=True)
class OperationsRequest:
    """Work that is asked for."""

    id: Text = None
    description: Descriptions = ()
    version: Text = None
    start_time: Text = None
    end_time: Text = None
    operations_type: Text = None
    priority: Text = None
    request_state: Text = None
    operations_definition_id: Text = None
    segment_requirement: tuple[SegmentRequirement, ...] = ()


@dataclass(frozen=True)
class OperationsSchedule:
    """Requests for operations; V0401 calls it a production schedule."""

    id: Text = None
    description: Descriptions = ()
    version: Text = None
    published_date: Text = None
    start_time: Text = None
    end_time: Text = None
    operations_type: Text = None
    schedule_state: Text = None
    operations_request: tuple[OperationsRequest, ...] = ()


@dataclass(frozen=True)
class PersonnelActual:
    """Who did what."""

    id: Text = None
    person_id: Texts = ()
    description: Descriptions = ()
    personnel_use: Text = None


@dataclass(frozen=True)
class EquipmentActual:
    """Which equipment was used for what."""

    id: Text = None
    equipment_id: Texts = ()
    description: Descriptions = ()
    equipment_use: Text = None


@dataclass(frozen=True)
class MaterialActual:
    """Material that was consumed, produced, sampled or counted, and what it was put together of."""

    id: Text = None
    material_class_id: Texts = ()
    material_definition_id: Texts = ()
    material_lot_id: Texts = ()
    material_sub_lot_id: Texts = ()
    description: Descriptions = ()
    material_use: Text = None
    storage_location: ResourceLocation | None = None
    quantity: tuple[Quantity, ...] = ()
    assembly_actual: tuple[MaterialActual, ...] = ()
    assembly_type: Text = None
    assembly_relationship: Text = None
    material_actual_property: tuple[Property, ...] = ()


@dataclass(frozen=True)
class SegmentResponse:
    """What happened in one step: when, by whom, with which equipment and material."""

    id: Text = None
    description: Descriptions = ()
    published_date: Text = None
    actual_start_time: Text = None
    actual_end_time: Text = None
    operations_type: Text = None
    process_segment_id: Texts = ()
    operations_request_id: Texts = ()
    segment_requirement_id: Texts = ()
    segment_state: Text = None
    segment_data: tuple[Property, ...] = ()
    personnel_actual: tuple[PersonnelActual, ...] = ()
    equipment_actual: tuple[EquipmentActual, ...] = ()
    material_actual: tuple[MaterialActual, ...] = ()
    segment_response_child: tuple[SegmentResponse, ...] = ()


@dataclass(frozen=True)
class OperationsResponse:
    """What came of a request."""

    id: Text = None
    description: Descriptions = ()
    version: Text = None
    start_time: Text = None
    end_time: Text = None
    operations_type: Text = None
    operations_request_id: Texts = ()
    segment_requirement_id: Texts = ()
    response_state: Text = None
    segment_response: tuple[SegmentResponse, ...] = ()


@dataclass(frozen=True)
class OperationsPerformance:
    """Responses; V0401 calls it a production performance."""

    id: Text = None
    description: Descriptions = ()
    version: Text = None
    published_date: Text = None
    start_time: Text = None
    endtime: Text = None
    operations_type: Text = None
    operations_schedule_id: Text = None
    performance_state: Text = None
    operations_response: tuple[OperationsResponse, ...] = ()


@dataclass(frozen=True)
class Sender:
    """Who sent it, and whether it wants a confirmation (Always, Never, OnError)."""

    logical_id: Text = None
    component_id: Text = None
    task_id: Text = None
    reference_id: Text = None
    confirmation_code: Text = None


@dataclass(frozen=True)
class ApplicationArea:
    """The envelope of a message: sender, time, identity."""

    sender: Sender | None = None
    creation_date_time: Text = None
    bodid: Text = None


Noun = (
    MaterialDefinition | MaterialLot | MaterialSubLot | MaterialInformation
    | OperationsSchedule | OperationsPerformance
)


@dataclass(frozen=True)
class Transaction:
    """One message: a verb, its envelope, what it is about.

    ``reply_code`` is the attribute of Process and Change that asks for a reply (Always, OnError).
    ``original`` is the envelope of the message that this one answers.
    """

    verb: Verb
    area: ApplicationArea
    nouns: tuple[Noun, ...] = ()
    reply_code: Text = None
    original: ApplicationArea | None = None
    version: Version = Version.V0701
