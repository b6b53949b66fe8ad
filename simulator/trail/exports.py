"""What a trail is made from: exports of both systems, read as they come and changed nowhere."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any

from contracts.model.inspection_batch import BatchRecord
from contracts.model.roles import Role
from contracts.record.strict_json import Unreadable, read_json
from contracts.wire.system import SystemUnderTest

Row = dict[str, Any]
_BOTH = ("audit", "journal", "lots", "containers", "genealogy", "deviations", "outbox", "clock")
_OF_MES = ("weighings", "equipment", "labels", "capas")


@dataclass
class TrailExports:
    """The exports by system and name, and the batch record where the trail is of a batch."""

    shown: dict[tuple[Role, str], Row] = field(default_factory=dict)
    record: Row | None = None

    def rows(self, role: Role, name: str) -> list[Row]:
        """The rows of an export; none where it was not read."""
        found: list[Row] = self.shown.get((role, name), {}).get("rows", [])
        return found


def read_exports(sut: SystemUnderTest, order_id: str | None = None) -> TrailExports:
    """Read both systems. Raises: Unexpected, ContractBroken, NoAnswer."""
    found = TrailExports()
    for role in Role:
        client = sut.client(role)
        for name in (*_BOTH, *(_OF_MES if role is Role.MES else ())):
            found.shown[(role, name)] = client.content(name)
    if order_id is not None:
        found.record = _record(sut, order_id)
    return found


def body_of(row: Row) -> Any:
    """The document of a journal row; None where it is no JSON."""
    try:
        return read_json(base64.b64decode(str(row.get("body", "")), validate=True))
    except (binascii.Error, Unreadable, ValueError):
        return None


def _record(sut: SystemUnderTest, order_id: str) -> Row | None:
    """The batch record of an order; None where production keeps none."""
    answer = sut.client(Role.MES).call("batch-record", query=f"orderId={order_id}")
    return answer.value.to_json() if isinstance(answer.value, BatchRecord) else None

