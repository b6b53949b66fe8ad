"""Prints every document of a run from its folder alone.

Each document is rendered, read back, refused if it does not show the record, and only then written
under its name. The same folder gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from contracts.record.digests import sha256
from contracts.record.folder import RunFolder
from reports.completeness import DocumentIncomplete, shortcomings
from reports.deviation_report import deviation_report
from reports.edition import Edition, read_edition
from reports.inventory import DEVIATION_REPORT, MATRIX, PROTOCOLS, REPORTS, SUMMARY, WORKBOOK
from reports.junit import junit_xml
from reports.matrix import matrix
from reports.matrix_page import matrix_page, matrix_sheet
from reports.matrix_table import matrix_csv
from reports.press import Press
from reports.protocol_report import protocol_report
from reports.summary import summary
from reports.workbook import matrix_workbook

Progress = Callable[[str], None]


def print_documents(folder: Path, progress: Progress | None = None) -> list[Path]:
    """Print all documents of the run in ``folder``; their paths come back in the order printed.

    The results have to be sealed. ``progress`` is told the name of each document as it begins. A
    protocol that was not executed is printed as well, its checks as not tested.
    Raises: NotSealed, DocumentIncomplete, PrintingFailed, OSError, ValueError for a bad record.
    """
    edition = read_edition(folder)
    job = _Job(edition, RunFolder(folder), Press(), progress or (lambda _: None))
    traced = matrix(edition)
    for protocol, name in REPORTS.items():
        if protocol in {part.protocol for part in edition.trace.protocols}:
            job.pdf(name, lambda p=protocol: protocol_report(edition, p))  # type: ignore[misc]
    job.pdf(DEVIATION_REPORT, lambda: deviation_report(edition))
    job.pdf(f"{MATRIX}.pdf", lambda: matrix_sheet(edition, traced))
    job.write(f"{MATRIX}.html", lambda: matrix_page(edition, traced).encode())
    job.write(f"{MATRIX}.csv", lambda: matrix_csv(edition))
    job.write(WORKBOOK, lambda: matrix_workbook(edition, traced))
    job.write("junit.xml", lambda: junit_xml(edition))
    protocols = [path for name in PROTOCOLS.values() if (path := folder / name).is_file()]
    before = {path.name: sha256(path.read_bytes()) for path in (*protocols, *job.written)}
    job.pdf(SUMMARY, lambda: summary(edition, traced, before))
    return job.written


class _Job:
    """The documents of one printing, in order."""

    def __init__(
        self, edition: Edition, folder: RunFolder, press: Press, progress: Progress
    ) -> None:
        self._edition, self._folder = edition, folder
        self._press, self._progress = press, progress
        self.written: list[Path] = []

    def pdf(self, name: str, html: Callable[[], str]) -> None:
        """Render, read back, write. Raises: DocumentIncomplete."""

        def checked() -> bytes:
            edition = self._edition
            pdf = self._press.print(html(), edition.results, edition.dated)
            missing = shortcomings(pdf, name, edition.trace, edition.results)
            if missing:
                raise DocumentIncomplete(f"{name} {'; '.join(missing)}")
            return pdf

        self.write(name, checked)

    def write(self, name: str, content: Callable[[], bytes]) -> None:
        """Write a document under its name once it is there as a whole."""
        self._progress(name)
        self.written.append(self._folder.write(name, content()))


