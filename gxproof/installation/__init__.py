"""IQ: is what is installed what was meant, and are the systems set up as validation needs them."""

from __future__ import annotations

from gxproof.installation.check import Context, InstallationCheck, Observed, run_check
from gxproof.installation.site import SITE_CHECKS
from gxproof.installation.systems import SYSTEM_CHECKS
from gxproof.installation.tool import TOOL_CHECKS

CHECKS: tuple[InstallationCheck, ...] = (*TOOL_CHECKS, *SYSTEM_CHECKS, *SITE_CHECKS)

__all__ = ["CHECKS", "Context", "InstallationCheck", "Observed", "run_check"]
