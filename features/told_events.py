"""The judge's own reckoning of events: what journalled messages tell, held against a repository.

The events of a message are computed here from the bytes of the journal by the mapping in
``contracts.formats``; the systems that are judged have another reading of the same table.
Source: URS-EPC-003.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contracts.formats.epcis import Event, event_hash, read_epcis
from contracts.formats.epcis_mapping import events_of
from contracts.formats.epcis_site import Gln, Site
from contracts.model.envelope import Envelope
from contracts.model.epcis import EventRepository, SimpleEventQuery
from contracts.model.inspection import Journal, JournalRow, Lots
from contracts.model.messages import MESSAGES
from contracts.model.operations import OPERATIONS
from contracts.record.strict_json import read_json
from contracts.wire.clients import SystemClient, Unexpected

_PAPERS_MAX = 100
_LINK = re.compile(r'<\?nextPageToken=([0-9]{1,15})>; rel="next"')
Message = tuple[str, Envelope[Any]]


@dataclass(frozen=True)
class Begin:
    """Where journal and repository of one system ended when a scenario began to watch."""

    journal: int
    events: int


def begin(client: SystemClient) -> Begin:
    """Where a system stands now."""
    shown = client.ask("event-repository", EventRepository)
    after = client.ask("journal", Journal, "after=999999999999").last_position
    return Begin(after, shown.events)


def site_as_shown(client: SystemClient) -> Site:
    """How a site names its things, by what a system exports of its master data."""
    shown = client.ask("event-repository", EventRepository)
    lots = client.ask("lots", Lots).rows
    return Site(
        Gln(shown.site_gln), shown.uri_root,
        gtins={row.material_id: row.gtin for row in lots if row.gtin is not None},
        lots={row.lot_id: row.lot for row in lots},
    )


def posted_messages(rows: Iterable[JournalRow]) -> list[Message]:
    """The messages that these rows show as posted, each business event once, in their order.

    What a system sent, it has posted; what it received, where it has answered ACCEPTED.
    """
    listed = list(rows)
    accepted = {row.key for row in listed if row.kind == "answer" and _is_accepted(row)}
    found: dict[tuple[str, str], Message] = {}
    for row in listed:
        sent = row.direction.value == "sent"
        if row.kind != "message" or not (sent or row.key in accepted):
            continue
        name = OPERATIONS[row.operation].name
        content = read_json(base64.b64decode(row.body))
        envelope: Envelope[Any] = MESSAGES[name].envelope.from_json(content)
        found.setdefault((name, envelope.data.business_key), (name, envelope))
    return list(found.values())


def _is_accepted(row: JournalRow) -> bool:
    if row.direction.value != "sent" or row.status != 200:
        return False
    return bool(read_json(base64.b64decode(row.body)).get("status") == "ACCEPTED")


def query(client: SystemClient, **parameters: Any) -> list[Event]:
    """The events that fit, all pages of them. Raises: Unexpected where the query is not answered.

    Each came with a body that reads as an EPCIS query document.
    """
    found: list[Event] = []
    token: str | None = None
    while True:
        asked = SimpleEventQuery.model_validate({**parameters, "next_page_token": token})
        answer = client.call("query-events", asked)
        if answer.value is None or answer.raw is None:
            raise Unexpected(f"query-events: expected success, got {answer}")
        found += read_epcis(answer.raw.body).events
        link = _LINK.search(answer.raw.headers.get("link", ""))
        if link is None:
            return found
        token = link[1]


def events_about(client: SystemClient, site: Site, keys: Iterable[str]) -> list[Event]:
    """The events that name one of these business keys."""
    papers = [site.paper(key) for key in keys]
    found: list[Event] = []
    for start in range(0, len(papers), _PAPERS_MAX):
        part = tuple(papers[start:start + _PAPERS_MAX])
        found += query(client, eq_biz_transaction=part, per_page=50)
    return found


def discrepancies(messages: Iterable[Message], site: Site, kept: Iterable[Event]) -> list[str]:
    """What is missing, too much or otherwise among the events of messages, a sentence each."""
    expected = {
        event.event_id: f"{event.members.get('bizStep')} of {name} {message.data.business_key}"
        for name, message in messages for event in events_of(message, site)
    }
    listed = list(kept)
    found = [
        f"{event.members.get('bizStep')} bears an id that is not its hash"
        for event in listed if event.event_id != event_hash(event)
    ]
    counted = Counter(event.event_id for event in listed)
    found += [f"{what} is missing" for name, what in expected.items() if name not in counted]
    found += [f"{expected[name]} stands {n} times" for name, n in counted.items()
              if n > 1 and name in expected]
    found += [f"{event.members.get('bizStep')} is no event of a transaction"
              for event in listed if event.event_id not in expected]
    return found


def journal_since(client: SystemClient, start: Begin) -> tuple[JournalRow, ...]:
    """What a system has journalled since a scenario began to watch."""
    return client.ask("journal", Journal, f"after={start.journal}").rows


__all__ = [
    "Begin",
    "Message",
    "begin",
    "discrepancies",
    "events_about",
    "journal_since",
    "posted_messages",
    "query",
    "site_as_shown",
]
