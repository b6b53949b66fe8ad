"""The matrix to read: as landscape sheets for the file, as one web page for the desk.

The page is self-contained: it fetches nothing, works from a file address, and its policy lets no
script run but its own, whatever text the record holds.
"""

from __future__ import annotations

import base64
import hashlib

from contracts.model.requirements import Protocol, Risk
from contracts.model.verdicts import State
from reports.edition import Edition
from reports.matrix import Matrix, code_of
from reports.template_text import template_text
from reports.wording import MATRIX_TITLE


def matrix_sheet(edition: Edition, matrix: Matrix) -> str:
    """The HTML from which ``traceability-matrix.pdf`` is printed."""
    return edition.page("matrix.html", MATRIX_TITLE, matrix=matrix, code_of=code_of)


def matrix_page(edition: Edition, matrix: Matrix) -> str:
    """The text of ``traceability-matrix.html``."""
    style, script = template_text("matrix_page.css"), template_text("matrix_page.js")
    present = {row.trace.state for row in matrix.rows}
    return edition.page(
        "matrix_page.html", MATRIX_TITLE, matrix=matrix, code_of=code_of,
        style=style, script=script,
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
               "base-uri 'none'; form-action 'none'",
        states=[state for state in State if state in present],
        risks=list(Risk), levels=list(Protocol),
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
