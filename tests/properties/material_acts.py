"""What people do with material, as commands: the words of the mass balance machine."""

from __future__ import annotations

from decimal import Decimal

from contracts.model.commands import (
    ApproveAdjustment,
    CompleteOrder,
    ConfirmPick,
    Dispense,
    PutAway,
    RecordCount,
    ReturnMaterial,
    ScrapMaterial,
    TakeSample,
    TransferWip,
)
from contracts.model.counts import AdjustmentCause
from contracts.model.identifiers import Id
from contracts.model.quantities import NonNegativeQuantity, PositiveQuantity
from contracts.model.scrap import Disposal, ScrapReason
from features.bench import STORAGE, UNIT
from features.steps.dispensing import good_dispense
from features.steps.picks import scan_of
from features.steps.words import amount_of
from tests.properties.machines import OverAPair

BLENDING = "BLEND-1"
SPILLED = "it was spilled on the floor"


def kg(grams: int) -> str:
    """Grams as kilograms, to the last one."""
    return f"{Decimal(grams) / 1000:.3f}"


def grams(value: Decimal) -> Decimal:
    """Kilograms as grams, whatever their digits are."""
    return value * 1000


class MaterialActs(OverAPair):
    """Makes commands out of SSCCs and grams, each under a number of its own."""

    def fresh(self, kind):
        """A label that nobody has used."""
        return self.bench.namespace.sscc(self.bench.new_name(kind))

    def new(self, kind) -> Id:
        """A number that nobody has used."""
        return Id(self.bench.new_id(kind))

    def at(self, place) -> Id:
        """A place of the site."""
        return Id(self.bench.namespace.id(place))

    def pick(self, request_id, source, amount, into) -> ConfirmPick:
        return ConfirmPick(
            confirmation_id=self.new("SCAN"), request_id=Id(request_id), line_id=Id("10"),
            scan=scan_of(source), quantity=amount_of(kg(amount)), to_container=into,
        )

    def weighing(self, source, amount) -> Dispense:
        return good_dispense(self.bench, amount_of(kg(amount)), scan_of(source))

    def returning(self, container, amount, into) -> ReturnMaterial:
        return ReturnMaterial(
            return_id=self.new("RETURN"), order_id=Id(self.bench.the_order.order_id),
            container=container, quantity=amount_of(kg(amount)), new_container=into,
            to_location=self.at(STORAGE),
        )

    def scrapping(self, container, amount) -> ScrapMaterial:
        return ScrapMaterial(
            scrap_id=self.new("SCRAP"), scan=scan_of(container), quantity=amount_of(kg(amount)),
            disposal=Disposal.DESTROYED, reason_code=ScrapReason.DAMAGED, reason=SPILLED,
            verification=self.bench.signature("quality", "Verified"),
        )

    def sample(self, container, amount) -> TakeSample:
        return TakeSample(
            sample_id=self.new("SAMPLE"), scan=scan_of(container), quantity=amount_of(kg(amount)),
            sample_container=self.fresh("BOTTLE"),
        )

    def counting(self, container, place, found, of=None) -> RecordCount:
        return RecordCount(
            count_id=self.new("COUNT"), location_id=self.at(place), scan=scan_of(container),
            counted=NonNegativeQuantity(value=Decimal(kg(found)), unit=UNIT), recount_of=of,
        )

    def adjusting(self, count_id) -> ApproveAdjustment:
        return ApproveAdjustment(
            adjustment_id=self.new("ADJUST"), count_id=count_id, reason=SPILLED,
            cause=AdjustmentCause.SPILLAGE,
            signature=self.bench.signature("the supervisor", "Approved"),
        )

    def transfer(self, container) -> TransferWip:
        return TransferWip(
            transfer_id=self.new("TRANSFER"), order_id=Id(self.bench.the_order.order_id),
            scan=scan_of(container), to_location=self.at(BLENDING),
        )

    def putting_away(self, container, place) -> PutAway:
        return PutAway(
            putaway_id=self.new("PUT"), scan=scan_of(container), to_location=self.at(place)
        )

    def completing(self) -> CompleteOrder:
        return CompleteOrder(
            order_id=Id(self.bench.the_order.order_id),
            good_quantity=PositiveQuantity(value=Decimal(1), unit=UNIT),
        )
