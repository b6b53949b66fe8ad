"""What a signature is bound to, reckoned anew by the judge from what the exports show alone.

The record's digest is over the bytes of its content; the binding is over the signature's members
with type, id, version and digest of the record. Source: 21 CFR 11.70; URS-SIG-002.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from contracts.record.canonical import canonical_bytes
from contracts.record.digests import digest_of, sha256

Row = dict[str, Any]
_NOT_BOUND = ("binding", "state", "signedAtUtc", "zone")


@dataclass(frozen=True)
class Signed:
    """A signature with a record: its own, or another one that it is held against."""

    signature: Row
    record: Row

    def faults(self) -> list[str]:
        """Why the signature does not belong to this record; none: it does."""
        found = [
            f"{name} is {self.record[name]}, signed was {self.signature[name]}"
            for name in ("recordType", "recordId", "recordVersion")
            if self.record[name] != self.signature[name]
        ]
        content = str(self.record["content"])
        if sha256(content.encode()) != self.signature["recordSha256"]:
            found.append("the record has other bytes")
        bound = {k: v for k, v in self.signature.items() if k not in _NOT_BOUND}
        if digest_of(bound) != self.signature["binding"]:
            found.append("the signature itself has other members")
        if canonical_bytes(json.loads(content)).decode() != content:
            found.append("the content is not canonical")
        return found


def signed_of(export: Row) -> list[Signed]:
    """Each signature of an export with the record that it names. Raises: KeyError without one."""
    records = {
        (row["recordType"], row["recordId"], row["recordVersion"]): row
        for row in export["records"]
    }
    return [
        Signed(row, records[(row["recordType"], row["recordId"], row["recordVersion"])])
        for row in export["rows"]
    ]


def transplants_of(signed: list[Signed]) -> list[Signed]:
    """Each signature onto every other record, and onto its own as another version, type or id."""
    found = []
    for one in signed:
        own = one.record
        others = [other.record for other in signed if other.record != own]
        others += [
            {**own, "recordVersion": own["recordVersion"] + 1},
            {**own, "recordType": f"{own['recordType']}-2"},
            {**own, "recordId": f"{own['recordId']}-2"},
            {**own, "content": own["content"].replace('"', '" ', 1)},
        ]
        found += [Signed(one.signature, record) for record in others]
    return found
