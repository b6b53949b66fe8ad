"""The scripted counterpart of the MES: valid pick requests, wrong ones, the same event again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pytest_bdd import parsers, when

from contracts.model.identifiers import Id
from contracts.model.messages.picks import PickLine, PickRequested
from contracts.model.roles import Role
from features.bench import ITEM, OTHER_ITEM, STAGING, Attempt, Bench
from features.steps.words import AMOUNT, amount_of, quantity_of
from simulator.counterpart import Draft, new_message_id


@when(parsers.re(rf"the MES counterpart sends (?:a|another) pick request for {AMOUNT}"))
def counterpart_requests(bench: Bench, amount: str) -> None:
    """A valid request, each of its own."""
    _send(bench, pick_request(bench, amount))


@when(parsers.re(
    r"the MES counterpart sends a pick request with "
    r"(?P<departure>version 2 of the bill|another bill|an item not on the bill|"
    r"a tolerance of 0.051 kg|its quantity in grams|[0-9.]+ kg)"
))
def counterpart_departs(bench: Bench, departure: str) -> None:
    """A request that departs from the bill of materials in one place."""
    if re.fullmatch(r"[0-9.]+ kg", departure):
        draft = pick_request(bench, departure.removesuffix(" kg"))
    else:
        draft = pick_request(bench, f"{bench.the_order.quantity:f}")
    _send(bench, draft.changed(_departure(bench, departure)))


def _send(bench: Bench, draft: Draft) -> Attempt:
    attempt = bench.send(Role.WMS, draft, bench.request_id)
    bench.recorder.observe(f"{draft.message} {draft.key or 'without a key'}: {attempt.answer}")
    return attempt


def _line(bench: Bench, amount: str) -> PickLine:
    return PickLine(
        line_id=Id("10"), material_id=Id(bench.namespace.id(ITEM)), quantity=amount_of(amount),
        tolerance_high=quantity_of("0.050"),
        minimum_shelf_life_days=bench.the_order.minimum_days,
    )


def pick_request(bench: Bench, amount: str) -> Draft:
    """A valid request for the order, under a number of its own."""
    order = bench.the_order
    bench.request_id = bench.new_id("REQ")
    payload = PickRequested(
        request_id=Id(bench.request_id), order_id=Id(order.order_id), bom_id=Id(order.bom_id),
        bom_version=order.version, to_location=Id(bench.namespace.id(STAGING)),
        needed_by=bench.now + timedelta(hours=1), requested_by=Id(bench.namespace.id("EX-PROD")),
        station=Id("PLANNING-1"), lines=(_line(bench, amount),),
    )
    # A subject of its own for each request: the order's subject belongs to the MES.
    subject = f"order/{bench.request_id}"
    return bench.counterpart(Role.WMS).draft("pick-requested", payload, subject, bench.now)


def _departure(bench: Bench, words: str) -> Mapping[str, Any]:
    line = _line(bench, f"{bench.the_order.quantity:f}").to_json()
    grams = {"value": "1", "unit": "GRM"}
    other: dict[str, Mapping[str, Any]] = {
        "version 2 of the bill": {"bomVersion": 2},
        "another bill": {"bomId": bench.namespace.id("OTHER-BOM")},
        "an item not on the bill": {
            "lines": [{**line, "materialId": bench.namespace.id(OTHER_ITEM)}]
        },
        "a tolerance of 0.051 kg": {
            "lines": [{**line, "toleranceHigh": quantity_of("0.051").to_json()}]
        },
        "its quantity in grams": {
            "lines": [{**line, "quantity": grams, "toleranceHigh": grams}]
        },
    }
    return other.get(words, {})


def same_event(bench: Bench, first: Draft, members: Mapping[str, Any]) -> Draft:
    """The business event of another message, with these members, about a subject of its own."""
    key = new_message_id(bench.now)
    kind = json.loads(first.raw)["subject"].partition("/")[0]
    subject = f"{kind}/{bench.new_id('AGAIN')}"
    envelope = {"/id": key, "/subject": subject, "/subjectsequence": "000000000001"}
    return first.changed({**members, **envelope}, key)
