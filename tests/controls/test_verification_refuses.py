"""Known-bad bundles: the verifier has to refuse each, name the file, and never raise."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.model.requirements import Protocol
from contracts.model.verdicts import State, Verdict
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import sha256
from contracts.record.runs import EPHEMERAL_KEY, NOT_APPROVED
from reports.completeness import shortcomings
from reports.consistency import contradictions, read_trace
from reports.dsse import key_id, open_envelope, public_pem, sign
from reports.verification import verify_bundle
from tests.sample_run import KEY, OTHER_KEY, Wish, write_sample_run

SEED = 20261122
FLIPS_PER_FILE = 45
WRAPPER = "bundle.dsse.json"
FLIPS_PER_WRAPPER = {WRAPPER: 500, "results.dsse.json": 150, "test-result.dsse.json": 100}


@pytest.fixture
def bundle(small_run: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(small_run / "bundle", tmp_path / "bundle")
    return tmp_path / "bundle"


@pytest.fixture
def key(small_run: Path) -> Path:
    return small_run / "signer.pub"


def _named(bundle: Path, key: Path) -> set[str]:
    verification = verify_bundle(bundle, key)
    assert not verification.ok
    assert verification.findings
    assert not verification.roles
    return {finding.file for finding in verification.findings}


def test_a_good_bundle_is_accepted_and_described(small_run: Path, key: Path) -> None:
    verification = verify_bundle(small_run / "bundle", key)
    assert verification.findings == ()
    assert verification.ok
    assert verification.run_id == "run-2026-11-22-0007-3f9a"
    assert verification.number == 7
    assert verification.verdicts == dict.fromkeys(Protocol, Verdict.PASSED)
    assert verification.signer == key_id(KEY.public_key())
    assert verification.roles == ("executed",)
    assert verification.informal
    assert verification.files == sum(
        path.is_file() for path in (small_run / "bundle").rglob("*")
    )


def test_every_flipped_bit_is_refused_and_its_file_named(bundle: Path, key: Path) -> None:
    dice = random.Random(SEED)
    flips = 0
    for name, path in _files(bundle):
        original = path.read_bytes()
        wanted = FLIPS_PER_WRAPPER.get(name, FLIPS_PER_FILE)
        for bit in dice.sample(range(len(original) * 8), min(wanted, len(original) * 8)):
            spoilt = bytearray(original)
            spoilt[bit // 8] ^= 1 << (bit % 8)
            path.write_bytes(spoilt)
            named = _named(bundle, key)
            assert named == {name}, f"bit {bit} of {name} (seed {SEED}) gave {named}"
            flips += 1
        path.write_bytes(original)
    assert flips >= 2000
    assert verify_bundle(bundle, key).ok


def _files(bundle: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(bundle.rglob("*")):
        if path.is_file():
            yield path.relative_to(bundle).as_posix(), path


def _added(bundle: Path) -> str:
    (bundle / "wire" / "extra.jsonl").write_text("{}\n")
    return "wire/extra.jsonl"


def _removed(bundle: Path) -> str:
    (bundle / "oq-report.pdf").unlink()
    return "oq-report.pdf"


def _renamed(bundle: Path) -> str:
    (bundle / "junit.xml").rename(bundle / "results.xml")
    return "junit.xml"


def _swapped(bundle: Path) -> str:
    one, two = bundle / "iq-report.pdf", bundle / "pq-report.pdf"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    return "iq-report.pdf"


def _truncated(bundle: Path) -> str:
    path = bundle / "records" / "oq.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    return "records/oq.jsonl"


def _emptied(bundle: Path) -> str:
    (bundle / "run.json").write_bytes(b"")
    return "run.json"


def _linked(bundle: Path) -> str:
    path = bundle / "plan.json"
    path.rename(bundle.parent / "plan.json")
    path.symlink_to(bundle.parent / "plan.json")
    return "plan.json"


def _linked_folder(bundle: Path) -> str:
    (bundle / "wire").rename(bundle.parent / "wire")
    (bundle / "wire").symlink_to(bundle.parent / "wire")
    return "wire"


def _empty_folder(bundle: Path) -> str:
    (bundle / "attachments").mkdir()
    return "attachments"


def _hidden(bundle: Path) -> str:
    (bundle / ".run.json").write_text("{}")
    return ".run.json"


def _case_clash(bundle: Path) -> str:
    (bundle / "RUN.json").write_bytes((bundle / "run.json").read_bytes())
    return "run.json"


def _no_seal(bundle: Path) -> str:
    (bundle / WRAPPER).unlink()
    return WRAPPER


def _linked_seal(bundle: Path) -> str:
    (bundle / WRAPPER).rename(bundle.parent / WRAPPER)
    (bundle / WRAPPER).symlink_to(bundle.parent / WRAPPER)
    return WRAPPER


def _results_for_bundle(bundle: Path) -> str:
    (bundle / WRAPPER).write_bytes((bundle / "results.dsse.json").read_bytes())
    return WRAPPER


@pytest.mark.parametrize(
    "spoil",
    [_added, _removed, _renamed, _swapped, _truncated, _emptied, _linked, _linked_folder,
     _empty_folder, _hidden, _case_clash, _no_seal, _linked_seal, _results_for_bundle],
)
def test_a_changed_set_of_files_is_refused(
    bundle: Path, key: Path, spoil: Callable[[Path], str]
) -> None:
    file = spoil(bundle)
    assert file in _named(bundle, key)


def test_a_swap_says_whose_content_it_found(bundle: Path, key: Path) -> None:
    _swapped(bundle)
    told = {str(finding) for finding in verify_bundle(bundle, key).findings}
    assert told == {
        "iq-report.pdf: was changed after sealing; its content is that of pq-report.pdf",
        "pq-report.pdf: was changed after sealing; its content is that of iq-report.pdf",
    }


@pytest.mark.parametrize("name", ["oq-report.pdf", "results.dsse.json", "test-result.dsse.json"])
def test_a_file_of_another_run_is_refused(
    bundle: Path, key: Path, other_run: Path, name: str
) -> None:
    (bundle / name).write_bytes((other_run / "bundle" / name).read_bytes())
    assert _named(bundle, key) == {name}


def test_the_seal_of_another_run_is_refused(bundle: Path, key: Path, other_run: Path) -> None:
    (bundle / WRAPPER).write_bytes((other_run / "bundle" / WRAPPER).read_bytes())
    assert {"run.json", "oq-report.pdf", "results.dsse.json"} <= _named(bundle, key)


def test_another_key_is_refused(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "other.pub").write_bytes(public_pem(OTHER_KEY.public_key()))
    verification = verify_bundle(bundle, tmp_path / "other.pub")
    assert [finding.file for finding in verification.findings] == [WRAPPER]
    assert "not the key you gave" in verification.findings[0].problem


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n"])
def test_a_key_file_that_is_none_is_a_sentence(
    bundle: Path, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "no.pub"
    if content is not None:
        path.write_bytes(content)
    assert str(path) in _named(bundle, path)


def test_a_missing_bundle_is_a_sentence(tmp_path: Path, key: Path) -> None:
    assert _named(tmp_path / "nowhere", key) == {str(tmp_path / "nowhere")}
    (tmp_path / "empty").mkdir()
    assert _named(tmp_path / "empty", key) == {WRAPPER}


def _resealed(bundle: Path, change: Callable[[dict[str, object]], None]) -> None:
    """What only the holder of the key could do: a false statement with a true signature."""
    payload = json.loads(open_envelope((bundle / WRAPPER).read_bytes(), KEY.public_key()))
    change(payload)
    (bundle / WRAPPER).write_bytes(sign(canonical_bytes(payload), KEY))


def _no_subjects(payload: dict[str, object]) -> None:
    payload["subject"] = []


def _doubled(payload: dict[str, object]) -> None:
    subjects = payload["subject"]
    assert isinstance(subjects, list)
    payload["subject"] = [*subjects, subjects[0]]


def _above(payload: dict[str, object]) -> None:
    subjects = payload["subject"]
    assert isinstance(subjects, list)
    payload["subject"] = [{"digest": {"sha256": "0" * 64}, "name": "../run.json"}, *subjects]


def _better(payload: dict[str, object]) -> None:
    predicate = payload["predicate"]
    assert isinstance(predicate, dict)
    predicate["verdict"] = "PASSED WITH DEVIATIONS"


def _other_results(payload: dict[str, object]) -> None:
    predicate = payload["predicate"]
    assert isinstance(predicate, dict)
    predicate["resultsSha256"] = "0" * 64


def _approved(payload: dict[str, object]) -> None:
    predicate = payload["predicate"]
    assert isinstance(predicate, dict)
    predicate["role"] = "approved"


def _other_run(payload: dict[str, object]) -> None:
    predicate = payload["predicate"]
    assert isinstance(predicate, dict)
    predicate["runId"] = "another"


def _without_pdf(payload: dict[str, object]) -> None:
    subjects = payload["subject"]
    assert isinstance(subjects, list)
    payload["subject"] = [item for item in subjects if item["name"] != "oq-report.pdf"]


@pytest.mark.parametrize(
    "change",
    [_no_subjects, _doubled, _above, _better, _other_results, _approved, _other_run, _without_pdf],
)
def test_a_false_statement_is_refused_though_the_signature_is_good(
    bundle: Path, key: Path, change: Callable[[dict[str, object]], None]
) -> None:
    _resealed(bundle, change)
    assert WRAPPER in _named(bundle, key)


def test_a_verdict_that_the_records_do_not_give_is_refused(bundle: Path, key: Path) -> None:
    run = json.loads((bundle / "run.json").read_bytes())
    run["verdicts"]["OQ"] = "FAILED"
    raw = json.dumps(run).encode()
    (bundle / "run.json").write_bytes(raw)

    def admit(payload: dict[str, object]) -> None:
        subjects = payload["subject"]
        assert isinstance(subjects, list)
        for item in subjects:
            if item["name"] == "run.json":
                item["digest"]["sha256"] = sha256(raw)

    _resealed(bundle, admit)
    told = [str(finding) for finding in verify_bundle(bundle, key).findings]
    assert "run.json: says OQ FAILED; its records say PASSED" in told


@pytest.mark.parametrize(
    "name",
    ["oq-report.pdf", "oq-protocol.pdf", "deviations.pdf", "traceability-matrix.xlsx"],
)
def test_documents_that_show_something_else_are_refused_though_sealed(
    bundle: Path, key: Path, whole_run: Path, name: str
) -> None:
    """A seal over the wrong paper: every byte is signed, and the paper is of another run."""
    raw = (whole_run / "bundle" / name).read_bytes()
    (bundle / name).write_bytes(raw)
    sums = (bundle / "SHA256SUMS").read_text().splitlines(keepends=True)
    sums = [f"{sha256(raw)}  {name}\n" if line.endswith(f" {name}\n") else line
            for line in sums]
    (bundle / "SHA256SUMS").write_text("".join(sums))

    def admit(payload: dict[str, object]) -> None:
        subjects = payload["subject"]
        assert isinstance(subjects, list)
        for item in subjects:
            if item["name"] in (name, "SHA256SUMS"):
                item["digest"]["sha256"] = sha256((bundle / item["name"]).read_bytes())

    _resealed(bundle, admit)
    assert _named(bundle, key) == {name}


# A record that contradicts itself: signed by the holder of the key, and refused all the same


def _rewritten(
    folder: Path, changes: dict[str, Callable[[dict[str, object]], None]], line: str = ""
) -> list[str]:
    """What is found in a run folder whose files say something else; ``line`` picks a result."""
    for name, change in changes.items():
        path = folder / name
        lines = path.read_text().splitlines() if name.startswith("records/") else [path.read_text()]
        for number, text in enumerate(lines):
            value = json.loads(text)
            if not line or value["id"] == line:
                change(value)
            lines[number] = json.dumps(value)
        path.write_text("\n".join(lines) + "\n")
    trace = read_trace(folder)
    return [str(item) for item in contradictions(trace, folder, key_id(KEY.public_key()))]


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A whole record that a test may spoil."""
    write_sample_run(tmp_path / "record", Wish())
    return tmp_path / "record"


def _set(**members: object) -> Callable[[dict[str, object]], None]:
    return lambda value: value.update(members)


def _facts(**facts: object) -> Callable[[dict[str, object]], None]:
    def change(value: dict[str, object]) -> None:
        held = value["facts"]
        assert isinstance(held, dict)
        held.update(facts)

    return change


def _bad_step(value: dict[str, object]) -> None:
    steps = value["steps"]
    assert isinstance(steps, list)
    steps[-1]["state"] = "failed"


def test_a_sound_record_contradicts_itself_nowhere(record: Path) -> None:
    assert _rewritten(record, {}) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_set(informal=[EPHEMERAL_KEY]), f"does not say that it was {NOT_APPROVED}, and it was"),
        (_set(informal=[NOT_APPROVED]), f"does not say that it was {EPHEMERAL_KEY}, and it was"),
        (_set(ephemeralKey=False), f"says that it was {EPHEMERAL_KEY}, and it was not"),
        (_set(finishedAt=None), "does not say when the run ended, so it did not"),
        (_set(finishedAt="2026-11-22T08:14:04Z"), "ended before it began"),
    ],
    ids=["approval concealed", "key concealed", "key belied", "no end", "end first"],
)
def test_a_cover_that_contradicts_the_record_is_refused(
    record: Path, change: Callable[[dict[str, object]], None], told: str
) -> None:
    assert f"run.json: {told}" in _rewritten(record, {"run.json": change})


@pytest.mark.parametrize(
    ("file", "check", "change", "told"),
    [
        ("oq", "URS-PCK-001.1", _bad_step, "is passed, yet a step of it is failed"),
        ("oq", "URS-PCK-001.1", _set(steps=[]), "is passed without a single step"),
        ("oq", "URS-PCK-001.1", _set(wire=None), "is passed without any recorded exchange"),
        ("oq", "URS-PCK-001.1", _set(finishedAt="2026-11-22T08:14:06Z"),
         "ended before it began"),
        ("oq", "URS-PCK-001.1", _set(startedAt="2026-11-22T08:14:00Z"),
         "was not executed within the time of the run"),
        ("oq", "URS-PCK-001.1", _set(finishedAt="2026-11-23T00:00:00Z"),
         "was not executed within the time of the run"),
        ("oq", "CON-mes.health", _facts(accepted=0),
         "is passed, yet the system accepted not one case"),
        ("oq", "DEFECT-01", _facts(caught_by="nothing"),
         "is passed, yet nothing caught the defect"),
        ("oq", "CHL-faithful-copy", _facts(caught_by="URS-PCK-001.1"),
         "is passed, yet URS-PCK-001.1 failed on a copy without a defect"),
        ("pq", "INV-LOST", _facts(compared=0), "is passed, yet nothing was compared"),
        ("pq", "INV-LOST", _facts(violations=2), "is passed, yet it found 2 violations"),
        ("pq", "FLT-LATE", _facts(fired=0), "is passed, yet it never fired"),
        ("pq", "FLT-LATE", _facts(felt="no"), "is passed, yet no system felt it"),
    ],
)
def test_a_state_that_its_own_observations_belie_is_refused(
    record: Path, file: str, check: str, change: Callable[[dict[str, object]], None], told: str
) -> None:
    name = f"records/{file}.jsonl"
    assert f"{name}: {check} {told}" in _rewritten(record, {name: change}, line=check)


def test_evidence_without_an_exchange_is_refused(record: Path) -> None:
    (record / "wire" / "URS-PCK-001.1.jsonl").write_bytes(b"")
    told = "records/oq.jsonl: URS-PCK-001.1 is passed without any recorded exchange"
    assert told in _rewritten(record, {})


def test_a_passed_check_of_a_system_needs_its_exchanges_even_where_it_observed(
    record: Path,
) -> None:
    """Without a file of exchanges, and none named, what was observed is only a sentence."""
    (record / "wire" / "URS-PCK-001.1.jsonl").unlink()
    told = "records/oq.jsonl: URS-PCK-001.1 is passed without any recorded exchange"
    change = {"records/oq.jsonl": _set(wire=None)}
    assert told in _rewritten(record, change, line="URS-PCK-001.1")


def test_a_passed_check_of_the_tool_alone_needs_an_observation(record: Path) -> None:
    """Nothing is exchanged where a rule of the harness itself is tried; what it saw stands there.

    The plan says whom a requirement concerns, and the plan is what the run was started with.
    """
    plan = json.loads((record / "plan.json").read_text())
    for item in plan["requirements"]:
        if item["id"] == "URS-PCK-001":
            item["appliesTo"] = ["tool"]
    (record / "plan.json").write_text(json.dumps(plan))
    line = "records/oq.jsonl: URS-PCK-001.1"
    found = _rewritten(record, {"records/oq.jsonl": _set(wire=None)}, line="URS-PCK-001.1")
    assert f"{line} is passed without any recorded exchange" not in found
    blind = [{"keyword": "Then", "text": "it is looked at", "state": "passed"}]
    found = _rewritten(record, {"records/oq.jsonl": _set(steps=blind)}, line="URS-PCK-001.1")
    assert f"{line} is passed, yet nothing was observed" in found


def test_a_gap_that_the_documents_conceal_is_refused(
    whole_run: Path, tmp_path: Path
) -> None:
    """The matrix and summary of a plan without gaps, laid beside one in which scenarios lack."""
    write_sample_run(tmp_path / "gap", Wish(states={"DEFECT-01": State.FAILED}))
    trace = read_trace(tmp_path / "gap")
    for name in ("traceability-matrix.pdf", "validation-summary.pdf"):
        told = shortcomings((whole_run / name).read_bytes(), name, trace, b"")
        assert "does not show the gap “Requirement that was not challenged”" in told
