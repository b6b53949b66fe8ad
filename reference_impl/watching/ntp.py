"""Asking an NTP server for the time: one datagram there, one back.

Source: RFC 4330 (SNTP), packet and offset in section 5; RFC 5905 for the meaning of the fields.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable

_EPOCH_S = 2_208_988_800
"""Seconds from 1900, where NTP counts from, to 1970."""
_PACKET = struct.Struct("!BBBb11I")
_CLIENT = 0b00_100_011
_SERVER_MODE, _STRATUM_MAX = 4, 15


class NoTime(OSError):
    """The server gave no time that counts, with the reason in words."""


def offset_ms(server: tuple[str, int], wall: Callable[[], float], timeout_s: float = 1.0) -> int:
    """How far our clock ``wall`` (seconds since 1970) is ahead of the server, in milliseconds.

    Raises: NoTime where nothing came, or what came is no answer to what was asked.
    """
    # What we send as our time is random: only who saw the question can answer it.
    cookie = os.urandom(8)
    question = bytes([_CLIENT]) + bytes(39) + cookie
    try:
        with socket.socket(_family(server[0]), socket.SOCK_DGRAM) as asked:
            asked.settimeout(timeout_s)
            asked.connect(server)
            sent_at = wall()
            asked.send(question)
            answer = asked.recv(512)
            came_at = wall()
    except OSError as exc:
        raise NoTime(f"{server[0]}:{server[1]} did not answer: {exc}") from exc
    received, transmitted = _read(answer, cookie)
    ahead_s = ((sent_at - received) + (came_at - transmitted)) / 2
    return round(ahead_s * 1000)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _read(answer: bytes, cookie: bytes) -> tuple[float, float]:
    """When the server received the question and sent the answer, in seconds since 1970."""
    if len(answer) < _PACKET.size:
        raise NoTime(f"the answer has {len(answer)} bytes")
    first, stratum, *rest = _PACKET.unpack(answer[: _PACKET.size])
    if answer[24:32] != cookie:
        raise NoTime("the answer is to another question")
    if first & 0b111 != _SERVER_MODE or first >> 6 == 0b11:
        raise NoTime("the server is not in step with its own reference")
    if not 1 <= stratum <= _STRATUM_MAX:
        raise NoTime(f"the server is of stratum {stratum}")
    received_s, received_part, sent_s, sent_part = rest[-4:]
    if not sent_s:
        raise NoTime("the answer has no time")
    return _seconds(received_s, received_part), _seconds(sent_s, sent_part)


def _seconds(whole: int, part: int) -> float:
    # Era 1 begins in 2036: what would lie before 1968 is of the next era (RFC 4330, section 3).
    era = 0 if whole & 0x8000_0000 else 1 << 32
    return float(whole + era - _EPOCH_S) + part / (1 << 32)
