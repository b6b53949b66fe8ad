"""Put-away: the receiver brings containers to their places; quality releases what stands there."""

from __future__ import annotations

from pytest_bdd import given, parsers, when

from contracts.model.commands import ChangeLotStatus, PutAway
from contracts.model.identifiers import Id
from contracts.model.lot_status import LotStatus
from features.bench import STORAGE, Bench
from features.steps.deliveries import Deliveries
from features.steps.lot_status import decision_about


@when(parsers.re(r"the receiver puts (?P<container>[A-Z0-9]+) away to (?P<place>\S+)"))
def receiver_puts_away(bench: Bench, container: str, place: str) -> None:
    """Try to bring a container to a place."""
    bench.part(Deliveries).last = container
    attempt = bench.command("the receiver", "put-away", put_away_of(bench, container, place))
    bench.recorder.observe(f"{container} to {place}: {attempt.answer}")


@when("the receiver puts each of them away")
def puts_each_away(bench: Bench, datatable: list[list[str]]) -> None:
    """Every row of the scenario's table."""
    for container, place in datatable[1:]:
        body = put_away_of(bench, container, place)
        attempt = bench.command_unseen("the receiver", "put-away", body)
        bench.recorder.observe(f"{container} to {place}: {attempt.answer}")


@when(parsers.re(
    r"the receiver puts away (?P<what>a container nobody knows|"
    r"the digits of the label as plain text)"
))
def puts_away_wrongly(bench: Bench, what: str) -> None:
    """A scan that leads to nothing in stock."""
    plain = f"00{bench.namespace.sscc('PLAIN')}"
    scan = f"]C100{bench.namespace.sscc('NOBODY')}" if what.startswith("a container") else plain
    body = put_away_of(bench, "PLAIN", STORAGE).model_copy(update={"scan": scan})
    attempt = bench.command("the receiver", "put-away", body)
    bench.recorder.observe(f"scanned {scan!r}: {attempt.answer}")


@given(parsers.re(
    r"container (?P<container>C[0-9]) was put away(?P<released> and its lot released)?"
))
def was_put_away(bench: Bench, container: str, released: str | None) -> None:
    """It stands in the rack; its lot may be released already."""
    bench.prepare("the receiver", "put-away", put_away_of(bench, container, STORAGE))
    bench.deliver()
    if released:
        bench.prepare("quality", "change-lot-status", _release(bench, container))
        bench.deliver()


@given("quality has released its lot, which the warehouse has not heard yet")
def released_unheard(bench: Bench) -> None:
    """The message about the release is still on its way."""
    bench.prepare("quality", "change-lot-status", _release(bench, "C1"))


@given("both were put away and the lot of container C1 was released")
def both_put_away(bench: Bench) -> None:
    """Both stand in the rack, one of them released."""
    was_put_away(bench, "C2", None)
    was_put_away(bench, "C1", "released")


@when(parsers.re(r"quality releases the lot of container (?P<container>C[0-9])"))
def releases_lot_of(bench: Bench, container: str) -> None:
    """A signed release of a site lot."""
    bench.deliver()
    bench.command("quality", "change-lot-status", _release(bench, container))


def put_away_of(bench: Bench, container: str, place: str) -> PutAway:
    """A container to a place, by its SSCC label."""
    return PutAway(
        putaway_id=Id(bench.new_id("PUT")), scan=f"]C100{bench.namespace.sscc(container)}",
        to_location=Id(bench.namespace.id(place)),
    )


def _release(bench: Bench, container: str) -> ChangeLotStatus:
    lot_id = bench.part(Deliveries).arrived[container].lot_id
    signature = bench.signature("quality", "Released for use")
    return decision_about(
        bench, lot_id, LotStatus.RELEASED, signature, "Tested and within its limits"
    )
