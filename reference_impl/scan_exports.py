"""How both systems show guided scanning. Sources: URS-LBL-002, URS-LBL-004."""

from __future__ import annotations

import json

from sqlalchemy import select

from contracts.model.inspection_scans import ScanRow, ScanRunRow, Scans
from contracts.model.instants import from_microseconds
from reference_impl.scanning import read_step
from reference_impl.settings import Settings
from reference_impl.store.custody_tables import scan_runs, scan_steps, scans
from reference_impl.store.database import Connection, Row, Statement

_STEPS = Statement(select(scan_steps).order_by(scan_steps.c.step_id))
_RUNS = Statement(select(scan_runs).order_by(scan_runs.c.run_id))
_SCANS = Statement(select(scans).order_by(scans.c.scanned_at, scans.c.role, scans.c.record_id))


def show_scans(connection: Connection, settings: Settings, _: int) -> Scans:
    """The declared steps, the runs of this system, the scans of both."""
    return Scans(
        steps=tuple(read_step(row) for row in connection.rows(_STEPS)),
        runs=tuple(
            ScanRunRow(
                run_id=row["run_id"], step_id=row["step_id"],
                units=tuple(json.loads(row["units"])), scanned=row["scanned"],
                used_by=row["used_by"],
            )
            for row in connection.rows(_RUNS)
        ),
        rows=tuple(_scan_row(row, settings) for row in connection.rows(_SCANS)),
    )


def _scan_row(row: Row, settings: Settings) -> ScanRow:
    shown = dict(row)
    shown["scanned_at"] = from_microseconds(row["scanned_at"], settings.site_zone)
    return ScanRow(**shown)
