"""Is what is there what the site has approved: its baseline, its limits, its suppliers.

What a check needs is handed in with the run. An informal run leaves out what was not handed in; a
formal one has it in scope, and what is absent is inconclusive.
"""

from __future__ import annotations

from datetime import UTC, datetime

from contracts.model.inspection import Version
from contracts.model.inspection_profile import SiteProfile
from contracts.model.instants import write_timestamp
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.baselines import baseline_digest, drift, profile_findings
from contracts.record.reviews import review_findings
from contracts.record.suppliers import Connected, supplier_findings
from contracts.record.vulnerabilities import judge_report, package_url
from gxproof.dossier import BASELINE, REVIEW, SUPPLIERS, VULNERABILITIES
from gxproof.installation.check import Context, InstallationCheck, Observed
from gxproof.installed import installed_packages
from gxproof.observing import observed_items

_SHOWN_MAX = 20


def _baseline(context: Context) -> Observed:
    approved = context.dossier.baseline
    if approved is None:
        return Observed(State.INCONCLUSIVE, (), "no approved baseline was handed in")
    items = observed_items(context.sut)
    found = [str(one) for one in drift(approved.items, items)]
    if len(found) > _SHOWN_MAX:
        found = [*found[:_SHOWN_MAX], f"and {len(found) - _SHOWN_MAX} more"]
    return Observed.of(found, [
        f"approved under {approved.change_id} by {approved.approved_by}: {len(approved.items)} "
        f"items, hash {approved.sha256}", f"observed: {len(items)} items, hash "
        f"{baseline_digest(items)}",
    ])


def _profile(context: Context) -> Observed:
    findings: list[str] = []
    seen: list[str] = []
    for role in Role:
        rows = context.client(role).ask("site-profile", SiteProfile).rows
        seen.append(f"{role.upper()}: {len(rows)} values")
        findings += [f"{role.upper()}: {finding}" for finding in profile_findings(rows)]
        if not rows:
            findings.append(f"the {role.upper()} shows no value of its profile")
    return Observed.of(findings, seen)


def _vulnerabilities(context: Context) -> Observed:
    report, assessments = context.dossier.report, context.dossier.assessments
    if report is None:
        return Observed(State.INCONCLUSIVE, (), "no vulnerability file was handed in")
    installed = [package_url(name, found) for name, found in installed_packages().items()]
    judged = judge_report(report, installed, assessments, datetime.now(UTC))
    return Observed(judged.state, (
        f"source of {report.dated:%Y-%m-%d}: {len(report.vulnerabilities)} vulnerabilities in "
        f"{len(report.components)} components; {len(installed)} packages installed, "
        f"{len(assessments)} signed assessments",
    ), "; ".join(judged.findings))


def _suppliers(context: Context) -> Observed:
    records = context.dossier.suppliers
    if records is None:
        return Observed(State.INCONCLUSIVE, (), "no supplier assessments were handed in")
    connected = [_connected(context, role) for role in Role]
    findings = list(supplier_findings(records, connected, datetime.now(UTC).date()))
    return Observed.of(findings, [f"{one.system}: {one.software}" for one in connected])


def _review(context: Context) -> Observed:
    review = context.dossier.review
    if review is None:
        return Observed(State.INCONCLUSIVE, (), "no periodic review was handed in")
    findings = list(review_findings(review, context.sut.name, datetime.now(UTC)))
    entries = sum(part.entries for part in review.topics.values())
    return Observed.of(findings, [
        f"review {review.number} by {review.approved_by}: from "
        f"{write_timestamp(review.covers_from)} until {write_timestamp(review.covers_until)}, "
        f"{entries} entries assessed, {review.conclusion.value}; the next is due by "
        f"{write_timestamp(review.due_at)}",
    ])


def _connected(context: Context, role: Role) -> Connected:
    shown = context.client(role).ask("version", Version)
    return Connected(shown.system, shown.software)


SITE_CHECKS: tuple[InstallationCheck, ...] = (
    InstallationCheck(
        "IQ-17", "Configuration baseline",
        "versions, contract, settings, profile, accounts of partners, grants, packages and files "
        "have the approved hash", _baseline, requirements=("URS-CHG-001", "URS-CHG-002",
                                                           "URS-CHG-007"),
        needs=BASELINE,
        not_here="no approved baseline was handed in (--baseline), so this run is informal",
    ),
    InstallationCheck(
        "IQ-18", "Site profile", "every limit carries rationale, risk item, owner and approval, "
        "and is the approved one", _profile, requirements=("URS-CHG-006",),
    ),
    InstallationCheck(
        "IQ-19", "Known vulnerabilities",
        "a source at most 30 days old, about every installed package; nothing critical without a "
        "signed assessment", _vulnerabilities, requirements=("URS-SEC-007",),
        needs=VULNERABILITIES,
        not_here="no vulnerability file was handed in (--vulnerabilities), so nothing is shown",
    ),
    InstallationCheck(
        "IQ-20", "Supplier assessments",
        "each connected system has one of its release, at most three years old, that is no "
        "rejection", _suppliers, requirements=("URS-SUP-001",), needs=SUPPLIERS,
        not_here="no supplier assessments were handed in (--suppliers), so nothing is shown",
    ),
    InstallationCheck(
        "IQ-21", "Periodic review",
        "the last one is of this target, signed, came to fit for use, and the next is not overdue",
        _review, requirements=("URS-CHG-004",), needs=REVIEW,
        not_here="no periodic review was handed in (--review), so nothing is shown",
    ),
)
