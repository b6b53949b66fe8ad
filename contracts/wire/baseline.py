"""What two systems show of their configuration, as items of a baseline. Source: URS-CHG-001."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contracts.model.inspection import Configuration, Version
from contracts.model.inspection_evidence import EvidenceRights
from contracts.model.inspection_profile import SiteProfile
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import digest_of, sha256
from contracts.wire.clients import SystemClient
from contracts.wire.publication import PUBLISHED

# A process has another id at each start, and no part in what was configured.
_PASSING = frozenset({"processId", "runnerId"})


def items_of_systems(client: Callable[[Role], SystemClient]) -> dict[str, str]:
    """Versions, settings, accounts of partners, profile values and grants of both systems.

    ``client`` gives the harness's client of each system. Raises: NoAnswer;
    AssertionError where a system refuses to show them.
    """
    return dict(item for role in Role for item in _items(role, client(role)))


def items_of_contract() -> dict[str, str]:
    """The digest of each published file that a message or an answer is held against."""
    golden = sorted((PUBLISHED / "golden").glob("*.json"))
    files = sorted(PUBLISHED.glob("*.json")) + sorted((PUBLISHED / "schemas").glob("*.json"))
    return {
        **{f"contract/{path.relative_to(PUBLISHED).as_posix()}": sha256(path.read_bytes())
           for path in files},
        "contract/golden": digest_of({path.name: sha256(path.read_bytes()) for path in golden}),
    }


def _items(role: Role, client: SystemClient) -> Iterator[tuple[str, str]]:
    for name, model in (("version", Version), ("configuration", Configuration)):
        shown = client.ask(name, model).to_json()
        for member, value in shown.items():
            if member not in _PASSING:
                yield f"{role}/{name}/{member}", _text(value)
    for row in client.ask("site-profile", SiteProfile).rows:
        yield f"{role}/profile/{row.name}", row.value
    rights = client.ask("evidence-rights", EvidenceRights)
    for table in rights.rows:
        yield f"{role}/grants/{table.table}", ", ".join(sorted(table.rights)) or rights.guard


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical_bytes(value).decode()


__all__ = ["items_of_contract", "items_of_systems"]
