"""What is signed, and what is refused before and after signing."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.requirements import Protocol
from contracts.model.verdicts import State, Verdict
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import file_digest
from contracts.record.folder import ABORTED, RunFolder, read_run
from reports.documents import print_documents
from reports.dsse import EnvelopeRefused, key_id, open_envelope, public_pem, read_public_key, sign
from reports.inventory import DOCUMENTS, is_safe, take_inventory
from reports.protocols import print_protocols
from reports.sealing import SealRefused, seal_bundle, seal_results, withdraw
from reports.statements import (
    QUALIFICATION_RUN,
    TEST_RESULT_TYPE,
    Statement,
    StatementRefused,
    read_statement,
)
from tests.sample_run import KEY, OTHER_KEY, Wish, write_sample_run

PAYLOAD = b'{"a":1}'
PUBLIC = KEY.public_key()
SMALL = Wish(small=True)
DIGEST = "0" * 64


def _altered(**members: object) -> bytes:
    wrapper = json.loads(sign(PAYLOAD, KEY))
    wrapper.update(members)
    return canonical_bytes(wrapper)


def test_an_envelope_opens_with_its_key_and_is_the_same_bytes_each_time() -> None:
    assert sign(PAYLOAD, KEY) == sign(PAYLOAD, KEY)
    assert open_envelope(sign(PAYLOAD, KEY), PUBLIC) == PAYLOAD


def test_the_key_id_is_the_one_that_peers_compute() -> None:
    known = "63d00ee3cf4f5c61ad94efa696c68f13b608fe56ecea13fb144a6fd18e9235b9"
    assert key_id(PUBLIC) == known


def _signature() -> dict[str, str]:
    signature: dict[str, str] = json.loads(sign(PAYLOAD, KEY))["signatures"][0]
    return signature


def _slack(text: str) -> str:
    """The same bytes in sloppy base64: bits behind the last byte are set."""
    last = chr(ord(text.rstrip("=")[-1]) + 1)
    return text.rstrip("=")[:-1] + last + "=" * text.count("=")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (sign(PAYLOAD, OTHER_KEY), "not the key you gave"),
        (_altered(signatures=[_signature(), _signature()]), "exactly one signature"),
        (_altered(signatures=[]), "exactly one signature"),
        (_altered(extra=1), "exactly the members"),
        (_altered(payloadType="application/json"), "payload type"),
        (_altered(payload=base64.b64encode(b'{"a":2}').decode()), "does not fit"),
        (_altered(payload=_slack(base64.b64encode(PAYLOAD).decode())), "canonical"),
        (_altered(payload="e30 ="), "not base64"),
        (_altered(payload=7), "base64 text"),
        (_altered(signatures=[{**_signature(), "cert": ""}]), "exactly the members"),
        (sign(PAYLOAD, KEY) + b"\n", "canonical"),
        (sign(PAYLOAD, KEY).replace(b'":"', b'": "', 1), "canonical"),
        (sign(PAYLOAD, KEY).replace(b'{"payload"', b'{"payload":"","payload"', 1), "twice"),
        (b"\xff", "not readable"),
        (b"[]", "exactly the members"),
    ],
)
def test_an_envelope_that_is_not_exactly_what_was_signed_is_refused(
    raw: bytes, words: str
) -> None:
    with pytest.raises(EnvelopeRefused, match=words):
        open_envelope(raw, PUBLIC)


def _payload(**members: object) -> bytes:
    statement = json.loads(Statement({"run.json": DIGEST}, QUALIFICATION_RUN, {}).payload())
    statement.update(members)
    return canonical_bytes(statement)


def _subject(*named: str) -> list[dict[str, object]]:
    return [{"digest": {"sha256": DIGEST}, "name": name} for name in named]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (_payload(subject=[]), "no file at all"),
        (_payload(subject=_subject("run.json", "run.json")), "same file twice"),
        (_payload(subject=_subject("RUN.json", "run.json")), "upper and lower case"),
        (_payload(subject=_subject("../run.json")), "not a safe file name"),
        (_payload(subject=_subject("b", "a")), "canonical"),
        (_payload(extra=1), "canonical"),
        (_payload(_type="https://in-toto.io/Statement/v0.1"), "not an in-toto statement"),
        (_payload(predicate=[]), "wrong shape"),
        (_payload(subject=[{"name": "run.json"}]), "not readable"),
        (b"{", "not readable"),
    ],
)
def test_a_statement_that_is_not_exactly_ours_is_refused(payload: bytes, words: str) -> None:
    with pytest.raises(StatementRefused, match=words):
        read_statement(payload)


@given(st.sets(st.from_regex(r"[a-z0-9]{1,8}(/[a-z0-9]{1,8}\.jsonl)?", fullmatch=True), min_size=1))
def test_a_statement_reads_back_as_it_was_written(named: set[str]) -> None:
    safe = {name: DIGEST for name in named if is_safe(name)}
    if safe:
        statement = Statement(safe, QUALIFICATION_RUN, {"runId": "ü"})
        assert read_statement(statement.payload()) == statement


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "a/../b", "a//b", "a\\b", "con", "nul.txt", "a.", "a b", ".a", "ä",
             "a\nb", "x" * 201]
)
def test_a_name_that_means_something_else_elsewhere_is_not_sealed(name: str) -> None:
    assert not is_safe(name)


def test_a_folder_is_listed_without_following_links(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("x")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "empty").mkdir()
    found = take_inventory(tmp_path)
    assert list(found.files) == ["real"]
    assert {finding.file for finding in found.findings} == {"empty", "link"}


def test_results_are_sealed_over_everything_that_the_run_recorded(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    write_sample_run(folder, SMALL)
    digest = seal_results(folder, KEY)
    assert digest == file_digest(folder / "results.dsse.json")
    for name, kind in (
        ("results.dsse.json", QUALIFICATION_RUN), ("test-result.dsse.json", TEST_RESULT_TYPE)
    ):
        statement = read_statement(open_envelope((folder / name).read_bytes(), PUBLIC))
        assert statement.predicate_type == kind
        present = {
            path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
        }
        assert set(statement.subjects) == present - {
            "results.dsse.json", "test-result.dsse.json", ABORTED
        }
        for subject, sha256 in statement.subjects.items():
            assert file_digest(folder / subject) == sha256
    assert seal_results(folder, KEY) == digest, "the same run and key give the same seal"


def test_peers_never_read_an_open_check_as_green(tmp_path: Path) -> None:
    states = {
        "IQ-PYTHON": State.INCONCLUSIVE, "IQ-PACKAGES": State.DEVIATION,
        "URS-PCK-001.1": State.REVIEW, "URS-PCK-001.2": State.NOT_APPLICABLE,
        "URS-PCK-001.3": State.NOT_TESTED,
    }
    write_sample_run(tmp_path / "run", Wish(small=True, states=states))
    seal_results(tmp_path / "run", KEY)
    raw = (tmp_path / "run" / "test-result.dsse.json").read_bytes()
    predicate = read_statement(open_envelope(raw, PUBLIC)).predicate
    assert predicate["result"] == "FAILED"
    assert predicate["failedTests"] == ["IQ/IQ-PYTHON", "OQ/URS-PCK-001.1", "OQ/URS-PCK-001.3"]
    assert predicate["warnedTests"] == ["IQ/IQ-PACKAGES"]
    assert "OQ/URS-PCK-001.2" not in str(predicate)
    assert "PQ/INV-LOST" in str(predicate["passedTests"])


def _rewrite_header(folder: Path, **changes: object) -> None:
    header = read_run(folder).header.model_copy(update=changes)
    RunFolder(folder).write_model("run.json", header)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"plan_sha256": "1" * 64}, "plan digest"),
        ({"history_sha256": "1" * 64}, "history digest"),
        ({"signer": "1" * 64}, "signer"),
        ({"verdicts": {Protocol.IQ: Verdict.FAILED}}, "says IQ FAILED; its records say PASSED"),
        ({"verdicts": {}}, "gives no verdict for IQ"),
    ],
)
def test_a_run_that_contradicts_itself_is_not_sealed(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    write_sample_run(tmp_path / "run", SMALL)
    _rewrite_header(tmp_path / "run", **changes)
    with pytest.raises(SealRefused, match=words):
        seal_results(tmp_path / "run", KEY)


def test_a_file_with_an_unsafe_name_is_not_sealed(tmp_path: Path) -> None:
    write_sample_run(tmp_path / "run", SMALL)
    (tmp_path / "run" / "wire" / "a b.jsonl").write_text("{}")
    with pytest.raises(SealRefused, match=r"wire/a b\.jsonl: has a name"):
        seal_results(tmp_path / "run", KEY)


def test_a_named_evidence_file_has_to_be_there(tmp_path: Path) -> None:
    write_sample_run(tmp_path / "run", SMALL)
    (tmp_path / "run" / "wire" / "URS-PCK-001.1.jsonl").unlink()
    with pytest.raises(SealRefused, match=r"wire/URS-PCK-001\.1\.jsonl: is missing"):
        seal_results(tmp_path / "run", KEY)


def test_a_bundle_is_not_sealed_without_its_documents(tmp_path: Path) -> None:
    write_sample_run(tmp_path / "run", SMALL)
    seal_results(tmp_path / "run", KEY)
    with pytest.raises(SealRefused, match=r"iq-report\.pdf is missing"):
        seal_bundle(tmp_path / "run", KEY)


def test_a_bundle_is_not_sealed_with_documents_of_other_results(
    small_run: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(small_run, folder)
    _rewrite_header(folder, command="gxproof qualify --again")
    with pytest.raises(SealRefused, match="seal the results again"):
        seal_bundle(folder, KEY)
    seal_results(folder, KEY)
    with pytest.raises(SealRefused, match=r"oq-report\.pdf does not carry the sealed"):
        seal_bundle(folder, KEY)


def test_a_bundle_holds_the_same_bytes_as_the_run(small_run: Path) -> None:
    bundle = small_run / "bundle"
    for name in (*DOCUMENTS, "run.json", "records/oq.jsonl", "results.dsse.json", "signer.pub"):
        assert (bundle / name).read_bytes() == (small_run / name).read_bytes()
    assert not (bundle / ABORTED).exists()
    assert (small_run / "signer.pub").read_bytes() == public_pem(PUBLIC)
    assert public_pem(read_public_key(small_run / "signer.pub")) == public_pem(PUBLIC)


def test_sealing_a_bundle_again_gives_the_same_bytes(small_run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(small_run, folder)
    seal_bundle(folder, KEY)
    for path in sorted((small_run / "bundle").rglob("*")):
        if path.is_file():
            again = folder / "bundle" / path.relative_to(small_run / "bundle")
            assert again.read_bytes() == path.read_bytes()


def test_a_chain_that_stopped_after_iq_is_printed_and_sealed(tmp_path: Path) -> None:
    wish = Wish(small=True, executed=(Protocol.IQ,), states={"IQ-PYTHON": State.FAILED})
    write_sample_run(tmp_path / "run", wish)
    print_protocols(tmp_path / "run")
    seal_results(tmp_path / "run", KEY)
    print_documents(tmp_path / "run")
    assert (seal_bundle(tmp_path / "run", KEY) / "oq-report.pdf").exists()


def test_a_run_without_an_end_keeps_its_records_and_loses_its_documents(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    write_sample_run(folder, SMALL)
    print_protocols(folder)  # paper of before the execution, which an aborted run keeps
    kept = {path.name for path in folder.iterdir()}
    seal_results(folder, KEY)
    print_documents(folder)
    seal_bundle(folder, KEY)
    (folder / ".bundle.partial").mkdir()
    withdraw(folder)
    assert {path.name for path in folder.iterdir()} == kept
    withdraw(folder)
