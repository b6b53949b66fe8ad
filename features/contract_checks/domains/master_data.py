"""Master data."""

from __future__ import annotations

from typing import Any

from contracts.model.identifiers import Id
from contracts.model.master_data import MasterKind
from contracts.model.messages.master_data import MasterDataPublished
from contracts.model.quantities import Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Load, Material
from contracts.record.digests import digest_of
from features.contract_checks.domains.facts import Domain, Facts, member, message
from features.contract_checks.world import NOW, World
from simulator.namespace import Namespace

_REASON_MIN = 5
_REASON = "because a contract check says so"


def _content(names: Namespace, name: str) -> dict[str, str]:
    return {
        "description": f"example material {name}", "gtin": str(names.gtin(name)),
        "baseUnit": Unit.KILOGRAM.value,
    }


def _master_data_published(world: World, _: Any) -> Facts:
    content = _content(world.names, "MASTER")
    return message(world, "master-data-published", f"master/{world.fresh('record')}", (
        ("publicationId", world.fresh("publication")),
        ("recordId", world.names.id("MASTER")),
        ("content", content),
        ("contentSha256", digest_of(content)),
    ))


def _publish_master_data(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("publicationId", world.fresh("publication")),
        ("materialId", world.names.id("CHANGED")),
    ]
    reason = member(body, "change", "reason")
    if reason is not None and len("".join(str(reason).split())) < _REASON_MIN:
        facts.append(("change.reason", _REASON))
    if member(body, "change", "gtin") is not None:
        facts.append(("change.gtin", str(world.names.gtin("RENUMBERED"))))
    return facts


def _publish_master_record(world: World, _: Any) -> Facts:
    return [
        ("publicationId", world.fresh("publication")),
        ("kind", MasterKind.LOT_FORMAT.value),
        ("recordId", world.names.id("CHANGED")),
    ]


def _adopt_master_data(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("adoptionId", world.fresh("adoption")),
        ("materialId", world.names.id("CHANGED")),
    ]
    if len("".join(str(member(body, "reason")).split())) < _REASON_MIN:
        facts.append(("reason", _REASON))
    return facts


def _publish(world: World) -> None:
    """Something of MES's that can be taken over."""
    content = _content(world.names, "CHANGED")
    record = Id(world.names.id("CHANGED"))
    payload = MasterDataPublished(
        publication_id=Id(world.names.id("PUBLISHED")), kind=MasterKind.MATERIAL,
        record_id=record, version=1, content=content, content_sha256=digest_of(content),
        published_by=Id(world.person(Duty.QUALITY)), published_at=NOW, station=Id("CONTRACT"),
    )
    world.tell("master-data-published", payload, f"master/{record}")


def _load(names: Namespace, _: int) -> Load:
    return Load(
        materials=tuple(
            Material(material_id=Id(names.id(name)), description=f"example material {name}",
                     gtin=names.gtin(name), base_unit=Unit.KILOGRAM)
            for name in ("MASTER", "CHANGED")
        ),
    )


MASTER_DATA = Domain(
    facts={
        "master-data-published": _master_data_published,
        "publish-master-data": _publish_master_data,
        "publish-master-record": _publish_master_record,
        "adopt-master-data": _adopt_master_data,
    },
    load=_load,
    open_work={Role.WMS: _publish},
)
