"""The doors of the event repository: capture for the partner, queries for whoever may inspect.

A captured document has no key of its own: its events have ids, so the same document again is known.
Document and answer are journalled as question and reply. Source: URS-EPC-001, URS-JRN-005.
"""

from __future__ import annotations

from contracts.model.codes import Refusal
from contracts.model.epcis import SimpleEventQuery
from contracts.model.inspection import Direction
from contracts.model.instants import write_timestamp
from contracts.model.operations import JSON, Operation
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.wire.identity import KnownIdentity
from reference_impl.epcis.seeking import results, seek
from reference_impl.link.heartbeat import heard
from reference_impl.records.journal import Document, write_journal
from reference_impl.records.work import Actor, Cause, Work
from reference_impl.system import System
from reference_impl.web import reading
from reference_impl.web.refusing import refused


def take_document(
    system: System, operation: Operation, request: HttpRequest, caller: KnownIdentity
) -> HttpResponse:
    """Take over a document, or refuse it as a whole."""
    partner = Actor(caller.source, caller.source, str(caller.account), "link")
    with system.work(partner, Cause("document", operation.id)) as work:
        heard(work.connection, caller.source, work.now)
        about = operation.id, caller.source
        asked = Document(Direction.RECEIVED, "question", *about, "", request.body)
        position, _ = write_journal(work.connection, asked, work.now)
        response = _taken(system, work, operation, request.body, f"journal {position}")
        reply = Document(Direction.SENT, "reply", *about, "", response.body, response.status)
        write_journal(work.connection, reply, work.now)
    return response


def _taken(
    system: System, work: Work, operation: Operation, raw: bytes, cause: str
) -> HttpResponse:
    assert operation.body is not None
    body = reading.read_body(operation.body, raw)
    if isinstance(body, Refusal):
        return refused(work, operation.id, "document", body)
    handler = system.handlers.documents[operation.name]
    with work.connection.attempt() as attempt:
        done = handler(work, raw, work.actor.account, cause)
        if isinstance(done, Refusal):
            attempt.take_back()
    if isinstance(done, Refusal):
        return refused(work, operation.id, "document", done)
    return reading.answer(done)


def query_events(system: System, request: HttpRequest) -> HttpResponse:
    """The events that fit a query, a page of them."""
    query = reading.read_body(SimpleEventQuery, request.body)
    if isinstance(query, Refusal):
        return reading.refuse(query, system.settings.system)
    assert isinstance(query, SimpleEventQuery)
    with system.database.reading() as connection:
        page = seek(connection, system.settings, query)
        now = write_timestamp(system.now(connection))
    headers = {"content-type": JSON}
    if page.next is not None:
        headers["link"] = f'<?nextPageToken={page.next}>; rel="next"'
    return HttpResponse(200, headers, results(page, now))
