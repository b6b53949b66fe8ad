"""Prints every document of a run from its folder alone.

Each document is rendered, read back, refused if it does not show the record, and only then written
under its name. The same folder gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from contracts.model.requirements import Protocol
from contracts.record.digests import file_digest, sha256
from contracts.record.folder import RunFolder
from reports.completeness import DocumentIncomplete, shortcomings
from reports.deviation_report import deviation_report
from reports.edition import Edition, read_edition
from reports.inventory import (
    DEVIATION_REPORT,
    JUNIT,
    MATRIX,
    PROTOCOLS,
    REPORTS,
    SUMMARY,
    WORKBOOK,
)
from reports.junit import junit_xml
from reports.matrix import matrix
from reports.matrix_page import matrix_page, matrix_sheet
from reports.matrix_table import matrix_csv
from reports.press import Press
from reports.protocol_report import protocol_report
from reports.summary import summary
from reports.workbook import matrix_workbook

_LONGEST_FIRST = (Protocol.OQ, Protocol.PQ, Protocol.IQ)
Progress = Callable[[str], None]
Several = Callable[[Path, Sequence[str]], Iterator[tuple[str, str]]]


def print_documents(
    folder: Path, progress: Progress | None = None, several: Several | None = None
) -> dict[str, str]:
    """Print all documents of the run in ``folder``: the SHA-256 of each by name, the summary last.

    The results have to be sealed. ``progress`` is told the name of each document that is printed.
    ``several`` prints those that need no other and tells name and SHA-256 of each that is there;
    without it they are printed here, one after the other. The summary names the digests of them
    all. A protocol that was not executed is printed as well, its checks as not tested.
    Raises: NotSealed, DocumentIncomplete, PrintingFailed, OSError, ValueError for a bad record.
    """
    desk = Desk(folder)
    names = names_of_all(desk.edition)
    there: dict[str, str] = {}
    for name, digest in (several or print_some)(folder, names):
        there[name] = digest
        if progress:
            progress(name)
    papers = [name for name in PROTOCOLS.values() if (folder / name).is_file()]
    before = {name: file_digest(folder / name) for name in papers}
    before |= {name: there[name] for name in names}
    there[SUMMARY] = desk.pdf(SUMMARY, summary(desk.edition, matrix(desk.edition), before))
    if progress:
        progress(SUMMARY)
    return there


def names_of_all(edition: Edition) -> tuple[str, ...]:
    """The documents of a run but the summary, those that take long first."""
    planned = {part.protocol for part in edition.trace.protocols}
    reports = [REPORTS[p] for p in _LONGEST_FIRST if p in planned]
    return (
        *reports[:1], f"{MATRIX}.pdf", *reports[1:], DEVIATION_REPORT, f"{MATRIX}.html",
        f"{MATRIX}.csv", WORKBOOK, JUNIT,
    )


def print_some(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Print documents of a run by their names, one after the other; name and SHA-256 of each."""
    desk = Desk(folder)
    for name in names:
        yield name, desk.print(name)


class Desk:
    """Where the documents of one run are printed, each by its name.

    Raises: NotSealed, ValueError for a bad record.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = RunFolder(folder)
        self.edition = edition = read_edition(folder)
        self._press = Press()
        self._pages: dict[str, Callable[[], str]] = {
            DEVIATION_REPORT: lambda: deviation_report(edition),
            f"{MATRIX}.pdf": lambda: matrix_sheet(edition, matrix(edition)),
            **{
                name: lambda p=protocol: protocol_report(edition, p)  # type: ignore[misc]
                for protocol, name in REPORTS.items()
            },
        }
        self._files: dict[str, Callable[[], bytes]] = {
            f"{MATRIX}.html": lambda: matrix_page(edition, matrix(edition)).encode(),
            f"{MATRIX}.csv": lambda: matrix_csv(edition),
            WORKBOOK: lambda: matrix_workbook(edition, matrix(edition)),
            JUNIT: lambda: junit_xml(edition),
        }

    def print(self, name: str) -> str:
        """Print one document; its SHA-256. Raises: DocumentIncomplete, PrintingFailed, OSError."""
        if name in self._pages:
            return self.pdf(name, self._pages[name]())
        return self._write(name, self._files[name]())

    def pdf(self, name: str, html: str) -> str:
        """Render, read back, write; the SHA-256 of what is there. Raises: DocumentIncomplete."""
        edition = self.edition
        pdf = self._press.print(html, edition.results, edition.dated)
        missing = shortcomings(pdf, name, edition.trace, edition.results)
        if missing:
            raise DocumentIncomplete(f"{name} {'; '.join(missing)}")
        return self._write(name, pdf)

    def _write(self, name: str, content: bytes) -> str:
        self._folder.write(name, content)
        return sha256(content)
