"""Sending a generated case the way every request goes: signed and over the system's transport.

Schemathesis serializes the case and judges the response; our own client signs and carries it, so
that certificates and message signatures hold in process and over HTTPS alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from requests.exceptions import InvalidHeader
from schemathesis.core import NotSet

from contracts.model.operations import Access, Operation
from contracts.model.ports import HttpRequest, HttpResponse, NoAnswer
from contracts.wire.clients import SystemClient
from contracts.wire.signing import sign

Case = schemathesis.Case[Any]
BASE = "https://system.under.test"
_CARRIED = ("idempotency-key", "content-type")


@dataclass(frozen=True)
class Sent:
    """One exchange. ``response`` is None where none came; ``broke`` says how it ended."""

    request: HttpRequest
    response: HttpResponse | None
    broke: str = ""


@dataclass(frozen=True)
class Sender:
    """Sends under one identity; ``token`` is the session of the person who acts."""

    client: SystemClient
    operation: Operation
    token: str | None

    def send(self, request: HttpRequest) -> Sent:
        """Send a request with everything that shows who the caller is."""
        headers = dict(request.headers)
        if self.operation.access is Access.SESSION and self.token:
            headers["authorization"] = f"Bearer {self.token}"
        request = replace(request, headers=headers)
        if self.operation.access is Access.SIGNATURE:
            client = self.client
            request = sign(request, client.identity, int(client.wall()), client.nonce())
        return self.send_bare(request)

    def send_bare(self, request: HttpRequest) -> Sent:
        """Send a request as it is."""
        sent = _exchange(self.client, request)
        if self.client.recorder is not None:
            self.client.recorder.exchange(
                self.client.role, sent.request, sent.response, sent.broke
            )
        return sent


def _exchange(client: SystemClient, request: HttpRequest) -> Sent:
    try:
        return Sent(request, client.transport.send(request))
    except NoAnswer as exc:
        return Sent(request, None, exc.reason)
    except Exception as exc:  # a system in this process lets its defects through
        return Sent(request, None, f"the system raised {type(exc).__name__}: {exc}")


def request_of(operation: Operation, case: Case) -> HttpRequest | None:
    """The request of a case, not yet signed; None where HTTP cannot carry it."""
    try:
        prepared = _prepared(case)
    except (InvalidHeader, UnicodeError, ValueError):
        return None
    headers = {name.lower(): _text(value) for name, value in prepared.headers.items()}
    carried = {name: headers[name] for name in _CARRIED if name in headers}
    if operation.body is not None:
        carried["content-type"] = operation.media_type
    url = urlsplit(prepared.url or "")
    return HttpRequest(operation.method, operation.path, str(url.query), carried, _raw(prepared))


def response_for_judging(sent: Sent) -> schemathesis.Response:
    """The response in the shape that Schemathesis judges. Raises: ValueError where none came."""
    if sent.response is None:
        raise ValueError("nothing to judge")
    response = sent.response
    url = f"{BASE}{sent.request.target}"
    request = requests.Request(
        sent.request.method, url, headers=dict(sent.request.headers), data=sent.request.body
    )
    return schemathesis.Response(
        status_code=response.status,
        headers={name.lower(): [value] for name, value in response.headers.items()},
        content=response.body,
        request=request.prepare(),
        elapsed=0.0,
        verify=True,
    )


def _prepared(case: Case) -> requests.PreparedRequest:
    arguments: dict[str, Any] = case.as_transport_kwargs(base_url=BASE)
    if isinstance(case.body, NotSet):
        arguments.pop("json", None)
    return requests.Request(**arguments).prepare()


def _raw(prepared: requests.PreparedRequest) -> bytes:
    body = prepared.body or b""
    if isinstance(body, str):
        return body.encode()
    if not isinstance(body, bytes):
        raise ValueError("a body in parts is none of ours")
    return body


def _text(value: str | bytes) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    text.encode("latin-1")
    return text
