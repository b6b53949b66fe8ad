"""The page that explains the contract to a vendor, with a signature that was really computed."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.model.master_data import MEMBERS, MasterKind
from contracts.model.messages import MESSAGES
from contracts.model.operations import OPERATIONS, Operation
from contracts.model.ports import HttpRequest
from contracts.model.rules import RULES
from contracts.wire.golden import SOURCES, Golden, Step
from contracts.wire.identity import Account, Identity, raw_public
from contracts.wire.json_schemas import readable
from contracts.wire.signing import required_components, sign, signature_base

# The test key of RFC 9421, appendix B.1.4: public on purpose, it protects nothing.
TEST_KEY = "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU"
_CREATED = 1_774_936_800
_NONCE = "published-example-01"
_TEMPLATE = Path(__file__).with_name("vendor_page.md")
# What orders the messages of one kind, and what names the business event.
_SUBJECTS = {
    "pick-requested": ("`order/` and `orderId`", "`requestId`"),
    "pick-cancelled": ("`order/` and `orderId`", "`cancelId`"),
    "message-settled": ("`link/` and `messageId`", "`messageId`"),
    "message-discarded": ("that of the discarded message", "`discardId`"),
    "link-heartbeat": ("`link/` and `heartbeatId`", "`heartbeatId`"),
    "lot-status-changed": ("`lot/` and `lotId`", "`changeId`"),
    "pick-confirmed": ("`container/` and `container`", "`confirmationId`"),
    "receipt-confirmed": ("`container/` and `container`", "`receiptId`"),
    "putaway-completed": ("`container/` and `container`", "`putawayId`"),
    "pack-completed": ("`container/` and `sscc`", "`packId`"),
    "unit-aggregated": ("`container/` and `parent`", "`aggregationId`"),
    "unit-disaggregated": ("`container/` and `parent`", "`disaggregationId`"),
    "kit-assembled": ("`container/` and `kit`", "`assemblyId`"),
    "kit-opened": ("`container/` and `kit`", "`openingId`"),
    "shipment-confirmed": ("`shipment/` and `shipmentId`", "`shipmentId`"),
    "material-issued": ("`container/` and `sourceContainer`", "`issueId`"),
    "material-returned": ("`container/` and `container`", "`returnId`"),
    "count-completed": ("`container/` and `container`", "`countId`"),
    "inventory-adjusted": ("`container/` and `container`", "`adjustmentId`"),
    "sample-taken": ("`container/` and `sourceContainer`", "`sampleId`"),
    "warehouse-hold-placed": ("`lot/` and `lotId`", "`holdId`"),
    "scan-recorded": ("`scan/` and `runId`", "`recordId`"),
    "master-data-published": ("`master/` and `recordId`", "`publicationId`"),
    "return-received": ("`container/` and `container`", "`returnId`"),
    "wip-transferred": ("`container/` and `container`", "`transferId`"),
    "material-scrapped": ("`container/` and `container`", "`scrapId`"),
}
_RECORD_OF = {
    MasterKind.MATERIAL: "the material", MasterKind.LOCATION: "the place",
    MasterKind.BOM: "the order that is made by it", MasterKind.LOT_FORMAT: "the material",
}


@dataclass(frozen=True)
class SignatureExample:
    """One signed request and the bytes that were signed."""

    golden: Golden
    signer: Identity
    request: HttpRequest
    base: bytes

    def to_json(self) -> dict[str, Any]:
        """The example as a file, for a vendor's own tests."""
        return {
            "algorithm": "ed25519",
            "privateKey": TEST_KEY,
            "publicKey": self.public_key,
            "keyId": self.signer.known.key_id,
            "method": self.request.method,
            "path": self.request.path,
            "headers": dict(self.request.headers),
            "body": self.request.body.decode(),
            "signatureBase": self.base.decode(),
        }

    @property
    def public_key(self) -> str:
        """The public key in base64url without padding."""
        return _base64url(raw_public(self.signer.key.public_key()))


def signature_example(golden: Golden) -> SignatureExample:
    """The first step of a golden message, signed with the published test key."""
    step, operation = golden.steps[0], OPERATIONS[golden.operation]
    signer = _signer(golden)
    request = sign(_unsigned(operation, step), signer, _CREATED, _NONCE)
    parameters = request.headers["signature-input"].partition("=")[2]
    base = signature_base(request, required_components(request), parameters)
    return SignatureExample(golden, signer, request, base)


def vendor_page(goldens: tuple[Golden, ...], example: SignatureExample) -> str:
    """The page in Markdown."""
    facts = {
        "operations": _operations(),
        "messages": _messages(),
        "fact_rules": _rules_for_facts(),
        "master_members": _master_members(),
        "golden": example.golden.name,
        "golden_count": str(len(goldens)),
        "private_key": TEST_KEY,
        "public_key": example.public_key,
        "key_id": example.signer.known.key_id,
        "request": _as_http(example.request),
        "body_length": str(len(example.request.body)),
        "signature_base": example.base.decode(),
        "base_length": str(len(example.base)),
    }
    page = _TEMPLATE.read_text(encoding="utf-8")
    for name, text in facts.items():
        page = page.replace("{{" + name + "}}", text)
    return page


def _signer(golden: Golden) -> Identity:
    sender = golden.receiver.partner
    key = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(TEST_KEY + "="))
    return Identity(SOURCES[sender], Account(sender.value), f"{sender}.example", key)


def _unsigned(operation: Operation, step: Step) -> HttpRequest:
    headers = {"content-type": operation.media_type, "idempotency-key": step.key or ""}
    return HttpRequest(operation.method, operation.path, "", headers, step.raw)


def _as_http(request: HttpRequest) -> str:
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in request.headers.items())])


def _operations() -> str:
    rows = ["| operation | | for |", "|---|---|---|"]
    for operation in OPERATIONS.values():
        duties = ", ".join(sorted(operation.duties)) or "-"
        rows.append(f"| {operation.role}: `{operation.method} {operation.path}` "
                    f"| {_plain(operation.summary)} | {duties} |")
    return "\n".join(rows)


def _messages() -> str:
    rows = ["| message | from → to | kind | subject | business key |", "|---|---|---|---|---|"]
    for message in MESSAGES.values():
        subject, key = _SUBJECTS[message.name]
        kind = "request" if message.is_request else "fact"
        arrow = "↔" if message.both_ways else "→"
        rows.append(f"| `{message.name}` | {message.sender} {arrow} {message.receiver} | {kind} "
                    f"| {subject} | {key} |")
    return "\n".join(rows)


def _master_members() -> str:
    rows = ["| kind | `recordId` | members |", "|---|---|---|"]
    for kind, members in MEMBERS.items():
        named = ", ".join(f"`{member}`" for member in members)
        more = ", `line2` and so on" if kind is MasterKind.BOM else ""
        rows.append(f"| `{kind}` | {_RECORD_OF[kind]} | {named}{more} |")
    return "\n".join(rows)


def _rules_for_facts() -> str:
    """The business rules that guard a fact all the same: an owner's decision needs its form."""
    facts = {operation for m in MESSAGES.values() if not m.is_request for operation in m.operations}
    guarding = [r.id for r in RULES if facts & {*r.guards} and not r.id.startswith("FRS-IDM")]
    return f" (and by {', '.join(guarding)})" if guarding else ""


def _plain(text: str) -> str:
    return readable(text).replace("|", "\\|")


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
