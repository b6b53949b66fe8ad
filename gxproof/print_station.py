"""A station between MES and a label printer: no SSCC is left hanging, and none is printed twice.

MES gives a label its SSCC. Where the printer got nothing, the same job goes out again. Where nobody
knows whether a label came out, MES is asked for a print that replaces it: the same SSCC, and the
earlier print is void, so that a label that did come out is refused when it is read. Where no try
came through, MES takes the SSCC out of use. Source: URS-LBL-003, URS-PAK-002.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contracts.model.commands import Command, LabelPrinted, PrintLabel, SpoilLabel
from contracts.model.identifiers import Id
from contracts.model.verdicts import Outcome
from contracts.wire.clients import Answer
from gxproof.label_printer import Delivery, TcpPrinter

Do = Callable[[str, Command], Answer]
"""Gives a command to MES, under a key of its own, and returns the answer."""


@dataclass(frozen=True)
class Placed:
    """How a label ended: the print that counts, or None where its SSCC is out of use."""

    printed: LabelPrinted | None
    label_id: Id
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True)
class PrintStation:
    """A person's station. ``new_id`` gives ids for prints that replace another."""

    do: Do
    printer: TcpPrinter
    new_id: Callable[[], str]
    tries_max: int = 3

    def place(self, wanted: PrintLabel) -> Placed:
        """Have a label printed by MES and bring it to paper.

        Raises: Unexpected where MES refuses the print, or no answer can be read.
        """
        printed = self.do("print-label", wanted).as_(LabelPrinted)
        deliveries: list[Delivery] = []
        for number in range(1, self.tries_max + 1):
            delivery = self.printer.send(printed.zpl)
            deliveries.append(delivery)
            if delivery.outcome is Outcome.OK:
                return Placed(printed, wanted.label_id, tuple(deliveries))
            if delivery.outcome is Outcome.UNKNOWN and number < self.tries_max:
                wanted = wanted.model_copy(update={
                    "label_id": Id(self.new_id()), "reprint_of": wanted.label_id,
                })
                printed = self.do("print-label", wanted).as_(LabelPrinted)
        self._give_up(wanted.label_id, deliveries[-1])
        return Placed(None, wanted.label_id, tuple(deliveries))

    def _give_up(self, label_id: Id, last: Delivery) -> None:
        reason = f"not printed: {last.note}"[:200]
        body = SpoilLabel(spoil_id=Id(self.new_id()), label_id=label_id, reason=reason)
        answer = self.do("spoil-label", body)
        assert answer.value is not None, f"the label stays open: {answer}"
