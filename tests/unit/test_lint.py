"""What a file is, who judges it, and how findings are shown; our own messages judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from contracts.formats.findings import Finding, Severity
from contracts.formats.message_checks import (
    BREAKS,
    Rule,
    check_golden,
    check_message,
    is_golden,
    is_message,
)
from contracts.model.verdicts import Exit
from gxproof.lint import (
    BYTES_MAX,
    DIALECTS,
    Dialect,
    FileUnusable,
    Judged,
    as_json,
    line_by_line,
    lint,
    one_by_one,
    show,
    write_json,
)
from gxproof.recognising import described, is_element_strings, is_epcis

GOLDEN = Path(__file__).parents[2] / "contracts" / "published" / "v1" / "golden"
GOOD = json.loads((GOLDEN / "pick-confirmed-accepted.json").read_text())["steps"][0]["body"]
GS = "\x1d"


def raw(**changes):
    return json.dumps({**GOOD, **changes}).encode()


def data(**changes):
    return raw(data={**GOOD["data"], **changes})


def test_every_message_of_the_published_contract_is_judged_as_its_receiver_does():
    """Refused with 400 means a finding; what only the header or the business refuses has none."""
    paths = sorted(GOLDEN.glob("*.json"))
    judged = 0
    for path, item in zip(paths, lint(paths), strict=True):
        assert item.dialect == "golden message of the contract"
        places = [finding.place for finding in item.findings]
        for number, step in enumerate(json.loads(path.read_text())["steps"]):
            about_header = path.stem.endswith(("key-missing", "key-differs-from-id"))
            version = path.stem.endswith("unknown-schema-version")
            refused = step["expected"]["status"] == 400 and not about_header
            refused = refused or (step["expected"]["status"] == 422 and version)
            found = any(place.startswith(f"/steps/{number}/body") for place in places)
            assert found is refused, path.name
            judged += 1
    assert judged > 600


@pytest.mark.parametrize(
    ("steps", "places"),
    [
        ([{"body": GOOD}], []),
        ([{"body": GOOD}, {"body": GOOD | {"id": "1"}}], ["/steps/1/body/id"]),
        ([{"bodyText": "{"}], ["/steps/0/bodyText"]),
        ([{"bodyText": "\ud800"}], ["/steps/0/bodyText"]),
        ([{"body": None}], ["/steps/0/body/type"]),
        ([{}, 1, {"bodyText": 1}], ["/steps/0", "/steps/1", "/steps/2"]),
        ([], ["/steps"]),
    ],
)
def test_the_bodies_of_a_golden_message_are_judged(steps, places):
    case = json.dumps({"operation": "mes/pick-confirmed", "steps": steps}).encode()
    assert is_golden(case)
    assert [finding.place for finding in check_golden(case)] == places


@pytest.mark.parametrize("case", [b'{"operation": 1, "steps": {}}', b'{"operation" "steps"', b"[]", raw()])
def test_what_has_no_steps_is_no_golden_message(case):
    assert not is_golden(case)


@pytest.mark.parametrize(
    ("document", "rule", "place"),
    [
        (b"{", Rule.JSON_UNREADABLE, "/"),
        (b'{"a": NaN}', Rule.JSON_UNREADABLE, "/"),
        (b'{"a": 1, "a": 2}', Rule.JSON_UNREADABLE, "/"),
        (b"\xff", Rule.JSON_UNREADABLE, "/"),
        (b"[" * 100, Rule.JSON_UNREADABLE, "/"),
        (b"[]", Rule.MESSAGE_TYPE_UNKNOWN, "/type"),
        (raw(type="gxproof.pick-wished.v1"), Rule.MESSAGE_TYPE_UNKNOWN, "/type"),
        (raw(type=["x"]), Rule.MESSAGE_TYPE_UNKNOWN, "/type"),
        (raw(dataschema="https://example.com/1"), Rule.DATASCHEMA_UNKNOWN, "/dataschema"),
        (raw(extra=1), Rule.MEMBER_UNKNOWN, "/extra"),
        (raw(**{"a/b~": 1}), Rule.MEMBER_UNKNOWN, "/a~1b~0"),
        (raw(id="1"), Rule.MEMBER_WRONG, "/id"),
        (data(quantity={"value": "1", "unit": "KG"}), Rule.MEMBER_WRONG, "/data/quantity/unit"),
        (data(container="095260667213460914"), Rule.MEMBER_WRONG, "/data/container"),
        (data(lot=None), Rule.MEMBER_WRONG, "/data/lot"),
        (
            raw(data={k: v for k, v in GOOD["data"].items() if k != "lot"}),
            Rule.MEMBER_MISSING, "/data/lot",
        ),
    ],
)
def test_each_rule_for_our_own_messages(document, rule, place):
    found = check_message(document)
    assert [(f.rule, f.place) for f in found] == [(rule, place)]
    assert found[0].breaks == BREAKS[rule]
    assert found[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (raw(type=None), "there is no type"),
        (raw(type="x"), "'x' is no message of version 1"),
        (raw(colour=1), "'colour' is no member of the contract"),
        (raw(data={k: v for k, v in GOOD["data"].items() if k != "lot"}), "lot is missing"),
        (data(quantity={"value": "1", "unit": "KG"}), "'KG': expected 'KGM', 'GRM', 'LTR', 'MLT' or 'C62'"),
    ],
)
def test_what_stands_there_is_said_in_a_sentence(document, what):
    assert [finding.what for finding in check_message(document)] == [what]


def test_a_good_message_has_no_finding():
    assert check_message(raw()) == []


@pytest.mark.parametrize(
    ("document", "known"),
    [
        (raw(), True), (b"\xef\xbb\xbf " + raw(), True), (b'{"specversion": tru', True),
        (b'{"eventTime": 1}', False), (b"<a/>", False), (b"", False),
    ],
)
def test_our_messages_are_recognised(document, known):
    assert is_message(document) is known


@pytest.mark.parametrize(
    ("document", "known"),
    [
        (b'<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2"/>', True),
        (b'<EPCISQueryDocument xmlns="urn:epcglobal:epcis-query:xsd:1"><broken', True),
        (b'{"type": "EPCISDocument", "epcisBody": {}}', True),
        (b'[{"eventTime": 1}]', True), (b"<ObjectEvent/>", True),
        (b'{"isA": "ObjectEvent",', True),
        (b'<MaterialLot xmlns="http://www.mesa.org/xml/B2MML"/>', False),
        (b"(01)09521234543213", False), (b"{}", False), (b"", False),
    ],
)
def test_epcis_is_recognised(document, known):
    assert is_epcis(document) is known


@pytest.mark.parametrize(
    ("document", "known"),
    [
        (b"(01)09521234543213(10)A\n", True), (b"]d20109521234543213", True), (b"^0109521234543213", True),
        (b"https://id.gs1.org/01/09521234543213", True), (b"\n\n0109521234543213\n", True), (b"\x1d01", True), (b"lot;quantity", False), (b"", False),
        (b"<a/>", False), (b"\xff\xfe", False), (b"{}", False),
    ],
)
def test_element_strings_are_recognised(document, known):
    assert is_element_strings(document) is known


def test_lines_end_at_a_line_feed_and_not_at_the_separator_of_a_scan():
    seen = []

    def check(text):
        seen.append(text)
        return [Finding("(10) at 3", "r", Severity.ERROR, text, "b")] if "X" in text else []

    found = line_by_line(check)(f"\ufeff01A{GS}10B\r\n\n01X\n".encode() + b"\xff")
    assert seen == [f"01A{GS}10B", "01X", "\ufffd"]
    assert [f.place for f in found] == ["line 3, (10) at 3"]


def test_a_further_dialect_is_one_line():
    strings = Dialect("GS1 element strings", is_element_strings, one_by_one(line_by_line(lambda _: [])))
    path = GOLDEN.parent / "index.md"
    assert lint([path], (strings,))[0].dialect is None


def files(folder, **contents):
    paths = []
    for name, content in contents.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content)
        paths.append(path)
    return paths


def test_a_file_is_what_it_holds_whatever_its_name(tmp_path):
    lot = b'<MaterialLot xmlns="http://www.mesa.org/xml/B2MML"><ID>L</ID></MaterialLot>'
    paths = files(tmp_path, a__json=lot, b__xml=raw(), c__txt=b"hello", d__xml=b"")
    assert [item.dialect for item in lint(paths)] == ["B2MML", "message of the contract", None, None]


def test_lines_of_a_jsonl_file_are_documents(tmp_path):
    (path,) = files(tmp_path, m__jsonl=raw() + b"\n\n" + data(lot="ä") + b"\n")
    judged = lint([path])
    assert [(item.name.removeprefix(str(path)), len(item.findings)) for item in judged] == [(":1", 0), (":3", 1)]


def test_documents_of_one_kind_are_judged_together(tmp_path):
    together = []

    def judge(documents):
        together.append(len(documents))
        return {name: [] for name in documents}

    dialect = Dialect("all", lambda _: True, judge)
    lint(files(tmp_path, a=b"1", b=b"2"), (dialect,))
    assert together == [2]


def test_what_nobody_recognises_is_an_error(tmp_path):
    for item in lint(files(tmp_path, a=b"hello", b=b"", c=b"<a/>", d=b"<!DOCTYPE a><a/>", e=bytes(range(256)))):
        assert [(f.rule, f.severity) for f in item.findings] == [("not-recognised", Severity.ERROR)]


def test_a_huge_file_is_refused_unread(tmp_path):
    (path,) = files(tmp_path, big__xml=b"<a>" + b" " * BYTES_MAX)
    (item,) = lint([path])
    assert item.findings[0].what == f"more than {BYTES_MAX} bytes"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"", "empty"), (b"hello", "hello"), (b'<a xmlns="urn:x"/>', "'a' in namespace 'urn:x'"),
        (b"<!DOCTYPE a><a/>", "document type declaration"), (b"<a", "not read"),
    ],
)
def test_an_unknown_document_is_described(document, words):
    assert words in described(document)


def test_a_file_that_cannot_be_read_is_wrong_usage(tmp_path):
    for path in (tmp_path / "absent", tmp_path, Path("a\0b")):
        with pytest.raises(FileUnusable):
            lint([path])
    with pytest.raises(FileUnusable, match="nothing to judge"):
        lint([])
    with pytest.raises(FileUnusable, match="nothing to judge"):
        lint(files(tmp_path, empty__jsonl=b"\n"))


def shown(judged):
    console = Console(record=True, width=200, soft_wrap=True, highlight=False)
    return show(judged, console), console.export_text()


def finding(severity, what="w"):
    return Finding("/p", "a-rule", severity, what, "b")


def test_errors_come_first_and_decide_the_exit():
    notice, error = finding(Severity.NOTICE), finding(Severity.ERROR)
    ended, text = shown([Judged("f", "B2MML", (notice, error)), Judged("g", None, ())])
    assert ended is Exit.FAILED
    assert text.index("f: error: a-rule") < text.index("f: notice: a-rule")
    assert text.splitlines()[-1] == (
        "2 documents (B2MML: 1, not recognised: 1); 1 error in 1 of them, 1 notice"
    )
    assert shown([Judged("f", "B2MML", (notice, notice))])[0] is Exit.PASSED
    assert shown([Judged("f", "B2MML", ())])[0] is Exit.PASSED


def test_a_stranger_cannot_steer_the_terminal():
    _, text = shown([Judged("f", "B2MML", (finding(Severity.ERROR, "a\x1b[2J\u202eb\udc80\nc[red]"),))])
    assert r"a\u001b[2J\u202eb\udc80\u000ac[red]" in text


def test_the_findings_as_json():
    judged = [Judged("f\udc80", "B2MML", (finding(Severity.ERROR, "é"),)), Judged("g", None, ())]
    text = as_json(judged)
    text.encode("ascii")
    read = json.loads(text)
    assert (read["errors"], read["notices"]) == (1, 0)
    assert read["files"][0]["findings"] == [
        {"place": "/p", "rule": "a-rule", "severity": "error", "what": "é", "breaks": "b"}
    ]
    assert read["files"][1]["dialect"] is None


def test_findings_replace_older_findings_and_nothing_else(tmp_path):
    judged = [Judged("f", "B2MML", ())]
    out, (message,) = tmp_path / "out.json", files(tmp_path, a__json=raw())
    out.touch()
    for _ in range(2):
        write_json(judged, out)
        assert json.loads(out.read_text())["gxproofLint"] == 1
    with pytest.raises(FileUnusable, match="not overwritten"):
        write_json(judged, message)
    assert message.read_bytes() == raw()


def test_a_message_that_carries_another_format_is_judged_as_the_message():
    carrier = json.dumps({"specversion": "1.0", "type": "x", "data": {"eventTime": "now"}}).encode()
    assert next(d.name for d in DIALECTS if d.recognises(carrier)) == "message of the contract"


def test_each_dialect_has_a_name_of_its_own():
    assert len({dialect.name for dialect in DIALECTS}) == len(DIALECTS)
