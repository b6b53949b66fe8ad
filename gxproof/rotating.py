"""``python -m gxproof.rotating FOLDER``: new certificates and keys for a pair that is being served.

In three steps, each of which both systems have taken over before the next begins: the partners
learn the new signing keys beside the old ones; each system goes over to its new key and
certificate; the old keys are forgotten and the old certificates revoked. Source: URS-SEC-003.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.model.roles import Role
from contracts.wire.certificates import TrialAuthority
from contracts.wire.identity import raw_public, read_private_key, write_private_key

TAKEN_OVER_S = 2.0
"""Every process looks at its settings twice a second."""


def main(arguments: list[str]) -> int:
    """Rotate once. Returns: 0."""
    rotate(Path(arguments[0]))
    return 0


def rotate(folder: Path) -> None:
    """Give both systems of the pair in ``folder`` new certificates and keys. Raises: OSError."""
    authority = TrialAuthority(folder)
    before = {role: json.loads((folder / f"{role}.json").read_text()) for role in Role}
    number = len(list(folder.glob("mes.signing*.key"))) + 1
    fresh = {role: _fresh(authority, before[role], f"{role}.{number}") for role in Role}
    learnt = {role: _with_key(before[role], fresh[role.partner]) for role in Role}
    _write(folder, learnt)
    _write(folder, {role: {**learnt[role], **_own(learnt[role], fresh[role])} for role in Role})
    authority.revoke(
        folder / "bad-revoked.pem",
        *(Path(before[role]["tls"]["certificate"]) for role in Role),
    )
    old = {role: _public(Path(before[role]["identity"]["signing_key"])) for role in Role}
    _write(folder, {
        role: {
            **learnt[role], **_own(learnt[role], fresh[role]),
            "partners": [
                p for p in learnt[role]["partners"] if p["public_key"] != old[role.partner]
            ],
        }
        for role in Role
    })


def _fresh(authority: TrialAuthority, settings: dict[str, Any], file: str) -> dict[str, str]:
    """New files of one system, and its new public key."""
    certificate, key = authority.issue(settings["identity"]["name"], file=file)
    signing_key = authority.folder / f"{file.replace('.', '.signing.')}.key"
    write_private_key(signing_key, Ed25519PrivateKey.generate())
    return {
        "certificate": str(certificate), "key": str(key), "signing_key": str(signing_key),
        "public_key": _public(signing_key), "source": settings["identity"]["source"],
    }


def _with_key(settings: dict[str, Any], fresh: dict[str, str]) -> dict[str, Any]:
    """Settings in which the partner has a second key."""
    of_partner = [p for p in settings["partners"] if p["source"] == fresh["source"]]
    second = {**of_partner[0], "public_key": fresh["public_key"]}
    return {**settings, "partners": [*settings["partners"], second]}


def _own(settings: dict[str, Any], fresh: dict[str, str]) -> dict[str, Any]:
    """The parts of settings that name a system's own key and certificate."""
    return {
        "identity": {**settings["identity"], "signing_key": fresh["signing_key"]},
        "tls": {
            **settings["tls"], "certificate": fresh["certificate"], "key": fresh["key"],
        },
    }


def _public(path: Path) -> str:
    return raw_public(read_private_key(path).public_key()).hex()


def _write(folder: Path, settings: dict[Role, dict[str, Any]]) -> None:
    """Put new settings in the place of the old ones at once, and wait until they are taken over."""
    for role, content in settings.items():
        partial = folder / f"{role}.json.partial"
        partial.write_text(json.dumps(content))
        partial.replace(folder / f"{role}.json")
    time.sleep(TAKEN_OVER_S)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
