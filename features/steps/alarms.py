"""The alarms that a system has raised."""

from __future__ import annotations

from contracts.model.inspection import Alarms
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal


def has_raised(bench: Bench, role: Role, name: str, about: str) -> None:
    """Claim that exactly one alarm ``name`` of a system names ``about``. Raises: AssertionError."""
    rows = bench.site.client(role).ask("alarms", Alarms).rows
    found = [row for row in rows if row.name == name and about in row.detail]
    bench.recorder.observe("; ".join(f"{r.alarm_id}: {r.detail}" for r in found) or "no alarm")
    equal(len(found), 1, f"alarms {name} about {about}")
