"""Protocols before execution, the workbook, the coverage of faults and the plots of the day."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.requirements import Protocol
from contracts.model.verdicts import State, Verdict
from contracts.record.digests import file_digest
from contracts.record.folder import read_plan
from contracts.record.history import Event, Lane
from contracts.record.runs import Cell
from reports.completeness import protocol_shortcomings, read_back, shortcomings, squeezed
from reports.consistency import read_trace
from reports.coverage import coverage
from reports.dsse import public_pem
from reports.edition import read_edition
from reports.inventory import DEVIATION_REPORT, PROTOCOLS, REPORTS, WORKBOOK
from reports.matrix import matrix
from reports.plots import plots
from reports.sealing import seal_results
from reports.trace import Trace
from reports.verification import verify_bundle
from reports.workbook import matrix_workbook, read_workbook, workbook_shortcomings
from tests.sample_run import HOSTILE, KEY, OTHER_KEY, PERSON, START, Wish, write_sample_run

# Protocols


@pytest.mark.parametrize("protocol", Protocol)
def test_a_protocol_holds_its_plan_and_nothing_filled_in(
    small_run: Path, protocol: Protocol
) -> None:
    plan, digest = read_plan(small_run), file_digest(small_run / "plan.json")
    pdf = (small_run / PROTOCOLS[protocol]).read_bytes()
    assert protocol_shortcomings(pdf, protocol, plan, digest) == ()
    text = read_back(pdf).text
    for words in ("Purpose", "Prerequisites", "Roles", "Acceptance".lower(), "Test scripts",
                  "Actual result", "Initials, date", "Approval before execution"):
        assert squeezed(words) in text, words
    assert "2026-11-22" not in text, "no date of anybody"


def test_reports_show_the_digest_of_the_protocol_that_was_executed(small_run: Path) -> None:
    digest = file_digest(small_run / "plan.json")
    for name in (*PROTOCOLS.values(), *REPORTS.values(), DEVIATION_REPORT):
        assert digest in read_back((small_run / name).read_bytes()).text, name


def test_a_protocol_of_another_plan_is_refused(small_run: Path, whole_run: Path) -> None:
    """A test that was planned and is not in the protocol, and the digest of another plan."""
    plan, digest = read_plan(whole_run), file_digest(whole_run / "plan.json")
    pdf = (small_run / PROTOCOLS[Protocol.OQ]).read_bytes()
    told = protocol_shortcomings(pdf, Protocol.OQ, plan, digest)
    assert "page 1 does not show the plan digest" in told
    assert "does not show check URS-PCK-003.1" in told
    assert protocol_shortcomings(pdf[:4000], Protocol.OQ, plan, digest)[0].startswith("it cannot")


# Deviations


def test_deviations_are_printed_with_impact_and_disposition(tmp_path: Path) -> None:
    from tests.reports_fixtures import printed

    states = {"IQ-PYTHON": State.DEVIATION, "URS-PCK-001.2": State.FAILED}
    run = printed(tmp_path / "run", Wish(small=True, states=states))
    text = read_back((run / DEVIATION_REPORT).read_bytes()).text
    for words in ("DEV-2026-014", "None on product quality", "Accepted until release 0.2",
                  "Example Quality One", "DEV-0007-01", "URS-PCK-001.2"):
        assert squeezed(words) in text, words
    trace, results = read_trace(run), (run / "results.dsse.json").read_bytes()
    assert trace.deviations
    for name in (DEVIATION_REPORT, "validation-summary.pdf"):
        assert shortcomings((run / name).read_bytes(), name, trace, results) == ()
    _the_approver_is_asked_for(run, tmp_path)
    _passed_is_another_verdict(run)


def _passed_is_another_verdict(run: Path) -> None:
    """A report that says PASSED WITH DEVIATIONS does not show a run that simply passed."""
    trace, results = read_trace(run), (run / "results.dsse.json").read_bytes()
    pdf = (run / REPORTS[Protocol.IQ]).read_bytes()
    assert trace.protocol(Protocol.IQ).verdict is Verdict.PASSED_WITH_DEVIATIONS
    assert shortcomings(pdf, REPORTS[Protocol.IQ], trace, results) == ()
    passed = Trace(trace.record, trace.deviations)
    passed.protocols = tuple(replace(part, verdict=Verdict.PASSED) for part in trace.protocols)
    told = shortcomings(pdf, REPORTS[Protocol.IQ], passed, results)
    assert "does not show the verdict PASSED" in told


def _the_approver_is_asked_for(run: Path, folder: Path) -> None:
    person, other = folder / "person.pub", folder / "other.pub"
    person.write_bytes(public_pem(PERSON.public_key()))
    other.write_bytes(public_pem(OTHER_KEY.public_key()))
    bundle, signer = run / "bundle", run / "signer.pub"
    without = verify_bundle(bundle, signer)
    assert without.ok
    assert "name that person's key with --approver" in without.remarks[0]
    assert verify_bundle(bundle, signer, (person,)).ok
    assert verify_bundle(bundle, signer, (person,)).remarks == ()
    refused = verify_bundle(bundle, signer, (other,))
    assert [finding.file for finding in refused.findings] == ["deviations/DEV-2026-014.dsse.json"]


def test_a_document_that_conceals_a_deviation_is_refused(small_run: Path, tmp_path: Path) -> None:
    states = {"IQ-PYTHON": State.DEVIATION, "URS-PCK-001.2": State.FAILED}
    write_sample_run(tmp_path / "run", Wish(small=True, states=states))
    trace = read_trace(tmp_path / "run")
    told = shortcomings((small_run / DEVIATION_REPORT).read_bytes(), DEVIATION_REPORT, trace, b"")
    for what in ("deviation DEV-2026-014", "the impact of DEV-2026-014",
                 "who approved DEV-2026-014", "draft DEV-0007-01 of URS-PCK-001.2"):
        assert f"does not show {what}" in told


# The workbook


def test_the_workbook_says_what_the_record_says(whole_run: Path) -> None:
    raw = (whole_run / WORKBOOK).read_bytes()
    trace, results = read_trace(whole_run), (whole_run / "results.dsse.json").read_bytes()
    assert workbook_shortcomings(raw, trace, results) == ()
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book.sheetnames == [
        "run", "requirements", "checks", "rules", "challenges", "contract elements", "gaps"
    ]
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref
    ours = read_workbook(raw)
    theirs = [[cell or "" for cell in row]
              for row in book["requirements"].iter_rows(values_only=True)]
    assert [[cell.rstrip() for cell in row] for row in ours["requirements"]] == [
        [str(cell).rstrip() for cell in row] for row in theirs
    ]


def test_a_workbook_of_another_outcome_is_refused(whole_run: Path, tmp_path: Path) -> None:
    raw = (whole_run / WORKBOOK).read_bytes()
    write_sample_run(tmp_path / "run", Wish(states={"URS-PCK-001.2": State.FAILED}))
    told = workbook_shortcomings(raw, read_trace(tmp_path / "run"), b"{}")
    assert "does not show requirement URS-PCK-001 as failed" in told
    assert "does not show check URS-PCK-001.2 as failed" in told
    assert "does not show results sha-256 as the record does" in told
    assert workbook_shortcomings(raw[:900], read_trace(tmp_path / "run"), b"{}")[0].startswith(
        "cannot be read back"
    )


def test_no_cell_is_a_formula_whatever_the_record_holds(tmp_path: Path) -> None:
    run = tmp_path / "run"
    record = write_sample_run(run, Wish(small=True, hostile=True))
    assert "=HYPERLINK" in HOSTILE
    seal_results(run, KEY)
    edition = read_edition(run)
    risky = [r.model_copy(update={"reason": f"{sign}1+1|' /C calc'!A0"})
             for r, sign in zip(record.results, "=+-@" * 99, strict=False)]
    edition = replace(
        edition, trace=Trace(record.model_copy(update={"results": tuple(risky)}))
    )
    raw = matrix_workbook(edition, matrix(edition))
    assert raw == matrix_workbook(edition, matrix(edition)), "the same run, the same bytes"
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(raw)) for row in sheet.rows
             for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(str(cell.value).startswith("=1+1") and cell.quotePrefix for cell in cells)
    assert not any(cell.hyperlink for cell in cells)


# Coverage


def test_the_grid_counts_what_was_planned_fired_and_felt(
    whole_run: Path, tmp_path: Path
) -> None:
    write_sample_run(tmp_path / "run", Wish(states={"FLT-LATE": State.INCONCLUSIVE}))
    trace = read_trace(tmp_path / "run")
    checks = trace.protocol(Protocol.PQ).checks
    grid = coverage(checks, (Cell(fault="Request lost", message="label-printed"),))
    assert grid is not None
    assert grid.cells("felt") + grid.cells("void") == 8
    assert grid.cells("free") == 1
    assert grid.void == ("Message late of pick-requested",)
    cells = [cell for _, row in grid.rows for cell in row]
    assert sum(cell.fired for cell in cells) == 30
    assert sum(cell.felt for cell in cells) == 7
    assert coverage((), ()) is None
    told = shortcomings((whole_run / REPORTS[Protocol.PQ]).read_bytes(), REPORTS[Protocol.PQ],
                        trace, b"")
    assert "does not show the void cell Message late of pick-requested" in told


# Plots


def _event(minute: float, lane: Lane, event: str, subject: str, **detail: str) -> Event:
    return Event(n=1, at=START + timedelta(minutes=minute), lane=lane, event=event,
                 subject=subject, detail=detail)


def test_the_plots_count_what_happened() -> None:
    day = (
        _event(0, Lane.PLANT, "stands", "C1", lot="A", quantity="10.000"),
        _event(1, Lane.MES, "change-lot-status", "A", to="RELEASED", outcome="ok"),
        _event(2, Lane.MES, "change-lot-status", "A", to="BLOCKED", outcome="refused"),
        _event(3, Lane.PLANT, "picked", "T1", lot="A", quantity="4.000", source="C1"),
        _event(4, Lane.LINK, "pick-confirmed", "P1", attempt="1", fate="request lost"),
        _event(4, Lane.FAULT, "request lost", "F1"),
        _event(9, Lane.LINK, "pick-confirmed", "P1", attempt="2", fate="delivered"),
        _event(70, Lane.LINK, "pick-confirmed", "P2", attempt="1", fate="reply lost after commit"),
        _event(71, Lane.PLANT, "picked", "T2", lot="A", quantity="6.000", source="C1"),
    )
    drawn = plots(day, {})
    assert drawn is not None
    assert drawn.traffic
    assert [(name, total) for name, _, total in drawn.traffic.rows] == [("pick-confirmed", 2)]
    assert [square.count for square in drawn.traffic.squares] == [1, 1]
    assert drawn.stock
    assert [(band.status, band.last) for band in drawn.stock.bands] == [
        ("RELEASED", 2), ("status not told", 0)
    ]
    assert drawn.settling
    assert {bar.label: bar.count for bar in drawn.settling.bars if bar.count} == {
        "up to 10 min": 1, "never in this history": 1
    }
    assert drawn.strikes
    assert [(name, total) for name, _, total in drawn.strikes.rows] == [("request lost", 1)]
    assert plots((), {}) is None


@given(st.lists(st.tuples(
    st.integers(0, 60 * 24 * 30), st.sampled_from(list(Lane)),
    st.sampled_from(["pick-requested", "picked", "issued", "request lost"]),
    st.sampled_from("ABC"),
    st.dictionaries(st.sampled_from(["lot", "quantity", "source", "to", "fate", "attempt"]),
                    st.sampled_from(["A", "B", "3.5", "-1", "NaN", "RELEASED", "1", "delivered"])),
), min_size=1, max_size=25))
def test_whatever_a_history_holds_the_plots_stay_on_their_paper(
    events: list[tuple[int, Lane, str, str, dict[str, str]]]
) -> None:
    events.sort(key=lambda event: event[0])
    drawn = plots(tuple(_event(m, lane, e, s, **d) for m, lane, e, s, d in events), {})
    assert drawn is not None
    if drawn.traffic:
        assert len(drawn.traffic.heads) <= 25
        assert all(330 <= s.x <= 1700 for s in drawn.traffic.squares)
    if drawn.strikes:
        assert all(330 <= x <= 1525 for x, _ in drawn.strikes.marks)
    if drawn.settling:
        assert all(bar.length <= 1195 for bar in drawn.settling.bars)
