"""A verifier that is not ours judges the proofs of a running system: @transmute/rfc9162, openssl.

The node package is installed by ``make peers``; without it, or without node, its tests are skipped.
"""

import base64
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from contracts.model.inspection import Journal
from contracts.model.inspection_checkpoints import Checkpoints, ConsistencyProof, InclusionProof
from contracts.model.roles import Role
from contracts.model.stimulus import RunDue
from contracts.record.checkpoints import read_checkpoint
from contracts.wire.signed_notes import open_note
from gxproof.in_process import InProcessPair

HERE = Path(__file__).parent
START = datetime(2026, 3, 30, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def pair():
    """A pair that has exchanged heartbeats for five hours."""
    made = InProcessPair(1)
    for quarter in range(20):
        for role in Role:
            due = RunDue(now=START + timedelta(minutes=15 * quarter))
            made.client(role).call("stimulus/run-due", due)
    yield made
    made.close()


def judged(proofs):
    if not shutil.which("node") or not (HERE / "node_modules/@transmute/rfc9162").is_dir():
        pytest.skip("node or the package of tests/peers/package.json is not installed here")
    done = subprocess.run(
        ["node", str(HERE / "rfc9162_verify.js")], input="\n".join(map(json.dumps, proofs)),
        capture_output=True, text=True, check=True,
    )
    return [line == "true" for line in done.stdout.split()]


def consistency(client, first, second):
    proof = client.ask(
        "journal-consistency", ConsistencyProof, f"rows={first.size}-{second.size}"
    )
    path = list(proof.path)
    if first.size & (first.size - 1) == 0:
        # The peer leaves out step 2 of section 2.1.4.2; it wants the smaller root in the path.
        path.insert(0, first.root.hex())
    return {
        "kind": "consistency", "first": first.size, "second": second.size,
        "roots": [first.root.hex(), second.root.hex()], "path": path,
    }


def kept_of(pair, role):
    place = pair.checkpoints(role)
    kept = [read_checkpoint(open_note(note, place.verifier)) for note in place.notes()]
    return list({one.size: one for one in kept}.values())


@pytest.mark.parametrize("role", Role)
def test_a_peer_finds_any_two_checkpoints_consistent(pair, role):
    pairs = list(combinations(kept_of(pair, role), 2))
    proofs = [consistency(pair.client(role), *two) for two in pairs]
    assert len(proofs) > 50
    assert all(judged(proofs))


@pytest.mark.parametrize("role", Role)
def test_a_peer_refuses_a_rewritten_history(pair, role):
    """One bit of either root, or of any part of the path, and the checkpoints do not fit."""
    first, second = kept_of(pair, role)[4::9][:2]
    proof = consistency(pair.client(role), first, second)
    other = [
        *({**proof, "roots": [flipped(r) if n == k else r for k, r in enumerate(proof["roots"])]}
          for n in range(2)),
        *({**proof, "path": [flipped(p) if n == k else p for k, p in enumerate(proof["path"])]}
          for n in range(len(proof["path"]))),
    ]
    assert judged([proof, *other]) == [True] + [False] * len(other)


@pytest.mark.parametrize("role", Role)
def test_a_peer_finds_each_row_in_the_tree_and_the_same_root(pair, role):
    last, client = kept_of(pair, role)[-1], pair.client(role)
    hashes = [row.hash for row in client.ask("journal", Journal).rows][: last.size]
    proofs = [{"kind": "root", "entries": hashes, "root": last.root.hex(), "path": []}]
    for position, record_hash in enumerate(hashes, start=1):
        path = client.ask("journal-inclusion", InclusionProof, f"rows={position}-{last.size}").path
        proofs.append({
            "kind": "inclusion", "entry": record_hash, "index": position - 1, "size": last.size,
            "root": last.root.hex(), "path": list(path),
        })
    assert all(judged(proofs))
    wrong = [{**proof, "entry": flipped(proof["entry"])} for proof in proofs[1:]]
    assert not any(judged(wrong))


@pytest.mark.parametrize("role", Role)
def test_openssl_verifies_the_signature_of_each_checkpoint(pair, role, tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed here")
    head = bytes.fromhex("302a300506032b6570032100")  # an Ed25519 public key in DER
    (tmp_path / "key.der").write_bytes(head + pair.checkpoints(role).verifier.public_key)
    rows = pair.client(role).ask("checkpoints", Checkpoints).rows
    assert len(rows) == 20
    for row, changed in ((rows[0], False), (rows[-1], False), (rows[-1], True)):
        text, _, line = row.note.rpartition("\n\n")
        signature = base64.b64decode(line.split()[-1])[4:]
        (tmp_path / "text").write_text(f"{text}{' ' if changed else ''}\n")
        (tmp_path / "signature").write_bytes(signature)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER",
             "-inkey", str(tmp_path / "key.der"), "-sigfile", str(tmp_path / "signature"),
             "-in", str(tmp_path / "text")],
            capture_output=True, text=True, check=False,
        )
        assert (done.returncode == 0) is not changed, done.stderr


def flipped(digest):
    raw = bytearray.fromhex(digest)
    raw[7] ^= 1
    return raw.hex()
