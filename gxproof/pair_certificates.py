"""The certificates of a pair that is served: good ones, and those that a system has to refuse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from contracts.model.roles import Role
from contracts.wire.certificates import TrialAuthority
from gxproof.in_process import HARNESS

# Certificates of the same authority that a system has to refuse: what is wrong, and their file.
REFUSED = {
    "expired": "bad-expired", "revoked": "bad-revoked", "wrong_name": "bad-wrong-name",
    "unknown_name": "bad-unknown-name",
}


def make_certificates(
    folder: Path, names: Mapping[str, str], addresses: tuple[str, ...] = ()
) -> None:
    """One for each account, others for the relay in its name, and those that have to be refused."""
    authority = TrialAuthority(folder, addresses=addresses)
    for name in names.values():
        authority.issue(name)
    for role in Role:
        authority.issue(names[role.value], file=f"relay-as-{role}")
    harness = names[HARNESS]
    authority.issue(harness, file=REFUSED["expired"], days=-1)
    authority.issue("nobody.test", file=REFUSED["unknown_name"])
    authority.issue(harness, file=REFUSED["wrong_name"], made_for="nobody.test")
    revoked, _ = authority.issue(harness, file=REFUSED["revoked"])
    authority.revoke(revoked)
