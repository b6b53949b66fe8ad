"""Deviations and what follows from them: investigated, concluded, corrected, all by signature.

Sources: URS-QMS-001, URS-QMS-002, URS-KPI-002.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.commands.command import Command, Reason, SignatureComponents
from contracts.model.counts import DeviationClass
from contracts.model.identifiers import Id
from contracts.model.quality import EffectivenessCheck, RerunEvidence, RiskItem


class OpenDeviation(Command):
    """MES. Something went otherwise than planned that no record shows by itself.

    ``source`` says where it was found: a key figure beyond its limit is ``kpi/`` and its name.
    """

    deviation_id: Id
    deviation_class: DeviationClass
    source: Id
    occasion: Reason
    affected_lots: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    affected_orders: Annotated[tuple[Id, ...], Field(max_length=50)] = ()

    @property
    def key(self) -> str:
        return self.deviation_id


class InvestigateDeviation(Command):
    """MES. What the investigation of an open deviation found; a later finding is added to it."""

    finding_id: Id
    deviation_id: Id
    finding: Reason

    @property
    def key(self) -> str:
        return self.finding_id


class CloseDeviation(Command):
    """MES. The quality unit concludes on an investigated deviation, and signs."""

    closure_id: Id
    deviation_id: Id
    conclusion: Reason
    signature: SignatureComponents

    @property
    def key(self) -> str:
        return self.closure_id


class OpenCapa(Command):
    """MES. A corrective and preventive action begins, because of these deviations.

    ``risk_item`` is the entry of the risk file, as it stands before the action.
    """

    capa_id: Id
    deviation_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=50)]
    action: Reason
    risk_item: RiskItem

    @property
    def key(self) -> str:
        return self.capa_id


class CloseCapa(Command):
    """MES. The action has worked: each of the four pieces of evidence is there, and signed for.

    What is left out is named in the refusal.
    """

    closure_id: Id
    capa_id: Id
    change_id: Id | None = None
    risk_item: RiskItem | None = None
    rerun: RerunEvidence | None = None
    effectiveness: EffectivenessCheck | None = None
    signature: SignatureComponents

    @property
    def key(self) -> str:
        return self.closure_id
