"""Who is calling: the certificate and the signature have to name the same service account.

Source: URS-SEC-004, URS-INP-002, URS-SVC-001. A header or a body field never counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.sqlite import insert

from contracts.model.codes import Code, Refusal
from contracts.model.operations import Group, Operation
from contracts.model.ports import HttpRequest
from contracts.model.roles import Role
from contracts.wire.identity import Account, KnownIdentity
from contracts.wire.signing import AGE_MAX_S, SignatureRejected, VerifiedSignature, verify
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import nonces

_REMEMBER = Statement(
    insert(nonces).on_conflict_do_nothing().returning(nonces.c.nonce)
)
_FORGET = Statement(delete(nonces).where(nonces.c.forget_at < bindparam("now")))


def certificate_name(scope: Mapping[str, Any]) -> str | None:
    """The common name of the client certificate, from the ASGI TLS extension alone."""
    tls = scope.get("extensions", {}).get("tls", {})
    name = tls.get("client_cert_name") or ""
    return name.removeprefix("CN=") if name.startswith("CN=") else None


def known_by_certificate(settings: Settings, name: str | None) -> bool:
    """Whether the certificate belongs to any account of this system."""
    return any(partner.name == name for partner in settings.partners)


# implements FRS-INP-002
# implements FRS-SEC-001
def authenticate(
    settings: Settings, connection: Connection, request: HttpRequest, name: str | None, now: int
) -> KnownIdentity | Refusal:
    """The account that signed the request over its own certificate, once per nonce."""
    known = {p.key_id: p for p in settings.partners if p.name == name}
    try:
        signature = verify(request, known, now)
    except SignatureRejected as exc:
        return Refusal(Code.UNAUTHENTICATED, "header:signature", str(exc))
    if not _is_new(connection, signature, now):
        return Refusal(Code.UNAUTHENTICATED, "header:signature", "the nonce was used before")
    return signature.signer


# implements FRS-SEC-005
def permitted(role: Role, operation: Operation, caller: KnownIdentity) -> bool:
    """Whether a service account may call an operation; anything not named here is denied."""
    if operation.group is Group.EXCHANGE:
        return caller.account.value == role.partner.value
    if operation.group is Group.INSPECTION:
        # URS-SEC-006: a stolen credential of the partner reads nothing that evidence is made of.
        return caller.account is Account.HARNESS or not operation.is_evidence
    return operation.group is Group.STIMULUS and caller.account is Account.HARNESS


def _is_new(connection: Connection, signature: VerifiedSignature, now: int) -> bool:
    connection.run(_FORGET, now=now)
    forget_at = signature.created + AGE_MAX_S + 1
    row = connection.row(
        _REMEMBER, key_id=signature.signer.key_id, nonce=signature.nonce, forget_at=forget_at
    )
    return row is not None
