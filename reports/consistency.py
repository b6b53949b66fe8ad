"""Whether a run says the same thing everywhere: the same rules before sealing and in verification.

The verdicts of ``run.json`` are taken anew from the records and the plan; digests are computed
again. Source: URS-EVD-004, URS-EVD-007, URS-EVD-008.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from contracts.record.digests import file_digest
from contracts.record.folder import read_history, read_run
from contracts.record.history import history_sha256
from contracts.record.runs import RunRecord
from reports.baselines import approval_findings, read_approval
from reports.coherence import incoherent
from reports.deviations import deviation_findings, read_deviations
from reports.findings import Finding
from reports.trace import Trace


def read_trace(folder: Path) -> Trace:
    """The chain of the run in ``folder``, every result against the plan.

    Raises: OSError, ValueError naming what cannot be read or does not fit the plan.
    """
    approved, _ = read_deviations(folder)
    trace = Trace(read_run(folder), tuple(item.deviation for item in approved))
    _ = trace.checks
    return trace


def contradictions(trace: Trace, folder: Path, signer: str) -> tuple[Finding, ...]:
    """What the run says twice and differently. ``signer`` is the id of the key that seals it."""
    header = trace.record.header
    found = [*_verdicts(trace), *_plan(trace.record), *_evidence(trace, folder)]
    found += incoherent(trace, folder)
    approved, refused = read_deviations(folder)
    found += [*refused, *deviation_findings(trace.record, approved)]
    approval, not_opened = read_approval(folder)
    found += [*not_opened, *approval_findings(trace.record, approval, folder)]
    if file_digest(folder / "plan.json") != header.plan_sha256:
        found.append(Finding("run.json", "its plan digest is not that of plan.json"))
    if header.signer != signer:
        found.append(Finding(
            "run.json", f"names {header.signer} as its signer; the key is {signer}"
        ))
    history = read_history(folder)
    if (history or header.history_sha256) and history_sha256(history) != header.history_sha256:
        found.append(Finding("run.json", "its history digest is not that of history.jsonl"))
    return tuple(found)


def _plan(record: RunRecord) -> Iterator[Finding]:
    planned = [plan.protocol for plan in record.plan.protocols]
    if len(planned) != len(set(planned)):
        yield Finding("plan.json", "plans a protocol twice")
    for result in record.results:
        if result.protocol not in planned:
            yield Finding("plan.json", f"has no {result.protocol}, yet {result.id} ran in it")
    for plan in record.plan.protocols:
        ids = [item.id for item in plan.scope]
        for doubled in sorted({check for check in ids if ids.count(check) > 1}):
            yield Finding("plan.json", f"plans {doubled} twice in {plan.protocol}")


def _verdicts(trace: Trace) -> Iterator[Finding]:
    stated = trace.record.header.verdicts
    for part in trace.protocols:
        verdict = stated.get(part.protocol)
        if verdict is None and part.executed:
            yield Finding("run.json", f"gives no verdict for {part.protocol}, which was executed")
        elif verdict is not None and verdict is not part.verdict:
            yield Finding(
                "run.json",
                f"says {part.protocol} {verdict.value}; its records say {part.verdict.value}",
            )
    planned = {part.protocol for part in trace.protocols}
    for protocol in stated:
        if protocol not in planned:
            yield Finding("run.json", f"gives a verdict for {protocol}, which was not planned")


def _evidence(trace: Trace, folder: Path) -> Iterator[Finding]:
    for check in trace.checks:
        if check.wire and not (folder / check.wire).is_file():
            yield Finding(check.wire, f"is missing, yet {check.id} names it as its evidence")
