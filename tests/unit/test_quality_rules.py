"""Results, holds, actions and devices: their rules, whatever the values."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.model.codes import Code, Refusal
from contracts.model.lot_status import LotStatus
from contracts.model.quality import EquipmentState, RequiredTest, ResultVerdict, RiskItem
from reference_impl.domain import capas, equipment, holds, laboratory
from reference_impl.domain.lot_status import TRANSITIONS

ZONE = ZoneInfo("Europe/Berlin")
STATUSES = st.sampled_from(LotStatus)
VALUES = st.decimals(min_value=-1000, max_value=1000, places=6)
VERDICTS = st.lists(st.tuples(st.sampled_from(["A", "B", "C"]), st.sampled_from(ResultVerdict)))


@given(VALUES, VALUES, VALUES)
def test_both_limits_are_within_and_nothing_else_is(value, one, other):
    low, high = sorted((one, other))
    verdict = laboratory.verdict_of(value, laboratory.Limits("P1", low, high, False))
    assert (verdict is ResultVerdict.PASSED) is (low <= value <= high)
    assert laboratory.verdict_of(low, laboratory.Limits("P1", low, high, False)) == "PASSED"
    assert laboratory.verdict_of(value, laboratory.Limits("P1", None, None, False)) == "PASSED"


@given(st.sets(st.sampled_from(["A", "B", "C"])), VERDICTS, VERDICTS)
def test_more_results_never_allow_what_a_failed_one_forbids(required, found, more):
    refusal = laboratory.check_results(required, found)
    failed = any(verdict is ResultVerdict.FAILED for _, verdict in found)
    assert (refusal is not None and refusal.code is Code.RESULT_FAILED) is failed
    if failed:
        again = laboratory.check_results(required, [*found, *more])
        assert again is not None
        assert again.code is Code.RESULT_FAILED
    if refusal is None:
        assert required <= {test for test, _ in found}


@given(st.decimals(min_value=1, max_value=999, places=5))
def test_an_assay_is_kept_as_it_was_found_or_refused(value):
    limits = laboratory.Limits("P1", Decimal(1), Decimal(999), True)
    kept = laboratory.potency_of(value, limits)
    if isinstance(kept, Refusal):
        assert kept.code is Code.ASSAY_TOO_FINE
        assert len(f"{value:f}".partition(".")[2]) > 3
    else:
        assert kept == value


@pytest.mark.parametrize(
    "members",
    [{"low": "2", "high": "1"}, {"sets_potency": True}, {"sets_potency": 1, "low": "1"},
     {"sets_potency": True, "low": "0", "high": "100"},
     {"sets_potency": True, "low": "90", "high": "110", "unit": "KGM"}],
)
def test_a_specification_that_contradicts_itself_is_none(members):
    with pytest.raises(ValidationError):
        RequiredTest.model_validate({"test": "ASSAY", "method": "M", "unit": "P1", **members})


@given(STATUSES, STATUSES)
def test_a_hold_is_a_transition_of_the_status_model_and_never_loosens(present, wanted):
    if holds.check_hold(present, wanted, "toStatus") is None:
        assert wanted in TRANSITIONS[present]
        assert holds.is_stricter(wanted, present)
        assert wanted in (LotStatus.QUARANTINE, LotStatus.BLOCKED)


@given(STATUSES, STATUSES, st.booleans())
def test_a_hold_and_a_decision_that_cross_end_alike_in_both_systems(begun, decided, quarantines):
    """Each side acts on what both had; then each hears of the other."""
    held = LotStatus.QUARANTINE if quarantines else LotStatus.BLOCKED
    if decided not in TRANSITIONS[begun] or holds.check_hold(begun, held, ""):
        return
    warehouse = holds.status_after(held, begun, decided, held=True)
    mes = held if holds.is_stricter(held, decided) else decided
    assert warehouse is mes
    assert not holds.is_stricter(held, mes)


@given(st.integers(1, 99), st.integers(1, 99), st.sampled_from(["R1", "R2"]))
def test_a_risk_item_is_updated_by_a_later_version_of_itself(before, after, name):
    refusal = capas.check_risk_item(
        RiskItem(risk_item_id="R1", version=before), RiskItem(risk_item_id=name, version=after)
    )
    assert (refusal is None) is (name == "R1" and after > before)


@given(st.integers(-3, 3), st.integers(0, 86_399_999_999))
def test_a_device_counts_until_the_last_microsecond_of_its_day(days, microseconds):
    last = date(2026, 3, 29)  # the day on which the clocks go forward
    device = equipment.Device("SCALE", EquipmentState.IN_USE, last)
    local = datetime(2026, 3, 29) + timedelta(days=days, microseconds=microseconds)
    refusal = equipment.check_calibrated(device, local.replace(tzinfo=ZONE), ZONE, "scaleId")
    assert (refusal is None) is (local.date() <= last)
    out = equipment.Device("SCALE", EquipmentState.IN_MAINTENANCE, None)
    assert equipment.check_state(out, "scaleId").code is Code.EQUIPMENT_IN_MAINTENANCE
