"""The press: HTML to PDF/A-3a, tagged, with our typeface embedded and the sealed results attached.

It fetches nothing but its own font files, knows no network and no clock, and takes a warning of
the layout engine as a failure. The same HTML gives the same bytes.
Source: ISO 19005-3; URS-EVD-008 (the report carries the signed JSON).
"""

from __future__ import annotations

import gc
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO

from reports.inventory import RESULTS
from reports.template_text import template_text
from reports.typeface import FAMILY, WEIGHTS, font_bytes, printable

with warnings.catch_warnings():
    # A machine without any font is fine: every document brings its own.
    warnings.filterwarnings("ignore", message=".*[Ff]ontConfig.*")
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

_FONT = "gxproof-font:"
_LOGGER = logging.getLogger("weasyprint")


class PrintingFailed(RuntimeError):
    """The layout engine complained; the message is its own."""


class OwnFontsOnly(URLFetcher):  # type: ignore[misc]
    """Serves the font files by a name of ours and data written in the page; refuses the rest."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The bytes behind an address. Raises: ValueError for any but ours."""
        if url.startswith("data:"):
            return super().fetch(url)
        if url.startswith(_FONT):
            style = url.removeprefix(_FONT)
            return URLFetcherResponse(url, font_bytes(style), {"Content-Type": "font/ttf"})
        raise ValueError(f"a document may not fetch {url}")


class Press:
    """Prints documents, one after the other, with one set of fonts and styles."""

    def __init__(self) -> None:
        self._fetcher = OwnFontsOnly()
        self._fonts = FontConfiguration()
        with _no_complaints():
            self._style = weasyprint.CSS(
                string=_font_faces() + template_text("page.css"), font_config=self._fonts,
                url_fetcher=self._fetcher,
            )

    def print(self, html: str, results: bytes = b"", at: datetime | None = None) -> bytes:
        """The PDF of ``html``, with ``results`` attached where there are any; ``at`` dates them.

        Raises: PrintingFailed.
        """
        attachments = [weasyprint.Attachment(
            file_obj=BytesIO(results), name=RESULTS, relationship="Source",
            description="The signed results that this document prints", created=at, modified=at,
        )] if results else []
        with _no_complaints(), _no_collection():
            page = weasyprint.HTML(string=printable(html), url_fetcher=self._fetcher)
            pdf: bytes = page.write_pdf(
                stylesheets=[self._style], font_config=self._fonts, pdf_variant="pdf/a-3a",
                attachments=attachments,
            )
        return pdf


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@contextmanager
def _no_complaints() -> Iterator[None]:
    """Turns what the engine logs into a failure. It leaves its colour profile open, which is only
    untidy.
    """
    complaints = _Complaints()
    _LOGGER.addHandler(complaints)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "unclosed file .*icc", ResourceWarning)
            yield
    finally:
        _LOGGER.removeHandler(complaints)
    if complaints.texts:
        raise PrintingFailed("; ".join(complaints.texts))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Layout makes millions of objects that all live to its end; looking for dead ones is waste."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _font_faces() -> str:
    return "".join(
        f"@font-face {{ font-family: '{FAMILY}'; font-weight: {weight}; "
        f"src: url({_FONT}{style}) }}\n"
        for weight, style in WEIGHTS.items()
    )
