"""People's credentials: one-time codes, lock-out and idle sessions, kept over a restart."""

from datetime import timedelta

import pytest

from contracts.model.commands import OpenSession, SignatureComponents
from contracts.model.instants import read_timestamp
from contracts.model.roles import Duty, Role
from contracts.model.second_factor import code_of, hotp, step_at
from contracts.model.stimulus import Person
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.records.work import Cause
from reference_impl.settings import IDLE_MAX_S, Settings
from reference_impl.store.database import Statement
from reference_impl.store.tables import accounts, alarms

RFC_KEY = b"12345678901234567890"
SECRET = "AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT"
PASSWORD = "a password for tests"
NOW = read_timestamp("2026-06-01T08:00:10+02:00")


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"), (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert hotp(RFC_KEY, seconds // 30, 8) == code


@pytest.mark.parametrize(
    ("counter", "code"),
    [
        (0, "755224"), (1, "287082"), (2, "359152"), (3, "969429"), (4, "338314"),
        (5, "254676"), (6, "287922"), (7, "162583"), (8, "399871"), (9, "520489"),
    ],
)
def test_codes_are_those_of_rfc_4226(counter: int, code: str) -> None:
    assert hotp(RFC_KEY, counter, 6) == code


@pytest.fixture
def start(tmp_path):
    """Starts a system on one and the same database, at an instant of the site clock."""
    settings, started = settings_for(Role.MES, make_identities(), tmp_path), []

    def begin(now=NOW):
        system = build(settings, lambda url: None)
        with system.database.transaction() as connection:
            system.drive(connection, now)
        started.append(system)
        return system

    yield begin
    for system in started:
        system.close()


def has_person(system, **changed):
    values = {"person_id": "P1", "printed_name": "Example", "duties": (Duty.QUALITY,)}
    person = Person(**{**values, "password": PASSWORD, "totp_secret": SECRET, **changed})
    with work_on(system) as work:
        system.accounts.keep(work, person)


def work_on(system):
    return system.work(system.itself(), Cause("a test", "T-1"))


def sign_in(system, password=PASSWORD, *, later_steps=0, code=None):
    with work_on(system) as work:
        shown = code or code_of(SECRET, step_at(work.now) + later_steps)
        body = OpenSession(user_id="P1", password=password, code=shown, station="S1")
        session = system.accounts.sign_in(work, body)
        work.keep_lasting()
        return session


def drive(system, now):
    with system.database.transaction() as connection:
        system.drive(connection, now)


def test_a_code_opens_one_session(start):
    system = start()
    has_person(system)
    assert sign_in(system) is not None
    assert sign_in(system) is None


def test_a_used_code_stays_used_over_a_restart(start):
    first = start()
    has_person(first)
    assert sign_in(first) is not None
    first.close()
    again = start()
    assert sign_in(again) is None
    assert sign_in(again, later_steps=1) is not None


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_code_counts_one_step_before_and_after_its_own(start, steps, counts):
    system = start()
    has_person(system)
    assert (sign_in(system, later_steps=steps) is not None) is counts


def test_an_earlier_code_does_not_count_after_a_later_one(start):
    system = start()
    has_person(system)
    assert sign_in(system, later_steps=1) is not None
    assert sign_in(system, later_steps=0) is None


def test_a_code_is_not_used_up_by_who_does_not_know_the_password(start):
    system = start()
    has_person(system)
    assert sign_in(system, "not the password") is None
    assert sign_in(system) is not None


def test_without_an_authenticator_nobody_signs_in(start):
    system = start()
    has_person(system, totp_secret=None)
    assert sign_in(system) is None


def locked(system):
    with system.database.reading() as connection:
        return connection.rows(Statement(accounts.select()))[0]["locked_at"] is not None


def test_five_failures_in_a_row_lock_and_the_lock_outlives_a_restart(start):
    system = start()
    has_person(system)
    for n in range(5):
        assert not locked(system), f"locked after {n}"
        assert sign_in(system, code="000000" if n % 2 else None, password="wrong it is") is None
    assert locked(system)
    with system.database.reading() as connection:
        raised = [row["name"] for row in connection.rows(Statement(alarms.select()))]
    assert raised == ["ACCOUNT_LOCKED"]
    system.close()
    assert sign_in(start()) is None


def test_a_success_between_failures_begins_the_count_anew(start):
    system = start()
    has_person(system)
    for _ in range(4):
        assert sign_in(system, "wrong it is") is None
    assert sign_in(system) is not None
    for _ in range(4):
        assert sign_in(system, "wrong it is") is None
    assert sign_in(system, later_steps=1) is not None


def test_a_failed_signature_counts_also_where_its_command_is_taken_back(start):
    system = start()
    has_person(system)
    wrong = SignatureComponents(user_id="P1", password="wrong it is", meaning="Released")
    for _ in range(5):
        with work_on(system) as work:
            with work.connection.attempt() as attempt:
                assert system.accounts.sign(work, "P1", wrong, ("lots", "L1", {})) is None
                attempt.take_back()
            work.keep_lasting()
    assert locked(system)


@pytest.mark.parametrize(("idle_s", "is_open"), [(IDLE_MAX_S - 1, True), (IDLE_MAX_S, False)])
def test_a_session_ends_when_it_was_idle_by_the_site_clock(start, idle_s, is_open):
    system = start()
    has_person(system)
    session = sign_in(system)
    drive(system, NOW + timedelta(seconds=idle_s))
    with work_on(system) as work:
        assert (system.accounts.signed_in(work, session.token) is not None) is is_open


def test_a_session_that_is_used_goes_on_and_ends_after_the_last_use(start):
    system = start()
    has_person(system)
    session = sign_in(system)
    for minutes, is_open in ((14, True), (28, True), (43, False), (44, False)):
        drive(system, NOW + timedelta(minutes=minutes))
        with work_on(system) as work:
            assert (system.accounts.signed_in(work, session.token) is not None) is is_open


def test_a_lock_ends_the_open_sessions(start):
    system = start()
    has_person(system)
    session = sign_in(system)
    for _ in range(5):
        assert sign_in(system, "wrong it is") is None
    with work_on(system) as work:
        assert system.accounts.signed_in(work, session.token) is None


def test_nobody_starts_a_system_whose_sessions_idle_longer(tmp_path):
    settings = settings_for(Role.MES, make_identities(), tmp_path)
    with pytest.raises(ValueError, match="900 s, not 901"):
        Settings(**{**vars(settings), "session_s": 901})
