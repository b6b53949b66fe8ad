"""When a lot expires whose label says it: a day, the last of a month, or a minute."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from contracts.model.inspection import Containers, Lots
from contracts.model.instants import read_timestamp
from contracts.model.roles import Role
from features.bench import ITEM, Bench
from features.claims import equal, the_only
from features.steps.deliveries import Deliveries, keep, receipt

_LABEL = r"container C1 with (?P<fields>\(.+)"
_SEPARATED = ("7003",)


@given(parsers.re(rf"the receiver has scanned {_LABEL}"))
def has_scanned_expiry(bench: Bench, fields: str) -> None:
    """A receipt that was posted."""
    body = receipt(bench, _scan(bench, fields))
    keep(bench, "C1", bench.prepare("the receiver", "confirm-receipt", body))


@when(parsers.re(rf"the receiver scans {_LABEL}"))
def scans_expiry(bench: Bench, fields: str) -> None:
    """The receipt that the scenario is about."""
    attempt = bench.command("the receiver", "confirm-receipt", receipt(bench, _scan(bench, fields)))
    keep(bench, "C1", attempt)
    bench.recorder.observe(f"{fields}: {attempt.answer}")


@then(parsers.re(r"after delivery both systems show that its lot expires at (?P<instant>\S+)"))
def lot_expires_at(bench: Bench, instant: str) -> None:
    """The instant, in the owner's book and in the mirror."""
    bench.deliver()
    sscc = bench.namespace.sscc(bench.part(Deliveries).last)
    for role in Role:
        client = bench.site.client(role)
        held = [row for row in client.ask("containers", Containers).rows if row.sscc == sscc]
        lot_id = the_only(held, f"container in {role.upper()}").lot_id
        found = [row for row in client.ask("lots", Lots).rows if row.lot_id == lot_id]
        lot = the_only(found, f"lot in {role.upper()}")
        bench.recorder.observe(f"{role.upper()}: {lot_id} expires at {lot.expires_at}")
        equal(lot.expires_at, read_timestamp(instant), f"instant of expiry in {role.upper()}")


def _scan(bench: Bench, fields: str) -> str:
    """A GS1-128 label of the container with the fields ``(17) 260331 (7003) 2603311430``."""
    names = bench.namespace
    said = ""
    for field in fields.removeprefix("(").split(" ("):
        ai, value = field.split(") ")
        said += f"{ai}{value}" + ("\x1d" if ai in _SEPARATED else "")
    return (
        f"]C100{names.sscc('C1')}02{names.gtin(ITEM)}{said}10{names.lot_number('LOT-A')}"
    )
