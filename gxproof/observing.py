"""What is there when a run starts: the items of its baseline, its bill of materials, its digests.

Digests of requirements, scenarios and sources are kept with each run, so that a later one can say
what a change touches (URS-CHG-003).
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from contracts.record.baselines import baseline_digest
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import digest_of, file_digest
from contracts.record.folder import RunFolder
from contracts.record.runs import Plan
from contracts.record.vulnerabilities import bill_of_materials
from contracts.wire.baseline import items_of_contract, items_of_systems
from contracts.wire.system import SystemUnderTest
from gxproof.installed import ROOMS, installed_packages

BASELINE, BILL, DIGESTS = "records/baseline.json", "records/sbom.json", "records/digests.json"
PRODUCT = "gxproof"


def observed_items(sut: SystemUnderTest) -> dict[str, str]:
    """Every item of the configuration baseline: both systems, the contract, the tool itself.

    Raises: NoAnswer, AssertionError where a system does not show its configuration.
    """
    sources = source_digests()
    rooms = {room: digest_of({n: d for n, d in sources.items() if n.startswith(f"{room}/")})
             for room in ROOMS}
    return {
        **items_of_systems(sut.client), **items_of_contract(),
        **{f"package/{name}": found for name, found in installed_packages().items()},
        **{f"files/{room}": digest for room, digest in rooms.items()},
        "tool/version": version(PRODUCT), "tool/python": platform.python_version(),
    }


def keep_observed(
    folder: RunFolder, items: dict[str, str], plan: Plan, at: datetime
) -> None:
    """Write what was there into the run folder."""
    bill = bill_of_materials((PRODUCT, version(PRODUCT)), installed_packages(), at)
    for name, content in (
        (BASELINE, {"sha256": baseline_digest(items), "items": items}),
        (BILL, bill), (DIGESTS, _digests(plan)),
    ):
        folder.write(name, canonical_bytes(content) + b"\n")


def _digests(plan: Plan) -> dict[str, object]:
    checks = (item for part in plan.protocols for item in part.scope)
    return {
        "requirements": {r.id: r.digest for r in plan.requirements},
        "checks": {item.id: digest_of(item.to_json()) for item in checks},
        "sources": source_digests(),
    }


@cache
def source_digests() -> dict[str, str]:
    """SHA-256 of every file of the product, by its path in the package; read once."""
    return {name: file_digest(path) for name, path in _sources()}


def _sources() -> Iterator[tuple[str, Path]]:
    for room in ROOMS:
        spec = find_spec(room)
        assert spec is not None
        assert spec.submodule_search_locations
        root = Path(spec.submodule_search_locations[0])
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{room}/{path.relative_to(root).as_posix()}", path
