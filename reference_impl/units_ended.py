"""Units of sale that stand in no container any more and are never packed again.

Sources: URS-RET-002, URS-ADJ-003, URS-AGG-002.
"""

from __future__ import annotations

from collections.abc import Iterable

from contracts.model.scrap import SerialState
from reference_impl.custody import Act, take_out
from reference_impl.records.work import Work
from reference_impl.store.flow_tables import serials_out


# implements FRS-SCR-014
def end_units(work: Work, act: Act, units: Iterable[str], state: SerialState) -> None:
    """These units left the container of ``act`` for good."""
    for unit in units:
        take_out(work, act, [unit])
        if work.find(serials_out, unit) is None:
            work.create(serials_out, unit=unit, state=state.value, cause=act.cause)
