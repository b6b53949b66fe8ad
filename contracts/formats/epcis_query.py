"""The form of a query for events: its parameters and their values.

Source: EPCIS 2.0, 8.2.7.1 (SimpleEventQuery), 12 (queries over REST).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from contracts.formats import epcis_values as values
from contracts.formats.epcis_event import Document, Syntax
from contracts.formats.epcis_rules import finding, shown
from contracts.formats.epcis_values import Findings
from contracts.formats.epcis_vocabulary import ACTIONS, EVENT_TYPES
from contracts.formats.findings import Finding

_COMPARISON = ("EQ", "GT", "GE", "LT", "LE")
_TIMES = ("eventTime", "recordTime", "errorDeclarationTime", "time", "startTime", "endTime")
_TEXT_NAMES = """
    EQ_bizStep EQ_disposition EQ_persistentDisposition_set EQ_persistentDisposition_unset
    EQ_readPoint WD_readPoint EQ_bizLocation WD_bizLocation EQ_transformationID EQ_eventID
    EQ_errorReason EQ_correctiveEventID EQ_type EQ_deviceID EQ_dataProcessingMethod
    EQ_microorganism EQ_chemicalSubstance EQ_bizRules EQ_stringValue EQ_hexBinaryValue EQ_uriValue
    EQ_deviceMetadata EQ_rawData EQ_component EQ_exception EQ_coordinateReferenceSystem
    EQ_certificationInfo
    MATCH_epc MATCH_parentID MATCH_inputEPC MATCH_outputEPC MATCH_anyEPC MATCH_epcClass
    MATCH_inputEPCClass MATCH_outputEPCClass MATCH_anyEPCClass nextPageToken orderBy queryName
    EXISTS_errorDeclaration EXISTS_sensorElementList EXISTS_ilmd EQ_booleanValue @context
    """
_TEXTS = frozenset(_TEXT_NAMES.split())
_COUNTS = ("eventCountLimit", "maxEventCount", "perPage")
_CHOICES = {
    "eventType": (*EVENT_TYPES,),
    "EQ_action": ACTIONS,
    "orderDirection": ("ASC", "DESC"),
}
_NUMERIC = re.compile(
    r"(EQ|GT|GE|LT|LE)_(quantity|percRank|((value|minValue|maxValue|meanValue|sDev|percValue)"
    r"(_[A-Z0-9]{2,3})?))"
)
_TYPED = re.compile(r"EQ_(bizTransaction|source|destination)_.+")
_FIELD = re.compile(
    r"((EQ|GT|GE|LT|LE)(_INNER)?(_ILMD|_ERROR_DECLARATION|_SENSORELEMENT|_SENSORMETADATA"
    r"|_SENSORREPORT|_readPoint|_bizLocation)?"
    r"|EXISTS(_INNER)?(_ILMD|_ERROR_DECLARATION|_SENSORELEMENT|_SENSORMETADATA|_SENSORREPORT"
    r"|_readPoint|_bizLocation)?|HASATTR|EQATTR)_.*[:#].*"
)


def check_query(document: Document) -> Iterator[Finding]:
    """What is wrong with a query."""
    named = document.wrapper
    if document.syntax is Syntax.XML and not named.get("queryName"):
        yield finding("", "query-name-missing", "queryName is missing")
    if document.syntax is Syntax.JSON and not any(map(_is_parameter, set(named) - {"@context"})):
        yield finding("", "not-epcis", "no event, no document of events, no query parameter")
        return
    for name, value in named.items():
        if not _is_parameter(name):
            yield finding("", "query-parameter-unknown", f"{shown(name)} is no parameter")
        else:
            yield from _value(name, value)


def _is_parameter(name: str) -> bool:
    return (
        name in _TEXTS or name in _CHOICES or name in _COUNTS or _is_time(name)
        or any(pattern.fullmatch(name) for pattern in (_NUMERIC, _TYPED, _FIELD))
    )


def _is_time(name: str) -> bool:
    comparison, _, member = name.partition("_")
    return comparison in _COMPARISON and member in _TIMES


def _value(name: str, value: Any) -> Findings:
    place = "/" + name.encode("ascii", "backslashreplace").decode()
    if value is None or (value in ([], "") and not name.startswith("EXISTS")):
        yield finding(place, "query-value-malformed", "there is no value")
        return
    for item in value if isinstance(value, list) else [value]:
        if not _fits(name, item):
            yield finding(place, "query-value-malformed", f"{shown(item)} is no value for it")


def _fits(name: str, item: Any) -> bool:
    if name in _CHOICES:
        return item in _CHOICES[name] or (name == "eventType" and values.is_uri(item))
    if _is_time(name):
        return isinstance(item, str) and values.read_instant(item) is not None
    if name in _COUNTS or _NUMERIC.fullmatch(name):
        return _is_number(item)
    return isinstance(item, str | bool | int | Decimal | dict)


def _is_number(item: Any) -> bool:
    if isinstance(item, str):
        return re.fullmatch(r"-?\d+(\.\d+)?", item) is not None
    return isinstance(item, int | Decimal) and not isinstance(item, bool)
