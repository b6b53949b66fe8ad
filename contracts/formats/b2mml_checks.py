"""Judging foreign B2MML: every document by itself, and all of them as one exchange.

The schema of B2MML accepts "about five" as an amount, any text as unit and a time without offset;
what it cannot say is checked here. Nothing of a document is believed before it was read strictly.
Source: B2MML V0701, V0401; ISA-95.00.02, ISA-95.00.05; UN/ECE Rec 20; GS1 General Specifications.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contracts.formats.b2mml_exchange_checks import check_exchange
from contracts.formats.b2mml_loss_checks import check_losses
from contracts.formats.b2mml_lot_checks import check_lots
from contracts.formats.b2mml_object_checks import check_message, check_object
from contracts.formats.b2mml_rules import BREAKS, Rule
from contracts.formats.b2mml_spots import FAMILY, ROOT, Document, Spot
from contracts.formats.b2mml_value_checks import check_value
from contracts.formats.findings import Finding, Severity
from contracts.formats.xml_elements import XmlUnreadable, read_xml, root_name


def is_b2mml(data: bytes) -> bool:
    """Whether the root element is in a namespace of B2MML or BatchML, or has a name of its own.

    The rest may be broken, and the namespace missing: that is for the checks to say.
    """
    root = root_name(data)
    if root is None:
        return False
    namespace, name = root
    return FAMILY.match(namespace) is not None or ROOT.fullmatch(name) is not None


def check_b2mml(documents: Mapping[str, bytes]) -> dict[str, list[Finding]]:
    """The findings by name of the document; documents without any have an empty list.

    Documents are taken in the order given. A document that cannot be read is a finding and takes
    no part in what is checked across them.
    """
    found: dict[str, list[Finding]] = {name: [] for name in documents}
    readable: list[Document] = []
    for name, data in documents.items():
        try:
            document = Document(name, data, Spot(read_xml(data)))
        except XmlUnreadable as exc:
            found[name].append(_unreadable(str(exc)))
            continue
        readable.append(document)
        found[name] += _alone(document)
    for name, finding in (*check_lots(readable), *check_exchange(readable)):
        found[name].append(finding)
    return found


def _alone(document: Document) -> Iterator[Finding]:
    yield from check_message(document)
    for spot in document.spots:
        yield from check_object(spot)
        yield from check_value(spot)
    yield from check_losses(document)


def _unreadable(why: str) -> Finding:
    rule = Rule.XML_UNREADABLE
    return Finding("/", rule, Severity.ERROR, why, BREAKS[rule])
