"""Master data: the quality unit publishes what the record of a material holds."""

from __future__ import annotations

from contracts.model.commands import PublishMasterData
from contracts.model.roles import Duty, Role
from simulator.parts import PublicationPart
from simulator.processes.deciding import STATION
from simulator.stage import Post, Process, Stage


def publish(stage: Stage, part: PublicationPart) -> Process:
    """One publication, unchanged: the warehouse compares it with what it has."""
    yield stage.until(part.at)
    body = PublishMasterData(
        publication_id=stage.names.id(part.id), material_id=stage.names.id(part.material)
    )
    post = Post(Role.MES, stage.person(Duty.QUALITY), STATION)
    yield from stage.act(post, "publish-master-data", body, part.id, material=part.material)
