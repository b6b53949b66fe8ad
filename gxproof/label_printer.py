"""A label printer on a TCP port: it gets a job byte for byte, and nothing else.

Such a printer says nothing back. So three things can be known: nothing left this machine; the
printer took all of it and closed in order; anything between, of which nobody knows what was
printed. Source: ZPL II Programming Guide (raw port 9100); URS-LBL-003.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from contracts.formats.zpl import read_zpl
from contracts.model.verdicts import Exit, Outcome
from contracts.record.strict_json import read_json

RAW_PORT = 9100
_CHUNK = 4096


_ENDED = {
    Outcome.OK: Exit.PASSED, Outcome.REFUSED: Exit.TARGET_NOT_READY,
    Outcome.UNKNOWN: Exit.INCONCLUSIVE,
}


class AddressUnusable(ValueError):
    """What is given as the address of a printer and is none."""


class JobUnreadable(ValueError):
    """A file that holds no print job."""


@dataclass(frozen=True)
class Delivery:
    """What became of a job. REFUSED: no byte of it left; UNKNOWN: it may hang on a label."""

    outcome: Outcome
    note: str


@dataclass(frozen=True)
class TcpPrinter:
    """A printer at an address. ``connect_s`` and ``take_s`` say how long it may keep us waiting."""

    host: str
    port: int = RAW_PORT
    connect_s: float = 5.0
    take_s: float = 15.0

    def send(self, job: str) -> Delivery:
        """Send one job on a connection of its own. Never raises for what a printer does.

        Raises: UnicodeEncodeError for a job that is not ASCII, before anything is sent.
        """
        raw = job.encode("ascii")
        try:
            connection = socket.create_connection((self.host, self.port), self.connect_s)
        except OSError as exc:
            return Delivery(Outcome.REFUSED, f"{self.host}:{self.port} does not answer: {exc}")
        with connection:
            connection.settimeout(self.take_s)
            return _deliver(connection, raw)


def read_address(text: str) -> TcpPrinter:
    """The printer at ``host`` or ``host:port``. Raises: AddressUnusable."""
    host, _, port = text.rpartition(":") if ":" in text else (text, "", str(RAW_PORT))
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise AddressUnusable(f"{text!r} is no address of a printer: host or host:port")
    return TcpPrinter(host, int(port))


def print_file(job: Path, address: str, console: Console) -> Exit:
    """Send the job in a file. Raises: JobUnreadable, AddressUnusable."""
    delivery = read_address(address).send(_read_job(job))
    console.print(f"{delivery.outcome.value.upper()}  {delivery.note}", markup=False)
    return _ENDED[delivery.outcome]


def _read_job(file: Path) -> str:
    try:
        text = file.read_bytes().decode("ascii")
        job = str(read_json(text.encode())["zpl"]) if text.lstrip().startswith("{") else text
        read_zpl(job)
    except (OSError, UnicodeDecodeError, KeyError, ValueError) as exc:
        raise JobUnreadable(f"{file} is no print job of a label: {exc}") from exc
    return job


def _deliver(connection: socket.socket, raw: bytes) -> Delivery:
    sent = 0
    try:
        while sent < len(raw):
            sent += connection.send(raw[sent:sent + _CHUNK])
        connection.shutdown(socket.SHUT_WR)
        said = _until_closed(connection)
    except TimeoutError:
        return Delivery(Outcome.UNKNOWN, f"no end after {sent} of {len(raw)} bytes")
    except OSError as exc:
        return Delivery(Outcome.UNKNOWN, f"broken off after {sent} of {len(raw)} bytes: {exc}")
    finally:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Delivery(Outcome.OK, f"{len(raw)} bytes taken" + (f", it said {said!r}" if said else ""))


def _until_closed(connection: socket.socket) -> bytes:
    """What the printer says until it closes: it does so when it has read everything."""
    said = b""
    while chunk := connection.recv(_CHUNK):
        said = (said + chunk)[:_CHUNK]
    return said
