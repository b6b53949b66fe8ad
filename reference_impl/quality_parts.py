"""Batch records, deviations, the laboratory and its devices: parts of MES, which owns them.

Sources: URS-BPR-001, URS-QMS-001, URS-LIM-001, URS-MNT-001.
"""

from __future__ import annotations

from reference_impl import tracing
from reference_impl.holds import show_holds
from reference_impl.mes import (
    batch_entries,
    batch_record,
    capas,
    deviations,
    equipment,
    laboratory,
    recalls,
    release,
)
from reference_impl.mes import holds as mes_holds
from reference_impl.records.accounts import Accounts
from reference_impl.specifications import load_specifications
from reference_impl.system import Job, Part


def quality_part(accounts: Accounts) -> Part:
    """Deviations, what follows from them, and the holds that the warehouse placed."""
    return Part(
        messages={"warehouse-hold-placed": mes_holds.warehouse_hold_placed},
        commands={
            "open-deviation": deviations.open_deviation_seen,
            "investigate-deviation": deviations.investigate_deviation,
            "close-deviation": lambda work, body: deviations.close_deviation(
                work, body, accounts
            ),
            "open-capa": capas.open_capa,
            "close-capa": lambda work, body: capas.close_capa(work, body, accounts),
        },
        shows={"capas": capas.show_capas, "holds": show_holds},
    )


def laboratory_part(accounts: Accounts) -> Part:
    """Results of samples, and the devices that weigh, print and read."""
    return Part(
        commands={
            "record-result": lambda work, body: laboratory.record_result(work, body, accounts),
            "maintain-equipment": lambda work, body: equipment.maintain_equipment(
                work, body, accounts
            ),
            "record-calibration": lambda work, body: equipment.record_calibration(
                work, body, accounts
            ),
        },
        shows={
            "lab-results": laboratory.show_lab_results, "equipment": equipment.show_equipment
        },
        load=load_specifications,
    )


def batch_records_part(accounts: Accounts) -> Part:
    """Batch records, and recalls of what was made."""
    return Part(
        commands={
            "record-batch-entry": lambda work, body: batch_entries.record_batch_entry(
                work, body, accounts
            ),
            "complete-batch-record": lambda work, body: batch_entries.complete_batch_record(
                work, body, accounts
            ),
            "recall-lot": lambda work, body: recalls.recall_lot(work, body, accounts),
        },
        shows={
            "recalls": recalls.show_recalls,
            "batch-entries": batch_record.show_batch_entries,
        },
        selects={"batch-record": release.show_batch_record, **tracing.SELECTS},
        settled={"lot-status-changed": recalls.recall_settled},
        jobs=(Job(recalls.alarm_late_recalls, recalls.next_late_recall),),
        load=batch_entries.load_master_records,
    )
