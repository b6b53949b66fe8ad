"""Knocking at the doors: who is let in, who is turned away before the application."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID
from pytest_bdd import parsers, then, when

from contracts.model.inspection import Audit, Direction, Journal, Outbox, Version
from contracts.model.inspection_watching import Metrics
from contracts.model.lot_status import LotStatus
from contracts.model.ports import NoAnswer
from contracts.model.questions import AskStatus, MessageStatus
from contracts.model.roles import Role
from contracts.wire.certificates import TrialAuthority
from contracts.wire.https import TlsFiles
from contracts.wire.system import Network
from features.bench import Bench
from features.claims import NotTested, equal, holds
from features.steps.lot_status import decision_about
from simulator.counterpart import new_message_id

_TIMEOUT_S = 5.0
_GET = b"GET /health HTTP/1.1\r\nhost: door\r\nconnection: close\r\n\r\n"
_REQUESTS = "gxproof_http_requests_total"
_TURNED_AWAY = "turned away"


@dataclass
class Knocked:
    """What came of each knock, and what each system had recorded before."""

    answers: dict[Role, str] = field(default_factory=dict)
    before: dict[Role, tuple[int, int, float | None]] = field(default_factory=dict)


@dataclass
class Rotated:
    """What the scenario keeps of a rotation: certificates, processes and dead letters before it,
    and the load.
    """

    before: dict[Role, str | None] = field(default_factory=dict)
    serials: dict[Role, str] = field(default_factory=dict)
    end: dict[Role, int] = field(default_factory=dict)
    dead: dict[Role, int] = field(default_factory=dict)
    sent: int = 0
    asked: int = 0


@when(parsers.re(r"somebody knocks at both systems with (?P<what>.+)"))
def knocks(bench: Bench, what: str) -> None:
    """One connection to each, and a request on it."""
    network = network_of(bench)
    kept = bench.part(Knocked)
    for role in Role:
        kept.before[role] = _recorded(bench, role)
        kept.answers[role] = _CLIENTS[what](network, role)
        bench.recorder.observe(f"{role.upper()} with {what}: {kept.answers[role]}")


@then("both answer over TLS 1.3, with a suite of authenticated encryption")
def both_answer(bench: Bench) -> None:
    """The door opens for whom it is made for."""
    for role, answer in bench.part(Knocked).answers.items():
        version, suite, status = answer.split(" ", 2)
        equal(version, "TLSv1.3", f"protocol of {role.upper()}")
        holds(suite in _SUITES, f"{role.upper()} agreed to {suite}")
        equal(status, "HTTP/1.1 200 OK", f"answer of {role.upper()}")


@then("both turn it away, and no request reaches the application")
def both_turn_away(bench: Bench) -> None:
    """No byte of HTTP comes back; counters, journal and audit trail stand where they stood."""
    kept = bench.part(Knocked)
    for role, answer in kept.answers.items():
        holds(answer.startswith(_TURNED_AWAY), f"{role.upper()} answered: {answer}")
        journal, audit, requests = _recorded(bench, role)
        equal((journal, audit), kept.before[role][:2], f"journal and audit of {role.upper()}")
        counted = kept.before[role][2]
        if requests is not None and counted is not None:
            # Between the two readings lie the judge's own: the rest of the first, this one's first.
            equal(requests - counted, _OWN_REQUESTS, f"requests that reached {role.upper()}")


@then("both say that they are a closed system")
def both_closed(bench: Bench) -> None:
    """What a system is declared as. Source: 21 CFR 11.3(b)(4), 11.30."""
    for role in Role:
        shown = bench.site.client(role).content("configuration")
        equal(shown.get("access"), "closed system", f"{role.upper()} is declared as")
    bench.recorder.observe("both are declared as closed systems")


# --- rotation -----------------------------------------------------------------------------------


def network_of(bench: Bench) -> Network:
    """The doors. Raises: NotTested where there are none."""
    network = bench.sut.network
    if network is None:
        raise NotTested("in process nothing travels over a network")
    return network


def serial_at(network: Network, role: Role) -> str:
    """The serial number of the certificate that a system shows to a new connection."""
    with _connected(network, role, _context(network.good)) as secured:
        assert isinstance(secured, ssl.SSLSocket)
        return str((secured.getpeercert() or {}).get("serialNumber"))


@when("certificates and signing keys of both systems rotate while messages go both ways")
def rotate_under_load(bench: Bench) -> None:
    """The command of the target runs, and the site goes on as before until it has ended."""
    network, kept = network_of(bench), bench.part(Rotated)
    kept.before = {role: _shown(bench, role) for role in Role}
    kept.serials = {role: serial_at(network, role) for role in Role}
    kept.end = {role: _recorded(bench, role)[0] for role in Role}
    kept.dead = {role: bench.site.client(role).ask("outbox", Outbox).dead for role in Role}
    with subprocess.Popen(network.rotate, stdout=subprocess.DEVNULL) as rotating:  # noqa: S603
        while rotating.poll() is None:
            _exchange(bench)
    _exchange(bench)
    equal(rotating.returncode, 0, "the command that rotates ended with")
    bench.recorder.observe(f"{kept.sent} decisions and {kept.asked} questions meanwhile")


@then("each message was taken at its first attempt")
def first_attempts(bench: Bench) -> None:
    """Every answer that MES got is an acknowledgement, one for each message."""
    kept = bench.part(Rotated)
    for role in Role:
        query = f"after={kept.end[role]}"
        rows = bench.site.client(role).ask("journal", Journal, query).rows
        answers = [r for r in rows if r.kind == "answer" and r.direction is Direction.RECEIVED]
        wrong = [f"{row.key}: {row.status}" for row in answers if row.status != 200]
        bench.recorder.observe(f"{role.upper()}: {len(answers)} answers, {len(wrong)} of them bad")
        holds(not wrong, f"{len(wrong)} of {len(answers)} failed: {'; '.join(wrong[:5])}")
        if role is Role.MES:
            holds(len(answers) >= kept.sent > 0, f"{len(answers)} answers for {kept.sent}")
        pending = bench.site.client(role).ask("outbox", Outbox)
        equal(pending.dead, kept.dead[role], f"dead letters of {role.upper()}")


@then("both show another certificate than before, and neither was started anew")
def rotated(bench: Bench) -> None:
    """A new connection meets a new certificate; the process is the one it was."""
    network, kept = network_of(bench), bench.part(Rotated)
    for role in Role:
        serial = serial_at(network, role)
        bench.recorder.observe(f"{role.upper()}: serial {kept.serials[role]} → {serial}")
        holds(serial != kept.serials[role], f"{role.upper()} shows its old certificate")
        equal(_shown(bench, role), kept.before[role], f"process of {role.upper()}")


@then("the audit trail of both names the keys before and after")
def rotation_is_entered(bench: Bench) -> None:
    """What a system works by has changed, and that is an entry."""
    for role in Role:
        rows = bench.site.client(role).ask("audit", Audit, "after=0").rows
        found = [row for row in rows if row.record_type == "trust"]
        bench.recorder.observe(f"{role.upper()}: {len(found)} entries")
        holds(
            any(row.old_value and row.new_value and row.old_value != row.new_value
                for row in found),
            f"{role.upper()} has entered nothing",
        )


def _exchange(bench: Bench) -> None:
    """One decision that goes to the warehouse, and one question of each partner."""
    kept = bench.part(Rotated)
    status = LotStatus.QUARANTINE if kept.sent % 2 else LotStatus.BLOCKED
    body = decision_about(bench, bench.lots["A"].lot_id, status, None)
    bench.prepare("quality", "change-lot-status", body)
    bench.deliver()
    kept.sent += 1
    for role in Role:
        asked = AskStatus(message_id=new_message_id(bench.now))
        bench.counterpart(role).client.call("message-status", asked).as_(MessageStatus)
        kept.asked += 1


def _shown(bench: Bench, role: Role) -> str | None:
    return bench.site.client(role).ask("version", Version).process_id


# --- clients ------------------------------------------------------------------------------------


def _recorded(bench: Bench, role: Role) -> tuple[int, int, float | None]:
    """Where journal and audit trail end, and how many requests were counted."""
    client = bench.site.client(role)
    journal = client.ask("journal", Journal, "after=999999999").last_position
    audit = client.ask("audit", Audit, "after=999999999").last_sequence
    lines = client.ask("metrics", Metrics).text.splitlines()
    counted = [line.rpartition(" ")[2] for line in lines if line.startswith(f"{_REQUESTS} ")]
    return journal, audit, float(counted[0]) if counted else None


_OWN_REQUESTS = 3.0
# What OpenSSL says where it is our own side that cannot do what is tried.
_OWN_FAULTS = ("NO_PROTOCOLS_AVAILABLE", "NO_CIPHERS_AVAILABLE")
_SUITES = ("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256")


def _knock(network: Network, role: Role, context: ssl.SSLContext | None) -> str:
    """What comes back for one request: protocol, suite and status line, or how it was refused."""
    try:
        with _connected(network, role, context) as stream:
            stream.sendall(_GET)
            first = stream.recv(4096)
            agreed = _agreed(stream)
    except OSError as exc:  # an ssl.SSLError is one
        holds(getattr(exc, "reason", "") not in _OWN_FAULTS, f"the harness cannot knock so: {exc}")
        return f"{_TURNED_AWAY}: {exc}"
    status = first.split(b"\r\n")[0].decode("latin-1")
    return f"{agreed} {status}" if status.startswith("HTTP/") else f"{_TURNED_AWAY}: no HTTP"


def _agreed(stream: socket.socket) -> str:
    """Protocol and suite of a connection."""
    if not isinstance(stream, ssl.SSLSocket):
        return "none none"
    cipher = stream.cipher()
    return f"{stream.version()} {cipher[0] if cipher else 'none'}"


def _connected(
    network: Network, role: Role, context: ssl.SSLContext | None
) -> socket.socket:
    try:
        plain = socket.create_connection(network.doors[role], timeout=_TIMEOUT_S)
    except OSError as exc:
        raise NoAnswer(f"nothing listens at the door of {role.upper()}: {exc}") from exc
    if context is None:
        return plain
    try:
        return context.wrap_socket(plain, server_hostname=network.doors[role][0])
    except BaseException:
        plain.close()
        raise


def _context(
    files: TlsFiles | None, authority: Path | None = None,
    version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3, ciphers: str = "",
) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority or (files.authority if files else None))
    context.minimum_version = context.maximum_version = version
    if ciphers:
        context.set_ciphers(ciphers)
    if files is not None:
        context.load_cert_chain(files.certificate, files.key)
    return context


def _good(network: Network, role: Role) -> str:
    return _knock(network, role, _context(network.good))


def _plain(network: Network, role: Role) -> str:
    return _knock(network, role, None)


def _older(version: ssl.TLSVersion, ciphers: str) -> Callable[[Network, Role], str]:
    def knock(network: Network, role: Role) -> str:
        return _knock(network, role, _context(network.good, version=version, ciphers=ciphers))

    return knock


def _without(network: Network, role: Role) -> str:
    return _knock(network, role, _context(None, network.good.authority))


def _given(name: str) -> Callable[[Network, Role], str]:
    def knock(network: Network, role: Role) -> str:
        if name not in network.refused:
            raise NotTested(f"the target names no certificate that is {name}")
        return _knock(network, role, _context(network.refused[name]))

    return knock


def _made(*, by_itself: bool) -> Callable[[Network, Role], str]:
    """A certificate of an authority of our own, in the name of a known account; or of itself."""

    def knock(network: Network, role: Role) -> str:
        folder = Path(tempfile.mkdtemp(prefix="gxproof-door-"))
        try:
            authority = TrialAuthority(folder, "GxProof foreign authority")
            certificate, key = authority.issue(_name_of(network.good.certificate))
            if by_itself:
                certificate, key = authority.path, folder / "ca.key"
            files = TlsFiles(network.good.authority, certificate, key)
            return _knock(network, role, _context(files))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return knock


def _name_of(certificate: Path) -> str:
    """The common name of a certificate."""
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    (name,) = read.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(name.value)


_WEAK = "ALL:@SECLEVEL=0"
_CLIENTS: dict[str, Callable[[Network, Role], str]] = {
    "a good certificate": _good,
    "plain HTTP": _plain,
    "TLS 1.2": _older(ssl.TLSVersion.TLSv1_2, ""),
    "TLS 1.1": _older(ssl.TLSVersion.TLSv1_1, _WEAK),
    "TLS 1.2 and a suite without forward secrecy": _older(
        ssl.TLSVersion.TLSv1_2, "AES128-SHA:@SECLEVEL=0"
    ),
    "no certificate": _without,
    "a self-signed certificate": _made(by_itself=True),
    "a certificate of another authority": _made(by_itself=False),
    "an expired certificate": _given("expired"),
    "a revoked certificate": _given("revoked"),
    "a certificate made for another name": _given("wrong_name"),
    "a certificate of a name that has no account": _given("unknown_name"),
}
