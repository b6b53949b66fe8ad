"""What an order makes: the lot is known with the order, and in quarantine until it is released."""

from __future__ import annotations

from datetime import date

from contracts.model.instants import microseconds
from contracts.model.lot_status import LotStatus
from contracts.model.messages.packing import PackCompleted
from contracts.model.stimulus import Load, Product
from reference_impl.domain.lot_status import expiry_instant
from reference_impl.records.work import Work
from reference_impl.store.tables import lots, order_products


def load_products(work: Work, body: Load) -> int:
    """Take over what the orders make. Returns: how many were new."""
    return sum(
        _take(work, order.order_id, order.product) for order in body.orders if order.product
    )


def keep_product_lot(work: Work, product: Product | PackCompleted) -> None:
    """Create the lot of a product where it is new."""
    if work.find(lots, product.lot_id):
        return
    work.create(
        lots, lot_id=product.lot_id, material_id=product.material_id, lot=product.lot,
        expires_on=product.expires_on.isoformat(), expires_at=_expires_at(work, product.expires_on),
        status=LotStatus.QUARANTINE.value,
    )


def _take(work: Work, order_id: str, product: Product) -> int:
    if work.find(order_products, order_id):
        return 0
    work.create(
        order_products, order_id=order_id, material_id=product.material_id, gtin=product.gtin,
        lot_id=product.lot_id, lot=product.lot, expires_on=product.expires_on.isoformat(),
        label_difference_max=product.label_difference_max,
    )
    keep_product_lot(work, product)
    return 1


def _expires_at(work: Work, day: date) -> int:
    return microseconds(expiry_instant(day, work.settings.site_zone))
