"""No binary float anywhere: in published schemas, in exports, in columns, in what is taken in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pytest_bdd import parsers, then, when

from contracts.formats.epcis import Event, read_epcis
from contracts.model.epcis import SimpleEventQuery
from contracts.model.inspection_units import Columns
from contracts.model.operations import Access, Group, operations_of
from contracts.model.roles import Role
from contracts.wire.openapi import openapi_document
from features.bench import Bench
from features.claims import equal, holds
from features.steps.messages import pick_request
from features.told_events import site_as_shown

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FLOATS = ("REAL", "FLO", "DOUB")


@when(parsers.re(
    r"the MES counterpart sends a pick request whose quantity is written (?P<text>.+)"
))
def counterpart_writes(bench: Bench, text: str) -> None:
    """A quantity as another system might write it."""
    draft = pick_request(bench, "10.000")
    written = b'"quantity":{"unit":"KGM","value":"10.000"}'
    holds(draft.raw.count(written) == 1, "the message has no such quantity")
    other = b'"quantity":{"unit":"KGM","value":%s}' % text.encode()
    changed = replace(draft, raw=draft.raw.replace(written, other))
    attempt = bench.send(Role.WMS, changed, bench.request_id)
    bench.recorder.observe(f"a quantity of {text}: {attempt.answer}")


@then("no published schema has a member that is a number with a point")
def no_schema_has_floats(bench: Bench) -> None:
    """Every schema of both published interfaces, whole."""
    for role in Role:
        document = openapi_document(role)
        found = [path for path, part in _parts(document, "") if _is_float_schema(part)]
        bench.recorder.observe(f"{role.upper()}: {len(found)} schemas of a number with a point")
        equal(found, [], f"schemas of {role.upper()}")


@then("no export of either system holds a number with a point")
def no_export_has_floats(bench: Bench) -> None:
    """Each export as it came over the wire."""
    for role in Role:
        seen = 0
        for operation in operations_of(role, Group.INSPECTION):
            if operation.access is Access.PUBLIC or operation.paged or operation.selected_by:
                continue
            if operation.body is not None:  # a question, and no export
                continue
            content = bench.site.client(role).content(operation.name)
            found = [path for path, part in _parts(content, "") if isinstance(part, float)]
            equal(found, [], f"numbers with a point in {operation.id}")
            seen += 1
        holds(seen > 0, f"{role.upper()} has no export")
        bench.recorder.observe(f"{role.upper()}: {seen} exports without a number with a point")


@then("no column of either system is declared as, or holds, a binary float")
def no_column_has_floats(bench: Bench) -> None:
    """What each database says of its columns, and what stands in them."""
    for role in Role:
        rows = bench.site.client(role).ask("columns", Columns).rows
        holds(bool(rows), f"{role.upper()} shows no column")
        floats = [
            f"{row.table}.{row.column}" for row in rows
            if row.float_values or any(word in row.type.upper() for word in _FLOATS)
        ]
        bench.recorder.observe(f"{role.upper()}: {len(rows)} columns, floats: {floats or 'none'}")
        equal(floats, [], f"columns with floats in {role.upper()}")


@then(parsers.re(
    r"both systems tell of it in EPCIS documents that write (?P<text>[0-9.]+), digit for digit"
))
def epcis_is_exact(bench: Bench, text: str) -> None:
    """The literals as they stand in the bytes, and the same read as decimals."""
    wanted = bench.attempts[-1].event
    for role in Role:
        client = bench.site.client(role)
        asked = SimpleEventQuery(
            eq_biz_transaction=(site_as_shown(client).paper(wanted),), per_page=50
        )
        answer = client.call("query-events", asked)
        holds(answer.raw is not None, f"{role.upper()} did not answer: {answer}")
        assert answer.raw is not None
        shown = json.loads(answer.raw.body, parse_float=_Literal, parse_int=_Literal)
        numbers = [part for _, part in _parts(shown, "") if isinstance(part, _Literal)]
        said = [str(number) for number in numbers]
        bench.recorder.observe(f"{role.upper()}: the numbers are {', '.join(said) or 'none'}")
        holds(text in said, f"{role.upper()} writes {said} and not {text}")
        odd = [number for number in said if not _DECIMAL.fullmatch(number)]
        equal(odd, [], f"numbers of {role.upper()} that are no plain decimals")
        read = read_epcis(answer.raw.body).events
        holds(Decimal(text) in set(_decimals(read)), f"{text} is not read as a decimal")


class _Literal(str):
    """A number as it is written."""


def _decimals(events: Iterable[Event]) -> Iterator[Decimal]:
    for event in events:
        for _, part in _parts(event.members, ""):
            if isinstance(part, Decimal | int) and not isinstance(part, bool):
                yield Decimal(part)


def _is_float_schema(part: Any) -> bool:
    kinds = part.get("type") if isinstance(part, dict) else None
    return kinds == "number" or (isinstance(kinds, list) and "number" in kinds)


def _parts(content: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, content
    if isinstance(content, dict):
        for name, member in content.items():
            yield from _parts(member, f"{path}.{name}")
    elif isinstance(content, list):
        for index, member in enumerate(content):
            yield from _parts(member, f"{path}[{index}]")
