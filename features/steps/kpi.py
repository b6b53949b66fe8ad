"""Key figures: the judge exports both journals, computes, and holds the figures to their limits."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import OpenDeviation, TakeSample
from contracts.model.counts import DeviationClass, DeviationState
from contracts.model.identifiers import Id
from contracts.model.inspection import Journal
from contracts.model.inspection_adjustments import Deviations
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import digest_of
from features.bench import STORAGE, Bench
from features.claims import equal, holds, the_only
from features.steps.lot_status import decision_about
from features.steps.picks import picker_brings_part, production_has_requested
from features.steps.words import AMOUNT, LETTER, amount_of
from simulator.kpis import (
    Breach,
    Figure,
    JournalBroken,
    Limit,
    breaches_of,
    figures_of,
    read_journals,
    report_bytes,
    report_of,
)


@dataclass
class Beyond:
    """What was beyond its limit when the scenario last looked."""

    breaches: tuple[Breach, ...] = ()


_CHANGED = ("at", "direction", "key", "operation", "partner", "body", "previousHash")


@given("the journals are exported from here on")
def exported_from_here(bench: Bench) -> None:
    """What was there before belongs to other scenarios."""
    bench.deliver()
    bench.picture()


@given(parsers.re(
    rf"the picker has brought {AMOUNT} for the request of (?P<wanted>[0-9.]+) kg "
    r"after (?P<minutes>[0-9]+) minutes"
))
def brought_after(bench: Bench, amount: str, wanted: str, minutes: str) -> None:
    """Requested now, needed in an hour, brought so much later."""
    before = bench.before
    production_has_requested(bench, wanted)
    bench.site.set_clock(bench.now + timedelta(minutes=int(minutes)))
    picker_brings_part(bench, "A", amount)
    bench.before = before


@given(parsers.re(rf"the sampler has taken {AMOUNT} of lot {LETTER}"))
def has_sampled(bench: Bench, amount: str, letter: str) -> None:
    """A message that moves a quantity."""
    bench.prepare("the sampler", "take-sample", TakeSample(
        sample_id=Id(bench.new_id("SAMPLE")), scan=f"]C100{bench.lots[letter].container}",
        quantity=amount_of(amount), sample_container=bench.namespace.sscc(bench.new_name("JAR")),
    ))


@given(parsers.re(rf"quality has decided to recall lot {LETTER}"))
def decided_to_recall(bench: Bench, letter: str) -> None:
    """The warehouse does not know yet."""
    signature = bench.signature("quality", "Decided on the bench")
    body = decision_about(bench, bench.lots[letter].lot_id, LotStatus.RECALLED, signature)
    bench.prepare("quality", "change-lot-status", body)


@then(parsers.re(
    r"the figure (?P<name>[a-z-]+)(?P<where> of lot A in the rack)? is "
    r"(?P<measure>p50|p95|p99|max|ratio|count) (?P<value>[0-9.]+) of (?P<count>[0-9]+) events"
))
def figure_is(
    bench: Bench, name: str, where: str | None, measure: str, value: str, count: str
) -> None:
    """A literal value, and how many messages it rests on."""
    found = _figure(bench, _full_name(bench, name, where))
    bench.recorder.observe(f"{found.about.name}: {found.measures} of {len(found.events)} events")
    equal(str(found.measures.get(measure)), value, f"{measure} of {name}")
    equal(len(found.events), int(count), f"events of {name}")


@then(parsers.re(r"the figure (?P<name>[a-z-]+) is not computable"))
def not_computable(bench: Bench, name: str) -> None:
    """Nothing to compute from is neither 0 nor 100 %."""
    found = _figure(bench, name)
    bench.recorder.observe(f"{found.about.name}: {found.why_not}")
    holds(not found.is_computable and bool(found.why_not), f"{name} is {found.measures}")


@then("the journals in another order, and read once more, give the same bytes")
def figures_repeat(bench: Bench) -> None:
    """Order of files, and a second export, make no difference."""
    first = _exports(bench)
    made = report_bytes(report_of(read_journals(first)))
    turned = report_bytes(report_of(read_journals(reversed(first))))
    again = report_bytes(report_of(read_journals(_exports(bench))))
    bench.recorder.observe(f"{len(made)} bytes, {digest_of(made.decode())[:16]}…")
    equal((turned == made, again == made), (True, True), "the same bytes")


@then("a copy with any row taken out or any member changed is refused, and names the row")
def damaged_is_refused(bench: Bench) -> None:
    """Every damage of every journal, one after the other."""
    tried = 0
    for role, name, export in _parsed(bench):
        others = [(n, raw) for n, raw in _exports(bench) if n != name]
        rows = export["rows"]
        copies = [
            {**export, "rows": [*rows[:at], *rows[at + 1:]]} for at in range(1, len(rows) - 1)
        ]
        copies += [
            {**export, "rows": [*rows[:at], _changed(row, member), *rows[at + 1:]]}
            for at, row in enumerate(rows) for member in _CHANGED
            if at or member != "previousHash"
        ]
        for copy in copies:
            tried += 1
            _must_break([*others, (name, canonical_bytes(copy))], f"a copy of {role.upper()}'s")
    bench.recorder.observe(f"{tried} damaged copies, each refused")
    holds(tried > 0, "nothing was damaged")


@then("a journal of MES written anew without the sample shows 1 difference")
def forged_shows_difference(bench: Bench) -> None:
    """A chain that fits, over rows of which a message and its answer were left out."""
    forged = []
    for role, name, export in _parsed(bench):
        if role is Role.MES:
            kept = [row for row in export["rows"] if "sample-taken" not in row["operation"]]
            holds(len(kept) < len(export["rows"]), "MES has no row of the sample")
            export = {**export, "rows": _chained(kept)}  # noqa: PLW2901 - the forged one
        forged.append((name, canonical_bytes(export)))
    figures = figures_of(read_journals(forged))
    found = the_only(
        (f for f in figures if f.about.id == "reconciliation-differences"), "figures"
    )
    bench.recorder.observe(f"{found.about.name}: {found.measures}")
    equal(found.measures, {"count": 1}, "differences")


@then(parsers.re(r"the trend of (?P<day>[0-9-]+) is the whole"))
def trend_is_whole(bench: Bench, day: str) -> None:
    """All happened on one day, so its figures are those of the whole."""
    report = report_of(read_journals(_exports(bench)))
    whole = [{"id": f["id"], "measures": f["measures"]} for f in report["figures"]]
    bench.recorder.observe(", ".join(point["day"] for point in report["trend"]))
    equal(report["trend"], [{"day": day, "figures": whole}], "trend")


@then(parsers.re(
    r"within the limits of (?P<minutes>[0-9]+) minutes and (?P<ratio>[0-9.]+) nothing is beyond"
))
def nothing_beyond(bench: Bench, minutes: str, ratio: str) -> None:
    """Both figures keep their limits."""
    said = _breaches(bench, minutes, ratio)
    bench.recorder.observe("; ".join(said) or "nothing is beyond its limit")
    equal(said, [], "breaches")


@then(parsers.re(
    r"within the limits of (?P<minutes>[0-9]+) minutes and (?P<ratio>[0-9.]+) these are beyond, "
    r"each with its deviation"
))
def these_are_beyond(
    bench: Bench, minutes: str, ratio: str, datatable: list[list[str]]
) -> None:
    """What the deviation of each says."""
    said = _breaches(bench, minutes, ratio)
    bench.recorder.observe("; ".join(said))
    equal(said, [row[0] for row in datatable[1:]], "deviations")


@then("quality opens them in MES, which shows each once as an open deviation KEY_FIGURE")
def opened_in_mes(bench: Bench) -> None:
    """As the figures were handed over; who opens one again is told that it is there."""
    found = bench.part(Beyond).breaches
    holds(bool(found), "nothing was beyond its limit")
    for number, breach in enumerate(found):
        bench.prepare("quality", "open-deviation", _opening(bench, breach, number))
    rows = {r.deviation_id: r for r in bench.site.client(Role.MES).ask(
        "deviations", Deviations).rows}
    for number, breach in enumerate(found):
        row = rows[_opening(bench, breach, number).deviation_id]
        bench.recorder.observe(f"{row.deviation_id}: {row.state}, {row.occasion}")
        shown = (row.deviation_class, row.state, row.source, row.occasion)
        wanted = (DeviationClass.KEY_FIGURE, DeviationState.OPEN, _source_of(breach),
                  breach.sentence)
        equal(shown, wanted, "the deviation of a figure")


@when(parsers.re(
    r"quality opens a deviation about a key figure, (?P<what>"
    r"for the occasion \"late\"|about a lot nobody knows|about an order nobody knows)"
))
def opens_wrongly(bench: Bench, what: str) -> None:
    """Try to open one that nobody could follow."""
    body = OpenDeviation(
        deviation_id=Id(bench.new_id("DEVIATION")), deviation_class=DeviationClass.KEY_FIGURE,
        source=Id("kpi/recall-time"), occasion="Recall time (max) is 90 s, at most 60 s is allowed",
        affected_lots=(Id(bench.lots["A"].lot_id),),
    )
    nobody = Id(bench.namespace.id("NOBODY"))
    changes: dict[str, dict[str, Any]] = {
        'for the occasion "late"': {"occasion": "late"},
        "about a lot nobody knows": {"affected_lots": (nobody,)},
        "about an order nobody knows": {"affected_orders": (nobody,)},
    }
    attempt = bench.command("quality", "open-deviation", body.model_copy(update=changes[what]))
    bench.recorder.observe(f"opened {what}: {attempt.answer}")


def _opening(bench: Bench, breach: Breach, number: int) -> OpenDeviation:
    return OpenDeviation(
        deviation_id=Id(bench.namespace.id(f"{bench.the_order.order_id[-8:]}-KPI-{number}")),
        deviation_class=DeviationClass.KEY_FIGURE, source=Id(_source_of(breach)),
        occasion=breach.sentence,
    )


def _source_of(breach: Breach) -> str:
    return f"kpi/{breach.figure.about.id}"


def _breaches(bench: Bench, minutes: str, ratio: str) -> list[str]:
    limits = (
        Limit(figure="staging-lead-time", measure="p95", at_most=Decimal(int(minutes) * 60)),
        Limit(figure="inventory-accuracy", measure="ratio", at_least=Decimal(ratio)),
    )
    found, unheld = breaches_of(figures_of(read_journals(_exports(bench))), limits)
    equal(unheld, (), "limits that nothing was held against")
    bench.part(Beyond).breaches = found
    return [breach.sentence for breach in found]


def _figure(bench: Bench, figure_id: str) -> Figure:
    figures = figures_of(read_journals(_exports(bench)))
    return the_only((f for f in figures if f.about.id == figure_id), f"figures {figure_id}")


def _full_name(bench: Bench, name: str, where: str | None) -> str:
    if where is None:
        return name
    return f"{name}/{bench.lots['A'].lot_id}/{bench.namespace.id(STORAGE)}"


def _exports(bench: Bench) -> list[tuple[str, bytes]]:
    """What both journals hold since the picture."""
    assert bench.before is not None, "the journals were not marked"
    found = []
    for role in Role:
        after = bench.before.journal_end[role]
        shown = bench.site.client(role).ask("journal", Journal, f"after={after}")
        found.append((f"{role}.json", canonical_bytes(shown.to_json())))
    return found


def _parsed(bench: Bench) -> list[tuple[Role, str, dict[str, Any]]]:
    exports = _exports(bench)
    return [(role, name, json.loads(raw)) for role, (name, raw) in zip(Role, exports, strict=True)]


def _changed(row: dict[str, Any], member: str) -> dict[str, Any]:
    other = {
        "body": base64.b64encode(b"{}").decode(), "at": "2026-01-01T00:00:00.000000Z",
        "direction": "sent" if row["direction"] != "sent" else "received",
        "previousHash": "1" * 64, "partner": "urn:example:other",
    }
    return {**row, member: other.get(member, f"{row[member]}x")}


def _must_break(documents: list[tuple[str, bytes]], what: str) -> None:
    try:
        read_journals(documents)
    except JournalBroken as exc:
        holds("row " in str(exc), f"the refusal names no row: {exc}")
        return
    raise AssertionError(f"{what} journal was taken")


def _chained(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        before = made[-1]["hash"] if made else row["previousHash"]
        new = {**row, "position": rows[0]["position"] + number, "previousHash": before}
        shown = {name: value for name, value in new.items() if name not in ("hash", "body")}
        made.append({**new, "hash": digest_of(shown)})
    return made
