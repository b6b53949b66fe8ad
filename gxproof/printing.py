"""Has papers printed by a process of its own, the ``press`` of ``gxproof.ahead``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from contracts.model.requirements import Protocol
from gxproof.side_by_side import ERROR, HarnessFailed, Worker

PROTOCOLS, DOCUMENTS = "protocols", "documents"


def protocols(
    press: Worker, folder: Path, only: Sequence[Protocol]
) -> Iterator[tuple[Protocol, str]]:
    """Print protocols before execution, with the SHA-256 of each. Raises: HarnessFailed, OSError.
    """
    for name, digest in _printed(press, folder, PROTOCOLS, [str(protocol) for protocol in only]):
        yield Protocol(name), digest


def documents(press: Worker, folder: Path, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Print all documents of a sealed run; name and SHA-256 of each that was read back.

    ``names`` are those of ``reports.inventory.names_of_documents``.
    Raises: HarnessFailed with the words of what went wrong, OSError.
    """
    return _printed(press, folder, DOCUMENTS, names)


def _printed(
    press: Worker, folder: Path, what: str, names: Sequence[str]
) -> Iterator[tuple[str, str]]:
    press.ask({"what": what, "folder": str(folder.absolute()), "names": list(names)})
    for number, found in press.answers(len(names)):
        if ERROR in found:
            raise HarnessFailed(f"{names[number]}: {found[ERROR]}")
        yield names[number], found["sha256"]
