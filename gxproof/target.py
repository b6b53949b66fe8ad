"""``target.toml``: the one file that says which systems are meant, and how to reach them.

Reading checks form and files; whether somebody answers there is found out afterwards, and is never
a finding about the system.
"""

from __future__ import annotations

import re
import ssl
import tomllib
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from contracts.model.roles import Role
from contracts.model.second_factor import TotpSecret
from contracts.wire.https import TlsFiles
from contracts.wire.identity import Account, Identity, read_private_key
from contracts.wire.signed_notes import read_verifier
from contracts.wire.system import CheckpointPlace

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_URL = rf"^https://({_LABEL}(\.{_LABEL}){{0,30}}|\[[0-9A-Fa-f:.]{{2,45}}\])(:[0-9]{{1,5}})?/?$"
_Text = Annotated[str, Field(min_length=1, max_length=200)]


class TargetError(ValueError):
    """A target file that cannot be used; one sentence per finding."""


def _checkpoint_key(text: str) -> str:
    """Raises: ValueError where it is no verifier key."""
    return read_verifier(text).text


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Address(_Part):
    """Where a system answers, and where its checkpoints are kept, signed with which key."""

    url: Annotated[str, Field(pattern=_URL)]
    checkpoints: Path | None = None
    checkpoint_key: Annotated[str, AfterValidator(_checkpoint_key)] | None = None


class Authority(_Part):
    """The CA that every certificate comes from."""

    authority: Path


class Certificate(_Part):
    """A certificate with its key, as PEM files."""

    certificate: Path
    certificate_key: Path


class ServiceAccount(Certificate):
    """A service account that the harness holds."""

    source: _Text
    signing_key: Path


class Counterparts(_Part):
    """Accounts under which the harness plays a partner: ``mes`` towards the WMS, and so on."""

    mes: ServiceAccount
    wms: ServiceAccount


class RelayCertificates(_Part):
    """Test client certificates of the pair, and the relay's own server certificate."""

    mes: Certificate
    wms: Certificate
    server: Certificate
    address: IPv4Address = IPv4Address("127.0.0.1")
    """Where the harness listens, so that both systems reach it."""


class Refused(_Part):
    """Certificates of the site's authority that its systems have to turn away."""

    expired: Certificate
    revoked: Certificate
    wrong_name: Certificate
    """Made for another name than the account that it names."""
    unknown_name: Certificate
    """Made for a name that no account has."""


class Rotates(_Part):
    """The command that changes certificates and keys while the systems run."""

    command: Annotated[tuple[_Text, ...], Field(min_length=1)]


_Port = Annotated[int, Field(ge=1, le=65535)]


class Zones(_Part):
    """A zone: how Python is run in it, and which address of it is tried on which ports."""

    name: _Text
    python: Annotated[tuple[_Text, ...], Field(min_length=1)]
    address: IPv4Address | None = None
    ports: tuple[_Port, _Port] = (1, 65535)

    @model_validator(mode="after")
    def _first_to_last(self) -> Self:
        if self.ports[0] > self.ports[1]:
            raise ValueError("ports are the first and the last one")
        return self


class Conduits(_Part):
    """A way that is open from one zone to another."""

    source: _Text
    target: _Text
    port: _Port


class ExamplePeople(_Part):
    """What the accounts of example people are made with; the systems are for tests alone."""

    password: Annotated[str, Field(min_length=8, max_length=128)]
    totp_secret: TotpSecret


class Target(_Part):
    """A pair of systems."""

    name: _Text
    kind: Literal["reference", "vendor"]
    level: Literal["Exchange", "Reconcilable", "Qualified"]
    site_zone: str
    database: Literal["SQLite", "PostgreSQL", "other"] = "other"
    """What keeps the records, as far as it is declared; IQ looks whether it is so."""
    mes: Address
    wms: Address
    tls: Authority
    harness: ServiceAccount
    counterpart: Counterparts
    relay: RelayCertificates
    refused: Refused | None = None
    rotation: Rotates | None = None
    zones: tuple[Zones, ...] = ()
    conduits: tuple[Conduits, ...] = ()
    ci: ServiceAccount | None = None
    people: ExamplePeople | None = None

    @model_validator(mode="after")
    def _conduits_join_zones(self) -> Self:
        zones = {zone.name: zone for zone in self.zones}
        if len(zones) < len(self.zones):
            raise ValueError("two zones have one name")
        for way in self.conduits:
            for name in (way.source, way.target):
                if name not in zones:
                    raise ValueError(f"a conduit names {name}, which is no zone")
            if zones[way.target].address is None:
                raise ValueError(f"a conduit leads to {way.target}, which has no address")
        return self

    def url(self, role: Role) -> str:
        """The address of a system."""
        address: Address = getattr(self, role.value)
        return address.url

    def checkpoints(self, role: Role) -> CheckpointPlace | None:
        """Where the checkpoints of a system are kept, if the file says so."""
        address: Address = getattr(self, role.value)
        if address.checkpoints is None or address.checkpoint_key is None:
            return None
        return CheckpointPlace(address.checkpoints, read_verifier(address.checkpoint_key))

    def tls_files(self, certificate: Certificate) -> TlsFiles:
        """The files that a connection under this certificate needs."""
        return TlsFiles(
            self.tls.authority, certificate.certificate, certificate.certificate_key
        )


def read_target(path: Path) -> Target:
    """Read a target file; paths in it are relative to it. Raises: TargetError."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise TargetError(f"{path} cannot be read: {exc.strerror}") from exc
    except (ValueError, RecursionError) as exc:
        raise TargetError(f"{path} is not TOML: {exc}") from exc
    try:
        target = Target.model_validate(_absolute(content, path.absolute().parent))
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise TargetError(f"{path}: {place}: {first['msg']}") from exc
    _check_files(target)
    return target


def is_address(url: str) -> bool:
    """Whether this is how a target file names where a system answers."""
    return re.fullmatch(_URL, url) is not None


def identity_of(account: ServiceAccount, kind: Account) -> Identity:
    """The identity of a service account. Raises: TargetError naming the file."""
    try:
        return Identity(account.source, kind, "", read_private_key(account.signing_key))
    except (OSError, ValueError) as exc:
        raise TargetError(f"the signing key of {account.source} cannot be read: {exc}") from exc


_PATHS = {"checkpoints", "authority", "certificate", "certificate_key", "signing_key"}


def _absolute(content: object, folder: Path, key: str = "") -> object:
    if isinstance(content, dict):
        return {k: _absolute(v, folder, k) for k, v in content.items()}
    if isinstance(content, str) and key in _PATHS:
        return folder / content
    return content


def _check_files(target: Target) -> None:
    """Every certificate loads with its key, before anybody is called."""
    accounts = [target.harness, target.counterpart.mes, target.counterpart.wms]
    accounts += [target.ci] if target.ci else []
    relays = (target.relay.mes, target.relay.wms, target.relay.server)
    for certificate in (*accounts, *relays):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(target.tls.authority)
            context.load_cert_chain(certificate.certificate, certificate.certificate_key)
        except (OSError, ValueError) as exc:
            raise TargetError(
                f"{certificate.certificate} cannot be used with its key and {target.tls.authority}:"
                f" {exc}"
            ) from exc
