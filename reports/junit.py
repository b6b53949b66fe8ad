"""The run as JUnit XML, for continuous integration.

A skip is shown in green by most servers. So only what is *not applicable* is a skip; what was not
tested, is inconclusive or waits for a person is an ``<error>`` with its reason, and a build that
looks at nothing else stays red.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from contracts.model.instants import write_timestamp
from contracts.model.verdicts import State
from reports.edition import Edition
from reports.trace import Check, ProtocolTrace, serves

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENT = {
    State.FAILED: "failure",
    State.ERROR: "error",
    State.INCONCLUSIVE: "error",
    State.NOT_TESTED: "error",
    State.REVIEW: "error",
    State.NOT_APPLICABLE: "skipped",
}


def junit_xml(edition: Edition) -> bytes:
    """The bytes of ``junit.xml``."""
    root = Xml.Element("testsuites", {"name": f"run {edition.header.number}"})
    for part in edition.trace.protocols:
        _suite(root, edition, part)
    _total(root)
    Xml.indent(root, " ")
    document: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(root: Xml.Element, edition: Edition, part: ProtocolTrace) -> None:
    kinds = [_ELEMENT.get(check.state) for check in part.checks]
    suite = Xml.SubElement(root, "testsuite", {
        "name": part.protocol.value,
        "tests": str(len(kinds)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "skipped": str(kinds.count("skipped")),
        "time": f"{part.seconds:.3f}",
        "timestamp": write_timestamp(part.started_at or edition.header.started_at),
    })
    header = edition.header
    _properties(suite, (
        ("run-id", header.run_id), ("run-number", str(header.number)),
        ("mode", header.environment.mode), ("verdict", part.verdict.value),
        ("results-sha256", edition.results_sha256), ("plan-sha256", header.plan_sha256),
        ("informal", "; ".join(header.informal)),
    ))
    for check in part.checks:
        _case(suite, check)


def _case(suite: Xml.Element, check: Check) -> None:
    case = Xml.SubElement(suite, "testcase", {
        "classname": f"{check.result.protocol}.{check.planned.kind}".replace(" ", "-"),
        "name": _text(f"{check.id} {check.planned.title}"),
        "time": f"{check.seconds:.3f}",
    })
    _properties(case, [("requirement", requirement) for requirement in serves(check)])
    element = _ELEMENT.get(check.state)
    reason = _text(check.result.reason or "no reason was recorded")
    if element:
        told = Xml.SubElement(case, element, {"message": f"{check.state.value}: {reason}"})
        if element != "skipped":
            told.set("type", check.state.value)
            told.text = _text("\n".join(_steps(check)))
    elif check.state is State.DEVIATION:
        Xml.SubElement(case, "system-out").text = f"deviation: {reason}"


def _steps(check: Check) -> list[str]:
    return [
        f"{step.keyword} {step.text} [{step.state.value}] {' | '.join(step.observations)}"
        for step in check.result.steps
    ]


def _properties(parent: Xml.Element, pairs: tuple[tuple[str, str], ...] | list[tuple[str, str]]
                ) -> None:
    if pairs:
        properties = Xml.SubElement(parent, "properties")
        for name, value in pairs:
            Xml.SubElement(properties, "property", {"name": name, "value": _text(value)})


def _total(root: Xml.Element) -> None:
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in root):.3f}")


def _text(text: str) -> str:
    """Text in which each character that XML 1.0 cannot hold is written as its code point."""
    return _NOT_XML.sub(lambda match: f"[U+{ord(match.group()):04X}]", text)
