"""Proofs about the journal, which has rows from the moment that a world is loaded."""

from __future__ import annotations

from features.contract_checks.domains.facts import Domain

JOURNAL = Domain(
    facts={},
    queries={
        "journal-inclusion": lambda world: "1-2",
        "journal-consistency": lambda world: "1-2",
    },
)
