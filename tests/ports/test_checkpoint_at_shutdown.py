"""Real processes keep a checkpoint by themselves while they run, and one more when they end."""

import signal
import sqlite3

from contracts.model.roles import Role
from contracts.record.checkpoints import read_checkpoint
from contracts.wire.signed_notes import open_note
from gxproof.pair import STOP_S, ServedPair, Serving


def sizes(place):
    return [read_checkpoint(open_note(note, place.verifier)).size for note in place.notes()]


def rows_in(path):
    with sqlite3.connect(path) as raw:
        (count,) = raw.execute("SELECT count(*) FROM journal").fetchone()
    raw.close()
    return int(count)


def test_the_last_checkpoint_covers_all_that_was_written_before_the_end(tmp_path):
    pair = ServedPair(tmp_path / "pair", Serving(test_mode=False))
    try:
        pair.wait_until_ready()
        places = {role: pair._checkpoints(role) for role in Role}
        for process in pair._processes.values():
            process.send_signal(signal.SIGTERM)
        for process in pair._processes.values():
            process.wait(4 * STOP_S)
        for role, place in places.items():
            kept = sizes(place)
            assert kept, role
            assert kept == sorted(kept)
            assert kept[-1] == rows_in(pair.folder / f"{role}.sqlite"), role
    finally:
        pair.close()
