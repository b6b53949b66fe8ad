"""The documents say what the record says, on paper that a reader can trust."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as Xml

import pikepdf
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.requirements import Protocol
from contracts.model.verdicts import State
from contracts.record.digests import file_digest
from contracts.record.runs import Step
from reports.completeness import DocumentIncomplete, read_back, shortcomings, squeezed
from reports.consistency import read_trace
from reports.cover import open_lines, protocol_cover, summary_cover
from reports.cover_sheet import cut, lines_of
from reports.documents import print_documents
from reports.edition import Edition, NotSealed, read_edition
from reports.inventory import DOCUMENTS, MATRIX, PDFS, REPORTS, SUMMARY
from reports.junit import junit_xml
from reports.matrix import matrix
from reports.matrix_page import matrix_page, matrix_sheet
from reports.matrix_table import guarded, matrix_csv
from reports.press import OwnFontsOnly, Press, PrintingFailed
from reports.protocol_report import protocol_report
from reports.protocols import print_protocols
from reports.sealing import seal_results
from reports.summary import conclusion, summary
from reports.timeline import Sign, timeline
from reports.trace import Trace
from reports.typeface import printable
from tests.sample_approval import approve
from tests.sample_run import HOSTILE, KEY, START, Wish, write_sample_run

ALL_STATES = {
    "URS-PCK-001.1": State.FAILED, "URS-PCK-001.2": State.INCONCLUSIVE,
    "URS-PCK-001.3": State.ERROR, "URS-PCK-002.1": State.REVIEW, "URS-PCK-002.2": State.NOT_TESTED,
    "IQ-PYTHON": State.DEVIATION, "IQ-PACKAGES": State.NOT_APPLICABLE,
}


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


@pytest.fixture
def edition(tmp_path: Path) -> Callable[[Wish], Edition]:
    """Makes a sealed sample run and reads it for printing."""

    def made(wish: Wish) -> Edition:
        write_sample_run(tmp_path / "run", wish)
        if not wish.informal:
            approve(tmp_path / "run")
        seal_results(tmp_path / "run", KEY)
        return read_edition(tmp_path / "run")

    return made


def _paper(press: Press, edition: Edition, html: str) -> tuple[str, ...]:
    return read_back(press.print(html, edition.results, edition.dated)).pages


# Every document of a whole run


def test_every_document_is_printed_in_order_and_the_same_run_gives_the_same_bytes(
    small_run: Path, tmp_path: Path
) -> None:
    write_sample_run(tmp_path / "again", Wish(small=True))
    print_protocols(tmp_path / "again")
    seal_results(tmp_path / "again", KEY)
    told: list[str] = []
    written = print_documents(tmp_path / "again", told.append)
    assert told == list(written)
    assert set(told) == set(DOCUMENTS)
    assert told[-1] == SUMMARY, "the summary names the digests of the others"
    for name, digest in written.items():
        assert digest == file_digest(tmp_path / "again" / name), name
        assert digest == file_digest(small_run / name), name


def test_nothing_is_printed_before_the_results_are_sealed(tmp_path: Path) -> None:
    write_sample_run(tmp_path / "run", Wish(small=True))
    with pytest.raises(NotSealed, match=r"results\.dsse\.json"):
        print_documents(tmp_path / "run")


@pytest.mark.parametrize("name", PDFS)
def test_every_page_says_what_it_has_to(whole_run: Path, name: str) -> None:
    trace = read_trace(whole_run)
    results = (whole_run / "results.dsse.json").read_bytes()
    pdf = (whole_run / name).read_bytes()
    assert shortcomings(pdf, name, trace, results) == ()
    for page in read_back(pdf).pages:
        assert "INFORMAL" in page
        assert squeezed("run-2026-11-22-0007-3f9a") in page


@pytest.mark.parametrize("name", PDFS)
def test_a_document_is_archivable_and_accessible_as_far_as_it_says(
    whole_run: Path, name: str
) -> None:
    with pikepdf.open(whole_run / name) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"
        assert pdf.Root.Lang == "en"
        assert pdf.Root.MarkInfo.Marked
        assert "run 7" in str(pdf.docinfo["/Title"])
        attached = pdf.attachments["results.dsse.json"]
        assert attached.get_file().read_bytes() == (whole_run / "results.dsse.json").read_bytes()
        assert attached.obj.AFRelationship == "/Source"
        assert attached.get_file().creation_date == attached.get_file().mod_date
        assert len(pdf.open_outline().root) >= 3


@pytest.mark.parametrize("name", PDFS)
def test_a_document_embeds_our_typeface_and_no_other(whole_run: Path, name: str) -> None:
    with pikepdf.open(whole_run / name) as pdf:
        fonts = [obj for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary)
                 and obj.get("/Type") == "/FontDescriptor"]
        assert fonts
        for font in fonts:
            assert "GxProof-Sans" in str(font.FontName)
            assert any(f"/FontFile{kind}" in font for kind in ("", "2", "3"))


@pytest.mark.parametrize("name", PDFS)
def test_another_reader_reads_the_same_text(whole_run: Path, name: str) -> None:
    pages = [squeezed(page.extract_text()) for page in pypdf.PdfReader(whole_run / name).pages]
    ours = read_back((whole_run / name).read_bytes()).pages
    assert len(pages) == len(ours)
    for theirs, page in zip(pages, ours, strict=True):
        # The plot is a drawing of its own; the words on it are in its table as well.
        assert set(page) <= set(theirs)
        assert page in theirs or "simulated" in page


def test_pages_can_be_drawn(whole_run: Path, tmp_path: Path) -> None:
    tool = shutil.which("pdftoppm")
    if not tool:
        pytest.skip("pdftoppm is not installed here")
    for name in PDFS:
        done = subprocess.run(
            [tool, "-r", "20", "-png", str(whole_run / name), str(tmp_path / name)],
            capture_output=True, text=True, check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")


# The completeness gate


def test_a_document_of_another_outcome_is_refused(
    whole_run: Path, edition: Callable[[Wish], Edition]
) -> None:
    other = edition(Wish(states={"URS-PCK-001.2": State.FAILED})).trace
    results = (whole_run / "results.dsse.json").read_bytes()
    pdf = (whole_run / "oq-report.pdf").read_bytes()
    told = shortcomings(pdf, "oq-report.pdf", other, results)
    assert "does not show check URS-PCK-001.2 as failed" in told
    assert "does not show requirement URS-PCK-001 as failed" in told
    assert "does not show the verdict FAILED" in told


def test_a_report_that_conceals_a_step_is_refused(
    whole_run: Path, edition: Callable[[Wish], Edition]
) -> None:
    record = edition(Wish()).trace.record
    more = Step(keyword="And", text="the WMS allocates it a second time", state=State.PASSED)
    altered = tuple(
        result.model_copy(update={"steps": (*result.steps, more)})
        if result.id == "URS-PCK-001.1" else result for result in record.results
    )
    trace = Trace(record.model_copy(update={"results": altered}))
    results = (whole_run / "results.dsse.json").read_bytes()
    told = shortcomings((whole_run / "oq-report.pdf").read_bytes(), "oq-report.pdf", trace, results)
    assert told == (
        "does not show step “7 And the WMS allocates it a second time” of URS-PCK-001.1",
    )


def test_a_document_with_other_results_or_no_document_is_refused(whole_run: Path) -> None:
    trace = read_trace(whole_run)
    pdf = (whole_run / SUMMARY).read_bytes()
    told = shortcomings(pdf, SUMMARY, trace, b"{}")
    assert "does not carry the sealed results.dsse.json" in told
    assert "page 1 does not show the results digest" in told
    assert "cannot be read back" in shortcomings(pdf[:5000], SUMMARY, trace, b"{}")[0]


def test_an_incomplete_document_is_not_written(
    tmp_path: Path, edition: Callable[[Wish], Edition], press: Press
) -> None:
    read = edition(Wish(small=True))
    pdf = press.print("<html lang=en><title>t</title><p>PASSED", read.results, read.dated)
    told = shortcomings(pdf, "iq-report.pdf", read.trace, read.results)
    assert "does not show check IQ-PYTHON as passed" in told
    assert issubclass(DocumentIncomplete, ValueError)


# Page one


@pytest.mark.parametrize(
    "wish",
    [
        Wish(), Wish(informal=()), Wish(empty=True, history=False), Wish(all_states=State.FAILED),
        Wish(all_states=State.FAILED, reasons=True, hostile=True),
        Wish(all_states=State.NOT_APPLICABLE, reasons=True),
    ],
    ids=["passed", "formal", "empty", "all failed", "all failed, hostile", "none applicable"],
)
def test_page_one_holds_everything_up_to_the_approval_block(
    edition: Callable[[Wish], Edition], press: Press, wish: Wish
) -> None:
    read = edition(wish)
    covers = [protocol_cover(read, part) for part in read.trace.protocols]
    for cover in (summary_cover(read), *covers):
        html = read.page(
            "report.html", "Performance qualification report, simulated part", cover=cover,
            sections=(), contents=(), open_section=6, outside_section=7,
        ).replace("<main>", '<main><p id="open">-</p><p id="outside">-</p>')
        first, *rest = _paper(press, read, html)
        assert cover.verdict.value.replace(" ", "") in first
        assert "Approver" in first
        assert len(rest) == 1, "page one ends with the approval block, the contents follow"
        assert "Approver" not in rest[0]


def test_page_one_says_how_many_more_are_open_and_where(
    edition: Callable[[Wish], Edition], press: Press
) -> None:
    read = edition(Wish(all_states=State.FAILED, reasons=True))
    first, *_ = _paper(press, read, summary(read, matrix(read), {}))
    more = re.search(r"and(\d+)more,section3", first)
    assert more
    assert int(more.group(1)) + len(summary_cover(read).open) == len(read.trace.checks)


def test_page_one_never_says_nothing_is_open_while_something_is(
    edition: Callable[[Wish], Edition], press: Press
) -> None:
    nothing = squeezed("Nothing is open")
    bad = edition(Wish(all_states=State.REVIEW, reasons=True, hostile=True))
    assert nothing not in _paper(press, bad, summary(bad, matrix(bad), {}))[0]


def test_page_one_of_a_clean_run_says_so_in_words(whole_run: Path) -> None:
    first = read_back((whole_run / "oq-report.pdf").read_bytes()).pages[0]
    for words in ("PASSED", "78 of 78 checks passed", "Nothing is open", "12 of 12 requirements",
                  "separate processes over TLS 1.3; see Environment",
                  "2026-11-22 09:14:05 (UTC+01:00)", "This document is not approved"):
        assert squeezed(words) in first, words


@pytest.mark.parametrize("name", [*REPORTS.values(), SUMMARY])
def test_the_environment_says_how_the_systems_were_reached(whole_run: Path, name: str) -> None:
    text = read_back((whole_run / name).read_bytes()).text
    for words in ("process 8452", "5A3F8441C1", "passed a relay of the harness",
                  "signatures of the messages went through it from end to end"):
        assert squeezed(words) in text, words


def test_the_approval_block_is_never_filled_in(whole_run: Path) -> None:
    first = read_back((whole_run / SUMMARY).read_bytes()).pages[0]
    assert "TesterReviewerApprover" in first


def test_checks_that_are_open_for_the_same_reason_are_one_line(
    edition: Callable[[Wish], Edition]
) -> None:
    read = edition(Wish(executed=(Protocol.IQ,), mode="in process"))
    lines = open_lines(read.trace.protocol(Protocol.OQ).checks)
    assert [line.what for line in lines] == ["78 checks"]


@given(st.text(max_size=400), st.sampled_from([39.0, 104.0]), st.sampled_from([1, 2]))
def test_a_text_is_cut_to_its_lines(text: str, width: float, most: int) -> None:
    shown = cut(text, width, most)
    assert lines_of(shown, width) <= most
    assert shown.endswith("…") or shown == printable(" ".join(text.split()))


# What is said of each run


def test_every_state_is_printed_with_its_reason(
    edition: Callable[[Wish], Edition], press: Press
) -> None:
    read = edition(Wish(small=True, states=ALL_STATES))
    for protocol in (Protocol.IQ, Protocol.OQ):
        text = "".join(_paper(press, read, protocol_report(read, protocol)))
        for check in read.trace.protocol(protocol).checks:
            assert squeezed(f"{check.number}{check.id}{check.state.value}") in text
            assert squeezed(check.result.reason) in text


def test_actual_observations_and_evidence_are_printed(whole_run: Path) -> None:
    text = read_back((whole_run / "oq-report.pdf").read_bytes()).text
    assert squeezed("stock before 120.000 kg free, after 95.000 kg free and 25.000 kg") in text
    digest = read_edition(whole_run).digests["wire/URS-IDM-003.2.jsonl"]
    assert squeezed(f"wire/URS-IDM-003.2.jsonl, SHA-256 {digest}") in text


def test_clauses_that_were_not_read_are_printed_as_see(whole_run: Path) -> None:
    for name in ("oq-report.pdf", f"{MATRIX}.pdf"):
        text = read_back((whole_run / name).read_bytes()).text
        assert squeezed("see 211.137") in text
        assert squeezed("; 211.137") not in text


def test_a_protocol_that_was_not_executed_is_printed_with_its_reason(
    edition: Callable[[Wish], Edition], press: Press
) -> None:
    wish = Wish(small=True, executed=(Protocol.IQ,), states={"IQ-PYTHON": State.FAILED})
    read = edition(wish)
    pages = _paper(press, read, protocol_report(read, Protocol.OQ))
    told = "Not executed. IQ ended FAILED. Its checks say: not started: IQ failed"
    assert squeezed(told) in pages[0]
    assert squeezed("INCONCLUSIVE") in pages[0]
    text = "".join(pages)
    assert squeezed("1 URS-PCK-001.1 not tested") in text


def test_a_formal_run_carries_no_informal_word(
    edition: Callable[[Wish], Edition], press: Press
) -> None:
    read = edition(Wish(small=True, informal=()))
    for html in (protocol_report(read, Protocol.PQ), summary(read, matrix(read), {})):
        assert all("INFORMAL" not in page for page in _paper(press, read, html))
    assert "supports the statement" in conclusion(read)


def test_the_performance_part_says_that_it_is_a_simulation(whole_run: Path) -> None:
    text = read_back((whole_run / "pq-report.pdf").read_bytes()).text
    assert squeezed("This is a simulation") in text
    assert squeezed("never stands for a site's own") in text
    history = read_edition(whole_run).header.history_sha256
    assert history is not None
    assert history in text


def test_a_run_without_history_or_checks_is_printed(
    edition: Callable[[Wish], Edition], press: Press
) -> None:
    read = edition(Wish(empty=True, history=False))
    text = "".join(_paper(press, read, protocol_report(read, Protocol.PQ)))
    assert squeezed("No history was recorded") in text
    assert squeezed("an empty scope never passes") in text
    sheet = _paper(press, read, matrix_sheet(read, matrix(read)))
    assert squeezed("Requirement without any check") in "".join(sheet)


def test_hostile_text_is_printed_as_text_and_nothing_is_replaced_silently(
    edition: Callable[[Wish], Edition], press: Press
) -> None:
    read = edition(Wish(small=True, hostile=True, states=ALL_STATES))
    for name, html in (
        ("oq-report.pdf", protocol_report(read, Protocol.OQ)),
        ("iq-report.pdf", protocol_report(read, Protocol.IQ)),
        (f"{MATRIX}.pdf", matrix_sheet(read, matrix(read))),
    ):
        pdf = press.print(html, read.results, read.dated)
        assert shortcomings(pdf, name, read.trace, read.results) == ()
        text = read_back(pdf).text
        assert squeezed("<script>alert(1)</script>").lower() in text.lower()
        assert "[U+6279]" in text
        assert "[U+202E]" in text
        assert "\N{REPLACEMENT CHARACTER}" not in text


def test_a_row_that_is_higher_than_a_page_loses_nothing(
    edition: Callable[[Wish], Edition], press: Press
) -> None:
    read = edition(Wish(small=True))
    row = "<tr><td>" + "".join(f"<div>line-{n};</div>" for n in range(300)) + "</td></tr>"
    html = matrix_sheet(read, matrix(read)).replace("<tbody>", f"<tbody>{row}", 1)
    text = "".join(_paper(press, read, html))
    assert all(f"line-{n};" in text for n in range(300))


# Typeface and press


def test_what_the_typeface_lacks_is_written_as_its_code_point() -> None:
    assert printable("a→b ≥ ü") == "a→b ≥ ü"
    assert printable("批\u202e\u0007🧪\t") == "[U+6279][U+202E][U+0007][U+1F9EA][U+0009]"
    assert printable(printable(HOSTILE)) == printable(HOSTILE)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "https://example.com/", "font.ttf"]
)
def test_a_document_fetches_nothing_from_outside(url: str) -> None:
    with pytest.raises(ValueError, match="may not fetch"):
        OwnFontsOnly().fetch(url)


def test_a_complaint_of_the_layout_engine_is_a_failure(press: Press) -> None:
    with pytest.raises(PrintingFailed, match=r"passwd"):
        press.print('<html lang="en"><title>t</title><img alt="" src="file:///etc/passwd">',
                    b"{}", START)


# The timeline


def test_the_timeline_draws_every_event_within_its_frame(whole_run: Path) -> None:
    read = read_edition(whole_run)
    drawn = timeline(read.history, read.trace.record.configuration)
    assert drawn is not None
    assert drawn.zone == "Europe/Berlin (UTC+01:00)"
    assert sum(count for _, _, count in drawn.happenings) == len(read.history)
    assert [mark.label for mark in drawn.marks if mark.sign is Sign.EXPIRY] == ["E1", "E2", "E3"]
    assert all(150 <= sign.x <= drawn.right and 0 < sign.y < drawn.height for sign in drawn.drawn)
    assert all(one[0] < two[0] for one, two in pairwise(drawn.ticks))
    assert drawn.ticks[0][1] == "06:00"


def test_a_history_of_one_instant_or_of_weeks_has_a_timeline(whole_run: Path) -> None:
    history = read_edition(whole_run).history
    one = timeline(history[:1], {})
    assert one is not None
    assert one.zone == "UTC+01:00"
    late = history[-1].model_copy(update={"at": history[0].at + timedelta(days=40)})
    long = timeline((*history[:-1], late), {"siteZone": "No/Where"})
    assert long is not None
    assert 2 <= len(long.ticks) <= 13
    assert timeline((), {}) is None


# The matrix


def test_gaps_are_computed(edition: Callable[[Wish], Edition]) -> None:
    read = edition(Wish(vendor_rules=True, states={"DEFECT-03": State.FAILED}))
    gaps = {gap.kind: gap.found for gap in matrix(read).gaps}
    assert gaps["Requirement that was not challenged"] == ("URS-PCK-003",)
    assert len(gaps["Business rule without known code"]) == len(read.trace.record.plan.rules)
    assert gaps["Requirement without scenario"] == ()
    assert gaps["Guarded operation without contract check"] == ()


def test_code_is_not_asked_of_a_vendor(edition: Callable[[Wish], Edition]) -> None:
    read = edition(Wish(vendor_rules=True, mode="vendor system"))
    assert "Business rule without known code" not in {gap.kind for gap in matrix(read).gaps}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_web_page_is_self_contained_and_runs_no_foreign_script(
    edition: Callable[[Wish], Edition]
) -> None:
    read = edition(Wish(small=True, hostile=True))
    page = matrix_page(read, matrix(read))
    tags = _Tags()
    tags.feed(page)
    assert [tag for tag, _ in tags.found].count("script") == 1, "only its own"
    for tag, attributes in tags.found:
        assert not {"src", "srcset", "style"} & set(attributes), tag
        assert not any(name.startswith("on") for name in attributes), tag
        href = attributes.get("href")
        assert href is None or href.startswith("#")
    policy = next(a["content"] for t, a in tags.found if t == "meta" and "http-equiv" in a)
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert all(a.get("scope") for t, a in tags.found if t == "th")


def test_the_table_has_a_row_for_each_requirement_and_check(
    edition: Callable[[Wish], Edition]
) -> None:
    read = edition(Wish(hostile=True, states=ALL_STATES))
    raw = matrix_csv(read)
    rows = list(csv.DictReader(io.StringIO(raw.decode(), newline="")))
    assert len(rows) == sum(len(item.checks) for item in read.trace.requirements)
    assert {(row["Requirement"], row["Check"]) for row in rows} == {
        (item.id, check.id) for item in read.trace.requirements for check in item.checks
    }
    by_check = {row["Check"]: row for row in rows}
    assert by_check["URS-PCK-002.1"]["Check state"] == "review"
    assert raw.count(b"\r\n") == len(rows) + 1
    assert by_check["URS-PCK-002.2"]["Has to succeed"] == "no, has to be refused"


@given(st.text(max_size=40))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell in (text, f"'{text}")


# JUnit


def test_junit_is_red_where_a_check_is_open(edition: Callable[[Wish], Edition]) -> None:
    read = edition(Wish(small=True, hostile=True, states=ALL_STATES))
    root = Xml.fromstring(junit_xml(read))  # noqa: S314 - our own
    assert [suite.get("name") for suite in root] == ["IQ", "OQ", "PQ"]
    found = {
        str(case.get("name")).split()[0]: [child.tag for child in case if child.tag != "properties"]
        for case in root.iter("testcase")
    }
    long = "-" + "long" * 50
    assert found[f"URS-PCK-001.1{long}"] == []
    assert found["URS-PCK-002.1"] == ["error"]
    assert found["URS-PCK-002.2"] == ["error"], "a skip would be shown in green"
    assert found["IQ-PACKAGES"] == ["skipped"]
    assert found["IQ-PYTHON"] == ["system-out"]
    assert (root.get("errors"), root.get("skipped")) == ("2", "1")


def test_junit_names_run_mode_and_requirements(whole_run: Path) -> None:
    root = Xml.fromstring((whole_run / "junit.xml").read_bytes())  # noqa: S314 - our own
    properties = {p.get("name"): p.get("value") for p in root[1].findall("properties/property")}
    assert properties["run-id"] == "run-2026-11-22-0007-3f9a"
    assert properties["mode"] == "separate processes"
    assert properties["verdict"] == "PASSED"
    case = next(c for c in root.iter("testcase") if str(c.get("name")).startswith("URS-IDM-001.1 "))
    assert case.find("properties/property[@value='URS-IDM-001']") is not None
    assert case.get("time") == "0.121"
    assert root[0].get("timestamp") == "2026-11-22T09:14:07.137000+01:00", "of its first check"
    assert root[0].get("time") == "2.039", "from the first check to the end of the last"
    assert int(root.get("tests", "0")) == 111


def test_reports_are_named_after_their_protocols() -> None:
    assert REPORTS == {
        Protocol.IQ: "iq-report.pdf", Protocol.OQ: "oq-report.pdf", Protocol.PQ: "pq-report.pdf"
    }
