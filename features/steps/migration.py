"""Migrations: an extract with totals that the judge has computed by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import Migrated, MigrateMasterData
from contracts.model.identifiers import Id, LotNumber, Sscc
from contracts.model.inspection import AuditAction, Containers, Lots
from contracts.model.inspection_migration import Migrations
from contracts.model.instants import read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.migration import MigratedKind, Total
from contracts.model.quality import PERCENT, RequiredTest
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.model.roles import Role
from contracts.model.stimulus import Container, Location, Lot, Material, Purpose
from contracts.model.units import PotencyBasis
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import digest_of
from features.bench import UNIT, Bench
from features.claims import equal, holds, the_only
from features.snapshots import growth
from features.steps.words import DAY, day_of

_REASON = "go-live of the new warehouse"
_EXPIRES = date(2027, 6, 30)
_TESTS = (
    RequiredTest(test=Id("WATER"), method=Id("PH-EUR-2.5.12"), unit=PERCENT,
                 high=Decimal("0.50")),
    RequiredTest(test=Id("ASSAY"), method=Id("PH-EUR-2.2.29"), unit=PERCENT,
                 low=Decimal("98.0"), high=Decimal("102.0"), sets_potency=True),
)
_WHO = {"support": Role.MES, "the warehouse's support": Role.WMS}


@dataclass
class Extract:
    """What comes from the other system. ``done`` are the answers of the scenario."""

    materials: tuple[Material, ...] = ()
    locations: tuple[Location, ...] = ()
    lots: tuple[Lot, ...] = ()
    containers: tuple[Container, ...] = ()

    @property
    def totals(self) -> tuple[Total, ...]:
        """The totals that the source declares, by the judge's own reckoning."""
        return (
            _total(MigratedKind.MATERIAL, self.materials, "material_id"),
            _total(MigratedKind.LOCATION, self.locations, "location_id"),
            _total(MigratedKind.LOT, self.lots, "lot_id"),
            _total(MigratedKind.CONTAINER, self.containers, "sscc",
                   sum((c.quantity.value for c in self.containers), Decimal(0))),
        )


@given(parsers.re(
    r"an extract of 2 materials, 2 places, 3 lots and 3 containers of (?P<one>[0-9.]+), "
    r"(?P<two>[0-9.]+) and (?P<three>[0-9.]+) kg"
))
def an_extract(bench: Bench, one: str, two: str, three: str) -> None:
    """Records that neither system has."""
    names, extract = bench.namespace, bench.part(Extract)
    extract.materials = tuple(
        Material(material_id=Id(names.id(name)), description=name, gtin=names.gtin(name),
                 base_unit=UNIT, allergens=(Id("MILK"), Id("EGG")), required_tests=tests)
        for name, tests in (("OLD-M1", _TESTS), ("OLD-M2", None))
    )
    extract.locations = tuple(
        Location(location_id=Id(names.id(name)), purpose=Purpose.STORAGE, description=name,
                 allowed_statuses=(LotStatus.RELEASED, LotStatus.QUARANTINE))
        for name in ("OLD-P1", "OLD-P2")
    )
    extract.lots = tuple(
        Lot(lot_id=Id(names.id(f"OLD-L{n}")), material_id=Id(names.id("OLD-M1")),
            lot=LotNumber(names.lot_number(f"OLD-L{n}")), expires_on=_EXPIRES,
            potency=Decimal("99.5"), potency_basis=PotencyBasis.AS_IS)
        for n in range(3)
    )
    extract.containers = tuple(
        Container(sscc=Sscc(names.sscc(f"OLD-C{n}")), lot_id=Id(names.id(f"OLD-L{n}")),
                  location_id=Id(names.id("OLD-P1")),
                  quantity=PositiveQuantity(value=Decimal(amount), unit=UNIT))
        for n, amount in enumerate((one, two, three))
    )


@given(parsers.re(rf"each lot of the extract expires on {DAY} at (?P<minute>[0-9:]+)"))
def expires_at_minute(bench: Bench, day: str, minute: str) -> None:
    """Its label named the time, and the old system has kept it."""
    extract = bench.part(Extract)
    at = datetime.fromisoformat(f"{day}T{minute}").replace(tzinfo=bench.now.tzinfo)
    told = {"expires_on": day_of(day), "expires_at": at.astimezone(UTC)}
    extract.lots = tuple(lot.model_copy(update=told) for lot in extract.lots)
    bench.recorder.observe(f"{len(extract.lots)} lots expire at {at}")


@when("support and the warehouse's support migrate the extract, approved by quality")
def both_migrate(bench: Bench) -> None:
    """The same extract into both systems."""
    bench.look("support")
    bench.look("the warehouse's support")
    for who in _WHO:
        attempt = bench.command_unseen(who, "migrate-master-data", _migration(bench))
        bench.recorder.observe(f"{who}: {attempt.answer}")


@when(parsers.re(
    r"support migrates the extract (?P<how>as a dry run|with (?:a container less than declared|"
    r"a gram less than declared|another expiry than declared|two containers' contents exchanged|"
    r"its lots undeclared|lot A once more|a time of expiry on another day)|"
    r"without (?:its materials|approval)|"
    r"approved by (?:the picker|support)|for the reason \"new\")"
))
def support_migrates(bench: Bench, how: str) -> None:
    """Try to migrate into MES."""
    body = _migration(bench).model_copy(update=_changed(bench, how))
    attempt = bench.command("support", "migrate-master-data", body)
    bench.recorder.observe(f"migration {how}: {attempt.answer}")


@then("each command is done")
def each_migration_is_done(bench: Bench) -> None:
    """Both answers are good."""
    done = [attempt.answer.as_(Migrated) for attempt in _migrations(bench)]
    equal([one.dry_run for one in done], [False, False], "migrations that count")


@then(parsers.re(
    r"(?:both answers give|the answer gives) (?P<counts>[0-9]+ [A-Z]+(?:, [0-9]+ [A-Z]+)*) and "
    r"(?P<sum>[0-9.]+) kg"
))
def answers_give(bench: Bench, counts: str, sum: str) -> None:  # noqa: A002 - the word it is
    """Literal counts and sum; the content by the judge's own digest."""
    wanted = {kind: int(number) for number, kind in re.findall(r"([0-9]+) ([A-Z]+)", counts)}
    attempts = _migrations(bench)
    holds(bool(attempts), "nothing was migrated")
    for attempt in attempts:
        answer = attempt.answer.as_(Migrated)
        shown = {total.kind.value: total.records for total in answer.migrated}
        bench.recorder.observe(f"{attempt.role.upper()}: {shown}")
        equal(shown, wanted, "records by kind")
        equal([str(q.value) for total in answer.migrated for q in total.sums], [sum], "sums")
        equal(answer.migrated, bench.part(Extract).totals, "totals")
        before = {total.kind: total.records for total in answer.before}
        more = {t.kind.value: t.records - before.get(t.kind, 0) for t in answer.after}
        equal({k: n for k, n in more.items() if n}, wanted, "more records than before")


@then("both systems show the 3 containers, and lot A as before")
def containers_came(bench: Bench) -> None:
    """As they were in the extract."""
    extract, lot = bench.part(Extract), bench.lots["A"]
    wanted: dict[str, tuple[str, str, Decimal]] = {
        c.sscc: (c.lot_id, c.location_id, c.quantity.value) for c in extract.containers
    }
    wanted[lot.container] = (lot.lot_id, bench.namespace.id("RACK-1"), lot.quantity)
    for role in Role:
        rows = bench.site.client(role).ask("containers", Containers).rows
        shown = {r.sscc: (r.lot_id, r.location_id, r.quantity.value) for r in rows
                 if r.sscc in wanted}
        bench.recorder.observe(f"{role.upper()}: {len(shown)} containers")
        equal(shown, wanted, f"containers of {role.upper()}")


@then(parsers.re(
    r"both systems show that each lot of the extract expires at (?P<instant>\S+)"
))
def lots_expire_at(bench: Bench, instant: str) -> None:
    """The instant itself, in both systems."""
    ids, at = {lot.lot_id for lot in bench.part(Extract).lots}, read_timestamp(instant)
    for role in Role:
        rows = bench.site.client(role).ask("lots", Lots).rows
        shown = {row.lot_id: row.expires_at for row in rows if row.lot_id in ids}
        bench.recorder.observe(f"{role.upper()}: {len(shown)} lots, {set(shown.values())}")
        equal(shown, dict.fromkeys(ids, at), f"expiry in {role.upper()}")


@then("both systems show the migration with its totals, who did and who approved it")
def migration_is_shown(bench: Bench) -> None:
    """The record of the migration."""
    for (who, role), attempt in zip(_WHO.items(), _migrations(bench), strict=True):
        rows = bench.site.client(role).ask("migrations", Migrations).rows
        row = the_only((r for r in rows if r.migration_id == attempt.event), "migrations")
        bench.recorder.observe(f"{role.upper()}: {row.migrated_by}, {row.approved_by}")
        equal(row.migrated, bench.part(Extract).totals, f"totals in {role.upper()}")
        people = (bench.person_id(who), bench.person_id("quality"))
        equal((row.migrated_by, row.approved_by), people, "done and approved by")


@then("both audit trails tell of each record that came")
def audit_tells(bench: Bench) -> None:
    """One creation for each record, with the person behind it."""
    assert bench.before is not None, "no picture was taken"
    extract = bench.part(Extract)
    wanted = {
        *(m.material_id for m in extract.materials), *(p.location_id for p in extract.locations),
        *(lot.lot_id for lot in extract.lots), *(c.sscc for c in extract.containers),
    }
    for who, role in _WHO.items():
        entries = [e for e in growth(bench.site, bench.before, role).audit
                   if e.action is AuditAction.CREATE and e.record_id in wanted]
        bench.recorder.observe(f"{role.upper()}: {len(entries)} creations")
        equal({e.record_id for e in entries}, wanted, f"records in the trail of {role.upper()}")
        equal({e.originator for e in entries}, {bench.person_id(who)}, "who did it")


@then("nothing of the extract is in MES")
def nothing_came(bench: Bench) -> None:
    """A dry run leaves no record."""
    extract = bench.part(Extract)
    client = bench.site.client(Role.MES)
    found: list[str] = [r.lot_id for r in client.ask("lots", Lots).rows
             if r.lot_id in {lot.lot_id for lot in extract.lots}]
    found += [r.sscc for r in client.ask("containers", Containers).rows
              if r.sscc in {c.sscc for c in extract.containers}]
    found += [r.migration_id for r in client.ask("migrations", Migrations).rows
              if r.migration_id == bench.last.event]
    bench.recorder.observe(f"{len(found)} records of the extract in MES")
    equal(found, [], "records that came")


def _migration(bench: Bench) -> MigrateMasterData:
    extract = bench.part(Extract)
    return MigrateMasterData(
        migration_id=Id(bench.new_id("MIGRATION")), source="the old warehouse, extract of March",
        materials=extract.materials, locations=extract.locations, lots=extract.lots,
        containers=extract.containers, declared=extract.totals, dry_run=False, reason=_REASON,
        approval=bench.signature("quality", "Approved"),
    )


def _changed(bench: Bench, how: str) -> dict[str, Any]:
    """What is other than in the good command."""
    extract = bench.part(Extract)
    one, two, three = extract.containers
    gram = PositiveQuantity(value=one.quantity.value - Decimal("0.001"), unit=UNIT)
    older = extract.lots[0].model_copy(update={"expires_on": date(2027, 7, 1)})
    elsewhere = tuple(
        lot.model_copy(update={"expires_at": datetime(2027, 6, 29, 12, tzinfo=UTC)})
        for lot in extract.lots
    )
    with_time = replace(extract, lots=elsewhere)
    known = extract.lots[2].model_copy(update={"lot_id": Id(bench.lots["A"].lot_id)})
    turned = (one.model_copy(update={"quantity": two.quantity}),
              two.model_copy(update={"quantity": one.quantity}), three)
    changes: dict[str, dict[str, Any]] = {
        "as a dry run": {"dry_run": True, "approval": None},
        "with a container less than declared": {"containers": (one, two)},
        "with a gram less than declared": {
            "containers": (one.model_copy(update={"quantity": gram}), two, three)},
        "with another expiry than declared": {"lots": (older, *extract.lots[1:])},
        "with two containers' contents exchanged": {"containers": turned},
        "with its lots undeclared": {
            "declared": tuple(t for t in extract.totals if t.kind is not MigratedKind.LOT)},
        "with a time of expiry on another day": {
            "lots": elsewhere, "declared": with_time.totals},
        "with lot A once more": {"lots": (*extract.lots[:2], known)},
        "without its materials": {"materials": (), "declared": extract.totals[1:]},
        "without approval": {"approval": None},
        'for the reason "new"': {"reason": "new"},
    }
    if how in changes:
        return changes[how]
    return {"approval": bench.signature(how.removeprefix("approved by "), "Approved")}


def _total(
    kind: MigratedKind, records: tuple[Any, ...], key: str, amount: Decimal | None = None
) -> Total:
    """Count, sum and digest, as the published page describes them."""
    ordered = []
    for record in sorted(records, key=lambda r: str(getattr(r, key))):
        shown = record.to_json()
        ordered.append({n: sorted(v, key=_place) if isinstance(v, list) else v
                        for n, v in shown.items()})
    sums = () if amount is None else (Quantity(value=amount, unit=UNIT),)
    return Total(kind=kind, records=len(ordered), sums=sums, content_sha256=digest_of(ordered))


def _place(item: Any) -> str:
    """Words stand by their letters, objects by their canonical JSON."""
    return item if isinstance(item, str) else canonical_bytes(item).decode()


def _migrations(bench: Bench) -> list[Any]:
    return [a for a in bench.attempts if a.command and a.command[0] == "migrate-master-data"]
