"""A system that breaks the contract during the shift has failed the PQ; it crashes nobody."""

from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from contracts.model.ports import HttpResponse, NoAnswer
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.folder import RunFolder
from gxproof.execution import Job, performance_qualification
from gxproof.in_process import InProcessPair
from gxproof.planning import WORKLOAD_ID
from simulator.invariants import invariants_for
from simulator.plant import EXAMPLE, read_plant


@dataclass
class Broken:
    """Answers one operation in a way of its own, and passes everything else on."""

    inner: object
    path: str
    answer: object

    def send(self, request):
        if request.path == self.path:
            return self.answer(request)
        return self.inner.send(request)


class PairWithABrokenWarehouse(InProcessPair):
    """The reference, with one operation of the warehouse gone wrong."""

    def __init__(self, answer):
        super().__init__(1)
        self._answer = answer

    def client(self, role):
        client = super().client(role)
        if role is Role.MES:
            return client
        broken = Broken(client.transport, "/v1/operator/pick-tasks", self._answer)
        return replace(client, transport=broken)


def an_error(_):
    return HttpResponse(500, {"content-type": "text/plain"}, b"oops")


def silence(_):
    raise NoAnswer("no answer in time")


def executed(tmp_path, answer):
    pair = PairWithABrokenWarehouse(answer)
    folder = RunFolder.create(tmp_path / "run")
    steps = []
    job = Job(pair, read_plant(EXAMPLE), 1, "broken", folder, "B", steps.append)
    results = performance_qualification(job)
    pair.close()
    assert [r.id for r in results] == steps
    assert all(isinstance(r.finished_at, datetime) for r in results)
    return results


@pytest.mark.parametrize(
    ("answer", "state"), [(an_error, State.FAILED), (silence, State.INCONCLUSIVE)]
)
def test_every_planned_item_has_its_result_and_the_reason(tmp_path, answer, state):
    results = executed(tmp_path, answer)
    plant = read_plant(EXAMPLE)
    planned = {i.id for i in invariants_for(plant)} | {WORKLOAD_ID} | {f.id for f in plant.faults}
    assert {r.id for r in results} == planned
    assert {r.state for r in results} == {state}
    assert all("the plant came to a stop" in r.reason for r in results)
