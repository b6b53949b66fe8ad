"""What our reader makes of scans: elements, or a refusal with its reason.

How it compares with the official engine stands in test_gs1_engine.py.
"""

from __future__ import annotations

import pytest

from contracts.formats.element_strings import GS, NotAnElementString, read_scan
from contracts.model.identifiers import Sscc

LABEL = Sscc.complete("09520000000000001")


@pytest.mark.parametrize(
    ("scan", "fields"),
    [
        (f"]C100{LABEL}", {"00": LABEL}),
        (f"]C100{LABEL}10LOT-7{GS}17261231", {"00": LABEL, "10": "LOT-7", "17": "261231"}),
        (f"]C100{LABEL}10LOT-7", {"00": LABEL, "10": "LOT-7"}),
        (f"]C100{LABEL}10LOT-7{GS}", {"00": LABEL, "10": "LOT-7"}),
        (f"]d200{LABEL}{GS}3103025000", {"00": LABEL, "3103": "025000"}),
        (f"]J100{LABEL}", {"00": LABEL}),
        ("]C111280229", {"11": "280229"}),
        ("]C117260200", {"17": "260200"}),
        (f"]C100{LABEL}99FREE{GS}4330000000-", {"00": LABEL, "99": "FREE", "4330": "000000-"}),
        (f"]C100{LABEL}70032612312359", {"00": LABEL, "7003": "2612312359"}),
    ],
)
def test_a_scan_is_read(scan: str, fields: dict[str, str]) -> None:
    assert read_scan(scan) == fields


@pytest.mark.parametrize(
    ("scan", "reason"),
    [
        (LABEL, "plain text"),
        (f"]C000{LABEL}", "symbology ]C0"),
        (f"]E0{LABEL}", "symbology ]E0"),
        ("]C1", "empty"),
        (f"]C100{LABEL[:-1]}{(int(LABEL[-1]) + 1) % 10}", "check digit"),
        (f"]C100{LABEL[:-1]}", "cannot be"),
        ("]C189FREE", "no known application identifier"),
        ("]C110LOT 7", "cannot be"),
        ("]C110" + "L" * 21, "cannot be"),
        (f"]C110A{GS}10B", "twice"),
        ("]C117261301", "no day"),
        ("]C117270229", "no day"),
        ("]C111261232", "no day"),
        ("]C137123456789", "cannot be"),
        ("]C170032613312359", "no day"),
        ("]C1800302112345678901ABC", "check digit"),
        ("]C17007261231261", "cannot be"),
        ("]C17006260200", "no day"),
    ],
)
def test_what_is_no_scan_of_ours_is_refused_with_its_reason(scan: str, reason: str) -> None:
    with pytest.raises(NotAnElementString, match=reason):
        read_scan(scan)
