"""Event hash ids: an identity that follows from what an EPCIS event says, in either syntax.

An event is written as one string in a canonical order, and SHA-256 over it is the id. Numbers are
exact decimals, never binary floats. ``eventID``, ``recordTime``, ``errorDeclaration`` and comments
take no part.

Where the table of the order and the published test documents differ, the documents hold: what two
partners compute must be equal. So the lists of business transactions, sources and destinations
follow at the end, sorted among ``ilmd`` and extensions; ``certificationInfo`` follows the offset; a
prefix is expanded only where the document declares it.
Source: CBV 2.0, 8.9 (event hash ID); RFC 6920 (``ni`` URIs).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from contracts.formats.epcis_event import TEXT, Event
from contracts.formats.epcis_identifiers import canonical_uri
from contracts.formats.epcis_vocabulary import (
    ALERT,
    BIZ_STEP,
    BIZ_TRANSACTION_TYPE,
    COMPONENT,
    DISPOSITION,
    EPC_LISTS,
    ERROR_REASON,
    MEASUREMENT,
    METADATA,
    NUMBERS,
    PAIR_LISTS,
    PAIR_TYPES,
    QUANTITY_LISTS,
    REPORT,
    SOURCE_DESTINATION_TYPE,
    TIMES,
)

IGNORED = frozenset((
    "eventID", "recordTime", "errorDeclaration", "comment", "rdfs:comment",
    "{http://www.w3.org/2000/01/rdf-schema#}comment",
))
EXPONENT_MAX = 400

# Names with their place, and the order of what stands inside each.
Order = dict[str, tuple[int, "Order"]]
Node = tuple[str, str, list["Node"]]


def event_hash(event: Event) -> str:
    """The event hash id: ``ni:///sha-256;…?ver=CBV2.0``."""
    digest = hashlib.sha256(pre_hash(event).encode("utf-8", "surrogatepass")).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def pre_hash(event: Event) -> str:
    """The string that is hashed. Source: CBV 2.0, 8.9.2 and 8.9.3 (canonical property order)."""
    values = _Values(event.prefixes)
    written: list[tuple[int, str]] = []
    nodes: list[Node] = []
    for name, value in _told(event.members):
        known = _EVENT.get(name)
        text = _at_once(name, value, values) if known is not None else None
        if known is None or text is None:
            nodes += _node(name, value, values, "")
        else:
            written.append((known[0], text))
    text, rest = _in_order(nodes, _EVENT, written, top=True)
    return f"eventType={event.type}{text}{_sorted(rest)}"


# Most members of most events have one of four forms; their text needs no nodes. The order of the
# canonical form holds inside them, too.
def _at_once(name: str, value: Any, values: _Values) -> str | None:
    """The text of a member that has a place in the order; None where its form is another one."""
    if type(value) is str:
        text = values.text(name, value, "")
        return f"{name}={text}" if text else ""
    item_name = _LIST_ITEMS.get(name)
    if type(value) is list and item_name == "epc":
        items = [_epc(item, name, values) for item in value if type(item) is str]
    elif type(value) is list and item_name == "quantityElement":
        items = [_amount(item, values) for item in value if _is_amount(item)]
    elif type(value) is dict and tuple(value) == ("id",) and type(value["id"]) is str:
        text = values.text("id", value["id"], name)
        return f"{name}id={text}" if text else ""
    else:
        return None
    if len(items) != len(value):
        return None
    inside = "".join(sorted(items))
    return name + inside if inside else ""


def _epc(item: str, listed: str, values: _Values) -> str:
    text = values.text("epc", item, listed)
    return f"epc={text}" if text else ""


_AMOUNT = ("epcClass", "quantity", "uom")


def _is_amount(item: Any) -> bool:
    """Whether it is an object of what a quantity has, each a text or a number."""
    return type(item) is dict and all(
        name in _AMOUNT and type(value) in (str, Decimal, int) for name, value in item.items()
    )


def _amount(item: Mapping[str, Any], values: _Values) -> str:
    inside = ""
    for name in _AMOUNT:
        if name in item:
            text = values.canonical(name, item[name], "quantityElement")
            inside += f"{name}={text}" if text else ""
    return f"quantityElement{inside}" if inside else ""


def _order(*names: str | tuple[str, Order]) -> Order:
    named = [(name, {}) if isinstance(name, str) else name for name in names]
    return {name: (place, inner) for place, (name, inner) in enumerate(named)}


_QUANTITY = _order(("quantityElement", _order("epcClass", "quantity", "uom")))
_EPCS = _order("epc")
_SENSOR = _order(
    ("sensorMetadata", _order(*METADATA)),
    ("sensorReport", _order(*(name for name in REPORT if name != "bizRules"))),
)
_EVENT = _order(
    "eventTime", "eventTimeZoneOffset", "certificationInfo", "parentID",
    ("epcList", _EPCS), ("inputEPCList", _EPCS), ("childEPCs", _EPCS),
    ("quantityList", _QUANTITY), ("childQuantityList", _QUANTITY), ("inputQuantityList", _QUANTITY),
    ("outputEPCList", _EPCS), ("outputQuantityList", _QUANTITY),
    "action", "transformationID", "bizStep", "disposition",
    ("persistentDisposition", _order("set", "unset")),
    ("readPoint", _order("id")), ("bizLocation", _order("id")),
    ("sensorElementList", _order(("sensorElement", _SENSOR))),
)
_LIST_ITEMS = {
    **dict.fromkeys(EPC_LISTS, "epc"),
    **dict.fromkeys(QUANTITY_LISTS, "quantityElement"),
    "sensorElementList": "sensorElement",
}


def _in_order(
    nodes: list[Node], order: Order, written: Iterable[tuple[int, str]] = (), *, top: bool = False
) -> tuple[str, list[Node]]:
    """The text of what has a place in ``order``, and the nodes that have none.

    ``written`` is text that has its place already. Below the top, extensions close the text of the
    element that they stand in.
    """
    written = list(written)
    rest: list[Node] = []
    others: list[Node] = []
    for node in nodes:
        known = order.get(node[0])
        if known is None:
            others.append(node)
        else:
            written.append((known[0], _written(node, known[1], rest)))
    text = "".join([part for _, part in sorted(written)])
    if top:
        return text, rest + others
    own = [node for node in others if node[0].startswith("{")]
    return text + _sorted(own), rest + [node for node in others if not node[0].startswith("{")]


def _written(node: Node, order: Order, rest: list[Node]) -> str:
    """One node in order; what is left of it is added to ``rest`` under its own name."""
    name, text, children = node
    if not children:
        return name + text if text else ""
    inside, left = _in_order(children, order)
    if left:
        rest.append((name, "", left))
    return f"{name}{text}{inside}" if text or inside else ""


def _sorted(nodes: list[Node]) -> str:
    """Nodes that have no place in the order: sorted as strings, whatever they hold."""
    return "".join(sorted(name + text + _sorted(children) for name, text, children in nodes))


def _told(members: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The members that take part."""
    return [
        (name, value) for name, value in members.items()
        if name not in IGNORED and name != TEXT and value is not None
    ]


def _nodes(members: Mapping[str, Any], values: _Values, within: str = "") -> list[Node]:
    found: list[Node] = []
    for name, value in _told(members):
        found += _node(name, value, values, within)
    return found


def _node(name: str, value: Any, values: _Values, within: str) -> list[Node]:
    if name in PAIR_LISTS and isinstance(value, list):
        pairs = [_pair(item, name, values) for item in value if isinstance(item, dict)]
        return [(name, "".join(sorted(pairs)), [])] if pairs else []
    if name in _LIST_ITEMS and isinstance(value, list):
        inner = [node for item in value for node in _node(_LIST_ITEMS[name], item, values, name)]
        return [(name, "", inner)]
    if isinstance(value, list):
        return [node for item in value for node in _node(name, item, values, within)]
    if isinstance(value, dict):
        text = values.canonical(name, value.get(TEXT, ""), within)
        return [(name, f"={text}" if text else "", _nodes(value, values, name))]
    text = values.canonical(name, value, within)
    return [(name, f"={text}" if text else "", [])]


def _pair(item: Mapping[str, Any], listed: str, values: _Values) -> str:
    """A typed entry of a list, its type first."""
    key = PAIR_LISTS[listed]
    typed = item.get("type")
    words = f"type={values.kind(listed, str(typed))}" if typed is not None else ""
    return f"{words}{key}={values.canonical(key, item.get(key, ''), listed)}"


class _Values:
    """Canonical text of values. ``prefixes`` expand what is shortened by a declared prefix."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._declared = tuple(prefixes.items())

    def canonical(self, name: str, value: Any, within: str) -> str:
        """The text of the member ``name`` that stands in ``within``."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | Decimal):
            return _plain_number(value)
        return self.text(name, str(value), within)

    def text(self, name: str, given: str, within: str) -> str:
        """The same of what is a text."""
        if len(given) > _REMEMBERED_MAX:
            return self.read(name, given, within)
        return _lately_read(name, given, within, self._declared)

    def kind(self, listed: str, typed: str) -> str:
        """The type of an entry of a list, in full."""
        if len(typed) > _REMEMBERED_MAX:
            return self.web(PAIR_TYPES[listed].uri(typed))
        return _kind_lately_read(listed, typed, self._declared)

    def read(self, name: str, given: str, within: str) -> str:
        """The same of a text."""
        text = given.strip()
        if name in TIMES:
            return canonical_time(text)
        words = _WORDS.get((within, name)) or _WORDS.get(("", name))
        if words is not None and text in words.words:
            return words.uri(text)
        if name == "stringValue":
            return self.web(_as_double(text))
        return self.web(_as_number(text, exact=name in NUMBERS))

    def web(self, text: str) -> str:
        """A URI in full: CBV URN as web URI, declared prefix expanded, GS1 key canonical."""
        if text.startswith(_URN):
            for words in _URN_WORDS:
                if words.urn and text.startswith(words.urn):
                    return words.uri(text)
        prefix, colon, local = text.partition(":")
        if colon and prefix in self._prefixes:
            text = self._prefixes[prefix] + local
        return canonical_uri(text)


# The events of a plant say the same few things again and again; long texts are not remembered.
_REMEMBERED_MAX = 128


@lru_cache(maxsize=4096)
def _lately_read(name: str, text: str, within: str, declared: tuple[tuple[str, str], ...]) -> str:
    return _Values(dict(declared)).read(name, text, within)


@lru_cache(maxsize=256)
def _kind_lately_read(listed: str, typed: str, declared: tuple[tuple[str, str], ...]) -> str:
    return _Values(dict(declared)).web(PAIR_TYPES[listed].uri(typed))


_URN = "urn:epcglobal:cbv:"
_URN_WORDS = (BIZ_STEP, DISPOSITION, BIZ_TRANSACTION_TYPE, SOURCE_DESTINATION_TYPE, ERROR_REASON)
_WORDS = {
    ("", "bizStep"): BIZ_STEP,
    ("", "disposition"): DISPOSITION,
    ("persistentDisposition", "set"): DISPOSITION,
    ("persistentDisposition", "unset"): DISPOSITION,
    ("sensorReport", "type"): MEASUREMENT,
    ("sensorReport", "exception"): ALERT,
    ("sensorReport", "component"): COMPONENT,
}
_NUMBER = re.compile(r"[+-]?\d{1,400}(\.\d{0,400})?([eE][+-]?\d{1,3})?")


def _plain_number(value: int | Decimal) -> str:
    """A number without exponent, leading or trailing zeros. Source: CBV 2.0, 8.9.2."""
    exact = Decimal(value)
    if not exact.is_finite() or abs(exact.adjusted()) > EXPONENT_MAX:
        return str(value)
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _as_number(text: str, *, exact: bool) -> str:
    """The canonical number where ``text`` is one.

    A text that is no quantity is a number only where it reads as one: XML cannot tell them apart.
    """
    if not _NUMBER.fullmatch(text):
        return text
    try:
        return _plain_number(Decimal(text))
    except InvalidOperation:  # pragma: no cover - the pattern admits decimals alone
        return text


def _as_double(text: str) -> str:
    """``stringValue`` that reads as a number: the binary double nearest to it.

    So the published test document of the algorithm has it; quantities are never read so.
    """
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text)
    if value in (float("inf"), float("-inf")):
        return text
    return str(int(value)) if value == int(value) else str(value)


_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)"
)


def canonical_time(text: str) -> str:
    """An instant in UTC to the millisecond, rounded half up; what is no instant stays as it is.

    Source: CBV 2.0, 8.9.2 (timestamps).
    """
    found = _TIME.fullmatch(text)
    if not found:
        return text
    day, clock, fraction, zone = found.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{clock}{zone.upper().replace('Z', '+00:00')}")
        millis = int((Decimal(f"0{fraction or '.0'}") * 1000 + Decimal("0.5")) // 1)
        at = at.astimezone(UTC) + timedelta(milliseconds=millis)
    except (ValueError, OverflowError):
        return text
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
