"""What comes back, goes on in process, is given up or taken over: parts of both systems.

Sources: URS-RET-002, URS-WIP-001, URS-ADJ-003, URS-MIG-001.
"""

from __future__ import annotations

from reference_impl import scrap
from reference_impl.customer_returns import show_customer_returns
from reference_impl.mes import containers as mes_containers
from reference_impl.mes import customer_returns as mes_customer_returns
from reference_impl.mes import scrap as mes_scrap
from reference_impl.mes import wip as mes_wip
from reference_impl.migration import migrate_master_data, show_migrations
from reference_impl.records.accounts import Accounts
from reference_impl.system import Part
from reference_impl.wip import show_wip_transfers
from reference_impl.wms import customer_returns as wms_customer_returns
from reference_impl.wms import scrap as wms_scrap
from reference_impl.wms import wip as wms_wip

_FLOWS = {
    "customer-returns": show_customer_returns,
    "wip-transfers": show_wip_transfers,
    "scraps": scrap.show_scraps,
}


def migration_part(accounts: Accounts) -> Part:
    """Records of another system: both roles take them over in the same way."""
    return Part(
        commands={
            "migrate-master-data": lambda work, body: migrate_master_data(work, body, accounts),
        },
        shows={"migrations": show_migrations},
    )


def production_flows_part(accounts: Accounts) -> Part:
    """What production moves on and gives up, and what it learns of the warehouse's returns."""
    return Part(
        messages={
            "return-received": mes_customer_returns.return_received,
            "material-scrapped": scrap.material_scrapped,
        },
        commands={
            "decide-container": lambda work, body: mes_containers.decide_container(
                work, body, accounts
            ),
            "transfer-wip": mes_wip.transfer_wip,
            "scrap": lambda work, body: mes_scrap.scrap_in_process(work, body, accounts),
        },
        shows=dict(_FLOWS),
    )


def warehouse_flows_part(accounts: Accounts) -> Part:
    """What comes back and is given up, and what the warehouse learns of production."""
    return Part(
        messages={
            "wip-transferred": wms_wip.wip_transferred,
            "material-scrapped": wms_scrap.material_scrapped,
        },
        commands={
            "receive-return": wms_customer_returns.receive_return,
            "scrap": lambda work, body: wms_scrap.scrap_stock(work, body, accounts),
        },
        shows=dict(_FLOWS),
    )
