"""A label printer on a TCP port: what it gets, and what becomes of the SSCC where it fails."""

import io
import json
import socket
import struct
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import date

import pytest
from rich.console import Console

from contracts.formats.element_strings import read_scan
from contracts.formats.zpl import read_zpl
from contracts.model.commands import StartOrder
from contracts.model.identifiers import Id
from contracts.model.inspection_packing import Labels
from contracts.model.instants import read_timestamp
from contracts.model.packing import LabelState
from contracts.model.roles import Role
from contracts.model.verdicts import Exit, Outcome
from features.bench import Bench
from features.recording import ScenarioRecorder
from features.steps.labels import add_packing_order, label_for
from features.steps.material import add_base
from gxproof.in_process import InProcessPair
from gxproof.label_printer import JobUnreadable, TcpPrinter, print_file, read_address
from gxproof.print_station import PrintStation
from simulator.namespace import Namespace

WHOLE, CUT, RESET, STUCK = "whole", "cut", "reset", "stuck"
JOB = "^XA\n" + "^FO1,1^A0N,30^FDlabel^FS\n" * 2000 + "^XZ"


@contextmanager
def printer(*moods):
    """A loopback printer that behaves so on each connection, then well. Yields it and its jobs."""
    jobs, ended, held = [], threading.Event(), []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    left = list(moods)

    def take():
        while not ended.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            mood = left.pop(0) if left else WHOLE
            connection.settimeout(5)
            if mood is STUCK:
                held.append(connection)
                continue
            raw = connection.recv(16) if mood in (CUT, RESET) else b""
            if mood is RESET:
                connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            while mood is WHOLE and (chunk := connection.recv(4096)):
                raw += chunk
            jobs.append((mood, raw))
            connection.close()

    thread = threading.Thread(target=take)
    thread.start()
    try:
        yield TcpPrinter("127.0.0.1", server.getsockname()[1], 1.0, 0.3), jobs
    finally:
        ended.set()
        thread.join()
        for connection in held:
            connection.close()
        server.close()


def absent():
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return TcpPrinter("127.0.0.1", server.getsockname()[1], 1.0, 0.3)


@pytest.fixture
def bench():
    pair = InProcessPair(seed=5)
    made = Bench(pair, Namespace("PRINT"), ScenarioRecorder(lambda _: None))
    made.site.set_clock(read_timestamp("2026-03-30T09:00:00+02:00"))
    add_base(made)
    order = add_packing_order(made, "P", date(2026, 12, 31))
    made.prepare("production", "start-order", StartOrder(order_id=Id(order)))
    yield made
    pair.close()


def station(bench, device, tries_max=3):
    def do(name, body):
        return bench.prepare("the packer", name, body).answer

    return PrintStation(do, device, lambda: bench.new_id("LABEL"), tries_max)


def states(bench):
    """How many prints of each SSCC there are in each state."""
    rows = bench.site.client(Role.MES).ask("labels", Labels).rows
    return Counter((row.sscc, row.state) for row in rows)


def test_a_printer_gets_exactly_the_job():
    with printer() as (device, jobs):
        delivery = device.send(JOB)
    assert delivery.outcome is Outcome.OK
    assert jobs == [(WHOLE, JOB.encode())]


def test_where_nobody_listens_nothing_was_sent():
    assert absent().send(JOB).outcome is Outcome.REFUSED


@pytest.mark.parametrize("mood", [CUT, RESET, STUCK])
def test_a_printer_that_breaks_off_leaves_it_unknown(mood):
    with printer(mood) as (device, _):
        delivery = device.send(JOB * 20)
    assert delivery.outcome is Outcome.UNKNOWN, delivery


def test_what_a_station_prints_is_what_mes_has_on_record(bench):
    with printer() as (device, jobs):
        placed = station(bench, device).place(label_for(bench, "P", 2))
    assert placed.printed is not None
    assert jobs == [(WHOLE, placed.printed.zpl.encode())]
    symbols = [read_scan(scan) for scan in read_zpl(jobs[0][1].decode()).symbols]
    assert [fields["00"] for fields in symbols] == [placed.printed.sscc] * 2
    assert states(bench) == {(placed.printed.sscc, LabelState.ISSUED): 1}


@pytest.mark.parametrize("moods", [(RESET,), (STUCK,), (RESET, STUCK)])
def test_an_unknown_print_is_replaced_under_its_own_sscc(bench, moods):
    with printer(*moods) as (device, jobs):
        placed = station(bench, device).place(label_for(bench, "P", 2))
    assert placed.printed is not None
    sscc = placed.printed.sscc
    assert states(bench) == {(sscc, LabelState.VOID): len(moods), (sscc, LabelState.ISSUED): 1}
    assert jobs[-1] == (WHOLE, placed.printed.zpl.encode())


@pytest.mark.parametrize("moods", [None, (STUCK, STUCK, STUCK), (RESET, RESET, RESET)])
def test_an_sscc_that_never_came_to_paper_is_out_of_use_and_never_given_again(bench, moods):
    if moods is None:
        placed = station(bench, absent()).place(label_for(bench, "P", 2))
    else:
        with printer(*moods) as (device, _):
            placed = station(bench, device).place(label_for(bench, "P", 2))
    assert placed.printed is None
    found = states(bench)
    assert [n for (_, state), n in found.items() if state is LabelState.SPOILED] == [1]
    assert not [s for (_, s) in found if s in (LabelState.ISSUED, LabelState.VERIFIED)]
    with printer() as (device, _):
        again = station(bench, device).place(label_for(bench, "P", 2))
    assert again.printed is not None
    assert again.printed.sscc not in {sscc for sscc, _ in found}


@pytest.mark.parametrize("address", ["", ":9100", "host:", "host:0", "host:70000", "host:x"])
def test_what_is_no_address_is_said_so(address):
    with pytest.raises(ValueError, match="no address of a printer"):
        read_address(address)


def test_the_command_sends_a_job_from_a_file(bench, tmp_path):
    console = Console(file=io.StringIO())
    answer = bench.prepare("the packer", "print-label", label_for(bench, "P", 2)).answer
    job = tmp_path / "job.json"
    job.write_text(json.dumps(answer.value.to_json()))
    with printer() as (device, jobs):
        address = f"{device.host}:{device.port}"
        assert print_file(job, address, console) is Exit.PASSED
    assert jobs == [(WHOLE, answer.value.zpl.encode())]
    assert print_file(job, address, console) is Exit.TARGET_NOT_READY
    job.write_text("label")
    with pytest.raises(JobUnreadable, match="no print job"):
        print_file(job, address, console)
