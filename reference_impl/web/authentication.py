"""Who is calling: the certificate and the signature have to name the same service account.

Source: URS-SEC-004, URS-INP-002, URS-SVC-001. A header or a body field never counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.sqlite import insert

from contracts.model.codes import Code, Refusal
from contracts.model.operations import Operation
from contracts.model.ports import HttpRequest
from contracts.wire.identity import KnownIdentity
from contracts.wire.signing import AGE_MAX_S, SignatureRejected, VerifiedSignature, verify
from reference_impl.records.services import Services, counts
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import nonces

_REMEMBER = Statement(insert(nonces).on_conflict_do_nothing())
_FORGET = Statement(delete(nonces).where(nonces.c.forget_at < bindparam("now")))


def certificate_name(scope: Mapping[str, Any]) -> str | None:
    """The common name of the client certificate, from the ASGI TLS extension alone."""
    tls = scope.get("extensions", {}).get("tls", {})
    name = tls.get("client_cert_name") or ""
    return name.removeprefix("CN=") if name.startswith("CN=") else None


def account_of(settings: Settings, name: str | None) -> KnownIdentity | None:
    """The one account that a certificate belongs to; None where it belongs to none."""
    return next((account for account in settings.partners if account.name == name), None)


# implements FRS-INP-002
# implements FRS-SEC-001
def authenticate(
    services: Services, connection: Connection, request: HttpRequest, name: str | None, now: int
) -> KnownIdentity | Refusal:
    """The account that signed the request over its own certificate, once per nonce."""
    known = {p.key_id: p for p in services.keys if p.name == name}
    try:
        signature = verify(request, known, now)
    except SignatureRejected as exc:
        return Refusal(Code.UNAUTHENTICATED, "header:signature", str(exc))
    if services.forgets(now):
        connection.run(_FORGET, now=now)
    if not _is_new(connection, signature):
        return Refusal(Code.UNAUTHENTICATED, "header:signature", "the nonce was used before")
    account = services.find(connection, signature.signer.source)
    if account is None or not counts(account):
        return Refusal(Code.UNAUTHENTICATED, "header:signature", "the account was revoked")
    if not services.signed_in_time(account, signature.created):
        return Refusal(
            Code.SIGNED_BEFORE_RESTORE, "header:signature", "one of the two was restored since"
        )
    return signature.signer


# implements FRS-SEC-005
# implements FRS-SVC-001
def permitted(operation: Operation, caller: KnownIdentity) -> bool:
    """Whether a service account may call an operation; what its list does not name is denied."""
    return operation.id in caller.operations


def _is_new(connection: Connection, signature: VerifiedSignature) -> bool:
    forget_at = signature.created + AGE_MAX_S + 1
    added = connection.run(
        _REMEMBER, key_id=signature.signer.key_id, nonce=signature.nonce, forget_at=forget_at
    )
    return added == 1
