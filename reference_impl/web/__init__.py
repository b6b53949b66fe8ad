"""The doors of a system: HTTP in front, one order of checks behind every operation."""
