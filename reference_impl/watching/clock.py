"""The clock held against a reference: how far it is off, and what may not be done then.

``offset`` is how far the machine's clock is ahead. It is measured by the runner against an NTP
server, or seeded through the stimulus interface in test mode. Source: URS-TIM-002.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from contracts.model.codes import Code, Refusal
from contracts.model.commands import SignatureComponents, may_be_signed
from contracts.model.instants import read_timestamp, write_timestamp
from contracts.model.operations import Operation
from contracts.model.wire_model import WireModel
from reference_impl.records.conditions import set_condition
from reference_impl.records.readings import keep, read
from reference_impl.records.work import Work
from reference_impl.settings import Watch
from reference_impl.store.database import Connection

DRIFT, STOPPED, UNMEASURED = "CLOCK_DRIFT", "CLOCK_STOPPED", "CLOCK_UNMEASURED"
_MISSES_MAX = 3
# What the clock decides by itself: an expiry, a shelf life, what expires first.
_BY_THE_CLOCK = frozenset({
    "mes/dispense", "mes/pack-unit", "wms/confirm-receipt", "wms/confirm-pick", "wms/ship",
    "wms/pick-requested",
})


@dataclass(frozen=True)
class Reading:
    """One measurement. ``missed``: how often nobody has answered since."""

    offset_ms: int
    at: datetime
    missed: int = 0


def last_reading(connection: Connection) -> Reading | None:
    """The last measurement; None before the first."""
    text = read(connection, "clock")
    if text is None:
        return None
    kept = json.loads(text)
    return Reading(kept["offset_ms"], read_timestamp(kept["at"]), kept["missed"])


def measured(work: Work, offset_ms: int | None) -> None:
    """Keep a measurement (None: the reference did not answer), and raise what follows from it."""
    reading = last_reading(work.connection)
    if offset_ms is not None:
        reading = Reading(offset_ms, work.now)
    elif reading is not None:
        reading = Reading(reading.offset_ms, reading.at, reading.missed + 1)
    else:
        reading = Reading(0, work.now, 1)
    kept = {
        "offset_ms": reading.offset_ms, "at": write_timestamp(reading.at),
        "missed": reading.missed,
    }
    keep(work.connection, "clock", json.dumps(kept))
    _tell(work, reading)


def _tell(work: Work, reading: Reading) -> None:
    limits, off = work.settings.watch, abs(reading.offset_ms)
    detail = f"the clock is {reading.offset_ms} ms ahead of the reference"
    warned = off > limits.clock_warn_above_ms
    set_condition(work, DRIFT, detail if warned else None)
    set_condition(work, STOPPED, detail if is_stopped(reading, limits) else None)
    unheard = f"the reference has not answered {reading.missed} times"
    set_condition(work, UNMEASURED, unheard if reading.missed >= _MISSES_MAX else None)


def is_stopped(reading: Reading | None, limits: Watch) -> bool:
    """Whether the clock is too far off to sign and to post by it."""
    return reading is not None and abs(reading.offset_ms) > limits.clock_stop_above_ms


# implements FRS-TIM-004
def check_clock(work: Work, operation: Operation, body: WireModel) -> Refusal | None:
    """Refuse what is signed or decided by the clock while nobody knows what time it is."""
    if operation.id not in _BY_THE_CLOCK and not _is_signed(body):
        return None
    reading = last_reading(work.connection)
    if reading is None or not is_stopped(reading, work.settings.watch):
        return None
    return Refusal(
        Code.CLOCK_UNTRUSTED, "", f"the clock is {reading.offset_ms} ms ahead of the reference"
    )


def _is_signed(content: object) -> bool:
    """Whether a person's signature stands anywhere in a command."""
    if isinstance(content, SignatureComponents):
        return True
    if isinstance(content, WireModel) and not may_be_signed(type(content)):
        return False
    if isinstance(content, tuple):
        return any(map(_is_signed, content))
    if isinstance(content, WireModel):
        return any(_is_signed(getattr(content, name)) for name in type(content).model_fields)
    return False
