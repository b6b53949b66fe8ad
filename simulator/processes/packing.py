"""The packing line: labels are printed, applied and read back; cases are closed, pallets built.

A label is paper: what was printed stays printed, whatever becomes of the record. Between two calls
the printer may jam, at any of four moments; the line then goes on with its second printer.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

import simpy
from simpy import Resource

from contracts.model.commands import (
    LabelPrinted,
    PackUnit,
    PalletizeUnits,
    PrintLabel,
    SpoilLabel,
    VerifyLabel,
)
from contracts.model.identifiers import SerialNumber
from contracts.model.packing import UnitKind
from contracts.model.quantities import Pieces, Unit
from contracts.model.roles import Role
from contracts.record.history import Lane
from simulator.duration import SECOND
from simulator.label_customs import misprint
from simulator.ledger import Held, Moving, Sticker
from simulator.parts import FaultKind, OrderPart, StationPart
from simulator.scanner import read_image
from simulator.stage import Doing, Post, Process, Stage

PRINTING = 15 * SECOND
READING = 5 * SECOND
CLEARING = 120 * SECOND
FILLING = 60 * SECOND
LOST = "Lost in a printer jam"


@dataclass(frozen=True)
class Wanted:
    """A label that a unit needs: its number in the order, what it stands on, for how many."""

    name: str
    kind: UnitKind
    pieces: int


@dataclass(frozen=True)
class Applied:
    """A label that was read back, and the unit that bears it."""

    label: str
    unit: str


@dataclass
class Line:
    """A packing line at work on an order. ``last_scan`` is what was on the label before."""

    stage: Stage
    part: StationPart
    order: OrderPart
    last_scan: str = ""

    @property
    def post(self) -> Post:
        """The packer at the line."""
        return Post(Role.MES, self.part.person, self.part.id)


def pack(stage: Stage, order: OrderPart, part: StationPart, free: Resource) -> Process:
    """Pack all that an order made: cases, and pallets of them."""
    product = order.product
    assert product is not None
    with free.request() as turn:
        yield turn
        line = Line(stage, part, order)
        on_pallet: list[str] = []
        for number in range(1, product.cases + 1):
            on_pallet.append((yield from _case(line, number)))
            if len(on_pallet) == product.per_pallet or number == product.cases:
                yield from _pallet(line, number, tuple(on_pallet))
                on_pallet = []


def _case(line: Line, number: int) -> Generator[simpy.Event, Any, str]:
    stage, product = line.stage, line.order.product
    assert product is not None
    yield stage.env.timeout(FILLING)
    name = f"{line.order.id}-C{number:03d}"
    wrong = line.last_scan if number == product.misread_label else ""
    wanted = Wanted(name, UnitKind.CASE, product.per_case)
    applied = yield from labelled(line, wanted, wrong)
    serials = tuple(
        SerialNumber(f"{line.order.id}-{number:03d}-{n:02d}"[-20:])
        for n in range(1, product.per_case + 1)
    )
    stage.ledger.put(
        Held(applied.unit, product.lot, stage.pieces(product.per_case), line.part.location,
             serials=serials),
        stage.now, Moving.PRODUCED, line.order.id,
    )
    stage.ledger.apply(applied.label)
    body = PackUnit(
        pack_id=stage.names.id(f"PCK-{name}"), label_id=stage.names.id(applied.label),
        serials=serials,
    )
    yield from stage.act(line.post, "pack-unit", body, f"PCK-{name}", unit=applied.unit)
    stage.note(Lane.PLANT, "packed", applied.unit, lot=product.lot, quantity=product.per_case)
    return applied.unit


def _pallet(line: Line, number: int, cases: tuple[str, ...]) -> Process:
    stage, product = line.stage, line.order.product
    assert product is not None
    name = f"{line.order.id}-P{number:03d}"
    wanted = Wanted(name, UnitKind.PALLET, product.per_case * len(cases))
    applied = yield from labelled(line, wanted, "")
    stage.ledger.stack(applied.unit, cases)
    stage.ledger.apply(applied.label)
    body = PalletizeUnits(
        aggregation_id=stage.names.id(f"AGG-{name}"), label_id=stage.names.id(applied.label),
        children=tuple(stage.names.sscc(case) for case in cases),
    )
    yield from stage.act(line.post, "aggregate", body, f"AGG-{name}", unit=applied.unit)
    stage.note(Lane.PLANT, "stacked", applied.unit, cases=len(cases))
    stage.pallets.setdefault(line.order.id, []).append(applied.unit)


def labelled(line: Line, wanted: Wanted, wrong: str) -> Generator[simpy.Event, Any, Applied]:
    """A label on its unit, read back; after a jam the second printer takes over."""
    stage = line.stage
    unit, attempt, reprint_of = f"U-{wanted.name}", 1, ""
    jammed: list[str] = []
    while True:
        label = wanted.name if attempt == 1 else f"{wanted.name}-{attempt}"
        printer = line.part.printers[0 if attempt == 1 else -1]
        answer = yield from _print(line, wanted, (label, printer, reprint_of))
        stage.names.adopt(answer.sscc, unit)
        if jammed:
            stage.faults.made_good(jammed.pop())
        moment = _jam(stage, wanted.name)
        if moment is not FaultKind.JAM_BEFORE_PRINT:
            sticker = Sticker(label, unit, printer)
            stage.ledger.stickers[label] = _paper(line, wanted, sticker, answer)
        if moment is None or moment is FaultKind.JAM_AFTER_VERIFY:
            scan = read_image(answer.image)[0]
            yield from _read_back(line, label, scan, wrong)
            wrong = ""
            if moment is None:
                line.last_scan = scan
                return Applied(label, unit)
        stage.note(Lane.PLANT, moment, label, printer=printer)
        yield stage.env.timeout(CLEARING)
        jammed.append(wanted.name)
        attempt += 1
        reprint_of = label if moment in _SAME_SSCC else ""
        if not reprint_of:
            yield from _spoil(line, label)
            unit = f"U-{wanted.name}-{attempt}"


def _paper(line: Line, wanted: Wanted, sticker: Sticker, printed: LabelPrinted) -> Sticker:
    """The label as it comes out of the printer, with what people read on it."""
    product = line.order.product
    assert product is not None
    custom = line.stage.customs.of(wanted.name)
    wrong = misprint(printed, custom, product.expires_on, wanted.pieces)
    return replace(sticker, custom=str(custom), misprint=wrong)


# After these jams nobody has used the SSCC: the same one is printed again.
_SAME_SSCC = (FaultKind.JAM_BEFORE_PRINT, FaultKind.JAM_AFTER_PRINT)


def _jam(stage: Stage, name: str) -> FaultKind | None:
    for moment in (
        FaultKind.JAM_BEFORE_PRINT, FaultKind.JAM_AFTER_PRINT, FaultKind.JAM_BEFORE_VERIFY,
        FaultKind.JAM_AFTER_VERIFY,
    ):
        if stage.faults.jam(moment, name):
            return moment
    return None


def _print(
    line: Line, wanted: Wanted, job: tuple[str, str, str]
) -> Generator[simpy.Event, Any, LabelPrinted]:
    stage, product = line.stage, line.order.product
    assert product is not None
    label, printer, reprint_of = job
    custom = stage.customs.of(wanted.name)
    body = PrintLabel(
        label_id=stage.names.id(label), order_id=stage.names.id(line.order.id),
        packaging_line_id=stage.names.id(line.part.id), kind=wanted.kind,
        lot_id=stage.names.id(product.lot),
        quantity=Pieces(value=stage.pieces(wanted.pieces), unit=Unit.EACH),
        printer_id=stage.names.id(printer),
        reprint_of=stage.names.id(reprint_of) if reprint_of else None,
        locale=custom.locale, encoding=custom.encoding,
    )
    done = yield from stage.act(line.post, "print-label", body, label, printer=printer)
    yield stage.env.timeout(PRINTING)
    return done.answer.as_(LabelPrinted)


def _read_back(line: Line, label: str, scan: str, wrong: str) -> Process:
    """Read the label; where the packer first catches the one before it, the record says no."""
    for number, read in enumerate([wrong, scan] if wrong else [scan], start=1):
        yield line.stage.env.timeout(READING)
        name = f"VER-{label}-{number}"
        body = VerifyLabel(
            verification_id=line.stage.names.id(name), label_id=line.stage.names.id(label),
            scan=read,
        )
        yield from line.stage.act(line.post, "verify-label", body, name)


def _spoil(line: Line, label: str) -> Doing:
    name = f"SPL-{label}"
    body = SpoilLabel(
        spoil_id=line.stage.names.id(name), label_id=line.stage.names.id(label), reason=LOST
    )
    return (yield from line.stage.act(line.post, "spoil-label", body, name))
