"""The door of a system: who gets as far as saying something.

A connection is TLS 1.3, under a certificate of the site's authority that is in date and not
revoked; all that is judged in the handshake. What is left, whether the certificate was made for an
account of this system, is judged before the first byte of a request is read.
Source: URS-SEC-001, URS-SEC-002, URS-SEC-003.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.wire.https import TlsFiles
from contracts.wire.serving import TlsProtocol
from reference_impl.settings import Settings

Accepts = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Trust:
    """What this system shows, whom it trusts, and which certificates count no more (a CRL)."""

    files: TlsFiles
    revoked: Path | None


# implements FRS-SEC-002
# implements FRS-SEC-003
def server_context(trust: Trust) -> ssl.SSLContext:
    """TLS 1.3 alone, and a client certificate that holds. Raises: OSError, ssl.SSLError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    return _trusting(context, trust)


def client_context(trust: Trust) -> ssl.SSLContext:
    """The same for calling the partner. Raises: OSError, ssl.SSLError."""
    context = ssl.create_default_context(
        ssl.Purpose.SERVER_AUTH, cafile=str(trust.files.authority)
    )
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return _trusting(context, trust)


def _trusting(context: ssl.SSLContext, trust: Trust) -> ssl.SSLContext:
    context.load_verify_locations(trust.files.authority)
    if trust.revoked is not None:
        context.load_verify_locations(trust.revoked)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    context.load_cert_chain(trust.files.certificate, trust.files.key)
    return context


class RenewableContext(ssl.SSLContext):
    """A context whose certificate and trust can be changed while connections come in.

    Each new connection goes by what counts at its beginning; those that are open stay.
    """

    current: ssl.SSLContext

    def __new__(cls, current: ssl.SSLContext) -> RenewableContext:
        """Begin with ``current``."""
        made = super().__new__(cls, ssl.PROTOCOL_TLS_SERVER)
        made.current = current
        return made

    # implements FRS-SEC-004
    def wrap_bio(self, *arguments: Any, **options: Any) -> ssl.SSLObject:
        """Begin one connection."""
        return self.current.wrap_bio(*arguments, **options)


def accepted_names(settings: Callable[[], Settings]) -> Accepts:
    """Whether a certificate was made for an account: its common name, and an alternative name.

    ``settings`` are asked anew for each connection, because accounts can change.
    """

    # implements FRS-SEC-003
    def accepts(certificate: Mapping[str, Any]) -> bool:
        names = {
            value for rdn in certificate.get("subject", ()) for key, value in rdn
            if key == "commonName"
        }
        made_for = {
            value for kind, value in certificate.get("subjectAltName", ()) if kind == "DNS"
        }
        known = {partner.name for partner in settings().partners}
        return len(names) == 1 and bool(names & made_for & known)

    return accepts


def door_protocol(accepts: Accepts) -> type[TlsProtocol]:
    """HTTP for those whose certificate is accepted; the others are gone before a byte is read."""

    class Door(TlsProtocol):
        """One connection."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            certificate = transport.get_extra_info("ssl_object").getpeercert()
            self._is_open = accepts(certificate or {})
            if not self._is_open:
                transport.abort()

        def data_received(self, data: bytes) -> None:
            """Nothing of a connection that was turned away is read."""
            if self._is_open:
                super().data_received(data)

    return Door
