"""The order to end: Ctrl-C, SIGTERM and SIGHUP are one, and none of them gets lost.

An exception that a signal raises inside a destructor or a callback is swallowed there. So the order
is remembered as well, and obeyed at the next step of the work.
"""

from __future__ import annotations

import signal
from threading import Event
from types import FrameType

ORDERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ordered = Event()


def listen() -> None:
    """Take orders from now on, also where a shell made this process deaf to Ctrl-C."""
    for order in ORDERS:
        signal.signal(order, _take)


def ordered() -> bool:
    """Whether an order to end was given."""
    return _ordered.is_set()


def obey() -> None:
    """End here where an order was given. Raises: KeyboardInterrupt."""
    if ordered():
        raise KeyboardInterrupt


def _take(_: int, __: FrameType | None) -> None:
    _ordered.set()
    raise KeyboardInterrupt
