"""Signatures of messages: valid, wrong in one way, and used again."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pytest_bdd import parsers, then, when

from contracts.model.operations import OPERATIONS, Operation
from contracts.model.ports import HttpRequest
from contracts.model.roles import Role
from contracts.model.verdicts import Outcome
from contracts.record.canonical import canonical_bytes
from contracts.wire.clients import SystemClient
from contracts.wire.identity import Identity
from contracts.wire.signing import content_digest, required_components, sign, signature_base
from features.bench import Bench
from features.claims import equal
from features.steps.idempotency import Sent
from features.steps.messages import pick_request
from simulator.counterpart import Draft

_OTHER_PATH = OPERATIONS["wms/lot-status-changed"].path
_COMPONENTS = {
    "the method": "@method", "the path": "@path", "the content digest": "content-digest",
    "the content type": "content-type", "the idempotency key": "idempotency-key",
}


@when(parsers.re(r"the MES counterpart sends a pick request signed (?P<words>.+)"))
def sends_signed(bench: Bench, words: str) -> None:
    """A valid request under a signature of the scenario's own making."""
    draft = pick_request(bench, "4.000")
    operation = OPERATIONS["wms/pick-requested"]
    client = bench.counterpart(Role.WMS).client
    request = _SIGNED[words](bench, client, unsigned(operation, draft))
    attempt = bench.carry(client, operation, request, draft)
    bench.recorder.observe(f"signed {words}: {attempt.answer}")


@when(parsers.re(r"somebody sends the same signed bytes (?P<times>[0-9]+) times again"))
def replays(bench: Bench, times: str) -> None:
    """An honest repeat gets the stored answer; then its very bytes, signature included, again."""
    event = bench.part(Sent).the_event
    operation = OPERATIONS[f"{event.receiver}/{event.draft.message}"]
    client = bench.counterpart(event.receiver).client
    request = _now(client, unsigned(operation, event.draft))
    honest = client.carry(operation, request)
    equal(honest.outcome, Outcome.OK, "an honest repeat under a signature of its own")
    bench.picture()
    bench.attempts.clear()
    for _ in range(int(times)):
        bench.carry_unseen(client, operation, request, event.draft)
    refused = sum(1 for attempt in bench.attempts if attempt.answer.refusal)
    bench.recorder.observe(f"{refused} of {times} replays refused")


@then("a repeat is refused with the same code")
def repeat_has_the_same_code(bench: Bench) -> None:
    """What nobody is known to have sent is judged anew each time, and its age has grown."""
    again = bench.repeat(bench.last)
    bench.recorder.observe(str(again))
    code = again.refusal.code if again.refusal else None
    equal(code, bench.last.refusal.code, "the repeat got")


def unsigned(operation: Operation, draft: Draft) -> HttpRequest:
    """The request of a message, not yet signed."""
    headers = {"content-type": operation.media_type, "idempotency-key": draft.key or ""}
    return HttpRequest(operation.method, operation.path, "", headers, draft.raw)


def _now(client: SystemClient, request: HttpRequest, shift_s: int = 0) -> HttpRequest:
    return sign(request, client.identity, int(client.wall()) + shift_s, client.nonce())


def _not_at_all(client: SystemClient, request: HttpRequest) -> HttpRequest:
    headers = _now(client, request).headers
    kept = {k: v for k, v in headers.items() if not k.startswith("signature")}
    return replace(request, headers=kept)


def _flipped(client: SystemClient, request: HttpRequest) -> HttpRequest:
    signed = _now(client, request)
    value = signed.headers["signature"].removeprefix("gxproof=:").removesuffix(":")
    raw = bytearray(base64.b64decode(value))
    raw[20] ^= 1
    return _with(signed, {"signature": f"gxproof=:{base64.b64encode(raw).decode()}:"})


def _by(identity: Identity, client: SystemClient, request: HttpRequest) -> HttpRequest:
    return sign(request, identity, int(client.wall()), client.nonce())


def _by_nobody(client: SystemClient, request: HttpRequest) -> HttpRequest:
    stranger = replace(client.identity, key=Ed25519PrivateKey.generate())
    return _by(stranger, client, request)


def _without(left_out: str, client: SystemClient, request: HttpRequest) -> HttpRequest:
    """Signed without a parameter (``nonce``) or without covering a component (``@path``)."""
    digested = _with(request, {"content-digest": content_digest(request.body)})
    covered = tuple(name for name in required_components(digested) if name != left_out)
    parameters = {
        "created": str(int(client.wall())), "keyid": f'"{client.identity.known.key_id}"',
        "nonce": f'"{client.nonce()}"',
    }
    kept = {name: value for name, value in parameters.items() if name != left_out}
    return _signed_by_hand(client, digested, covered, kept)


def _with_algorithm(client: SystemClient, request: HttpRequest) -> HttpRequest:
    digested = _with(request, {"content-digest": content_digest(request.body)})
    parameters = {
        "created": str(int(client.wall())), "keyid": f'"{client.identity.known.key_id}"',
        "nonce": f'"{client.nonce()}"', "alg": '"hmac-sha256"',
    }
    return _signed_by_hand(client, digested, required_components(digested), parameters)


def _signed_by_hand(
    client: SystemClient, request: HttpRequest, covered: tuple[str, ...],
    parameters: dict[str, str],
) -> HttpRequest:
    items = " ".join(f'"{name}"' for name in covered)
    shown = f"({items})" + "".join(f";{name}={value}" for name, value in parameters.items())
    raw = client.identity.key.sign(signature_base(request, covered, shown))
    value = base64.b64encode(raw).decode()
    headers = {"signature-input": f"gxproof={shown}", "signature": f"gxproof=:{value}:"}
    return _with(request, headers)


def _for_another_address(client: SystemClient, request: HttpRequest) -> HttpRequest:
    return replace(_now(client, replace(request, path=_OTHER_PATH)), path=request.path)


def _twice(client: SystemClient, request: HttpRequest) -> HttpRequest:
    signed = _now(client, request)
    doubled = {
        name: f"{value}, {value.replace('gxproof=', 'again=', 1)}"
        for name, value in signed.headers.items() if name.startswith("signature")
    }
    return _with(signed, doubled)


def _other_body(client: SystemClient, request: HttpRequest, *, digested: bool) -> HttpRequest:
    """Signed over one body and sent with another, with the digest of the one or the other."""
    signed = _now(client, request)
    content = json.loads(request.body)
    content["data"]["station"] = "ELSEWHERE"
    other = canonical_bytes(content)
    header = {"content-digest": content_digest(other)} if digested else {}
    return replace(_with(signed, header), body=other)


def _other_key(client: SystemClient, request: HttpRequest) -> HttpRequest:
    return _with(_now(client, request), {"idempotency-key": "another-key"})


def _with(request: HttpRequest, headers: dict[str, str]) -> HttpRequest:
    return replace(request, headers={**request.headers, **headers})


Signing = Callable[[Bench, SystemClient, HttpRequest], HttpRequest]
_SIGNED: dict[str, Signing] = {
    "as the contract says": lambda _, c, r: _now(c, r),
    "290 seconds ago": lambda _, c, r: _now(c, r, -290),
    "290 seconds ahead": lambda _, c, r: _now(c, r, 290),
    "310 seconds ago": lambda _, c, r: _now(c, r, -310),
    "310 seconds ahead": lambda _, c, r: _now(c, r, 310),
    "not at all": lambda _, c, r: _not_at_all(c, r),
    "with one bit changed": lambda _, c, r: _flipped(c, r),
    "by the key of another account": lambda b, c, r: _by(b.site.client(Role.WMS).identity, c, r),
    "by a key that nobody knows": lambda _, c, r: _by_nobody(c, r),
    "without a nonce": lambda _, c, r: _without("nonce", c, r),
    "without a time": lambda _, c, r: _without("created", c, r),
    "without a key id": lambda _, c, r: _without("keyid", c, r),
    "with another algorithm": lambda _, c, r: _with_algorithm(c, r),
    "for another address": lambda _, c, r: _for_another_address(c, r),
    "twice": lambda _, c, r: _twice(c, r),
    "over another body": lambda _, c, r: _other_body(c, r, digested=False),
    "over a digest of another body": lambda _, c, r: _other_body(c, r, digested=True),
    "over another idempotency key": lambda _, c, r: _other_key(c, r),
    **{
        f"without covering {words}": lambda _, c, r, name=name: _without(name, c, r)  # type: ignore[misc]
        for words, name in _COMPONENTS.items()
    },
}
