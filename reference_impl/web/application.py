"""The ASGI application of a system: one route for each operation of the contract, no other.

The endpoints are ``async def`` shells around plain functions; the partner is awaited only here and
only while no transaction is open.
"""

from __future__ import annotations

from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from contracts.model.codes import Code, Refusal
from contracts.model.identifiers import Id
from contracts.model.inspection import Direction
from contracts.model.operations import Access, Group, Operation, operations_of
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.wire.identity import KnownIdentity
from reference_impl.crash_points import crash_point
from reference_impl.records.journal import Document, write_journal
from reference_impl.records.services import counts
from reference_impl.records.work import Actor, AuditNotWritten, Cause
from reference_impl.store.database import Connection, RecordsBusy
from reference_impl.system import System
from reference_impl.web import commanding, reading
from reference_impl.web.asking import answer_question, with_answers
from reference_impl.web.authentication import (
    account_of,
    authenticate,
    certificate_name,
    permitted,
)
from reference_impl.web.events import query_events, take_document
from reference_impl.web.receiving import committed, receive, receive_within
from reference_impl.web.showing import show, show_narrowed, show_selected
from reference_impl.web.signatures import verify_signature
from reference_impl.web.stimulating import stimulate

BODY_MAX = 1 << 20
# Inspection that takes a body.
_SOUGHT = {"query-events": query_events, "verify-signature": verify_signature}


# implements FRS-CHG-003
def application(system: System) -> Starlette:
    """The application that serves a system."""
    routes = [
        _route(system, operation)
        for operation in operations_of(system.settings.role)
        if operation.group is not Group.STIMULUS or system.settings.test_mode
    ]
    app = Starlette(exception_handlers={HTTPException: _not_routed(system)})
    app.router = _Routes(routes)
    return app


def _route(system: System, operation: Operation) -> Route:
    route = Route(operation.path, _Endpoint(system, operation), methods=[operation.method])
    # Starlette adds HEAD to GET; the contract publishes none.
    route.methods = {operation.method}
    return route


class _Routes(Router):
    """Finds the route of an address at once: no path of the contract has a parameter.

    An address with one slash more is not published; it is not found, not redirected.
    """

    def __init__(self, routes: list[Route]) -> None:
        super().__init__(routes, redirect_slashes=False)
        self._at = {(m, route.path): route.app for route in routes for m in route.methods or ()}

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what is published; the rest, as an answer or as no HTTP at all, is Starlette's."""
        found = self._at.get((scope.get("method", ""), scope.get("path", "")))
        await (found or super().app)(scope, receive, send)


class _Endpoint:
    """Serves one operation: certificate, body limit, signature or session, permission, work."""

    def __init__(self, system: System, operation: Operation) -> None:
        self._system = system
        self._operation = operation
        self._is_message = (
            operation.group is Group.EXCHANGE and operation.keyed
            and operation.name not in system.handlers.documents
        )

    async def __call__(self, scope, receive_, send) -> None:  # type: ignore[no-untyped-def]
        try:
            answer = await self._answer(Request(scope, receive_))
        except (AuditNotWritten, RecordsBusy) as exc:
            answer = self._refuse(_not_written(exc))
        response = _starlette(answer)
        if self._operation.keyed:
            crash_point("reply.before-sending")
        await response(scope, receive_, send)

    async def _answer(self, incoming: Request) -> HttpResponse:
        self._system.requests += 1
        request = await _read(incoming)
        if isinstance(request, Refusal):
            return self._refuse(request)
        name = certificate_name(incoming.scope)
        access = self._operation.access
        if access is Access.PUBLIC:
            return reading.answer(show(self._system, self._operation, 0))
        account = account_of(self._system.settings, name)
        if account is None:
            return self._refuse(
                Refusal(Code.UNAUTHENTICATED, "certificate", "no account has this certificate")
            )
        wrong_type = self._wrong_media_type(request)
        if access is Access.SIGNATURE:
            return await self._signed(request, name, wrong_type)
        wrong = self._check_terminal(request, account) or wrong_type
        if wrong:
            return self._refuse(wrong)
        if access is Access.CREDENTIALS:
            return commanding.sign_in(self._system, request)
        return await self._in_session(request)

    async def _signed(
        self, request: HttpRequest, name: str | None, wrong_type: Refusal | None
    ) -> HttpResponse:
        system, operation = self._system, self._operation
        with system.database.transaction() as connection:
            caller = self._caller(connection, request, name)
            if isinstance(caller, Refusal):
                work = system.work_in(connection, system.itself("link"), Cause("call", "access"))
                work.refused(operation.id, name or "unknown", caller.path, caller.code)
                return self._refuse(caller)
            begun = None
            if self._is_message and not wrong_type:
                begun = receive_within(system, connection, operation, request, caller)
        if wrong_type:
            return self._refuse(wrong_type)
        if begun is not None:
            if isinstance(begun, HttpResponse):
                committed()  # of anything else the nonce alone is durable
            return await with_answers(
                system, lambda known: receive(system, operation, request, caller, known), begun
            )
        if operation.name in system.handlers.documents:
            return take_document(system, operation, request, caller)
        if operation.group is Group.EXCHANGE:
            return answer_question(system, operation, request, caller)
        if operation.selected_by:
            return self._selected(request.query)
        if operation.group is Group.INSPECTION and operation.body is not None:
            return _SOUGHT[operation.name](system, request)
        if operation.narrowed_by:
            return self._narrowed(request.query)
        if operation.group is Group.INSPECTION:
            after = _after(request.query)
            if isinstance(after, Refusal):
                return self._refuse(after)
            return reading.exported(show(system, operation, after))
        return await self._stimulus(request)

    def _selected(self, query: str) -> HttpResponse:
        key = _key(query, self._operation.selected_by)
        if isinstance(key, Refusal):
            return self._refuse(key)
        shown = show_selected(self._system, self._operation, key)
        return self._refuse(shown) if isinstance(shown, Refusal) else reading.exported(shown)

    def _narrowed(self, query: str) -> HttpResponse:
        about = _key(query, self._operation.narrowed_by) if query else ""
        if isinstance(about, Refusal):
            return self._refuse(about)
        return reading.exported(show_narrowed(self._system, about))

    # implements FRS-IAM-001
    # implements FRS-IAM-002
    def _caller(
        self, connection: Connection, request: HttpRequest, name: str | None
    ) -> KnownIdentity | Refusal:
        """The account that signed the request and may call this operation."""
        system = self._system
        caller = authenticate(system.services, connection, request, name, int(system.wall()))
        if isinstance(caller, Refusal):
            return caller
        if system.services.is_due(caller):
            system.services.used(connection, caller, system.now(connection))
        if not permitted(self._operation, caller):
            return self._denied(connection, request, caller)
        return caller

    # implements FRS-SVC-002
    def _check_terminal(self, request: HttpRequest, account: KnownIdentity) -> Refusal | None:
        """Refuse people who would act over a certificate that is no terminal's."""
        system = self._system
        with system.database.reading() as connection:
            row = system.services.find(connection, account.source)
        if row is None or not counts(row):
            return Refusal(Code.UNAUTHENTICATED, "certificate", "the account was revoked")
        if permitted(self._operation, account):
            return None
        with system.database.transaction() as connection:
            denied = self._denied(connection, request, account)
            work = system.work_in(connection, system.itself("link"), Cause("call", "access"))
            work.refused(self._operation.id, account.name, denied.path, denied.code)
        return denied

    # implements FRS-SVC-001
    def _denied(
        self, connection: Connection, request: HttpRequest, caller: KnownIdentity
    ) -> Refusal:
        """Journal a call outside the list of its account; a body that may hold secrets is not."""
        key = request.headers.get("idempotency-key", "")
        body = request.body if self._operation.group is Group.EXCHANGE else b""
        document = Document(
            Direction.RECEIVED, "denied", self._operation.id, caller.source, key, body, 403
        )
        write_journal(connection, document, self._system.now(connection))
        return Refusal(Code.NOT_PERMITTED, "", f"{caller.source} may not")

    async def _stimulus(self, request: HttpRequest) -> HttpResponse:
        assert self._operation.body is not None
        body = reading.read_body(self._operation.body, request.body)
        if isinstance(body, Refusal):
            return self._refuse(body)
        done = await stimulate(self._system, self._operation.name, body)
        return self._refuse(done) if isinstance(done, Refusal) else reading.answer(done)

    # implements FRS-IAM-001
    async def _in_session(self, request: HttpRequest) -> HttpResponse:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return self._refuse(
                Refusal(Code.UNAUTHENTICATED, "header:authorization", "no session token")
            )
        if self._operation.body is None:
            return commanding.query(self._system, self._operation, token)
        return await commanding.command(self._system, self._operation, request, token)

    def _wrong_media_type(self, request: HttpRequest) -> Refusal | None:
        if self._operation.body is None:
            return None
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given == self._operation.media_type:
            return None
        return Refusal(
            Code.UNSUPPORTED_MEDIA_TYPE, "header:content-type",
            f"expected {self._operation.media_type}",
        )

    def _refuse(self, refusal: Refusal) -> HttpResponse:
        return reading.refuse(refusal, self._system.settings.system)


# implements FRS-INP-004
async def _read(incoming: Request) -> HttpRequest | Refusal:
    body = bytearray()
    async for part in incoming.stream():
        body += part
        if len(body) > BODY_MAX:
            return Refusal(Code.BODY_TOO_LARGE, "", f"more than {BODY_MAX} bytes")
    headers: dict[str, str] = {}
    for name, value in incoming.headers.items():
        if name in headers:
            # Two values of one header leave open which of them counts.
            return Refusal(Code.UNREADABLE, f"header:{name}", "the header stands twice")
        headers[name] = value
    scope = incoming.scope
    path = scope.get("raw_path", scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return HttpRequest(scope["method"], path, query, headers, bytes(body))


def _after(query: str) -> int | Refusal:
    """The position after which a paged export starts; no query: from the beginning."""
    if not query:
        return 0
    name, _, value = query.partition("=")
    if name != "after" or not value.isascii() or not value.isdigit() or len(value) > 15:
        return Refusal(Code.SCHEMA_VIOLATION, "query:after", "expected after=NUMBER")
    return int(value)


def _key(query: str, member: str) -> str | Refusal:
    """What a query names as ``member=ID``, percent-encoded where that is needed."""
    name, _, value = query.partition("=")
    try:
        key = unquote(value, errors="strict")
    except UnicodeDecodeError:
        key = ""
    if name != member or "&" in value or Id.fault(key):
        return Refusal(Code.SCHEMA_VIOLATION, f"query:{member}", f"expected {member}=ID")
    return key


def _starlette(response: HttpResponse) -> Response:
    return Response(response.body, response.status, dict(response.headers))


def _not_written(exc: AuditNotWritten | RecordsBusy) -> Refusal:
    code = Code.RECORDS_BUSY if isinstance(exc, RecordsBusy) else Code.AUDIT_NOT_WRITTEN
    return Refusal(code, "", str(exc))


def _not_routed(system: System):  # type: ignore[no-untyped-def]
    async def handle(request: Request, exc: HTTPException) -> Response:
        system.requests += 1
        code = Code.METHOD_NOT_ALLOWED if exc.status_code == 405 else Code.NOT_FOUND
        refusal = Refusal(code, "", f"{request.method} {request.url.path}")
        try:
            await _enter_attempt(system, request, code)
        except (AuditNotWritten, RecordsBusy) as exc_:
            refusal = _not_written(exc_)
        response = _starlette(reading.refuse(refusal, system.settings.system))
        response.headers.update(exc.headers or {})
        return response

    return handle


# implements FRS-AUD-004
async def _enter_attempt(system: System, incoming: Request, code: Code) -> None:
    """Enter a signed attempt at what is not published; nobody else may fill the audit trail."""
    request = await _read(incoming)
    if isinstance(request, Refusal):
        return
    name = certificate_name(incoming.scope)
    with system.database.transaction() as connection:
        caller = authenticate(system.services, connection, request, name, int(system.wall()))
        if isinstance(caller, Refusal):
            return
        actor = Actor(caller.source, caller.source, str(caller.account), "link")
        work = system.work_in(connection, actor, Cause(f"call {request.method}", "access"))
        work.refused("address", request.path, request.method, code)
