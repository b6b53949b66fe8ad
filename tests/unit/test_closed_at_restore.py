"""What a restore closes, and whom it leaves open."""

import json
import time
from contextlib import closing

import pytest
from sqlalchemy import insert, select

from contracts.model.instants import microseconds
from contracts.model.roles import Duty, Role
from contracts.model.second_factor import step_at
from contracts.model.stimulus import Person
from contracts.record.backups import BackupRefused
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.closed_at_restore import Closing
from reference_impl.records.work import Cause
from reference_impl.store.database import Statement
from reference_impl.store.signature_tables import signing_periods
from reference_impl.store.tables import accounts, sessions
from reference_impl.store.tables import settings as kept_settings

SECRET = "AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT"
PEOPLE = {"EX-ADMIN": Duty.ADMINISTRATOR, "EX-PICK": Duty.PICKER, "EX-GONE": Duty.PICKER}
AT = 1_774_936_800


@pytest.fixture
def system():
    """A warehouse with three people, one of them deactivated, and a session."""
    with closing(build(settings_for(Role.WMS, make_identities(), None), lambda _: None)) as made:
        with made.work(made.itself(), Cause("a test", "T-1")) as work:
            for name, duty in PEOPLE.items():
                made.accounts.keep(work, Person(
                    person_id=name, printed_name=name, duties=(duty,),
                    password="example-only-password", totp_secret=SECRET,
                ))
            work.change(accounts, "EX-GONE", deactivated_at=1)
            work.connection.run(
                Statement(insert(sessions)), token_sha256="0" * 64, person_id="EX-PICK",
                station="S-1", expires_at=10**18,
            )
        yield made


def close(system, reviewed, at=AT):
    with system.database.transaction() as connection:
        return Closing("2026-03-31T06:00:00Z", at, reviewed).apply(connection)


def rows(system, table):
    with system.database.reading() as connection:
        return connection.rows(Statement(select(table)))


def locked(system):
    return {row["person_id"] for row in rows(system, accounts) if row["locked_at"] is not None}


def test_who_was_not_reviewed_is_locked(system):
    assert close(system, {"EX-ADMIN"}) == ("EX-PICK",)
    assert locked(system) == {"EX-PICK"}


def test_where_all_were_reviewed_nobody_is_locked(system):
    assert close(system, None) == ()
    assert locked(system) == set()


@pytest.mark.parametrize(("reviewed", "words"), [
    (set(), "name with --reviewed an administrator .* In this backup: EX-ADMIN"),
    ({"EX-PICK"}, "name with --reviewed an administrator"),
    ({"EX-ADMIN", "EX-NOBODY"}, "EX-NOBODY has no open account"),
    ({"EX-ADMIN", "EX-GONE"}, "EX-GONE has no open account"),
])
def test_nobody_is_locked_out_for_good(system, reviewed, words):
    with pytest.raises(BackupRefused, match=words):
        close(system, reviewed)
    assert (locked(system), len(rows(system, sessions))) == (set(), 1)


def test_sessions_end_and_codes_of_before_are_used_up(system):
    close(system, None)
    assert (rows(system, sessions), rows(system, signing_periods)) == ([], [])
    assert {row["used_step"] for row in rows(system, accounts)} == {AT // 30}


def test_codes_go_by_the_clock_that_is_driven(system):
    with system.database.transaction() as connection:
        now = system.now(connection)
        system.drive(connection, now)
    close(system, None, at=1)
    assert {row["used_step"] for row in rows(system, accounts)} == {step_at(now)}
    assert microseconds(now) // 30_000_000 == step_at(now)


def test_a_later_code_that_was_used_stays_used(system):
    with system.work(system.itself(), Cause("a test", "T-1")) as work:
        work.change(accounts, "EX-PICK", used_step=AT // 30 + 1)
    close(system, None)
    used = {row["person_id"]: row["used_step"] for row in rows(system, accounts)}
    assert used == {"EX-ADMIN": AT // 30, "EX-PICK": AT // 30 + 1, "EX-GONE": AT // 30}


def test_what_the_system_has_to_know_when_it_starts_is_left_to_it(system):
    close(system, {"EX-ADMIN"})
    marks = {row["name"]: row["value"] for row in rows(system, kept_settings)}
    assert marks["signed from"] == str(AT + 1)
    assert json.loads(marks["closed at restore"]) == ["EX-PICK"]


def test_the_second_of_the_restore_is_waited_out():
    at = int(time.time())
    Closing("", at, None).wait_out()
    assert int(time.time()) > at
    Closing("", at - 100, None).wait_out()  # it would take a minute and a half
    assert time.time() < at + 50
