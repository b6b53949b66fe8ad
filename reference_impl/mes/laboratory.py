"""The laboratory: results of samples, reviewed; they give a lot its assay and allow its release.

Source: URS-LIM-001.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import RecordResult
from contracts.model.inspection_quality import LabResultRow, LabResults
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.quality import ResultVerdict
from reference_impl.domain import laboratory as rules
from reference_impl.domain.assays import check_basis
from reference_impl.mes.assays import ReleasedAssay, basis_of, keep_assay
from reference_impl.records.accounts import Accounts
from reference_impl.records.counting import next_number
from reference_impl.records.work import Work
from reference_impl.retest import retest_columns
from reference_impl.settings import Settings
from reference_impl.stock import read_lot
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.quality_tables import lab_results, specifications
from reference_impl.store.tables import lots, samples

# Why an assay counts that the laboratory found.
_REVIEWED = "reviewed laboratory result"

_ALL = Statement(select(lab_results).order_by(lab_results.c.ordinal))
_OF_LOT = Statement(select(lab_results).where(lab_results.c.lot_id == bindparam("lot_id")))
_OF_SAMPLE = Statement(
    select(lab_results).where(lab_results.c.sample_id == bindparam("sample_id"))
)
_REQUIRED = Statement(
    select(specifications.c.test).where(specifications.c.material_id == bindparam("material_id"))
)


# implements FRS-LIM-001
# implements FRS-LIM-002
# implements FRS-EXP-008
def record_result(work: Work, command: RecordResult, accounts: Accounts) -> Refusal | None:
    """An analyst found a result, and a second person has reviewed it."""
    sample = work.find(samples, command.sample_id)
    lot = work.find(lots, sample["lot_id"]) if sample else None
    if sample is None or lot is None:
        return Refusal(Code.UNKNOWN_SAMPLE, "sampleId", command.sample_id)
    test = work.find(specifications, lot["material_id"], command.test)
    if test is None:
        return Refusal(Code.UNKNOWN_TEST, "test", f"not specified for {lot['material_id']}")
    limits = _limits(test)
    refusal = (
        rules.check_unit(command.unit, limits)
        or _check_first(work, command)
        or _check_retest_date(work, command, lot, limits)
    )
    if refusal:
        return refusal
    potency = rules.potency_of(command.value, limits)
    if isinstance(potency, Refusal):
        return potency
    basis = basis_of(work, lot["material_id"])
    refusal = check_basis(basis, basis, "test") if potency is not None else None
    if refusal:
        return refusal
    review = _review(work, command, accounts)
    if isinstance(review, Refusal):
        return review
    _keep(work, command, test, lot["lot_id"], review, potency)
    if command.retest_on is not None:
        work.change(lots, lot["lot_id"], **retest_columns(work, command.retest_on))
    if potency is not None and basis is not None:
        set_assay(work, ReleasedAssay(
            command.result_id, lot["lot_id"], potency, basis, command.result_id, _REVIEWED, review,
        ))
    return None


# implements FRS-LIM-007
def set_assay(work: Work, released: ReleasedAssay) -> None:
    """The potency that counts for a lot from now on: the next version of its assay."""
    keep_assay(work, released)


# implements FRS-LIM-008
# implements FRS-LIM-009
def check_laboratory(work: Work, lot: Row) -> Refusal | None:
    """Refuse the release of a lot whose required results are not all there, and all within."""
    required = [
        row["test"] for row in work.connection.rows(_REQUIRED, material_id=lot["material_id"])
    ]
    found = [
        (row["test"], ResultVerdict(row["verdict"]))
        for row in work.connection.rows(_OF_LOT, lot_id=lot["lot_id"])
    ]
    return rules.check_results(required, found)


def check_approver(work: Work, lot_id: str, approver: str, path: str) -> Refusal | None:
    """Refuse that who found or reviewed a result of a lot also approves them all."""
    found = work.connection.rows(_OF_LOT, lot_id=lot_id)
    return rules.check_third_person(approver, _roles(found), path)


def show_lab_results(connection: Connection, settings: Settings, _: int) -> LabResults:
    """All results."""
    return LabResults(
        rows=tuple(
            LabResultRow.model_validate({
                **{name: row[name] for name in row.keys() if name != "ordinal"},  # noqa: SIM118
                "recorded_at": from_microseconds(row["recorded_at"], settings.site_zone),
            })
            for row in connection.rows(_ALL)
        )
    )


def _roles(rows: list[Row]) -> list[rules.Roles]:
    return [(row["tested_by"], row["reviewed_by"]) for row in rows]


# implements FRS-LIM-004
def _check_first(work: Work, command: RecordResult) -> Refusal | None:
    earlier = work.find(lab_results, command.sample_id, command.test)
    if earlier is None:
        return None
    return Refusal(Code.RESULT_RECORDED, "test", f"by {earlier['result_id']}")


# implements FRS-LIM-010
def _check_retest_date(
    work: Work, command: RecordResult, lot: Row, limits: rules.Limits
) -> Refusal | None:
    bounds = work.now.astimezone(work.settings.site_zone).date(), date.fromisoformat(
        lot["expires_on"]
    )
    verdict = rules.verdict_of(command.value, limits)
    return rules.check_retest_date(command.retest_on, verdict, read_lot(lot), bounds)


# implements FRS-LIM-005
# implements FRS-LIM-006
def _review(work: Work, command: RecordResult, accounts: Accounts) -> str | Refusal:
    """The id of the second person's signature."""
    analyst, reviewer = work.actor.account, command.review.user_id
    earlier = work.connection.rows(_OF_SAMPLE, sample_id=command.sample_id)
    refusal = rules.check_second_analyst(analyst, reviewer) or rules.check_roles(
        analyst, reviewer, _roles(earlier)
    )
    if refusal:
        return refusal
    content = command.model_dump(mode="json", exclude={"review"})
    record = ("lab_results", command.result_id, content)
    signed = accounts.sign(work, command.review.user_id, command.review, record)
    if signed is None or not rules.may_review(signed[1]):
        return Refusal(Code.SIGNATURE_REFUSED, "review", "not of an analyst or of quality")
    return signed[0].signature_id


def _keep(
    work: Work, command: RecordResult, test: Row, lot_id: str, review: str,
    potency: Decimal | None,
) -> None:
    work.create(
        lab_results, sample_id=command.sample_id, test=command.test,
        result_id=command.result_id, ordinal=next_number(work.connection, "lab results"),
        lot_id=lot_id, method=test["method"], value=f"{command.value:f}", unit=command.unit,
        low=test["low"], high=test["high"],
        verdict=rules.verdict_of(command.value, _limits(test)).value,
        potency=_text(potency), tested_by=work.actor.account,
        reviewed_by=command.review.user_id, review_signature_id=review,
        recorded_at=microseconds(work.now),
        retest_on=command.retest_on.isoformat() if command.retest_on else None,
    )


def _limits(test: Row) -> rules.Limits:
    return rules.Limits(
        test["unit"], _decimal(test["low"]), _decimal(test["high"]), bool(test["sets_potency"])
    )


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def _text(value: Decimal | None) -> str | None:
    return f"{value:f}" if value is not None else None
