"""Bills of materials of software, and what is known against what stands in them.

Both are CycloneDX in JSON, so that other people's tools write and read them. A report is worth what
its source knew on its day: its age is looked at, and what it did not look at is named.
Source: URS-SEC-007.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import StringConstraints, TypeAdapter, ValidationError

from contracts.model.instants import Timestamp, write_timestamp
from contracts.model.verdicts import State
from contracts.model.wire_model import WireModel
from contracts.record.digests import digest_of
from contracts.record.signed_words import PrintedName, Said

SOURCE_AGE_MAX = timedelta(days=30)
# What is not rated may be critical; nobody has said that it is not.
_GRAVE = frozenset({"critical", "unknown"})
_RATED = ("critical", "high", "medium", "low", "info", "none")
_WHEN: TypeAdapter[datetime] = TypeAdapter(Timestamp)


class NoReport(ValueError):
    """A file that is no report about vulnerabilities; the message says what is wrong with it."""


class Ruling(StrEnum):
    """What was decided about a vulnerability."""

    MAY_STAND = "MAY_STAND"
    TO_BE_MENDED = "TO_BE_MENDED"


class Assessment(WireModel):
    """Whether a vulnerability in a component may stand, and why, as a person signs it."""

    record_format: Literal["gxproof-assessment/1"] = "gxproof-assessment/1"
    vulnerability: Annotated[str, StringConstraints(min_length=3, max_length=64)]
    component: Annotated[str, StringConstraints(pattern=r"^pkg:[\x21-\x7e]{3,300}$")]
    """The package URL with its version: another version is another assessment."""
    reasoning: Said
    decision: Ruling
    approved_by: PrintedName
    meaning: Said
    at: Timestamp


@dataclass(frozen=True)
class Vulnerability:
    """One that is known: its id, its worst rating, the package URLs that it affects."""

    id: str
    severity: str
    affects: tuple[str, ...]


@dataclass(frozen=True)
class VulnerabilityReport:
    """What a source knew on a day, and which components it looked at."""

    dated: datetime
    components: frozenset[str]
    vulnerabilities: tuple[Vulnerability, ...]


@dataclass(frozen=True)
class Judged:
    """What came of a report. ``findings`` say why the state is not passed."""

    state: State
    findings: tuple[str, ...] = ()


def bill_of_materials(
    product: tuple[str, str], packages: Mapping[str, str], at: datetime
) -> dict[str, Any]:
    """A CycloneDX 1.6 document of a product (name, version) and all installed packages.

    The same packages at the same instant give the same bytes.
    """
    name, version = product
    components = [
        {"type": "library", "bom-ref": ref, "name": package, "version": packages[package],
         "purl": ref}
        for package in sorted(packages)
        for ref in (package_url(package, packages[package]),)
    ]
    own = package_url(name, version)
    told = {"timestamp": write_timestamp(at),
            "component": {"type": "application", "bom-ref": own, "name": name,
                          "version": version, "purl": own}}
    serial = UUID(hex=digest_of([told, components])[:32], version=4)
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}",
        "version": 1, "metadata": told, "components": components,
    }


def package_url(name: str, version: str) -> str:
    """The package URL of a Python package in a version."""
    return f"pkg:pypi/{name}@{version}"


def read_report(content: Any) -> VulnerabilityReport:
    """A CycloneDX document with ``vulnerabilities`` and the components looked at.

    Raises: NoReport.
    """
    if not isinstance(content, dict) or content.get("bomFormat") != "CycloneDX":
        raise NoReport("it is no CycloneDX document")
    try:
        dated = _WHEN.validate_python(content["metadata"]["timestamp"])
        refs = {
            str(part.get("bom-ref") or part["purl"]): str(part["purl"]).lower()
            for part in content.get("components", ())
        }
        known = tuple(_vulnerability(one, refs) for one in content.get("vulnerabilities", ()))
    except ValidationError as exc:
        raise NoReport("its date, metadata.timestamp, is no instant") from exc
    except (KeyError, TypeError, AttributeError) as exc:
        raise NoReport(f"a member is missing or of another kind: {exc}") from exc
    return VulnerabilityReport(dated, frozenset(refs.values()), known)


def judge_report(
    report: VulnerabilityReport, installed: Iterable[str], assessments: Iterable[Assessment],
    now: datetime,
) -> Judged:
    """Hold a report against the installed package URLs and what people have assessed."""
    there = {url.lower() for url in installed}
    signed = {
        (one.vulnerability, one.component.lower()) for one in assessments
        if one.decision is Ruling.MAY_STAND
    }
    failed = [*_age(report, now), *_open_ones(report, there, signed)]
    if failed:
        return Judged(State.FAILED, tuple(failed))
    unseen = sorted(there - report.components)
    if unseen:
        told = ", ".join(unseen[:3])
        return Judged(State.INCONCLUSIVE, (f"{len(unseen)} components not looked at: {told}",))
    return Judged(State.PASSED)


def _age(report: VulnerabilityReport, now: datetime) -> Iterator[str]:
    age = now - report.dated
    if age > SOURCE_AGE_MAX:
        yield f"the source is {age.days} days old; at most {SOURCE_AGE_MAX.days}"
    if age < timedelta(0):
        yield f"the source is dated {write_timestamp(report.dated)}, which is to come"


def _open_ones(
    report: VulnerabilityReport, there: set[str], signed: set[tuple[str, str]]
) -> Iterator[str]:
    for one in report.vulnerabilities:
        for url in one.affects:
            if one.severity in _GRAVE and url in there and (one.id, url) not in signed:
                yield f"{one.id} in {url} is {one.severity}, and no signed assessment lets it stand"


def _vulnerability(content: Any, refs: Mapping[str, str]) -> Vulnerability:
    said = [str(rating.get("severity", "unknown")) for rating in content.get("ratings", ())]
    worst = next((word for word in _RATED if word in said), "unknown")
    if "unknown" in said and worst != "critical":
        worst = "unknown"
    affects = tuple(
        refs.get(str(one["ref"]), str(one["ref"]).lower()) for one in content.get("affects", ())
    )
    return Vulnerability(str(content["id"]), worst, affects)
