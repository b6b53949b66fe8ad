import json
from datetime import UTC, datetime

import pytest

from contracts.record.folder import ABORTED, RunFolder
from gxproof.run_log import LogBroken, RunLog

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_numbers_have_no_gap_whatever_became_of_a_run(tmp_path):
    log = RunLog(tmp_path)
    assert [log.begin(f"run-{n}", NOW) for n in (1, 2, 3)] == [1, 2, 3]
    log.end(2, "run-2", NOW, outcome="aborted")
    assert log.begin("run-4", NOW) == 4
    assert log.check() == 4


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1:],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [lines[0].replace(b"run-1", b"run-9"), *lines[1:]],
        lambda lines: [lines[0], b"not json", *lines[1:]],
    ],
)
def test_a_changed_log_is_found(tmp_path, change):
    log = RunLog(tmp_path)
    for n in (1, 2, 3):
        log.begin(f"run-{n}", NOW)
    lines = log.path.read_bytes().splitlines()
    log.path.write_bytes(b"\n".join(change(lines)) + b"\n")
    with pytest.raises(LogBroken, match="line"):
        log.check()


def test_a_folder_is_marked_until_it_is_finished(tmp_path):
    folder = RunFolder.create(tmp_path / "run")
    assert (folder.path / ABORTED).exists()
    folder.write("iq-report.pdf", b"%PDF")
    assert (folder.path / ABORTED).exists()
    folder.finish()
    assert not (folder.path / ABORTED).exists()


def test_a_folder_is_never_written_over(tmp_path):
    RunFolder.create(tmp_path / "run")
    with pytest.raises(FileExistsError):
        RunFolder.create(tmp_path / "run")


def test_a_file_appears_whole_or_not_at_all(tmp_path, monkeypatch):
    folder = RunFolder.create(tmp_path / "run")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError):
        folder.write("run.json", json.dumps({}).encode())
    assert not (folder.path / "run.json").exists()
    assert [p.name for p in folder.path.iterdir() if p.name.endswith(".partial")] == []
