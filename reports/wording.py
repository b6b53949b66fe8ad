"""How things are said on paper: times with their zone, the mode in words, what a state means."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from contracts.model.requirements import Protocol
from contracts.model.verdicts import State, Verdict
from contracts.record.runs import Environment, Kind, Peer, Planned
from reports.typeface import printable

PRODUCT = "GxProof"
NAMES = {
    Protocol.IQ: "Installation qualification",
    Protocol.OQ: "Operational qualification",
    Protocol.PQ: "Performance qualification, simulated part",
}
TITLES = {protocol: f"{name} report" for protocol, name in NAMES.items()}
TITLES[Protocol.PQ] = "Performance qualification report, simulated part"
PROTOCOL_TITLES = {protocol: f"{name} protocol" for protocol, name in NAMES.items()}
PROTOCOL_TITLES[Protocol.PQ] = "Performance qualification protocol, simulated part"
SUMMARY_TITLE = "Validation summary report"
DEVIATIONS_TITLE = "Deviations"
MATRIX_TITLE = "Traceability matrix"

PURPOSE = {
    Protocol.IQ: "This protocol establishes that what runs is what was meant to be installed: "
                 "software, configuration, database, transport security and accounts.",
    Protocol.OQ: "This protocol establishes that the exchange between MES and WMS does what each "
                 "user requirement asks for, and refuses what it has to refuse. Each requirement "
                 "is exercised by scenarios over the published interfaces; every operation is "
                 "exercised with generated messages; and seeded defects show that these checks "
                 "are able to fail.",
    Protocol.PQ: "This protocol establishes that the two systems together stay true to the "
                 "material over simulated work of the plant, {faults}.",
}
_EXERCISED = (
    "Requirements of this level are exercised by scenarios of their own as well, and seeded "
    "defects show that these are able to fail."
)
SIMULATION = (
    "This is a simulation: matter, people, equipment and time are modelled, the systems under "
    "test are not. It is the simulated part of a performance qualification and never stands for "
    "a site's own."
)
STATE_MEANING = {
    State.PASSED: "the actual result meets the acceptance criterion",
    State.FAILED: "the actual result does not meet the acceptance criterion",
    State.INCONCLUSIVE: "it ran, and what it saw allows no decision",
    State.ERROR: "the tool itself failed; this says nothing about the system",
    State.NOT_APPLICABLE: "it cannot apply to this system, for the reason given; it does not count",
    State.NOT_TESTED: "it was planned and not executed",
    State.REVIEW: "a person has to decide",
    State.DEVIATION: "it was not met, and an approved deviation stands for it",
}
VERDICT_MEANING = {
    Verdict.PASSED: "Every check in scope passed.",
    Verdict.PASSED_WITH_DEVIATIONS: "Every check in scope passed, or an approved deviation stands "
                                    "for it.",
    Verdict.INCONCLUSIVE: "No check failed, and not every check could be decided.",
    Verdict.FAILED: "At least one check did not meet its acceptance criterion.",
    Verdict.ERROR: "The tool failed in at least one check; this run decides nothing.",
}
VERDICT_RULE = (
    "A verdict is taken over every check that the plan names, worst first: any error gives ERROR; "
    "any failed check gives FAILED; any check that is inconclusive, not tested or waiting for "
    "review gives INCONCLUSIVE; otherwise PASSED, “with deviations” where an approved one stands. "
    "What is not applicable does not count, and an empty scope never passes."
)



def purpose(protocol: Protocol, scope: Iterable[Planned], faults: Iterable[str] = ()) -> str:
    """What a protocol sets out to establish. ``faults`` are the kinds that the plan injects."""
    told = PURPOSE[protocol].format(faults=_injected(tuple(faults)))
    exercised = any(item.kind is Kind.SCENARIO for item in scope)
    return f"{told} {_EXERCISED}" if protocol is Protocol.PQ and exercised else told


def repeatable(environment: Environment) -> str:
    """What a second run of the same seed would have in common with this one."""
    if environment.mode == "in process":
        return "the same seed gives the same history, byte for byte"
    return (
        "retry pauses are the systems' own, so that the histories of two runs of one seed differ "
        "in their times"
    )


def challenged_what(environment: Environment) -> str:
    """What was challenged where the system under test is not the reference; else nothing."""
    if environment.mode != "vendor system":
        return ""
    return " The method was challenged in this way, not the system under test."


def moment(at: datetime) -> str:
    """A point in time with its offset: ``2026-11-22 09:14:05 (UTC+01:00)``."""
    return f"{at:%Y-%m-%d %H:%M:%S} ({zone(at)})"


def zone(at: datetime) -> str:
    """The offset that a time carries: ``UTC+01:00``, or ``UTC``."""
    offset = at.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    minutes = abs(offset) // timedelta(minutes=1)
    return f"UTC{'-' if offset < timedelta() else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


def duration(seconds: float) -> str:
    """A duration for people: ``0.1 s``, ``1 min 1 s``, ``8 h 0 min``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 check``, ``2 checks``."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def plural(kind: str) -> str:
    """``scenarios``, ``challenges of the method``."""
    first, of, rest = kind.partition(" of ")
    return f"{first}s{of}{rest}"


def clipped(text: str, length: int) -> str:
    """``text`` as it will be printed, in at most ``length`` characters, … where it was cut."""
    shown = printable(text)
    return shown if len(shown) <= length else f"{shown[: length - 1].rstrip()}…"


def short_mode(environment: Environment) -> str:
    """The mode in one short sentence; :func:`mode` says the rest."""
    return {
        "in process": "in process, without network, TLS or concurrency",
        "separate processes": "separate processes",
        "vendor system": "a vendor's system at its own addresses",
    }[environment.mode] + over_tls(environment)


def over_tls(environment: Environment) -> str:
    """The versions of TLS that the handshakes showed: `` over TLS 1.3``, or nothing."""
    versions = sorted({peer.tls for peer in environment.systems if peer.tls})
    return " over " + " and ".join(_tls(version) for version in versions) if versions else ""


def mode(environment: Environment) -> str:
    """The mode of a run, as a reader needs it to weigh the result."""
    if environment.mode == "in process":
        return (
            "In process: the harness called both systems inside its own process. Requests came one "
            "after the other; no network, TLS or concurrency was exercised."
        )
    told = "; ".join(_apart(peer) for peer in environment.systems)
    over = over_tls(environment)
    if environment.mode == "separate processes":
        told = f"Separate processes{over}: {told}; harness process {environment.harness_process}."
    else:
        told = f"A vendor's system at its own addresses{over}: {told}."
    return f"{told} {_BETWEEN}"


_BETWEEN = (
    "While the plant was simulated, messages between the two systems passed a relay of the "
    "harness. It ended TLS with their test client certificates; the signatures of the messages "
    "went through it from end to end. The harness drove the clocks of the site; certificates were "
    "judged by the wall clock."
)


def _injected(kinds: tuple[str, ...]) -> str:
    if not kinds:
        return "without any injected fault"
    told = ", ".join(dict.fromkeys(kinds))
    return f"into which {counted(len(kinds), 'fault')} of these kinds are injected: {told}"


def _tls(version: str) -> str:
    return version.replace("TLSv", "TLS ")


def _apart(peer: Peer) -> str:
    parts = (
        ("process", peer.process_id), ("runner", peer.runner_id),
        ("certificate serial seen in the handshake", peer.certificate_serial),
    )
    return f"{peer.role.upper()} " + (
        ", ".join(f"{name} {value}" for name, value in parts if value) or f"at {peer.address}"
    )
