"""What is signed: in-toto statements about the files of a run.

Two predicates stand over the same results. Ours says what the run came to, requirement by
requirement; the standard ``test-result`` says it for peers, unchanged, with three words only.
Sources: in-toto Statement v1; in-toto test-result v0.1; URS-EVD-001, URS-EVD-006.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contracts.model.instants import write_timestamp
from contracts.model.verdicts import State, Verdict
from contracts.record.canonical import canonical_bytes
from contracts.record.strict_json import read_json
from reports.inventory import is_safe
from reports.trace import OPEN, Check, Trace

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
QUALIFICATION_RUN = "https://gxproof.example/qualification-run/v1"
TEST_RESULT_TYPE = "https://in-toto.io/attestation/test-result/v0.1"
ROLE = "executed"


class StatementRefused(ValueError):
    """A payload that is not exactly one statement of ours; the message says why."""


@dataclass(frozen=True)
class Statement:
    """A claim about files. ``subjects`` maps each name to its SHA-256."""

    subjects: Mapping[str, str]
    predicate_type: str
    predicate: Mapping[str, object]

    def payload(self) -> bytes:
        """The canonical bytes to sign."""
        subjects = sorted(self.subjects.items())
        return canonical_bytes({
            "_type": STATEMENT_TYPE,
            "subject": [{"digest": {"sha256": digest}, "name": name} for name, digest in subjects],
            "predicateType": self.predicate_type,
            "predicate": dict(self.predicate),
        })


def read_statement(payload: bytes) -> Statement:
    """Read a payload back; it has to be the canonical form of what it says.

    Raises: StatementRefused.
    """
    try:
        value = read_json(payload)
        statement = _statement(value)
        canonical = statement.payload()
    except StatementRefused:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise StatementRefused(f"its statement is not readable: {exc}") from exc
    if canonical != payload:
        raise StatementRefused("its statement is not in canonical form or has extra members")
    return statement


def run_predicate(trace: Trace, results_sha256: str | None = None) -> dict[str, object]:
    """What a run came to. ``results_sha256`` stands in the seal of the bundle only."""
    header = trace.record.header
    predicate: dict[str, object] = {
        "role": ROLE,
        "runId": header.run_id,
        "number": header.number,
        "mode": header.environment.mode,
        "tool": header.environment.tool,
        "startedAt": write_timestamp(header.started_at),
        "seed": str(header.seed),
        "planSha256": header.plan_sha256,
        "informal": list(header.informal),
        "ephemeralKey": header.ephemeral_key,
        "verdict": trace.verdict.value,
        "verdicts": {part.protocol.value: part.verdict.value for part in trace.protocols},
        "requirements": {item.id: item.state.value for item in trace.requirements},
        "checks": {
            part.protocol.value: {check.id: check.state.value for check in part.checks}
            for part in trace.protocols
        },
    }
    if trace.deviations:
        predicate["deviations"] = {
            item.number: {"protocol": item.protocol.value, "results": list(item.results)}
            for item in trace.deviations
        }
    if header.history_sha256:
        predicate["historySha256"] = header.history_sha256
    if results_sha256:
        predicate["resultsSha256"] = results_sha256
    return predicate


def peer_predicate(trace: Trace, subjects: Mapping[str, str]) -> dict[str, object]:
    """The standard ``test-result`` predicate.

    It knows no "inconclusive" and no "not tested". Whatever keeps our verdict from passing stands
    under ``failedTests``, so that a peer's policy can never read it as green; an approved deviation
    is a warning; what is not applicable is in no list.
    """
    return {
        "result": _RESULT.get(trace.verdict, "FAILED"),
        "configuration": [
            {"digest": {"sha256": subjects[name]}, "name": name}
            for name in ("config.json", "plan.json")
        ],
        "passedTests": _names(trace, State.PASSED),
        "warnedTests": _names(trace, State.DEVIATION),
        "failedTests": _names(trace, *OPEN),
    }


_RESULT = {Verdict.PASSED: "PASSED", Verdict.PASSED_WITH_DEVIATIONS: "WARNED"}


def _names(trace: Trace, *states: State) -> list[str]:
    def of(protocol: str, checks: Iterable[Check]) -> list[str]:
        return [f"{protocol}/{check.id}" for check in checks if check.state in states]

    return [name for part in trace.protocols for name in of(part.protocol, part.checks)]


def _statement(value: dict[str, object]) -> Statement:
    if value["_type"] != STATEMENT_TYPE:
        raise StatementRefused("it is not an in-toto statement, version 1")
    listed = value["subject"]
    predicate = value["predicate"]
    if not isinstance(listed, list) or not isinstance(predicate, dict):
        raise StatementRefused("subject or predicate of its statement has the wrong shape")
    subjects = {str(item["name"]): str(item["digest"]["sha256"]) for item in listed}
    if not subjects:
        raise StatementRefused("it seals no file at all")
    if len(subjects) != len(listed):
        raise StatementRefused("it names the same file twice")
    unsafe = sorted(name for name in subjects if not is_safe(name))
    if unsafe:
        raise StatementRefused(f"it names {unsafe[0]!r}, which is not a safe file name")
    if len({name.casefold() for name in subjects}) != len(subjects):
        raise StatementRefused("it names two files that differ only in upper and lower case")
    return Statement(subjects, str(value["predicateType"]), predicate)
