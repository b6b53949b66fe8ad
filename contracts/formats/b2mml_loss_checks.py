"""What of a B2MML document our objects do not hold, and what V0701 wants of it besides.

These are notices: the document is none the worse for them. They are for whoever reads a message
by our objects, or writes it anew, and must not take the copy for the whole.
Source: ISA-95.00.02 (the objects that the transactions of the contract need).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from contracts.formats.b2mml import NotB2mml, not_read, transaction_of
from contracts.formats.b2mml_elements import LeftOut
from contracts.formats.b2mml_objects import Version
from contracts.formats.b2mml_older import lacking
from contracts.formats.b2mml_rules import Rule, finding
from contracts.formats.b2mml_spots import Document, Spot
from contracts.formats.findings import Finding


def check_losses(document: Document) -> Iterator[Finding]:
    """One notice for each kind of thing that is not read, at its first place, with its count."""
    if document.verb is None:
        return
    try:
        left = list(not_read(document.root.element))
    except NotB2mml as exc:
        yield finding(Rule.NOT_READ, document.root, f"nothing of it: {exc}")
        return
    kinds = Counter(_kind(one) for one in left)
    for one in left:
        count = kinds.pop(_kind(one), 0)
        if count:
            more = f" ({count} times)" if count > 1 else ""
            yield finding(Rule.NOT_READ, _spot(document.root, one), f"{one.what}{more}")
    yield from _wanted(document)


def _kind(one: LeftOut) -> tuple[str, ...]:
    """Elements and attributes of one name in one kind of object are told of together."""
    return (*(element.name for element in one.way[-2:]), one.what.partition("=")[0])


def _spot(root: Spot, one: LeftOut) -> Spot:
    spot = root
    for element in one.way[1:]:
        spot = next(below for below in spot.children() if below.element is element)
    return spot


def _wanted(document: Document) -> Iterator[Finding]:
    transaction = transaction_of(document.root.element)
    if transaction.version is not Version.V0401:
        return
    wanted: Counter[str] = Counter()
    for noun in transaction.nouns:
        wanted += lacking(noun)
    if wanted:
        said = ", ".join(f"{count} of {what}" for what, count in sorted(wanted.items()))
        yield finding(Rule.WANTED_BY_V0701, document.root, said)
