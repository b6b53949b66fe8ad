"""Given: the clock, lots in the rack, an order on its bill of materials."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, when

from contracts.model.instants import read_timestamp, write_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.stimulus import (
    BomLine,
    Container,
    Load,
    Location,
    Lot,
    Material,
    Order,
    Person,
    Purpose,
)
from contracts.model.units import PotencyBasis
from features.bench import (
    ITEM,
    OTHER_ITEM,
    PEOPLE,
    STAGING,
    STORAGE,
    UNIT,
    Bench,
    LotOnBench,
    OrderOnBench,
)
from features.steps.picks import start_the_order
from features.steps.words import AMOUNT, DAY, LETTER, amount_of, day_of, local_time, quantity_of
from simulator.site import EXAMPLE_PASSWORD, EXAMPLE_SIGNING

TOLERANCE = "0.050"
_STATUS = {
    "in quarantine": LotStatus.QUARANTINE,
    **{status.lower(): status for status in LotStatus if status is not LotStatus.QUARANTINE},
}


@when(parsers.re(rf"it is (?P<text>{DAY} [0-9:.]+) at the site"))
@given(parsers.re(rf"it is (?P<text>{DAY} [0-9:.]+) at the site"))
def it_is(bench: Bench, text: str) -> None:
    """Drive both clocks to a local time."""
    bench.site.set_clock(local_time(text).replace(tzinfo=bench.zone))
    bench.recorder.observe(f"both site clocks read {write_timestamp(bench.now)}")


@given(parsers.re(r"it is the instant (?P<text>\S+)"))
def it_is_the_instant(bench: Bench, text: str) -> None:
    """Drive both clocks to an instant."""
    bench.site.set_clock(read_timestamp(text).astimezone(bench.zone))
    bench.recorder.observe(f"both site clocks read {write_timestamp(bench.now)}")


@given(
    parsers.re(
        rf"lot {LETTER} of lactose, {AMOUNT}, (?P<status>{'|'.join(_STATUS)}), expiring on {DAY}"
    )
)
def a_lot(bench: Bench, letter: str, amount: str, status: str, day: str) -> None:
    """A lot in one container in the rack."""
    add_lot(bench, letter, amount, _STATUS[status], day_of(day))


@given(
    parsers.re(
        rf"a started order for {AMOUNT} of lactose by version (?P<version>[0-9]+) "
        r"of its approved bill of materials"
    )
)
def a_started_order(bench: Bench, amount: str, version: str) -> None:
    """An order that production has started."""
    add_order(bench, amount, int(version))


@given(
    parsers.re(
        rf"a started order for {AMOUNT} of lactose with (?P<days>[0-9]+) days "
        r"of minimum shelf life"
    )
)
def an_order_with_shelf_life(bench: Bench, amount: str, days: str) -> None:
    """An order whose material must stay usable for some days."""
    add_order(bench, amount, 3, {"minimum_shelf_life_days": int(days)})


@given(
    parsers.re(
        rf"a started order for {AMOUNT} of lactose by version (?P<version>[0-9]+) "
        r"of a bill that nobody approved"
    )
)
def an_order_not_approved(bench: Bench, amount: str, version: str) -> None:
    """An order whose bill of materials waits for its approval."""
    add_order(bench, amount, int(version), members={"approved": False})


def add_lot(
    bench: Bench, letter: str, amount: str, status: LotStatus, day: date, *,
    item: str = ITEM, place: str = STORAGE, potency: Decimal | None = None,
    retest_on: date | None = None,
) -> LotOnBench:
    """Load a lot and its container, with the master data and people that go with it."""
    add_base(bench)
    names = bench.namespace
    lot = LotOnBench(
        letter, names.id(f"LOT-{letter}"), names.lot_number(f"LOT-{letter}"),
        names.sscc(f"C-{letter}"), amount_of(amount).value,
    )
    bench.site.load(
        Load(
            lots=(
                Lot.model_validate(
                    {
                        "lot_id": lot.lot_id, "material_id": names.id(item), "lot": lot.lot,
                        "expires_on": day, "retest_on": retest_on, "status": status,
                        "potency": potency,
                        "potency_basis": PotencyBasis.AS_IS if potency else None,
                    }
                ),
            ),
            containers=(
                Container.model_validate(
                    {
                        "sscc": lot.container, "lot_id": lot.lot_id,
                        "location_id": names.id(place), "quantity": amount_of(amount),
                    }
                ),
            ),
        )
    )
    bench.lots[letter] = lot
    bench.recorder.observe(
        f"lot {letter} is {lot.lot_id}: {amount} {UNIT} {status}, expires on {day}, "
        f"in {lot.container}"
    )
    return lot


def add_base(bench: Bench) -> None:
    """Items, places and people of the scenario; loading them again changes nothing."""
    if bench.has_base:
        return
    bench.has_base = True
    names = bench.namespace
    bench.site.load(
        Load(
            people=tuple(
                Person.model_validate(
                    {
                        "person_id": names.id(person), "printed_name": f"Example {who.title()}",
                        "duties": (duty,), "password": EXAMPLE_PASSWORD,
                        "signing": EXAMPLE_SIGNING,
                    }
                )
                for who, (person, duty, _, _) in PEOPLE.items()
            ),
            materials=tuple(
                Material.model_validate(
                    {
                        "material_id": names.id(item), "description": item.title(),
                        "gtin": names.gtin(item), "base_unit": UNIT,
                        "potency_basis": PotencyBasis.AS_IS,
                    }
                )
                for item in (ITEM, OTHER_ITEM)
            ),
            locations=tuple(
                Location.model_validate(
                    {"location_id": names.id(place), "purpose": purpose, "description": place}
                )
                for place, purpose in ((STORAGE, Purpose.STORAGE), (STAGING, Purpose.STAGING))
            ),
        )
    )


def add_order(
    bench: Bench, amount: str, version: int = 3, line_members: Mapping[str, Any] | None = None,
    members: Mapping[str, Any] | None = None, *, started: bool = True,
) -> OrderOnBench:
    """Load an order with one line; the mappings set other members of line and order."""
    add_base(bench)
    names = bench.namespace
    line = {
        "line_id": "10", "material_id": names.id(ITEM), "quantity": amount_of(amount),
        "tolerance_high": quantity_of(TOLERANCE), "minimum_shelf_life_days": 0,
        **(line_members or {}),
    }
    order = OrderOnBench(
        bench.new_id("ORDER"), names.id("BOM"), version, amount_of(amount).value,
        line["minimum_shelf_life_days"],
    )
    label = {"product": "Example tablets", "strength": "5 mg", "batch": "B-0001"}
    bench.site.load(
        Load(
            orders=(
                Order.model_validate(
                    {
                        "order_id": order.order_id, "bom_id": order.bom_id,
                        "bom_version": version, "lines": (BomLine.model_validate(line),),
                        "dispense_label": label, **(members or {}),
                    }
                ),
            )
        )
    )
    bench.order = order
    if started:
        start_the_order(bench)
    bench.recorder.observe(
        f"order {order.order_id} is {'started' if started else 'planned'}: {amount} {UNIT} "
        f"by {order.bom_id} version {version}"
    )
    return order
