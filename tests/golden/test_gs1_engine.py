"""Our checks of GS1 data against the official engine: its own test inputs with its own verdicts.

The vectors are not part of this repository; without them these tests are skipped and say so.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from contracts.formats.application_identifiers import FIELDS
from contracts.formats.element_strings import NotAnElementString, read_scan
from contracts.formats.findings import Finding, Severity
from contracts.formats.gs1_checks import check_element_string
from contracts.formats.notations import Notation, read

SHARED = Path(os.environ.get("GXPROOF_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
VECTORS = SHARED / "gs1" / "engine-vectors.jsonl"
DICTIONARY = SHARED / "gs1" / "syntax-dictionary" / "gs1-syntax-dictionary.txt"
NOTATIONS = {
    "bracketed": Notation.BRACKETED,
    "raw_caret": Notation.MESSAGE,
    "dl_uri": Notation.MESSAGE,
    "scan_data": Notation.SCAN,
}
# id of the vector: why we differ from the engine
DISAGREEMENTS: dict[str, str] = {}
# The engine takes these for the content of a plain symbol. Without being told the notation we
# refuse text, and read digits as element strings whose FNC1 was not written down.
PLAIN_TEXT = {"GSE-0345", "GSE-0448", "GSE-0455", "GSE-0461"}
PLAIN_DIGITS = {"GSE-0028"}
# what the engine says: the rules of ours of which one must be among the findings
REASONS = {
    "Required AIs for AI": {"missing-companion"},
    "It is invalid to pair": {"forbidden-companion"},
    "Multiple instances of AI": {"contradicting-repeat"},
    "Serial component must be present": {"unserialised-signed-key"},
    "Unrecognised AI|No known AI|Unknown AI": {"unknown-identifier"},
    "Failed to parse AI data": {"not-an-element-string", "length"},
    "AI data is empty": {"empty"},
    "(too long|too short|incorrect length|is empty)$": {"length"},
    "illegal . character|^Decoded AI": {"characters", "unknown-identifier"},
    "A non-(CSET|digit)": {"characters"},
    "check digit": {"check-digit"},
    "check character pair": {"check-characters"},
    "Company Prefix(\\.| is)": {"company-prefix", "company-prefix-second", "coupon"},
    "coupon": {"coupon", "coupon-offer"},
    "The date contains": {"date", "date-day-open"},
    "The time contains": {"hour-minute", "hour", "minute", "second"},
    "ISO 3166": {"country", "country-or-several", "iban"},
    "IBAN": {"iban"},
    "5218": {"sex"},
    "hyphens": {"minus-sign"},
    "non-zero value": {"not-zero"},
    "zero prefix": {"no-leading-zero"},
    '"0" or "1" is required': {"yes-or-no"},
    "winding": {"winding"},
    '"<pos>/<end>"': {"position-of-total"},
    "symbology": {"symbology"},
    "may only contain digits": {"length"},
    "URI (must|contains)|Domain": {"link-form"},
    "No GS1 DL keys": {"link-without-key"},
    "key-qualifier sequence": {"link-path"},
    "duplicated": {"link-repeat"},
}
# What the engine refuses and our reader reads: rules of the checks, which a system may not import.
BEYOND_THE_READER = (
    "Required AIs|invalid to pair|Serial component|coupon|Company Prefix|ISO 3166|IBAN|5218"
    "|hyphens|non-zero|zero prefix|is required|winding|<pos>|The time contains|check character"
)

needs_data = pytest.mark.skipif(not VECTORS.exists(), reason=f"no vectors at {VECTORS}")


def _vectors() -> list[dict[str, Any]]:
    if not VECTORS.exists():
        return []
    return [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]


def _errors(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if one.severity is Severity.ERROR]


def _agrees(row: dict[str, Any], notation: Notation | None) -> bool:
    expected, errors = row["expected"], _errors(check_element_string(row["input"], notation))
    if not expected["ok"] or errors:
        return bool(errors) is not expected["ok"]
    elements = [[one.ai, one.value] for one in read(row["input"], notation).elements]
    return elements == expected.get("elements", [])


@needs_data
def test_we_judge_and_read_as_the_engine_but_for_what_is_listed() -> None:
    rows = _vectors()
    differing = {row["id"] for row in rows if not _agrees(row, NOTATIONS[row["kind"]])}
    assert differing == DISAGREEMENTS.keys()
    for verdict, least in ((True, 100), (False, 170)):
        of_verdict = [row["id"] for row in rows if row["expected"]["ok"] is verdict]
        agreed = len({*of_verdict} - differing)
        assert len(of_verdict) >= least
        assert agreed / len(of_verdict) >= 0.98, f"{agreed} of {len(of_verdict)}: {verdict}"


@needs_data
def test_the_notation_is_told_from_the_text_itself() -> None:
    rows = _vectors()
    differing = {row["id"] for row in rows if not _agrees(row, None)}
    assert differing == PLAIN_TEXT | PLAIN_DIGITS
    assert len(differing) / len(rows) < 0.02


@needs_data
def test_we_refuse_for_the_reason_that_the_engine_gives() -> None:
    refused = [row for row in _vectors() if not row["expected"]["ok"]]
    other_reasons = {
        row["id"]: (row["expected"]["error"], sorted(_rules(row)))
        for row in refused if not _rules(row) & _reasons(row["expected"]["error"])
    }
    assert other_reasons == {}


def _rules(row: dict[str, Any]) -> set[str]:
    findings = check_element_string(row["input"], NOTATIONS[row["kind"]])
    return {one.rule for one in _errors(findings)}


def _reasons(message: str) -> set[str]:
    named = [rules for pattern, rules in REASONS.items() if re.search(pattern, message)]
    assert named, f"a message without our rule: {message}"
    return set[str]().union(*named)


@needs_data
def test_a_scan_is_read_or_refused_as_by_the_engine() -> None:
    rows = [row for row in _vectors() if row["input"].startswith(("]C1", "]d2", "]e0", "]Q3"))]
    rows += [row | {"input": _as_scan(row["input"])} for row in _vectors() if _is_message(row)]
    read_, refused, beyond = 0, 0, 0
    for row in rows:
        expected = row["expected"]
        try:
            ours: dict[str, str] | None = read_scan(row["input"])
        except NotAnElementString:
            ours = None
        if expected["ok"]:
            assert ours == dict(expected["elements"]), row["id"]
            read_ += 1
        elif ours is not None:
            assert re.search(BEYOND_THE_READER, expected["error"]), row["id"]
            beyond += 1
        else:
            refused += 1
    assert read_ >= 12
    assert refused >= 20
    assert beyond >= 12


def _is_message(row: dict[str, Any]) -> bool:
    return row["kind"] == "raw_caret" and row["input"].startswith("^") and "|" not in row["input"]


def _as_scan(message: str) -> str:
    return "]C1" + message[1:].replace("^", "\x1d")


LINTERS = {
    "csum": "check-digit", "gcppos1": "company-prefix", "gcppos2": "company-prefix-second",
    "iso3166": "country", "iso3166999": "country-or-several", "iso3166alpha2": "country-letters",
    "iso4217": "currency", "yymmdd": "date", "yymmd0": "date-day-open", "yyyymmdd": "long-date",
    "hhmi": "hour-minute", "hh": "hour", "mi": "minute", "ss": "second",
    "pcenc": "percent-encoding", "yesno": "yes-or-no", "hyphen": "minus-sign",
    "importeridx": "importer-index", "packagetype": "package-type", "mediatype": "media-type",
    "iso5218": "sex", "posinseqslash": "position-of-total", "winding": "winding",
    "nonzero": "not-zero", "zero": "zero", "pieceoftotal": "piece-of-total", "iban": "iban",
    "nozeroprefix": "no-leading-zero", "csumalpha": "check-characters",
    "hasnondigit": "not-only-digits", "couponcode": "coupon", "couponposoffer": "coupon-offer",
    "latitude": "latitude", "longitude": "longitude",
}
ROW = re.compile(r"(?P<ai>\d+)(-(?P<last>\d+))?\s+(?P<flags>[*?]*)\s+(?P<rest>[NXYZ].*?)( +#.*)?$")


@needs_data
def test_our_table_says_what_the_official_dictionary_says() -> None:
    theirs: dict[str, tuple[object, ...]] = {}
    for line in DICTIONARY.read_text(encoding="utf-8").splitlines():
        found = ROW.fullmatch(line)
        if found:
            for number in range(int(found["ai"]), int(found["last"] or found["ai"]) + 1):
                ai = f"{number:0{len(found['ai'])}d}"
                theirs[ai] = _facts(found["flags"], found["rest"].split())
    ours = {ai: _our_facts(ai) for ai in FIELDS}
    assert len(theirs) == 541
    assert {ai: facts for ai, facts in ours.items() if theirs.get(ai) != facts} == {}
    assert theirs.keys() == ours.keys()


def _facts(flags: str, words: list[str]) -> tuple[object, ...]:
    named = dict(word.partition("=")[::2] for word in words if re.match("[a-z]", word))
    components = [word for word in words if re.match(r"\[?[NXYZ]", word)]
    return (
        [_component(word) for word in components], "*" in flags, "?" in flags,
        {*named.get("req", "").split(",")} - {""}, {*named.get("ex", "").split(",")} - {""},
        {*named["dlpkey"].split("|")} if "dlpkey" in named else None,
    )


def _component(word: str) -> tuple[str, bool, list[str]]:
    length, *linters = word.replace("[", "").replace("]", "").split(",")
    return length, word.startswith("["), [LINTERS[linter] for linter in linters]


def _our_facts(ai: str) -> tuple[object, ...]:
    field = FIELDS[ai]
    components = [
        (
            part.characters + (".." if part.least < part.most else "") + str(part.most),
            part.optional, [*part.rules],
        )
        for part in field.components
    ]
    return (
        components, field.predefined, field.attribute,
        {"+".join(group) for group in field.needs}, {*field.never_with},
        None if field.path is None else {",".join(order) for order in field.path},
    )
