"""Rules about crashes, loss of power, backup and restore."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_ARM = ("mes/stimulus/arm", "wms/stimulus/arm")

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-DEV-001", "URS-DEV-002",
                 "A place in the code is armed that the system names; the process then ends there "
                 "at once, with nothing undone and nothing said.",
                 Code.UNKNOWN_CRASH_POINT, _ARM),
    BusinessRule("FRS-DEV-002", "URS-DEV-002",
                 "Only a system whose process is its own can be made to end.",
                 Code.NO_HOST_CONTROL, _ARM),
)
