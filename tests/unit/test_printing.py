"""The process that prints: asked before and after the execution, it gives what is printed here."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import SimpleQueue

import pytest

from contracts.model.requirements import Protocol
from contracts.record.digests import file_digest
from gxproof import printing
from gxproof.ahead import PRESS
from gxproof.side_by_side import HarnessFailed, Worker
from reports.inventory import PROTOCOLS, SUMMARY, names_of_documents
from reports.sealing import seal_results
from tests.sample_run import KEY, Wish, write_sample_run


def test_one_process_prints_protocols_and_then_documents_as_they_are_printed_here(
    small_run: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    write_sample_run(folder, Wish(small=True))
    names = names_of_documents(Protocol)
    with Worker(PRESS) as press:
        papers = {PROTOCOLS[p]: d for p, d in printing.protocols(press, folder, tuple(Protocol))}
        seal_results(folder, KEY)
        told = list(printing.documents(press, folder, names))
    assert set(papers) == set(PROTOCOLS.values())
    assert {name for name, _ in told} == set(names)
    assert told[-1][0] == SUMMARY
    for name, digest in {**papers, **dict(told)}.items():
        assert digest == file_digest(folder / name) == file_digest(small_run / name), name


def test_what_cannot_be_printed_is_named_with_its_reason(tmp_path: Path) -> None:
    write_sample_run(tmp_path / "run", Wish(small=True))
    with Worker(PRESS) as press, pytest.raises(HarnessFailed, match="0 of 1"):
        list(printing.documents(press, tmp_path / "run", (SUMMARY,)))  # nothing is sealed yet


def test_a_printing_process_that_dies_is_a_failure_of_the_harness(tmp_path: Path) -> None:
    write_sample_run(tmp_path / "run", Wish(small=True))
    with Worker(PRESS) as press:
        os.kill(press._process.pid, signal.SIGKILL)
        press._process.wait()
        with pytest.raises(HarnessFailed, match="0 of 1 pieces"):
            list(printing.protocols(press, tmp_path / "run", (Protocol.IQ,)))


def test_a_process_that_dies_in_the_middle_of_a_word_is_a_failure_of_the_harness() -> None:
    with Worker(PRESS) as press:
        os.kill(press._process.pid, signal.SIGKILL)
        press._listener.join()
        press._lines = SimpleQueue()
        press._lines.put(b'{"number": 0, "sha2')
        with pytest.raises(HarnessFailed, match="0 of 1 pieces"):
            list(press.answers(1))


def test_what_a_process_was_writing_goes_with_it_also_where_it_is_killed() -> None:
    with Worker(PRESS) as press:
        scratch = Path(press._scratch)
        assert scratch.is_dir()
        os.kill(press._process.pid, signal.SIGKILL)
    assert not scratch.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux ends children")
def test_the_process_ends_with_whoever_started_it_however_that_one_ended() -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True,
    )
    assert starter.stdout is not None
    told, scratch = starter.stdout.readline().split()
    worker = int(told)
    starter.kill()
    starter.wait()
    starter.stdout.close()
    deadline = time.monotonic() + 20
    while _is_alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_alive(worker)
    shutil.rmtree(scratch)  # nobody was left to do it


STARTER = """
import time
from gxproof.ahead import PRESS
from gxproof.side_by_side import Worker
with Worker(PRESS) as press:
    time.sleep(4)
    print(press._process.pid, press._scratch, flush=True)
    time.sleep(60)
"""


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except FileNotFoundError:
        return False
    return state.split()[0] != "Z"
