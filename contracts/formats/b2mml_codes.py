"""The enumerations of B2MML V0701, by the element that holds one of their values.

A value beside the list travels as ``Other`` with its own name in the attribute ``OtherValue``.
The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA International.
Source: B2MML V0701, Common.
"""

from __future__ import annotations

OTHER = "Other"
OTHER_VALUE = "OtherValue"

_REQUEST_STATES = (
    "Forecast", "Released", "Waiting", "Cancelled", "Ready", "Running", "Completed", "Aborted",
    "Held", "Suspended", "Closed", OTHER,
)
_RESPONSE_STATES = (
    "Waiting", "Ready", "Running", "Completed", "Aborted", "Held", "Paused", "Suspended",
    "Closed", OTHER,
)

CODES: dict[str, tuple[str, ...]] = {
    "Disposition": ("Planned", "In-Process", "Restricted", "UnRestricted", "Closed", OTHER),
    "MaterialUse": (
        "Consumable", "Consumed", "Produced", "By-product Produced", "Co-product Produced",
        "Yield Produced", "Material Consumed", "Material Produced", "Destructive Sample",
        "Returned Sample", "Retained Sample", "Inventoried", OTHER,
    ),
    "OperationsType": ("Production", "Maintenance", "Quality", "Inventory", "Mixed", OTHER),
    "AssemblyType": ("Physical", "Logical", OTHER),
    "AssemblyRelationship": ("Permanent", "Transient", OTHER),
    "LocationType": (
        "Operational Location ID", "Operational Location", "Equipment", "Person",
        "Physical Asset", "Description", OTHER,
    ),
    "ScheduleState": _REQUEST_STATES,
    "RequestState": _REQUEST_STATES,
    "PerformanceState": _RESPONSE_STATES,
    "ResponseState": _RESPONSE_STATES,
    # Of a requirement or of a response; what the other one has is refused by its schema alone.
    "SegmentState": tuple(dict.fromkeys((*_REQUEST_STATES[:-1], *_RESPONSE_STATES))),
    "DataType": (
        "Amount", "BinaryObject", "Code", "DateTime", "Identifier", "Indicator", "Measure",
        "Numeric", "Quantity", "Text", "string", "byte", "unsignedByte", "binary", "integer",
        "positiveInteger", "negativeInteger", "nonNegativeInteger", "nonPositiveInteger", "int",
        "unsignedInt", "long", "unsignedLong", "short", "unsignedShort", "decimal", "float",
        "double", "boolean", "time", "timeInstant", "timePeriod", "duration", "date", "dateTime",
        "month", "year", "century", "recurringDay", "recurringDate", "recurringDuration", "Name",
        "QName", "NCName", "uriReference", "language", "ID", "IDREF", "IDREFS", "ENTITY",
        "ENTITIES", "NOTATION", "NMTOKEN", "NMTOKENS", "Enumeration", "SVG", OTHER,
    ),
}
# No value of these may be another one.
CLOSED: dict[str, tuple[str, ...]] = {"ConfirmationCode": ("Always", "Never", "OnError")}


def listed_for(element: str) -> tuple[str, ...]:
    """The values that an element may hold; none where it has no enumeration."""
    return CODES.get(element) or CLOSED.get(element) or ()
