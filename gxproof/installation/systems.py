"""Are the two systems set up as validation needs them: identity, time, durability, separation."""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from contracts.model.commands import ChangeLotStatus
from contracts.model.identifiers import Id
from contracts.model.inspection import ClockState, Configuration, Lots, Version
from contracts.model.inspection_evidence import EvidenceGuard, EvidenceRights
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.operations import OPERATIONS, Group
from contracts.model.ports import HttpRequest
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Container, Load, Lot, Material, SetClock
from contracts.model.verdicts import State
from gxproof.installation.check import Context, InstallationCheck, Observed
from gxproof.production import production_like
from simulator.namespace import Namespace
from simulator.site import Site

CONTRACT = "1.0.0"
OFFSET_MAX_S = 1.0
RUNNER_WAIT_S = 20.0
ARGON2 = "$argon2id$v=19$m=65536,t=3,p=4"


def _identification(context: Context) -> Observed:
    findings, seen = [], []
    for role in Role:
        shown = context.client(role).ask("version", Version)
        seen.append(f"{role.upper()}: {shown.system}, {shown.software}, contract "
                    f"{', '.join(shown.contract_versions)}")
        if shown.role is not role:
            findings.append(f"the {role.upper()} says it is a {shown.role.upper()}")
        if CONTRACT not in shown.contract_versions:
            findings.append(f"the {role.upper()} does not support contract {CONTRACT}")
    return Observed.of(findings, seen)


def process_ids(context: Context) -> dict[str, str | None]:
    """What each part says it runs as; None where it is not stated."""
    ids: dict[str, str | None] = {"harness": f"pid {os.getpid()}"}
    for role in Role:
        shown = context.client(role).ask("version", Version)
        ids[f"{role.upper()} process"] = shown.process_id
        ids[f"{role.upper()} runner"] = shown.runner_id
    return ids


def _separation(context: Context) -> Observed:
    ids = process_ids(context)
    seen = [f"{part}: {value or 'not stated'}" for part, value in ids.items()]
    if any(value is None for value in ids.values()):
        missing = ", ".join(part for part, value in ids.items() if value is None)
        return Observed(State.INCONCLUSIVE, tuple(seen), f"not stated: {missing}")
    # "pid 7 started at tick 9" and "pid 7" are the same process.
    numbers = Counter(" ".join((value or "").split()[:2]) for value in ids.values())
    findings = [f"{name} stands for {n} parts" for name, n in numbers.items() if n > 1]
    return Observed.of(findings, seen)


def _handshake(context: Context) -> Observed:
    findings, seen, serials = [], [], []
    for role in Role:
        client = context.client(role)
        client.ask("version", Version)
        serial = getattr(client.transport, "certificate_serial", None)
        tls = getattr(client.transport, "tls", None) or "no TLS"
        seen.append(f"{role.upper()}: {tls}, certificate serial {serial}")
        serials.append(serial)
        if not tls.startswith("TLSv1.3"):
            findings.append(f"the {role.upper()} speaks {tls}")
    if len(set(serials)) != len(serials):
        findings.append("both systems show the same certificate")
    return Observed.of(findings, seen)


def _authentication(context: Context) -> Observed:
    """Every operation but the public ones turns away a caller without signature or session."""
    findings: list[str] = []
    count = 0
    for operation in OPERATIONS.values():
        if operation.access.value == "nothing more" or operation.name == "sessions":
            continue
        headers = {"content-type": operation.media_type} if operation.body else {}
        body = b"{}" if operation.body else b""
        request = HttpRequest(operation.method, operation.path, "", headers, body)
        status = context.client(operation.role).transport.send(request).status
        count += 1
        allowed = (401, 404) if operation.group is Group.STIMULUS else (401,)
        if status not in allowed:
            findings.append(f"{operation.id} answered {status}")
    return Observed.of(findings, [f"{count} operations answered 401"])


def _clock(context: Context) -> Observed:
    findings, seen = [], []
    for role in Role:
        client = context.client(role)
        client.call("stimulus/clock", SetClock(live=True))
        before = datetime.now(UTC)
        shown = client.ask("clock", ClockState)
        after = datetime.now(UTC)
        offset = max((before - shown.now), (shown.now - after), timedelta(0)).total_seconds()
        known_to = offset + (after - before).total_seconds()
        seen.append(f"{role.upper()}: at most {known_to:.3f} s off")
        if offset > OFFSET_MAX_S:
            findings.append(f"the clock of the {role.upper()} is {offset:.1f} s off")
        if shown.driven:
            findings.append(f"the clock of the {role.upper()} is not live")
    return Observed.of(findings, seen)


def _runner(context: Context) -> Observed:
    """A decision in MES reaches the WMS without anybody asking for background work."""
    site = Site(context.sut, Namespace(f"IQ{os.urandom(4).hex().upper()}"))
    for role in Role:
        context.client(role).call("stimulus/clock", SetClock(live=True))
    lot_id = _load_lot(site)
    body = ChangeLotStatus(
        change_id=Id(site.namespace.id("HOLD")), lot_id=Id(lot_id), to_status=LotStatus.BLOCKED,
        reason_code=StatusReason.INVESTIGATION, reason="Check of the live runner",
    )
    answer = site.command(Role.MES, "change-lot-status", body, "EX-QUAL", "QUALITY-1")
    if answer.refusal is not None:
        return Observed(State.FAILED, (), f"the decision was {answer}")
    started = time.monotonic()
    while time.monotonic() - started < RUNNER_WAIT_S:
        rows = context.client(Role.WMS).ask("lots", Lots).rows
        if any(row.lot_id == lot_id and row.status is LotStatus.BLOCKED for row in rows):
            waited = time.monotonic() - started
            return Observed(State.PASSED, (f"the hold reached the WMS after {waited:.1f} s",))
        time.sleep(0.1)
    return Observed(State.FAILED, (), f"the hold did not reach the WMS in {RUNNER_WAIT_S:.0f} s")


def _load_lot(site: Site) -> str:
    names = site.namespace
    site.add_person("EX-QUAL", "Example Quality", Duty.QUALITY)
    lot_id, item = names.id("LOT"), names.id("ITEM")
    site.load(
        Load(
            materials=(
                Material(material_id=Id(item), description="Item", base_unit=Unit.KILOGRAM),
            ),
            lots=(
                Lot.model_validate(
                    {"lot_id": lot_id, "material_id": item, "lot": names.lot_number("LOT"),
                     "expires_on": date(2099, 12, 31), "status": LotStatus.RELEASED}
                ),
            ),
            containers=(
                Container(
                    sscc=names.sscc("C"), lot_id=Id(lot_id), location_id=Id(names.id("RACK")),
                    quantity=PositiveQuantity.of("1.000 KGM"),
                ),
            ),
        )
    )
    return lot_id


def _durability(context: Context) -> Observed:
    findings, seen = [], []
    for role in Role:
        shown = context.client(role).ask("configuration", Configuration)
        seen.append(
            f"{role.upper()}: {shown.database_engine} {shown.database_version}, journal mode "
            f"{shown.database_journal_mode}, synchronous {shown.database_synchronous}"
        )
        settings = (shown.database_journal_mode, shown.database_synchronous)
        if shown.database_engine == "PostgreSQL" and settings != _SYNCED:
            findings.append(f"the {role.upper()} does not sync every commit: {settings}")
        if shown.database_engine == "SQLite" and settings != ("WAL", "FULL"):
            findings.append(f"the {role.upper()} does not sync every commit: {settings}")
        if shown.database_engine.endswith("in memory"):
            findings.append(f"the {role.upper()} keeps its records in memory")
    return Observed.of(findings, seen)


_SYNCED = ("FSYNC ON, FULL_PAGE_WRITES ON", "ON")


def _retention(context: Context) -> Observed:
    findings: list[str] = []
    seen: list[str] = []
    for role in Role:
        shown = context.client(role).ask("configuration", Configuration)
        seen.append(f"{role.upper()}: keys are kept {shown.inbox_retention}; retries from "
                    f"{shown.retry_first_delay_s} s to {shown.retry_delay_max_s} s, without end")
        if shown.inbox_retention != "as long as the journal":
            findings.append(f"the {role.upper()} forgets keys")
    return Observed.of(findings, seen)


def _grants(context: Context) -> Observed:
    """What the database lets each system's own account do with evidence. Source: URS-AUD-004."""
    findings: list[str] = []
    seen: list[str] = []
    for role in Role:
        shown = context.client(role).ask("evidence-rights", EvidenceRights)
        if shown.guard is not EvidenceGuard.RIGHTS:
            return Observed(
                State.INCONCLUSIVE, tuple(seen),
                f"the {role.upper()} has no roles to grant to: {shown.limit or 'not told why'}",
            )
        held = {row.table: set(row.rights) for row in shown.rows}
        seen.append(f"{role.upper()}: {len(held)} tables of evidence, rights "
                    f"{', '.join(sorted(set().union(*held.values())))}")
        findings += [f"the {role.upper()} may {' and '.join(sorted(rights - _HARMLESS))} {table}"
                     for table, rights in held.items() if rights - _HARMLESS]
        findings += [f"the {role.upper()} does not name its {table}"
                     for table in ("audit", "journal") if table not in held]
    return Observed.of(findings, seen)


def _production(_: Context) -> Observed:
    """A copy of the reference started as for production: no stimulus, passwords at full cost."""
    findings: list[str] = []
    seen = ["looked at: this release of the reference, started anew outside test mode"]
    for role, answers in production_like().items():
        stimulus = answers.stimulus_statuses
        seen.append(f"{role.upper()}: {len(stimulus)} stimulus operations answer "
                    f"{', '.join(sorted({str(s) for s in stimulus}))}; {answers.password_scheme}")
        if set(stimulus) != {404}:
            findings.append(f"the {role.upper()} serves the stimulus interface in production")
        if answers.password_scheme != ARGON2:
            findings.append(f"the {role.upper()} hashes passwords with {answers.password_scheme}")
    return Observed.of(findings, seen)


_HARMLESS = {"SELECT", "INSERT"}
_SEPARATE = ("separate processes", "vendor system")
SYSTEM_CHECKS: tuple[InstallationCheck, ...] = (
    InstallationCheck(
        "IQ-07", "Identity of the systems",
        f"each names itself and its role and supports contract {CONTRACT}", _identification,
    ),
    InstallationCheck(
        "IQ-08", "Separate processes",
        "both HTTP processes, both runners and the harness are five different processes",
        _separation, modes=_SEPARATE, not_here="in process there is one process for everything",
    ),
    InstallationCheck(
        "IQ-09", "TLS and certificates",
        "TLS 1.3, and a certificate of its own for each system", _handshake,
        modes=_SEPARATE, not_here="in process nothing travels over a network",
    ),
    InstallationCheck(
        "IQ-10", "No entry without signature or session",
        "every operation but health, version and sign-in answers 401", _authentication,
    ),
    InstallationCheck(
        "IQ-11", "Site clocks", f"at most {OFFSET_MAX_S:.0f} s off when they are live", _clock,
        drives_systems=True,
    ),
    InstallationCheck(
        "IQ-12", "Live runner",
        f"a decision reaches the partner within {RUNNER_WAIT_S:.0f} s by itself", _runner,
        modes=_SEPARATE, not_here="in process the harness drives the background work",
        drives_systems=True,
    ),
    InstallationCheck(
        "IQ-13", "Durability of the databases", "every commit is synced to disk", _durability,
    ),
    InstallationCheck(
        "IQ-14", "Memory of received keys", "as long as the journal, and no shorter window",
        _retention,
    ),
    InstallationCheck(
        "IQ-15", "The reference outside test mode",
        f"no stimulus interface outside test mode; passwords as {ARGON2}", _production,
        requirements=("URS-CHG-007",), modes=("in process", "separate processes"),
        not_here="a vendor's production settings are looked at on site",
    ),
    InstallationCheck(
        "IQ-16", "Rights of the application's account on evidence",
        "it may read and add, and nothing else, on audit trail, journal and all other evidence",
        _grants, requirements=("URS-AUD-004",), databases=("PostgreSQL",),
        not_here="no database with roles is declared; what cannot be shown is never passed",
    ),
)
