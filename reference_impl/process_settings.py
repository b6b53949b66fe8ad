"""The settings file of a process, read into the settings of its system."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from contracts.model.roles import Role
from contracts.wire.https import TlsFiles
from contracts.wire.identity import Account, Identity, KnownIdentity, read_private_key
from reference_impl.settings import CHEAP, PasswordCost, Settings
from reference_impl.web.doors import Trust


def read_trust(content: dict[str, Any]) -> Trust:
    """The TLS part of a settings file. Raises: KeyError."""
    tls = content["tls"]
    files = TlsFiles(*(Path(tls[name]) for name in ("authority", "certificate", "key")))
    return Trust(files, Path(tls["revoked"]) if "revoked" in tls else None)


def read_settings(content: dict[str, Any]) -> Settings:
    """The settings of a system. Raises: KeyError, ValueError, OSError naming the key file."""
    own = content["identity"]
    server = content.get("time_server")
    return Settings(
        role=Role(content["role"]),
        identity=Identity(
            own["source"], Account(content["role"]), own["name"],
            read_private_key(Path(own["signing_key"])),
        ),
        partners=tuple(
            KnownIdentity(p["source"], Account(p["account"]), p["name"],
                          bytes.fromhex(p["public_key"]), frozenset(p["operations"]),
                          p["owner"])
            for p in content["partners"]
        ),
        partner_system=content["partner_system"],
        partner_url=content["partner_url"],
        checkpoints=Path(content["checkpoints"]) if "checkpoints" in content else None,
        backups=Path(content["backups"]) if "backups" in content else None,
        database=Path(content["database"]) if "database" in content else None,
        database_url=content.get("database_url", ""),
        site_zone=ZoneInfo(content["site_zone"]),
        test_mode=content["test_mode"],
        password_cost=CHEAP if content["test_mode"] else PasswordCost(),
        security_contact=content.get("security_contact"),
        certificates={"server and client": Path(content["tls"]["certificate"])},
        time_server=(str(server[0]), int(server[1])) if server else None,
    )
