"""Every rule for GS1 data against a text that breaks it and a twin that keeps it."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from contracts.formats.application_identifiers import FIELDS
from contracts.formats.element_strings import GS
from contracts.formats.findings import Severity
from contracts.formats.gs1_checks import check_element_string, check_item
from contracts.formats.gs1_rules import RULES
from contracts.formats.notations import CHARACTERS_MAX, Notation
from contracts.formats.separator_checks import MasterData, check_separators, unjudged_separators
from contracts.formats.value_rules import RULES as VALUE_RULES
from contracts.formats.value_rules import check_characters

ITEM = "(01)09521000000018"
UNIT = "(00)095210000000000018"
PAYEE = "(415)9521000000018"
PATIENT = "(8018)952100000000000018"
IBAN = "GB33BUKB20201555555555"
MODEL = "1987654Ad4X4bL5ttr2310c"
COUPON = "012345612345611110123"
LINK = "https://id.gs1.org/01/09521000000018"


class Control(NamedTuple):
    """One rule: what breaks it, and the twin that differs in that alone."""

    rule: str
    bad: str
    good: str


CONTROLS = [
    Control("empty", "]d2", "]d20109521000000018"),
    Control("empty", "", "^0109521000000018"),
    Control("empty", "]E09521000000018|]e0", "]E09521000000018|]e099X"),
    Control("too-long", ITEM + "(99)" + "A" * CHARACTERS_MAX, ITEM + "(99)" + "A" * 90),
    Control("symbology", "]C00109521000000018", "]C10109521000000018"),
    Control("not-an-element-string", "Lot ABC", "10ABC" + GS + "0109521000000018"),
    Control("not-an-element-string", ITEM + "(", ITEM),
    Control("no-element-strings", "]E09521000000018", "]E09521000000018|]e099X"),
    Control("unknown-identifier", ITEM + "(89)X", ITEM + "(99)X"),
    Control("unknown-identifier", "^010952100000001889X", "^010952100000001899X"),
    Control("unknown-identifier", LINK + "?89=X", LINK + "?99=X"),
    Control("link-form", LINK + "<", LINK),
    Control("link-form", "https://id.gs1.org", LINK),
    Control("link-form", LINK.replace("id", "i$d"), LINK.replace("id", "[::1]:80/id")),
    Control("link-without-key", LINK.replace("/01/", "/gtin/"), LINK),
    Control("link-without-key", LINK + "/", LINK),
    Control("link-path", LINK + "/21/S/10/L", LINK + "/10/L/21/S"),
    Control("link-path", LINK + "/99/X", LINK + "/22/X"),
    Control("link-attribute", LINK + "?21=S", LINK + "/21/S"),
    Control("link-attribute", LINK + "?10=L", LINK + "/235/X?10=L"),
    Control("link-attribute", LINK + "?8200=S", LINK + "?8002=S"),
    Control("link-repeat", LINK + "?99=X&99=X", LINK + "?99=X&98=X"),
    Control("length", ITEM + "(10)" + "A" * 21, ITEM + "(10)" + "A" * 20),
    Control("length", ITEM + "(10)(11)261231", ITEM + "(10)A(11)261231"),
    Control("length", ITEM + "(7007)26123126", ITEM + "(7007)261231261231"),
    Control("length", "^010952100000001", "^0109521000000018"),
    Control("length", "]E0952100000001", "]E09521000000018|]e099X"),
    Control("characters", ITEM + "(10)A B", ITEM + "(10)A-B"),
    Control("characters", ITEM + "(10)Ä", ITEM + "(10)A"),
    Control("characters", ITEM + "(3103)00012E", ITEM + "(3103)000125"),
    Control("characters", ITEM + "(3103)00012²", ITEM + "(3103)000122"),
    Control("characters", "(8010)9521a", "(8010)9521A"),
    Control("characters", UNIT + "(8030)A=", UNIT + "(8030)AAA="),
    Control("characters", LINK + "?99=%00", LINK + "?99=%41"),
    Control("characters", LINK + "?99=A+B", LINK + "?99=A%2BB"),
    Control("characters", ITEM + "(99)A|B", ITEM + "|(99)AB"),
    Control("check-digit", "(01)09521000000012", ITEM),
    Control("check-digit", "(8003)09521000000019X", "(8003)09521000000018X"),
    Control("check-digit", "]E09521000000019", "]E09521000000018|]e099X"),
    Control("check-characters", f"(8013){MODEL}2L", f"(8013){MODEL}2K"),
    Control("check-characters", "(8013)9", "(8013)9521" + check_characters("9521")),
    Control("company-prefix", "(8004)952", "(8004)9521"),
    Control("company-prefix", "(401)952A", "(401)9521A"),
    Control("key-of-zeros", "(01)00000000000000", ITEM),
    Control("country", ITEM + "(422)987", ITEM + "(422)276"),
    Control("country", ITEM + "(423)276987", ITEM + "(423)276040"),
    Control("country-or-several", ITEM + "(7030)998X", ITEM + "(7030)999X"),
    Control("country-letters", UNIT + "(4307)ZY", UNIT + "(4307)DE"),
    Control("currency", PAYEE + "(8020)R(3912)998100", PAYEE + "(8020)R(3912)978100"),
    Control("date", ITEM + "(7006)260200", ITEM + "(7006)260228"),
    Control("date", ITEM + "(7006)270229", ITEM + "(7006)280229"),
    Control("date-day-open", ITEM + "(17)270229", ITEM + "(17)270200"),
    Control("date-day-open", ITEM + "(17)261301", ITEM + "(17)261201"),
    Control("long-date", PATIENT + "(7250)19000229", PATIENT + "(7250)20000229"),
    Control("hour-minute", ITEM + "(7003)2612312400", ITEM + "(7003)2612312359"),
    Control("hour-minute", ITEM + "(7003)2612312360", ITEM + "(7003)2612310000"),
    Control("hour", ITEM + "(8008)26123124", ITEM + "(8008)26123123"),
    Control("minute", ITEM + "(8008)2612312360", ITEM + "(8008)2612312359"),
    Control("second", ITEM + "(8008)261231235960", ITEM + "(8008)261231235959"),
    Control("percent-encoding", UNIT + "(4300)A%2", UNIT + "(4300)A%20B"),
    Control("yes-or-no", UNIT + "(4321)2", UNIT + "(4321)1"),
    Control("minus-sign", UNIT + "(4330)000100+", UNIT + "(4330)000100-"),
    Control("importer-index", "(7040)1AB+", "(7040)1AB_"),
    Control("package-type", UNIT + "(7041)QE", UNIT + "(7041)PX"),
    Control("media-type", PATIENT + "(7241)11", PATIENT + "(7241)10"),
    Control("sex", PATIENT + "(7252)3", PATIENT + "(7252)9"),
    Control("position-of-total", PATIENT + "(7259)B(7258)3/2", PATIENT + "(7259)B(7258)2/3"),
    Control("position-of-total", PATIENT + "(7259)B(7258)0/2", PATIENT + "(7259)B(7258)2/2"),
    Control("piece-of-total", "(8006)095210000000180302", "(8006)095210000000180203"),
    Control("piece-of-total", "(8006)095210000000180002", "(8006)095210000000180102"),
    Control("winding", ITEM + "(8001)12341234512325", ITEM + "(8001)12341234512315"),
    Control("not-zero", ITEM + "(8001)00001234512315", ITEM + "(8001)00011234512315"),
    Control("zero", "(8003)19521000000018", "(8003)09521000000018"),
    Control("iban", PAYEE + f"(8020)R(8007){IBAN[:-1]}4", PAYEE + f"(8020)R(8007){IBAN}"),
    Control("iban", PAYEE + "(8020)R(8007)ZY33BUKB20201555555555", PAYEE + f"(8020)R(8007){IBAN}"),
    Control("iban", PAYEE + "(8020)R(8007)GB33", PAYEE + f"(8020)R(8007){IBAN}"),
    Control("iban", PAYEE + f"(8020)R(8007){IBAN.lower()}", PAYEE + f"(8020)R(8007){IBAN}"),
    Control("no-leading-zero", "(8010)9521A(8011)01", "(8010)9521A(8011)0"),
    Control(
        "not-only-digits", ITEM + "(8014)9521108" + check_characters("9521108"),
        ITEM + "(8014)9521A" + check_characters("9521A"),
    ),
    Control("latitude", UNIT + "(4309)18000000010000000000", UNIT + "(4309)18000000000000000000"),
    Control("longitude", UNIT + "(4309)00000000003600000001", UNIT + "(4309)00000000003600000000"),
    Control("coupon", f"(8110){COUPON}4261301", f"(8110){COUPON}4261231"),
    Control("coupon", f"(8110){COUPON}32612304261231", f"(8110){COUPON}32612314261231"),
    Control("coupon", f"(8110){COUPON}30001314000201", f"(8110){COUPON}30001314991231"),
    Control("coupon", f"(8110){COUPON}32612314270101", f"(8110){COUPON}32701014261231"),
    Control("coupon", f"(8110){COUPON[:-4]}5123", f"(8110){COUPON[:-4]}9123"),
    Control("coupon", "(8110)7" + COUPON[1:7] + "1234567" + COUPON[7:], f"(8110){COUPON}"),
    Control("coupon", f"(8110){COUPON}90002", f"(8110){COUPON}90001"),
    Control("coupon", f"(8110){COUPON}8", f"(8110){COUPON}"),
    Control("coupon", f"(8110){COUPON}A", f"(8110){COUPON}90000"),
    Control("coupon", f"(8110){COUPON}9000", f"(8110){COUPON}90001"),
    Control(
        "coupon", f"(8110){COUPON}2110123712345678901234", f"(8110){COUPON}10110123921101236123456789012",
    ),
    Control("coupon", f"(8110){COUPON}50123", f"(8110){COUPON}50123456611234567"),
    Control("coupon-offer", "(8112)20123456123456", "(8112)001234561234560123456"),
    Control("contradicting-repeat", ITEM + "(10)A(10)B", ITEM + "(10)A(10)A"),
    Control("missing-companion", "(10)A", ITEM + "(10)A"),
    Control("missing-companion", ITEM + "(250)A", ITEM + "(21)S(250)A"),
    Control("missing-companion", "(02)09521000000018(37)5", UNIT + "(02)09521000000018(37)5"),
    Control("forbidden-companion", ITEM + "(37)5" + UNIT, ITEM + "(30)5"),
    Control("forbidden-companion", ITEM + "(3103)000125(3102)001250", ITEM + "(3103)000125(3303)000130"),
    Control("unserialised-signed-key", "(253)9521000000018(8030)A", "(253)9521000000018X(8030)A"),
    Control("expiry-before-production", ITEM + "(11)261231(17)261230", ITEM + "(11)261231(17)261231"),
    Control("expiry-before-production", ITEM + "(11)010101(17)991231", ITEM + "(11)991231(17)010101"),
    Control("expiry-before-production", ITEM + "(11)261231(15)261100", ITEM + "(11)261231(15)261200"),
]
NOTICES = {"no-element-strings", "key-of-zeros", "expiry-before-production"}


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: f"{one.rule} {one.bad[:40]}")
def test_a_broken_rule_is_found_and_its_twin_is_not(control: Control) -> None:
    findings = check_element_string(control.bad)
    assert control.rule in {one.rule for one in findings}
    wanted = Severity.NOTICE if control.rule in NOTICES else Severity.ERROR
    assert {one.severity for one in findings if one.rule == control.rule} == {wanted}
    assert [str(one) for one in check_element_string(control.good)] == []


def test_every_rule_has_a_control_and_every_rule_of_the_table_a_sentence() -> None:
    shown = {control.rule for control in CONTROLS} | {"missing-separator", "separator-unjudged"}
    # Keys with their prefix behind the first digit are digits throughout: shown below by itself.
    assert RULES.keys() - shown == {"company-prefix-second"}
    of_table = {rule for field in FIELDS.values() for part in field.components for rule in part.rules}
    assert of_table == VALUE_RULES.keys()
    assert of_table <= RULES.keys()


def test_a_prefix_behind_the_first_digit_is_made_of_digits() -> None:
    rule = VALUE_RULES["company-prefix-second"]
    assert rule("A9521X") is None
    assert "A952X" in str(rule("0A952X"))


def test_a_finding_tells_where_what_and_what_it_would_break() -> None:
    findings = check_element_string("]C1010952100000001210A" + GS + "10B")
    assert [str(one) for one in findings] == [
        "error check-digit at (01) at 3: 09521000000012: the check digit is 2, expected 8; "
        + RULES["check-digit"],
        "error contradicting-repeat at (10) at 23: 'B', but 'A' at 19; "
        + RULES["contradicting-repeat"],
    ]


def test_what_was_read_before_an_unknown_identifier_is_judged() -> None:
    findings = check_element_string("^01095210000000125^9912")
    assert [one.rule for one in findings] == ["check-digit", "unknown-identifier"]


def test_companions_may_stand_in_another_symbol_of_the_item() -> None:
    content, unit = "]d20209521000000018375", "]C100095210000000000018"
    assert {one.rule for one in check_element_string(content)} == {"missing-companion"}
    assert check_item([content, unit]) == []
    other = "]C100095210000000000025"
    assert [(one.place, one.rule) for one in check_item([content, unit, other])] == [
        ("text 3, (00) at 3", "contradicting-repeat"),
    ]


def test_no_companion_is_missed_while_a_symbol_cannot_be_read() -> None:
    findings = check_item(["]d20209521000000018375", "]C1"])
    assert [(one.place, one.rule) for one in findings] == [("text 2, offset 0", "empty")]


def test_the_linear_part_of_a_composite_names_the_item() -> None:
    assert check_element_string("]E09521000000018|]e010ABC") == []
    lone = check_element_string("text|^10ABC", Notation.MESSAGE)
    assert [one.rule for one in lone] == ["missing-companion"]


def test_digits_alone_are_no_item_of_several_symbols() -> None:
    assert [one.rule for one in check_item([])] == ["no-element-strings"]


@pytest.mark.parametrize(
    ("label", "rules"),
    [
        ("]d20104150011164140211GTFG32DLF" + GS + "1723033110158993A", set()),
        ("1021072911172405310100693570007182", {"length", "missing-companion"}),
        ("(00)412345670021003212", {"check-digit"}),
        ("(02)09521234543213(37)10", {"missing-companion"}),
        ("(01)09521234543213(10)032915210526", set()),
    ],
)
def test_labels_met_in_the_field_get_the_official_verdict(label: str, rules: set[str]) -> None:
    assert {one.rule for one in check_element_string(label)} == rules


SITE = MasterData({"10": {"ABC", "21072911"}, "21": {"S1"}}, {"21": "S[0-9]+"})


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10ABC17261231", "'ABC' with (17)261231 behind it"),
        ("^10ABC172612310109521000000018", "'ABC' with (17)261231(01)09521000000018 behind it"),
        ("]C110ABC1726123121S1", "'ABC' with (17)261231(21)S1 behind it"),
        ("1021072911172405310109521000000018", "'21072911' with (17)240531(01)09521000000018"),
        (ITEM + "(21)S710XYZ", "'S7' with (10)XYZ behind it"),
        (ITEM + "(21)S10XYZ", ""),
        ("10ABC" + GS + "17261231", ""),
        ("10ABC17261331", ""),
        ("10ABD17261231", ""),
        ("10ABC", ""),
        ("", ""),
        ("17261231", ""),
        ("^10ABC17261231^89X", "'ABC' with (17)261231 behind it"),
    ],
)
def test_a_lost_separator_is_found_by_who_knows_the_lots(text: str, meant: str) -> None:
    findings = check_separators(text, SITE)
    assert len(findings) == bool(meant)
    assert all(one.rule == "missing-separator" and meant in one.what for one in findings)


def test_of_several_lots_at_the_head_the_longest_is_meant() -> None:
    lots = MasterData({"10": {"ABC", "ABC10"}})
    assert "'ABC10' with (17)261231" in check_separators("10ABC1017261231", lots)[0].what


def test_a_lot_that_exists_is_believed_however_it_looks() -> None:
    lots = MasterData({"10": {"ABC", "ABC17261231"}})
    assert check_separators("10ABC17261231", lots) == []
    by_form = MasterData({"10": {"ABC"}}, {"10": "[A-Z0-9]{3,20}"})
    assert [one.rule for one in check_separators("10ABC17261231", by_form)] == ["missing-separator"]
    assert check_separators("10ABC17261231", MasterData(shapes={"10": "[A-Z0-9]{3,20}"})) == []


OTHER = "(01)09521000000025"
BY_ITEM = MasterData(
    {"10": {"LOT"}},
    items={
        "09521000000018": MasterData({"10": {"ABC"}}, {"21": "S[0-9]{1,6}"}),
        "09521000000025": MasterData({"10": {"ABC1"}}, {"10": "[A-Z]{3}[0-9]"}),
    },
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (ITEM + "(10)ABC1726123110LOT", "'ABC' with (17)261231(10)LOT behind it"),
        (ITEM + "(10)LOT17261231", "'LOT' with (17)261231 behind it"),
        (OTHER + "(10)ABC17261231", ""),
        (OTHER + "(10)ABC117261231", "'ABC1' with (17)261231 behind it"),
        (OTHER + "(10)XYZ117261231", "'XYZ1' with (17)261231 behind it"),
        (ITEM + "(10)XYZ117261231", ""),
        ("(02)09521000000018(37)5(10)ABC17261231", "'ABC' with (17)261231 behind it"),
        ("(01)09521000000032(10)ABC17261231", "'ABC' with (17)261231 behind it"),
        ("(10)XYZ117261231", "'XYZ1' with (17)261231 behind it"),
    ],
)
def test_each_item_has_lots_of_its_own_and_an_unknown_one_those_of_all(text: str, meant: str) -> None:
    findings = check_separators(text, BY_ITEM)
    assert len(findings) == bool(meant)
    assert all(meant in one.what for one in findings)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (ITEM + "(10)XYZ17261231", "'XYZ17261231' may be 'XYZ' with (17)261231 behind it"),
        (ITEM + "(10)ABC17261231", ""),
        (ITEM + "(10)XYZ", ""),
        (ITEM + "(10)LOT", ""),
        (OTHER + "(10)XYZ1", ""),
        # A date and a head that is no date: (7007) is six digits, or twelve.
        (ITEM + "(7007)261231", ""),
        ("(01)09521000000018" + "1726123", ""),
        ("nothing", ""),
    ],
)
def test_what_may_hold_more_and_nobody_knows_is_a_notice(text: str, what: str) -> None:
    findings = unjudged_separators(text, BY_ITEM)
    assert len(findings) == bool(what)
    for one in findings:
        assert (one.rule, one.severity) == ("separator-unjudged", Severity.NOTICE)
        assert what in one.what
        assert one.breaks == RULES["separator-unjudged"]


@pytest.mark.parametrize(
    "hostile",
    [
        "\x00", "\ud800", "]", "]C", "(", ")", "()", "(01", "(01)\\(", "\\(", "|", "^|^", "|^", "^^01",
        "https://", "https:///", "https://a/01", "https://a/01/", "https://a/%", "https://a/01/%ZZ?%=%",
        "https://[", "https://a:b/01/1", "(8013)" + "A" * 26, "(8110)", "(8110)١٢٣", "(01)١٢٣٤٥٦٧٨٩٠١٢٣٤",
        "]E0|]e0", "]Q1" + "https://", "(" * 5000, "^10" + "^10" * 2000, "(10)A" * 1500, "9" * 10**6,
        "https://a" + "/01" * 2500, "https://a/01/1?" + "&" * 7000, "(99)" + "\\(" * 3000,
    ],
)
def test_hostile_text_gives_findings_and_never_breaks_a_check(hostile: str) -> None:
    for notation in (None, *Notation):
        findings = check_element_string(hostile, notation)
        assert findings
        assert check_separators(hostile, SITE, notation) in ([], *([one] for one in findings))
        assert all(
            one.severity is Severity.NOTICE for one in unjudged_separators(hostile, SITE, notation)
        )
        assert "\n" not in "".join(map(str, findings))
