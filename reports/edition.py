"""One printing of one run: the record, the sealed bytes, and what stands on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from contracts.model.requirements import Protocol
from contracts.record.digests import sha256
from contracts.record.folder import read_history
from contracts.record.history import Event
from contracts.record.runs import RunHeader
from reports import wording
from reports.consistency import read_trace
from reports.deviations import Approved, read_deviations
from reports.inventory import RESULTS, digests, is_result, take_inventory
from reports.trace import Trace
from reports.typeface import printable
from reports.watermark import watermark

INFORMAL = "INFORMAL"


class NotSealed(ValueError):
    """The results have no seal yet, so there is nothing that a page could refer to."""


@dataclass(frozen=True)
class Edition:
    """What all documents of a run are printed from."""

    trace: Trace
    history: tuple[Event, ...]
    results: bytes
    """The bytes of ``results.dsse.json``."""
    digests: dict[str, str]
    """SHA-256 of every file of the results."""
    approved: tuple[Approved, ...] = ()
    """The deviations that the run was started with, and whose key signed each."""

    @property
    def header(self) -> RunHeader:
        """The cover of the run."""
        return self.trace.record.header

    @property
    def results_sha256(self) -> str:
        """The results digest, as it stands at the foot of every page."""
        return sha256(self.results)

    @property
    def dated(self) -> datetime:
        """The date of the documents: when the run ended, never when it was printed."""
        return self.header.finished_at or self.header.started_at

    @cached_property
    def executed(self) -> frozenset[Protocol]:
        """The protocols of which at least one check ran."""
        return frozenset(part.protocol for part in self.trace.protocols if part.executed)

    def furniture(self, title: str) -> str:
        """The style of head and foot: what every page has to say, as CSS strings."""
        header = self.header
        foot = (
            f"Run {header.number} · {wording.clipped(header.run_id, 90)}\n"
            f"Results digest (SHA-256 of {RESULTS}): {self.results_sha256}"
        )
        label, mark = f"Run {header.number}", ""
        if header.informal:
            label = f"{INFORMAL} · not approved · {label}"
            mark = f'background-image: url("{watermark(INFORMAL)}"); '
        return (
            f"@page {{ {mark}"
            f"@top-left {{ content: {css_text(f'{wording.PRODUCT} · {title}')} }} "
            f"@top-right {{ content: {css_text(label)} }} "
            f"@bottom-left {{ content: {css_text(foot)} }} }}"
        )

    def page(self, template: str, title: str, **values: object) -> str:
        """The HTML of a document from a template, everything escaped."""
        return rendered(
            template, edition=self, header=self.header, title=title,
            furniture=self.furniture(title), wording=wording, **values,
        )


def read_edition(folder: Path) -> Edition:
    """Read a run folder whose results are sealed. Raises: NotSealed, OSError, ValueError."""
    seal = folder / RESULTS
    if not seal.is_file():
        raise NotSealed(f"{RESULTS} is missing; seal the results before printing")
    files = take_inventory(folder).files
    return Edition(
        trace=read_trace(folder),
        history=read_history(folder),
        results=seal.read_bytes(),
        digests=digests({name: path for name, path in files.items() if is_result(name)}),
        approved=read_deviations(folder)[0],
    )


def rendered(template: str, **values: object) -> str:
    """The HTML of a template, everything escaped."""
    return _templates().get_template(template).render(**values)


def css_text(text: str) -> str:
    """A CSS string in which only letters and digits stand for themselves."""
    plain = "".join(
        c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in printable(text)
    )
    return f'"{plain}"'


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
