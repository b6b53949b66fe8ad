"""Secrets of the scenario's own, and the search for them wherever somebody could read."""

from __future__ import annotations

import base64
import json
import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pytest_bdd import given, then, when

import features
from contracts.formats.secret_findings import FORMS, Found, SecretSearch
from contracts.model.commands import (
    Command,
    CreateAccount,
    OpenSession,
    ResetCredentials,
    Session,
    SignatureComponents,
)
from contracts.model.identifiers import Id
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Duty, Role
from contracts.model.second_factor import code_of, step_at
from contracts.wire.clients import SystemClient
from features.bench import PEOPLE, Bench
from features.claims import equal, holds
from features.recording import ScenarioRecorder
from features.steps.lot_status import decision_about
from simulator.authenticator import EXAMPLE_PASSWORD, EXAMPLE_TOTP_SECRET

_ROOMS = ("contracts", "reference_impl", "simulator", "reports", "features", "gxproof")
_EXPORTS = ("journal", "audit", "alarms", "state", "configuration")
_REASON = "asked for by the line"
# Written down in this product on purpose, worth nothing outside a test system.
PUBLIC = (EXAMPLE_PASSWORD, EXAMPLE_TOTP_SECRET)


class _Log(logging.Handler):
    """Keeps what is logged, by anybody in this process, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@dataclass
class SecretsUsed:
    """Where things are written in the scenario, which secrets it made, and what was planted."""

    log: _Log = field(default_factory=_Log)
    record: list[bytes] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    planted: dict[str, bytes] = field(default_factory=dict)

    @property
    def search(self) -> SecretSearch:
        """For what the scenario made, and for what looks like a secret."""
        return SecretSearch(self.secrets, PUBLIC)


@given("everything is logged and recorded from here on")
def watch(bench: Bench) -> None:
    """The log of this process as chatty as it gets, and each exchange as evidence keeps it."""
    bench.picture()
    watched, root = bench.part(SecretsUsed), logging.getLogger()
    level = root.level
    root.addHandler(watched.log)
    root.setLevel(logging.DEBUG)
    bench.endings.append(lambda: root.removeHandler(watched.log))
    bench.endings.append(lambda: root.setLevel(level))


@when(
    "a newcomer is given an account, signs in, mistypes, signs, gets new credentials and replaces "
    "the password"
)
def use_secrets(bench: Bench) -> None:
    """Every command that carries a secret, with secrets that nobody else has."""
    made = bench.part(SecretsUsed).secrets
    person = Id(bench.namespace.id("EX-CANARY"))
    first, second = _new_secret(), _new_secret()
    _do(bench, "the administrator", "create-account", CreateAccount(
        change_id=Id(bench.new_id("CHANGE")), person_id=person, printed_name="Example Canary",
        duties=(Duty.QUALITY,), password=first[0], totp_secret=first[1], reason=_REASON,
    ))
    code = code_of(first[1], step_at(bench.now))
    body = OpenSession(user_id=person, password=first[0], code=code, station=Id("DESK-1"))
    token = _client(bench).call("sessions", body).as_(Session).token
    mistyped = f"{_new_secret()[0]}-mistyped"
    wrong = body.model_copy(update={"password": mistyped})
    holds(_client(bench).call("sessions", wrong).refusal is not None, "a mistyped password counts")
    signature = SignatureComponents(user_id=person, password=first[0], meaning="Put on hold")
    _client(bench).call(
        "change-lot-status",
        decision_about(bench, bench.lots["A"].lot_id, LotStatus.BLOCKED, signature),
        key=bench.site.new_key(), session=token,
    )
    _do(bench, "the administrator", "reset-credentials", ResetCredentials(
        change_id=Id(bench.new_id("CHANGE")), person_id=person, password=second[0],
        totp_secret=second[1], reason=_REASON,
    ))
    own = _new_secret()[0]
    later = OpenSession(
        user_id=person, password=second[0], new_password=own, station=Id("DESK-1"),
        code=code_of(second[1], step_at(bench.now) + 1),
    )
    last = _client(bench).call("sessions", later).as_(Session).token
    made.update({
        "the first password": first[0], "the first authenticator": first[1],
        "the session": token, "the mistyped password": mistyped,
        "the second password": second[0], "the second authenticator": second[1],
        "the own password": own, "the last session": last,
    })
    bench.recorder.observe(f"{len(made)} secrets were used")


@then("none of these secrets is in an export, the log or the record of the scenario")
def nothing_found(bench: Bench) -> None:
    """Of their values and of the examples' alike, in whatever spelling."""
    search = SecretSearch({
        **bench.part(SecretsUsed).secrets, "the people's password": bench.sut.people.password,
        "the people's authenticator": bench.sut.people.totp_secret,
    })
    _claim_clean(bench, search, _places(bench))


@then("no file of the product holds anything that looks like a secret")
def product_is_clean(bench: Bench) -> None:
    """As it is installed here."""
    _claim_clean(bench, bench.part(SecretsUsed).search, dict(_product()))


@when("a canary of every kind is put into a copy of every place")
def plant(bench: Bench) -> None:
    """In the middle of what really stands there; one is sent to the warehouse in a message."""
    watched, canaries = bench.part(SecretsUsed), _canaries(bench.part(SecretsUsed).secrets)
    line = b"\n" + b"\n".join(canaries.values()) + b"\n"
    places = {**_places(bench), **_one_of_each_room()}
    for place, raw in places.items():
        watched.planted[place] = raw[:len(raw) // 2] + line + raw[len(raw) // 2:]
    # Not over the recorded client: evidence is no place for it.
    sender = bench.sut.counterpart(Role.WMS)
    note = json.dumps({"note": canaries["a private key"].decode()}).encode()
    sender.send("pick-requested", note, key=bench.site.new_key())


@then("every canary is found, and the one that was sent in a message is found in the journal")
def all_found(bench: Bench) -> None:
    """Every kind in every place: recall 100 %."""
    watched = bench.part(SecretsUsed)
    kinds = set(_canaries(watched.secrets))
    wanted = {Found(place, kind) for place in watched.planted for kind in kinds}
    found = {
        one for place, raw in watched.planted.items() for one in watched.search.search(place, raw)
    }
    bench.recorder.observe(
        f"{len(found & wanted)} of {len(wanted)} canaries found, {len(kinds)} kinds in "
        f"{len(watched.planted)} places"
    )
    holds(bool(wanted), "nothing was planted")
    missed = sorted(wanted - found)
    holds(not missed, f"missed: {[f'{one.kind} in {one.place}' for one in missed[:5]]}")
    journal = "journal of WMS"
    sent = watched.search.search(journal, _places(bench)[journal])
    equal(sent, {Found(journal, "a private key")}, "in the journal of the warehouse")


def _claim_clean(bench: Bench, search: SecretSearch, places: dict[str, bytes]) -> None:
    found = sorted(one for place, raw in places.items() for one in search.search(place, raw))
    size = sum(map(len, places.values()))
    bench.recorder.observe(f"{len(found)} secrets in {len(places)} places, {size} bytes")
    holds(bool(size), "there is nothing to look through")
    holds(not found, f"found: {[f'{one.kind} in {one.place}' for one in found[:5]]}")


def _canaries(made: dict[str, str]) -> dict[str, bytes]:
    """One of each kind, in the way that each kind gives itself away; none is of any use."""
    drawn = secrets.token_hex(21)
    key = base64.b64encode(drawn.encode()).decode()
    header = base64.urlsafe_b64encode(b'{"alg":"EdDSA"}').decode().rstrip("=")
    known = list(made.items())
    # Each secret of the scenario in another spelling.
    spelled = [known[0][1], base64.b64encode(f"x{known[1][1]}yz".encode()).decode(),
               json.dumps(known[2][1]), known[3][1].encode().hex()]
    texts = {
        "a private key": "-----BEGIN PRIVATE " + f"KEY-----\n{key}\n-----END PRIVATE KEY-----",
        "a private key in JSON": json.dumps({"kty": "OKP", "d": f"{drawn}0"}),
        "a session token": "Authorization: Bearer " + drawn,
        "an authenticator": "otpauth" + "://totp/Example?secret=" + EXAMPLE_TOTP_SECRET[::-1],
        "an access key": "AKI" + "A" + drawn[:16].upper(),
        "a signed token": f"{header}.{header}.{drawn}",
        "a password in an address": "postgresql" + f"://mes:{drawn}@localhost/mes",
        "a named secret": f'pass{"word"} = "{drawn}"',
    }
    equal(set(texts), set(FORMS), "kinds of canaries")
    return {
        **{kind: text.encode() for kind, text in texts.items()},
        **{kind: text.encode() for (kind, _), text in zip(known, spelled, strict=False)},
    }


def _places(bench: Bench) -> dict[str, bytes]:
    """What came to each place since the watching began."""
    assert bench.before is not None
    watched = bench.part(SecretsUsed)
    found = {
        "log": "\n".join(watched.log.lines).encode(), "record": b"\n".join(watched.record),
    }
    for role in Role:
        after = {
            "journal": bench.before.journal_end[role], "audit": bench.before.audit_end[role],
        }
        for name in _EXPORTS:
            query = f"after={after[name]}" if name in after else ""
            raw = bench.site.client(role).call(name, query=query).raw
            assert raw is not None
            found[f"{name} of {role.upper()}"] = raw.body
    return found


def _product() -> Iterator[tuple[str, bytes]]:
    root = Path(features.__file__).parents[1]
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                yield str(path.relative_to(root)), path.read_bytes()


def _one_of_each_room() -> dict[str, bytes]:
    root = Path(features.__file__).parents[1]
    return {
        f"{room}/__init__.py": (root / room / "__init__.py").read_bytes() for room in _ROOMS
    }


def _client(bench: Bench) -> SystemClient:
    """The harness's client of MES, whose exchanges go into the record of the scenario."""
    record = bench.part(SecretsUsed).record
    mine = ScenarioRecorder(lambda line: record.append(json.dumps(line).encode()))
    return bench.site.client(Role.MES).as_recorded_by(mine)


def _do(bench: Bench, who: str, name: str, body: Command) -> None:
    token = bench.site.sign_in(Role.MES, PEOPLE[who][0], PEOPLE[who][3])
    answer = _client(bench).call(name, body, key=bench.site.new_key(), session=token)
    holds(answer.refusal is None, f"{name}: {answer}")


def _new_secret() -> tuple[str, str]:
    """A password and an authenticator that were never used."""
    return (
        f"canary-{secrets.token_urlsafe(12)}",
        base64.b32encode(secrets.token_bytes(20)).decode(),
    )
