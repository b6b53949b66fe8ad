"""Packing and shipping: labels are printed and read back, units packed, put together, sent off."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from contracts.model.answers import CommandAnswer
from contracts.model.commands.command import Command, Reason, Scan
from contracts.model.identifiers import Id, Sscc
from contracts.model.inspection import Count
from contracts.model.messages.packing import Children, Serials
from contracts.model.packing import LabelEncoding, LabelLocale, UnitKind
from contracts.model.quantities import Pieces

Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$")]
ElementString = Annotated[str, StringConstraints(min_length=4, max_length=200)]


class PrintLabel(Command):
    """MES. Print the logistic label of a unit that is about to be packed.

    ``quantity`` is what the unit will hold. A case names the lot; a pallet of several lots names
    none and its label carries the SSCC alone. ``reprint_of`` is an earlier print that this one
    supersedes: the same SSCC and content, and the earlier one is void. ``locale`` and
    ``encoding`` are about the words that people read; what the symbols hold is alike in all.
    """

    label_id: Id
    order_id: Id
    packaging_line_id: Id
    kind: UnitKind
    lot_id: Id | None = None
    quantity: Pieces
    printer_id: Id
    reprint_of: Id | None = None
    locale: LabelLocale = LabelLocale.EN_GB
    encoding: LabelEncoding = LabelEncoding.UTF_8

    @property
    def key(self) -> str:
        return self.label_id


class LabelPrinted(CommandAnswer):
    """The print job. ``image`` is a PNG of the whole label in base64, ``zpl`` the same for a
    printer, in ASCII; ``element_strings`` are the contents of its symbols as people read them,
    ``texts`` its other lines.
    """

    sscc: Sscc
    element_strings: tuple[ElementString, ...]
    texts: tuple[str, ...]
    image: Base64
    zpl: str


class VerifyLabel(Command):
    """MES. A scanner read the printed label: ``scan`` is what it sent, symbology identifier first.

    It is the symbol that holds all fields of the label.
    """

    verification_id: Id
    label_id: Id
    scan: Scan

    @property
    def key(self) -> str:
        return self.verification_id


class SpoilLabel(Command):
    """MES. A label was lost to a jam or misprint: its SSCC is decommissioned and never reused."""

    spoil_id: Id
    label_id: Id
    reason: Reason

    @property
    def key(self) -> str:
        return self.spoil_id


class ReconcileLabels(Command):
    """MES. The labels of an order were counted by hand: those applied, and those destroyed.

    What was spoiled or replaced is destroyed. ``reason`` justifies a difference to the record.
    """

    reconciliation_id: Id
    order_id: Id
    applied: Count
    destroyed: Count
    reason: Reason | None = None

    @property
    def key(self) -> str:
        return self.reconciliation_id


class PackUnit(Command):
    """MES. The unit is closed under its verified label; ``serials`` are the units put inside.

    ``scan_run_id`` is the run in which they were scanned, where the station's step wants it.
    """

    pack_id: Id
    label_id: Id
    serials: Serials
    scan_run_id: Id | None = None

    @property
    def key(self) -> str:
        return self.pack_id


class PalletizeUnits(Command):
    """MES. Packed units go onto a pallet under its verified label."""

    aggregation_id: Id
    label_id: Id
    children: Children

    @property
    def key(self) -> str:
        return self.aggregation_id


class AggregateUnits(Command):
    """WMS. Units in stock go onto a pallet: one that is there, or a new one with a fresh label."""

    aggregation_id: Id
    parent: Sscc
    children: Children

    @property
    def key(self) -> str:
        return self.aggregation_id


class ShipUnits(Command):
    """WMS. Closed units leave the site for a customer. All of them or none."""

    shipment_id: Id
    customer_id: Id
    ssccs: Annotated[tuple[Sscc, ...], Field(min_length=1, max_length=33)]

    @property
    def key(self) -> str:
        return self.shipment_id
