"""The exchange over a broker (NATS JetStream): the same signed requests, the same answers.

A message goes into the stream of its receiver, ``gxproof.v1.ROLE.MESSAGE``, with the headers of
the HTTPS request as headers of the broker; a question goes to ``gxproof.v1.ROLE.questions.NAME``
and through no stream, for its answer is worth something now or not at all. What comes back goes
to an inbox of the sender.

The broker decides nothing: no message id is given to it, so its window for duplicates never counts
(URS-IDM-006); what it delivers again is recognised by the receiver, and what it loses is sent again
by the outbox. A signature is good for minutes, so the stream keeps messages no longer than that.
Who may publish to the subjects of a receiver is for the broker's accounts: the partner alone.
Source: URS-REL-001, URS-IDM-002, URS-SEC-003.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as BrokerError
from nats.js.api import ConsumerConfig, StorageType, StreamConfig

from contracts.model.operations import OPERATIONS, Group
from contracts.model.ports import AsyncTransport, HttpRequest, HttpResponse, NoAnswer
from contracts.model.roles import Role
from contracts.wire.asgi import App, AsyncAsgiTransport
from contracts.wire.signing import AGE_MAX_S

TIMEOUT_S, CONNECT_S = 10.0, 5.0
_ROOT, _QUESTIONS = "gxproof.v1", "questions"
_STATUS, _REPLY_TO = "gxproof-status", "gxproof-reply-to"
_EXCHANGE = f"/v1/{Group.EXCHANGE}/"
_DURABLE = "receiver"
# An answer about the signature of a copy that is older says nothing of the message.
_FRESH = timedelta(seconds=60)


def stream_of(role: Role) -> str:
    """The stream that holds what is sent to a role."""
    return f"gxproof-{role}"


def subject_of(role: Role, request: HttpRequest) -> str:
    """Where a request goes. Raises: NoAnswer for what is not of the exchange."""
    if not request.path.startswith(_EXCHANGE):
        raise NoAnswer(f"a broker carries the exchange only, not {request.path}", sent=False)
    name = request.path.removeprefix(_EXCHANGE)
    kept = "idempotency-key" in request.headers
    return f"{_ROOT}.{role}.{name}" if kept else f"{_ROOT}.{role}.{_QUESTIONS}.{name}"


async def connected(url: str, tls: ssl.SSLContext | None) -> Client:
    """A connection that comes back by itself. Raises: NoAnswer."""
    connecting = nats.connect(
        servers=[url], tls=tls, connect_timeout=2, reconnect_time_wait=0.2,
        max_reconnect_attempts=-1, allow_reconnect=True, error_cb=_quiet,
    )
    try:
        # It would try for ever also where nothing was ever there.
        return await asyncio.wait_for(connecting, CONNECT_S)
    except (OSError, BrokerError, TimeoutError) as exc:
        raise NoAnswer(f"no broker answers there: {exc}", sent=False) from exc


class BrokerTransport:
    """Carries requests to one role through a broker and waits for what comes back."""

    def __init__(
        self, url: str, role: Role, tls: ssl.SSLContext | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._url, self._role, self._tls, self._timeout_s = url, role, tls, timeout_s
        self._client: Client | None = None

    async def send(self, request: HttpRequest) -> HttpResponse:
        """One exchange. Raises: NoAnswer."""
        subject = subject_of(self._role, request)
        if self._client is None:
            self._client = await connected(self._url, self._tls)
        try:
            return _response(await self._exchanged(self._client, subject, request))
        except (BrokerError, TimeoutError) as exc:
            raise NoAnswer(f"no answer in time through the broker ({exc!r})") from exc

    async def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            await self._client.close()

    async def _exchanged(self, client: Client, subject: str, request: HttpRequest) -> Msg:
        headers = dict(request.headers)
        if f".{_QUESTIONS}." in subject:
            return await client.request(
                subject, request.body, timeout=self._timeout_s, headers=headers
            )
        inbox = client.new_inbox()
        answers = await client.subscribe(inbox, max_msgs=1)
        try:
            await client.jetstream().publish(
                subject, request.body, timeout=self._timeout_s,
                headers={**headers, _REPLY_TO: inbox},
            )
            return await answers.next_msg(timeout=self._timeout_s)
        finally:
            if not client.is_closed:
                await answers.unsubscribe()


class BrokerReceiver:
    """Takes what is sent to a role out of the broker and gives it to its application.

    ``sender`` is the name in the certificate of the partner: by the broker's accounts nobody else
    can publish here, and the signature of each message is checked as always.
    """

    def __init__(
        self, url: str, role: Role, app: App, sender: str, *,
        tls: ssl.SSLContext | None = None, again_after_s: float = 30.0,
    ) -> None:
        self._url, self._role, self._tls = url, role, tls
        self._app: AsyncTransport = AsyncAsgiTransport(app, sender)
        self._again_after_s = again_after_s

    async def run(self) -> None:
        """Receive until cancelled; a broker that is away is waited for."""
        client = await self._connected()
        try:

            async def answer(question: Msg) -> None:
                response = await self._passed_on(question)
                await client.publish(
                    question.reply, response.body, headers=_headers(response)
                )

            await client.subscribe(f"{_ROOT}.{self._role}.{_QUESTIONS}.*", cb=answer)
            while True:
                try:
                    await self._receive(client)
                except (BrokerError, TimeoutError, OSError):
                    # The broker is away, or had nothing for a while.
                    await asyncio.sleep(0.1)
        finally:
            await client.close()

    async def _connected(self) -> Client:
        while True:
            try:
                return await connected(self._url, self._tls)
            except NoAnswer:
                await asyncio.sleep(1)

    async def _receive(self, client: Client) -> None:
        stream = client.jetstream()
        await stream.add_stream(StreamConfig(
            name=stream_of(self._role), subjects=[f"{_ROOT}.{self._role}.*"],
            storage=StorageType.FILE, max_age=AGE_MAX_S,
        ))
        waiting = await stream.pull_subscribe(
            f"{_ROOT}.{self._role}.*", durable=_DURABLE, stream=stream_of(self._role),
            config=ConsumerConfig(ack_wait=self._again_after_s, max_deliver=-1),
        )
        while True:
            for message in await waiting.fetch(1, timeout=1):
                await self._take(client, message)

    async def _take(self, client: Client, message: Msg) -> None:
        """Post, answer, and only then let the broker forget it."""
        response = await self._passed_on(message)
        reply_to = (message.headers or {}).get(_REPLY_TO)
        if reply_to and not _says_nothing(message, response):
            await client.publish(reply_to, response.body, headers=_headers(response))
        await message.ack_sync()

    async def _passed_on(self, message: Msg) -> HttpResponse:
        name = message.subject.rpartition(".")[2]
        headers = {k: v for k, v in (message.headers or {}).items() if k != _REPLY_TO}
        path = f"{_EXCHANGE}{name}"
        if f"{self._role}/{name}" not in OPERATIONS:
            path = f"{_EXCHANGE}unknown"
        return await self._app.send(HttpRequest("POST", path, "", headers, message.data))


def _says_nothing(message: Msg, response: HttpResponse) -> bool:
    """Whether an answer is about the signature of an old copy, whose nonce or time is used up.

    The message itself may be posted; its sender gets no answer and asks how it stands.
    """
    metadata = message.metadata
    age = datetime.now(UTC) - metadata.timestamp
    return response.status == 401 and (metadata.num_delivered > 1 or age > _FRESH)


def _headers(response: HttpResponse) -> dict[str, str]:
    return {**response.headers, _STATUS: str(response.status)}


def _response(message: Msg) -> HttpResponse:
    headers: Mapping[str, Any] = message.headers or {}
    status = headers.get(_STATUS, "")
    if not (status.isascii() and status.isdigit() and len(status) == 3):
        raise NoAnswer("what came back through the broker has no status")
    kept = {name: value for name, value in headers.items() if name != _STATUS}
    return HttpResponse(int(status), kept, message.data)


async def _quiet(_: Exception) -> None:
    """A broker that is away is told by every attempt; nobody reads it on a terminal."""
