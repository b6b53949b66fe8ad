"""``gxproof contract diff OLD NEW``: what became of the contract, and whether it may go out."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from contracts.model.verdicts import Exit
from contracts.wire.compatibility import NoContract, compare_contracts, read_contract


def show_changes(old: Path, new: Path, out: Path | None, console: Console) -> Exit:
    """Print every change, breaking ones first. Returns: failed where one needs a major version."""
    try:
        compared = compare_contracts(read_contract(old), read_contract(new))
    except NoContract as exc:
        console.print(str(exc), markup=False)
        return Exit.WRONG_USAGE
    for change in sorted(compared.changes, key=lambda c: not c.is_breaking):
        console.print(str(change), markup=False)
    count = len(compared.breaking)
    console.print(
        f"{compared.old_version} to {compared.new_version}: {len(compared.changes)} changes, "
        f"{count} breaking"
        + ("" if compared.is_allowed else "; they need a new major version"),
        markup=False,
    )
    if out is not None:
        document = {
            "old": compared.old_version, "new": compared.new_version,
            "allowed": compared.is_allowed, "changes": [asdict(c) for c in compared.changes],
        }
        out.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return Exit.PASSED if compared.is_allowed else Exit.FAILED
