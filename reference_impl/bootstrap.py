"""Putting a system together: the handlers of its role, its database, its doors."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from contracts.model.inspection import Picks
from contracts.model.roles import Role
from reference_impl import adjustments, samples, tracing
from reference_impl.checkpointing import keep_last_checkpoint
from reference_impl.control_parts import control_parts
from reference_impl.conversions import CONVERSIONS, convert_quantity
from reference_impl.custody import unit_aggregated, unit_disaggregated
from reference_impl.custody_exports import show_aggregation_history, show_custody
from reference_impl.disaggregation import disaggregate_unit, reaggregate_items
from reference_impl.epcis.capturing import capture
from reference_impl.epcis.correcting import correct_event
from reference_impl.epcis.repository import show_repository
from reference_impl.flow_parts import migration_part, production_flows_part, warehouse_flows_part
from reference_impl.holds import show_holds
from reference_impl.kits import (
    assemble_kit,
    kit_assembled,
    kit_opened,
    open_kit,
    show_kits,
)
from reference_impl.link import (
    dead_letters,
    discarding,
    exchanged,
    heartbeat,
    recovering,
    retention,
    settling,
)
from reference_impl.loading import load
from reference_impl.location_map import LOCATION_MAP
from reference_impl.master_parts import masters_of_mes, masters_of_warehouse
from reference_impl.mes import adjustments as mes_adjustments
from reference_impl.mes import assays as mes_assays
from reference_impl.mes import cancelled_picks as mes_cancelled_picks
from reference_impl.mes import completion, deviations, issues, returns
from reference_impl.mes import dispensing as mes_dispensing
from reference_impl.mes import labels as mes_labels
from reference_impl.mes import lot_status as mes_lot_status
from reference_impl.mes import packing as mes_packing
from reference_impl.mes import picks as mes_picks
from reference_impl.mes import receipts as mes_receipts
from reference_impl.mes.retest import BY_DATE
from reference_impl.people import people_part
from reference_impl.products import load_products
from reference_impl.quality_parts import batch_records_part, laboratory_part, quality_part
from reference_impl.reconciling_parts import reconciling_part, stock_picture_part
from reference_impl.records.accounts import Accounts
from reference_impl.records.services import Services
from reference_impl.scan_exports import show_scans
from reference_impl.scanning import (
    begin_scan_step,
    load_scan_steps,
    scan_recorded,
    scan_refused,
    scan_unit,
)
from reference_impl.settings import Settings
from reference_impl.stock import SHOWS, allocation_rows, show_picks
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import allocations
from reference_impl.system import Handlers, Job, Part, System
from reference_impl.units import show_aggregations, show_shipments
from reference_impl.validation import validate
from reference_impl.web.application import application
from reference_impl.wms import adjustments as wms_adjustments
from reference_impl.wms import cancelled_picks as wms_cancelled_picks
from reference_impl.wms import deliveries, putaway, relocation
from reference_impl.wms import dispensing as wms_dispensing
from reference_impl.wms import holds as wms_holds
from reference_impl.wms import lot_status as wms_lot_status
from reference_impl.wms import packing as wms_packing
from reference_impl.wms import picks as wms_picks
from reference_impl.wms import receipts as wms_receipts
from reference_impl.wms import samples as wms_samples
from reference_impl.wms.movements import show_movements

_ALLOCATIONS = Statement(
    select(allocations).order_by(
        allocations.c.request_id, allocations.c.line_id, allocations.c.sscc
    )
)


def build(settings: Settings, connect: Callable[[str], Any], **sources: Any) -> System:
    """A system with its database open. ``sources``: ids, wall clock, nonces, process id."""
    accounts = Accounts(settings.password_cost, settings.session_s)
    services = Services(settings.partners, sources.get("wall", time.time))
    handlers = (_mes if settings.role is Role.MES else _wms)(accounts)
    handlers = Handlers((
        *handlers.parts, _link(handlers, accounts), _events(),
        people_part(accounts.credentials, services), *control_parts(),
    ))
    return System(
        settings, handlers, accounts, services, connect, ending=keep_last_checkpoint, **sources
    )


def _link(of_role: Handlers, accounts: Accounts) -> Part:
    """What both roles do about the link itself; what follows from an outcome is the role's."""
    return Part(
        messages={
            "message-settled": lambda work, envelope: settling.message_settled(
                work, envelope, of_role.settled
            ),
            "link-heartbeat": heartbeat.link_heartbeat,
            "message-discarded": discarding.message_discarded,
        },
        commands={
            "replay-dead-letter": dead_letters.replay_dead_letter,
            "discard-dead-letter": lambda work, body: discarding.discard_dead_letter(
                work, body, accounts
            ),
        },
        settled={
            "message-discarded": lambda work, body, sent: discarding.discard_settled(
                work, of_role.settled, body, sent
            ),
        },
        shows={
            "link": heartbeat.show_link, "dead-letters": dead_letters.show_dead_letters,
            "discarded-messages": discarding.show_discarded,
            "retention": retention.show_retention, "recoveries": recovering.show_recoveries,
        },
        # Heartbeats go along with other work; they make none due by themselves.
        jobs=(
            Job(heartbeat.send_heartbeat, lambda _: None),
            Job(dead_letters.call_about_old_ones, dead_letters.next_old_one),
        ),
        questions={
            "message-status": settling.message_status,
            "exchanged-since": exchanged.exchanged_since,
        },
    )


def _events() -> Part:
    """The repository of events; queries have a door of their own."""
    return Part(
        commands={"correct-event": correct_event},
        documents={"capture-events": capture},
        shows={"event-repository": show_repository},
    )


def _mes(accounts: Accounts) -> Handlers:
    return Handlers((
        stock_picture_part(),
        Part(
            shows=dict(SHOWS),
            load=lambda work, body: load(work, body, accounts),
        ),
        Part(questions={"validate": validate}),
        Part(
            messages={"pick-confirmed": mes_picks.pick_confirmed},
            commands={
                "start-order": mes_picks.start_order,
                "request-pick": mes_picks.request_pick,
            },
            shows={"picks": lambda connection, _, __: show_picks(connection, {})},
            settled={"pick-requested": mes_picks.request_settled},
        ),
        Part(
            commands={"cancel-pick": mes_cancelled_picks.cancel_pick},
            settled={"pick-cancelled": mes_cancelled_picks.cancel_settled},
        ),
        Part(
            commands={
                "change-lot-status": lambda work, body: mes_lot_status.change_lot_status(
                    work, body, accounts
                ),
            },
            jobs=BY_DATE,
        ),
        Part(
            messages={
                "receipt-confirmed": mes_receipts.receipt_confirmed,
                "putaway-completed": mes_receipts.putaway_completed,
            },
        ),
        _units(),
        _scanning(),
        _packing(),
        _dispensing(accounts),
        _mirrored_adjustments(),
        quality_part(accounts),
        laboratory_part(accounts),
        batch_records_part(accounts),
        production_flows_part(accounts),
        reconciling_part(accounts),
        migration_part(accounts),
        masters_of_mes(),
        _conversions(),
        Part(
            commands={
                "record-assay": lambda work, body: mes_assays.record_assay(work, body, accounts),
            },
            shows={"assays": mes_assays.show_assays},
        ),
    ))


def _dispensing(accounts: Accounts) -> Part:
    """Weighing out, giving back, and the end of an order."""
    return Part(
        commands={
            "dispense": lambda work, body: mes_dispensing.dispense(work, body, accounts),
            "return-material": returns.return_material,
            "complete-order": completion.complete_order,
        },
        shows={"wip": issues.show_wip, "weighings": issues.show_weighings},
    )


def _packing() -> Part:
    """Labels, packs and pallets of production."""
    return Part(
        messages={"shipment-confirmed": mes_packing.shipment_confirmed},
        commands={
            "print-label": mes_packing.print_label,
            "verify-label": mes_packing.verify_label,
            "spoil-label": mes_packing.spoil_label,
            "reconcile-labels": mes_labels.reconcile_labels,
            "pack-unit": mes_packing.pack_unit,
            "assemble-kit": assemble_kit,
            "aggregate": mes_packing.palletize_units,
        },
        shows={"labels": mes_labels.show_labels},
        load=mes_packing.load_packaging_lines,
    )


def _mirrored_adjustments() -> Part:
    """What production learns of counts, adjustments and samples."""
    return Part(
        messages={
            "count-completed": mes_adjustments.count_completed,
            "inventory-adjusted": mes_adjustments.inventory_adjusted,
            "sample-taken": samples.sample_taken,
        },
        shows={
            **adjustments.SHOWS, "samples": samples.show_samples,
            "deviations": deviations.show_deviations,
        },
    )


def _shipping() -> Part:
    """Packed goods in the warehouse, and how they leave it."""
    return Part(
        messages={
            "pack-completed": wms_packing.pack_completed, "kit-assembled": kit_assembled,
        },
        commands={
            "aggregate": wms_packing.aggregate_units,
            "ship": wms_packing.ship_units,
        },
        load=wms_packing.load_customers,
    )


def _ledger() -> Part:
    """What moved in the warehouse, and where it went from there."""
    return Part(shows={"movements": show_movements}, selects=dict(tracing.SELECTS))


def _wms(accounts: Accounts) -> Handlers:
    return Handlers((
        stock_picture_part(),
        Part(
            shows=dict(SHOWS),
            load=lambda work, body: load(work, body, accounts),
        ),
        Part(questions={"validate": validate}),
        Part(
            messages={"pick-requested": wms_picks.pick_requested},
            commands={"confirm-pick": wms_picks.confirm_pick},
            queries={"pick-tasks": wms_picks.pick_tasks},
            shows={"picks": _warehouse_picks},
        ),
        Part(messages={"pick-cancelled": wms_cancelled_picks.pick_cancelled}),
        Part(
            messages={"lot-status-changed": wms_lot_status.lot_status_changed},
            commands={"hold-lot": wms_holds.hold_lot},
            shows={"holds": show_holds},
            settled={"warehouse-hold-placed": wms_holds.hold_settled},
        ),
        Part(
            commands={
                "confirm-receipt": lambda work, body: wms_receipts.confirm_receipt(
                    work, body, accounts
                ),
                "put-away": putaway.put_away,
                "close-asn": lambda work, body: deliveries.close_asn(work, body, accounts),
            },
            queries={"relocation-tasks": relocation.relocation_tasks},
            shows={"asns": deliveries.show_asns},
            load=deliveries.load_asns,
        ),
        _units(),
        _ledger(),
        _scanning(),
        _shipping(),
        Part(
            messages={
                "material-issued": wms_dispensing.material_issued,
                "material-returned": wms_dispensing.material_returned,
            },
        ),
        warehouse_flows_part(accounts),
        migration_part(accounts),
        _counting(accounts),
        masters_of_warehouse(),
        _conversions(),
    ))


def _counting(accounts: Accounts) -> Part:
    """Counts, adjustments and samples in the warehouse, and another lot than the first."""
    return Part(
        messages={"sample-taken": samples.sample_taken},
        commands={
            "record-count": wms_adjustments.record_count,
            "approve-adjustment": lambda work, body: wms_adjustments.approve_adjustment(
                work, body, accounts
            ),
            "take-sample": wms_samples.take_sample,
            "override-allocation": wms_picks.override_allocation,
        },
        queries={"count-differences": wms_adjustments.count_differences},
        shows={**adjustments.SHOWS, "samples": samples.show_samples},
    )


def _conversions() -> Part:
    """Units, rounding, the map of the site: alike in both roles."""
    return Part(
        commands={"convert-quantity": convert_quantity},
        shows={**CONVERSIONS, **LOCATION_MAP},
    )


def _units() -> Part:
    """What is inside what: both roles keep it, and both may change it."""
    return Part(
        messages={
            "unit-aggregated": unit_aggregated, "unit-disaggregated": unit_disaggregated,
            "kit-opened": kit_opened,
        },
        commands={
            "disaggregate": disaggregate_unit, "reaggregate": reaggregate_items,
            "open-kit": open_kit,
        },
        shows={
            "aggregations": show_aggregations, "shipments": show_shipments,
            "aggregation-history": show_aggregation_history, "custody": show_custody,
            "kits": show_kits,
        },
        load=load_products,
    )


def _scanning() -> Part:
    """Labels that are scanned in a declared order, at either system."""
    return Part(
        messages={"scan-recorded": scan_recorded},
        commands={"begin-scan-step": begin_scan_step, "scan-unit": scan_unit},
        refused={"scan-unit": scan_refused},
        shows={"scans": show_scans},
        load=load_scan_steps,
    )


def _warehouse_picks(connection: Connection, _: Settings, __: int) -> Picks:
    return show_picks(connection, allocation_rows(connection.rows(_ALLOCATIONS)))

__all__ = ["application", "build"]
