"""Trails as tables: as many rows in each form, sorted and searched without losing one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pytest_bdd import parsers, then

from features.bench import ITEM, Bench
from features.claims import equal, holds
from features.steps.labels import PackingOnBench
from features.steps.words import LETTER
from simulator.trail import About, Kind, read_exports, trail_of
from simulator.trail.tables import csv_of, found_in, sorted_by


@then(parsers.re(
    rf"the trails of the batch of lot {LETTER}, its material, the container of lot "
    "(?P<source>[A-Z]) and production are whole"
))
def four_trails_are_whole(bench: Bench, letter: str, source: str) -> None:
    """Entries of both systems, and no link that leads nowhere."""
    for about, document in _documents(bench, letter, source):
        systems = {entry["system"] for entry in document["entries"]}
        bench.recorder.observe(f"{about.kind}: {len(document['entries'])} entries of {systems}")
        equal(document["missing"], [], f"missing links of {about.kind} {about.id}")
        wanted = {"mes"} if about.kind is Kind.USER else {"mes", "wms"}
        holds(wanted <= systems, f"{about.kind} {about.id} has entries of {systems} alone")


@then("each has as many rows in CSV as in JSON, sorted by time and account as well")
def as_many_rows(bench: Bench) -> None:
    """Row by row the same entries."""
    for about, document in _documents(bench, "P", "A"):
        for column in ("", "at", "account"):
            shown = sorted_by(document, column) if column else document
            wrong = table_fault(document, csv_of(shown))
            equal(wrong, "", f"{about.kind} {about.id} sorted by {column or 'proof'}")
        times = [entry["at"] for entry in sorted_by(document, "at")["entries"]]
        equal(times, sorted(times), f"times of {about.kind} {about.id}")


@then(parsers.re(
    rf"each is searched for the container of lot {LETTER}, and every row in which it stands is "
    "found"
))
def searched(bench: Bench, letter: str) -> None:
    """Held against the rows of the CSV, where a person would look; production never named it."""
    container = str(bench.lots[letter].container)
    for about, document in _documents(bench, "P", letter):
        found = [str(entry["order"]) for entry in found_in(document, container)["entries"]]
        rows = list(csv.reader(io.StringIO(csv_of(document))))[1:]
        standing = [row[0] for row in rows if any(container in cell for cell in row)]
        bench.recorder.observe(f"{about.kind}: {len(found)} of {len(rows)} rows")
        equal(found, standing, f"rows of {about.kind} {about.id} with {container}")
        named = about.kind is not Kind.USER
        holds(bool(found) is named, f"{len(found)} rows in the trail of {about.kind} {about.id}")


@then(parsers.re(
    rf"the trail of the batch of lot {LETTER} with a row less in CSV, or another row twice, "
    "does not pass"
))
def damaged_table(bench: Bench, letter: str) -> None:
    """The judge of the other scenario, on what it must not let pass."""
    _, document = next(_documents(bench, letter, "A"))
    lines = csv_of(document).splitlines(keepends=True)
    equal(table_fault(document, "".join(lines)), "", "the whole table")
    for what, damaged in (
        ("a row less", [*lines[:2], *lines[3:]]), ("another row twice", [*lines[:2], *lines[1:2],
                                                                         *lines[3:]]),
    ):
        fault = table_fault(document, "".join(damaged))
        bench.recorder.observe(f"{what}: {fault}")
        holds(bool(fault), f"{what} was not found")


def table_fault(document: dict[str, Any], table: str) -> str:
    """What a table lacks of a document, or has beyond it."""
    rows = [row[0] for row in csv.reader(io.StringIO(table))][1:]
    wanted = [str(entry["order"]) for entry in document["entries"]]
    if len(rows) != len(wanted):
        return f"{len(rows)} rows for {len(wanted)} entries"
    return "" if sorted(rows) == sorted(wanted) else "some entries have no row"


def _documents(
    bench: Bench, letter: str, source: str
) -> Iterator[tuple[About, dict[str, Any]]]:
    order = bench.part(PackingOnBench).orders[letter]
    exports = read_exports(bench.sut, order)
    without_record = replace(exports, record=None)
    for about in (
        About(Kind.BATCH, order), About(Kind.MATERIAL, bench.namespace.id(ITEM)),
        About(Kind.CONTAINER, str(bench.lots[source].container)),
        About(Kind.USER, str(bench.person_id("production"))),
    ):
        read = exports if about.kind is Kind.BATCH else without_record
        yield about, trail_of(read, about).to_json()
