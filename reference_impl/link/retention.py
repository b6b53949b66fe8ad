"""How long keys are remembered, against how late a message can come again.

A message is tried without end, a dead letter can be replayed at any age, and a restored backup
sends what it held; so nothing that decides on duplicates may forget. Source: URS-IDM-006.
"""

from __future__ import annotations

from contracts.model.inspection_delivery import Horizon, Memory, Retention
from contracts.wire.signing import AGE_MAX_S
from reference_impl.settings import Settings
from reference_impl.store.database import Connection


# implements FRS-IDM-006
def show_retention(_: Connection, settings: Settings, __: int) -> Retention:
    """Every horizon and every memory there is. No broker of ours compares ids: none is sent."""
    return Retention(
        horizons=(
            Horizon(name="retries of a message"),
            Horizon(name="replay of a dead letter"),
            Horizon(name="restoring a backup", seconds=settings.backup_age_max_s),
        ),
        memories=(
            Memory(name="inbox: keys", decides=True),
            Memory(name="inbox: business events", decides=True),
            Memory(name="numbers of each subject", decides=True),
            Memory(name="nonces of signatures", seconds=2 * AGE_MAX_S, decides=False),
            Memory(name="broker", seconds=0, decides=False),
        ),
    )
