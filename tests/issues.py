"""Good ``material-issued`` facts in any number, for whoever receives them many times or quickly.

They follow the golden message; each takes 1 g out of a container that holds enough for all.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from contracts.model.messages.dispensing import MaterialIssued
from contracts.model.roles import Role
from contracts.model.stimulus import Load, SetClock
from contracts.wire.system import SystemUnderTest
from simulator.counterpart import Counterpart, Draft
from simulator.namespace import Namespace

GOLDEN = (
    Path(__file__).parent.parent
    / "contracts/published/v1/golden/material-issued-accepted.json"
)
STOCK = "900000.000"


class Issues:
    """The facts of one run, about ``containers`` containers, towards the WMS of a pair."""

    def __init__(self, sut: SystemUnderTest, run: str, containers: int) -> None:
        self.sut = sut
        self.names = Namespace(run)
        self.counterpart = Counterpart(sut.counterpart(Role.WMS))
        golden = json.loads(GOLDEN.read_text())
        self.now = datetime.fromisoformat(golden["clock"])
        self._data: dict[str, Any] = golden["steps"][0]["body"]["data"]
        self.containers = [self.names.sscc(f"OUT-{n}") for n in range(containers)]
        self._count = 0
        harness = sut.client(Role.WMS)
        harness.call("stimulus/clock", SetClock(now=self.now))
        load = {**golden["load"], "containers": [
            {**golden["load"]["containers"][0], "sscc": sscc,
             "quantity": {"value": STOCK, "unit": "KGM"}}
            for sscc in self.containers
        ]}
        harness.call("stimulus/load", Load.from_json(load))

    def draft(self) -> Draft:
        """One more issue that was never sent, the next one out of the next container."""
        self._count += 1
        source = self.containers[self._count % len(self.containers)]
        data = MaterialIssued.from_json({
            **self._data,
            "issueId": self.names.id(f"ISSUE-{self._count}"),
            "sourceContainer": source,
            "toContainer": self.names.sscc(f"TO-{self._count}"),
            "quantity": {"value": "0.001", "unit": "KGM"},
            "weighing": {**self._data["weighing"], "gross": {"value": "0.451", "unit": "KGM"}},
        })
        return self.counterpart.draft("material-issued", data, f"container/{source}", self.now)
