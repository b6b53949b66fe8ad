"""Calling a system over HTTPS: TLS 1.3, a client certificate, the server checked against one CA.

Every failure of the network becomes NoAnswer at this boundary, with a sentence a person can read.
Source: URS-SEC-001, URS-SEC-002.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from contracts.model.ports import HttpRequest, HttpResponse, NoAnswer

TIMEOUT_S = 10.0


@dataclass(frozen=True)
class TlsFiles:
    """A certificate chain with its key, and the CA that the other side must come from (PEM)."""

    authority: Path
    certificate: Path
    key: Path


def client_context(files: TlsFiles) -> ssl.SSLContext:
    """A TLS 1.3 client that shows a certificate. Raises: OSError, ssl.SSLError naming no file."""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(files.authority))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(files.certificate, files.key)
    return context


class HttpsTransport:
    """Carries requests to one system over a kept-alive connection."""

    def __init__(self, url: str, context: ssl.SSLContext, timeout_s: float = TIMEOUT_S) -> None:
        self._client = httpx.Client(
            base_url=url, verify=context, timeout=timeout_s, trust_env=False, headers=_NO_DEFAULTS
        )
        self.url = url
        self.certificate_serial: str | None = None
        self.tls: str | None = None

    def send(self, request: HttpRequest) -> HttpResponse:
        """One exchange. Raises: NoAnswer."""
        with _mapped():
            answer = self._client.send(_built(self._client, request))
        self._remember_handshake(answer)
        return HttpResponse(answer.status_code, dict(answer.headers), answer.content)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _remember_handshake(self, answer: httpx.Response) -> None:
        stream = answer.extensions.get("network_stream")
        tls = stream.get_extra_info("ssl_object") if stream else None
        if tls is not None and self.certificate_serial is None:
            certificate = tls.getpeercert()
            self.certificate_serial = str(certificate["serialNumber"]).lower()
            self.tls = f"{tls.version()} {tls.cipher()[0]}"


class AsyncHttpsTransport:
    """The same inside an event loop."""

    def __init__(self, url: str, context: ssl.SSLContext, timeout_s: float = TIMEOUT_S) -> None:
        self._client = httpx.AsyncClient(
            base_url=url, verify=context, timeout=timeout_s, trust_env=False, headers=_NO_DEFAULTS
        )

    async def send(self, request: HttpRequest) -> HttpResponse:
        """One exchange. Raises: NoAnswer."""
        with _mapped():
            answer = await self._client.send(_built(self._client, request))
        return HttpResponse(answer.status_code, dict(answer.headers), answer.content)

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()


_NO_DEFAULTS = {"user-agent": "gxproof", "accept": "application/json"}


def _built(client: httpx.Client | httpx.AsyncClient, request: HttpRequest) -> httpx.Request:
    return client.build_request(
        request.method,
        request.target,
        headers=dict(request.headers),
        content=request.body if request.method != "GET" else None,
    )


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
        raise NoAnswer(_connect_reason(exc), sent=False) from exc
    except httpx.TimeoutException as exc:
        raise NoAnswer("no answer in time") from exc
    except httpx.DecodingError as exc:
        raise NoAnswer(f"the answer cannot be decoded ({exc})") from exc
    except (httpx.InvalidURL, UnicodeError) as exc:
        raise NoAnswer(f"the address cannot be used ({exc})", sent=False) from exc
    except httpx.TransportError as exc:
        raise NoAnswer(f"the connection broke before an answer came ({exc})") from exc


def _connect_reason(exc: Exception) -> str:
    text = str(exc)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        detail = text.partition("certificate verify failed: ")[2].partition(" (_ssl")[0]
        return f"the server's certificate was not accepted: {detail or 'unknown reason'}"
    if "SSL" in text or "TLS" in text:
        return f"no TLS 1.3 connection came about: {text}"
    return f"nothing answers there: {text}"
