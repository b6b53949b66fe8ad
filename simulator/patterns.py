"""The patterns of a plant day: how many of what, how often, and what may go wrong with it.

A pattern holds ranges and rates; a seed makes a schedule of it, in which nothing is left open.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.instants import Timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import PositiveDecimal
from simulator.aside_parts import ComingBackPart, HoldPart, OnwardPart, ReworkPart, ScrapPart
from simulator.part import Minutes, Name, Part
from simulator.parts import Description, FaultKind, LinePart

Range = tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]
Every = Annotated[int, Field(ge=0, le=1000)]


class StockPattern(Part):
    """A lot of opening stock in equal containers, ``count`` of them."""

    lot: Name
    material: Name
    last_day: Annotated[int, Field(ge=0, le=4000)]
    """Days from the first day of the shift to the last day of the lot."""
    status: LotStatus = LotStatus.RELEASED
    potency: PositiveDecimal | None = None
    location: Name
    count: Annotated[int, Field(ge=1, le=100)]
    quantity: PositiveDecimal


class SupplyPattern(Part):
    """What a supplier sends: lots of one material in equal containers."""

    supplier: Description
    material: Name
    containers: Range
    quantity: PositiveDecimal
    short_quantity: PositiveDecimal
    shelf_life_days: Range
    stores: Annotated[tuple[Name, ...], Field(min_length=1)]
    sample: PositiveDecimal


class DeliveryPattern(Part):
    """Trucks through the day. ``every``: every n-th container is short, missing, or damaged.

    Counting starts with the first container of the day; 0: never.
    """

    count: Annotated[int, Field(ge=0, le=200)]
    first: Timestamp
    every_min: Minutes
    lots: Range
    tested_after_min: Range
    short_every: Every = 0
    damaged_every: Every = 0
    missing_every: Every = 0
    misread_every: Every = 0
    rejected_every: Every = 0
    supplies: Annotated[tuple[SupplyPattern, ...], Field(min_length=1)]


class RecipePattern(Part):
    """What an order may make, of what, in what packs."""

    bom: Name
    version: Annotated[int, Field(ge=1, le=9999)]
    product: Name
    to: Name
    lines: Annotated[tuple[LinePart, ...], Field(min_length=1)]
    cases: Range
    per_case: Annotated[int, Field(ge=1, le=100)]
    per_pallet: Annotated[int, Field(ge=1, le=200)]
    making_min: Minutes
    shelf_life_days: Annotated[int, Field(ge=1, le=4000)]


class OrderPattern(Part):
    """Orders through the day; recipes take turns. Every n-th returns, is misread, or is shipped."""

    count: Annotated[int, Field(ge=0, le=200)]
    first: Timestamp
    every_min: Minutes
    recipes: Annotated[tuple[RecipePattern, ...], Field(min_length=1)]
    returned_every: Every = 0
    returned_quantity: PositiveDecimal | None = None
    returned_to: Name | None = None
    misread_label_every: Every = 0
    misread_pick_every: Every = 0
    shipped_every: Every = 0
    customers: tuple[Name, ...] = ()
    onward_every: Every = 0
    onward: OnwardPart | None = None
    rework_every: Every = 0
    rework: ReworkPart | None = None
    comes_back_every: Every = 0
    comes_back: ComingBackPart | None = None


class CountPattern(Part):
    """Cycle counts of the containers in some places; every n-th of them has lost something."""

    first: Timestamp
    every_min: Minutes
    locations: Annotated[tuple[Name, ...], Field(min_length=1)]
    spilled_every: Every = 0
    spilled: PositiveDecimal | None = None


class FaultPattern(Part):
    """Each of these kinds strikes each of these messages or commands, ``times`` each."""

    kinds: Annotated[tuple[FaultKind, ...], Field(min_length=1)]
    messages: Annotated[tuple[str, ...], Field(min_length=1)]
    times: Annotated[int, Field(ge=1, le=20)] = 1
    attempts: Annotated[int, Field(ge=1, le=1000)] = 1
    minutes: Minutes = 0


class DayPattern(Part):
    """A whole day. Holds and scrap name lots and containers of the expanded stock."""

    stock: tuple[StockPattern, ...] = ()
    deliveries: DeliveryPattern
    orders: OrderPattern
    counts: CountPattern
    holds: tuple[HoldPart, ...] = ()
    scraps: tuple[ScrapPart, ...] = ()
    faults: tuple[FaultPattern, ...] = ()
