"""The process that prints: each document in a child of its own, those that take long first."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from contracts.model.requirements import Protocol
from contracts.record.digests import file_digest
from gxproof.side_by_side import ERROR, HarnessFailed, Piece, Worker, asked_for, cores, fork_each
from reports.documents import Desk
from reports.protocols import print_protocols

WORKER = "gxproof.printing"
_PROTOCOLS, _DOCUMENTS = "protocols", "documents"


def documents(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Print documents of a sealed run; name and SHA-256 of each that is there and was read back.

    Raises: HarnessFailed with the words of what went wrong, OSError.
    """
    return _printed(folder, _DOCUMENTS, names)


def protocols(folder: Path, only: Sequence[Protocol]) -> Generator[tuple[Protocol, str]]:
    """Print protocols before execution, with the SHA-256 of each. Raises: HarnessFailed, OSError.
    """
    for name, digest in _printed(folder, _PROTOCOLS, [str(protocol) for protocol in only]):
        yield Protocol(name), digest


def _printed(folder: Path, what: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    asked = {"what": what, "folder": str(folder.absolute()), "names": list(names)}
    with Worker(WORKER) as worker:
        for number, found in worker.answers(asked, len(names)):
            if ERROR in found:
                raise HarnessFailed(f"{names[number]}: {found[ERROR]}")
            yield names[number], found["sha256"]


def main() -> int:
    """Print what is asked for. Returns: 0."""
    asked = asked_for()
    folder, names = Path(asked["folder"]), asked["names"]
    desk = Desk(folder) if asked["what"] == _DOCUMENTS else None

    def printed(name: str) -> dict[str, str]:
        if desk is not None:
            return {"sha256": desk.print(name)}
        (path,) = print_protocols(folder, (Protocol(name),))
        return {"sha256": file_digest(path)}

    pieces = [Piece(n, lambda name=name: printed(name)) for n, name in enumerate(names)]  # type: ignore[misc]
    fork_each(pieces, cores())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
