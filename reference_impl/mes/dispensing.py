"""Weighing material out of a staged container, with a second person.

Everything is confirmed at the moment of weighing, from what this system knows then.
Sources: URS-DSP-001, URS-DSP-002, URS-DSP-004, URS-DSP-006, URS-DSP-007.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ContainerLabel, Dispense, SignatureComponents
from contracts.model.counts import DeviationClass
from contracts.model.identifiers import Sscc
from contracts.model.master_data import MasterKind
from contracts.model.messages.dispensing import (
    IssueMode,
    MaterialIssued,
    ToleranceOverride,
    Weighing,
)
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.model.roles import Duty
from contracts.model.units import AppliedConversion
from reference_impl.assays import current_assay
from reference_impl.conversions import Weighed, to_base_unit
from reference_impl.domain import dispensing as rules
from reference_impl.domain.assays import Assay
from reference_impl.domain.backflush import check_weighed
from reference_impl.domain.reasons import check_reason
from reference_impl.domain.scans import check_label, scanned_fields
from reference_impl.master_data import check_equal
from reference_impl.mes.assays import basis_of, keep_active_quantity
from reference_impl.mes.deviations import open_deviation
from reference_impl.mes.equipment import check_in_use
from reference_impl.mes.issues import book, issued_into, mode_of, order_line
from reference_impl.mes.orders import started_order
from reference_impl.places import check_stands
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.samples import is_used
from reference_impl.stock import lot_inside, quantity, read_lot
from reference_impl.store.database import Row
from reference_impl.store.tables import (
    bom_lines,
    containers,
    equipment,
    issues,
    locations,
    lots,
    materials,
)
from reference_impl.system import Answered


@dataclass(frozen=True)
class Scanned:
    """A container that was scanned, with the records that it leads to."""

    source: rules.SourceContainer
    lot: Row
    material: Row
    assay: Assay | None


@dataclass(frozen=True)
class _Bench:
    """Everything that is at the scale: the order and its line, the source, the net weight."""

    order: Row
    line: rules.OrderLine
    scanned: Scanned
    net: PositiveQuantity
    """In the base unit."""
    scale: rules.Scale
    conversion: AppliedConversion | None


def dispense(work: Work, command: Dispense, accounts: Accounts) -> Refusal | Answered:
    """Weigh out, or refuse: first the order, then the source, the weight, the scale, the people."""
    bench = _bench(work, command)
    if isinstance(bench, Refusal):
        return bench
    refusal = _check_people(work, command, accounts) or check_fresh(
        work, command.to_container, "toContainer"
    )
    if refusal:
        return refusal
    signed = _signatures(work, command, bench, accounts)
    if isinstance(signed, Refusal):
        return signed
    verification, override = signed
    book(work, _fact(work, command, bench, verification, override))
    _keep_adjusted(work, command, bench, verification)
    if override is not None:
        open_deviation(
            work, DeviationClass.TOLERANCE_OVERRIDE, command.dispense_id,
            (bench.scanned.lot["lot_id"],), (command.order_id,),
        )
    return Answered({"net": bench.net, "label": _label(command, bench)})


def _keep_adjusted(
    work: Work, command: Dispense, bench: _Bench, verification: SignatureManifest
) -> None:
    """Keep what was weighed of the active substance, where the lot has an assay."""
    assay, issue = bench.scanned.assay, work.find(issues, command.dispense_id)
    if assay is not None and issue is not None:
        keep_active_quantity(work, issue, assay, verification.signature_id)


# implements FRS-DSP-015
# implements FRS-DSP-016
def scanned_source(work: Work, scan: str) -> Scanned | Refusal:
    """The container that a scan names, where its label agrees with the records."""
    fields = scanned_fields(scan)
    if isinstance(fields, Refusal):
        return fields
    found = read_container(work, Sscc(fields["00"]), "scan")
    if isinstance(found, Refusal):
        return found
    return check_label(fields, found.lot["lot"], found.material["gtin"]) or found


# implements FRS-DSP-016
def read_container(work: Work, sscc: Sscc, path: str) -> Scanned | Refusal:
    """A container with its lot and material, as this system knows them."""
    container = work.find(containers, sscc)
    lot = work.find(lots, container["lot_id"]) if container else None
    material = work.find(materials, lot["material_id"]) if lot else None
    if container is None or lot is None or material is None:
        return Refusal(Code.UNKNOWN_CONTAINER, path, f"{sscc} is not known here")
    in_use = lot_inside(container, read_lot(lot))
    place = work.find(locations, container["location_id"])
    assay = current_assay(work.connection, lot["lot_id"])
    source = rules.SourceContainer(
        sscc=sscc, content=quantity(container), material_id=lot["material_id"], lot=in_use,
        potency=assay.potency if assay else None,
        purpose=place["purpose"] if place else None, basis=assay.basis if assay else None,
        material_basis=basis_of(work, lot["material_id"]),
    )
    return Scanned(source, lot, material, assay)


# implements FRS-DSP-026
def check_fresh(work: Work, sscc: Sscc, path: str) -> Refusal | None:
    """Refuse a label that a container or a sample carries already."""
    if not is_used(work, sscc) and issued_into(work.connection, sscc) is None:
        return None
    return Refusal(Code.CONTAINER_IN_USE, path, f"{sscc} was used before")


def _bench(work: Work, command: Dispense) -> _Bench | Refusal:
    found = _order(work, command)
    if isinstance(found, Refusal):
        return found
    order, line = found
    scanned = scanned_source(work, command.scan)
    if isinstance(scanned, Refusal):
        return scanned
    scale = _scale(work, command.scale_id)
    refusal = (
        rules.check_source(scanned.source, line, work.now)
        or _check_place(work, scanned, command.scale_id)
        or check_equal(work, scanned.source.material_id, "scan")
        or check_equal(work, command.order_id, "orderId", MasterKind.BOM)
        or check_weighed(mode_of(scanned.material))
        or rules.check_weights(command.gross, command.tare, command.net, command.gross)
        or rules.check_scale(scale, work.now, work.settings.site_zone)
        or check_in_use(work, command.scale_id, "scaleId")
    )
    if refusal:
        return refusal
    assert scale is not None
    weighed = Weighed(command.gross - command.tare, command.at_celsius)
    content = scanned.source.content
    based = to_base_unit(scanned.material, scanned.lot, weighed, content.unit)
    if isinstance(based, Refusal):
        return based
    booked = based.amount.quantity
    net = PositiveQuantity(value=booked.value, unit=booked.unit)
    refusal = rules.check_content(net, content, "gross")
    return refusal or _Bench(order, line, scanned, net, scale, based.applied)


# implements FRS-PCK-064
# implements FRS-PCK-065
# implements FRS-PCK-066
# implements FRS-STA-023
def _check_place(work: Work, scanned: Scanned, scale_id: str) -> Refusal | None:
    """Refuse to open a container, or to use a scale, where material or status may not be."""
    source, container = scanned.source, work.find(containers, scanned.source.sscc)
    assert container is not None
    what = (source.material_id, source.lot.status)
    scale = work.find(equipment, scale_id)
    stands_at = scale["location_id"] if scale else None
    return check_stands(work, what, container["location_id"], "scan") or (
        check_stands(work, what, stands_at, "scaleId") if stands_at else None
    )


# implements FRS-DSP-014
# implements FRS-DSP-025
def _order(work: Work, command: Dispense) -> tuple[Row, rules.OrderLine] | Refusal:
    order = started_order(work, command.order_id)
    if isinstance(order, Refusal):
        return order
    line = work.find(bom_lines, command.order_id, command.line_id)
    if line is None:
        return Refusal(Code.NOT_ON_BOM, "lineId", command.line_id)
    if order["label_product"] is None:
        return Refusal(Code.LABEL_DATA_MISSING, "orderId", command.order_id)
    return order, order_line(work.connection, line)


def _scale(work: Work, equipment_id: str) -> rules.Scale | None:
    row = work.find(equipment, equipment_id)
    if row is None:
        return None
    due = row["calibration_due"]
    return rules.Scale(equipment_id, row["kind"], date.fromisoformat(due) if due else None)


def _check_people(work: Work, command: Dispense, accounts: Accounts) -> Refusal | None:
    performer, verifier = work.actor.account, command.verification.user_id
    refusal = rules.check_second_dispenser(performer, verifier)
    if refusal:
        return refusal
    for person, path in (
        (performer, "header:authorization"), (verifier, "verification.userId")
    ):
        worker = accounts.worker(work, person) or rules.Worker(person, frozenset(), None)
        refusal = rules.check_worker(worker, work.now, work.settings.site_zone, path)
        if refusal:
            return refusal
    return None


# implements FRS-DSP-024
def _signatures(
    work: Work, command: Dispense, bench: _Bench, accounts: Accounts
) -> tuple[SignatureManifest, ToleranceOverride | None] | Refusal:
    """The second person's signature, and the override where the weight needs one."""
    verification = _sign(work, command, command.verification, accounts)
    if verification is None:
        return Refusal(Code.SIGNATURE_REFUSED, "verification", "user id or password is wrong")
    portion = rules.Portion(bench.net.value, bench.scanned.source.potency)
    outside = rules.check_band(bench.line, portion, final=command.final)
    override = _override(work, command, outside, accounts)
    return override if isinstance(override, Refusal) else (verification[0], override)


# implements FRS-DSP-003
# implements FRS-DSP-004
def _override(
    work: Work, command: Dispense, outside: Refusal | None, accounts: Accounts
) -> ToleranceOverride | Refusal | None:
    asked = command.override
    if asked is None:
        return outside
    if outside is None:
        return Refusal(Code.OVERRIDE_NOT_NEEDED, "override", "the weight is within tolerance")
    refusal = check_reason(asked.reason, "override.reason")
    if refusal:
        return refusal
    signed = [_sign(work, command, components, accounts) for components in asked.approvals]
    counted = [one for one in signed if one is not None]
    if len(counted) < len(signed):
        path = f"override.approvals[{signed.index(None)}]"
        return Refusal(Code.SIGNATURE_REFUSED, path, "user id or password is wrong")
    refusal = rules.check_approvals([(m.person_id, duties) for m, duties in counted])
    if refusal:
        return refusal
    return ToleranceOverride(reason=asked.reason, signatures=tuple(m for m, _ in counted))


def _sign(
    work: Work, command: Dispense, components: SignatureComponents, accounts: Accounts
) -> tuple[SignatureManifest, frozenset[Duty]] | None:
    weighed = command.model_dump(mode="json", exclude={"verification", "override"})
    reason = command.override.reason if command.override else None
    record = ("issues", command.dispense_id, {**weighed, "override_reason": reason})
    return accounts.sign(work, components.user_id, components, record)


def _fact(
    work: Work, command: Dispense, bench: _Bench, verification: SignatureManifest,
    override: ToleranceOverride | None,
) -> MaterialIssued:
    source, lot = bench.scanned.source, bench.scanned.lot
    return MaterialIssued(
        issue_id=command.dispense_id, mode=IssueMode.REAL_TIME, order_id=command.order_id,
        line_id=command.line_id, material_id=lot["material_id"], lot_id=lot["lot_id"],
        lot=lot["lot"], source_container=source.sscc, to_container=command.to_container,
        quantity=bench.net, potency=source.potency,
        weighing=Weighing(
            gross=command.gross, tare=command.tare, scale_id=command.scale_id,
            calibration_due=bench.scale.calibration_due,
        ),
        conversion=bench.conversion, verification=verification, override=override,
        issued_at=work.now, issued_by=work.actor.account, station=work.actor.station,
    )


# implements FRS-DSP-025
def _label(command: Dispense, bench: _Bench) -> ContainerLabel:
    lot, order = bench.scanned.lot, bench.order
    return ContainerLabel(
        container=command.to_container, material_id=lot["material_id"],
        item=bench.scanned.material["description"], receiving_number=lot["lot_id"],
        lot=lot["lot"], weight=Quantity(value=bench.net.value, unit=bench.net.unit),
        product=order["label_product"], strength=order["label_strength"],
        batch=order["label_batch"],
    )
