"""How a refusal is kept and told, whatever was refused.

Source: URS-AUD-001, URS-IDM-003, URS-ALM-001.
"""

from __future__ import annotations

from contracts.model.codes import Refusal
from contracts.model.ports import HttpResponse
from reference_impl.records.work import Work
from reference_impl.web.reading import refuse


def refused(
    work: Work, record_type: str, record_id: str, refusal: Refusal, *, alarm: bool = False
) -> HttpResponse:
    """Enter a refusal into the audit trail, raise the alarm where it asks for one, and answer."""
    work.refused(record_type, record_id, refusal.path, refusal.code)
    if alarm:
        work.alarm(refusal.code, f"{record_type} {record_id}: {refusal.detail}")
    return refuse(refusal, work.settings.system)
