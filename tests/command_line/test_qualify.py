"""The whole way: one command, a run folder, a bundle that verifies, and what happens when it cannot."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import IN_SHORT

GXPROOF = str(Path(sys.executable).with_name("gxproof"))
PROTOCOLS = {"iq-protocol.pdf", "oq-protocol.pdf", "pq-protocol.pdf"}
DOCUMENTS = {
    "iq-report.pdf",
    "oq-report.pdf",
    "pq-report.pdf",
    "deviations.pdf",
    "traceability-matrix.xlsx",
    "traceability-matrix.pdf",
    "traceability-matrix.html",
    "traceability-matrix.csv",
    "validation-summary.pdf",
    "junit.xml",
}


def gxproof(*arguments, cwd, check=None, **options):
    done = subprocess.run(
        [GXPROOF, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    if check is not None:
        assert done.returncode == check, done.stdout + done.stderr
    return done


@pytest.fixture
def run(qualified):
    return qualified


@pytest.mark.usefixtures("whole_installation")
def test_the_reference_passes(run):
    _, done = run
    assert done.returncode == 0, done.stdout + done.stderr
    verdicts = re.findall(r"^(IQ|OQ|PQ)\s+(\S+)", done.stdout, re.MULTILINE)
    assert verdicts == [("IQ", "PASSED"), ("OQ", "PASSED"), ("PQ", "PASSED")]
    assert done.stderr == ""


def test_the_run_folder_holds_everything(run):
    folder, _ = run
    latest = folder / "runs" / "latest"
    names = {path.name for path in latest.iterdir()}
    assert names >= DOCUMENTS | PROTOCOLS | {
        "run.json",
        "plan.json",
        "config.json",
        "records",
        "history.jsonl",
        "wire",
        "signer.pub",
        "bundle",
    }
    assert "ABORTED" not in names
    assert not [name for name in names if name.startswith(".")]
    assert {p.name for p in folder.iterdir()} == {"runs"}


def test_the_last_line_verifies_the_bundle(run):
    folder, done = run
    last = done.stdout.splitlines()[-1]
    assert last.startswith(("gxproof verify ", GXPROOF)) or " verify " in last
    arguments = last.partition(" verify ")[2].split()
    checked = gxproof("verify", *arguments, cwd=folder, check=0)
    assert checked.stdout.startswith("VERIFIED")


def test_the_printed_last_line_is_never_wrapped(tmp_path):
    deep = tmp_path / ("a-rather-long-folder-name-" * 6)
    deep.mkdir()
    from gxproof.console import RunView
    from gxproof.qualification import Finished

    code = (
        "import os; os.environ['COLUMNS']='20'; from pathlib import Path; "
        "from gxproof.console import RunView; from gxproof.qualification import Finished; "
        f"RunView().places(Finished(Path({str(deep)!r}), 1, {{}}, [], Path({str(deep / 'bundle')!r})))"
    )
    assert RunView and Finished
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].endswith("signer.pub")
    assert "--key" in done.stdout.splitlines()[-1]


def test_a_bundle_with_a_missing_file_is_refused_by_name(run, tmp_path):
    folder, _ = run
    copy = tmp_path / "bundle"
    shutil.copytree(folder / "runs" / "latest" / "bundle", copy)
    (copy / "records" / "oq.jsonl").unlink()
    key = folder / "runs" / "latest" / "signer.pub"
    done = gxproof("verify", copy, "--key", key, cwd=tmp_path, check=1)
    assert "records/oq.jsonl" in done.stdout


def test_one_changed_bit_in_any_file_is_refused_by_name(run, tmp_path):
    from reports.verification import verify_bundle

    folder, _ = run
    copy = tmp_path / "bundle"
    shutil.copytree(folder / "runs" / "latest" / "bundle", copy)
    key = folder / "runs" / "latest" / "signer.pub"
    assert verify_bundle(copy, key).ok
    for number, path in enumerate(sorted(p for p in copy.rglob("*") if p.is_file())):
        raw = path.read_bytes()
        if not raw:
            continue
        place = (number * 7919) % len(raw)
        changed = bytearray(raw)
        changed[place] ^= 1 << (number % 8)
        path.write_bytes(changed)
        checked = verify_bundle(copy, key)
        assert not checked.ok, path
        assert any(path.relative_to(copy).as_posix() in str(f) for f in checked.findings), path
        path.write_bytes(raw)


def test_verify_of_nothing_is_a_sentence(tmp_path, run):
    folder, _ = run
    key = folder / "runs" / "latest" / "signer.pub"
    done = gxproof("verify", tmp_path / "nowhere", "--key", key, cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert "nowhere" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        ("x = [", "is not TOML"),
        ("name = 'x'", "Field required"),
    ],
)
def test_a_target_file_that_cannot_be_used_ends_with_4(tmp_path, content, sentence):
    if content is not None:
        (tmp_path / "target.toml").write_text(content)
    done = gxproof("qualify", "--target", "target.toml", cwd=tmp_path, check=4)
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "runs" / "latest").exists()


def changed_target(target_file, tmp_path, change):
    text = change(target_file.read_text())
    (tmp_path / "target.toml").write_text(text)


def test_a_target_that_points_nowhere_ends_with_4(target_file, tmp_path):
    changed_target(target_file, tmp_path, lambda t: re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:9", t))
    done = gxproof("qualify", "--target", "target.toml", cwd=tmp_path, check=4)
    assert done.stderr.splitlines() == [done.stderr.strip()]
    assert "MES did not answer: nothing answers there" in done.stderr


def test_a_target_with_the_wrong_certificate_ends_with_4(target_file, tmp_path):
    from contracts.wire.certificates import TrialAuthority

    foreign = TrialAuthority(tmp_path / "foreign")
    changed_target(
        target_file,
        tmp_path,
        lambda t: re.sub(r'authority = ".*"', f'authority = "{foreign.path}"', t),
    )
    done = gxproof("qualify", "--target", "target.toml", cwd=tmp_path, check=4)
    assert "certificate was not accepted" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_harness_that_the_target_does_not_know_ends_with_4(target_file, tmp_path):
    changed_target(
        target_file,
        tmp_path,
        lambda t: t.replace("harness.signing.key", "mes-counterpart.signing.key"),
    )
    done = gxproof("qualify", "--target", "target.toml", cwd=tmp_path, check=4)
    assert "does not accept the harness" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_exchanged_addresses_are_told(target_file, tmp_path):
    text = target_file.read_text()
    mes, wms = re.findall(r'url = "(https://[^"]+)"', text)
    swapped = text.replace(mes, "@").replace(wms, mes).replace("@", wms)
    (tmp_path / "target.toml").write_text(swapped)
    done = gxproof("qualify", "--target", "target.toml", cwd=tmp_path, check=4)
    assert "are the two addresses exchanged?" in done.stderr


def test_an_unknown_target_ends_with_2(tmp_path):
    done = gxproof("qualify", "--target", "refrence", cwd=tmp_path, check=2)
    assert "known are" in done.stderr


def test_a_plant_file_that_cannot_be_used_ends_with_2(tmp_path):
    (tmp_path / "plant.toml").write_text("[site]\nname = 1\n")
    done = gxproof("qualify", "--plant", "plant.toml", cwd=tmp_path, check=2)
    assert "plant.toml:2: site.name:" in done.stderr
    assert not (tmp_path / "runs" / "latest").exists()


def test_an_existing_folder_is_not_written_over(tmp_path):
    (tmp_path / "out").mkdir()
    done = gxproof("qualify", "--out", "out", cwd=tmp_path, check=2)
    assert "exists already" in done.stderr


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
def test_an_order_to_end_leaves_a_run_that_is_marked_aborted(tmp_path, order):
    process = subprocess.Popen(
        [GXPROOF, "qualify", *IN_SHORT, "--no-contract"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    records = tmp_path / "runs" / "latest" / "records" / "iq.jsonl"
    deadline = time.monotonic() + 60
    while not records.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(order)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    latest = tmp_path / "runs" / "latest"
    assert (latest / "ABORTED").exists()
    assert not DOCUMENTS & {path.name for path in latest.iterdir()}
    assert "marked ABORTED" in err
    assert "Traceback" not in err
    last = json.loads((tmp_path / "runs" / "log" / "runs.jsonl").read_text().splitlines()[-1])
    assert (last["event"], last["outcome"]) == ("ended", "aborted")


def test_a_key_of_ones_own_signs(tmp_path):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from contracts.wire.identity import write_private_key

    (tmp_path / "bad.pem").write_text("no key")
    done = gxproof("qualify", "--key", "bad.pem", cwd=tmp_path, check=2)
    assert "bad.pem" in done.stderr
    write_private_key(tmp_path / "good.pem", Ed25519PrivateKey.generate())
    from gxproof.keys import signer

    assert signer(tmp_path / "good.pem").ephemeral is False


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_disk_that_fills_leaves_a_run_that_is_marked_aborted(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(small)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("this machine does not let a test mount a tmpfs")
    try:
        done = gxproof("qualify", cwd=small)
        assert done.returncode == 3, done.stdout + done.stderr
        assert "The disk is full" in done.stderr
        assert "Traceback" not in done.stderr
        latest = small / "runs" / "latest"
        assert (latest / "ABORTED").exists()
        assert not DOCUMENTS & {path.name for path in latest.iterdir()}
    finally:
        subprocess.run(["umount", str(small)], check=False)
