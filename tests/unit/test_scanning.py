"""What a scan has to say: every field of the label that is expected, and nothing else."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.formats.element_strings import read_scan, write_element_string
from contracts.model.codes import Code
from contracts.model.identifiers import CSET_82, Gtin14
from contracts.model.scans import Calibration, DeclaredScan
from contracts.model.stimulus import EquipmentKind
from reference_impl.domain.scanning import (
    Device,
    calibration_of,
    check_calibration,
    check_declared_scans,
    check_next_scan,
)

ZONE = ZoneInfo("Europe/Berlin")
CHARACTERS = [c for c in map(chr, range(0x21, 0x7F)) if re.fullmatch(CSET_82, c)]
TEXTS = st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=20)
GTINS = st.integers(0, 10**12 - 1).map(lambda n: Gtin14.complete(f"0{n:012d}"))
DAYS = st.dates(date(2000, 1, 1), date(2049, 12, 31)).map(lambda day: f"{day:%y%m%d}")
VALUES = {"01": GTINS, "17": DAYS, "10": TEXTS, "21": TEXTS}
LABELS = st.fixed_dictionaries(VALUES)


def symbol(label: dict[str, str]) -> str:
    return f"]d2{write_element_string(label.items())}"


@given(LABELS, st.permutations(list(VALUES)))
def test_the_label_itself_is_accepted_in_whatever_order_its_fields_stand(label, order):
    assert check_next_scan([label], 0, symbol({ai: label[ai] for ai in order})) is None


@given(LABELS, st.sampled_from(list(VALUES)), st.data())
def test_every_change_of_a_single_field_is_refused(label, ai, data):
    other = data.draw(VALUES[ai].filter(lambda value: value != label[ai]))
    refusal = check_next_scan([label], 0, symbol({**label, ai: other}))
    assert refusal is not None
    assert (refusal.code, refusal.path) == (Code.LABEL_MISMATCH, "scan")


@given(LABELS, st.sampled_from(list(VALUES)))
def test_a_field_that_is_missing_is_refused(label, ai):
    rest = {name: value for name, value in label.items() if name != ai}
    refusal = check_next_scan([label], 0, symbol(rest))
    assert refusal is not None
    assert refusal.code is Code.LABEL_FIELDS_DIFFER


@given(LABELS, st.sampled_from(["00", "15", "37", "240"]))
def test_a_field_that_is_one_too_many_is_refused(label, ai):
    value = {"00": "095200000000000012", "15": "261231", "37": "2", "240": "X"}[ai]
    refusal = check_next_scan([label], 0, symbol({**label, ai: value}))
    assert refusal is not None
    assert refusal.code in {Code.LABEL_FIELDS_DIFFER, Code.SCAN_UNREADABLE}


@given(st.lists(LABELS, min_size=2, max_size=5, unique_by=lambda label: label["21"]), st.data())
def test_another_label_of_the_step_is_out_of_order(labels, data):
    position = data.draw(st.integers(0, len(labels) - 1))
    other = data.draw(st.integers(0, len(labels) - 1).filter(lambda n: n != position))
    refusal = check_next_scan(labels, position, symbol(labels[other]))
    assert refusal is not None
    assert refusal.code is Code.SCAN_OUT_OF_ORDER


@given(st.text(max_size=200))
def test_whatever_a_scanner_sends_is_accepted_or_refused(scan):
    label = {"01": Gtin14.complete("0952000000001"), "21": "S1"}
    refusal = check_next_scan([label], 0, scan)
    assert refusal is not None or read_scan(scan) == label


@given(st.integers(1, 6), st.integers(1, 12), st.booleans())
def test_a_step_takes_as_many_units_as_it_declares(declared, units, repeats):
    scans = [DeclaredScan(name=f"s{n}", identifiers=("00",), repeats=False)
             for n in range(declared - 1)]
    scans.append(DeclaredScan(name="last", identifiers=("00",), repeats=repeats))
    fits = units >= declared if repeats else units == declared
    assert (check_declared_scans(scans, units) is None) == fits


@pytest.mark.parametrize(("at", "state"), [
    (datetime(2026, 3, 29, 23, 59, 59, 999999, ZONE), Calibration.VALID),
    (datetime(2026, 3, 30, 0, 0, tzinfo=ZONE), Calibration.OVERDUE),
])
def test_the_last_day_of_a_calibration_counts_in_full_also_when_the_clock_changes(at, state):
    device = Device(EquipmentKind.SCANNER.value, date(2026, 3, 29))
    assert calibration_of(device, at, ZONE) is state
    assert (check_calibration(state) is None) == (state is Calibration.VALID)


@given(st.sampled_from(list(EquipmentKind)), st.none() | st.dates(date(2000, 1, 1)),
       st.timedeltas(timedelta(0), timedelta(days=9000)))
def test_only_a_scanner_scans(kind, due, since):
    state = calibration_of(Device(kind.value, due), datetime(2001, 1, 1, tzinfo=ZONE) + since, ZONE)
    if kind is not EquipmentKind.SCANNER:
        assert state is Calibration.UNKNOWN_DEVICE
    elif due is None:
        assert state is Calibration.NOT_REQUIRED
    else:
        assert state in {Calibration.VALID, Calibration.OVERDUE}
