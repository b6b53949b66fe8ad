"""The approval of a sample run: a baseline that a person has signed, and the run that observed it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from contracts.record.baselines import ApprovedBaseline, baseline_digest
from contracts.record.canonical import canonical_bytes
from contracts.record.folder import RunFolder, read_run
from reports.baselines import APPROVAL, APPROVER, sign_baseline
from reports.dsse import public_pem
from tests.sample_run import PERSON, START

ITEMS = {"mes/profile/recallMaxS": "300", "package/httpx": "0.28"}


def baseline_of(run: Path, **changes: Any) -> ApprovedBaseline:
    """What a person approves for a run."""
    header = read_run(run).header
    return ApprovedBaseline(**{
        "change_id": "CHG-0001", "target": header.environment.target,
        "plan_sha256": header.plan_sha256, "items": ITEMS, "reason": "First qualification",
        "approved_by": "Example Quality", "meaning": "Approved for execution",
        "at": START - timedelta(days=1), **changes,
    })


def observe(run: Path, items: dict[str, str]) -> None:
    """What a run writes of its configuration."""
    digest = baseline_digest(items)
    content = {"items": items, "sha256": digest}
    (run / "records/baseline.json").write_bytes(canonical_bytes(content) + b"\n")
    configuration = json.loads((run / "config.json").read_bytes())
    RunFolder(run).write_configuration({**configuration, "baselineSha256": digest})


def put(run: Path, baseline: ApprovedBaseline, key: Any = PERSON) -> None:
    """Sign it and lay it beside the run, with the public key."""
    (run / APPROVAL).write_bytes(sign_baseline(baseline, key))
    (run / APPROVER).write_bytes(public_pem(key.public_key()))


def approve(run: Path) -> None:
    """Make a run that says it was approved a formal one."""
    observe(run, ITEMS)
    put(run, baseline_of(run))
