"""The trail of a thing: both systems' audit, journal and device events in one provable order."""

from simulator.trail.exports import TrailExports, read_exports
from simulator.trail.merging import Entry, Trail, trail_of
from simulator.trail.selecting import About, Kind

__all__ = ["About", "Entry", "Kind", "Trail", "TrailExports", "read_exports", "trail_of"]
