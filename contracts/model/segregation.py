"""What must not stand beside what: the classes by which stock is kept apart.

Hazard classes and allergens are words of the site's own list, alike in materials and locations.
Source: 21 CFR 211.42(b),(c), 211.142(b); URS-RCV-003, URS-PCK-006.
"""

from __future__ import annotations

from enum import StrEnum


class TemperatureClass(StrEnum):
    """The temperature at which something is kept. A place that says nothing is ambient."""

    AMBIENT = "AMBIENT"
    COLD = "COLD"
    FROZEN = "FROZEN"
