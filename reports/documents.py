"""Prints every document of a run from its folder alone.

Each document is rendered, read back, refused if it does not show the record, and only then written
under its name. The same folder gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from contracts.record.digests import file_digest, sha256
from contracts.record.folder import RunFolder
from reports.completeness import DocumentIncomplete, shortcomings
from reports.deviation_report import deviation_report
from reports.edition import read_edition
from reports.inventory import (
    DEVIATION_REPORT,
    JUNIT,
    MATRIX,
    PROTOCOLS,
    REPORTS,
    SUMMARY,
    WORKBOOK,
    names_of_documents,
)
from reports.junit import junit_xml
from reports.matrix import matrix
from reports.matrix_page import matrix_page, matrix_sheet
from reports.matrix_table import matrix_csv
from reports.press import Press
from reports.protocol_report import protocol_report
from reports.summary import summary
from reports.workbook import matrix_workbook

Progress = Callable[[str], None]


def print_documents(folder: Path, progress: Progress | None = None) -> dict[str, str]:
    """Print all documents of the run in ``folder``: the SHA-256 of each by name, the summary last.

    The results have to be sealed. ``progress`` is told the name of each document that is printed.
    A protocol that was not executed is printed as well, its checks as not tested.
    Raises: NotSealed, DocumentIncomplete, PrintingFailed, OSError, ValueError for a bad record.
    """
    desk = Desk(folder)
    there: dict[str, str] = {}
    for name in desk.names:
        there[name] = desk.print(name)
        if progress:
            progress(name)
    return there


class Desk:
    """Where the documents of one run are printed, each by its name; the summary after the others.

    Raises: NotSealed, ValueError for a bad record.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = RunFolder(folder)
        self.edition = edition = read_edition(folder)
        self._press = Press()
        self._pages: dict[str, Callable[[], str]] = {
            SUMMARY: lambda: summary(edition, matrix(edition), self._others()),
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

    @property
    def names(self) -> tuple[str, ...]:
        """The documents of the run, in the order in which they are best printed."""
        return names_of_documents(part.protocol for part in self.edition.trace.protocols)

    def print(self, name: str) -> str:
        """Print one document, a PDF not before it was read back; the SHA-256 of what is there.

        Raises: DocumentIncomplete, PrintingFailed, OSError.
        """
        if name in self._pages:
            return self._pdf(name, self._pages[name]())
        return self._write(name, self._files[name]())

    def _others(self) -> dict[str, str]:
        """The SHA-256 of what the summary names: protocols, and documents printed before it."""
        paths = {name: self._folder.path / name for name in PROTOCOLS.values()}
        before = {name: path for name, path in paths.items() if path.is_file()}
        before |= {name: self._folder.path / name for name in self.names if name != SUMMARY}
        return {name: file_digest(path) for name, path in before.items()}

    def _pdf(self, name: str, html: str) -> str:
        edition = self.edition
        pdf = self._press.print(html, edition.results, edition.dated)
        missing = shortcomings(pdf, name, edition.trace, edition.results)
        if missing:
            raise DocumentIncomplete(f"{name} {'; '.join(missing)}")
        return self._write(name, pdf)

    def _write(self, name: str, content: bytes) -> str:
        self._folder.write(name, content)
        return sha256(content)
