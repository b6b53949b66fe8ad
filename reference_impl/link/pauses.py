"""How long a sender pauses between the attempts of one message. Source: URS-REL-003."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from reference_impl.settings import Retry


# implements FRS-REL-003
# implements FRS-REL-005
def retry_delay(retry: Retry, message_id: str, attempts: int) -> timedelta:
    """The pause after the n-th unknown outcome: doubling, capped, with a jitter of 0.5 to 1.5.

    The jitter is taken from the message id, so that a simulation repeats itself.
    """
    curve = min(retry.first_delay_s * 2 ** min(attempts - 1, 30), retry.delay_max_s)
    seed = hashlib.sha256(f"{message_id}/{attempts}".encode()).digest()
    jitter_permille = 500 + int.from_bytes(seed[:4], "big") % 1001
    return timedelta(milliseconds=curve * jitter_permille)
