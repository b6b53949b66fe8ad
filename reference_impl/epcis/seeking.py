"""Looking for events: the parameters of the SimpleEventQuery, page by page in recording order.

Columns decide first, so only events that can fit are read. Identifiers are compared in their
canonical form: a URN and a Digital Link URI of one object are the same.
Source: EPCIS 2.0, 8.2.7.1, 12.2 (pages); URS-EPC-001, URS-EPC-002.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from contracts.formats.epcis_event import Event
from contracts.formats.epcis_identifiers import canonical_uri
from contracts.formats.epcis_vocabulary import BIZ_STEP, DISPOSITION, Vocabulary
from contracts.formats.epcis_writing import CONTEXT, PREFIXES, write_json
from contracts.model.epcis import SimpleEventQuery
from contracts.model.instants import from_microseconds, microseconds, write_timestamp
from reference_impl.epcis.repository import event_of
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import events

_CHUNK = 500
_ALL_TIME = (-(2**62), 2**62)
_BETWEEN = Statement(
    select(events)
    .where(
        events.c.ordinal > bindparam("after"),
        events.c.event_time >= bindparam("from_time"),
        events.c.event_time < bindparam("until_time"),
        events.c.recorded_at >= bindparam("from_record"),
        events.c.recorded_at < bindparam("until_record"),
    )
    .order_by(events.c.ordinal)
    .limit(_CHUNK)
)


@dataclass(frozen=True)
class Page:
    """The JSON of the events of one page; ``next`` is its token where there is more."""

    events: tuple[str, ...]
    next: str | None


def seek(connection: Connection, settings: Settings, query: SimpleEventQuery) -> Page:
    """The events that fit, from where the page before ended."""
    found: list[Row] = []
    for row in _candidates(connection, query):
        if not _fits(row, query):
            continue
        if len(found) == query.per_page:
            return Page(_shown(found, settings), str(found[-1]["ordinal"]))
        found.append(row)
    return Page(_shown(found, settings), None)


def results(page: Page, now: str) -> bytes:
    """A page as an EPCIS query document."""
    around = write_json({
        "@context": [CONTEXT, PREFIXES], "type": "EPCISQueryDocument", "schemaVersion": "2.0",
        "creationDate": now,
    })
    listed = ",".join(page.events)
    body = f'{{"queryName":"SimpleEventQuery","resultsBody":{{"eventList":[{listed}]}}}}'
    return f'{around[:-1]},"epcisBody":{{"queryResults":{body}}}}}'.encode()


# implements FRS-EPC-009
def _shown(rows: list[Row], settings: Settings) -> tuple[str, ...]:
    """Events with the instant of their recording, which no capture has a say in."""
    return tuple(
        f'{row["body"][:-1]},"recordTime":'
        f'"{write_timestamp(from_microseconds(row["recorded_at"], settings.site_zone))}"}}'
        for row in rows
    )


def _candidates(connection: Connection, query: SimpleEventQuery) -> Iterator[Row]:
    times = (query.ge_event_time, query.lt_event_time, query.ge_record_time, query.lt_record_time)
    limits = [
        _ALL_TIME[number % 2] if at is None else microseconds(at)
        for number, at in enumerate(times)
    ]
    names = ("from_time", "until_time", "from_record", "until_record")
    after = int(query.next_page_token or 0)
    while True:
        rows = connection.rows(_BETWEEN, after=after, **dict(zip(names, limits, strict=True)))
        yield from rows
        if len(rows) < _CHUNK:
            return
        after = rows[-1]["ordinal"]


def _fits(row: Row, query: SimpleEventQuery) -> bool:
    if query.event_type is not None and row["event_type"] not in query.event_type:
        return False
    if query.eq_event_id is not None and row["event_id"] not in query.eq_event_id:
        return False
    if query.exists_error_declaration and not row["declares"]:
        return False
    if query.eq_biz_step is not None and not _is_word(BIZ_STEP, row["biz_step"], query.eq_biz_step):
        return False
    return not _reads_inside(query) or _fits_inside(event_of(row), query)


def _reads_inside(query: SimpleEventQuery) -> bool:
    return any(
        getattr(query, name) is not None
        for name in (*_EXACT, *_NAMED_OBJECTS, "eq_disposition", "eq_biz_transaction")
    )


_EXACT = {
    "eq_action": "action", "eq_transformation_id": "transformationID",
    "eq_read_point": "readPoint", "eq_biz_location": "bizLocation",
}
_CLASSES = ("quantityList", "childQuantityList")
_ALL_CLASSES = (*_CLASSES, "inputQuantityList", "outputQuantityList")
_NAMED_OBJECTS = {
    "match_epc": ("epcList", "childEPCs"),
    "match_parent_id": ("parentID",),
    "match_any_epc": ("epcList", "childEPCs", "parentID", "inputEPCList", "outputEPCList"),
    "match_epc_class": _CLASSES,
    "match_any_epc_class": _ALL_CLASSES,
}


def _fits_inside(event: Event, query: SimpleEventQuery) -> bool:
    for parameter, member in _EXACT.items():
        wanted = getattr(query, parameter)
        if wanted is not None and not _share(wanted, _named(event, (member,))):
            return False
    for parameter, members in _NAMED_OBJECTS.items():
        wanted = getattr(query, parameter)
        if wanted is not None and not _share(wanted, _named(event, members)):
            return False
    papers = (item["bizTransaction"] for item in event.members.get("bizTransactionList", []))
    if query.eq_biz_transaction is not None and not _share(query.eq_biz_transaction, papers):
        return False
    state = event.members.get("disposition", "")
    return query.eq_disposition is None or _is_word(DISPOSITION, state, query.eq_disposition)


def _named(event: Event, members: tuple[str, ...]) -> Iterator[str]:
    """The URIs that these members name: of themselves, of their place or class, or each of them."""
    for member in members:
        value = event.members.get(member, [])
        for item in value if isinstance(value, list) else [value]:
            yield item if isinstance(item, str) else item.get("epcClass") or item.get("id", "")


def _share(wanted: tuple[str, ...], there: Iterator[str]) -> bool:
    return not {canonical_uri(uri) for uri in wanted}.isdisjoint(map(canonical_uri, there))


def _is_word(words: Vocabulary, value: str, wanted: tuple[str, ...]) -> bool:
    return bool(value) and words.word(value) in {words.word(word) for word in wanted}
