"""Every command that a README shows runs, in the order in which a reader meets it."""

import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import IN_SHORT

ROOT = Path(__file__).parents[2]
GXPROOF = str(Path(sys.executable).with_name("gxproof"))
README = ROOT / "README.md"
# What takes minutes runs for some of its subjects here; as a whole it runs in `make qualify` and
# `make test-long`. The contract is checked over TLS by test_contract_checks.py.
LIMITED = {"qualify": (*IN_SHORT, "--no-contract"), "prove": ("--defect", "net-nearly-right")}


def commands(path):
    blocks = re.findall(r"```sh\n(.*?)```", path.read_text(), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.strip()]


def test_every_shown_make_target_exists():
    shown = {words[1] for words in commands(README) if words[0] == "make"}
    shown |= set(re.findall(r"`make ([a-z-]+)`", README.read_text()))
    assert shown >= {"qualify", "test", "install", "lint", "test-long", "bench"}
    for target in shown:
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, target


def test_every_shown_command_runs(qualified, tmp_path):
    folder = shutil.copytree(qualified[0], tmp_path / "qualified", symlinks=True)
    (folder / "simulator").symlink_to(ROOT / "simulator")
    shown = [words[1:] for words in commands(README) if words[0] == ".venv/bin/gxproof"]
    assert [words[0] for words in shown] == [
        "verify", "serve", "qualify", "protocol", "simulate", "prove", "plant", "contract", "contract", "contract",
        "lint", "version", "baseline",
    ]
    served = None
    try:
        for words in shown:
            if words[0] == "serve":
                served = subprocess.Popen([GXPROOF, *words], cwd=folder, stdout=subprocess.DEVNULL)
                wait_for(folder / words[words.index("--out") + 1], served)
                continue
            done = subprocess.run(
                [GXPROOF, *words, *LIMITED.get(words[0], ())], cwd=folder, capture_output=True, text=True, check=False
            )
            allowed = {0, 5} if words[0] == "qualify" else {0}
            assert done.returncode in allowed, f"{words}: {done.stdout}{done.stderr}"
            assert "Traceback" not in done.stderr
    finally:
        if served:
            served.terminate()
            assert served.wait(timeout=30) == 0


def wait_for(path, process):
    deadline = time.monotonic() + 90
    while not path.exists():
        assert process.poll() is None, "the pair ended by itself"
        assert time.monotonic() < deadline, f"{path} was not written"
        time.sleep(0.1)


def test_every_file_and_folder_that_a_readme_names_exists():
    for path in [README, *ROOT.glob("*/README.md")]:
        base = path.parent
        for name in re.findall(r"`([a-z_./-]+(?:\.py|\.md|\.toml|\.lock|/))`", path.read_text()):
            if name.startswith(("runs/", "bundle/", "records/", "wire/", ".venv", "target.toml")):
                continue
            below = any(found.as_posix().endswith(name.rstrip("/")) for found in base.rglob("*"))
            assert below or (ROOT / name).exists(), f"{path}: {name}"


@pytest.mark.parametrize("room", ["contracts", "reference_impl", "simulator", "reports", "features", "gxproof"])
def test_each_room_says_why_it_is_so(room):
    text = (ROOT / room / "README.md").read_text()
    why = text.partition("## Why it is so")[2]
    assert re.search(r"20\d\d-\d\d-\d\d", why), f"{room} has no dated reason"


def test_the_makefile_calls_only_what_a_person_could_type():
    text = (ROOT / ".ci" / "run").read_text()
    assert re.findall(r"^make .*$", text, re.MULTILINE) == ["make lint", "make test", "make qualify"]
