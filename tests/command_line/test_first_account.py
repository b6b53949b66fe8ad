"""``gxproof first-account``: who comes in to a system that nobody has an account of."""

from __future__ import annotations

import json
import re

import pytest

from contracts.model.commands import OpenSession
from contracts.model.roles import Duty
from contracts.model.second_factor import code_of, step_at
from reference_impl.bootstrap import build
from reference_impl.process_settings import read_settings
from reference_impl.records.work import Cause
from tests.command_line.test_backups import host, said  # noqa: F401 - a fixture


def first(host, person="QA-1", name="Example Administrator"):  # noqa: F811
    return said("first-account", "--settings", host / "new.json", "--id", person, "--name", name)


def test_the_first_administrator_signs_in_with_what_was_shown_once(host):  # noqa: F811
    code, text = first(host)
    assert (code, "QA-1 is an administrator of the WMS" in text) == (0, True), text
    password, secret = re.findall(r"^(?:password|authenticator) +(\S+)$", text, re.M)
    system = build(read_settings(json.loads((host / "new.json").read_text())), lambda _: None)
    with system.work(system.itself(), Cause("a test", "T-1")) as work:
        session = system.accounts.sign_in(work, OpenSession(
            user_id="QA-1", password=password, code=code_of(secret, step_at(work.now)),
            station="HOST-1",
        ))
    system.close()
    assert session is not None
    assert session.duties == (Duty.ADMINISTRATOR,)
    assert password.encode() not in (host / "new.sqlite").read_bytes()


def test_there_is_one_first_account(host):  # noqa: F811
    assert first(host)[0] == 0
    code, text = first(host, "QA-2")
    assert (code, "1 accounts are there" in text) == (2, True), text


@pytest.mark.parametrize(("person", "name"), [("", "Example"), ("QA 1\n", "Example"), ("QA-1", "")])
def test_what_is_no_id_or_no_name_is_one_sentence(host, person, name):  # noqa: F811
    code, text = first(host, person, name)
    assert (code, text.count("\n")) == (2, 1), text
    assert first(host)[0] == 0
