"""Cancelled picks: production takes a request back, wholly or after a part was picked."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import CommandAnswer, CommandStatus
from contracts.model.commands import CancelPick
from contracts.model.identifiers import Id
from contracts.model.inspection import PickRow, Picks
from contracts.model.messages.picks import PickCancelled
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal
from features.steps.picks import production_requests
from features.steps.words import AMOUNT, quantity_of


@given("production has cancelled the request")
def production_has_cancelled(bench: Bench) -> None:
    """A cancellation that the warehouse has taken over."""
    attempt = bench.prepare("production", "cancel-pick", _body(bench, "order was replanned"))
    equal(attempt.answer.as_(CommandAnswer).status, CommandStatus.DONE, "the cancellation")


@when(parsers.re(
    r"production cancels (?P<which>the request|a request nobody has made) "
    r'for the reason "(?P<reason>[^"]*)"'
))
def production_cancels(bench: Bench, which: str, reason: str) -> None:
    """Try to cancel."""
    if which != "the request":
        bench.request_id = bench.new_id("NOBODY")
    attempt = bench.command("production", "cancel-pick", _body(bench, reason))
    bench.recorder.observe(f"cancellation of {bench.request_id}: {attempt.answer}")


@when("the MES counterpart cancels the request once more")
def counterpart_cancels(bench: Bench) -> None:
    """A cancellation that the real MES would not send."""
    cancel_id = bench.new_id("CANCEL")
    payload = PickCancelled(
        cancel_id=Id(cancel_id), request_id=Id(bench.request_id),
        order_id=Id(bench.the_order.order_id), reason="asked once more",
        cancelled_by=Id(bench.namespace.id("EX-PROD")), station=Id("PLANNING-1"),
    )
    counterpart = bench.counterpart(Role.WMS)
    draft = counterpart.draft("pick-cancelled", payload, f"order/{cancel_id}", bench.now)
    attempt = bench.send(Role.WMS, draft, cancel_id)
    bench.recorder.observe(f"cancellation of {bench.request_id}: {attempt.answer}")


@then(parsers.re(
    rf"both systems show the request as (?P<state>[A-Z]+) with {AMOUNT} picked"
))
def both_show_state(bench: Bench, state: str, amount: str) -> None:
    """Owner of the request and owner of the stock agree, after delivery."""
    bench.deliver()
    for role in Role:
        (row,) = _rows(bench, role)
        bench.recorder.observe(f"{role.upper()}: {row.state}, {row.picked} picked")
        equal(row.state, state, f"state in {role.upper()}")
        equal(row.picked.value, quantity_of(amount).value, f"picked in {role.upper()}")


@then("nothing is set aside for the request any more")
def nothing_set_aside(bench: Bench) -> None:
    """No allocation stands for the request."""
    (row,) = _rows(bench, Role.WMS)
    bench.recorder.observe(f"{len(row.allocations)} allocations for {row.request_id}")
    equal(row.allocations, (), "allocations")


@then("the same quantity can be requested once more")
def requested_once_more(bench: Bench) -> None:
    """The bill of materials and the stock are free for it."""
    production_requests(bench, f"{bench.the_order.quantity:f}")
    equal(bench.last.answer.as_(CommandAnswer).status, CommandStatus.DONE, "the new request")
    (row,) = _rows(bench, Role.WMS)
    held = sum(a.quantity.value for a in row.allocations)
    bench.recorder.observe(f"set aside for {row.request_id}: {held}")
    equal(held, bench.the_order.quantity, "quantity set aside")


def _body(bench: Bench, reason: str) -> CancelPick:
    return CancelPick(
        cancel_id=Id(bench.new_id("CANCEL")), request_id=Id(bench.request_id), reason=reason
    )


def _rows(bench: Bench, role: Role) -> list[PickRow]:
    rows = bench.site.client(role).ask("picks", Picks).rows
    return [row for row in rows if row.request_id == bench.request_id]
