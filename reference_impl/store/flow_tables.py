"""Tables of what comes back, goes on in process and is given up, in both systems."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from reference_impl.store.tables import metadata


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True, nullable=False)


def _text(name: str, *, optional: bool = False) -> Column[str]:
    return Column(name, Text, nullable=optional)


def _int(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


customer_returns = Table(
    "customer_returns", metadata, _key("return_id"), _text("shipment_id"), _text("customer_id"),
    _text("rma_id", optional=True), _text("container"), _text("lot_id"), _text("quantity"),
    _text("unit"), _text("serials"), _text("status"), _text("location_id"), _text("reason"),
    _int("received_at"), _text("received_by"),
    Index("customer_returns_by_container", "container", "shipment_id"),
)
wip_transfers = Table(
    "wip_transfers", metadata, _key("transfer_id"), _int("ordinal"), _text("order_id"),
    _text("container"), _text("lot_id"), _text("quantity"), _text("unit"),
    _text("from_location"), _text("to_location"), _int("transferred_at"),
    _text("transferred_by"), Index("wip_transfers_by_container", "container", "ordinal"),
)
scraps = Table(
    "scraps", metadata, _key("scrap_id"), _text("origin"), _text("order_id", optional=True),
    _text("container"), _text("lot_id"), _text("quantity"), _text("unit"), _text("serials"),
    _text("disposal"), _text("reason_code"), _text("reason"), _int("scrapped_at"),
    _text("scrapped_by"), _text("verified_by", optional=True),
)
# Units of sale that stand in no unit of the site any more; none of them is packed again.
serials_out = Table(
    "serials_out", metadata, _key("unit"), _text("state"), _text("cause"),
)
