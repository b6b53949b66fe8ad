"""One system is served alone; what somebody else starts by the file that was written is its partner."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.model.inspection import Version
from contracts.model.inspection_delivery import Link
from contracts.model.ports import NoAnswer
from contracts.model.roles import Role
from contracts.model.verdicts import Exit
from contracts.wire.serving import bound_socket
from gxproof.cli import app
from gxproof.over_https import HttpsPair
from gxproof.pair import ServedPair, Serving, serving_pair
from gxproof.target import read_target

PATIENCE_S = 300


@contextmanager
def somebody_elses(pair: ServedPair, role: Role, listening: int) -> Iterator[None]:
    """A system that knows nothing but its settings file and the socket it listens on."""
    lifeline, own_end = os.pipe()
    own = {**json.loads(pair.settings_of(role).read_text()),
           "listen_fd": listening, "lifeline_fd": lifeline}
    settings = pair.folder / "somebody-elses.json"
    settings.write_text(json.dumps(own))
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "reference_impl.process", part, str(settings)],
            pass_fds=[lifeline, listening], stdin=subprocess.DEVNULL,
        )
        for part in ("http", "runner")
    ]
    try:
        yield
    finally:
        os.close(own_end)
        for process in processes:
            process.terminate()
            process.wait(60)
        os.close(lifeline)


def heard(pair: HttpsPair, role: Role) -> bool:
    try:
        rows = pair.client(role).ask("link", Link).rows
    except NoAnswer:
        return False  # it is not up yet
    return any(row.partner_position is not None for row in rows)


@pytest.mark.parametrize("role", list(Role))
def test_a_system_that_is_served_alone_exchanges_messages_with_somebody_elses(tmp_path, role):
    out = tmp_path / "target.toml"
    with bound_socket() as door:
        tried(door, role, out)
    assert not out.exists()


def tried(door, role, out):
    url = "https://{}:{}".format(*door.getsockname())
    with serving_pair(out, Serving(only=role, partner_url=url)) as pair:
        assert set(pair.urls) == set(Role)
        assert pair.urls[role.partner] == url
        assert not (pair.folder / f"{role.partner}.sqlite").exists()
        with somebody_elses(pair, role.partner, door.fileno()):
            target = read_target(out)
            assert (target.kind, target.url(role.partner)) == ("vendor", url)
            reached = HttpsPair(target)
            deadline = time.monotonic() + PATIENCE_S
            while not all(heard(reached, one) for one in Role):
                assert time.monotonic() < deadline, "no heartbeat came through"
                time.sleep(0.5)
            roles = {one: reached.client(one).ask("version", Version).role for one in Role}
            assert roles == {one: one for one in Role}
            reached.close()


@pytest.mark.parametrize("partner", ["", "wms", "http://127.0.0.1:1", "https://a b", "https://x/y"])
def test_a_partner_without_an_address_is_wrong_usage(tmp_path: Path, partner: str) -> None:
    out = tmp_path / "target.toml"
    ended = CliRunner().invoke(app, ["serve", "mes", "--partner", partner, "--out", str(out)])
    assert (ended.exit_code, "--partner takes an address" in ended.output) == (
        Exit.WRONG_USAGE, True
    ), ended.output
    assert list(tmp_path.iterdir()) == []
