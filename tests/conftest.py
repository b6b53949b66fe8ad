"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.metadata import distribution
from pathlib import Path

import pytest

from contracts.wire.system import SystemUnderTest
from gxproof.in_process import InProcessPair
from gxproof.over_https import HttpsPair
from gxproof.pair import serving_pair
from gxproof.target import read_target
from tests.postgres_server import NoServer, Server, schemas, server

pytest_plugins = (
    ["tests.reports_fixtures"] if (Path(__file__).parent / "reports_fixtures.py").exists() else []
)
ROOT = Path(__file__).parent.parent
# A qualification in seconds: a short day, and some requirements of each sort. `make qualify` runs
# the whole.
SOME = (
    "URS-PCK-001", "URS-STA-003", "URS-EXP-001", "URS-IDM-001", "URS-AUD-002", "URS-RCV-002",
    "URS-PAK-001", "URS-REL-009",
)
IN_SHORT = (
    "--plant", str(ROOT / "simulator" / "plants" / "short.toml"),
    *(word for name in SOME for word in ("--requirement", name)),
)
Done = subprocess.CompletedProcess[str]


# Files whose tests take minutes: first, so that no process is left waiting for them at the end. The
# first and the last of them want the same qualification; xdist gives each process every other one.
_LONGEST = ("test_readme.py", "test_seeded_defects.py", "test_contract_checks.py", "test_qualify.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the longest files to the front; within and after them the order stays."""
    place = {name: number for number, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture
def in_process() -> Iterator[InProcessPair]:
    """The reference pair in process, databases in memory."""
    pair = InProcessPair(1)
    yield pair
    pair.close()


@pytest.fixture(scope="session")
def target_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The reference pair as real processes; the file that names them."""
    out = tmp_path_factory.mktemp("pair") / "target.toml"
    with serving_pair(out):
        yield out


@pytest.fixture
def over_https(target_file: Path) -> Iterator[HttpsPair]:
    """The reference pair over TLS."""
    pair = HttpsPair(read_target(target_file))
    yield pair
    pair.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server; skips with the reasons where none can be had and none was demanded."""
    with ExitStack() as stack:
        try:
            found = stack.enter_context(server())
        except NoServer as exc:
            if os.environ.get("GXPROOF_TEST_POSTGRES"):
                raise
            pytest.skip(f"no PostgreSQL: {exc}")
        yield found


@pytest.fixture
def on_postgres(postgres: Server) -> Iterator[InProcessPair]:
    """The reference pair in process, its records in PostgreSQL."""
    with schemas(postgres.url, trial=True) as made:
        pair = InProcessPair(1, urls={role: known.url for role, known in made.items()})
        yield pair
        pair.close()


@pytest.fixture(params=["in process", "over https", "on postgres"])
def sut(request: pytest.FixtureRequest) -> SystemUnderTest:
    """All adapters of the port, one after the other."""
    found: SystemUnderTest = request.getfixturevalue(request.param.replace(" ", "_"))
    return found


@pytest.fixture(scope="session")
def qualified(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """One qualification of the reference by the command, in an empty folder that stays as it is.

    All processes of a run of the tests share it: the first that needs it runs it, which keeps
    every core busy, and the others wait. Who changes something takes a copy of the folder.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, told = shared / "qualified", shared / "qualified.json"
    command = [str(Path(sys.executable).with_name("gxproof")), "qualify", *IN_SHORT]
    with (shared / "qualified.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            folder.mkdir()
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            told.write_text(json.dumps([done.returncode, done.stdout, done.stderr]))
    return folder, Done(command, *json.loads(told.read_text()))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Third-party data that lies beside the checkout; skips where it does not."""
    path = Path(os.environ.get("GXPROOF_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"the third-party data is not at {path} (set GXPROOF_SHARED_DATA)")
    return path


@pytest.fixture(scope="session")
def whole_installation() -> None:
    """Skips where the product is installed for editing: IQ is then inconclusive by right."""
    if not any(
        f.parts[0] == "gxproof" and f.suffix == ".py" for f in distribution("gxproof").files or ()
    ):
        pytest.skip("gxproof is installed for editing; make install puts the wheel in its place")
