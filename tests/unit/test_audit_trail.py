"""The judge of the audit trail: what fits passes, and each single damage is found."""

from datetime import UTC, datetime

import pytest

from contracts.model.inspection import AuditAction, AuditRow
from features.audit_trail import about_records, faults_of

LOT, TOTE = ("lots", "L-1"), ("containers", "095200000000000017")
BEFORE = {LOT: {"lotId": "L-1", "status": "RELEASED"}}
NOW = {
    LOT: {"lotId": "L-1", "status": "BLOCKED", "releasedAt": "2026-03-30T09:00:00.000000Z"},
    TOTE: {"sscc": TOTE[1], "quantity": "4.000"},
}


def _entry(action, key, field="", old=None, new=None):
    return AuditRow(
        sequence=1, at=datetime(2026, 3, 30, tzinfo=UTC), action=action, record_type=key[0],
        record_id=key[1], field=field, old_value=old, new_value=new, reason="r", account="a",
        originator="a", role="quality", station="s", source_system="urn:x:y", correlation_id="c",
    )


CONTENT = '{"sscc": "095200000000000017", "quantity": "4.000", "unit": "KGM"}'
ENTRIES = [
    _entry(AuditAction.CHANGE, LOT, "status", "RELEASED", "BLOCKED"),
    _entry(AuditAction.CHANGE, LOT, "releasedAt", None, "2026-03-30T09:00:00.000000Z"),
    _entry(AuditAction.CREATE, TOTE, new=CONTENT),
]


def test_entries_that_tell_of_every_change_fit():
    assert faults_of(BEFORE, ENTRIES, NOW) == []


def test_a_deletion_takes_the_record_out_with_its_last_content():
    gone = _entry(AuditAction.DELETE, TOTE, old=CONTENT)
    assert faults_of(NOW, [gone], {LOT: NOW[LOT]}) == []
    other = _entry(AuditAction.DELETE, TOTE, old="{}")
    assert "quantity was 4.000" in " ".join(faults_of(NOW, [other], {LOT: NOW[LOT]}))


@pytest.mark.parametrize("left_out", range(len(ENTRIES)))
def test_an_entry_that_is_missing_is_found(left_out):
    rest = ENTRIES[:left_out] + ENTRIES[left_out + 1:]
    assert faults_of(BEFORE, rest, NOW)


@pytest.mark.parametrize("doubled", range(len(ENTRIES)))
def test_an_entry_that_stands_twice_is_found(doubled):
    assert faults_of(BEFORE, [*ENTRIES, ENTRIES[doubled]], NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        _entry(AuditAction.CHANGE, LOT, "status", "QUARANTINE", "BLOCKED"),
        _entry(AuditAction.CHANGE, LOT, "status", "RELEASED", "CLOSED"),
        _entry(AuditAction.CHANGE, LOT, "location_id", "RELEASED", "BLOCKED"),
        _entry(AuditAction.CHANGE, ("lots", "L-2"), "status", "RELEASED", "BLOCKED"),
    ],
)
def test_a_wrong_entry_is_found(wrong):
    assert faults_of(BEFORE, [wrong, *ENTRIES[1:]], NOW)


@pytest.mark.parametrize("content", [None, "{}", "no JSON", "[]", CONTENT.replace("4", "5")])
def test_a_creation_says_what_was_created(content):
    wrong = _entry(AuditAction.CREATE, TOTE, new=content)
    assert faults_of(BEFORE, [*ENTRIES[:2], wrong], NOW)


def test_refusals_are_no_entries_about_records():
    assert about_records([_entry(AuditAction.REFUSE, LOT)]) == []
