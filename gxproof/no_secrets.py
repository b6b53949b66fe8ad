"""No run is sealed whose evidence holds a secret of the people that it was made with.

Documents are printed from the records, so the records are what is looked through, before anything
is signed. Source: URS-SVC-003.
"""

from __future__ import annotations

from pathlib import Path

from contracts.formats.secret_findings import SecretSearch
from contracts.wire.system import PeopleCredentials
from features.contract_checks.world import PASSWORD
from gxproof.side_by_side import HarnessFailed


def check_no_secrets(folder: Path, people: PeopleCredentials) -> None:
    """Look through every file of a run folder. Raises: HarnessFailed naming file and secret."""
    search = SecretSearch({
        "the password of the example people": people.password,
        "the authenticator of the example people": people.totp_secret,
        "the password of the contract checks": PASSWORD,
    })
    for path in sorted(folder.rglob("*")):
        kinds = search.known_in(path.read_bytes()) if path.is_file() else frozenset()
        if kinds:
            raise HarnessFailed(
                f"{path.relative_to(folder)} holds {', '.join(sorted(kinds))}; nothing is sealed"
            )
