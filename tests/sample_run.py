"""A realistic run folder for tests of paper and proof: nothing ran, everything is said.

``write_sample_run`` writes about what a qualification of the reference leaves behind: 12
requirements, 30 scenarios, 35 contract checks, 12 challenges, 15 installation checks, 10
invariants, 8 faults and the history of a shift. ``Wish`` turns it into a bad or hostile one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.model.requirements import Protocol, Requirement, read_requirement
from contracts.model.rules import RULES
from contracts.model.verdicts import State
from contracts.record.deviations import Deviation
from contracts.record.digests import digest_of, file_digest
from contracts.record.folder import RunFolder
from contracts.record.history import Event, Lane, history_sha256
from contracts.record.runs import (
    EPHEMERAL_KEY,
    NOT_APPROVED,
    Cell,
    Environment,
    Kind,
    Outside,
    Peer,
    Plan,
    Planned,
    PlannedStep,
    ProtocolPlan,
    Result,
    RuleItem,
    RunHeader,
    RunRecord,
    Step,
)
from reports.deviations import sign_deviation
from reports.dsse import key_id, public_pem

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PERSON = Ed25519PrivateKey.from_private_bytes(bytes(range(3, 35)))
"""The key of a person who approves deviations."""
_DEVIATIONS = {
    protocol: f"DEV-2026-{number:03d}" for number, protocol in enumerate(Protocol, 14)
}
START = datetime(2026, 11, 22, 9, 14, 5, tzinfo=timezone(timedelta(hours=1)))
WHY_INFORMAL = (NOT_APPROVED, EPHEMERAL_KEY)

# id, title, statement, clauses, see, risk
_REQUIREMENTS = (
    ("URS-PCK-001", "Only approved, released, usable stock is allocated",
     "A pick request shall carry the order's approved BOM version and allocate only items, "
     "versions and quantities on it, from released lots in date with the minimum remaining shelf "
     "life; where none fits, nothing is allocated and the reason is returned.",
     "211.84(a); 211.101(c)(1)", "211.137", "high"),
    ("URS-PCK-002", "The scanned container is the allocated one",
     "A pick confirmation shall name its request, and the scanned container shall equal the "
     "allocated one; every negative scan shall block the step.", "A11 §5; A11 §6", "", "high"),
    ("URS-PCK-003", "Partial picks add up",
     "Partial picks and split lots shall sum to the requested quantity; a pick beyond tolerance "
     "shall be refused.", "211.101(b); 211.101(c)(2)", "", "high"),
    ("URS-STA-002", "Only transitions of the status model",
     "Only transitions of the status model shall be possible; all illegal pairs are tried and "
     "refused.", "11.10(f)", "", "high"),
    ("URS-STA-003", "Release is signed by quality",
     "Change to released shall need a signed event of an authorised quality role; the signature id "
     "travels with the status.", "A11 §15; 211.22(a)", "", "high"),
    ("URS-EXP-001", "Expired material stops",
     "Expired or retest-due material shall not be allocated, picked, issued, packed or shipped.",
     "211.87", "211.137", "high"),
    ("URS-IDM-001", "Every change carries a key",
     "Every state-changing message shall carry a unique key; a message without one is refused with "
     "400 and not posted.", "A11 §5", "", "high"),
    ("URS-IDM-002", "A repeat is answered, not posted",
     "The same key with the same payload shall give the stored first response and exactly one "
     "posting.", "A11 §5; 11.10(a)", "", "high"),
    ("URS-IDM-003", "A key is not used for other content",
     "The same key with another payload shall be refused (422), journalled and alarmed.",
     "11.10(a)", "", "high"),
    ("URS-IDM-008", "A business event happens once",
     "The same business event under another key shall not post twice; with other content it is a "
     "conflict.", "11.10(a)", "", "medium"),
    ("URS-AUD-001", "Every change leaves its audit entry",
     "Each create, change or delete of a GMP record shall write one audit entry in the same "
     "database transaction.", "11.10(e)", "A11d §12.2 (consultation draft, not in force)", "high"),
    ("URS-AUD-002", "A change has a reason",
     "A change or deletion without a reason of at least five non-blank characters shall be "
     "refused.",
     "A11 §9", "A11d §12.2 (consultation draft, not in force)", "medium"),
)

_INSTALLATION = (
    ("IQ-PYTHON", "Interpreter", "CPython 3.11 or later", "CPython 3.11.7"),
    ("IQ-PACKAGES", "Installed packages", "each as the lock names it, hash for hash",
     "61 of 61 packages equal the lock"),
    ("IQ-FILES", "Our own files", "each as the wheel's RECORD names it", "148 of 148 files equal"),
    ("IQ-NAMES", "Import names", "one owner each", "contracts, features, gxproof, reference_impl, "
     "reports, simulator: one owner each"),
    ("IQ-CONFIG", "Configuration baseline", "digest equals config.json", "equal"),
    ("IQ-DB-VERSION", "Database version", "SQLite 3.40 or later", "SQLite 3.40.1"),
    ("IQ-DB-JOURNAL", "Durability settings", "journal WAL, synchronous FULL",
     "journal_mode wal, synchronous 2"),
    ("IQ-CLOCK", "Clock offset between the systems", "below 1 s", "0.004 s"),
    ("IQ-TLS", "Transport security", "TLS 1.3, client certificate demanded",
     "TLSv1.3, TLS_AES_256_GCM_SHA384; without certificate: refused"),
    ("IQ-CERTIFICATES", "Certificates", "valid for at least 30 days", "364 days left"),
    ("IQ-ACCOUNTS", "Accounts and roles", "as the permission matrix says", "9 of 9 equal"),
    ("IQ-PASSWORDS", "Password hashing", "argon2id, 64 MiB, t=3", "$argon2id$v=19$m=65536,t=3,p=4"),
    ("IQ-DEDUPE", "Dedupe horizon", "at least retry horizon + DLQ age + backup age",
     "as long as the journal"),
    ("IQ-STIMULUS", "Stimulus interface in production", "absent (404)", "404 on 9 of 9 paths"),
    ("IQ-RUNNER", "The runner works alone", "one message delivered with the runner live",
     "delivered after 0.21 s"),
)

_SHOWN = (
    "health", "version", "inventory", "lots", "containers", "genealogy", "picks", "outbox", "inbox",
    "journal", "audit", "alarms", "clock", "configuration",
)
_OPERATIONS = (
    *(f"{role}/{name}" for role in ("mes", "wms") for name in _SHOWN),
    "mes/change-lot-status", "mes/pick-confirmed", "mes/request-pick", "mes/start-order",
    "wms/confirm-pick", "wms/lot-status-changed", "wms/pick-requested",
)

_INVARIANTS = (
    ("INV-LOST", "No posting is lost", "0 lost", "0 lost of 214 postings"),
    ("INV-DOUBLED", "No posting is doubled", "0 doubled", "0 doubled of 214 postings"),
    ("INV-MASS", "Mass balance per lot", "0 kg residue", "0 kg residue on 24 of 24 lots"),
    ("INV-ORPHAN", "No orphaned lot or container", "0", "0 of 24 lots, 0 of 96 containers"),
    ("INV-EXPIRED", "No expired lot was picked", "0", "0; 3 lots expired while the shift ran"),
    ("INV-STATUS", "No unreleased lot was picked", "0", "0"),
    ("INV-EQUAL", "MES view equals WMS stock at one cut-off", "0 differences", "0 differences"),
    ("INV-AUDIT", "Each change has its audit entry", "as many entries as changes", "412 and 412"),
    ("INV-CHAIN", "Journal chains verify", "both", "mes 388 rows, wms 391 rows"),
    ("INV-SETTLED", "Everything settles after healing", "within 30 min", "6 min 20 s"),
)

_FAULTS = (
    ("FLT-REQUEST-LOST", "Request lost", 6, 6), ("FLT-REPLY-LOST", "Reply lost after commit", 8, 8),
    ("FLT-DOUBLED", "Message delivered twice", 5, 5), ("FLT-LATE", "Message late", 4, 4),
    ("FLT-REORDERED", "Messages reordered", 3, 3), ("FLT-CONDUIT", "Conduit down for 8 min", 1, 1),
    ("FLT-POWER", "Power loss of WMS after commit", 2, 2), ("FLT-SCANNER", "Scanner dead", 1, 1),
)


_STRUCK = ("pick-requested", "pick-confirmed", "lot-status-changed", "receipt-confirmed")


@dataclass(frozen=True)
class Wish:
    """How the sample differs from a run in which everything passes."""

    states: dict[str, State] = field(default_factory=dict)
    """States of single checks by id."""
    all_states: State | None = None
    executed: tuple[Protocol, ...] = tuple(Protocol)
    informal: tuple[str, ...] = WHY_INFORMAL
    mode: str = "separate processes"
    history: bool = True
    number: int = 7
    hostile: bool = False
    small: bool = False
    """Two or three checks of each kind."""
    times: int = 1
    """How often the requirements are repeated under other numbers; above 1, four scenarios each."""
    empty: bool = False
    """A plan without a single check."""
    reasons: bool = False
    """A reason of its own for each check, so that no two can be told in one line."""
    vendor_rules: bool = False
    """No code is known for any rule."""


HOSTILE = (
    "<script>alert(1)</script> & \"quoted\" 'single' " + "x" * 200 + " 批号 ロット "
    "\u202eevil \x07bell =HYPERLINK(\"http://example.com\") ünïcödé ≥ → ✔ 🧪"
)


def write_sample_run(path: Path, wish: Wish | None = None) -> RunRecord:
    """Write a run folder, as a run would, up to the moment at which results are sealed."""
    wanted = wish or Wish()
    folder = RunFolder.create(path)
    plan = _plan(wanted)
    plan_sha256 = file_digest(folder.write_model("plan.json", plan))
    configuration = _configuration(wanted)
    folder.write_configuration(configuration)
    results = tuple(_results(plan, wanted))
    _deviations(folder, results, plan_sha256)
    for result in results:
        if result.wire:
            for line in _exchanges(result.id):
                folder.append_wire(result.wire, line)
    for protocol in Protocol:
        folder.append_results(protocol, [r for r in results if r.protocol is protocol])
    events = _history(wanted) if wanted.history and Protocol.PQ in wanted.executed else ()
    if events:
        folder.write_history(events)
    record = RunRecord(
        header=_header(plan_sha256, wanted, events), plan=plan, configuration=configuration,
        results=results,
    )
    verdicts = {part.protocol: record.verdict(part.protocol) for part in plan.protocols}
    record = record.model_copy(
        update={"header": record.header.model_copy(update={"verdicts": verdicts})}
    )
    folder.write_model("run.json", record.header)
    return record


def _deviations(folder: RunFolder, results: tuple[Result, ...], plan_sha256: str) -> None:
    """An approved deviation for each protocol in which one stands."""
    for protocol, number in _DEVIATIONS.items():
        ids = tuple(r.id for r in results
                    if r.protocol is protocol and r.state is State.DEVIATION)
        if ids:
            deviation = sample_deviation(protocol, ids, plan_sha256)
            folder.write(f"deviations/{number}.dsse.json", sign_deviation(deviation, PERSON))
            folder.write(f"deviations/{number}.pub", public_pem(PERSON.public_key()))


def sample_deviation(protocol: Protocol, checks: tuple[str, ...], plan_sha256: str) -> Deviation:
    """A deviation as a person would have written it the day before."""
    return Deviation(
        number=_DEVIATIONS[protocol], found_in="run-2026-11-21-0006-1c22", target="target.toml",
        plan_sha256=plan_sha256, protocol=protocol, results=checks,
        description="The alarm text is in English only; the site language is German.",
        impact="None on product quality: all operators of this step read English.",
        disposition="Accepted until release 0.2, which brings the German texts.",
        approved_by="Example Quality One", meaning="I approve this deviation",
        at=START - timedelta(days=1),
    )


def _requirements(wish: Wish) -> tuple[Requirement, ...]:
    read = []
    rows = [
        (f"{id_[:8]}{int(id_[8:]) + 20 * round_:03d}", f"{title}{f' ({round_})' * bool(round_)}", *rest)
        for round_ in range(wish.times)
        for id_, title, *rest in _REQUIREMENTS[: 2 if wish.small else None]
    ]
    for id_, title, statement, clauses, see, risk in rows:
        tags = [id_, f"risk-{risk}", "OQ", "mes", "wms", "blackbox"]
        text = f"{HOSTILE if wish.hostile else ''} {statement}\nClauses: {clauses}\n"
        text += f"See: {see}" if see else ""
        read.append(read_requirement(title, tags, text, f"{id_[4:7].lower()}.feature"))
    return tuple(read)


def _plan(wish: Wish) -> Plan:
    requirements = _requirements(wish)
    outside: tuple[Outside, ...] = (
        Outside(subject="Database grants (URS-AUD-004)", reason="SQLite has no roles"),
        Outside(subject="Known vulnerabilities", reason="no vulnerability file was given"),
    )
    if wish.mode == "in process":
        outside += (Outside(subject="TLS, ports and concurrent senders",
                            reason="the systems run in the process of the harness"),)
    manual = Outside(subject="Real scanner, scale and printer in their zones (URS-DEV-007)",
                     reason="this is the simulated part of PQ; a person executes that part")
    scopes = {
        Protocol.IQ: tuple(_planned_iq())[: 2 if wish.small else None],
        Protocol.OQ: tuple(_planned_oq(requirements, wish)),
        Protocol.PQ: tuple(_planned_pq())[: 3 if wish.small else None],
    }
    outsides = {Protocol.IQ: outside, Protocol.OQ: (), Protocol.PQ: (manual,)}
    return Plan(
        protocols=tuple(
            ProtocolPlan(
                protocol=p, scope=() if wish.empty else scopes[p], outside=outsides[p],
                feasible=_feasible() if p is Protocol.PQ and not wish.empty else (),
            )
            for p in Protocol
        ),
        requirements=requirements,
        rules=tuple(_rules(wish)),
        approved=not wish.informal,
    )


def _feasible() -> tuple[Cell, ...]:
    return tuple(
        Cell(fault=kind, message=message)
        for _, kind, *_ in _FAULTS[:5] for message in _STRUCK
    )


def _rules(wish: Wish) -> Iterator[RuleItem]:
    for rule in RULES:
        # The rules of the operations that the sample checks: it stays as it is when others come.
        guards = tuple(guard for guard in rule.guards if guard in _OPERATIONS)
        if rule.guards and not guards:
            continue
        where = f"reference_impl/domain/{rule.id[4:7].lower()}.py:{rule.code.lower()}"
        known = not wish.vendor_rules
        yield RuleItem(
            id=rule.id, requirement=rule.requirement, text=rule.text, code=rule.code.value,
            sentence=rule.sentence, guards=guards,
            implemented_by=(f"{where} {digest_of(rule.id)}",) if known else (),
        )


def _planned_iq() -> Iterator[Planned]:
    for id_, title, criterion, _ in _INSTALLATION:
        yield Planned(id=id_, kind=Kind.INSTALLATION, title=title, expects=criterion)


def _planned_oq(requirements: tuple[Requirement, ...], wish: Wish) -> Iterator[Planned]:
    for index, requirement in enumerate(requirements):
        more = wish.times > 1
        for number in range(1, (4 if index % 2 == 0 else 3) + more):
            accepts = number == 1
            id_ = f"{requirement.id}.{number}"
            if wish.hostile and index == 0:
                id_ += "-" + "long" * 50
            yield Planned(
                id=id_, kind=Kind.SCENARIO,
                title=_title(requirement, number, wish), requirements=(requirement.id,),
                expects="; ".join(s.text for s in _script(accepts) if s.keyword == "Then"),
                must_succeed=accepts, steps=tuple(_script(accepts)),
            )
    for operation in _OPERATIONS[: 3 if wish.small else None]:
        yield Planned(id=f"CON-{operation.replace('/', '.')}", kind=Kind.CONTRACT,
                      title=f"Contract of {operation}",
                      expects="no finding, and at least one accepted case")
    yield Planned(id="CHL-faithful-copy", kind=Kind.CHALLENGE,
                  title="A copy of the reference without any defect",
                  expects="no check fails on this system")
    for number, requirement in enumerate(requirements, 1):
        yield Planned(id=f"DEFECT-{number:02d}", kind=Kind.CHALLENGE,
                      title=f"A system in which “{requirement.title.lower()}” does not hold",
                      requirements=(requirement.id,), expects="the defect is caught")


def _script(accepts: bool) -> Iterator[PlannedStep]:
    last = ""
    for keyword, text, _ in _rows(accepts):
        last = last if keyword == "And" else keyword
        yield PlannedStep(keyword=last, text=text)


def _title(requirement: Requirement, number: int, wish: Wish) -> str:
    title = (f"{requirement.title}: the normal case", f"{requirement.title}: the refused case",
             f"{requirement.title}: at the limit",
             f"{requirement.title}: a repeat")[number - 1]
    return f"{title} {HOSTILE}" if wish.hostile and number == 2 else title


def _planned_pq() -> Iterator[Planned]:
    serves = {"INV-EXPIRED": ("URS-EXP-001",), "INV-DOUBLED": ("URS-IDM-002", "URS-IDM-008"),
              "INV-AUDIT": ("URS-AUD-001",)}
    for id_, title, expected, _ in _INVARIANTS:
        yield Planned(id=id_, kind=Kind.INVARIANT, title=title, expects=expected,
                      requirements=serves.get(id_, ()))
    for id_, title, _, _ in _FAULTS:
        yield Planned(id=id_, kind=Kind.FAULT, title=title, expects="fired and felt at least once")


def _results(plan: Plan, wish: Wish) -> Iterator[Result]:
    at = START + timedelta(seconds=2)
    for part in plan.protocols:
        if part.protocol not in wish.executed:
            yield from _not_started(part, at)
            continue
        for item in part.scope:
            state = wish.states.get(item.id, wish.all_states or State.PASSED)
            if state is State.NOT_TESTED and item.id in wish.states:
                continue
            at += timedelta(milliseconds=137)
            yield _result(part.protocol, item, state, at, wish)


def _not_started(part: ProtocolPlan, at: datetime) -> Iterator[Result]:
    for item in part.scope:
        yield Result(
            id=item.id, protocol=part.protocol, kind=item.kind, state=State.NOT_TESTED,
            reason="not started: IQ failed and has no approved deviation",
            started_at=at, finished_at=at,
        )


def _result(
    protocol: Protocol, item: Planned, state: State, at: datetime, wish: Wish
) -> Result:
    reason = "" if state is State.PASSED else _REASONS.get(state, "")
    if wish.reasons and reason:
        reason = f"{item.id}: {reason}"
    steps, facts = _seen(item, state)
    if state is State.DEVIATION:
        facts = {**facts, "deviation": _DEVIATIONS[protocol], "actual_state": "failed"}
    if wish.hostile and steps:
        steps = (*steps[:-1], steps[-1].model_copy(update={"observations": (HOSTILE,)}))
        reason = reason and f"{reason} {HOSTILE}"
    return Result(
        id=item.id, protocol=protocol, kind=item.kind, state=state, reason=reason,
        started_at=at, finished_at=at + timedelta(milliseconds=121), steps=steps, facts=facts,
        wire=f"{item.id[:60]}.jsonl" if item.kind is Kind.SCENARIO else None,
    )


_REASONS = {
    State.FAILED: "the WMS answered 201 and allocated 25.000 kg of lot L-0417, whose status is "
                  "QUARANTINE; expected 422 NO_ELIGIBLE_STOCK",
    State.INCONCLUSIVE: "the planned fault fired and no system felt it; the cell is void",
    State.ERROR: "the harness could not read the answer: connection reset",
    State.NOT_TESTED: "no host control on this target",
    State.NOT_APPLICABLE: "the target has no label printer",
    State.REVIEW: "the screen text has to be read by a person",
    State.DEVIATION: "DEV-2026-014: the alarm text is in English only; accepted, no impact on "
                     "product quality",
}


def _seen(item: Planned, state: State) -> tuple[tuple[Step, ...], dict[str, str | int]]:
    passed = state is State.PASSED
    if item.kind is Kind.SCENARIO:
        return tuple(_steps(item, state)), {}
    if item.kind is Kind.INSTALLATION:
        found = next(row[3] for row in _INSTALLATION if row[0] == item.id)
        return (Step(keyword="Check", text=item.title, state=state, observations=(found,)),), {}
    if item.kind is Kind.CONTRACT:
        return (), {"cases": 100, "accepted": 38, "refused": 62}
    if item.kind is Kind.CHALLENGE:
        return (), _challenged(item, passed)
    if item.kind is Kind.INVARIANT:
        row = next(row for row in _INVARIANTS if row[0] == item.id)
        return (), {"compared": 214, "violations": 0 if passed else 1,
                    "observed": row[3] if passed else "1 lot: L-0417", "messages": 214,
                    "attempts": 236, "replies lost after commit": 8, "physical picks": 96}
    fault = next(row for row in _FAULTS if row[0] == item.id)
    return (), {"fired": fault[2], "felt": "yes" if passed else "no", "kind": fault[1],
                "message": _STRUCK[len(fault[0]) % len(_STRUCK)]}


def _challenged(item: Planned, caught: bool) -> dict[str, str | int]:
    if not item.requirements:
        return {"caught_by": "nothing", "held": 30}
    requirement = item.requirements[0]
    return {"requirement": requirement, "defect": item.id.lower(), "held": 29,
            "story": "The check is there, and its answer is thrown away.",
            "caught_by": f"{requirement}.2" if caught else "nothing"}


def _rows(accepts: bool) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return (
        ("Given", "a released lot L-0417 of LACTOSE with 120.000 kg in date",
         ("loaded: LACTOSE lot L-0417, 120.000 kg, RELEASED, expires 2027-03-31",)),
        ("And", "an order ORD-1001 that needs 25.000 kg of LACTOSE",
         ("loaded: ORD-1001, BOM version 3, 25.000 kg LACTOSE",)),
        ("And", "the order is started",
         ("mes POST /v1/operator/start-order → 201 DONE, key 7b1c0f6e-51",)),
        ("When", "the MES requests the material of the order",
         ("wms POST /v1/exchange/pick-requested → 201 ACCEPTED, journal position 14",
          "sent line 1: LACTOSE 25.000 KGM, BOM version 3")),
        ("Then", "the WMS allocates it from lot L-0417" if accepts
         else "the WMS refuses it with NO_ELIGIBLE_STOCK",
         ("wms GET /v1/inspection/picks → 1 request, allocated 25.000 kg from L-0417",
          "stock before 120.000 kg free, after 95.000 kg free and 25.000 kg allocated")),
        ("And", "the audit trail shows one entry for it",
         ("wms GET /v1/inspection/audit → 1 new entry, actor mes-service, at 09:14:07.112+01:00",)),
    )


def _steps(item: Planned, state: State) -> Iterator[Step]:
    for number, (keyword, text, observations) in enumerate(_rows(bool(item.must_succeed)), 1):
        late = number >= 5 and state is not State.PASSED
        yield Step(keyword=keyword, text=text, state=state if late else State.PASSED,
                   observations=observations)


def _exchanges(check: str) -> Iterator[dict[str, object]]:
    for number in range(1, 4):
        yield {"n": number, "check": check, "system": "wms", "method": "POST",
               "path": "/v1/exchange/pick-requested", "status": 201,
               "request": "eyJzcGVjdmVyc2lvbiI6IjEuMCJ9",
               "response": "eyJzdGF0dXMiOiJBQ0NFUFRFRCJ9"}


def _configuration(wish: Wish) -> dict[str, object]:
    system = {"testMode": True, "siteZone": "Europe/Berlin", "databaseEngine": "SQLite",
              "databaseVersion": "3.40.1", "databaseJournalMode": "wal",
              "databaseSynchronous": "FULL", "inboxRetention": "as long as the journal",
              "retryFirstDelayS": 5, "retryDelayMaxS": 300, "signatureAgeMaxS": 300,
              "passwordHash": "$argon2id$v=19$m=65536,t=3,p=4"}
    configuration: dict[str, object] = {"mes": system, "wms": system, "profile": {"lots": 24}}
    if wish.hostile:
        configuration[HOSTILE] = {"note": HOSTILE, "nothing": None, "list": [1, "two", []]}
    return configuration


def _history(wish: Wish) -> tuple[Event, ...]:
    zone = timezone(timedelta(hours=1))
    start = datetime(2026, 11, 23, 6, 0, tzinfo=zone)
    events: list[tuple[datetime, Lane, str, str, dict[str, str]]] = []
    for n in range(2 if wish.small else 45):
        at = start + timedelta(minutes=10 * n + (n * 7) % 5)
        order = f"ORD-{1001 + n % 12}"
        events.append((at, Lane.PLANT, "material-needed", order, {"quantity": "25.000 kg"}))
        kind = _STRUCK[n % 4]
        if n % 6 == 5:
            events.append((at + timedelta(seconds=8), Lane.LINK, kind, order,
                           {"attempt": "1", "fate": "request lost"}))
        events.append((at + timedelta(seconds=8 + 20 * (n % 6 == 5) * n), Lane.LINK, kind, order,
                       {"attempt": "2" if n % 6 == 5 else "1", "fate": "delivered"}))
        lot = f"L-{400 + n % 24:04d}"
        events.append((at, Lane.PLANT, "received", f"C-{n:03d}",
                       {"lot": lot, "quantity": "25.000 kg", "status": "QUARANTINE"}))
        events.append((at + timedelta(minutes=35), Lane.MES, "change-lot-status", lot,
                       {"to": "BLOCKED" if n % 7 == 6 else "RELEASED", "outcome": "ok"}))
        if n % 3 == 0:
            events.append((at + timedelta(minutes=90), Lane.PLANT, "issued", f"C-{n:03d}", {}))
        events.append((at + timedelta(seconds=9), Lane.WMS,
                       "refused" if n % 9 == 4 else "accepted", order, {}))
        events.append((at + timedelta(minutes=3), Lane.PLANT, "container-scanned", order, {}))
        events.append((at + timedelta(minutes=3, seconds=4), Lane.MES, "accepted", order, {}))
    faults = ((75, "reply lost"), (130, "message doubled"), (185, "conduit down"),
              (193, "conduit up"), (260, "power loss of wms"), (262, "power back"),
              (340, "reply lost"), (395, "scanner dead"))
    events += [(start + timedelta(minutes=m), Lane.FAULT, name, "wms", {}) for m, name in faults]
    for minutes, lot in ((90, "L-0391"), (240, "L-0402"), (420, "L-0410")):
        events.append((start + timedelta(minutes=minutes), Lane.PLANT, "lot-expired", lot, {}))
    events.sort(key=lambda event: (event[0], event[1].value, event[3]))
    return tuple(
        Event(n=n, at=at, lane=lane, event=name, subject=subject, detail=detail)
        for n, (at, lane, name, subject, detail) in enumerate(events, 1)
    )


def _header(plan_sha256: str, wish: Wish, events: tuple[Event, ...]) -> RunHeader:
    apart = wish.mode != "in process"
    systems = tuple(
        Peer(
            role=role,
            system=f"urn:gxproof:system:site1:{role}" + (HOSTILE if wish.hostile else ""),
            software="gxproof-reference 0.1.0",
            address=f"https://127.0.0.1:{port}" if apart else "in process",
            process_id=str(port + 11) if apart else None,
            runner_id=str(port + 12) if apart else None,
            certificate_serial=f"5A3F{port}C1" if apart else None,
            tls="TLSv1.3" if apart else None,
        )
        for role, port in (("mes", 8441), ("wms", 8442))
    )
    return RunHeader(
        run_id=f"run-2026-11-22-{wish.number:04d}-3f9a" + (HOSTILE if wish.hostile else ""),
        number=wish.number,
        command="gxproof qualify --target target.toml",
        started_at=START,
        finished_at=START + timedelta(seconds=61 if wish.times == 1 else 99, milliseconds=480),
        environment=Environment.model_validate({
            "mode": wish.mode, "target": "target.toml", "systems": systems,
            "harnessProcess": "4711", "tool": "gxproof 0.1.0", "python": "CPython 3.11.7",
            "platform": "Linux-6.1-x86_64",
        }),
        seed=20261122,
        history_sha256=history_sha256(events) if events else None,
        plan_sha256=plan_sha256,
        signer=key_id(KEY.public_key()),
        ephemeral_key=bool(wish.informal),
        informal=(*wish.informal, HOSTILE.upper()) if wish.hostile else wish.informal,
    )


