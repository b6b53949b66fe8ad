"""Other people's tools accept a good bundle and refuse a bad one, offline."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer._key import SSlibKey

from reports.dsse import key_id, public_pem
from tests.sample_run import KEY, OTHER_KEY

WRAPPERS = ("bundle.dsse.json", "results.dsse.json", "test-result.dsse.json")


def _needs(tool: str) -> str:
    found = shutil.which(tool)
    if not found:
        pytest.skip(f"{tool} is not installed here")
    return found


@pytest.fixture
def bundle(small_run: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil, under a name with a blank in it."""
    shutil.copytree(small_run / "bundle", tmp_path / "the bundle")
    return tmp_path / "the bundle"


def _shell(bundle: Path, key: Path) -> subprocess.CompletedProcess[str]:
    _needs("openssl")
    _needs("sha256sum")
    return subprocess.run(
        [_needs("sh"), str(bundle / "verify.sh"), str(key)],
        capture_output=True, text=True, check=False,
    )


@pytest.mark.parametrize("name", WRAPPERS)
def test_securesystemslib_verifies_each_statement_without_a_hint(bundle: Path, name: str) -> None:
    key = SSlibKey.from_crypto(KEY.public_key())
    assert key.keyid == key_id(KEY.public_key())
    envelope = Envelope.from_dict(json.loads((bundle / name).read_bytes()))
    assert key.keyid in envelope.verify([key], 1)


def test_securesystemslib_refuses_another_payload_and_another_key(bundle: Path) -> None:
    raw = json.loads((bundle / WRAPPERS[0]).read_bytes())
    with pytest.raises(VerificationError):
        Envelope.from_dict(json.loads(json.dumps(raw))).verify(
            [SSlibKey.from_crypto(OTHER_KEY.public_key())], 1
        )
    envelope = Envelope.from_dict(raw)
    envelope.payload = envelope.payload.replace(b"PASSED", b"FAILED")
    with pytest.raises(VerificationError):
        envelope.verify([SSlibKey.from_crypto(KEY.public_key())], 1)


def test_the_standard_statement_has_the_shape_that_its_definition_asks_for(bundle: Path) -> None:
    """https://in-toto.io/attestation/test-result/v0.1, its members and nothing more."""
    raw = json.loads((bundle / "test-result.dsse.json").read_bytes())
    statement = json.loads(Envelope.from_dict(raw).payload)
    assert statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    predicate = statement["predicate"]
    assert set(predicate) == {
        "result", "configuration", "passedTests", "warnedTests", "failedTests"
    }
    assert predicate["result"] == "PASSED"
    assert {item["name"] for item in predicate["configuration"]} == {"config.json", "plan.json"}


def test_openssl_and_standard_tools_accept_a_good_bundle(bundle: Path, small_run: Path) -> None:
    done = _shell(bundle, small_run / "signer.pub")
    assert done.returncode == 0, done.stderr
    assert "VERIFIED" in done.stdout
    assert "IQ:PASSED,OQ:PASSED,PQ:PASSED" in done.stdout


def test_the_shell_verifier_leaves_the_bundle_as_it_was(bundle: Path, small_run: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in bundle.rglob("*")}
    _shell(bundle, small_run / "signer.pub")
    assert {path: path.stat().st_mtime_ns for path in bundle.rglob("*")} == before


def _flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda b: _flip(b / "oq-report.pdf"), "oq-report.pdf: FAILED"),
        (lambda b: _flip(b / "records/oq.jsonl"), "records/oq.jsonl: FAILED"),
        (lambda b: _flip(b / "signer.pub"), "signer.pub: FAILED"),
        (lambda b: _flip(b / "SHA256SUMS"), "SHA256SUMS was altered"),
        (lambda b: _flip(b / "bundle.dsse.json"), "REFUSED"),
        (lambda b: _append(b / "bundle.dsse.json"), "bundle.dsse.json was altered"),
        (lambda b: (b / "bundle.dsse.json").unlink(), "bundle.dsse.json is missing"),
        (lambda b: (b / "SHA256SUMS").unlink(), "SHA256SUMS was altered or is missing"),
        (lambda b: (b / "junit.xml").unlink(), "missing: junit.xml"),
        (lambda b: (b / "more.txt").write_text("x"), "added: more.txt"),
        (lambda b: (b / "link").symlink_to("run.json"), "not a plain file: ./link"),
    ],
)
def test_openssl_and_standard_tools_refuse_a_bad_bundle(
    bundle: Path, small_run: Path, spoil: Callable[[Path], object], words: str
) -> None:
    spoil(bundle)
    done = _shell(bundle, small_run / "signer.pub")
    assert done.returncode == 1
    assert words in done.stderr
    assert "VERIFIED" not in done.stdout


def test_openssl_refuses_another_key_and_no_key(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "other.pub").write_bytes(public_pem(OTHER_KEY.public_key()))
    done = _shell(bundle, tmp_path / "other.pub")
    assert done.returncode == 1
    assert "signed with another key" in done.stderr
    (tmp_path / "none.pub").write_text("nothing")
    assert _shell(bundle, tmp_path / "none.pub").returncode == 1
    assert _shell(bundle, tmp_path / "nowhere.pub").returncode == 2


def test_sha256sum_alone_checks_every_file(bundle: Path) -> None:
    done = subprocess.run(
        [_needs("sha256sum"), "-c", "--strict", "--quiet", "SHA256SUMS"],
        cwd=bundle, capture_output=True, text=True, check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
