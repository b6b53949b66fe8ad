"""What people read on a label of the simulated day is held against what was asked for."""

from datetime import date

import pytest

from contracts.model.commands import LabelPrinted
from contracts.model.packing import LabelEncoding, LabelLocale
from simulator.label_customs import CUSTOMS, LabelCustom, LabelCustoms, misprint

FRENCH = LabelCustom(LabelLocale.FR_FR, LabelEncoding.WINDOWS_1252)
DAY = date(2026, 12, 1)
# As a French printer is sent it: code page 1252, each letter beyond ASCII as one byte.
JOB = r"""^XA
^CI27
^FO560,92^A0N,26^FH\^FDP\E9remption: 01/12/2026^FS
^FO560,128^A0N,26^FH\^FDQuantit\E9: 12^FS
^XZ"""


def printed(zpl):
    return LabelPrinted.model_construct(zpl=zpl)


def test_a_label_that_says_what_was_asked_for_is_right():
    assert misprint(printed(JOB), FRENCH, DAY, 12) == ""


@pytest.mark.parametrize(("old", "new", "said"), [
    ("^CI27", "^CI28", "not utf-8"),
    (r"P\E9remption", "Expiry", "is not said"),
    ("01/12/2026", "12/01/2026", "is not said"),
    (r"Quantit\E9", "Quantity", "Quantity: 12"),
    (": 12^", ": 120^", "120"),
    ("^XA", "", "begins with"),
])
def test_what_people_would_read_otherwise_is_told(old, new, said):
    assert JOB.count(old) == 1
    assert said in misprint(printed(JOB.replace(old, new)), FRENCH, DAY, 12)


def test_another_character_set_is_told_where_the_letters_survive_it():
    plain = JOB.replace(r"\E9", "e").replace("^CI27", "^CI28")
    assert misprint(printed(plain), FRENCH, DAY, 12) == "in utf-8"


def test_labels_take_turns_and_a_reprint_is_written_like_the_first():
    customs = LabelCustoms()
    given = [customs.of(f"CASE-{n}") for n in range(2 * len(CUSTOMS))]
    assert given == [*CUSTOMS, *CUSTOMS]
    assert customs.of("CASE-1") is given[1]
