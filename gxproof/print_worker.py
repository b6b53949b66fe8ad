"""The process that prints: each paper in a child of its own, those that take long first."""

from __future__ import annotations

from pathlib import Path

from contracts.model.requirements import Protocol
from contracts.record.digests import file_digest
from gxproof.printing import DOCUMENTS
from gxproof.side_by_side import Found, Piece, asked_for, cores, fork_each
from reports.documents import Desk
from reports.inventory import SUMMARY
from reports.protocols import print_protocols


def main() -> int:
    """Print what is asked for, until nobody asks any more. Returns: 0."""
    while (asked := asked_for()) is not None:
        _print(asked["what"], Path(asked["folder"]), asked["names"])
    return 0


def _print(what: str, folder: Path, names: list[str]) -> None:
    desk = Desk(folder) if what == DOCUMENTS else None

    def printed(name: str) -> Found:
        return {"sha256": desk.print(name) if desk else _protocol(folder, Protocol(name))}

    pieces = [Piece(n, lambda name=name: printed(name)) for n, name in enumerate(names)]  # type: ignore[misc]
    # The summary names the digests of all others.
    last = [piece for piece in pieces if names[piece.number] == SUMMARY]
    fork_each((piece for piece in pieces if piece not in last), cores())
    fork_each(last, 1)


def _protocol(folder: Path, protocol: Protocol) -> str:
    (path,) = print_protocols(folder, (protocol,))
    return file_digest(path)


if __name__ == "__main__":
    raise SystemExit(main())
