"""The tree of the journal: our prover against the judge's verifier; checkpoints and their place."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contracts.model.inspection import Alarms, Direction, Journal
from contracts.model.inspection_checkpoints import Checkpoints, ConsistencyProof, InclusionProof
from contracts.model.roles import Role
from contracts.record.checkpoints import Checkpoint, NoCheckpoint, read_checkpoint
from contracts.record.digests import sha256
from contracts.wire.asgi import AsgiTransport
from contracts.wire.clients import SystemClient
from contracts.wire.signed_notes import NoteNotVerified, NoteVerifier, open_note, read_verifier
from features.journal_chain import Fault
from features.journal_tree import (
    EMPTY,
    consistency_path,
    fault_by_checkpoints,
    is_consistent,
    is_included,
    tree_root,
)
from gxproof.in_process import HARNESS, make_identities, settings_for
from reference_impl.bootstrap import application, build
from reference_impl.checkpointing import keep_checkpoint_when_due, keep_last_checkpoint
from reference_impl.records import merkle
from reference_impl.records.journal import Document, write_journal
from reference_impl.records.journal_tree import JournalTree

NOW = datetime(2026, 3, 30, 9, tzinfo=ZoneInfo("Europe/Zurich"))
HASHES = [sha256(f"row {n}".encode()) for n in range(70)]
# The example of Go's package golang.org/x/mod/sumdb/note, whose form C2SP took over.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


class Rows:
    """Leaves that are all there, so that every hash above them is joined."""

    def known(self, start, end):
        return merkle.leaf_hash(bytes.fromhex(HASHES[start])) if end - start == 1 else None


@pytest.fixture
def identities():
    return make_identities()


@pytest.fixture
def system(tmp_path, identities):
    settings = settings_for(Role.MES, identities, None)
    made = build(replace(settings, checkpoints=tmp_path / "outside"), lambda url: None)
    drive(made, NOW)
    yield made
    made.database.close()


def client_of(system, identities):
    transport = AsgiTransport(application(system), identities[HARNESS].name)
    return SystemClient(Role.MES, transport, identities[HARNESS])


def drive(system, now):
    with system.database.transaction() as connection:
        system.drive(connection, now)


def fill(system, rows):
    with system.database.transaction() as connection:
        for n in range(rows):
            document = Document(
                Direction.SENT, "message", "wms/pick-requested", "urn:gxproof:wms", f"K-{n}", b"{}"
            )
            write_journal(connection, document, NOW)


def verifier(identities):
    return NoteVerifier("urn:gxproof:mes/journal", identities["mes"].known.public_key)


def kept(tmp_path):
    return sorted((tmp_path / "outside").iterdir())


# --- proofs -------------------------------------------------------------------------------------


def test_the_root_of_the_standard_examples():
    """RFC 9162 2.1.1; the seven leaves that the tests of certificate transparency have."""
    assert merkle.EMPTY.hex() == EMPTY == tree_root([])
    entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]

    class Leaves:
        def known(self, start, end):
            return merkle.leaf_hash(bytes.fromhex(entries[start])) if end - start == 1 else None

    assert merkle.tree_hash(Leaves(), 0, 1).hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
    assert merkle.tree_hash(Leaves(), 0, 2).hex() == (
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")
    assert merkle.tree_hash(Leaves(), 0, 7).hex() == (
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")


@pytest.mark.parametrize("size", range(1, len(HASHES), 3))
def test_every_row_is_proven_to_be_in_the_tree_and_in_no_other_place(size):
    root = tree_root(HASHES[:size])
    assert merkle.tree_hash(Rows(), 0, size).hex() == root
    for index in range(size):
        path = [part.hex() for part in merkle.inclusion_path(Rows(), index, 0, size)]
        assert is_included(HASHES[index], index + 1, size, path, root)
        assert not is_included(HASHES[index - 1], index + 1, size, path, root) or size == 1
        assert not is_included(HASHES[index], index + 2, size, path, root)
        assert not is_included(HASHES[index], index + 1, size, [*path, root], root)


@pytest.mark.parametrize("second", range(1, len(HASHES), 3))
def test_every_smaller_tree_is_proven_and_no_other_one(second):
    for first in range(1, second + 1):
        path = [part.hex() for part in merkle.consistency_path(Rows(), first, second)]
        assert path == consistency_path(HASHES[:second], first)
        roots = (tree_root(HASHES[:first]), tree_root(HASHES[:second]))
        assert is_consistent(first, second, roots, path)
        assert not is_consistent(first, second, (roots[0], sha256(b"other")), path)
        assert not is_consistent(first, second, (sha256(b"other"), roots[1]), path)
        assert not is_consistent(first, second, roots, [*path, roots[0]])


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 512, 600])
def test_blocks_give_the_same_roots_as_single_rows(system, identities, size):
    fill(system, size)
    with system.database.transaction() as connection:
        before = JournalTree(connection).root(size)
        JournalTree(connection).keep_blocks(size)
        assert JournalTree(connection).root(size) == before
    client = client_of(system, identities)
    hashes = [row.hash for row in client.ask("journal", Journal).rows]
    assert before.hex() == tree_root(hashes)
    for other in {1, max(1, size // 2), size}:
        proof = client.ask("journal-consistency", ConsistencyProof, f"rows={other}-{size}")
        roots = (tree_root(hashes[:other]), before.hex())
        assert (proof.first_root, proof.second_root) == roots
        assert is_consistent(other, size, roots, proof.path)
        inclusion = client.ask("journal-inclusion", InclusionProof, f"rows={other}-{size}")
        assert is_included(hashes[other - 1], other, size, inclusion.path, roots[1])


def test_what_was_kept_finds_rows_that_are_cut_or_changed():
    kept_at = [
        Checkpoint("o", n, bytes.fromhex(tree_root(HASHES[:n])), NOW) for n in (10, 20, 30)
    ]
    assert fault_by_checkpoints(HASHES, kept_at) is None
    assert fault_by_checkpoints(HASHES[:25], kept_at) == Fault(
        26, "rows up to 30, which were kept, are missing")
    other = [*HASHES[:14], HASHES[0], *HASHES[15:]]
    assert fault_by_checkpoints(other, kept_at) == Fault(
        11, "a row up to 20 is not the one that was kept")


# --- notes --------------------------------------------------------------------------------------


def test_a_note_that_another_tool_has_signed_is_opened():
    assert open_note(GO_NOTE.encode(), read_verifier(GO_KEY)).startswith("If you think")
    assert read_verifier(GO_KEY).text == GO_KEY


def test_no_bit_of_a_note_can_be_another_one():
    whole = GO_NOTE.encode()
    for n in range(len(whole)):
        for bit in range(8):
            changed = whole[:n] + bytes([whole[n] ^ (1 << bit)]) + whole[n + 1:]
            with pytest.raises(NoteNotVerified):
                open_note(changed, read_verifier(GO_KEY))


@pytest.mark.parametrize("text", [
    "", "PeterNeumann", GO_KEY + "A", GO_KEY.replace("c74f20a3", "c74f20a4"),
    GO_KEY.replace("ARpc", "ARpd"), "two words+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "n+0+AQ==", "n+0+no base64",
])
def test_what_is_no_verifier_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_verifier(text)


@pytest.mark.parametrize("text", [
    "", "o\n1\n", "o\n01\nAA==\ntime x\n", "\n1\nAA==\ntime 2026-03-30T09:00:00Z\n",
    "o\n1\nAA==\ntime 2026-03-30T09:00:00Z\n",
    f"o\n1\n{'A' * 43}=\n2026-03-30T09:00:00Z\n", f"o\n1\n{'A' * 43}=\ntime yesterday\n",
    f"o\n1\n{'A' * 43}=\ntime 2026-03-30T09:00:00Z\nmore\n",
])
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoCheckpoint):
        read_checkpoint(text)


# --- when they are kept -------------------------------------------------------------------------


def test_a_checkpoint_is_kept_after_fifteen_minutes_and_not_before(system, identities, tmp_path):
    fill(system, 3)
    for minutes, count in ((0, 1), (5, 1), (14, 1), (15, 2), (29, 2), (31, 3)):
        drive(system, NOW + timedelta(minutes=minutes))
        keep_checkpoint_when_due(system)
        assert len(kept(tmp_path)) == count, minutes
    note = read_checkpoint(open_note(kept(tmp_path)[-1].read_bytes(), verifier(identities)))
    assert (note.size, note.at) == (3, NOW + timedelta(minutes=31))


def test_a_clock_that_went_back_keeps_one_at_once(system, tmp_path):
    keep_checkpoint_when_due(system)
    drive(system, NOW - timedelta(hours=1))
    keep_checkpoint_when_due(system)
    assert len(kept(tmp_path)) == 2


def test_the_end_of_a_system_keeps_one_where_rows_are_new(system, identities, tmp_path):
    fill(system, 2)
    keep_last_checkpoint(system)
    keep_last_checkpoint(system)
    assert len(kept(tmp_path)) == 1
    fill(system, 1)
    system.ending(system)
    sizes = [
        read_checkpoint(open_note(path.read_bytes(), verifier(identities))).size
        for path in kept(tmp_path)
    ]
    assert sizes == [2, 3]


def test_a_place_that_takes_nothing_raises_one_alarm_and_stops_nothing(system, identities, tmp_path):
    fill(system, 1)
    (tmp_path / "outside").write_text("a file where the folder should be")
    for minutes in (0, 1, 2):
        drive(system, NOW + timedelta(minutes=minutes))
        keep_checkpoint_when_due(system)
    client = client_of(system, identities)
    assert [row.name for row in client.ask("alarms", Alarms).rows] == ["CHECKPOINT_NOT_KEPT"]
    assert client.ask("checkpoints", Checkpoints).rows == ()
    (tmp_path / "outside").unlink()
    keep_checkpoint_when_due(system)
    assert [row.size for row in client.ask("checkpoints", Checkpoints).rows] == [1]


def test_a_kept_checkpoint_is_never_written_over(system, tmp_path):
    system.sink.keep("one", b"first")
    with pytest.raises(FileExistsError):
        system.sink.keep("one", b"second")
    assert (tmp_path / "outside" / "one").read_bytes() == b"first"




def test_nothing_is_signed_of_a_journal_that_lost_a_row(system, identities, tmp_path):
    fill(system, 5)
    system.database._raw.execute("DROP TRIGGER journal_no_delete")
    system.database._raw.execute("DELETE FROM journal WHERE position = 3")
    keep_checkpoint_when_due(system)
    client = client_of(system, identities)
    (alarm,) = client.ask("alarms", Alarms).rows
    assert (alarm.name, alarm.detail) == (
        "CHECKPOINT_NOT_KEPT", "the journal is damaged: row 3 is missing")
    assert not (tmp_path / "outside").exists()
    for name in ("journal-inclusion", "journal-consistency"):
        refusal = client.call(name, query="rows=3-5").refusal
        assert refusal is not None
        assert refusal.code == "NOT_IN_JOURNAL"
        assert "row 3 is missing" in refusal.detail
