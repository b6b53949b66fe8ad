"""The second factor of a person: a code of six digits that is new every 30 seconds.

Whoever holds the secret can make the code of an instant; a system accepts each code once.
Source: RFC 6238 (TOTP) over RFC 4226 (HOTP), SHA-1; 21 CFR 11.300(c); URS-IAM-007.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from contracts.model.instants import microseconds

STEP_S = 30
DIGITS = 6
WINDOW_STEPS = 1
"""A code counts from one step before to one step after its own; clocks and fingers are late."""

# 160 bits in base32, as authenticators show it.
TotpSecret = Annotated[str, StringConstraints(pattern=r"^[A-Z2-7]{32}$")]
OneTimeCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


def step_at(now: datetime) -> int:
    """The number of the 30 seconds in which an instant lies."""
    return microseconds(now) // (STEP_S * 1_000_000)


def code_of(secret: str, step: int) -> str:
    """The code of a step under a secret in base32."""
    return hotp(base64.b32decode(secret), step, DIGITS)


def hotp(key: bytes, counter: int, digits: int) -> str:
    """The code of a counter. Source: RFC 4226 §5.3."""
    mac = hmac.digest(key, counter.to_bytes(8, "big"), hashlib.sha1)
    offset = mac[-1] & 0xF
    number = int.from_bytes(mac[offset:offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}d}"
