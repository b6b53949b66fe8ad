"""Labels and ranges: what is drawn is what is read, and no number comes twice."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.formats.element_strings import read_scan
from contracts.formats.zpl import ZplUnreadable, read_zpl
from contracts.model.codes import Code
from contracts.model.commands import PrintLabel, StartOrder
from contracts.model.identifiers import CSET_82, Gtin14, Id, Sscc
from contracts.model.packing import LabelEncoding, LabelLocale, UnitKind
from contracts.model.quantities import Pieces, PositiveQuantity, Quantity, Unit
from contracts.model.roles import Role
from contracts.model.stimulus import Load
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.domain.label_texts import LabelWords, check_printable, texts_of, written
from reference_impl.domain.labels import LabelBalance, check_balance
from reference_impl.domain.packing import (
    ProductOnLabel,
    check_no_cycle,
    check_read_back,
    label_fields,
    sscc_of_range,
)
from reference_impl.labels import draw_label
from reference_impl.mes.packing import print_label
from reference_impl.records.work import Cause
from simulator.scanner import UnreadableLabel, read_image

CHARACTERS = [c for c in map(chr, range(0x21, 0x7F)) if re.fullmatch(CSET_82, c)]
LOTS = st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=20)
SERIALS = st.integers(0, 10**16 - 1).map(lambda n: Sscc.complete(f"0{n:016d}"))
SSCC = Sscc.complete("09520000000000001")
GTIN, OTHER_GTIN = Gtin14.complete("0952000000001"), Gtin14.complete("0952000000002")
COUNTS = st.integers(1, 99_999_999)


def fields(sscc=SSCC, lot="L-1", count=2):
    held = Quantity(value=Decimal(count), unit=Unit.EACH)
    product = ProductOnLabel(GTIN, lot, date(2026, 12, 31), held)
    return label_fields(sscc, product)


def drawn(said):
    return draw_label(said, (), LabelEncoding.UTF_8)


@settings(max_examples=60, deadline=None)
@given(sscc=SERIALS, lot=LOTS, count=COUNTS)
def test_what_is_read_from_the_image_is_what_the_label_says(sscc, lot, count):
    said = fields(sscc, lot, count)
    scans = read_image(drawn(said).image)
    assert [read_scan(scan) for scan in scans] == [said, {"00": sscc}]
    assert check_read_back(said, scans[0]) is None


@given(sscc=SERIALS, lot=LOTS, count=COUNTS)
@settings(max_examples=60, deadline=None)
def test_the_printer_gets_the_same_as_the_eye(sscc, lot, count):
    said = fields(sscc, lot, count)
    job = read_zpl(drawn(said).zpl)
    assert [read_scan(scan) for scan in job.symbols] == [{"00": sscc}, said]


@given(st.text(min_size=1, max_size=40), st.sampled_from(list(LabelLocale)), COUNTS,
       st.decimals("-999999", "999999", places=3), st.sampled_from(list(LabelEncoding)))
@settings(max_examples=200, deadline=None)
def test_what_is_printed_in_any_language_is_what_the_words_say(item, locale, count, kilograms, of):
    held = Quantity(value=kilograms, unit=Unit.KILOGRAM)
    texts = texts_of(locale, LabelWords(held, item, "L-1", date(2026, 12, 31)))
    refusal = check_printable(texts, of)
    if refusal is not None:
        assert refusal.code is Code.TEXT_NOT_PRINTABLE
        return
    drawn_label = draw_label(fields(count=count), texts, of)
    assert drawn_label.zpl.isascii()
    job = read_zpl(drawn_label.zpl)
    assert job.character_set == of.value.lower()
    assert job.texts[-4:] == texts
    assert len(job.symbols) == 2


@pytest.mark.parametrize(("locale", "written_so"), [
    (LabelLocale.EN_GB, "1,234,567.890"), (LabelLocale.DE_CH, "1\u2019234\u2019567.890"),
    (LabelLocale.DE_DE, "1.234.567,890"), (LabelLocale.FR_FR, "1\u202f234\u202f567,890"),
    (LabelLocale.EL_GR, "1.234.567,890"), (LabelLocale.JA_JP, "1,234,567.890"),
])
def test_a_number_is_written_with_the_marks_of_its_locale(locale, written_so):
    assert written(Decimal("1234567.890"), locale) == written_so


@pytest.mark.parametrize("job", ["", "^XA", "^XA^CI13^XZ", "^XA^JUS^XZ", "^XA^BXN,6^FD01^FS^XZ"])
def test_what_is_no_print_job_of_a_label_is_not_read(job):
    with pytest.raises(ZplUnreadable):
        read_zpl(job)


def test_a_label_of_several_lots_says_nothing_but_its_sscc():
    shown = drawn(label_fields(SSCC, None))
    assert shown.element_strings == (f"(00){SSCC}",)
    assert read_image(shown.image) == (f"]C100{SSCC}",)


def test_an_empty_label_is_not_read():
    blank = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
    with pytest.raises(UnreadableLabel):
        read_image(blank)


@given(st.sampled_from(["another", "missing", "more"]), st.data())
def test_any_single_difference_blocks_a_label(kind, data):
    said = fields()
    ai = data.draw(st.sampled_from(sorted(said)))
    scan = {**said, **fields(Sscc.complete("09520000000000002"), "L-2", 3)} if kind == "another" else dict(said)
    read = {**said, ai: scan[ai]} if kind == "another" else dict(said)
    if kind == "missing":
        del read[ai]
    if kind == "more":
        read["21"] = "S-1"
    if read == said:  # the GTIN and the expiry are the same on both labels
        read[ai] = {"02": OTHER_GTIN, "17": "270101"}[ai]
    ends = {"10", "37", "21"}
    text = "".join(f"{a}{v}" + ("\x1d" if a in ends else "") for a, v in read.items())
    refusal = check_read_back(said, f"]d2{text}".removesuffix("\x1d"))
    assert refusal is not None
    assert refusal.code in {Code.LABEL_MISMATCH, Code.SCAN_UNREADABLE}


@given(st.text("0123456789", min_size=8, max_size=16), st.sets(st.integers(1, 10**6), max_size=20))
def test_each_number_of_a_range_is_another_sscc_that_begins_with_it(prefix, numbers):
    made = [sscc_of_range(prefix, number) for number in sorted(numbers)]
    issued = [sscc for sscc in made if sscc is not None]
    inside = [number for number in numbers if number < 10 ** (17 - len(prefix))]
    assert len(issued) == len(set(issued)) == len(inside)
    assert all(Sscc.fault(sscc) is None and sscc.startswith(prefix) for sscc in issued)


def test_nothing_is_put_into_itself_or_into_what_it_holds():
    assert check_no_cycle("A", ["B", "C"], ["D", "E"]) is None
    for child in ("A", "B", "C"):
        refusal = check_no_cycle("A", ["B", "C"], ["D", child])
        assert refusal is not None
        assert (refusal.code, refusal.path) == (Code.AGGREGATION_CYCLE, "children[1]")


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_labels_balance_only_where_each_kind_does(applied, destroyed, found, torn):
    balance = LabelBalance(applied, destroyed, 0)
    difference = balance.difference(found, torn)
    assert (difference == 0) == ((applied, destroyed) == (found, torn))
    assert (check_balance(balance, difference, 1) is None) == (difference <= 1)


def _open(folder):
    return build(settings_for(Role.MES, make_identities(), folder), lambda url: None)


def _loaded(system):
    product = {
        "material_id": "TABLETS", "gtin": GTIN, "lot_id": "LOT-P", "lot": "P1",
        "expires_on": date(2027, 12, 31),
    }
    line = {"line_id": "10", "material_id": "M", "quantity": PositiveQuantity.of("1 KGM"),
            "tolerance_high": Quantity.of("0 KGM")}
    document = Load.model_validate({
        "equipment": [{"equipment_id": "PR", "kind": "printer", "description": "printer"}],
        "packaging_lines": [
            {"line_id": "PL", "location_id": "PACK", "sscc_prefix": "095212345678"}
        ],
        "orders": [{"order_id": "O1", "bom_id": "B", "bom_version": 1, "lines": [line],
                    "product": product}],
    })
    with _work(system) as work:
        system.handlers.load(work, document)
        system.handlers.commands["start-order"](work, StartOrder(order_id=Id("O1")))


def _work(system):
    return system.work(system.itself(), Cause("a test", "T-1"))


def _print(system, label):
    body = PrintLabel(
        label_id=Id(label), order_id=Id("O1"), packaging_line_id=Id("PL"), kind=UnitKind.CASE,
        lot_id=Id("LOT-P"), quantity=Pieces.of("2 C62"), printer_id=Id("PR"),
    )
    with _work(system) as work:
        return print_label(work, body).members["sscc"]


def test_a_restart_does_not_bring_a_number_twice(tmp_path):
    system = _open(tmp_path)
    _loaded(system)
    before = [_print(system, f"L{n}") for n in range(3)]
    system.close()
    system = _open(tmp_path)
    after = [_print(system, f"M{n}") for n in range(3)]
    system.close()
    assert [sscc[:-1] for sscc in before + after] == [f"09521234567800{n:03d}" for n in range(1, 7)]


def test_a_label_that_was_not_kept_leaves_no_gap(tmp_path):
    system = _open(tmp_path)
    _loaded(system)
    with pytest.raises(KeyError), _work(system) as work:
        print_label(work, PrintLabel(
            label_id=Id("L1"), order_id=Id("O1"), packaging_line_id=Id("PL"),
            kind=UnitKind.CASE, lot_id=Id("LOT-P"), quantity=Pieces.of("2 C62"),
            printer_id=Id("PR"),
        ))
        raise KeyError("the power failed before the commit")
    assert _print(system, "L2")[:-1] == "09521234567800001"
    system.close()
