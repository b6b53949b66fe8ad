"""The map of the site: loaded in both systems, shown by both, refused where it does not fit."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from contracts.model.inspection import Configuration
from contracts.model.lot_status import LotStatus
from contracts.model.places import LocationRow, Locations
from contracts.model.roles import Role
from contracts.model.stimulus import Load
from contracts.record.digests import digest_of
from features.bench import Attempt, Bench
from features.claims import equal, holds, the_only

_MAP: dict[str, dict[str, Any]] = {
    "MAP": {"kind": "SITE"},
    "MAP-B": {"kind": "BUILDING", "parent": "MAP"},
    "MAP-A": {"kind": "AREA", "parent": "MAP-B", "equipment_level": "STORAGE_ZONE",
              "temperature_class": "COLD", "hazard_classes": ["FLAMMABLE"]},
    "MAP-R": {"kind": "ROOM", "parent": "MAP-A", "equipment_level": "WORK_CENTER",
              "temperature_class": "COLD", "allergens": ["MILK"]},
    "MAP-Q": {"kind": "BIN", "parent": "MAP-R", "equipment_level": "STORAGE_UNIT",
              "temperature_class": "COLD", "hazard_classes": ["FLAMMABLE"],
              "allergens": ["MILK"], "quarantine": True},
}
_FIRST: dict[str, dict[str, Any]] = {
    "a room inside a bin": {"kind": "BIN"}, "a site inside a building": {"kind": "BUILDING"},
}
_SECOND: dict[str, dict[str, Any]] = {
    "a parent that nobody knows": {"kind": "BIN", "parent": "NOBODY"},
    "a room inside a bin": {"kind": "ROOM", "parent": "BAD-1"},
    "a site inside a building": {"kind": "SITE", "parent": "BAD-1"},
    "a place that is its own parent": {"kind": "ROOM", "parent": "BAD-2"},
    "a building that is a work center": {
        "kind": "BUILDING", "parent": "BAD-1", "equipment_level": "WORK_CENTER"
    },
    "a quarantine where released may stand": {
        "kind": "BIN", "parent": "BAD-1", "quarantine": True,
        "allowed_statuses": ["QUARANTINE", "RELEASED"],
    },
}


class Digests(dict[Role, str]):
    """The digest of the map in each configuration, before the scenario loaded its own."""


@when("the map of the site is loaded")
def map_is_loaded(bench: Bench) -> None:
    """Places of every kind, in both systems; their order does not matter."""
    before = bench.part(Digests)
    for role in Role:
        before[role] = _configuration(bench, role).location_map_sha256
    places = [_place(bench, name, what) for name, what in reversed(_MAP.items())]
    bench.site.load(Load.model_validate({"locations": places}))
    bench.recorder.observe(f"{len(places)} places are loaded, the narrowest first")


@when(parsers.re(r"a map is loaded with (?P<what>.+)"))
def bad_map_is_loaded(bench: Bench, what: str) -> None:
    """Two places, the second of which does not fit; both systems are asked."""
    places = [
        _place(bench, "BAD-1", _FIRST.get(what, {"kind": "SITE"})),
        _place(bench, "BAD-2", _SECOND[what]),
    ]
    document = Load.model_validate({"locations": places})
    for role in Role:
        answer = bench.site.client(role).call("stimulus/load", document)
        bench.attempts.append(Attempt(role, "", "", answer))
        bench.recorder.observe(f"{role.upper()}: {answer}")
        holds(answer.refusal is not None, f"{role.upper()} took it over")


@then("both systems show these places:")
def both_show_places(bench: Bench, datatable: list[list[str]]) -> None:
    """Owner or not, each system shows the whole map."""
    head, *rows = datatable
    for role in Role:
        shown = _rows(bench, role)
        for cells in rows:
            wanted = dict(zip(head, cells, strict=True))
            place = bench.namespace.id(wanted["place"])
            row = the_only((r for r in shown if r.location_id == place), f"places {place}")
            equal(_in_words(bench, row), wanted, f"{place} in {role.upper()}")
        bench.recorder.observe(f"{role.upper()} shows {len(rows)} places as they were loaded")


@then("the place MAP-Q allows nothing released")
def allows_nothing_released(bench: Bench) -> None:
    """A place of quarantine that names no status allows all but one."""
    wanted = bench.namespace.id("MAP-Q")
    for role in Role:
        row = the_only((r for r in _rows(bench, role) if r.location_id == wanted), wanted)
        bench.recorder.observe(f"{role.upper()}: {', '.join(row.allowed_statuses)}")
        holds(bool(row.allowed_statuses), f"{wanted} names no status in {role.upper()}")
        holds(LotStatus.RELEASED not in row.allowed_statuses, f"{wanted} allows RELEASED")


@then(
    "both configurations carry the digest of one and the same map, and it is another than before"
)
def digests_are_equal(bench: Bench) -> None:
    """The judge computes the digest anew from the rows that are shown."""
    found = set()
    for role in Role:
        export = bench.site.client(role).ask("locations", Locations)
        digest = digest_of([row.to_json() for row in export.rows])
        bench.recorder.observe(f"{role.upper()}: {digest[:16]}…")
        equal(export.sha256, digest, f"digest of the map in {role.upper()}")
        configured = _configuration(bench, role).location_map_sha256
        equal(configured, digest, f"digest in the configuration of {role.upper()}")
        holds(digest != bench.part(Digests)[role], "the digest is as before")
        found.add(digest)
    equal(len(found), 1, "different maps")


@then("both systems show none of its places")
def none_is_shown(bench: Bench) -> None:
    """A map is taken over as a whole or not at all."""
    unwanted = {bench.namespace.id(name) for name in ("BAD-1", "BAD-2")}
    for role in Role:
        found = [row.location_id for row in _rows(bench, role) if row.location_id in unwanted]
        bench.recorder.observe(f"{role.upper()}: {found or 'none of them'}")
        equal(found, [], f"places in {role.upper()}")


def _place(bench: Bench, name: str, what: dict[str, Any]) -> dict[str, Any]:
    parent = what.get("parent")
    return {
        **what, "location_id": bench.namespace.id(name), "description": f"Example {name}",
        "parent": bench.namespace.id(parent) if parent else None,
    }


def _rows(bench: Bench, role: Role) -> tuple[LocationRow, ...]:
    return bench.site.client(role).ask("locations", Locations).rows


def _configuration(bench: Bench, role: Role) -> Configuration:
    return bench.site.client(role).ask("configuration", Configuration)


def _in_words(bench: Bench, row: LocationRow) -> dict[str, str]:
    names = bench.namespace
    return {
        "place": names.name(row.location_id), "kind": row.kind,
        "path": " > ".join(names.name(place) for place in row.path),
        "level": row.equipment_level or "", "temperature": row.temperature_class,
        "hazards": ", ".join(row.hazard_classes), "allergens": ", ".join(row.allergens),
        "quarantine": "yes" if row.quarantine else "no",
    }
