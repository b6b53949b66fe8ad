"""A deviation lets go on what a person has judged, and nothing else; forged ones are refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.model.requirements import Protocol
from contracts.model.verdicts import State, Verdict
from contracts.record.deviations import Deviation, draft_numbers, excused
from contracts.record.folder import RunFolder, read_run
from contracts.record.runs import Plan, Result, RunHeader
from gxproof.deviations import Admitted, admit, approve, draft, keep, open_all
from gxproof.execution import Job
from gxproof.keys import Signer
from gxproof.qualification import Qualification, Wanted
from gxproof.run_log import RunLog
from reports.consistency import contradictions, read_trace
from reports.deviations import DeviationRefused, open_deviation, sign_deviation
from reports.dsse import key_id, public_pem
from tests.sample_run import KEY, OTHER_KEY, PERSON, START, Wish, sample_deviation, write_sample_run

FAILING = "IQ-PYTHON"


@pytest.fixture
def failed(tmp_path: Path) -> Path:
    """A run whose IQ failed in one check."""
    write_sample_run(tmp_path / "failed", Wish(small=True, states={FAILING: State.FAILED}))
    return tmp_path / "failed"


@pytest.fixture
def header(failed: Path) -> RunHeader:
    return read_run(failed).header


@pytest.fixture
def deviation(header: RunHeader) -> Deviation:
    return sample_deviation(Protocol.IQ, (FAILING,), header.plan_sha256)


def _admitted(deviation: Deviation, key: Ed25519PrivateKey = PERSON) -> Admitted:
    raw = sign_deviation(deviation, key)
    return Admitted(open_deviation(raw, key.public_key()), raw, key.public_key())


def _log(folder: Path, *runs: str) -> RunLog:
    log = RunLog(folder)
    for run in runs:
        log.begin(run, START.astimezone(UTC))
    return log


# Which one stands in a run


def test_one_for_this_plan_target_and_check_is_admitted(
    failed: Path, header: RunHeader, deviation: Deviation, tmp_path: Path
) -> None:
    log = _log(tmp_path, deviation.found_in)
    admit((_admitted(deviation),), read_run(failed).plan, header, log)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"plan_sha256": "0" * 64}, "is for another plan"),
        ({"target": "other.toml"}, "is for the target other.toml, not for target.toml"),
        ({"results": ("IQ-ELSE",)}, "names IQ-ELSE, which the plan of the IQ does not have"),
        ({"protocol": Protocol.OQ}, f"names {FAILING}, which the plan of the OQ does not have"),
        ({"found_in": "run-nobody-knows"}, "which the log of runs does not hold"),
    ],
    ids=["plan", "target", "result", "protocol", "run"],
)
def test_one_for_something_else_is_refused(
    failed: Path, header: RunHeader, deviation: Deviation, tmp_path: Path,
    change: dict[str, object], told: str,
) -> None:
    other = _admitted(deviation.model_copy(update=change))
    with pytest.raises(DeviationRefused, match=told):
        admit((other,), read_run(failed).plan, header, _log(tmp_path, deviation.found_in))


def test_one_signed_with_the_key_of_the_execution_is_refused(
    failed: Path, header: RunHeader, deviation: Deviation, tmp_path: Path
) -> None:
    own = _admitted(deviation, KEY)
    with pytest.raises(DeviationRefused, match="a person's own key has to approve"):
        admit((own,), read_run(failed).plan, header, _log(tmp_path, deviation.found_in))


def test_a_signature_of_somebody_else_is_refused(deviation: Deviation, tmp_path: Path) -> None:
    file, key = tmp_path / "deviation.dsse.json", tmp_path / "approver.pub"
    file.write_bytes(sign_deviation(deviation, PERSON))
    key.write_bytes(public_pem(OTHER_KEY.public_key()))
    with pytest.raises(DeviationRefused, match="not the key you gave"):
        open_all((file,), (key,))
    with pytest.raises(DeviationRefused, match="no --approver was named"):
        open_all((file,), ())


def test_every_changed_byte_is_refused(deviation: Deviation) -> None:
    raw = sign_deviation(deviation, PERSON)
    for place in range(0, len(raw), 7):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1:]
        with pytest.raises(DeviationRefused):
            open_deviation(changed, PERSON.public_key())


# What it does to a run


def _fakes(failed: Path, state: State) -> Qualification:
    record = read_run(failed)

    def results(protocol: Protocol) -> Callable[[Job], list[Result]]:
        return lambda job: [
            r.model_copy(update={"state": state if r.id == FAILING else State.PASSED})
            for r in record.results_of(protocol)
        ]

    wanted = Wanted("reference-in-memory", Path("plant"), 1, Signer(KEY, ephemeral=True),
                    Path("runs"), "gxproof qualify")
    return Qualification(wanted, execute={protocol: results(protocol) for protocol in Protocol})


def _executed(failed: Path, qualification: Qualification) -> tuple[dict[Protocol, Verdict], Plan]:
    folder = RunFolder.create(failed.parent / "run")
    plan = read_run(failed).plan
    job = Job(sut=cast(Any, None), plant=cast(Any, None), seed=1, target="", folder=folder,
              prefix="R", step=lambda what: None)
    return qualification.protocols(job, plan, ((p, "") for p in Protocol)), plan


def _recorded(folder: Path, protocol: Protocol) -> list[dict[str, Any]]:
    lines = (folder / "run" / "records" / f"{protocol.lower()}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("state", [State.FAILED, State.ERROR])
def test_without_one_nothing_starts_behind_a_failed_protocol(failed: Path, state: State) -> None:
    verdicts, _ = _executed(failed, _fakes(failed, state))
    bad = Verdict.FAILED if state is State.FAILED else Verdict.ERROR
    assert list(verdicts.values()) == [bad, Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE]
    for protocol in (Protocol.OQ, Protocol.PQ):
        assert {line["state"] for line in _recorded(failed.parent, protocol)} == {"not tested"}


def test_an_approved_one_lets_the_next_protocol_start(failed: Path, deviation: Deviation) -> None:
    qualification = replace(_fakes(failed, State.FAILED), given=(_admitted(deviation),))
    verdicts, _ = _executed(failed, qualification)
    assert list(verdicts.values()) == [
        Verdict.PASSED_WITH_DEVIATIONS, Verdict.PASSED, Verdict.PASSED
    ]
    line = next(r for r in _recorded(failed.parent, Protocol.IQ) if r["id"] == FAILING)
    assert line["state"] == "deviation"
    assert line["facts"]["actual_state"] == "failed"
    assert deviation.number in line["reason"]


def test_none_stands_for_an_error_of_the_tool(failed: Path, deviation: Deviation) -> None:
    qualification = replace(_fakes(failed, State.ERROR), given=(_admitted(deviation),))
    verdicts, _ = _executed(failed, qualification)
    assert verdicts[Protocol.IQ] is Verdict.ERROR


def test_a_check_that_passes_stays_passed(failed: Path, deviation: Deviation) -> None:
    result = next(r for r in read_run(failed).results if r.id == "IQ-PACKAGES")
    assert excused(result, deviation) == result


# What a verification finds


@pytest.fixture
def standing(tmp_path: Path) -> Path:
    """A run in which a deviation stands."""
    write_sample_run(tmp_path / "standing", Wish(small=True, states={FAILING: State.DEVIATION}))
    return tmp_path / "standing"


def _found(run: Path) -> list[str]:
    trace = read_trace(run)
    return [str(item) for item in contradictions(trace, run, key_id(KEY.public_key()))]


def test_a_sound_one_is_no_finding(standing: Path) -> None:
    assert _found(standing) == []


def _put(run: Path, deviation: Deviation, key: Ed25519PrivateKey = PERSON) -> None:
    keep((_admitted(deviation, key),), RunFolder(run))


def _none(run: Path) -> None:
    shutil.rmtree(run / "deviations")


def _other_key(run: Path) -> None:
    path = run / "deviations" / "DEV-2026-014.pub"
    path.write_bytes(public_pem(OTHER_KEY.public_key()))


def _other_plan(run: Path) -> None:
    _put(run, sample_deviation(Protocol.IQ, (FAILING,), "0" * 64))


def _afterwards(run: Path) -> None:
    plan = read_run(run).header.plan_sha256
    late = sample_deviation(Protocol.IQ, (FAILING,), plan)
    _put(run, late.model_copy(update={"at": START + timedelta(hours=1)}))


def _by_the_tool(run: Path) -> None:
    _put(run, sample_deviation(Protocol.IQ, (FAILING,), read_run(run).header.plan_sha256), KEY)


def _twice(run: Path) -> None:
    again = sample_deviation(Protocol.IQ, (FAILING,), read_run(run).header.plan_sha256)
    _put(run, again.model_copy(update={"number": "DEV-2026-099"}))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_none, "is a deviation, and no approved one stands for it"),
        (_other_key, "not the key you gave"),
        (_other_plan, "is for another plan"),
        (_afterwards, "was approved after the run had begun"),
        (_by_the_tool, "a person's own key has to approve"),
        (_twice, "is covered 2 times"),
    ],
)
def test_a_run_in_which_none_truly_stands_is_refused(
    standing: Path, spoil: Callable[[Path], None], told: str
) -> None:
    spoil(standing)
    assert any(told in finding for finding in _found(standing)), _found(standing)


# The form


def test_a_draft_is_filled_in_and_signed_by_a_person(failed: Path, tmp_path: Path) -> None:
    record = read_run(failed)
    number = draft_numbers(record.header.number, record.results)[Protocol.IQ, FAILING]
    form = draft(failed, number)
    file = tmp_path / "form.toml"
    file.write_text(form)
    with pytest.raises(DeviationRefused, match="description"):
        approve(file, PERSON)
    file.write_text(form.replace('""', '"Example text of a person"'))
    opened = open_deviation(approve(file, PERSON), PERSON.public_key()).deviation
    assert (opened.number, opened.results, opened.found_in) == (
        number, (FAILING,), record.header.run_id
    )
    with pytest.raises(DeviationRefused, match="has no draft DEV-1"):
        draft(failed, "DEV-1")
