"""Key figures of the exchange and of the plant, computed from exported journals and nothing else.

The same journals give the same bytes, in whichever order their files are named. A journal that is
not whole gives no figure at all. Sources: URS-KPI-001, URS-KPI-002.
"""

from simulator.kpis.figures import Figure
from simulator.kpis.journals import JournalBroken, JournalUnreadable, read_journals
from simulator.kpis.limits import Breach, Limit, LimitsUnreadable, breaches_of, read_limits
from simulator.kpis.report import figures_of, report_bytes, report_of

__all__ = [
    "Breach", "Figure", "JournalBroken", "JournalUnreadable", "Limit", "LimitsUnreadable",
    "breaches_of", "figures_of", "read_journals", "read_limits", "report_bytes", "report_of",
]
