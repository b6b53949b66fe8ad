"""Checks of several B2MML messages as a conversation: repetitions, versions, acknowledgements.

A message asks for an answer by ``acknowledgeCode`` or ``responseCode`` of its verb, or by the
sender's ``ConfirmationCode``; it is answered by Acknowledge, Respond, Show or ConfirmBOD with the
original application area. Source: ISA-95.00.05 (verbs, confirmation); URS-REL-001, URS-IDM-001.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from contracts.formats.b2mml_objects import Verb
from contracts.formats.b2mml_rules import Rule, finding
from contracts.formats.b2mml_spots import Document, Spot
from contracts.formats.findings import Finding, Severity

_ANSWERS = (Verb.ACKNOWLEDGE, Verb.RESPOND, Verb.SHOW, Verb.CONFIRM)
_ASKING_ATTRIBUTES = ("acknowledgeCode", "responseCode", "acknowledge", "confirm")

Located = Iterator[tuple[str, Finding]]


def check_exchange(documents: Sequence[Document]) -> Located:
    """Every finding with the name of the document that it stands in."""
    yield from _versions(documents)
    yield from _repetitions(documents)
    yield from _responses(documents)
    yield from _acknowledgements(documents)


def _versions(documents: Sequence[Document]) -> Located:
    """Each further version is told once, at the first document that has it."""
    count = Counter(document.root.element.namespace for document in documents)
    seen: dict[str, Document] = {}
    for document in documents:
        own = document.root.element.namespace
        if seen and own not in seen:
            other, first = next(iter(seen.items()))
            what = f"namespace {own} ({count[own]} of {len(documents)} documents); "
            what += f"{first.name} has {other}"
            yield document.name, finding(Rule.VERSIONS_MIXED, document.root, what)
        seen.setdefault(own, document)


def _repetitions(documents: Sequence[Document]) -> Located:
    by_bytes: dict[bytes, Document] = {}
    by_id: dict[tuple[str, str], Document] = {}
    for document in documents:
        same = by_bytes.setdefault(document.data, document)
        if same is not document:
            what = f"the same message as {same.name}, byte by byte"
            yield document.name, finding(Rule.MESSAGE_REPEATED, document.root, what)
            continue
        if not document.message_id:
            continue
        before = by_id.setdefault((document.sender, document.message_id), document)
        if before is not document:
            what = f"BODID {document.message_id!r} is that of {before.name}, with other content"
            yield document.name, finding(Rule.MESSAGE_ID_REUSED, document.root, what)


def _responses(documents: Sequence[Document]) -> Located:
    first: dict[tuple[str, str], Document] = {}
    for document in documents:
        if document.verb not in (Verb.SYNC, Verb.PROCESS):
            continue
        for spot in document.spots:
            if spot.name not in ("OperationsResponse", "ProductionResponse"):
                continue
            key = spot.element.value("ID")
            before = first.setdefault((spot.name, key), document)
            if key and before is not document and before.data != document.data:
                what = f"{spot.name} {key!r} was told in {before.name} already"
                yield document.name, finding(Rule.RESPONSE_REPEATED, spot, what)


def _acknowledgements(documents: Sequence[Document]) -> Located:
    answers = [d for d in documents if d.verb in _ANSWERS]
    asking = [d for d in documents if d.verb is not None and d.verb not in _ANSWERS]
    originals = {answer.name: _originals(answer) for answer in answers}
    for answer in answers:
        if not originals[answer.name]:
            what = f"{answer.root.name} without OriginalApplicationArea"
            yield answer.name, finding(Rule.ORIGINAL_MISSING, answer.root, what)
    if len(asking) > 1 and not answers and not any(_wants_answer(d) for d in asking):
        yield asking[0].name, _nothing_acknowledged(asking)
        return
    answered = {key for areas in originals.values() for area in areas for key in _keys_of(area)}
    # An answer that names no original is taken for one to every message about its noun.
    nouns = {a.noun for a in answers if not originals[a.name]}
    for document in asking:
        if document.noun not in nouns and answered.isdisjoint(_keys(document)):
            yield document.name, _unanswered(document, alone=len(documents) == 1)


def _nothing_acknowledged(asking: Sequence[Document]) -> Finding:
    kinds = Counter(document.root.name for document in asking)
    listed = ", ".join(f"{count} {name}" for name, count in sorted(kinds.items()))
    what = f"none of {len(asking)} messages ({listed}) asks for an answer, and none has one"
    return finding(Rule.NOTHING_ACKNOWLEDGED, asking[0].root, what)


def _unanswered(document: Document, *, alone: bool) -> Finding:
    if not _wants_answer(document):
        what = f"{document.root.name} asks for no acknowledgement and has none"
        return finding(Rule.CONFIRMATION_NOT_ASKED, document.root, what)
    what = f"{document.root.name} {document.message_id or document.created} asks for an answer"
    # What stands alone may have its answer in a file that was not given.
    severity = Severity.NOTICE if alone else Severity.ERROR
    return finding(
        Rule.ACKNOWLEDGEMENT_MISSING, document.root, f"{what}, and none is here", severity
    )


def _wants_answer(document: Document) -> bool:
    if document.verb is Verb.GET:
        return True
    codes = [document.value("ApplicationArea", "Sender", "ConfirmationCode")]
    said = document.child("DataArea", document.verb or "")
    if said:
        codes += [said.element.attributes.get(name, "") for name in _ASKING_ATTRIBUTES]
    return any(code.strip().lower() == "always" for code in codes)


def _originals(answer: Document) -> list[Spot]:
    return [spot for spot in answer.spots if spot.name == "OriginalApplicationArea"]


def _keys(message: Document) -> set[tuple[str, ...]]:
    """What an answer may know a message by: its BODID, or else its sender and time."""
    return _known_by(message.message_id, message.sender, message.created)


def _keys_of(area: Spot) -> set[tuple[str, ...]]:
    sender = area.element.first("Sender")
    name = sender.value("LogicalID") if sender else ""
    created = area.element.value("CreationDateTime")
    return _known_by(area.element.value("BODID"), name, created)


def _known_by(body: str, sender: str, created: str) -> set[tuple[str, ...]]:
    if body:
        return {(body,)}
    return {(sender, created)} if created else set()
